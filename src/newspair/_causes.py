"""What happened to a file: alterations are undone, then texts compared up to equivalences."""

import base64
import html
import json
import quopri
import re
import tarfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, lru_cache, partial, reduce
from importlib import import_module
from io import BytesIO
from itertools import product
from typing import NamedTuple
from urllib.parse import unquote_to_bytes
from zipfile import ZipFile

from ._files import DIGESTS, MAX_SIZE, sha256

# Encodings, and code pages in which text is saved or UTF-8 misread
_WIDE = dict.fromkeys(("utf-32", "utf-32-le", "utf-32-be"), "utf-32")
_WIDE |= dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "utf-16")
_ENDINGS = {"\n": "", "\r\n": "crlf", "\r": "cr"}
_PAGES = """ascii cp1252 latin-1 cp437 cp850 mac-roman cp1251 gbk shift-jis cp932 big5 cp1250
    cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-7 iso8859-15 gb18030 euc-jp
    cp949 cp866 koi8-r cp852 iso8859-5 mac-cyrillic""".split()

# Alterations that leave most of a text as it is, and how each is undone
_UNDO: dict[str, Callable[[str], str]] = {
    "crlf": lambda t: t if re.search("(?<!\r)\n|\r(?!\n)", t) else t.replace("\r\n", "\n"),
    "cr": lambda text: text if "\n" in text else text.replace("\r", "\n"),
    "mixed-line-endings": partial(re.sub, "\r\r\n|\r\n|\n\r|[\r\x85\u2028\u2029\v\f]", "\n"),
    "final-newline-added": partial(re.sub, "\r?\n\\Z", ""),
    # Long references stand for no character, and int() may refuse their digits.
    "html-escaped": lambda text: html.unescape(re.sub(r"&#\w{9,}", "\ufffd", text)),
    "invisible": lambda text: "".join(c for c in text if unicodedata.category(c) != "Cf"),
    # Each character by itself, because NFKC of a text may take long
    "compatibility": lambda text: "".join(map(partial(unicodedata.normalize, "NFKC"), text)),
}
# Equivalences, in the order in which they are applied
_EQUIVALENCES: dict[str, Callable[[str], str]] = {
    "quotes": lambda text: re.sub("[‘’‚‛]", "'", re.sub("[“”„‟]", '"', text)),
    "punctuation": lambda t: re.sub("[-\u2010-\u2015\u2212]+", "-", _EQUIVALENCES["quotes"](t)),
    "case": str.casefold,
    "whitespace": lambda text: "".join(text.split()),
}
FEW = 20  # characters that may be the same by chance
_MAX_TEXTS = 64
_LOSSY = {"mixed-line-endings", "html-escaped", "invisible", "compatibility"}  # undone last
TEXTUAL = {*_LOSSY, *_EQUIVALENCES} - {"mixed-line-endings"}  # may be in a value of JSON alone
_VAGUE = {"whitespace", "truncated", "start-missing", "appended", "prepended"}
_AT_THE_END = {"final-newline-added", "final-newline-removed", "appended"}  # at most one of them
# How a text may relate to the genuine one, once both are folded
_RELATIONS: dict[str, Callable[[str, str], bool]] = {
    "": str.__eq__,
    "repeated": lambda text, whole: text.count(whole) > 1 and not text.replace(whole, "").strip(),
    "truncated": lambda text, whole: len(text) > FEW and whole.startswith(text),
    "start-missing": lambda text, whole: len(text) > FEW and whole.endswith(text),
    "appended": str.startswith,
    "prepended": str.endswith,
    "prepended appended": lambda text, whole: whole in text,
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


def _inflate(module: str, data: bytes) -> bytes:
    """Decompress all members; return what came before an error, such as junk or a missing end."""
    output = b""
    with suppress(Exception):
        stream = import_module(module).open(BytesIO(data))
        while len(output) <= MAX_SIZE and (chunk := stream.read1(MAX_SIZE)):
            output += chunk
    return output


def _unzip(data: bytes) -> bytes:
    archive = ZipFile(BytesIO(data))  # which bounds what it reads of two methods only
    files = (each for each in archive.infolist() if each.file_size and each.compress_type in (0, 8))
    return archive.open(next(files)).read(MAX_SIZE + 1)


def _untar(data: bytes) -> bytes:
    with tarfile.open(fileobj=BytesIO(data), mode="r:") as archive:
        return next(filter(None, map(archive.extractfile, archive))).read(MAX_SIZE + 1)


_UNPACK: dict[Callable[[bytes], bytes], str] = {
    **{partial(_inflate, module): "compressed" for module in ("gzip", "bz2", "lzma")},
    _unzip: "compressed",
    _untar: "compressed",
    lambda data: base64.b64decode(b"".join(data.split()), validate=True): "encoded",
    lambda data: str.encode(json.loads(data.decode())): "encoded",
    lambda data: quopri.decodestring(data.decode("ascii")): "encoded",
    lambda data: unquote_to_bytes(data.decode("ascii").replace("+", " ")): "encoded",
}


class Explanation(NamedTuple):
    """What accounts for a file: cause codes, a detail for the message, the text that is left."""

    causes: tuple[str, ...] = ()
    detail: str = ""
    text: str = ""

    def cost(self) -> tuple[int, int, bool]:
        """Return a sort key: few equivalences first, then few causes."""
        loose, vague = (len(each & {*self.causes}) for each in (_EQUIVALENCES.keys(), _VAGUE))
        return loose, len(self.causes) + vague, vague > 0


def _undo_once(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield each alteration that can be undone: its code, what the text was before, a detail."""
    if text[:1] == "\ufeff":
        yield "bom", text[1:], ""
        return
    data = text.encode(errors="surrogateescape")
    for unpack, code in _UNPACK.items():
        with suppress(Exception):  # it is not in this format
            content = unpack(data)
            by_chance = code == "encoded" and len(content) - len(data) in range(-2, 3)
            if not by_chance and len(content) <= MAX_SIZE and content.strip(b"\0")[FEW:]:
                yield code, content.decode(errors="surrogateescape"), ""
    for codec, code in _WIDE.items() if b"\0" in data or data[:1] in b"\xfe\xff" else ():
        with suppress(UnicodeError):
            if (before := data.decode(codec))[:1] != "\ufffe":  # a mark in the other byte order
                yield code, before, ""
    # Browsers keep bytes that a page does not define as U+0080 to U+009F.
    escaped = re.sub("[\x80-\x9f]", lambda kept: chr(0xDC00 + ord(kept[0])), text)
    pages: dict[str, list[str]] = {}
    for page in _PAGES if not (text.isascii() or "\0" in text) else ():
        with suppress(UnicodeError):
            yield "mojibake", escaped.encode(page, "surrogateescape").decode(), ""
        with suppress(UnicodeError):
            before = data.decode(page)
            # The genuine texts are ASCII once they are folded.
            if _fold(_UNDO["invisible"]("".join({*before}))).isascii():
                pages.setdefault(before, []).append(page)
    yield from (("legacy-encoding", before, " or ".join(pages[before])) for before in pages)
    for code, step in _UNDO.items() if "\0" not in text else ():
        before = step(text)
        gone = sorted({*text} - {*before})[:5] if code in ("invisible", "compatibility") else ()
        yield code, before, ", ".join(f"U+{ord(c):04X} {unicodedata.name(c)}" for c in gone)


@lru_cache(maxsize=1)
def undo(data: bytes) -> list[Explanation]:
    """Return the texts that data may have been before it was altered, itself first."""
    found = [Explanation(text=data.decode(errors="surrogateescape"))]
    for after in found:
        for code, text, detail in _undo_once(after.text) if len(found) < _MAX_TEXTS else ():
            repeated = code in after.causes and code not in {"bom", "mojibake", *_UNPACK.values()}
            too_late = code not in {"bom", *_LOSSY} and not _LOSSY.isdisjoint(after.causes)
            too_late |= code in ("crlf", "cr") and "final-newline-added" in after.causes
            if not repeated and not too_late and all(each.text != text for each in found):
                causes = tuple(dict.fromkeys((*after.causes, code)))
                found.append(Explanation(causes, f"{after.detail}, {detail}".strip(", "), text))
    return found


@cache
def _variants(genuine: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what trimming, quoting, misreading and lossy encodings make of it; folded; why."""
    variants: dict[str, tuple[str, ...]] = {genuine: ()}
    variants.setdefault(genuine.removesuffix("\n"), ("final-newline-removed",))
    for trimmed in (genuine.rstrip(), genuine.lstrip(), genuine.strip()):
        variants.setdefault(trimmed, ("trimmed",))
    variants |= dict.fromkeys(map(repr, (genuine, genuine.encode())), ("encoded",))
    for codec, errors in product(_PAGES, ("replace", "ignore")):
        lossy, misread = genuine.encode(codec, errors), genuine.encode().decode(codec, errors)
        texts = [lossy.decode(codec), lossy.decode("utf-8", errors), misread.replace("\ufffd", "?")]
        for text in (*texts, misread, misread.encode().decode(codec, errors)):
            lost = {*text} <= {*genuine, "?", "\ufffd"}
            variants.setdefault(text, ("non-ascii-lost",) if lost else ("mojibake",))
    return [(text, _fold(text), causes) for text, causes in variants.items()]


def _fold(text: str, codes: tuple[str, ...] = tuple(_EQUIVALENCES)) -> str:
    return reduce(lambda text, code: _EQUIVALENCES[code](text), codes, text)


def explain(name: str, data: bytes, genuine: str) -> Explanation | None:
    """Return the best explanation of the whole content of a file, or None."""
    found = list[Explanation]()
    for before in undo(data):
        content = before.text.encode(errors="surrogateescape")
        if genuine and {*before.causes} <= {*_UNPACK.values()}:
            found += _compare_bytes(before, content, genuine)
        for code, pattern in SIGNATURES.items():
            if re.fullmatch(pattern, before.text, re.IGNORECASE | re.DOTALL | re.MULTILINE):
                found.append(Explanation((*before.causes, code), before.detail))
        for other in (each for each in DIGESTS if DIGESTS[each] == sha256(content)):
            swapped = (*before.causes, "swapped")
            found.append(before if other == name else Explanation(swapped, other))
        found += _relate(before, genuine) if genuine and before.text[:1] != "\ufeff" else ()
    if len(data) > MAX_SIZE:  # the end was not read, so only these are certain
        found = [e for e in found if {"appended", "html-page", "conflict-markers"} & {*e.causes}]
    return min(found, key=Explanation.cost, default=None)


def _compare_bytes(before: Explanation, data: bytes, genuine: str) -> Iterator[Explanation]:
    """Look for a part of the genuine file, or NULs in it, in each encoding and line ending."""
    codecs = {"utf-8": "", "utf-8-sig": "bom"} | _WIDE
    for (codec, code), (ending, more) in product(codecs.items(), _ENDINGS.items()):
        whole = genuine.replace("\n", ending).encode(codec)
        causes = (*before.causes, *filter(None, (code, more)))
        detail = f"{len(data):,} of {len(whole):,} bytes are there"
        if whole.startswith(data):
            yield Explanation((*causes, "truncated"), detail)
        if whole.endswith(data):
            yield Explanation((*causes, "start-missing"), detail)
        if len(data) == len(whole) and all(byte in (0, whole[n]) for n, byte in enumerate(data)):
            yield Explanation((*causes, "nul-bytes"))


def _relate(reading: Explanation, genuine: str) -> Iterator[Explanation]:
    """Relate a text to the genuine one, with the equivalences that this needs."""
    folded = _fold(reading.text)
    for variant, whole, causes in _variants(genuine):
        codes = tuple(_EQUIVALENCES)
        relation = next((each for each in _RELATIONS if _RELATIONS[each](folded, whole)), None)
        if relation is None or ("pended" in relation and causes in (("trimmed",), ("encoded",))):
            continue
        for code in reversed(codes):
            fewer = tuple(each for each in codes if each != code)
            if _RELATIONS[relation](_fold(reading.text, fewer), _fold(variant, fewer)):
                codes = fewer
        codes = tuple(dict.fromkeys((*reading.causes, *causes, *codes, *relation.split())))
        if not [*_AT_THE_END.intersection(codes)][1:]:
            yield Explanation(codes, reading.detail)
