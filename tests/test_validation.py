"""Whatever is done to a copy of the data is refused, and each claim about it is true."""

import gzip
import hashlib
import html
import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator
from itertools import combinations, product
from pathlib import Path

import pytest
from accidents import ANNEX, ARTICLES, CURLY, JSON, LFS, PLAIN, ROWS, zipped
from helpers import GENUINE, posix, python, run, vendor, write_data
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import newspair
from newspair import Problem

MANIFEST = "datapackage.json"


def problems_of(folder: Path, name: str, data: bytes) -> tuple[Problem, ...]:
    """Validate a folder while one of its files has other content."""
    (folder / name).write_bytes(data)
    try:
        return newspair.validate(folder).problems
    finally:
        (folder / name).write_bytes(GENUINE[name])


def edited(name: str, old: str, new: str, count: int = -1) -> bytes:
    """Return the content of a file with some words replaced."""
    assert old.encode() in GENUINE[name]
    return GENUINE[name].replace(old.encode(), new.encode(), count)


def test_genuine(data_copy: Path) -> None:
    """A genuine folder or file is refused."""
    for path in (None, data_copy, str(data_copy), *(data_copy / name for name in GENUINE)):
        report = newspair.validate(path)
        assert (report.ok, bool(report), report.problems) == (True, True, ())


ENCODING = {"bom", "utf-16", "utf-32", "legacy-encoding", "mojibake", "non-ascii-lost"}
ENCODING |= {"crlf", "cr", "mixed-line-endings"}


def accidents() -> Iterator[tuple[str, str, bytes, list[str]]]:
    """Give each accident with a file that it happens to: a label, the name, the bytes, the codes."""
    for codes, names, damages in ROWS:
        for number, (damage, name) in enumerate(product(damages, names)):
            data = damage(GENUINE[name])
            assert data != GENUINE[name], (codes, number)
            yield f"{codes} {number}: {data[:40]!r}", name, data, sorted(codes.split())


def test_accidents(data_copy: Path) -> None:
    """An accident gets no code, another code, or more than one problem."""
    for label, name, data, codes in accidents():
        found = problems_of(data_copy, name, data)
        assert [(each.file, *sorted(each.causes)) for each in found] == [(name, *codes)], (
            label,
            found,
        )
        assert found[0].check == ("digest" if ENCODING.isdisjoint(codes) else "encoding"), label
        assert found[0].message.startswith(f"{name}: ")
        assert found[0].message.isprintable()


def test_accidents_in_a_file_alone(tmp_path: Path) -> None:
    """A damaged article under any name is not recognized, or what is no article is."""
    weak = {"empty", "html-page", "git-lfs-pointer", "git-annex-pointer"}
    path = tmp_path / "fixture.bin"
    for label, name, data, codes in accidents():
        if name in ARTICLES:
            path.write_bytes(data)
            (problem,) = newspair.validate(path).problems
            assert problem.file == "fixture.bin"
            strange = codes[0] in weak or not data.strip(b"\0")
            assert sorted(problem.causes) == ([] if strange else codes), (label, problem)
            assert (problem.check == "unexpected") == strange, label


def test_single_files(tmp_path: Path) -> None:
    """A genuine article under another name is refused, or a stranger is taken for one."""
    for name in ARTICLES:
        (tmp_path / "any.md").write_bytes(GENUINE[name])
        assert newspair.validate(tmp_path / "any.md").ok
        (tmp_path / "any.md").write_bytes(edited(name, "children", "child"))
        (problem,) = newspair.validate(tmp_path / "any.md").problems
        assert (problem.file, problem.check, problem.causes) == ("any.md", "digest", ())
        assert "U+" in problem.message
    (tmp_path / PLAIN).write_bytes(GENUINE[CURLY])
    (problem,) = newspair.validate(tmp_path / PLAIN).problems
    assert problem.causes == ("swapped",)
    for content in (b"", b"something else\n", b"x" * 100_000):
        (tmp_path / "any.md").write_bytes(content)
        (problem,) = newspair.validate(tmp_path / "any.md").problems
        assert problem.check == "unexpected"
        assert problem.message == "any.md: is none of newspair's files"


