"""What happened to the content of an article's file: undo what can be undone, then compare."""

import codecs
import re
from difflib import SequenceMatcher
from io import StringIO
from typing import NamedTuple

from ._data import DIGESTS, MAX_SIZE, filename_of, ids, read_text, sha256
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
# Quotation marks and dashes, with the ASCII characters that are typed instead
_STRAIGHT = str.maketrans("‘’‚‛′`´“”„‟″«»–—―−‐‑‒", "'" * 7 + '"' * 7 + "-" * 7)


class Finding(NamedTuple):
    """One thing that happened to a file; `Problem` adds which file it is."""

    line: int | None
    code: Code
    message: str


class Proof(NamedTuple):
    """Which article a text is, proved by its digest, and how it differs at the end."""

    article_id: str
    findings: list[Finding]


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
    proof = _prove(text)
    if proof is not None:
        if proof.article_id != article_id:
            message = f"has the content of {filename_of(proof.article_id)}"
            findings.insert(0, Finding(None, "swapped", message))
        return [*findings, *proof.findings]
    try:
        expected = read_text(article_id)
    except IntegrityError:
        message = "its SHA-256 differs; why is not known, because the packaged text is changed"
        return [*findings, Finding(None, "changed", message)]
    return [*findings, *_compare(expected, text)]


def identify(data: bytes) -> str | None:
    """Return the id of the article that a file is or was made from, if its content tells."""
    text, _ = undo(data)
    proof = _prove(text)
    if proof is not None:
        return proof.article_id
    shared = {article_id: _count_shared_lines(text, article_id) for article_id in ids()}
    best = max(ids(), key=shared.__getitem__)
    return best if shared[best] > 0 else None


def _count_shared_lines(text: str, article_id: str) -> int:
    """Return how many lines of an article that are not blank are lines of a text.

    They have to be the same, because a file of any name is compared.
    """
    try:
        expected = read_text(article_id)
    except IntegrityError:
        return 0
    lines = set(text.split("\n"))
    return len([line for line in expected.split("\n") if line.strip() and line in lines])


def _prove(text: str) -> Proof | None:
    """Return which article a text is, but for a newline at the end, if a digest proves it."""
    added = Finding(None, "final-newline-added", "a newline was added at the end")
    removed = Finding(None, "final-newline-removed", "the newline at the end was removed")
    for article_id, digest in DIGESTS.items():
        if sha256(text.encode()) == digest:
            return Proof(article_id, [])
        if sha256(f"{text}\n".encode()) == digest:
            return Proof(article_id, [removed])
        if text.endswith("\n") and sha256(text[:-1].encode()) == digest:
            return Proof(article_id, [added])
    return None


def _something_else(data: bytes) -> Finding | None:
    """Recognize what is no text of an article at all."""
    if len(data) <= MAX_SIZE and _is_blank(data):  # what follows a blank start may be text
        return Finding(None, "empty", "is empty or blank")
    if data.startswith(_GIT_LFS_POINTER):
        message = "is a Git LFS pointer; `git lfs pull` gets the file"
        return Finding(None, "git-lfs-pointer", message)
    start = data.removeprefix(codecs.BOM_UTF8).lstrip().lower()
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
    without_nul = data.replace(b"\0", b"")  # UTF-16 has them, too
    return not without_nul.decode("utf-8", "replace").strip()


def _line_of_conflict(data: bytes) -> int | None:
    """Return the number of the line where a conflict begins, if all three markers are there."""
    lines = data.splitlines()
    begins = [number for number, line in enumerate(lines, 1) if line.startswith(b"<<<<<<< ")]
    ends = [line for line in lines if line.startswith(b">>>>>>> ")]
    if begins and b"=======" in lines and ends:
        return begins[0]
    return None


def undo(data: bytes) -> tuple[str, list[Finding]]:
    """Return the text of a file after all that can be undone, and what that was.

    That is a byte order mark, then the encoding, a misreading and the line endings. Each step
    returns the text and a list of what it found, which is empty or has one member.
    """
    findings = []
    if data.startswith(codecs.BOM_UTF8):
        findings.append(Finding(None, "bom", "begins with a UTF-8 byte order mark"))
        data = data.removeprefix(codecs.BOM_UTF8)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text, found = _decode_utf_16(data)
    else:
        text, found = _decode_utf_8(data)
    findings += found
    text, found = _undo_line_endings(text)
    return text, findings + found


def _decode_utf_16(data: bytes) -> tuple[str, list[Finding]]:
    """Return the text of a file that begins with a byte order mark of UTF-16."""
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        message = "begins as UTF-16, but is not all UTF-16"
        return data.decode("utf-16", "ignore"), [Finding(1, "not-utf-8", message)]
    return text, [Finding(None, "utf-16", "is encoded as UTF-16, not UTF-8")]


