"""What editors, shells, git, browsers and archives do to files: one row for each accident.

A row is a name, a function from the genuine bytes to the damaged ones, the files it applies to, and
the cause codes that must be given.
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

Row = tuple[str, Callable[[bytes], bytes], tuple[str, ...], tuple[str, ...]]


def on_text(function: Callable[[str], str]) -> Callable[[bytes], bytes]:
    """Make a function on texts one on UTF-8 bytes."""
    return lambda data: function(data.decode()).encode("utf-8", "surrogatepass")


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def misread(codec: str, errors: str = "strict", times: int = 1) -> Callable[[str], str]:
    def function(text: str) -> str:
        for _ in range(times):
            text = text.encode().decode(codec, errors)
        return text

    return function


def browser(text: str) -> str:
    """What the Encoding Standard's windows-1252 makes of UTF-8: bytes without a meaning stay."""
    data = text.encode()
    return "".join(data[n : n + 1].decode("cp1252", "ignore") or chr(b) for n, b in enumerate(data))


def power_shell(codec: str) -> Callable[[bytes], bytes]:
    """What `newspair show ID > f` writes in Windows PowerShell."""
    return lambda data: (
        b"\xff\xfe" + (crlf(misread(codec)(data.decode())) + "\r\n").encode("utf-16-le")
    )


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


def fold_lines(text: str, width: int = 80) -> str:
    return re.sub(f"(.{{{width}}})", "\\1\n", text)


STRAIGHT = str.maketrans("‘’“”", "''\"\"")
ASCII = str.maketrans("‘’“”–", "''\"\"-")
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 2278\n" % (b"0" * 64)
ANNEX = b"../.git/annex/objects/Zx/9k/SHA256E-s2278--00.txt/SHA256E-s2278--00.txt\n"
PAGES = (
    b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n",
    b"\n<html lang=en><body>Sign in</body></html>",
    b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
    b"404: Not Found",
    b"Not Found\n",
    b"502 Bad Gateway\r\n",
    b'{"message": "Not Found", "status": "404"}',
    b'{"error": "Repository not found"}\n',
)