def test_excerpts(tmp_path: Path) -> None:
    """A single line of an article is not recognized, or a few words of it are claimed."""
    line = GENUINE[CURLY].splitlines()[0]
    for content, check in (
        (b"something else\n" + line + b"\nand more\n", "digest"),
        (b"something else\n" + line[:-1] + b"\nand more\n", "unexpected"),
        (line + b"\n" + GENUINE[PLAIN].splitlines()[4] + b"\n", "digest"),
    ):
        (tmp_path / "notes").write_bytes(content)
        (problem,) = newspair.validate(tmp_path / "notes").problems
        assert (problem.check, problem.causes) == (check, ())
    for length, codes in ((22, ()), (23, ("case", "truncated"))):  # 20 and 21 without spaces
        (tmp_path / CURLY).write_bytes(GENUINE[CURLY][:length].upper())
        (problem,) = newspair.validate(tmp_path / CURLY).problems
        assert problem.causes == codes
    for length, codes in ((24, ()), (25, ("case", "start-missing"))):
        (tmp_path / CURLY).write_bytes(GENUINE[CURLY][-length:].swapcase())
        (problem,) = newspair.validate(tmp_path / CURLY).problems
        assert problem.causes == codes


# Files that no cause explains: the content, the check, and what must be in the message
# fmt: off
DIFFERENCES: list[tuple[str, bytes, str, list[str]]] = [
    (CURLY, edited(CURLY, "Thursday", "Friday"), "digest", ["line 1, column 48", "U+0054", "U+0046"]),
    (CURLY, edited(CURLY, "Zelensky", "Z\u0435lensky", 1), "digest", ["U+0065", "U+0435"]),
    (PLAIN, edited(PLAIN, "terrorist", "terrorist\\xff", 1), "digest", [r"\\xff", "U+005C"]),
    (PLAIN, edited(PLAIN, "crimes'", "crimes\u0080", 1), "digest", [r"\x80", "U+0080"]),
    (PLAIN, edited(PLAIN, "crimes'", "crimes\U0001f600", 1), "digest", ["U+1F600"]),
    (PLAIN, GENUINE[PLAIN].replace(b"crimes'", b"crimes\x80", 1), "encoding", ["byte 0x80"]),
    (PLAIN, GENUINE[PLAIN].replace(b"crimes'", b"crimes\xff", 1), "encoding", ["byte 0xFF"]),
    (PLAIN, edited(PLAIN, "children", "child").replace(b"\n", b"\r\n"), "encoding", ["CRLF", "line"]),
    (CURLY, edited(CURLY, "Thursday", "x").decode().encode("utf-16"), "encoding", ["UTF-16", "line 1"]),
    (CURLY, b"\xef\xbb\xbf" + edited(CURLY, "Thursday", "x"), "encoding", ["byte order", "line 1"]),
]
# fmt: on


def test_differences(data_copy: Path) -> None:
    """A changed word is not located, or two things that differ look alike in the message."""
    for name, data, check, words in DIFFERENCES:
        (problem,) = problems_of(data_copy, name, data)
        assert (problem.file, problem.check) == (name, check)
        assert problem.message.startswith(f"{name}: differs from line ") == (not problem.causes)
        assert [word for word in words if word not in problem.message] == [], problem.message


def test_advice(data_copy: Path) -> None:
    """A message does not say what to do about line endings, or does so for other changes."""
    for damage, advised in (
        (lambda data: data.replace(b"\n", b"\r\n"), True),
        (lambda data: data.replace(b"\n", b"\r\n", 2), True),
        (bytes.upper, False),
    ):
        (problem,) = problems_of(data_copy, CURLY, damage(GENUINE[CURLY]))
        advice = problem.message.partition("; ")[2]
        assert ("`data/** -text`" in advice and ".gitattributes" in advice) == advised
    for content, command in ((LFS, "git lfs pull"), (ANNEX, "git annex get")):
        (problem,) = problems_of(data_copy, CURLY, content)
        assert f"`{command}`" in problem.message


