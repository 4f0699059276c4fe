"""What happened to a file: its encoding is undone, then its text compared up to equivalences."""

import base64
import html
import json
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
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes
from zipfile import ZipFile

from ._files import DIGESTS, MAX_SIZE, sha256

# Alterations: encodings, line endings, and code pages in which text is saved or UTF-8 misread
_CODECS: dict[str, tuple[str, ...]] = {"utf-8": (), "utf-8-sig": ("bom",)}
_CODECS |= dict.fromkeys(("utf-32-le", "utf-32-be", "utf-32"), ("utf-32",))
_CODECS |= dict.fromkeys(("utf-16-le", "utf-16-be", "utf-16"), ("utf-16",))
_ENDINGS = {"\n": (), "\r\n": ("crlf",), "\r": ("cr",)}
_PAGES = """ascii cp1252 latin-1 cp437 cp850 mac-roman cp1251 gbk shift-jis cp932 big5 cp1250
    cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-7 iso8859-15 gb18030 euc-jp
    cp949 cp866 koi8-r cp852 iso8859-5 mac-cyrillic""".split()
_INVISIBLE = "\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"

# Equivalences, in the order in which they are applied
_EQUIVALENCES: dict[str, Callable[[str], str]] = {
    "mixed-line-endings": partial(re.sub, "\r\r\n|\r\n|\n\r|[\r\x85\u2028\u2029\v\f]", "\n"),
    # Long references stand for no character, and int() may refuse their digits.
    "html-escaped": lambda text: html.unescape(re.sub(r"&#\w{9,}", "\ufffd", text)),
    "invisible": partial(re.sub, f"[{_INVISIBLE}]", ""),
    # Each character by itself, because NFKC of a text may take long
    "compatibility": lambda text: text.translate(
        {ord(each): unicodedata.normalize("NFKC", each) for each in {*text} if each > "\x7f"}
    ),
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
    "prepended appended": lambda text, whole: "\0" not in text and whole in text,  # no archive
}
_ANSWERS = "access denied|bad (gateway|request)|code: [0-9]+|forbidden|gateway time-?out|not found|"
_ANSWERS += "internal server error|invalid request|moved permanently|service unavailable|too many "
_ANSWERS += "requests|unauthorized|(content|entity) too large|unprocessable (content|entity)"
SIGNATURES = {
    "empty": r"\s*",
    "nul-bytes": r"\0+",
    "git-lfs-pointer": r"version https://git-lfs\S+(\s+\S+ \S+)+\s*",
    "git-annex-pointer": r"(?>\S*?/annex/objects/)\S+\s*",
    "html-page": r"\s*(<!--.{,999}?-->\s*)?<(!doctype|\?xml|html|head|body)\b.*|\s*<[a-z].*>\s*|"
    rf'HTTP/\S+ [345]\d\d\b.*|\s*\{{.{{,999}}("(status|code)":\s*"?[45]\d\d\b|{_ANSWERS}).{{,999}}'
    rf"|\s*(error\W+)?([345]\d\d\W+)?([a-z]+ )?({_ANSWERS})\W*|\s*[45]\d\d\W+(gone|error)\W*",
    "conflict-markers": r"(?>.*?^<<<<<<< )(?>.*?^=======$)(?>.*?^>>>>>>> ).*",
}


def _inflate(data: bytes, new_decompressor: Callable[[], Any]) -> bytes:
    """Decompress all members; return what came before an error, such as junk or a missing end."""
    output = b""
    with suppress(Exception):
        while data and len(output) <= MAX_SIZE:
            member = new_decompressor()
            output += member.decompress(data, MAX_SIZE + 4 - len(output))
            data = member.unused_data
    return output


def _unzip(data: bytes) -> bytes:
    with ZipFile(BytesIO(data)) as archive:  # which bounds what it reads of two methods only
        files = (each for each in archive.infolist() if each.compress_type in (0, 8))
        return archive.open(next(each for each in files if each.file_size)).read(MAX_SIZE + 4)


def _untar(data: bytes) -> bytes:
    with tarfile.open(fileobj=BytesIO(data), mode="r:") as archive:
        return next(filter(None, map(archive.extractfile, archive))).read(MAX_SIZE + 4)


