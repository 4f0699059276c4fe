"""What happened to the content of an article's file: undo what can be undone, then compare."""

import codecs
import re
from difflib import SequenceMatcher
from io import StringIO
from typing import NamedTuple

from ._data import DIGESTS, MAX_SIZE, ids, read_text, sha256
from ._errors import IntegrityError, quote
from ._report import Code

MAX_CHANGES = 3  # that are shown; the rest is counted
EXCERPT = 24  # characters that are shown of a change
CONTEXT = 8  # of these, before the first difference

_GIT_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_STARTS_OF_PAGES = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"404: not found")
_COMPRESSED = re.compile(
    rb"""
    \x1f\x8b            # gzip
    | BZh[1-9]1AY&SY    # bzip2
    | \xfd7zXZ\x00      # xz
    | PK\x03\x04        # zip
    """,
    re.VERBOSE,
)
_STRAIGHT = str.maketrans("‘’‚“”„–—", "'''\"\"\"--")


class Finding(NamedTuple):
    """One thing that happened to a file; `Problem` adds which file it is."""

    line: int | None
    code: Code
    message: str


def diagnose(data: bytes, article_id: str) -> list[Finding]:
    """Return what happened to the file of an article, if its SHA-256 is not the right one.

    Of a file that is longer than `MAX_SIZE`, ``data`` is the start, and little can be said.
    """
    other = _something_else(data)
    if other is not None:
        return [other]
    if len(data) > MAX_SIZE:
        return [Finding(None, "changed", f"is longer than {MAX_SIZE:,} bytes")]
    text, findings = undo(data)
    for known in ids():
        proved = _proved(text, known)
        if proved is None:
            continue
        if known != article_id:
            findings.insert(0, Finding(None, "swapped", f"has the content of {known}.txt"))
        return findings + proved
    try:
        expected = read_text(article_id)
    except IntegrityError:
        message = "its SHA-256 differs; why is not known, because the packaged data are changed too"
        return [*findings, Finding(None, "changed", message)]
    return findings + _compare(expected, text)


def identify(data: bytes) -> str | None:
    """Return the id of the article that a file was made from, if its content tells."""
    text, _ = undo(data)
    for known in ids():
        if _proved(text, known) is not None:
            return known
    shared = {known: _shared_lines(text, known) for known in ids()}
    best = max(ids(), key=shared.__getitem__)
    return best if shared[best] > 0 else None


def _shared_lines(text: str, article_id: str) -> int:
    """Return how many lines of an article that are not blank are in a text."""
    try:
        expected = read_text(article_id)
    except IntegrityError:
        return 0
    lines = set(text.split("\n"))
    return len([line for line in expected.split("\n") if line.strip() and line in lines])


def _something_else(data: bytes) -> Finding | None:
    """Recognize what is no text of an article at all."""
    start = data.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if len(data) <= MAX_SIZE and _is_blank(data):
        return Finding(None, "empty", "is empty or blank")
    if data.startswith(_GIT_LFS_POINTER):
        message = "is a Git LFS pointer; `git lfs pull` gets the file"
        return Finding(None, "git-lfs-pointer", message)
    if start.startswith(_STARTS_OF_PAGES):
        return Finding(None, "html-page", "is a web page or an error message of a server")
    line = _line_of_conflict(data)
    if line is not None:
        message = "holds the conflict markers of an unfinished merge"
        return Finding(line, "conflict-markers", message)
    if _COMPRESSED.match(data):
        return Finding(None, "compressed", "is compressed; unpack it")
    return None


def _is_blank(data: bytes) -> bool:
    """Tell whether there is nothing but white space, NUL and a byte order mark."""
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        data = data.removeprefix(mark)
    return not data.strip(b" \t\n\v\f\r\0")


def _line_of_conflict(data: bytes) -> int | None:
    """Return the number of the line where a conflict begins, if all three markers are there."""
    lines = data.splitlines()
    first = None
    for number, line in enumerate(lines, start=1):
        if line.startswith(b"<<<<<<< "):
            first = number
            break
    if first is None or b"=======" not in lines:
        return None
    if not any(line.startswith(b">>>>>>> ") for line in lines):
        return None
    return first


def undo(data: bytes) -> tuple[str, list[Finding]]:
    """Return the text of a file after all that can be undone, and what that was.

    That is the encoding, then a misreading, then the line endings.
    """
    findings: list[Finding] = []
    text = _decode(data, findings)
    if "\r" in text:
        findings.append(_finding_of_line_endings(text))
        text = _with_lf(text)
    return text, findings


def _decode(data: bytes, findings: list[Finding]) -> str:
    """Return the text of a file in any encoding; add what is wrong with the encoding."""
    if data.startswith(codecs.BOM_UTF8):
        findings.append(Finding(None, "bom", "begins with a UTF-8 byte order mark"))
        data = data.removeprefix(codecs.BOM_UTF8)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError:
            pass  # so it is not UTF-8 either
        else:
            findings.append(Finding(None, "utf-16", "is encoded as UTF-16, not UTF-8"))
            return text
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(data, error, findings)
    return _undo_misreading(text, findings)


def _decode_legacy(data: bytes, error: UnicodeDecodeError, findings: list[Finding]) -> str:
    """Return the text of a file that is not UTF-8; add that, and where."""
    line = _with_lf(data[: error.start].decode("utf-8")).count("\n") + 1
    if error.reason == "unexpected end of data":
        message = "is not UTF-8: the last character is incomplete"
        findings.append(Finding(line, "not-utf-8", message))
        return data[: error.start].decode("utf-8")
    message = f"is not UTF-8: found the byte 0x{data[error.start]:02X}"
    text = data.decode("utf-8", "replace")
    if data.decode("utf-8", "ignore").isascii():  # no character is UTF-8
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            pass
        else:
            message = f"{message}; all of it can be read as Windows-1252"
    findings.append(Finding(line, "not-utf-8", message))
    return text