def test_characters_are_named(data_copy: Path) -> None:
    """A message names a no-break space where it was a ligature."""
    for old, new, name in ((" ", "\u00a0", "NO-BREAK"), ("fi", "\ufb01", "LIGATURE FI")):
        (problem,) = problems_of(data_copy, PLAIN, edited(PLAIN, old, new))
        assert name in problem.message
        assert f"U+{ord(new):04X}" in problem.message
    data = GENUINE[PLAIN].decode().translate({ord(c): ord(c) + 0xFEE0 for c in "abcdef"}).encode()
    (problem,) = problems_of(data_copy, PLAIN, data)
    names = [f"U+{ord(c) + 0xFEE0:04X} FULLWIDTH LATIN SMALL LETTER {c.upper()}" for c in "abcde"]
    assert problem.message.endswith(f" ({', '.join(names)})")
    (problem,) = problems_of(data_copy, PLAIN, edited(PLAIN, "a", "a\u200b"))
    assert problem.message.endswith(" (U+200B ZERO WIDTH SPACE)")
    (problem,) = problems_of(data_copy, CURLY, GENUINE[CURLY].decode().encode("cp1251"))
    assert re.search(r" \(cp1252 or ([\w-]+ or )*cp1251( or [\w-]+)*\)$", problem.message)


DESCRIPTION = json.loads(GENUINE[MANIFEST])["description"]
# Single values of JSON files: the file, where, the wrong value, and what must be in the message
# fmt: off
VALUES = [
    (MANIFEST, ("title",), "x", "/title: expected 'newspair"),
    (MANIFEST, ("resources", 1, "headline"), "ZELENSKYY", "/resources/1/headline: expected"),
    (MANIFEST, ("resources", 0, "bytes"), 2279, "/resources/0/bytes: expected 2278, found 2279"),
    (MANIFEST, ("resources", 0, "bytes"), "2278", "/resources/0/bytes: expected 2278, found '2278'"),
    (MANIFEST, ("resources", 0, "bytes"), True, "expected 2278, found true"),
    (MANIFEST, ("resources", 1, "evidence", "author", "line"), 8, "/resources/1/evidence/author/line"),
    (MANIFEST, ("resources", 0, "bytes"), float("nan"), "expected 2278, found NaN"),
    (MANIFEST, ("resources",), [], '/resources: expected [{"name": "000_11fb25597ae0a89a", "path": "000_11fb25597ae0a, found []'),
    (MANIFEST, ("new key",), None, "/new key: expected nothing, found null"),
    (MANIFEST, ("description",), "Three " + "texts " * 20, "/description: differs from line 1"),
    (MANIFEST, ("version",), "9.9.9", "states version '9.9.9', but this is newspair"),
    ("croissant.json", ("distribution", 2, "sha256"), "0" * 64, "/distribution/2/sha256: expected"),
    ("croissant.json", ("isLiveDataset",), 0, "/isLiveDataset: expected false, found 0"),
    ("croissant.json", ("@type",), "x", "croissant.json: /@type: expected 'sc:Dataset', found 'x'"),
    (MANIFEST, ("$schema",), 1, "json: /$schema: expected 'https"),
    (MANIFEST, ("name",), ..., "/name: expected 'newspair', found nothing"),
    (MANIFEST, ("title",), 10**70, f", found 1{'0' * 59}"),
    (MANIFEST, ("a/b~c",), [0], "json: /a~1b~0c: expected nothing, found [0]"),
    (MANIFEST, ("k" * 1024,), {}, f"json: '/{'k' * 59}'...: expected nothing, found {{}}"),
    (MANIFEST, ("\u202e",), {}, r"json: '/\u202e': expected nothing, found {}"),
    (MANIFEST, ("description",), "x", f"expected {DESCRIPTION[:80]!r}..., found 'x'"),
    (MANIFEST, ("description",), "x" * 80, f"..., found '{'x' * 80}'"),
    (MANIFEST, ("description",), "x" * 81, f"1, column 1: expected '{DESCRIPTION[:20]}' (U+0054), found 'xxx"),
    (MANIFEST, ("description",), DESCRIPTION[:100], ", found the end"),
    (MANIFEST, ("description",), f"{DESCRIPTION} more", ": expected the end, found ' more' (U+0020)"),
]
# fmt: on


