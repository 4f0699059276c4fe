"""What tools do to texts is recognised, and no cause is told that does not explain every byte."""

import html
import unicodedata

import pytest
from conftest import GENUINE
from hypothesis import given, settings
from hypothesis import strategies as st

from newspair import causes

FIRST, SECOND, *_ = GENUINE
CRLF = "line endings were changed from LF to CRLF (git's core.autocrlf does this)"
ARTICLES = (FIRST, SECOND)

# What was done to which file, in the words of its cause.
DONE = [
    (ARTICLES, lambda t: t.replace("\n", "\r\n").encode(), CRLF),
    (ARTICLES, lambda t: t.replace("\n", "\r").encode(), "line endings were changed from LF to CR"),
    (ARTICLES, lambda t: t.replace("\n", "\r\r\n").encode(), "changed from LF to CR CR LF"),
    (ARTICLES, lambda t: t.replace("\n", "\x85").encode(), "changed from LF to NEL"),
    (ARTICLES, lambda t: t.replace("\n", "\u2028").encode(), "changed from LF to U+2028"),
    (ARTICLES, lambda t: t.replace("\n", "\r\n", 3).encode(), f"some {CRLF}"),
    (ARTICLES, lambda t: t.encode("utf-8-sig"), "a byte order mark was added"),
    (
        ARTICLES,
        lambda t: t.replace("\n", "\r\n").encode("utf-8-sig"),
        f"a byte order mark was added and {CRLF}",
    ),
    *(
        (ARTICLES, lambda t, codec=codec: t.encode(codec), f"the text was encoded as {said}")
        for codec, said in (
            ("utf-16", "UTF-16;"),
            ("utf-16-le", "UTF-16-LE"),
            ("utf-16-be", "UTF-16-BE"),
            ("utf-32", "UTF-32;"),
            ("utf-32-le", "UTF-32-LE"),
            ("utf-32-be", "UTF-32-BE"),
        )
    ),
    *(
        ((FIRST,), lambda t, codec=codec: t.encode(codec), f"the text was encoded as {said}")
        for codec, said in (
            ("cp1252", "CP1252"),
            ("mac-roman", "MAC-ROMAN"),
            ("gb18030", "GB18030"),
            ("utf-7", "UTF-7"),
        )
    ),
    (
        ARTICLES,
        lambda t: t.replace("\n", "\r\n").encode("utf-16"),
        f"the text was encoded as UTF-16 and {CRLF}",
    ),
    ((FIRST,), lambda t: f"{t}\n".encode(), "a newline was added"),
    ((FIRST,), lambda t: f"{t}  ".encode(), "white space was added at the end"),
    ((FIRST,), lambda t: f"{t}\n\n".encode(), "white space was added at the end"),
    ((FIRST,), lambda t: f"{t}\r\n".encode(), f"a newline was added and some {CRLF}"),
    ((SECOND,), lambda t: t[:-1].encode(), "the final newline was stripped"),
    ((SECOND,), lambda t: t.rstrip().encode(), "the end was trimmed of white space"),
    ((SECOND,), lambda t: t[1:].encode(), "the start was trimmed of white space"),
    ((SECOND,), lambda t: t.strip().encode(), "both ends were trimmed of white space"),
    (
        (SECOND,),
        lambda t: t.strip().replace("\n", "\r\n").encode(),
        f"both ends were trimmed of white space and {CRLF}",
    ),
    ((FIRST,), lambda t: f"\n {t}".encode(), "white space was added at the start"),
    ((FIRST,), lambda t: f"\n {t} \n".encode(), "white space was added at both ends"),
    (ARTICLES, lambda t: t.replace("\n", " \t\n").encode(), "lines were padded at the end"),
    ((FIRST,), lambda t: t.replace("\n", "\n    ").encode(), "lines were indented"),
    ((FIRST,), lambda t: t.replace("\n\n\n", "\n\n").encode(), "runs of blank lines were made one"),
    (
        ARTICLES,
        lambda t: t.replace("\n\n\n", "\n\n").replace("\n\n", "\n").encode(),
        "blank lines were removed",
    ),
    (ARTICLES, lambda t: t.replace("\n", "\n\n").encode(), "every line ending was doubled"),
    (ARTICLES, lambda t: t.replace("\n", "").encode(), "line endings were removed"),
    (ARTICLES, lambda t: " ".join(t.split()).encode(), "white space was folded"),
    (
        (FIRST,),
        lambda t: t.replace("’", "'").replace("“", '"').replace("”", '"').encode(),
        "curly quotes were made straight",
    ),
    ((SECOND,), lambda t: t.replace("'", "’").encode(), "straight quotes were made curly"),
    (
        (FIRST,),
        lambda t: t.translate(dict(zip(map(ord, "’“”–"), '\'""-', strict=True))).encode(),
        "curly quotes and dashes were made ASCII",
    ),
    (ARTICLES, lambda t: t.replace(" ", "\u00a0").encode(), "exchanged for compatible ones"),
    ((FIRST,), lambda t: t.replace(" ", " \u200b", 9).encode(), "invisible characters were added"),
    (
        (FIRST,),
        lambda t: t.encode().decode("latin-1").encode(),
        "UTF-8 was taken for Latin-1 and saved again",
    ),
    ((FIRST,), lambda t: t.encode("ascii", "ignore"), "non-ASCII characters were dropped"),
    ((FIRST,), lambda t: t.encode("ascii", "replace"), "non-ASCII characters were made '?'"),
    (
        (FIRST,),
        lambda t: t.encode().decode("ascii", "replace").encode(),
        "non-ASCII bytes were made U+FFFD",
    ),
    ((SECOND,), lambda t: html.escape(t).encode(), "characters were escaped for HTML"),
    ((FIRST,), lambda t: t.encode("ascii", "xmlcharrefreplace"), "were escaped for HTML"),
    (ARTICLES, lambda t: t.lower().encode(), "letters were made lower case"),
    (ARTICLES, lambda t: t.upper().encode(), "letters were made upper case"),
    (ARTICLES, lambda t: t.encode() * 2, "the text was written twice"),
]


