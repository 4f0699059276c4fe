"""What happened to a file whose bytes are wrong: a table of what tools do to texts.

A cause is told only if it accounts for every byte.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import product
from typing import NamedTuple

from .differences import shared
from .reading import DIGESTS, SIZES, digest

_UNICODE = ("utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-32-be", "utf-32")
_LEGACY = ("utf-7", "cp1252", "mac-roman", "gb18030", "cp037")
UNICODE = {"utf-8": "", "utf-8-sig": "a byte order mark was added"}
UNICODE |= {name: f"the text was encoded as {name.upper()}" for name in _UNICODE}
LEGACY = {name: f"the text was encoded as {name.upper()}" for name in _LEGACY}
LINE_ENDS = {
    "\n": "",
    "\r\r\n": "line endings were changed from LF to CR CR LF",
    "\r\n": "line endings were changed from LF to CRLF (git's core.autocrlf does this)",
    "\r": "line endings were changed from LF to CR",
    "\x85": "line endings were changed from LF to NEL",
    "\u2028": "line endings were changed from LF to U+2028",
}

_QUOTES = str.maketrans("‘’“”", "''\"\"")
_PUNCTUATION = _QUOTES | str.maketrans("–", "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_CP1252 = {  # as browsers read it: the five bytes that it leaves open stand for themselves
    ord(bytes([byte]).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(128, 160)
}


class Edit(NamedTuple):
    """A function on texts, and what to say if it relates the one found to the genuine one."""

    function: Callable[[str], str]
    done: str = ""  # it makes the one found of the genuine one
    undone: str = ""  # it makes the genuine one of the one found
    both: str = ""  # it makes the same of both


def _by_line(function: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "\n".join(map(function, text.split("\n")))


EDITS = (
    Edit(lambda t: t.removesuffix("\n"), "the final newline was stripped", "a newline was added"),
    Edit(str.rstrip, "the end was trimmed of white space", "white space was added at the end"),
    Edit(str.lstrip, "the start was trimmed of white space", "white space was added at the start"),
    Edit(str.strip, "both ends were trimmed of white space", "white space was added at both ends"),
    Edit(_by_line(lambda line: line.rstrip(" \t")), "", "lines were padded at the end"),
    Edit(_by_line(lambda line: line.lstrip(" \t")), "", "lines were indented"),
    Edit(lambda t: re.sub("\n{3,}", "\n\n", t), "runs of blank lines were made one"),
    Edit(lambda t: re.sub("\n+", "\n", t), "blank lines were removed"),
    Edit(lambda t: t.replace("\n", "\n\n"), "every line ending was doubled"),
    Edit(lambda t: t.replace("\n", ""), "line endings were removed"),
    Edit(
        lambda t: " ".join(t.split()), "white space was folded", "", "only white space was changed"
    ),
    Edit(
        lambda t: t.translate(_QUOTES),
        "curly quotes were made straight",
        "straight quotes were made curly",
        "only quotes were changed",
    ),
    Edit(lambda t: t.translate(_PUNCTUATION), "curly quotes and dashes were made ASCII"),
    Edit(
        lambda t: "".join(unicodedata.normalize("NFKC", each) for each in t),
        undone="characters were exchanged for compatible ones (a no-break space for a space)",
    ),
    Edit(lambda t: t.translate(_INVISIBLE), "", "invisible characters were added"),
    Edit(
        lambda t: t.encode("latin-1").decode(),
        undone="UTF-8 was taken for Latin-1 and saved again",
    ),
    Edit(
        lambda t: t.translate(_CP1252).encode("latin-1").decode(),
        undone="UTF-8 was taken for Windows-1252 and saved again",
    ),
    Edit(lambda t: t.encode("ascii", "ignore").decode(), "non-ASCII characters were dropped"),
    Edit(lambda t: t.encode("ascii", "replace").decode(), "non-ASCII characters were made '?'"),
    Edit(lambda t: t.encode().decode("ascii", "replace"), "non-ASCII bytes were made U+FFFD"),
    Edit(html.unescape, undone="characters were escaped for HTML"),
    Edit(str.lower, "letters were made lower case", both="only upper and lower case were changed"),
    Edit(str.upper, "letters were made upper case"),
    Edit(lambda t: t * 2, "the text was written twice"),
)


def failed_check(filename: str, data: bytes) -> str:
    """Name the check that wrong bytes fail first: ``encoding``, ``size`` or ``digest``.

    The encoding asked for is strict UTF-8 without a byte order mark, lines that end in LF, no
    control characters, Unicode normal form C.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "encoding"
    controls = any(unicodedata.category(each) == "Cc" for each in set(text) - {"\n"})
    if controls or text.startswith("\ufeff") or not unicodedata.is_normalized("NFC", text):
        return "encoding"
    return "digest" if len(data) == SIZES[filename] else "size"