def test_values(data_copy: Path) -> None:
    """A changed value of a JSON file is not named, or another one is."""
    for name, place, value, words in VALUES:
        tree = json.loads(GENUINE[name])
        parent = tree
        for step in place[:-1]:
            parent = parent[step]
        parent[place[-1]] = value
        if value is ...:
            del parent[place[-1]]
        (problem,) = problems_of(data_copy, name, json.dumps(tree, indent=1).encode())
        assert (problem.file, problem.check, problem.causes) == (name, "metadata", ())
        assert words in problem.message, problem.message
    (problem,) = problems_of(data_copy, MANIFEST, b"[1]")
    assert 'json: the whole file: expected {"$schema": ' in problem.message
    lines = GENUINE["articles.jsonl"].replace(b'"language":"en"', b'"language":"de"', 1)
    (problem,) = problems_of(data_copy, "articles.jsonl", lines.replace(b"\n", b" \n"))
    assert "/0/language: expected 'en', found 'de'" in problem.message


def test_layers_and_values(data_copy: Path) -> None:
    """CRLF hides the value that differs, or is hidden by it."""
    data = edited(MANIFEST, '"title": "newspair', '"title": "oldspair').replace(b"\n", b"\r\n")
    layer, value = problems_of(data_copy, MANIFEST, data)
    assert (layer.check, layer.causes) == ("encoding", ("crlf",))
    assert (value.check, "title" in value.message) == ("metadata", True)
    assert layer.message.endswith(
        "CRLF; to keep git from doing this, add `data/** -text` to .gitattributes"
    )
    data = GENUINE[MANIFEST]
    for key, check, causes in (("title", "metadata", ()), ("description", "digest", ("case",))):
        value = json.loads(GENUINE[MANIFEST])[key].encode()
        data = data.replace(value, value.upper())
        assert problems_of(data_copy, MANIFEST, data)[0][1:3] == (check, causes)


def test_not_json(data_copy: Path) -> None:
    """What is wrong with JSON that cannot be parsed is not reported, or ends in a traceback."""
    rows = [
        (
            edited(MANIFEST, '"newspair",', '"newspair", "name": "x",'),
            "duplicate key 'name'; differs",
        ),
        (b"[" * 50_000, "is not valid JSON: nested too deeply; differs from line 1"),
        (edited(MANIFEST, "2278", "9" * 5000), "5000 digits; differs"),
        (edited(MANIFEST, '"bytes": 2278', '"bytes": @'), "line 19, column 16"),
    ]
    for data, words in rows:
        (problem,) = problems_of(data_copy, MANIFEST, data)
        assert (problem.check, problem.causes) == ("digest", ())
        assert words in problem.message, problem.message


def test_version_comes_first(data_copy: Path) -> None:
    """A copy of another version does not say so first."""
    (data_copy / CURLY).unlink()
    data = edited(MANIFEST, newspair.__version__, "9.0.0").replace(b'"en"', b'"de"')
    first, *others = problems_of(data_copy, MANIFEST, data)
    assert "states version '9.0.0'" in first.message
    assert [each.file for each in others] == [CURLY, MANIFEST, MANIFEST]


def test_missing_and_unexpected(data_copy: Path) -> None:
    """A missing or an unexpected file is not named once, litter is, or odd names break lines."""
    (data_copy / "SHA256SUMS").unlink()
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._x"):
        (data_copy / name).touch()
    (data_copy / "__MACOSX").mkdir()
    (data_copy / "\u202e").touch()
    (data_copy / "stranger").mkdir()
    missing, *strangers = newspair.validate(data_copy).problems
    assert missing == Problem("SHA256SUMS", "presence", (), "SHA256SUMS: is missing")
    assert strangers == [
        Problem(name, "unexpected", (), f"{name}: unexpected file")
        for name in ("stranger", r"'\u202e'")
    ]
    (data_copy / "SHA256SUMS").mkdir()
    folder = newspair.validate(data_copy).problems[0]
    assert folder == Problem("SHA256SUMS", "kind", (), "SHA256SUMS: is a folder")