@pytest.mark.parametrize(
    ("names", "damage", "told"), DONE, ids=[f"{i} {row[2]}" for i, row in enumerate(DONE)]
)
def test_what_was_done_is_told(names: tuple[str, ...], damage, told: str) -> None:  # noqa: ANN001
    for name in names:
        data = damage(GENUINE[name].decode())
        explained = causes.explain(name, data, GENUINE[name])
        assert explained is not None
        assert told in explained
        assert explained.endswith("; the text is otherwise genuine")


LIKE = [
    (ARTICLES, lambda t: "\n".join(t.split(" ")).encode(), ("", "only white space was changed")),
    (ARTICLES, lambda t: t.title().encode(), ("", "only upper and lower case were changed")),
    ((FIRST,), lambda t: t.replace("’", "'").encode(), ("", "only quotes were changed")),
    (
        (FIRST,),
        lambda t: t.replace("’", "'").encode("utf-8-sig"),
        ("a byte order mark was added", "only quotes were changed"),
    ),
    (ARTICLES, lambda t: t.replace("children", "x").replace("\n", "\r\n").encode(), (CRLF, "")),
    (
        ARTICLES,
        lambda t: t.replace("children", "x").encode("utf-16"),
        ("the text was encoded as UTF-16", ""),
    ),
    (ARTICLES, lambda t: t.title().replace("a", "b").encode(), ("", "")),
    ((FIRST,), lambda _: "Uk, another text".encode("cp037"), ("", "")),
    (ARTICLES, lambda t: t[:200].encode() + b"\xff" + t[200:].encode(), ("", "")),
]


@pytest.mark.parametrize(
    ("names", "damage", "told"), LIKE, ids=[f"{i} {row[2]}" for i, row in enumerate(LIKE)]
)
def test_what_two_texts_have_in_common_is_told(
    names: tuple[str, ...],
    damage,  # noqa: ANN001
    told: tuple[str, str],
) -> None:
    for name in names:
        data, genuine = damage(GENUINE[name].decode()), GENUINE[name].decode()
        assert causes.explain(name, data, GENUINE[name]) is None
        text, said = causes.nearest(name, data, genuine)
        assert (said, causes.likeness(text, genuine)) == told


def test_windows_1252_is_read_as_browsers_read_it() -> None:
    table = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)}
    mojibake = GENUINE[FIRST].decode("latin-1").translate(table)
    assert "countryâ€™s" in mojibake
    told = causes.explain(FIRST, mojibake.encode(), GENUINE[FIRST])
    assert told == "UTF-8 was taken for Windows-1252 and saved again; the text is otherwise genuine"


