"""What editors, shells, git, browsers and archives do to files, by the codes that must be given.

A row is the cause codes, the files that it applies to, and functions from genuine to damaged bytes.
"""

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import quopri
import re
import tarfile
import textwrap
import urllib.parse
import zipfile
from collections.abc import Callable

CURLY = "000_11fb25597ae0a89a.txt"  # has curly quotes and dashes, and no newline at the end
PLAIN = "003_ced7b9f589f8a978.txt"  # is ASCII, begins with a space and ends with a blank line
ARTICLES = (CURLY, PLAIN)
JSON = ("datapackage.json", "articles.jsonl", "croissant.json")
OTHERS = ("SHA256SUMS", "README.md", ".gitattributes")
ALL = (*ARTICLES, *JSON, *OTHERS)
NEWLINE = (*JSON, *OTHERS)  # end with exactly one newline

Damage = Callable[[bytes], bytes]


def text(function: Callable[[str], str]) -> Damage:
    """Make a function on texts one on UTF-8 bytes."""
    return lambda data: function(data.decode()).encode("utf-8", "surrogatepass")


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def misread(codec: str, errors: str = "strict") -> Callable[[str], str]:
    return lambda text: text.encode().decode(codec, errors)


def browser(text: str) -> str:
    """What the Encoding Standard's windows-1252 makes of UTF-8: bytes without a meaning stay."""
    data = text.encode()
    return "".join(data[n : n + 1].decode("cp1252", "ignore") or chr(b) for n, b in enumerate(data))


def power_shell(codec: str) -> Damage:
    """What `newspair show ID > f` writes in Windows PowerShell."""
    return lambda data: (crlf(misread(codec)(data.decode())) + "\r\n").encode("utf-16")


def twice(damage: Damage) -> Damage:
    return lambda data: damage(damage(data))


