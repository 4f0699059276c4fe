"""What happened to the content of a file, true by construction.

Redoing an alteration on the genuine text gives the bytes that were found; undoing an equivalence
in both texts makes them equal.
"""

from __future__ import annotations

import ast
import base64
import html
import io
import json
import quopri
import re
import tarfile
import unicodedata
import zipfile
import zlib
from functools import cache
from importlib import import_module
from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import unquote_to_bytes

from ._files import DIGESTS, MAX_SIZE, sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

# Every cause code, with the clause that messages use
CAUSES = {
    "bom": "a UTF-8 byte order mark was added",
    "utf-16": "the text is encoded as UTF-16",
    "utf-32": "the text is encoded as UTF-32",
    "legacy-encoding": "the text is encoded in a legacy code page",
    "crlf": "every line ending is CRLF",
    "cr": "every line ending is CR",
    "mixed-line-endings": "not every line ending is LF",
    "mojibake": "UTF-8 was misread and saved again",
    "non-ascii-lost": "non-ASCII characters were dropped or replaced",
    "html-escaped": "characters were escaped for HTML",
    "invisible": "invisible characters were added or removed",
    "compatibility": "characters were replaced by compatible ones",
    "quotes": "quotation marks were changed",
    "punctuation": "quotation marks, dashes or hyphens were changed",
    "case": "upper and lower case were changed",
    "whitespace": "white space was changed",
    "trimmed": "white space was removed at the start or the end",
    "final-newline-added": "a newline was added at the end",
    "final-newline-removed": "the newline at the end was removed",
    "truncated": "the end is missing",
    "start-missing": "the start is missing",
    "appended": "something was added at the end",
    "prepended": "something was added at the start",
    "repeated": "the text is there more than once",
    "empty": "the file is empty",
    "nul-bytes": "bytes were replaced by NUL bytes",
    "swapped": "this is another file of the data",
    "git-lfs-pointer": "this is a Git LFS pointer; run `git lfs pull`",
    "git-annex-pointer": "this is a git-annex pointer; run `git annex get`",
    "html-page": "this is a web page or a server's error message",
    "compressed": "the file is compressed or in an archive",
    "encoded": "the text was encoded for transport",
    "conflict-markers": "there are conflict markers of a merge",
    "json-layout": "every value is genuine, only the JSON layout is not",
    "renamed": "the file has another name",
    "nested": "the files are in another folder",
}
_ENCODING = frozenset(list(CAUSES)[: list(CAUSES).index("html-escaped")])  # codes of that check
_HINT = "; to keep git from doing this, add `data/** -text` to .gitattributes"

# Alterations
_CODECS = {"utf-8": (), "utf-32-le": ("utf-32",), "utf-32-be": ("utf-32",)}
_CODECS |= {"utf-16-le": ("utf-16",), "utf-16-be": ("utf-16",)}
_ENDINGS = {"\n": (), "\r\n": ("crlf",), "\r": ("cr",)}
_ENDINGS |= dict.fromkeys(("\n\r", "\r\r\n", "\x85", "\u2028", "\v"), ("mixed-line-endings",))
_ANY_ENDING = re.compile("\r\r\n|\r\n|\n\r|[\r\n\x85\u2028\v]")
_LEGACY = """cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 latin-1 iso8859-2
    iso8859-7 iso8859-15 mac-roman cp437 cp850 gbk gb18030 big5 shift-jis euc-jp cp949""".split()
_MISREAD = "cp1252 latin-1 cp437 cp850 cp1251 mac-roman gbk shift-jis cp932 big5".split()
_LOSSY = "ascii latin-1 cp1252 cp437 cp850 cp1251 gbk shift-jis".split()
_C1 = {0xDC00 + byte: byte for byte in range(128, 256)}  # browsers keep bytes without a meaning

# Equivalences, in the order in which they are applied
_QUOTES = dict.fromkeys(map(ord, "‘’‚‛"), "'") | dict.fromkeys(map(ord, "“”„‟"), '"')
_DASHES = re.compile("[-\u2010-\u2015\u2212]+")
_LONG_REFERENCE = re.compile(r"&#\w{9,}")  # of no character; int() may refuse its digits
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def _normalize(text: str) -> str:
    """Apply NFKC to each character; to a whole text it may take quadratic time."""
    return text.translate({ord(each): unicodedata.normalize("NFKC", each) for each in set(text)})