def _decode_utf_8(data: bytes) -> tuple[str, list[Finding]]:
    """Return the text of a file that should be UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_wrong_utf_8(data, error)
    return _undo_misreading(text)


def _decode_wrong_utf_8(data: bytes, error: UnicodeDecodeError) -> tuple[str, list[Finding]]:
    """Return the text of a file that is not UTF-8: the error says where."""
    start = data[: error.start].decode("utf-8")
    lines, _ = _undo_line_endings(start)
    line = lines.count("\n") + 1
    if error.reason == "unexpected end of data":
        message = "is not UTF-8: the last character is incomplete"
        return start, [Finding(line, "not-utf-8", message)]
    message = f"is not UTF-8: found the byte 0x{data[error.start]:02X}"
    text = _decode_windows_1252(data)
    if text is None:
        text = data.decode("utf-8", "replace")
    else:
        message = f"{message}; all of it can be read as Windows-1252"
    return text, [Finding(line, "not-utf-8", message)]


def _decode_windows_1252(data: bytes) -> str | None:
    """Return the text of a file, if all of it can be Windows-1252 and no character is UTF-8."""
    if not data.decode("utf-8", "ignore").isascii():
        return None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return None


def _undo_misreading(text: str) -> tuple[str, list[Finding]]:
    """Undo that UTF-8 was read in another encoding, if that gives UTF-8 again."""
    if text.isascii():
        return text, []
    for encoding, name in (("cp1252", "Windows-1252 or Latin-1"), ("cp437", "cp437")):
        try:
            undone = _bytes_read_as(text, encoding).decode("utf-8")
        except UnicodeError:
            continue
        message = f"UTF-8 was read as {name}, and the wrong characters were saved"
        return undone, [Finding(None, "mojibake", message)]
    return text, []


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


def _undo_line_endings(text: str) -> tuple[str, list[Finding]]:
    """Make each line ending LF; several CR before an LF are one line ending with it."""
    if "\r" not in text:
        return text, []
    *ended, last = text.split("\n")  # no LF follows the last: there each CR is a line ending
    lines = [line.rstrip("\r") for line in ended]
    undone = "\n".join([*lines, last]).replace("\r", "\n")
    crlf = text.count("\r\n")
    lf, cr = text.count("\n") - crlf, text.count("\r") - crlf
    if lf == cr == 0:
        message = "every line ending is CRLF; `* -text` in .gitattributes prevents that"
        return undone, [Finding(None, "crlf", message)]
    message = f"line endings are not all LF: {crlf} CRLF, {cr} CR, {lf} LF"
    return undone, [Finding(None, "mixed-line-endings", message)]


def _compare(expected: str, found: str) -> list[Finding]:
    """Return how a text differs from that of an article."""
    kept = found.rstrip()
    missing = expected[len(kept) :].strip()
    if kept and expected.startswith(kept) and missing:
        line = kept.count("\n") + 1
        message = f"the rest is missing: expected {_excerpt(missing, 0)}"
        return [Finding(line, "truncated", message)]
    if not _holds_a_line(expected, found):
        return [Finding(None, "replaced", "is another text: no line of the article is there")]
    return _changes(expected, found)


def _holds_a_line(expected: str, found: str) -> bool:
    """Tell whether a line of the article is anywhere in a text, rewrapped or in capitals."""
    everything = _simplified(found)
    lines = [line for line in expected.split("\n") if line.strip()]
    return any(_simplified(line) in everything for line in lines)


def _changes(expected: str, found: str) -> list[Finding]:
    """Return the lines that were changed, added or removed; the last message counts the rest."""
    old, new = StringIO(expected).readlines(), StringIO(found).readlines()  # LF alone ends a line
    whole = _what_alone_differs(expected, found)
    findings = []
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(a=old, b=new).get_opcodes():
        if tag != "equal":
            before, after = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
            line = min(new_start + 1, len(new))  # what was removed at the end has no line
            findings.append(_change(before, after, line, whole))
    shown = findings[:MAX_CHANGES]
    if len(findings) > MAX_CHANGES:
        message = f"{shown[-1].message}; {len(findings)} changes in all"
        shown[-1] = shown[-1]._replace(message=message)
    return shown


def _change(expected: str, found: str, line: int, whole: str) -> Finding:
    """Return one change of lines, of which the first is ``line`` in the file that was found.

    ``whole`` is the only kind of difference in the whole text, if there is only one: a paragraph
    that was rewrapped may be paired with another one here.
    """
    same = _length_of_common_start(expected, found)
    start = max(0, same - CONTEXT)
    message = f"expected {_excerpt(expected, start)}, found {_excerpt(found, start)}"
    note = whole or _what_alone_differs(expected, found)
    if note:
        message = f"{message} (only {note})"
    return Finding(line, "edited", message)


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
    if expected.lower() == found.lower():
        return "upper and lower case differ"
    if expected.translate(_STRAIGHT) == found.translate(_STRAIGHT):
        return "quotation marks and dashes differ"
    return ""


def _simplified(text: str) -> str:
    """Return a text without white space, in lower case, with ASCII quotation marks and dashes."""
    return _without_white_space(text).lower().translate(_STRAIGHT)


def _without_white_space(text: str) -> str:
    return "".join(text.split())