def zipped(data: bytes) -> bytes:
    with zipfile.ZipFile(file := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("file", data)
    return file.getvalue()


def tarred(data: bytes) -> bytes:
    with tarfile.open(fileobj=(file := io.BytesIO()), mode="w") as archive:
        member = tarfile.TarInfo("folder/file")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


STRAIGHT = str.maketrans("‘’“”", "''\"\"")
ASCII = str.maketrans("‘’“”–", "''\"\"-")
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 2278\n" % (b"0" * 64)
ANNEX = b"../.git/annex/objects/Zx/9k/SHA256E-s2278--00.txt/SHA256E-s2278--00.txt\n"
PAGES = (
    b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n",
    b"\n<html lang=en><body>Sign in</body></html>",
    b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
    b"<h1>Forbidden</h1>\n",
    b"404: Not Found",
    b"Access Denied",
    b"Not Found\n",
    b"502 Bad Gateway\r\n",
    b'{"message": "Not Found", "status": "404"}',
    b'{"error": "Repository not found"}\n',
)

ONLY_CURLY, ONLY_PLAIN = (CURLY,), (PLAIN,)
TREES = ("datapackage.json", "croissant.json")
MISREADINGS = (
    ("latin-1", "strict"),
    ("cp1252", "replace"),
    ("cp1252", "ignore"),
    ("cp437", "strict"),
)
MISREADINGS += (("cp850", "strict"), ("mac-roman", "strict"), ("cp1251", "replace"))
MISREADINGS += (("cp1250", "replace"), ("cp866", "strict"), ("koi8-r", "strict"))
MISREADINGS += (("gbk", "replace"), ("shift-jis", "replace"))

# fmt: off
ROWS: list[tuple[str, tuple[str, ...], list[Damage]]] = [
    ("crlf", ALL, [text(crlf)]),
    ("cr", ALL, [text(lambda t: t.replace("\n", "\r"))]),
    ("mixed-line-endings", (*ARTICLES, *JSON), [text(lambda t: t.replace("\n", "\r\n", 1))]),
    ("mixed-line-endings", ALL, [text(lambda t, e=end: t.replace("\n", e)) for end in ("\n\r", "\r\r\n", "\x85", "\u2028", "\v")]),
    ("bom", ALL, [lambda d: b"\xef\xbb\xbf" + d]),
    ("bom crlf", ALL, [lambda d: crlf(d.decode()).encode("utf-8-sig")]),
    ("utf-16", ALL, [lambda d, c=codec: d.decode().encode(c) for codec in ("utf-16", "utf-16-le", "utf-16-be")]),
    ("utf-32", ALL, [lambda d, c=codec: d.decode().encode(c) for codec in ("utf-32", "utf-32-le", "utf-32-be")]),
    ("utf-16", ALL, [lambda d: ("\ufeff" + d.decode()).encode("utf-16-be")]),
    ("utf-32", ALL, [lambda d: ("\ufeff" + d.decode()).encode("utf-32-be")]),
    ("utf-16 crlf final-newline-added", ALL, [lambda d: (crlf(d.decode()) + "\r\n").encode("utf-16")]),
    ("legacy-encoding", ONLY_CURLY, [lambda d, c=codec: d.decode().encode(c) for codec in ("cp1252", "cp1251", "cp1250", "mac-roman", "gbk", "gb18030", "big5")]),
    ("legacy-encoding final-newline-added", ONLY_CURLY, [lambda d: d.decode().encode("cp1252") + b"\n"]),
    ("legacy-encoding crlf", ONLY_CURLY, [lambda d: crlf(d.decode()).encode("cp1252")]),
    ("mojibake", ONLY_CURLY, [text(browser), *(text(misread(*each)) for each in MISREADINGS)]),
    ("mojibake", ONLY_CURLY, [twice(text(misread(*each))) for each in (MISREADINGS[0], MISREADINGS[1], MISREADINGS[3])]),
    ("mojibake utf-16 crlf final-newline-added", ONLY_CURLY, [power_shell(codec) for codec in ("cp437", "cp850", "latin-1")]),
    ("non-ascii-lost", ONLY_CURLY, [
        text(lambda t: t.encode("ascii", "ignore").decode()),
        text(lambda t: t.encode("ascii", "replace").decode()),
        text(lambda t: t.encode().decode("ascii", "replace")),
        text(lambda t: t.encode("cp1252").decode("utf-8", "replace")),
    ]),
    ("final-newline-added", ALL, [lambda d: d + b"\n", lambda d: d + b"\r\n"]),
    ("final-newline-removed", (PLAIN, *NEWLINE), [lambda d: d[:-1]]),
    ("trimmed", ONLY_PLAIN, [text(str.strip), text(str.rstrip), text(str.lstrip)]),
    ("trimmed final-newline-added", ONLY_PLAIN, [text(lambda t: t.strip() + "\n")]),
    ("trimmed crlf final-newline-added", ONLY_PLAIN, [text(lambda t: crlf(t.strip() + "\n"))]),
    ("trimmed crlf", ONLY_PLAIN, [text(lambda t: crlf(t.strip()))]),
    ("trimmed case", ONLY_PLAIN, [text(lambda t: t.strip().lower())]),
    ("whitespace", ARTICLES, [
        text(lambda t: textwrap.fill(t, 70)),
        text(lambda t: re.sub(r"(.{80})", "\\1\n", t)),
        text(lambda t: textwrap.indent(t, "    ")),
        text(lambda t: t.replace("\n", " \n")),
        text(lambda t: t.replace("\n", " ")),
        lambda d: d + b"\n\n",
    ]),
    ("quotes", ONLY_CURLY, [text(lambda t: t.translate(STRAIGHT))]),
    ("quotes", ONLY_PLAIN, [text(lambda t: t.replace("'", "’"))]),
    ("quotes crlf", ONLY_CURLY, [text(lambda t: crlf(t.translate(STRAIGHT)))]),
    ("quotes case utf-16", ONLY_CURLY, [lambda d: d.decode().translate(STRAIGHT).lower().encode("utf-16")]),
    ("quotes crlf final-newline-added", ONLY_CURLY, [text(lambda t: crlf(t.translate(STRAIGHT) + "\n"))]),
    ("quotes final-newline-added", ONLY_CURLY, [text(lambda t: t.translate(STRAIGHT) + "\n")]),
    ("punctuation", ONLY_CURLY, [text(lambda t: t.translate(ASCII))]),
    ("case", ARTICLES, [text(str.lower), text(str.upper)]),
    ("case bom", ARTICLES, [lambda d: d.decode().upper().encode("utf-8-sig")]),
    ("compatibility", ARTICLES, [
        text(lambda t: t.replace(" ", "\u00a0")),
        text(lambda t: t.replace("fi", "\ufb01")),
        text(lambda t: t.replace(", ", ",\u2009")),
    ]),
    ("compatibility mixed-line-endings", ARTICLES, [text(lambda t: t.replace(" ", "\u00a0").replace("\n", "\x85"))]),
    ("invisible", ARTICLES, [text(lambda t: t.replace("a", "a\u00ad", 9)), text(lambda t: t.replace(" ", " \u200b", 9))]),
    ("html-escaped", ONLY_PLAIN, [text(html.escape)]),
    ("html-escaped", ONLY_CURLY, [lambda d: d.decode().encode("ascii", "xmlcharrefreplace")]),
    ("truncated", ALL, [lambda d: d[: len(d) // 2]]),
    ("truncated", ONLY_CURLY, [lambda d: d[: d.rindex("’".encode()) + 1]]),
    ("truncated crlf", ARTICLES, [lambda d: d.replace(b"\n", b"\r\n")[:900]]),
    ("truncated utf-16", ARTICLES, [lambda d: d.decode().encode("utf-16")[:901]]),
    ("truncated final-newline-added", ONLY_PLAIN, [lambda d: d[:1000] + b"\n"]),
    ("start-missing", ARTICLES, [lambda d: d[len(d) // 2 :]]),
    ("appended", ALL, [lambda d: d + b"-- \nsent from my phone\n"]),
    ("appended crlf", ARTICLES, [lambda d: d.replace(b"\n", b"\r\n") + b"x"]),
    ("prepended", ALL, [lambda d: b"# title\n" + d]),
    ("repeated", ALL, [lambda d: d * 2]),
    ("repeated", ARTICLES, [lambda d: d + b"\n" + d]),
    ("empty", ALL, [lambda _: b"", lambda _: b"\n"]),
    ("nul-bytes", ALL, [lambda d: bytes(len(d)), lambda _: bytes(99), lambda d: d[:100] + bytes(len(d) - 100)]),
    ("git-lfs-pointer", ALL, [lambda _: LFS, lambda _: LFS.replace(b"\n", b"\r\n")]),
    ("git-annex-pointer", ALL, [lambda _: ANNEX]),
    ("html-page", ALL, [lambda _, p=page: p for page in PAGES]),
    ("compressed", ALL, [lambda d: gzip.compress(d, mtime=0), bz2.compress, lzma.compress, zipped, tarred, lambda d: gzip.compress(tarred(d), mtime=0)]),
    ("compressed crlf", ALL, [lambda d: gzip.compress(d.replace(b"\n", b"\r\n"))]),
    ("encoded", ALL, [
        *(base64.encodebytes, base64.b64encode, text(repr), text(json.dumps)),
        lambda d: urllib.parse.quote(d).encode(),
        lambda d: urllib.parse.quote_plus(d).encode(),
        text(lambda t: json.dumps(t, ensure_ascii=False) + "\n"),
        lambda d: repr(d).encode(),
    ]),
    ("encoded", ONLY_CURLY, [quopri.encodestring]),
    ("conflict-markers", ALL, [lambda d: b"<<<<<<< HEAD\n" + d + b"\n=======\nother\n>>>>>>> branch\n"]),
    ("json-layout", JSON, [lambda d: d + b"\n\n"]),
    ("json-layout", ("articles.jsonl",), [lambda d: d.replace(b"\n", b"\n \n")]),
    ("json-layout", TREES, [text(lambda t: json.dumps(json.loads(t), indent=4)), text(lambda t: json.dumps(json.loads(t), sort_keys=True))]),
    ("json-layout", ("articles.jsonl",), [text(lambda t: "".join(json.dumps(json.loads(line)) + "\n" for line in t.splitlines()))]),
]
# fmt: on