_EQUIVALENCES: dict[str, Callable[[str], str]] = {
    "html-escaped": lambda text: html.unescape(_LONG_REFERENCE.sub("\ufffd", text)),
    "invisible": lambda text: _INVISIBLE.sub("", text),
    "compatibility": _normalize,
    "quotes": lambda text: text.translate(_QUOTES),
    "punctuation": lambda text: _DASHES.sub("-", text.translate(_QUOTES)),
    "case": str.casefold,
    "ends": str.strip,  # named by _end_causes
    "whitespace": lambda text: "".join(text.split()),
}
FEW = 20  # characters that may be the same by chance
# How a text may relate to the genuine one, once both are folded
_RELATIONS: dict[str, Callable[[str, str], bool]] = {
    "": str.__eq__,
    "repeated": lambda found, whole: (
        found.count(whole) > 1 and not found.replace(whole, "").strip()
    ),
    "truncated": lambda found, whole: len(found) > FEW and whole.startswith(found),
    "start-missing": lambda found, whole: len(found) > FEW and whole.endswith(found),
    "appended": str.startswith,
    "prepended": str.endswith,
}
_SIGNATURES = {
    "git-lfs-pointer": r"version https://git-lfs\S+\s+(\S+ \S+\s+)+",
    "git-annex-pointer": r"\S*/annex/objects/\S+\s*",
    "html-page": r"\s*<(!doctype|\?xml|html|head|body|error)\b.*|HTTP/\d.*|\s*([45]\d\d\W+)?(not f"
    r"ound|forbidden|unauthorized|bad (request|gateway)|gateway timeout|too many requests|service "
    r'unavailable|internal server error)\W*|\s*\{\s*"(message|errors?|detail|status|code)":.{,999}',
    "conflict-markers": r"(?>.*?^<<<<<<< )(?>.*?^=======$)(?>.*?^>>>>>>> ).*",
}
_LITERAL = re.compile(  # a str or bytes, as Python writes it
    r"""\s*(b?(['"])([^\\\n]|\\[\\'"nrt]|\\x[\da-f]{2}|\\u[\da-f]{4}|\\U[\da-f]{8})*\2)\s*"""
)


def _unquote(data: bytes) -> bytes:
    literal = _LITERAL.fullmatch(data.decode())
    value = ast.literal_eval(literal[1]) if literal else b""
    return value if isinstance(value, bytes) else str.encode(value)


def _unzip(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(archive.namelist()[0]) as file:
        return file.read(MAX_SIZE)


def _untar(data: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        return next(filter(None, map(archive.extractfile, archive))).read(MAX_SIZE)


_DECOMPRESS: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: zlib.decompressobj(31).decompress(data, MAX_SIZE),
    lambda data: import_module("bz2").BZ2Decompressor().decompress(data, MAX_SIZE),
    lambda data: import_module("lzma").LZMADecompressor().decompress(data, MAX_SIZE),
    _unzip,
    _untar,
)
_DECODE: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: base64.b64decode(b"".join(data.split()), validate=True),
    quopri.decodestring,
    unquote_to_bytes,
    lambda data: unquote_to_bytes(data.replace(b"+", b" ")),
    lambda data: str.encode(json.loads(data)),
    _unquote,
)


class Explanation(NamedTuple):
    """What accounts for a whole file: cause codes, and a detail for the message."""

    causes: tuple[str, ...]
    detail: str = ""

    @property
    def check(self) -> Literal["encoding", "digest"]:
        """The check that a file with these causes fails."""
        return "encoding" if _ENCODING.intersection(self.causes) else "digest"

    def cost(self) -> tuple[bool, int, bool]:
        """Return how far it is from the best: exact, and of few causes."""
        inexact = not _EQUIVALENCES.keys().isdisjoint(self.causes)
        return inexact, len(self.causes), "whitespace" in self.causes

    def __str__(self) -> str:
        *clauses, last = (CAUSES[code] for code in self.causes)
        sentence = " and ".join(filter(None, (", ".join(clauses), last)))
        hint = _HINT if {"crlf", "mixed-line-endings"}.intersection(self.causes) else ""
        return sentence + f" ({self.detail})" * bool(self.detail) + hint