_UNPACK: dict[Callable[[bytes], bytes], str] = {
    lambda data: _inflate(data, partial(zlib.decompressobj, 31)): "compressed",
    lambda data: _inflate(data, import_module("bz2").BZ2Decompressor): "compressed",
    lambda data: _inflate(data, import_module("lzma").LZMADecompressor): "compressed",
    _unzip: "compressed",
    _untar: "compressed",
    lambda data: base64.b64decode(b"".join(data.split()), validate=True): "encoded",
    lambda data: str.encode(json.loads(data.decode())): "encoded",
    lambda data: quopri.decodestring(re.sub("=(\r\n?|\n)", "", data.decode("ascii"))): "encoded",
    lambda data: unquote_to_bytes(data.decode("ascii")): "encoded",
    lambda data: unquote_to_bytes(data.decode("ascii").replace("+", " ")): "encoded",
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
    """Yield readings of bytes, at least one: by encoding, or with mojibake undone."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    alphabet = {*_fold(genuine), *map(chr, range(128))}
    for codec in (*_CODECS, *_PAGES):
        if codec == "ascii" and found:
            break
        causes = _CODECS.get(codec, ("legacy-encoding",))
        with suppress(UnicodeError):
            text = data.decode(codec)
            marked, wide = text[:1] == "\ufeff", causes in (("utf-16",), ("utf-32",))
            exact = text.encode(codec) == data and (marked or b"\0" in data if wide else not marked)
            if exact and (codec in _CODECS or alphabet.issuperset(_fold("".join(sorted({*text}))))):
                found.setdefault((text.removeprefix("\ufeff"), causes), []).append(codec)
    for text, causes in [*found]:
        found |= {(before, (*causes, "mojibake")): [] for before in _undo_mojibake(text)}
    codec = "utf-8-sig" if data[:3] == b"\xef\xbb\xbf" else "utf-8"
    found.setdefault((data.decode(codec, "surrogateescape"), _CODECS[codec]), [])
    for (text, causes), codecs in found.items():
        detail = " or ".join(codecs) if "legacy-encoding" in causes else ""
        for ending, more in _ENDINGS.items():
            lf = text.replace(ending, "\n")
            if not more or (lf != text == lf.replace("\n", ending) and "\r" not in lf):
                yield Explanation(causes + more, detail, lf)
                if lf.endswith("\n"):
                    line = lf[:-1].removesuffix("\r")
                    yield Explanation((*causes, *more, "final-newline-added"), detail, line)


def _undo_mojibake(text: str, times: int = 2) -> list[str]:
    """Return what a text may have been before UTF-8 was misread, once or twice."""
    found: list[str] = []
    # Browsers keep bytes that a page does not define as U+0080 to U+009F.
    escaped = re.sub("[\x80-\x9f]", lambda kept: chr(0xDC00 + ord(kept[0])), text)
    for page in _PAGES if times and not text.isascii() else ():
        with suppress(UnicodeError):
            before = escaped.encode(page, "surrogateescape").decode()
            found += [] if before in found else [before, *_undo_mojibake(before, times - 1)]
    return found


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
    for codec, errors in product(_PAGES, ("replace", "ignore")):
        lossy, misread = genuine.encode(codec, errors), genuine.encode().decode(codec, errors)
        texts = [lossy.decode(codec), lossy.decode("utf-8", errors), misread.replace("\ufffd", "?")]
        for text in (*texts, misread, misread.encode().decode(codec, errors)):
            lost = alphabet.issuperset(text)
            variants.setdefault(text, ("non-ascii-lost",) if lost else ("mojibake",))
    return variants


def _fold(text: str, codes: tuple[str, ...] = tuple(_EQUIVALENCES)) -> str:
    return reduce(lambda text, code: _EQUIVALENCES[code](text), codes, text)


_fold_variant = cache(_fold)


def explain(name: str, data: bytes, genuine: str, depth: int = 2) -> Explanation | None:
    """Return the best explanation of the whole content of a file, or None."""
    found, contents = list[Explanation](), dict[bytes, tuple[str, ...]]()
    found += _compare_bytes(data, genuine) if genuine else ()
    for reading in decodings(data, genuine):
        for code, pattern in SIGNATURES.items():
            if re.fullmatch(pattern, reading.text, re.IGNORECASE | re.DOTALL | re.MULTILINE):
                found.append(Explanation((*reading.causes, code)))
        content = reading.text.encode(errors="surrogateescape")
        digest = sha256(content)
        others = (each for each in DIGESTS if DIGESTS[each] == digest and each != name)
        found += (Explanation((*reading.causes, "swapped"), other) for other in others)
        found += _relate(reading, genuine) if genuine else ()
        if reading.causes in _CODECS.values():
            contents[content] = reading.causes
    for unpack, code in _UNPACK.items() if depth and not found else ():
        with suppress(Exception):  # it is not in this format
            contents.setdefault(unpack(data), (code,))
    for content, causes in contents.items() if depth and not found else ():
        other = content != data and content.strip(b"\0")[FEW:]
        if other and (rest := explain(name, content, genuine, depth - 1)):
            codes = tuple(dict.fromkeys((*causes, *rest.causes)))
            found += [Explanation(codes, rest.detail)] if {*_UNPACK.values()} & {*codes} else []
    if len(data) > MAX_SIZE:  # the end was not read, so only these are certain
        certain = {"appended", "html-page", "conflict-markers"}
        found = [each for each in found if certain.intersection(each.causes)]
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
    folded = _fold(reading.text)
    for variant, causes in _variants(genuine).items():
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
        codes = (*reading.causes, *causes, *codes, *relation.split())
        yield Explanation(tuple(dict.fromkeys(codes)), detail)
