"""What `validate` says happened to an article: the codes, the lines and the messages."""

import bz2
import codecs
import gzip
import io
import lzma
import textwrap
import zipfile

import pytest
from helpers import FIRST, FIRST_FILE, SECOND, SECOND_FILE, codes
from hypothesis import example, given
from hypothesis import strategies as st

import newspair
from newspair import validate

CURLY = newspair.read_text(FIRST)  # curly quotes, dashes, no newline at the end
PLAIN = newspair.read_text(SECOND)  # ASCII, begins with a space, ends with a blank line


def diagnose(folder, content, name=FIRST_FILE):
    """Write an article's file, and return what is said of it."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return validate(path)


def crlf(text):
    return text.replace("\n", "\r\n")


def read_as(encoding, text=CURLY):
    """Return UTF-8 read in another encoding; undefined bytes become U+0080 to U+009F."""
    characters = []
    for byte in text.encode("utf-8"):
        character = bytes([byte]).decode(encoding, "ignore")
        characters.append(character or chr(byte))
    return "".join(characters)


def straight(text):
    return text.translate(str.maketrans("‘’“”–", "''\"\"-"))


def zipped(text):
    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        archive.writestr("file", text)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="no-bytes"),
        pytest.param(" \r\n\t", id="white-space"),
        pytest.param(bytes(2278), id="nul"),
        pytest.param(codecs.BOM_UTF8, id="mark-alone"),
        pytest.param("\n\n".encode("utf-16"), id="utf-16-white-space"),
    ],
)
def test_empty(tmp_path, content):
    assert codes(diagnose(tmp_path, content)) == ["empty"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("<!DOCTYPE html>\n<p>Sign in", id="html"),
        pytest.param("\n<html lang=en>", id="html-without-doctype"),
        pytest.param("<head><title>", id="html-head"),
        pytest.param("<body>", id="html-body"),
        pytest.param("\ufeff<?xml version='1.0'?><Error/>", id="xml"),
        pytest.param("404: Not Found", id="404"),
        pytest.param("<html>" + CURLY * 40, id="longer-than-is-read"),
    ],
)
def test_html_page(tmp_path, content):
    assert codes(diagnose(tmp_path, content)) == ["html-page"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(CURLY.encode()), id="gzip"),
        pytest.param(bz2.compress(CURLY.encode()), id="bzip2"),
        pytest.param(lzma.compress(CURLY.encode()), id="xz"),
        pytest.param(zipped(CURLY), id="zip"),
    ],
)
def test_compressed(tmp_path, content):
    assert codes(diagnose(tmp_path, content)) == ["compressed"]


def test_git_lfs_pointer(tmp_path):
    content = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 2278\n"
    (problem,) = diagnose(tmp_path, content).problems
    assert problem.code == "git-lfs-pointer"
    assert "git lfs pull" in problem.message


class TestConflict:
    MARKED = f"<<<<<<< HEAD\n{CURLY}\n=======\nother\n>>>>>>> branch\n"

    def test_three_markers(self, tmp_path):
        assert codes(diagnose(tmp_path, self.MARKED)) == ["conflict-markers"]

    def test_line_is_that_of_the_first_marker(self, tmp_path):
        (problem,) = diagnose(tmp_path, crlf(f"a\n{self.MARKED}")).problems
        assert problem.line == 2
        assert problem.message == "holds the conflict markers of an unfinished merge"

    @pytest.mark.parametrize("marker", ["<<<<<<< HEAD", "=======", ">>>>>>> branch"])
    def test_two_markers_are_none(self, tmp_path, marker):
        assert "edited" in codes(diagnose(tmp_path, self.MARKED.replace(marker, "")))

    def test_markers_inside_a_line_are_none(self, tmp_path):
        content = self.MARKED.replace("\n=======", " =======")
        assert "edited" in codes(diagnose(tmp_path, content))


ACCIDENTS = [
    pytest.param(PLAIN, "swapped", id="swapped"),
    pytest.param(crlf(PLAIN), "swapped crlf", id="swapped-crlf"),
    pytest.param(crlf(f"\ufeff{PLAIN}"), "swapped bom crlf", id="swapped-bom-crlf"),
    pytest.param(PLAIN[:-1], "swapped final-newline-removed", id="swapped-trimmed"),
    pytest.param(f"\ufeff{CURLY}", "bom", id="bom"),
    pytest.param(crlf(CURLY), "crlf", id="autocrlf"),
    pytest.param(crlf(CURLY).encode("utf-8-sig"), "bom crlf", id="windows-editor"),
    pytest.param(crlf(CURLY).encode("utf-16"), "utf-16 crlf", id="unicode-text"),
    pytest.param(
        f"{crlf(CURLY)}\r\n".encode("utf-16"),
        "utf-16 crlf final-newline-added",
        id="powershell-redirection",
    ),
    pytest.param(codecs.BOM_UTF16_BE + CURLY.encode("utf-16-be"), "utf-16", id="utf-16-big-endian"),
    pytest.param(CURLY.encode("cp1252"), "not-utf-8", id="ansi"),
    pytest.param(crlf(CURLY).encode("cp1252"), "not-utf-8 crlf", id="ansi-crlf"),
    pytest.param(CURLY.encode("gb18030"), "not-utf-8 edited edited edited", id="gb18030"),
    pytest.param(read_as("cp1252"), "mojibake", id="misread-by-a-browser"),
    pytest.param(read_as("latin-1"), "mojibake", id="misread-as-latin-1"),
    pytest.param(
        read_as("latin-1", CURLY.replace("’", "À")), "mojibake edited edited edited", id="c3-80"
    ),
    pytest.param(
        read_as("latin-1", CURLY.replace("’", "ß")), "mojibake edited edited edited", id="c3-9f"
    ),
    pytest.param(read_as("cp437"), "mojibake", id="misread-by-a-console"),
    pytest.param(
        f"{crlf(read_as('cp437'))}\r\n",
        "mojibake crlf final-newline-added",
        id="console-redirection",
    ),
    pytest.param(CURLY.replace("\n", "\r"), "mixed-line-endings", id="cr"),
    pytest.param(crlf(CURLY).replace("\n", "\r\n"), "mixed-line-endings", id="crlf-twice"),
    pytest.param(CURLY.replace("\n", "\r\n", 3), "mixed-line-endings", id="mixed"),
    pytest.param(f"{CURLY}\n", "final-newline-added", id="editor-adds-newline"),
    pytest.param(f"{CURLY}\n\n", "edited", id="two-newlines-added"),
    pytest.param(CURLY[:900], "truncated", id="download-stopped"),
    pytest.param(CURLY.encode()[:903], "truncated", id="head-c"),
    pytest.param(f"{CURLY[:900]}\n", "truncated", id="stopped-then-newline"),
    pytest.param(crlf(CURLY)[:900], "crlf truncated", id="crlf-stopped"),
    pytest.param(
        CURLY.encode().partition(b"\x80\x99")[0], "not-utf-8 truncated", id="cut-character"
    ),
    pytest.param(CURLY.replace("Ukraineand", "Ukraine and"), "edited", id="typo-mended"),
    pytest.param(f"{CURLY}\nSubscribe\n", "edited", id="appended"),
    pytest.param(f"# Title\n\n{CURLY}", "edited", id="prepended"),
    pytest.param(straight(CURLY), "edited edited edited", id="straight-quotes"),
    pytest.param(CURLY.encode("ascii", "replace"), "edited edited edited", id="question-marks"),
    pytest.param(CURLY.upper(), "edited edited edited", id="upper-case"),
    pytest.param(textwrap.fill(CURLY), "edited", id="rewrapped"),
    pytest.param(CURLY.replace(". ", ".\u00a0", 1), "edited", id="no-break-space"),
    pytest.param(CURLY + CURLY, "edited", id="twice"),
    pytest.param(CURLY.encode("utf-16-le"), "replaced", id="utf-16-without-mark"),
    pytest.param("lorem ipsum\n" * 9, "replaced", id="another-text"),
    pytest.param("\ufeff" + crlf("lorem\nipsum\n"), "bom crlf replaced", id="other-crlf"),
    pytest.param(CURLY.encode("utf-16")[:901], "not-utf-8 truncated", id="utf-16-cut"),
    pytest.param(CURLY * 40, "changed", id="very-long"),
    pytest.param(" " * 70_000, "changed", id="very-long-and-blank"),
]


@pytest.mark.parametrize(("content", "expected"), ACCIDENTS)
def test_accident(tmp_path, content, expected):
    report = diagnose(tmp_path, content)
    assert codes(report) == expected.split()
    for problem in report.problems:
        assert problem.message.isprintable()
        assert len(problem.message) <= 300


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(PLAIN.removesuffix("\n"), "final-newline-removed", id="newline-trimmed"),
        pytest.param(PLAIN.rstrip(), "edited", id="end-trimmed"),
        pytest.param(f"{PLAIN.rstrip()}\n\n\n", "final-newline-added", id="newline-added"),
        pytest.param(PLAIN.strip(), "edited edited", id="trimmed"),
        pytest.param(PLAIN.lstrip(), "edited", id="start-trimmed"),
        pytest.param(PLAIN.replace("'", "’"), "edited edited edited", id="curly-quotes"),
        pytest.param(
            PLAIN.replace("'", "’").encode("cp1252"),
            "not-utf-8 edited edited edited",
            id="word-processor",
        ),
        pytest.param(
            read_as("cp1252", PLAIN.replace("'", "’")),
            "mojibake edited edited edited",
            id="word-processor-misread",
        ),
        pytest.param(CURLY, "swapped", id="swapped"),
    ],
)
def test_accident_of_003(tmp_path, content, expected):
    assert codes(diagnose(tmp_path, content, SECOND_FILE)) == expected.split()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("", "is empty or blank", id="empty"),
        pytest.param("<html>", "is a web page or an error message of a server", id="html-page"),
        pytest.param(
            "version https://git-lfs.github.com/spec/v1",
            "is a Git LFS pointer; `git lfs pull` gets the file",
            id="git-lfs-pointer",
        ),
        pytest.param(gzip.compress(b""), "is compressed; unpack it", id="compressed"),
        pytest.param(PLAIN, f"has the content of {SECOND_FILE}", id="swapped"),
        pytest.param(f"\ufeff{CURLY}", "begins with a UTF-8 byte order mark", id="bom"),
        pytest.param(CURLY.encode("utf-16"), "is encoded as UTF-16, not UTF-8", id="utf-16"),
        pytest.param(
            read_as("cp437"),
            "UTF-8 was read as cp437, and the wrong characters were saved",
            id="mojibake",
        ),
        pytest.param(
            crlf(CURLY),
            "every line ending is CRLF; `* -text` in .gitattributes prevents that",
            id="crlf",
        ),
        pytest.param(
            CURLY.replace("\n", "\r"),
            "line endings are not all LF: 0 CRLF, 14 CR, 0 LF",
            id="mixed-line-endings",
        ),
        pytest.param(f"{CURLY}\n", "a newline was added at the end", id="final-newline-added"),
        pytest.param(
            "lorem ipsum", "is another text: no line of the article is there", id="replaced"
        ),
        pytest.param(CURLY * 40, "is longer than 65,536 bytes", id="changed"),
    ],
)
def test_whole_file(tmp_path, content, message):
    (problem,) = diagnose(tmp_path, content).problems
    assert (problem.line, problem.message) == (None, message)


class TestLine:
    """The line is one of the file that was found, or None for the whole file."""

    def lines(self, folder, content):
        return [problem.line for problem in diagnose(folder, content).problems]

    def test_removed_newline(self, tmp_path):
        (problem,) = diagnose(tmp_path, PLAIN[:-1], SECOND_FILE).problems
        assert problem.line is None
        assert problem.message == "the newline at the end was removed"

    def test_windows_1252(self, tmp_path):
        assert self.lines(tmp_path, CURLY.encode("cp1252")) == [1]

    def test_utf_16_that_is_cut(self, tmp_path):
        assert self.lines(tmp_path, CURLY.encode("utf-16")[:901]) == [1, 3]

    def test_wrong_byte_at_the_end(self, tmp_path):
        assert self.lines(tmp_path, CURLY.encode() + b"\n\xff")[0] == 16

    def test_wrong_byte_after_cr(self, tmp_path):
        content = CURLY.replace("\n", "\r").encode() + b"\r\xff"
        assert self.lines(tmp_path, content)[0] == 16

    def test_truncated(self, tmp_path):
        assert self.lines(tmp_path, CURLY[:900]) == [8]

    def test_changed_word(self, tmp_path):
        assert self.lines(tmp_path, CURLY.replace("Ukraineand", "Ukraine and")) == [3]

    def test_change_below_added_lines(self, tmp_path):
        content = f"# Title\n\n{CURLY.replace('9,000', '9000')}"
        assert self.lines(tmp_path, content) == [1, 14]

    def test_change_below_a_removed_line(self, tmp_path):
        content = CURLY.replace("\n\n", "\n", 1).replace("9,000", "9000")
        assert self.lines(tmp_path, content) == [2, 11]

    def test_added_at_the_end(self, tmp_path):
        assert self.lines(tmp_path, f"{CURLY}\nSubscribe") == [15]

    def test_last_lines_joined(self, tmp_path):
        assert self.lines(tmp_path, CURLY.replace("\nNext article", "")) == [14]

    def test_first_lines_removed(self, tmp_path):
        assert self.lines(tmp_path, "\n".join(CURLY.split("\n")[2:])) == [1]

    def test_last_line_removed(self, tmp_path):
        content = PLAIN.replace("(With inputs from agencies.)\n\n", "x\n")
        report = diagnose(tmp_path, content, SECOND_FILE)
        assert [problem.line for problem in report.problems] == [19]

    def test_split_line(self, tmp_path):
        assert self.lines(tmp_path, CURLY.replace("Ukraineand", "Ukraine\nand")) == [3]


class TestMessage:
    def first(self, folder, content):
        return diagnose(folder, content).problems[0].message

    def test_white_space(self, tmp_path):
        message = self.first(tmp_path, CURLY.replace("Ukraineand", "Ukraine and"))
        expected = "expected ' Ukraineand he has nothi', found ' Ukraine and he has noth'"
        assert message == f"{expected} (only white space differs)"

    def test_case(self, tmp_path):
        message = self.first(tmp_path, CURLY.replace("Ukraineand", "ukraineand"))
        expected = "expected 'out it. Ukraineand he ha', found 'out it. ukraineand he ha'"
        assert message == f"{expected} (only upper and lower case differ)"

    def test_quotation_marks(self, tmp_path):
        message = self.first(tmp_path, CURLY.replace("country’s", "country's"))
        assert message.endswith("(only quotation marks and dashes differ)")

    def test_digits(self, tmp_path):
        message = self.first(tmp_path, CURLY.replace("9,000", "9000"))
        assert message == "expected 'e than 9,000. Ukraine ha', found 'e than 9000. Ukraine has'"

    def test_removed_line(self, tmp_path):
        heading = "Ukrainians strongly oppose the Russian invasion\n"
        message = self.first(tmp_path, CURLY.replace(heading, ""))
        assert message == "expected 'Ukrainians strongly oppo', found nothing"

    def test_added_line(self, tmp_path):
        message = self.first(tmp_path, f"Title\n{CURLY}")
        assert message == r"expected nothing, found 'Title\n'"

    def test_several_lines(self, tmp_path):
        message = self.first(tmp_path, CURLY.replace("Ukraineand", "Ukraine\n\nand"))
        expected = r"expected ' Ukraineand he has nothi', found ' Ukraine\n\nand he has not'"
        assert message == f"{expected} (only white space differs)"

    def test_truncated(self, tmp_path):
        message = self.first(tmp_path, CURLY[:900])
        assert message == "the rest is missing: expected 'l confirmed to CBS News '"

    def test_utf_16_that_is_cut(self, tmp_path):
        message = self.first(tmp_path, CURLY.encode("utf-16")[:901])
        assert message == "begins as UTF-16, but is not all UTF-16"

    def test_windows_1252(self, tmp_path):
        message = self.first(tmp_path, CURLY.encode("cp1252"))
        expected = "is not UTF-8: found the byte 0x92; all of it can be read as Windows-1252"
        assert message == expected

    def test_one_wrong_byte(self, tmp_path):
        message = self.first(tmp_path, CURLY.encode() + b"\xff")
        assert message == "is not UTF-8: found the byte 0xFF"

    def test_incomplete_character(self, tmp_path):
        message = self.first(tmp_path, CURLY.encode() + b"\xe2\x80")
        assert message == "is not UTF-8: the last character is incomplete"

    def test_line_endings(self, tmp_path):
        content = CURLY.replace("\n", "\r\n", 3).replace("\nNext", "\rNext")
        message = self.first(tmp_path, content)
        assert message == "line endings are not all LF: 3 CRLF, 1 CR, 10 LF"

    def test_misreading_is_named(self, tmp_path):
        assert "cp437" in self.first(tmp_path, read_as("cp437"))
        assert "Windows-1252" in self.first(tmp_path, read_as("cp1252"))


def test_more_than_three_changes_are_counted(tmp_path):
    problem = diagnose(tmp_path, CURLY.upper()).problems[2]
    assert problem.line == 5
    assert problem.message.startswith("expected 'Ukrainians strongly oppo', found 'UKRAIN")
    assert problem.message.endswith("; 7 changes in all")


def test_three_changes_are_not_counted(tmp_path):
    content = (
        CURLY.replace("Couldn", "Could").replace("9,000", "9000").replace("culture News", "news")
    )
    assert "in all" not in diagnose(tmp_path, content).problems[2].message


SAVED = {
    (): "utf-8",
    ("bom",): "utf-8-sig",
    ("utf-16",): "utf-16",
    ("not-utf-8",): "cp1252",
}
ENDINGS = {(): "\n", ("crlf",): "\r\n", ("mixed-line-endings",): "\r"}


@given(
    encoding=st.sampled_from(list(SAVED)),
    ending=st.sampled_from(list(ENDINGS)),
    end=st.sampled_from(["", "final-newline-added", "final-newline-removed"]),
)
def test_encoding_ending_and_newline_are_explained_together(
    tmp_path_factory, encoding, ending, end
):
    name, text = FIRST_FILE, CURLY
    if end == "final-newline-added":
        text = f"{text}\n"
    if end == "final-newline-removed":
        name, text = SECOND_FILE, PLAIN.removesuffix("\n")
        if encoding == ("not-utf-8",):
            encoding = ()  # the text is ASCII
    content = text.replace("\n", ENDINGS[ending]).encode(SAVED[encoding])
    report = diagnose(tmp_path_factory.mktemp("any"), content, name)
    assert codes(report) == [*encoding, *ending, *filter(None, [end])]


@given(
    name=st.sampled_from([FIRST_FILE, SECOND_FILE]),
    place=st.integers(min_value=0, max_value=2075),
    byte=st.integers(min_value=1, max_value=255),
)
def test_any_changed_byte_is_found(tmp_path_factory, name, place, byte):
    content = bytearray(newspair.read_bytes(name[:3]))
    content[place] ^= byte
    report = diagnose(tmp_path_factory.mktemp("any"), bytes(content), name)
    assert not report.ok


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8")))
@example(b"")
@example(b"\xff\xfe\x00\xd8")
def test_any_bytes_are_explained(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    report = diagnose(folder, content)
    assert not report.ok
    for problem in report.problems:
        assert problem.message.isprintable()
        assert len(problem.message) <= 300
    assert codes(diagnose(folder, content, "note.txt")) == ["unknown"]