def test_renamed(data_copy: Path) -> None:
    """A file under another name is reported as missing and unexpected, or its changes are not."""
    rows: list[tuple[str, str, Callable[[bytes], bytes], tuple[str, ...]]] = [
        (PLAIN, "article.md", bytes, ()),
        (PLAIN, f"Copy of {PLAIN}", bytes, ()),
        (CURLY, f"{CURLY}.txt", lambda data: data.replace(b"\n", b"\r\n"), ("crlf",)),
        (CURLY, "notes", lambda data: data + b"\n", ("final-newline-added",)),
        (CURLY, f"{CURLY}.gz", gzip.compress, ("compressed",)),
        (CURLY, f"{CURLY[:20]}.gz", gzip.compress, ("compressed",)),
        (".gitattributes", "gitattributes.txt", bytes, ()),
        (".gitattributes", "gitattributes.gz", gzip.compress, ("compressed",)),
    ]
    for name, stray, damage, codes in rows:
        data = (data_copy / name).read_bytes()
        (data_copy / name).unlink()
        (data_copy / stray).write_bytes(damage(data))
        (problem,) = newspair.validate(data_copy).problems
        assert (problem.file, problem.check) == (name, "presence")
        assert problem.causes == ("renamed", *codes), problem
        words = f"{name}: is missing; it is there as {stray}"
        assert problem.message.partition(", but changed: ")[0] == words
        assert (problem.message == words) == (codes == ())
        (data_copy / stray).unlink()
        (data_copy / name).write_bytes(data)


def test_exchanged(data_copy: Path) -> None:
    """Two articles that took each other's place are not recognized."""
    (data_copy / CURLY).write_bytes(GENUINE[PLAIN])
    (data_copy / PLAIN).write_bytes(GENUINE[CURLY])
    for problem, other in zip(newspair.validate(data_copy).problems, (PLAIN, CURLY), strict=True):
        assert problem.causes == ("swapped",)
        assert problem.message.endswith(f" ({other})")


def test_sentences(data_copy: Path) -> None:
    """The clauses of several causes do not make a sentence."""
    text = GENUINE[CURLY].decode()
    encoded, crlf = "the text is encoded as UTF-16", "every line ending is CRLF"
    for data, sentence in (
        (text.encode("utf-16"), encoded),
        (text.encode()[:50] + bytes(2228), "bytes were replaced by NUL bytes"),
        (f"{text}\n".encode("utf-16"), f"{encoded} and a newline was added at the end"),
        (
            text.replace("\n", "\r\n").encode()[:900],
            f"{crlf} and the end is missing (900 of 2,292 bytes are there)",
        ),
        (
            text.lower().encode("utf-16")[:-2],
            f"{encoded}, upper and lower case were changed and the end is missing",
        ),
    ):
        (problem,) = problems_of(data_copy, CURLY, data)
        assert problem.message.partition("; to keep git")[0] == f"{CURLY}: {sentence}"
    gz = gzip.compress(gzip.compress(GENUINE[CURLY]))
    assert problems_of(data_copy, CURLY, gz)[0].causes == ("compressed",)
    assert problems_of(data_copy, CURLY, gzip.compress(gz))[0].causes == ()


def test_nested(data_copy: Path) -> None:
    """The files one folder below or above give eight problems instead of one."""
    inner = data_copy / "inner"
    inner.mkdir()
    (data_copy.parent / "README.md").write_bytes(b"another one")
    for folder in (data_copy.parent, inner):
        (problem,) = newspair.validate(folder).problems
        assert problem[:3] == (str(folder), "presence", ("nested",))
        assert problem.message == f"{folder}: the files are in {data_copy}, not here"
    shutil.copytree(data_copy, data_copy / "again", ignore=shutil.ignore_patterns("inner"))
    inner.rmdir()
    for name, checks in (("README.md", ["presence", "unexpected"]), ("SHA256SUMS", ["presence"])):
        (data_copy / name).unlink()
        assert [each.check for each in newspair.validate(data_copy).problems] == checks