ROWS: list[Row] = [
    ("CRLF", on_text(crlf), ALL, ("crlf",)),
    ("CR", on_text(lambda t: t.replace("\n", "\r")), ALL, ("cr",)),
    (
        "some CRLF",
        on_text(lambda t: t.replace("\n", "\r\n", 1)),
        (*ARTICLES, *JSON),
        ("mixed-line-endings",),
    ),
    *(
        (f"{end!r}", on_text(lambda t, e=end: t.replace("\n", e)), ALL, ("mixed-line-endings",))
        for end in ("\n\r", "\r\r\n", "\x85", "\u2028", "\v")
    ),
    ("BOM", lambda d: b"\xef\xbb\xbf" + d, ALL, ("bom",)),
    ("BOM, CRLF", lambda d: crlf(d.decode()).encode("utf-8-sig"), ALL, ("bom", "crlf")),
    *(
        (codec, lambda d, c=codec: d.decode().encode(c), ALL, (codec[:6],))
        for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
    ),
    *(
        (f"{codec}, mark", lambda d, c=codec: ("\ufeff" + d.decode()).encode(c), ALL, (codec[:6],))
        for codec in ("utf-16-be", "utf-32-be")
    ),
    (
        "UTF-16, CRLF, newline",
        lambda d: (crlf(d.decode()) + "\r\n").encode("utf-16"),
        ALL,
        ("utf-16", "crlf", "final-newline-added"),
    ),
    *(
        (codec, lambda d, c=codec: d.decode().encode(c), (CURLY,), ("legacy-encoding",))
        for codec in ("cp1252", "cp1251", "cp1250", "mac-roman", "gbk", "gb18030", "big5")
    ),
    (
        "CP1252, newline",
        lambda d: d.decode().encode("cp1252") + b"\n",
        (CURLY,),
        ("legacy-encoding", "final-newline-added"),
    ),
    (
        "CP1252, CRLF",
        lambda d: crlf(d.decode()).encode("cp1252"),
        (CURLY,),
        ("legacy-encoding", "crlf"),
    ),
    *(
        (
            f"read as {codec} {errors} {times}",
            on_text(misread(codec, errors, times)),
            (CURLY,),
            code,
        )
        for code in (("mojibake",),)
        for codec, errors, times in (
            ("latin-1", "strict", 1),
            ("latin-1", "strict", 2),
            ("cp1252", "replace", 1),
            ("cp1252", "ignore", 1),
            ("cp1252", "replace", 2),
            ("cp437", "strict", 1),
            ("cp850", "strict", 1),
            ("cp437", "strict", 2),
            ("mac-roman", "strict", 1),
            ("cp1251", "replace", 1),
            ("gbk", "replace", 1),
            ("shift-jis", "replace", 1),
        )
    ),
    ("read as Windows-1252 by a browser", on_text(browser), (CURLY,), ("mojibake",)),
    *(
        (
            f"PowerShell {codec}",
            power_shell(codec),
            (CURLY,),
            ("utf-16", "crlf", "mojibake", "final-newline-added"),
        )
        for codec in ("cp437", "cp850", "latin-1")
    ),
    (
        "ASCII, ignore",
        on_text(lambda t: t.encode("ascii", "ignore").decode()),
        (CURLY,),
        ("non-ascii-lost",),
    ),
    (
        "ASCII, replace",
        on_text(lambda t: t.encode("ascii", "replace").decode()),
        (CURLY,),
        ("non-ascii-lost",),
    ),
    (
        "U+FFFD a byte",
        on_text(lambda t: t.encode().decode("ascii", "replace")),
        (CURLY,),
        ("non-ascii-lost",),
    ),
    (
        "CP1252 read as UTF-8",
        on_text(lambda t: t.encode("cp1252").decode("utf-8", "replace")),
        (CURLY,),
        ("non-ascii-lost",),
    ),
    ("newline added", lambda d: d + b"\n", ALL, ("final-newline-added",)),
    ("echo.>>f", lambda d: d + b"\r\n", ALL, ("final-newline-added",)),
    ("newline removed", lambda d: d[:-1], (PLAIN, *NEWLINE), ("final-newline-removed",)),
    ("strip", on_text(str.strip), (PLAIN,), ("trimmed",)),
    ("rstrip", on_text(str.rstrip), (PLAIN,), ("trimmed",)),
    ("lstrip", on_text(str.lstrip), (PLAIN,), ("trimmed",)),
    (
        "strip, newline",
        on_text(lambda t: t.strip() + "\n"),
        (PLAIN,),
        ("trimmed", "final-newline-added"),
    ),
    (
        "strip, newline, CRLF",
        on_text(lambda t: crlf(t.strip() + "\n")),
        (PLAIN,),
        ("crlf", "trimmed", "final-newline-added"),
    ),
    ("strip, CRLF", on_text(lambda t: crlf(t.strip())), (PLAIN,), ("crlf", "trimmed")),
    ("textwrap.fill", on_text(lambda t: textwrap.fill(t, 70)), ARTICLES, ("whitespace",)),
    ("fold -w 80", on_text(fold_lines), ARTICLES, ("whitespace",)),
    ("indented", on_text(lambda t: textwrap.indent(t, "    ")), ARTICLES, ("whitespace",)),
    ("padded", on_text(lambda t: t.replace("\n", " \n")), ARTICLES, ("whitespace",)),
    ("joined", on_text(lambda t: t.replace("\n", " ")), ARTICLES, ("whitespace",)),
    ("two newlines added", lambda d: d + b"\n\n", ARTICLES, ("whitespace",)),
    ("two newlines added to JSON", lambda d: d + b"\n\n", JSON, ("json-layout",)),
    ("straight quotes", on_text(lambda t: t.translate(STRAIGHT)), (CURLY,), ("quotes",)),
    ("curly quotes", on_text(lambda t: t.replace("'", "’")), (PLAIN,), ("quotes",)),
    ("ASCII punctuation", on_text(lambda t: t.translate(ASCII)), (CURLY,), ("punctuation",)),
    ("lower case", on_text(str.lower), ARTICLES, ("case",)),
    ("upper case", on_text(str.upper), ARTICLES, ("case",)),
    ("no-break spaces", on_text(lambda t: t.replace(" ", "\u00a0")), ARTICLES, ("compatibility",)),
    ("ligatures", on_text(lambda t: t.replace("fi", "\ufb01")), ARTICLES, ("compatibility",)),
    ("thin spaces", on_text(lambda t: t.replace(", ", ",\u2009")), ARTICLES, ("compatibility",)),
    ("soft hyphens", on_text(lambda t: t.replace("a", "a\u00ad", 9)), ARTICLES, ("invisible",)),
    ("zero-width", on_text(lambda t: t.replace(" ", " \u200b", 9)), ARTICLES, ("invisible",)),
    ("html.escape", on_text(html.escape), (PLAIN,), ("html-escaped",)),
    (
        "references",
        lambda d: d.decode().encode("ascii", "xmlcharrefreplace"),
        (CURLY,),
        ("html-escaped",),
    ),
    ("cut", lambda d: d[: len(d) // 2], ALL, ("truncated",)),
    ("cut in a character", lambda d: d[: d.rindex("’".encode()) + 1], (CURLY,), ("truncated",)),
    ("CRLF, cut", lambda d: d.replace(b"\n", b"\r\n")[:900], ARTICLES, ("crlf", "truncated")),
    ("UTF-16, cut", lambda d: d.decode().encode("utf-16")[:901], ARTICLES, ("utf-16", "truncated")),
    ("start cut", lambda d: d[len(d) // 2 :], ARTICLES, ("start-missing",)),
    ("appended", lambda d: d + b"-- \nsent from my phone\n", ALL, ("appended",)),
    ("prepended", lambda d: b"# title\n" + d, ALL, ("prepended",)),
    ("CRLF, appended", lambda d: d.replace(b"\n", b"\r\n") + b"x", ARTICLES, ("crlf", "appended")),
    ("twice", lambda d: d * 2, ALL, ("repeated",)),
    ("twice on lines", lambda d: d + b"\n" + d, ARTICLES, ("repeated",)),
    ("nothing", lambda _: b"", ALL, ("empty",)),
    ("a lone newline", lambda _: b"\n", ALL, ("empty",)),
    ("NULs", lambda d: bytes(len(d)), ALL, ("nul-bytes",)),
    ("NULs from 100", lambda d: d[:100] + bytes(len(d) - 100), ALL, ("nul-bytes",)),
    ("LFS", lambda _: LFS, ALL, ("git-lfs-pointer",)),
    ("LFS, CRLF", lambda _: LFS.replace(b"\n", b"\r\n"), ALL, ("git-lfs-pointer",)),
    ("annex", lambda _: ANNEX, ALL, ("git-annex-pointer",)),
    *((f"page {page[:20]!r}", lambda _, p=page: p, ALL, ("html-page",)) for page in PAGES),
    ("gzip", lambda d: gzip.compress(d, mtime=0), ALL, ("compressed",)),
    ("bzip2", bz2.compress, ALL, ("compressed",)),
    ("xz", lzma.compress, ALL, ("compressed",)),
    ("zip", zipped, ALL, ("compressed",)),
    ("tar", tarred, ALL, ("compressed",)),
    ("tar.gz", lambda d: gzip.compress(tarred(d), mtime=0), ALL, ("compressed",)),
    ("gzip, CRLF", lambda d: gzip.compress(d.replace(b"\n", b"\r\n")), ALL, ("compressed", "crlf")),
    ("base64", base64.encodebytes, ALL, ("encoded",)),
    ("base64 in one line", base64.b64encode, ALL, ("encoded",)),
    ("quoted-printable", quopri.encodestring, (CURLY,), ("encoded",)),
    ("percent", lambda d: urllib.parse.quote(d).encode(), ALL, ("encoded",)),
    ("form", lambda d: urllib.parse.quote_plus(d).encode(), ALL, ("encoded",)),
    ("JSON string", on_text(json.dumps), ALL, ("encoded",)),
    (
        "JSON string, UTF-8",
        on_text(lambda t: json.dumps(t, ensure_ascii=False) + "\n"),
        ALL,
        ("encoded",),
    ),
    ("repr", on_text(repr), ALL, ("encoded",)),
    ("repr of bytes", lambda d: repr(d).encode(), ALL, ("encoded",)),
    (
        "conflict",
        lambda d: b"<<<<<<< HEAD\n" + d + b"\n=======\nother\n>>>>>>> branch\n",
        ALL,
        ("conflict-markers",),
    ),
    (
        "indented JSON",
        on_text(lambda t: json.dumps(json.loads(t), indent=4)),
        ("datapackage.json", "croissant.json"),
        ("json-layout",),
    ),
    (
        "sorted JSON",
        on_text(lambda t: json.dumps(json.loads(t), sort_keys=True)),
        ("datapackage.json", "croissant.json"),
        ("json-layout",),
    ),
    (
        "escaped JSON Lines",
        on_text(lambda t: "".join(json.dumps(json.loads(line)) + "\n" for line in t.splitlines())),
        ("articles.jsonl",),
        ("json-layout",),
    ),
    ("quotes, CRLF", on_text(lambda t: crlf(t.translate(STRAIGHT))), (CURLY,), ("crlf", "quotes")),
    ("case, BOM", lambda d: d.decode().upper().encode("utf-8-sig"), ARTICLES, ("bom", "case")),
    (
        "quotes, case, UTF-16",
        lambda d: d.decode().translate(STRAIGHT).lower().encode("utf-16"),
        (CURLY,),
        ("utf-16", "quotes", "case"),
    ),
    (
        "quotes, newline",
        on_text(lambda t: t.translate(STRAIGHT) + "\n"),
        (CURLY,),
        ("quotes", "final-newline-added"),
    ),
    ("strip, case", on_text(lambda t: t.strip().lower()), (PLAIN,), ("case", "trimmed")),
    ("cut, newline", lambda d: d[:1000] + b"\n", (PLAIN,), ("final-newline-added", "truncated")),
]
