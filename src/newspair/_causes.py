"""What happened to a file: its encoding is undone, then its text compared up to equivalences."""

import base64
import html
import json
import os
import quopri
import re
import tarfile
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial, reduce
from importlib import import_module
from io import BytesIO
from itertools import product
from typing import NamedTuple
from urllib.parse import unquote_to_bytes
from zipfile import ZipFile

from ._errors import quote
from ._files import DIGESTS, MAX_SIZE, sha256

# Alterations: encodings, line endings, and code pages in which text is saved or UTF-8 misread
_CODECS: dict[str, tuple[str, ...]] = {"utf-8": (), "utf-8-sig": ("bom",)}
_CODECS |= dict.fromkeys(("utf-32-le", "utf-32-be", "utf-32"), ("utf-32",))
_CODECS |= dict.fromkeys(("utf-16-le", "utf-16-be", "utf-16"), ("utf-16",))
_ENDINGS = {"\n": (), "\r\n": ("crlf",), "\r": ("cr",)}
_PAGES = """ascii cp1252 latin-1 cp437 cp850 mac-roman cp1251 gbk shift-jis cp932 big5 cp1250
    cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-7 iso8859-15 gb18030 euc-jp
    cp949 cp866 koi8-r""".split()
_C1 = {0xDC00 + byte: byte for byte in range(128, 256)}  # browsers keep undefined bytes

# Equivalences, in the order in which they are applied
_EQUIVALENCES: dict[str, Callable[[str], str]] = {
    "mixed-line-endings": partial(re.sub, "\r\r\n|\r\n|\n\r|[\r\x85\u2028\v]", "\n"),
    # Long references stand for no character, and int() may refuse their digits.
    "html-escaped": lambda text: html.unescape(re.sub(r"&#\w{9,}", "\ufffd", text)),
    "invisible": partial(
        re.sub, "[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]", ""
    ),
    # Each character by itself, because NFKC of a text may take long
    "compatibility": partial(re.sub, "[^\0-\x7f]", lambda c: unicodedata.normalize("NFKC", c[0])),
    "quotes": lambda text: re.sub("[‘’‚‛]", "'", re.sub("[“”„‟]", '"', text)),
    "punctuation": lambda t: re.sub("[-\u2010-\u2015\u2212]+", "-", _EQUIVALENCES["quotes"](t)),
    "case": str.casefold,
    "whitespace": lambda text: "".join(text.split()),
}
FEW = 20  # characters that may be the same by chance
# How a text may relate to the genuine one, once both are folded
_RELATIONS: dict[str, Callable[[str, str], bool]] = {
    "": str.__eq__,
    "repeated": lambda text, whole: text.count(whole) > 1 and not text.replace(whole, "").strip(),
    "truncated": lambda text, whole: len(text) > FEW and whole.startswith(text),
    "start-missing": lambda text, whole: len(text) > FEW and whole.endswith(text),
    "appended": str.startswith,
    "prepended": str.endswith,
}
SIGNATURES = {
    "git-lfs-pointer": r"version https://git-lfs\S+\s+(\S+ \S+\s+)+",
    "git-annex-pointer": r"(?>\S*?/annex/objects/)\S+\s*",
    "html-page": r"\s*<(!doctype|\?xml|html|head|body)\b.*|\s*<[a-z].*>\s*|HTTP/\d.*|\s*([45]\d\d"
    r"\W+)?(not found|forbidden|unauthorized|access denied|bad (request|gateway)|gateway timeout|"
    r"too many requests|service unavailable|internal server error)\W*"
    r'|\s*\{\s*"(message|errors?|detail|status|code)":.{,999}',
    "conflict-markers": r"(?>.*?^<<<<<<< )(?>.*?^=======$)(?>.*?^>>>>>>> ).*",
}


def _unzip(data: bytes) -> bytes:
    with ZipFile(BytesIO(data)) as archive:  # which bounds what it reads of two methods only
        files = (each for each in archive.infolist() if each.compress_type in (0, 8))
        return archive.open(next(each for each in files if each.file_size)).read(MAX_SIZE)


def _untar(data: bytes) -> bytes:
    with tarfile.open(fileobj=BytesIO(data), mode="r:") as archive:
        return next(filter(None, map(archive.extractfile, archive))).read(MAX_SIZE)