WHOLE = [
    (b"", "is empty"),
    (bytes(2278), "holds nothing but NUL bytes"),
    (GENUINE[SECOND], f"holds the genuine {SECOND}: exchanged for it, or overwritten by it"),
    (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 2278\n",
        "is a Git LFS pointer; the file itself was not fetched",
    ),
    (
        GENUINE[FIRST][:1000],
        "was cut off: genuine up to byte 1,000 of 2,278",
    ),
    (GENUINE[FIRST][1000:], "lost its start: only the last 1,278 of 2,278 bytes are there"),
    (GENUINE[FIRST] + b"more", "goes on after the end of the genuine text; bytes too many: 4"),
    (b"more" + GENUINE[FIRST], "has something before the genuine text; bytes too many: 4"),
    (GENUINE[FIRST].replace(b"Zelensky", b"Zelenskyy", 1), None),
    (b"\xff" * 100, None),
    (b"version https://git-lfs\n" + GENUINE[FIRST][:-1], None),
    (b"[1e+274]", None),  # in UTF-7 half of a surrogate pair
]


@pytest.mark.parametrize(("data", "told"), WHOLE, ids=lambda value: str(value)[:30])
def test_what_became_of_the_whole_file_is_told(data: bytes, told: str | None) -> None:
    assert causes.explain(FIRST, data, GENUINE[FIRST]) == told


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda t: t.replace("\n", "\r\n").encode("utf-16"), f"UTF-16 and {CRLF}"),
        (lambda t: f"{t}\n".encode(), "a newline was added"),
        (lambda t: t.replace("’", "'").encode(), None),
        (lambda t: t[:100].encode(), None),
    ],
    ids=["UTF-16", "newline", "quotes", "cut"],
)
def test_without_the_genuine_text_only_what_can_be_undone_is_told(damage, told) -> None:  # noqa: ANN001
    explained = causes.explain(FIRST, damage(GENUINE[FIRST].decode()), None)
    assert explained is None if told is None else told in str(explained)


def test_unicode_normalisation_changes_neither_article() -> None:
    for name in ARTICLES:
        text = GENUINE[name].decode()
        assert {unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")} == {
            text
        }


@pytest.mark.parametrize(
    ("data", "check"),
    [
        (b"\xff", "encoding"),
        (b"\xef\xbb\xbfx", "encoding"),
        (b"a\r\nb", "encoding"),
        (b"a\tb", "encoding"),
        (b"a\x7fb", "encoding"),
        ("e\u0301".encode(), "encoding"),
        (b"a\nb", "size"),
        (b"a" * 2278, "digest"),
        ("é".encode() * 1139, "digest"),
    ],
)
def test_the_first_check_that_fails_is_named(data: bytes, check: str) -> None:
    assert causes.failed_check(FIRST, data) == check


def test_a_stray_plus_sign_is_not_utf_7() -> None:
    genuine = GENUINE[SECOND]
    told = "goes on after the end of the genuine text; bytes too many: 1"
    assert causes.explain(SECOND, genuine + b"+", genuine) == told
    assert causes.explain(SECOND, genuine[:-1] + b"+", genuine) is None


@given(st.sampled_from(list(GENUINE)), st.sampled_from(b"+") | st.integers(0, 255), st.data())
@settings(max_examples=300)
def test_a_wrong_byte_never_speaks_for_another_encoding(
    name: str, byte: int, data: st.DataObject
) -> None:
    """Not even beside some CRLF: in a legacy encoding every byte means something."""
    genuine = GENUINE[name]
    place = data.draw(st.integers(0, len(genuine) - 1))
    ends = data.draw(st.integers(0, 3))
    found = genuine[:place] + bytes([byte]) + genuine[place + 1 :]
    found = found.replace(b"\n", b"\r\n", ends)
    _, said = causes.nearest(name, found, genuine.decode())
    told = causes.explain(name, found, genuine) if found != genuine else None
    assert "encoded as" not in said + str(told)


@given(st.sampled_from(ARTICLES), st.binary(max_size=3000))
def test_arbitrary_bytes_are_never_explained_away(name: str, data: bytes) -> None:
    told = causes.explain(name, data, GENUINE[name])
    assert told is None or "otherwise genuine" not in told


@given(st.sampled_from(ARTICLES), st.data())
def test_a_cause_is_told_only_if_it_accounts_for_every_byte(name: str, data: st.DataObject) -> None:
    """CRLF with one letter changed besides is not CRLF."""
    text = GENUINE[name].decode()
    place = data.draw(st.integers(0, len(text) - 1).filter(lambda i: text[i].isalpha()))
    changed = f"{text[:place]}#{text[place + 1 :]}".replace("\n", "\r\n")
    assert causes.explain(name, changed.encode(), GENUINE[name]) is None