def test_packaged(tmp_path: Path) -> None:
    """A damaged checkout cannot explain itself, because its genuine text is damaged."""
    program = "import newspair; [print(*p.causes, p.file) for p in newspair.validate().problems]"
    data = vendor(tmp_path / "site")

    def validate() -> list[str]:
        done = python("-c", program, path=tmp_path / "site", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode().splitlines()

    for damage, codes in (
        (lambda text: text.replace(b"\n", b"\r\n"), "crlf"),
        (lambda text: b"\xef\xbb\xbf" + text, "bom"),
        (lambda text: text + b"\n", "final-newline-added"),
    ):
        for name in GENUINE:
            (data / name).write_bytes(damage(GENUINE[name]))
        assert validate() == [f"{codes} {name}" for name in GENUINE]
        (data / CURLY).write_bytes(GENUINE[CURLY])
    for name in (each for each in GENUINE if GENUINE[each].endswith(b"\n")):
        (data / name).write_bytes(GENUINE[name][:-1])
    assert {line.split()[0] for line in validate()} == {"final-newline-removed"}
    write_again = {name: (data / name).write_bytes(GENUINE[name]) for name in GENUINE}
    assert len(write_again) == len(GENUINE)
    for name in (*ARTICLES, "SHA256SUMS"):
        (data / name).write_bytes(GENUINE[name].upper())
    assert validate() == [f"case {name}" for name in (*ARTICLES, "SHA256SUMS")]
    (data / "croissant.json").write_bytes(b"{}")
    (data / "articles.jsonl").unlink()
    done = run("validate", "--json", path=tmp_path / "site", cwd=tmp_path)
    (problem,) = (p for p in json.loads(done.stdout)["problems"] if p["file"] == "croissant.json")
    assert (problem["check"], problem["causes"]) == ("digest", [])
    assert "nothing left to compare it with" in problem["message"]
    assert "pip install --force-reinstall newspair" in problem["message"]


def test_bounded(data_copy: Path) -> None:
    """Many strangers or values fill the screen, or the memory."""
    for number in range(3000):
        (data_copy / f"{number:05}").touch()
    problems = newspair.validate(data_copy).problems
    more = f"{data_copy}: 2,980 more unexpected files"
    assert problems[20:] == (Problem(str(data_copy), "unexpected", (), more),)
    (data_copy / PLAIN).rename(data_copy / "z")
    assert newspair.validate(data_copy).problems[0].causes == ("renamed",)
    shutil.rmtree(data_copy)
    write_data(data_copy)
    tree = json.loads(GENUINE[MANIFEST]) | {f"key {number}": number for number in range(2000)}
    problems = problems_of(data_copy, MANIFEST, json.dumps(tree).encode())
    more = f"{MANIFEST}: 1,980 more values differ"
    assert problems[20:] == (Problem(MANIFEST, "metadata", (), more),)


WORST = {
    "random": lambda: hashlib.shake_128(b"").digest(65_536),
    "references": lambda: b"&#1" * 21_845,
    "long reference": lambda: b"&#" + b"9" * 65_000,
    "brackets": lambda: b"[" * 65_536,
    "quotes": lambda: b'"' * 65_536,
    "escapes": lambda: b'"' + b"\\x41" * 16_000 + b'"',
    "combining": ("\u0316\u0301" * 16_000).encode,
    "UTF-16": lambda: "\u2028a".encode("utf-16") * 10_000,
    "equals": lambda: b"=41" * 21_000,
    "percent": lambda: b"%41" * 21_000,
    "carriage returns": lambda: b"\r\n\r" * 21_000,
    "gzip bomb": lambda: gzip.compress(bytes(10**8))[:65_536],
    "zip bomb": lambda: zipped(bytes(5 * 10**7)),
    "conflicts": lambda: b"<<<<<<< a\n=======\n" * 3600,
    "keys": lambda: json.dumps({str(number): number for number in range(4600)}).encode(),
}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's own peak")
def test_worst_content(data_copy: Path) -> None:
    """Some content of 64 KiB costs much memory, or seems to hang; the time is only a guard."""
    program = (
        f"import newspair, re; problems = newspair.validate({str(data_copy)!r}).problems\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())[1]\n"
        "print(len({p.file for p in problems}), peak)"
    )
    for kind, make in WORST.items():
        for name in GENUINE:
            (data_copy / name).write_bytes(make())
        done = python("-c", program)
        assert done.returncode == 0, (kind, done.stderr)
        problems, peak = map(int, done.stdout.split())
        assert problems == len(GENUINE), kind
        assert peak * 1024 < 60_000_000, (kind, peak)


# The oracle: what each code claims, redone without the package.
TEXT_STEPS: dict[str, Callable[[str], str]] = {
    "quotes": lambda text: text.translate(str.maketrans("‘’“”", "''\"\"")),
    "case": str.upper,
    "invisible": lambda text: text.replace("e", "e\u200b", 5),
    "compatibility": lambda text: text.replace("fi", "\ufb01").replace(" ", "\u00a0", 4),
    "whitespace": lambda text: re.sub(r"(.{60})", "\\1\n  ", text),
    "trimmed": str.strip,
    "final-newline-added": lambda text: f"{text}\n",
    "mojibake": lambda text: text.encode().decode("cp437"),
    "non-ascii-lost": lambda text: text.encode("ascii", "replace").decode(),
    "truncated": lambda text: text[: len(text) * 2 // 3],
    "start-missing": lambda text: text[len(text) // 3 :],
    "appended": lambda text: f"{text} and more",
    "prepended": lambda text: f"more {text}",
    "word": lambda text: text.replace("the", "teh", 1),
}
BYTE_STEPS: dict[str, Callable[[str], bytes]] = {
    "": str.encode,
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "bom": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16, crlf": lambda text: text.replace("\n", "\r\n").encode("utf-16-le"),
}


def squash(text: str, codes: set[str]) -> str:
    """Undo in a text what equivalence codes stand for."""
    if "html-escaped" in codes:
        text = html.unescape(text)
    if "invisible" in codes:
        text = "".join(each for each in text if unicodedata.category(each) != "Cf")
    if "compatibility" in codes:
        text = unicodedata.normalize("NFKC", text)
    if codes & {"quotes", "punctuation"}:
        text = re.sub("[‘’‚‛']", "'", re.sub('[“”„‟"]', '"', text))
    if "punctuation" in codes:
        text = re.sub("[-‐‑‒–—―−]+", "-", text)
    if "case" in codes:
        text = text.casefold()
    return "".join(text.split()) if "whitespace" in codes else text


def is_true(data: bytes, genuine: str, claimed: set[str]) -> bool:  # noqa: C901, PLR0912
    """Redo the claims on the genuine text: some way of doing so must give what was found."""
    codecs = ["utf-16-le", "utf-16-be"] if "utf-16" in claimed else ["utf-8"]
    for codec in codecs:
        try:
            text = data.decode(codec, "strict" if "truncated" not in claimed else "ignore")
        except UnicodeDecodeError:
            continue
        if ("bom" in claimed) != (codec == "utf-8" and text.startswith("\ufeff")):
            continue
        text = text.removeprefix("\ufeff")
        for code, ending in (("crlf", "\r\n"), ("cr", "\r")):
            if code in claimed:
                if set(re.findall("\r\n|\r|\n", text)) != {ending}:
                    return False
                text = text.replace(ending, "\n")
        if "mixed-line-endings" in claimed:
            text = re.sub("\r\r\n|\r\n|\n\r|[\r\x85\u2028\v]", "\n", text)
        bases = {genuine}
        if "mojibake" in claimed:
            bases = {
                genuine.encode().decode("cp437"),
                TEXT_STEPS["mojibake"](TEXT_STEPS["mojibake"](genuine)),
            }
        if "non-ascii-lost" in claimed:
            strange = sorted({each for each in genuine if not each.isascii()})
            bases = {
                genuine.translate(dict.fromkeys(map(ord, lost), replacement))
                for count in range(1, len(strange) + 1)
                for lost in combinations(strange, count)
                for replacement in ("", "?", "\ufffd")
            }
        if "trimmed" in claimed:
            bases = {
                each for base in bases for each in (base.strip(), base.lstrip(), base.rstrip())
            }
        if "final-newline-removed" in claimed:
            bases = {base.removesuffix("\n") for base in bases}
        found = squash(text, claimed)
        for base in bases:
            ends = (
                (base, f"{base}\n", f"{base}\r\n") if "final-newline-added" in claimed else (base,)
            )
            for whole in (squash(end, claimed) for end in ends):
                line = found.removesuffix("\n") if "final-newline-added" in claimed else found
                if (
                    ("truncated" in claimed and whole.startswith(line))
                    or ("start-missing" in claimed and whole.endswith(found))
                    or ("appended" in claimed and found.startswith(whole))
                    or ("prepended" in claimed and found.endswith(whole))
                    or ("repeated" in claimed and found.count(whole) > 1)
                    or found == whole
                ):
                    return True
    return False


OUTSIDE = {"empty", "nul-bytes", "swapped", "encoded", "compressed", "legacy-encoding", "html-page"}


@given(
    name=st.sampled_from(ARTICLES),
    steps=st.lists(st.sampled_from(list(TEXT_STEPS)), max_size=2),
    last=st.sampled_from(list(BYTE_STEPS)),
    noise=st.none() | st.tuples(st.integers(0, 2200), st.binary(min_size=1, max_size=3)),
)
@example(name=PLAIN, steps=[], last="", noise=(2075, b"+"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_claim_is_false(
    data_copy: Path, name: str, steps: list[str], last: str, noise: tuple[int, bytes] | None
) -> None:
    """A code is given that does not hold when it is redone."""
    text = GENUINE[name].decode()
    for step in steps:
        text = TEXT_STEPS[step](text)
    data = BYTE_STEPS[last](text)
    if noise is not None:
        data = data[: noise[0]] + noise[1] + data[noise[0] + len(noise[1]) :]
    problems = problems_of(data_copy, name, data)
    assert (problems == ()) == (data == GENUINE[name])
    for problem in problems:
        assert problem.file == name
        assert problem.message.isprintable()
        if (
            problem.causes
            and OUTSIDE.isdisjoint(problem.causes)
            and "besides" not in problem.message
        ):
            assert is_true(data, GENUINE[name].decode(), set(problem.causes)), problem


@given(name=st.sampled_from(list(GENUINE)), content=st.binary(max_size=3000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(data_copy: Path, name: str, content: bytes) -> None:
    """Some bytes are called genuine, or end in a traceback."""
    problems = problems_of(data_copy, name, content)
    assert {each.file for each in problems} == {name}
    assert all(each.message.isprintable() and len(each.message) < 1000 for each in problems)


def test_paths(tmp_path: Path) -> None:
    """A path that is not there gives a report, a traceback or an endless message."""
    nope, absent = str(tmp_path / "nope"), "no such file or directory"
    for path, message in (
        ("", f"'': {absent}"),
        (nope, f"{nope}: {absent}"),
        ("a\0b", r"'a\x00b': cannot be read: "),
        ("\ud800", ""),
        ("x" * 10**7, f"'{'x' * 60}'...: cannot be read"),
    ):
        with pytest.raises(newspair.NewspairError) as caught:
            newspair.validate(path)
        assert str(caught.value).startswith(message)
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 500


@posix
def test_unreadable(data_copy: Path, tmp_path: Path) -> None:
    """A file or folder that cannot be read gives a traceback, or is called missing."""
    (data_copy / "broken").symlink_to("nowhere")
    (tmp_path / "link").symlink_to("nowhere")
    (problem,) = newspair.validate(tmp_path / "link").problems
    assert problem == Problem("link", "kind", (), "link: is a broken symbolic link")
    (data_copy / "SHA256SUMS").rename(data_copy / "SHA256SUMS.old")
    (data_copy / "SHA256SUMS.old").chmod(0)
    (data_copy / "README.md").chmod(0)
    for mode, lines in ((0o700, 4), (0, 1), (0o400, 1)):
        data_copy.chmod(mode)
        done = run("validate", "--json", str(data_copy), unprivileged=True)
        data_copy.chmod(0o700)
        problems = json.loads(done.stdout)["problems"]
        assert (done.returncode, done.stderr, len(problems)) == (1, b"", lines), problems
        denied = [each for each in problems if each["check"] == "access"]
        assert {each["message"].partition(": ")[2] for each in denied} == {
            "cannot be read: Permission denied"
        }


def test_json_names_every_value(data_copy: Path) -> None:
    """Of several values that differ one is left out, or one that does not differ is named."""
    for name in JSON[:1]:
        tree = json.loads(GENUINE[name])
        tree["title"], tree["keywords"][0], tree["resources"][1]["author"] = "x", "y", None
        found = problems_of(data_copy, name, json.dumps(tree).encode())
        paths = [re.match(r"\S+ ([^:]+):", each.message)[1] for each in found]  # type: ignore[index]
        assert paths == ["/title", "/keywords/0", "/resources/1/author"]