def _undo_misreading(text: str, findings: list[Finding]) -> str:
    """Undo that UTF-8 was read in another encoding, if that gives UTF-8 again."""
    if text.isascii():
        return text
    for encoding, name in (("cp1252", "Windows-1252 or Latin-1"), ("cp437", "cp437")):
        try:
            undone = _bytes_read_as(text, encoding).decode("utf-8")
        except UnicodeError:
            continue
        message = f"UTF-8 was read as {name}, and the wrong characters were saved"
        findings.append(Finding(None, "mojibake", message))
        return undone
    return text


def _bytes_read_as(text: str, encoding: str) -> bytes:
    """Return the bytes that give a text if they are read in an encoding.

    Bytes that the encoding does not define are read as U+0080 to U+009F, as browsers do. That
    also covers Latin-1 where the encoding is Windows-1252.
    """
    data = bytearray()
    for character in text:
        if "\x80" <= character <= "\x9f":
            data.append(ord(character))
        else:
            data += character.encode(encoding)
    return bytes(data)


def _finding_of_line_endings(text: str) -> Finding:
    """Return what is wrong with the line endings of a text that has a CR."""
    crlf = text.count("\r\n")
    if crlf == text.count("\n") == text.count("\r"):
        message = "every line ending is CRLF; `* -text` in .gitattributes prevents that"
        return Finding(None, "crlf", message)
    lf, cr = text.count("\n") - crlf, text.count("\r") - crlf
    message = f"line endings are not all LF: {crlf} CRLF, {cr} CR, {lf} LF"
    return Finding(None, "mixed-line-endings", message)


def _with_lf(text: str) -> str:
    """Make each line ending LF; several CR before an LF are one line ending with it."""
    *ended, last = text.split("\n")
    lines = [line.rstrip("\r") for line in ended]
    return "\n".join([*lines, last]).replace("\r", "\n")


def _proved(text: str, article_id: str) -> list[Finding] | None:
    """Return how a text differs from an article at the end, if the digest proves it, else None."""
    digest = DIGESTS[article_id]
    if sha256(text.encode("utf-8")) == digest:
        return []
    if sha256(f"{text}\n".encode()) == digest:
        return [Finding(None, "final-newline-removed", "the newline at the end was removed")]
    if text.endswith("\n") and sha256(text[:-1].encode("utf-8")) == digest:
        return [Finding(None, "final-newline-added", "a newline was added at the end")]
    return None


def _compare(expected: str, found: str) -> list[Finding]:
    """Return how a text differs from that of an article."""
    kept = found.rstrip()
    missing = expected.removeprefix(kept).strip()
    if kept and missing and expected.startswith(kept):
        line = kept.count("\n") + 1
        message = f"the rest is missing: expected {_excerpt(missing, 0)}"
        return [Finding(line, "truncated", message)]
    if not _shares_a_line(expected, found):
        return [Finding(None, "replaced", "is another text: no line of the article is there")]
    return _changes(expected, found)


def _shares_a_line(expected: str, found: str) -> bool:
    """Tell whether a line of the article is there, however it was wrapped or capitalized."""
    everything = _simplified(found)
    lines = [line for line in expected.split("\n") if line.strip()]
    return any(_simplified(line) in everything for line in lines)


def _changes(expected: str, found: str) -> list[Finding]:
    """Return the lines that were changed, added or removed; the last message counts the rest."""
    old, new = StringIO(expected).readlines(), StringIO(found).readlines()
    note = _what_alone_differs(expected, found)
    findings = []
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(a=old, b=new).get_opcodes():
        if tag != "equal":
            before, after = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
            line = min(new_start + 1, len(new))
            findings.append(_change(before, after, line, note))
    if len(findings) > MAX_CHANGES:
        last = findings[MAX_CHANGES - 1]
        message = f"{last.message}; {len(findings)} changes in all"
        findings[MAX_CHANGES - 1 :] = [last._replace(message=message)]
    return findings


def _change(expected: str, found: str, line: int, note: str) -> Finding:
    """Return one change of lines, of which the first is ``line`` in the file that was found."""
    same = _length_of_common_start(expected, found)
    start = max(0, same - CONTEXT)
    message = f"expected {_excerpt(expected, start)}, found {_excerpt(found, start)}"
    note = note or _what_alone_differs(expected, found)
    if note:
        message = f"{message} (only {note})"
    return Finding(line + found[:same].count("\n"), "edited", message)


def _excerpt(text: str, start: int) -> str:
    """Quote a part of a text for a message."""
    if not text:
        return "nothing"
    return quote(text[start : start + EXCERPT])


def _length_of_common_start(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their start."""
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))


def _what_alone_differs(expected: str, found: str) -> str:
    """Name the only kind of difference between two texts, or return ``""``."""
    if _without_white_space(expected) == _without_white_space(found):
        return "white space differs"
    if expected.casefold() == found.casefold():
        return "upper and lower case differ"
    if expected.translate(_STRAIGHT) == found.translate(_STRAIGHT):
        return "quotation marks and dashes differ"
    return ""


def _simplified(text: str) -> str:
    """Return a text without white space, in lower case, with straight quotation marks."""
    return _without_white_space(text).casefold().translate(_STRAIGHT)


def _without_white_space(text: str) -> str:
    return "".join(text.split())