_UNPACK: dict[Callable[[bytes], bytes], str] = {
    lambda data: zlib.decompressobj(31).decompress(data, MAX_SIZE): "compressed",
    lambda data: import_module("bz2").BZ2Decompressor().decompress(data, MAX_SIZE): "compressed",
    lambda data: import_module("lzma").LZMADecompressor().decompress(data, MAX_SIZE): "compressed",
    _unzip: "compressed",
    _untar: "compressed",
    lambda data: base64.b64decode(b"".join(data.split()), validate=True): "encoded",
    lambda data: str.encode(json.loads(data)): "encoded",
    quopri.decodestring: "encoded",
    unquote_to_bytes: "encoded",
    lambda data: unquote_to_bytes(data.replace(b"+", b" ")): "encoded",
}


class Explanation(NamedTuple):
    """What accounts for a file: cause codes, a detail for the message, the text that is left."""

    causes: tuple[str, ...] = ()
    detail: str = ""
    text: str = ""

    def cost(self) -> tuple[bool, int, bool]:
        """Return a sort key: exact first, then few causes."""
        inexact = _EQUIVALENCES.keys() & {*self.causes} - {"mixed-line-endings"}
        vague = {"whitespace", "mixed-line-endings", "truncated", "start-missing"} & {*self.causes}
        return bool(inexact), len(self.causes) + len(vague), bool(vague)