def explain(filename: str, data: bytes, genuine: bytes | None) -> str | None:
    """Say what happened to a file, or None if no known cause accounts for its bytes.

    Without the genuine bytes only what can be undone is found.
    """
    if not data.strip(b"\0"):
        return "holds nothing but NUL bytes" if data else "is empty"
    if re.fullmatch(rb"version https://git-lfs\S+\n(\S+ \S+\n)+", data):
        return "is a Git LFS pointer; the file itself was not fetched"
    held = {sha256: name for name, sha256 in DIGESTS.items()}.get(digest(data))
    if held is not None:
        return f"holds the genuine {held}: exchanged for it, or overwritten by it"
    readings = _readings(filename, data, UNICODE)
    # Nearly any byte means something in a legacy encoding: only the whole text speaks for one.
    for text, said in (*readings, *_readings(filename, data, LEGACY)):
        if digest(text.encode()) == DIGESTS[filename]:
            return f"{said}; the text is otherwise genuine"
    whole = None if genuine is None else genuine.decode()
    for edit, (text, said) in product(EDITS, readings):
        told = edit.done if whole is not None and edit.done and edit.function(whole) == text else ""
        if not told and edit.undone and _gives(edit, text, DIGESTS[filename]):
            told = edit.undone
        if told:
            return f"{_joined(told, said)}; the text is otherwise genuine"
    return None if genuine is None else _cut_or_grown(data, genuine)


def nearest(filename: str, data: bytes, genuine: str) -> tuple[str, str]:
    """Read bytes that no cause explains in the way that agrees longest with the genuine text.

    Return that reading and what it says of the file: nothing, if the bytes are read as they are.
    """
    plain = (data.decode("utf-8", "surrogateescape"), "")
    readings = [plain, *_readings(filename, data, UNICODE)]
    return max(readings, key=lambda reading: shared(reading[0], genuine))


def likeness(text: str, genuine: str) -> str:
    """Say in what alone a text differs from the genuine one, if in one respect; or nothing."""
    told = (
        each.both for each in EDITS if each.both and each.function(text) == each.function(genuine)
    )
    return next(told, "")


def _readings(filename: str, data: bytes, codecs: Mapping[str, str]) -> list[tuple[str, str]]:
    """Read bytes in each encoding, with each line ending; and say what that amounts to."""
    readings = []
    for (codec, recoded), (end, ended) in product(codecs.items(), LINE_ENDS.items()):
        try:
            text = data.decode(codec)
            text.encode()  # fails for half of a surrogate pair, which UTF-7 lets pass
            if codec in LEGACY and text.encode(codec) != data:  # UTF-7 passes over a stray "+"
                continue
        except UnicodeError:
            continue
        if len(text) <= 4 * SIZES[filename] and (end in text or not ended):
            some = "some " if ended and "\n" in text.replace(end, "") else ""
            readings.append((text.replace(end, "\n"), _joined(recoded, f"{some}{ended}")))
    return readings


def _gives(edit: Edit, text: str, sha256: str) -> bool:
    try:
        return digest(edit.function(text).encode()) == sha256
    except UnicodeError:  # the function has no answer for this text
        return False


def _joined(*told: str) -> str:
    return " and ".join(filter(None, told))


def _cut_or_grown(data: bytes, genuine: bytes) -> str | None:
    size, more = f"{len(genuine):,}", f"{len(data) - len(genuine):,}"
    if genuine.startswith(data):
        return f"was cut off: genuine up to byte {len(data):,} of {size}"
    if genuine.endswith(data):
        return f"lost its start: only the last {len(data):,} of {size} bytes are there"
    if data.startswith(genuine):
        return f"goes on after the end of the genuine text; bytes too many: {more}"
    if data.endswith(genuine):
        return f"has something before the genuine text; bytes too many: {more}"
    return None