class Reading(NamedTuple):
    """A text that bytes may stand for, with LF line endings, and the causes this implies."""

    text: str
    causes: tuple[str, ...] = ()
    detail: str = ""


def read(data: bytes, genuine: str = "") -> Iterator[Reading]:
    """Yield the texts that bytes may stand for, in Unicode or with the genuine characters."""
    unicode, legacy = False, dict[str, list[str]]()
    for codec, causes in _CODECS.items():
        if (text := _decode(data, codec)) and (codec == "utf-8" or b"\0" in data):
            unicode, marked = True, text.startswith("\ufeff")
            bom = ("bom",) * (marked and codec == "utf-8")
            yield from _with_lf(Reading(text[marked:], causes + bom))
    alphabet = {*genuine, *map(chr, range(128))}
    for codec in () if unicode or genuine.isascii() else _LEGACY:
        if (text := _decode(data, codec)) and alphabet.issuperset(text):
            legacy.setdefault(text, []).append(codec)
    for text, codecs in legacy.items():
        yield from _with_lf(Reading(text, ("legacy-encoding",), " or ".join(codecs)))


def _decode(data: bytes, codec: str) -> str:
    """Decode bytes; nothing if that is impossible, or cannot be undone."""
    try:
        text = data.decode(codec)
        return text if text.encode(codec) == data else ""
    except UnicodeError:
        return ""


def _with_lf(reading: Reading) -> Iterator[Reading]:
    """Yield a reading as it is, and with its line endings made LF."""
    text, causes, detail = reading
    yield reading
    uniform = [
        Reading(lf, causes + more, detail)
        for ending, more in _ENDINGS.items()
        if (lf := text.replace(ending, "\n")) != text and lf.replace("\n", ending) == text
    ]
    if not uniform and (lf := _ANY_ENDING.sub("\n", text)) != text:
        yield Reading(lf, (*causes, "mixed-line-endings"), detail)
    yield from uniform