def decodings(data: bytes, genuine: str) -> Iterator[Explanation]:
    """Yield the texts that bytes may stand for, in Unicode or else with the genuine characters."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    alphabet = {*genuine, *map(chr, range(128))}
    for codec in (*_CODECS, *_PAGES):
        if codec == "ascii" and (found or genuine.isascii()):
            break
        causes = _CODECS.get(codec, ("legacy-encoding",))
        with suppress(UnicodeError):
            text = data.decode(codec)
            exact = text.encode(codec) == data and (codec != "utf-8" or text[:1] != "\ufeff")
            if causes in (("utf-16",), ("utf-32",)):
                text, exact = text.removeprefix("\ufeff"), exact and b"\0" in data
            if exact and (codec in _CODECS or alphabet.issuperset(text)):
                found.setdefault((text, causes), []).append(codec)
    for (text, causes), codecs in found.items():
        detail = " or ".join(codecs) if "legacy-encoding" in causes else ""
        for ending, more in _ENDINGS.items():
            lf = text.replace(ending, "\n")
            if not more or (lf != text == lf.replace("\n", ending) and "\r" not in lf):
                yield Explanation(causes + more, detail, lf)
                if lf.endswith("\n"):
                    line = lf[:-1].removesuffix("\r")
                    yield Explanation((*causes, *more, "final-newline-added"), detail, line)


@cache
def _variants(genuine: str) -> dict[str, tuple[str, ...]]:
    """Return what trimming, quoting, misreading and lossy encodings make of a text, and why."""
    variants: dict[str, tuple[str, ...]] = {genuine: ()}
    variants.setdefault(genuine.removesuffix("\n"), ("final-newline-removed",))
    for trimmed in (genuine.rstrip(), genuine.lstrip(), genuine.strip()):
        variants.setdefault(trimmed, ("trimmed",))
    for literal in (repr(genuine), ascii(genuine), repr(genuine.encode())):
        variants |= dict.fromkeys((literal, f"{literal}\n"), ("encoded",))
    alphabet = {*genuine, "?", "\ufffd"}
    for codec, errors in product(_PAGES, ("replace", "ignore", "surrogateescape")):
        texts = [genuine.encode().decode(codec, errors).translate(_C1)]
        texts += [texts[0].encode(errors="replace").decode(codec, errors).translate(_C1)]
        if errors != "surrogateescape":
            data = genuine.encode(codec, errors)
            texts += [data.decode(codec), data.decode("utf-8", errors)]
        for text in texts:
            lost = alphabet.issuperset(text)
            variants.setdefault(text, ("non-ascii-lost",) if lost else ("mojibake",))
    return variants


def _fold(text: str, codes: tuple[str, ...] = tuple(_EQUIVALENCES)) -> str:
    return reduce(lambda text, code: _EQUIVALENCES[code](text), codes, text)


_fold_variant = cache(_fold)


def explain(name: str, data: bytes, genuine: str, depth: int = 2) -> Explanation | None:
    """Return the best explanation of the whole content of a file, or None."""
    if not data.strip(b"\0") or not data.strip():
        return Explanation(("nul-bytes",) if b"\0" in data else ("empty",))
    found = [*_compare_bytes(data, genuine)] if genuine else []
    for reading in decodings(data, genuine):
        for code, pattern in SIGNATURES.items():
            if re.fullmatch(pattern, reading.text, re.IGNORECASE | re.DOTALL | re.MULTILINE):
                return Explanation((code,))
        digest = sha256(reading.text.encode())
        others = (each for each in DIGESTS if DIGESTS[each] == digest and each != name)
        found += (Explanation((*reading.causes, "swapped"), other) for other in others)
        found += _relate(reading, genuine) if genuine else ()
    for unpack, code in _UNPACK.items() if depth and not found else ():
        inner = b""
        with suppress(Exception):  # it is not in this format
            inner = unpack(data)
        other = inner != data and inner.strip(b"\0")[FEW:]
        if other and (rest := explain(name, inner, genuine, depth - 1)):
            found.append(Explanation(tuple(dict.fromkeys((code, *rest.causes))), rest.detail))
    return min(found, key=Explanation.cost, default=None)


def _compare_bytes(data: bytes, genuine: str) -> Iterator[Explanation]:
    """Look for a part of the genuine file, or NULs in it, in each encoding and line ending."""
    for (codec, causes), (ending, more) in product(_CODECS.items(), _ENDINGS.items()):
        whole = genuine.replace("\n", ending).encode(codec)
        detail = f"{len(data):,} of {len(whole):,} bytes are there"
        if whole.startswith(data):
            yield Explanation((*causes, *more, "truncated"), detail)
        if whole.endswith(data):
            yield Explanation((*causes, *more, "start-missing"), detail)
        if len(data) == len(whole) and all(byte in (0, whole[n]) for n, byte in enumerate(data)):
            yield Explanation((*causes, *more, "nul-bytes"))


def _relate(reading: Explanation, genuine: str) -> Iterator[Explanation]:
    """Relate a text to the genuine one, with the equivalences that this needs."""
    folded, words = _fold(reading.text), re.findall("[ -~]{24}", _fold_variant(genuine))[:50]
    familiar = any(each in folded for each in words)
    for variant, causes in _variants(genuine).items() if familiar else [(genuine, ())]:
        whole, codes, detail = _fold_variant(variant), tuple(_EQUIVALENCES), reading.detail
        relation = next((each for each in _RELATIONS if _RELATIONS[each](folded, whole)), None)
        if relation is None:
            continue
        for code in reversed(codes):
            fewer = tuple(each for each in codes if each != code)
            if _RELATIONS[relation](_fold(reading.text, fewer), _fold_variant(variant, fewer)):
                codes = fewer
        if characters := tuple({"invisible", "compatibility"}.intersection(codes)):
            new = {*reading.text} - {*genuine}
            strange = sorted(each for each in new if _fold(each, characters) != each)[:5]
            detail = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c)}" for c in strange)
        yield Explanation((*reading.causes, *causes, *codes, *filter(None, [relation])), detail)


def similarity(reading: Explanation, genuine: str) -> tuple[int, int, bool]:
    """Return how many longer lines are genuine, how long it starts the same, if without causes."""
    lines = {line for line in genuine.split("\n") if len(line) > FEW}.intersection
    prefix = os.path.commonprefix((reading.text, genuine))
    return len(lines(reading.text.split("\n"))), len(prefix), not reading.causes


def first_difference(found: str, genuine: str) -> str:
    """Return where two texts first differ, and what is there in each."""
    same = os.path.commonprefix((found, genuine))
    line, column = same.count("\n") + 1, len(same) - same.rfind("\n")
    excerpts = []
    for text in (genuine.removeprefix(same)[:FEW], found.removeprefix(same)[:FEW]):
        code = ord(text[:1] or "\0")  # surrogateescape adds 0xDC00 to a byte
        name = f"byte 0x{code - 0xDC00:02X}" if code in range(0xDC80, 0xDD00) else f"U+{code:04X}"
        excerpts.append(f"{quote(text)} ({name})" if text else "the end")
    return "differs from line {}, column {}: expected {}, found {}".format(line, column, *excerpts)