@cache
def _variants(genuine: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what misreading and lossy encodings make of a text: as it is, folded, causes."""
    variants: dict[str, tuple[str, ...]] = {genuine: ()}
    if not genuine.isascii():
        lossy = {genuine.encode().decode("ascii", "replace")}
        for codec, errors in product(_LOSSY, ("replace", "ignore")):
            data = genuine.encode(codec, errors)
            lossy |= {data.decode(codec, errors), data.decode("utf-8", errors)}
        variants |= dict.fromkeys(lossy - {genuine}, ("non-ascii-lost",))
        for codec, errors in product(_MISREAD, ("surrogateescape", "replace", "ignore")):
            text = genuine
            for _ in range(2):
                text = text.encode("utf-8", "replace").decode(codec, errors).translate(_C1)
                variants.setdefault(text, ("mojibake",))
    return [(text, _fold(text), causes) for text, causes in variants.items()]


def _fold(text: str, codes: Collection[str] = tuple(_EQUIVALENCES)) -> str:
    """Remove from a text the differences that codes stand for."""
    for code, function in _EQUIVALENCES.items():
        text = function(text) if code in codes else text
    return text


_fold_genuine = cache(_fold)


def explain(name: str, data: bytes, genuine: bytes | None, depth: int = 2) -> Explanation | None:
    """Return the best explanation of the whole content of a file, or None."""
    if not data.strip(b"\0") or not data.strip():
        return Explanation(("nul-bytes",) if b"\0" in data else ("empty",))
    whole, found = (genuine or b"").decode(), list[Explanation]()
    for reading in read(data, whole):
        for code, pattern in _SIGNATURES.items():
            if re.fullmatch(pattern, reading.text, re.IGNORECASE | re.DOTALL | re.MULTILINE):
                return Explanation((code,))
        digest = sha256(reading.text.encode("utf-8", "replace"))
        for other in (each for each in DIGESTS if DIGESTS[each] == digest and each != name):
            found.append(Explanation((*reading.causes, "swapped"), other))
        found += _relate(reading, whole) if whole else ()
    found += _compare_bytes(data, whole) if whole else ()
    for unpack in (*_DECOMPRESS, *_DECODE) if depth and not found else ():
        try:
            inner = unpack(data)
        except Exception:  # noqa: BLE001, S112 - it is not in this format
            continue
        code = "compressed" if unpack in _DECOMPRESS else "encoded"
        if inner == genuine:
            found.append(Explanation((code,)))
        elif len(inner) > FEW and inner != data:
            rest = explain(name, inner, genuine, depth - 1)
            found += [Explanation((code, *rest.causes), rest.detail)] if rest else []
    return min(found, key=Explanation.cost, default=None)


def _compare_bytes(data: bytes, genuine: str) -> Iterator[Explanation]:
    """Look for a part of the genuine file, or NULs in it, in each encoding and line ending."""
    for codec, mark, (ending, more) in product(_CODECS, ("", "\ufeff"), _ENDINGS.items()):
        causes = (*_CODECS[codec], *["bom"] * (codec == "utf-8" and mark != ""), *more)
        whole = (mark + genuine.replace("\n", ending)).encode(codec)
        detail = f"{len(data):,} of {len(whole):,} bytes are there"
        if len(data) < len(whole) and whole.startswith(data):
            yield Explanation((*causes, "truncated"), detail)
        elif len(data) < len(whole) and whole.endswith(data):
            yield Explanation((*causes, "start-missing"), detail)
        elif len(data) == len(whole) and data != whole and b"\0" in data:
            in_place = (one in (0, two) for one, two in zip(data, whole, strict=True))
            yield from [Explanation((*causes, "nul-bytes"))] * all(in_place)


def _relate(reading: Reading, genuine: str) -> Iterator[Explanation]:
    """Relate a text to the genuine one, with the equivalences that this needs."""
    text, causes, detail = reading
    folded, plain = _fold(text), _fold_genuine(genuine)
    familiar = any(words in folded for words in re.findall("[ -~]{24}", plain)[:50])
    for variant, other, more in _variants(genuine) if familiar else [(genuine, plain, ())]:
        for relation, holds in _RELATIONS.items():
            if not holds(folded, other):
                continue
            codes = list(_EQUIVALENCES)
            for code in reversed(_EQUIVALENCES):
                fewer = [each for each in codes if each != code]
                if holds(_fold(text, fewer), _fold(variant, fewer)):
                    codes = fewer
            if {"compatibility", "invisible"}.intersection(codes):
                strange = sorted({*text} - {*genuine})[:5]
                names = (f"U+{ord(each):04X} {unicodedata.name(each, '')}" for each in strange)
                detail = detail or ", ".join(names)
            if codes[-1:] == ["ends"]:
                codes.pop()
                if relation:
                    line, rest = _fold(text.removesuffix("\n"), codes), _fold(variant, codes)
                    cut = relation == "truncated" and text.endswith("\n") and rest.startswith(line)
                    end = "trimmed" if text == text.strip() else "whitespace"
                    codes.append("final-newline-added" if cut else end)
                else:
                    codes += _end_causes(text, variant)
            yield Explanation((*causes, *more, *codes, *filter(None, [relation])), detail)
            return


def _end_causes(found: str, genuine: str) -> tuple[str, ...]:
    """Return what was done to the white space at the start and end of a text."""
    one, two = (
        re.sub(r"\S(.*\S)?", "x", text, count=1, flags=re.DOTALL) for text in (found, genuine)
    )
    trims = (two.strip(), two.lstrip(), two.rstrip())
    ends: dict[str, tuple[str, ...]] = dict.fromkeys(
        (f"{trim}\n" for trim in trims), ("trimmed", "final-newline-added")
    )
    ends |= dict.fromkeys(trims, ("trimmed",))
    ends[two.removesuffix("\n")] = ("final-newline-removed",)
    ends[f"{two}\n"] = ends[f"{two}\r\n"] = ("final-newline-added",)
    return ends.get(one, ("whitespace",))
