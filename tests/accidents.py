"""What editors, shells, git, browsers and archives do to files, by the codes that must be given."""

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
import zipfile
from collections.abc import Callable, Iterator
from functools import partial, reduce
from typing import Any
from urllib.parse import quote, quote_plus

from helpers import GENUINE, NAMES

# CURLY has curly quotes and dashes, and no newline at the end. PLAIN is ASCII, begins with a
# space and ends with a blank line. The others end with one newline.
CURLY, PLAIN, MANIFEST, LINES, CROISSANT, *_ = NAMES
ARTICLES, JSON, ENDED = NAMES[:2], NAMES[2:5], NAMES[1:]


def replaced(old: str, new: str, count: int = -1) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, count)


def straight(text: str, dash: str = "–") -> str:
    return text.translate(str.maketrans("‘’“”–", f"''\"\"{dash}"))


def saved(codec: str, errors: str = "strict") -> Callable[[str], bytes]:
    return lambda text: text.encode(codec, errors)


def misread(codec: str, errors: str = "strict") -> Callable[[str], str]:
    return lambda text: text.encode().decode(codec, errors)


def browser(text: str) -> str:
    """What the Encoding Standard's windows-1252 makes of UTF-8: bytes without a meaning stay."""
    data = text.encode()
    return "".join(data[n : n + 1].decode("cp1252", "ignore") or chr(b) for n, b in enumerate(data))


def zipped(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    with zipfile.ZipFile(file := io.BytesIO(), "w", method) as archive:
        archive.mkdir("folder")
        archive.writestr("folder/file", data)
    return file.getvalue()


def tarred(data: bytes) -> bytes:
    member = tarfile.TarInfo("folder/file")
    member.size = len(data)
    return (member.tobuf() + data).ljust(20_480, b"\0")


crlf, gzipped = replaced("\n", "\r\n"), partial(gzip.compress, mtime=0)
MISREADINGS = [misread(codec) for codec in "latin-1 cp437 cp850 mac-roman cp866 koi8-r".split()]
MISREADINGS += [misread(c, "replace") for c in "cp1252 cp1251 cp1250 gbk shift-jis".split()]
# fmt: off
PAGES = (
    "<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n", "\n<html lang=en><body>Sign in</body></html>",
    '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "<h1>Forbidden</h1>\n", "404: Not Found", "Access Denied",
    "Not Found\n", "502 Bad Gateway\r\n", "504 Gateway Time-out", "410 Gone\n", "301 Moved Permanently", "413 Request Entity Too Large", "422: Unprocessable Content", "Entry not found", "error code: 1020\n", "<!-- x -->\n<html></html>",
    "HTTP/2 404 \r\ncontent-type: text/plain\r\n\r\n404: Not Found", "<html>caf\xe9</html>".encode("latin-1"),
    '{"message": "Not Found", "status": "404"}', '{"error": "Repository not found"}\n',
)
# One way in which each code may come about
STEPS: dict[str, Callable[[Any], str | bytes]] = {
    "quotes": straight, "punctuation": lambda text: straight(text, dash="-"), "case": str.upper, "trimmed": str.strip,
    "invisible": replaced("e", "e\u200b", 5), "compatibility": replaced(" ", "\u00a0"), "mixed-line-endings": replaced("\n", "\x85"),
    "whitespace": lambda text: re.sub(r"(.{60})", "\\1\n  ", text),
    "final-newline-added": lambda text: f"{text}\n", "final-newline-removed": lambda text: text[:-1],
    "appended": lambda text: f"{text}-- \nsent from my phone\n", "prepended": lambda text: f"# title\n{text}",
    "truncated": lambda text_or_data: text_or_data[:901], "start-missing": lambda text: text[len(text) // 3 :],
    "mojibake": misread("cp437"), "non-ascii-lost": lambda text: text.encode("ascii", "replace").decode(),
    "crlf": crlf, "cr": replaced("\n", "\r"), "bom": lambda text: f"\ufeff{text}", "utf-16": saved("utf-16"), "utf-32": saved("utf-32"),
    "legacy-encoding": saved("cp1252"), "compressed": lambda text: gzipped(text.encode()),
    "json-layout": lambda text: f"{text}\n\n", "conflict-markers": lambda text: f"<<<<<<< HEAD\n{text}\n=======\nother\n>>>>>>> branch\n",
    "git-lfs-pointer": lambda _: f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 2278\n",
    "git-annex-pointer": lambda _: "../.git/annex/objects/Zx/9k/SHA256E-s2278--00.txt/SHA256E-s2278--00.txt\n",
}
# The codes of accidents that are no more than some of STEPS, by the files that they apply to
COMBINED: dict[tuple[str, ...], list[str]] = {
    NAMES: ["crlf", "cr", "bom", "crlf bom", "final-newline-added crlf utf-16", "crlf compressed", "appended", "prepended", "conflict-markers", "conflict-markers crlf",
            "git-lfs-pointer", "git-annex-pointer"],
    ARTICLES: ["case bom", "compatibility mixed-line-endings", "crlf truncated", "utf-16 truncated", "appended crlf"],
    (CURLY,): ["final-newline-added legacy-encoding", "crlf legacy-encoding", "quotes", "quotes crlf", "quotes case utf-16",
               "quotes final-newline-added crlf", "quotes final-newline-added", "punctuation"],
    (PLAIN,): ["trimmed final-newline-added", "trimmed final-newline-added crlf", "trimmed crlf", "trimmed case", "truncated final-newline-added"],
    ENDED: ["final-newline-removed"],
}
# Other accidents: the codes, the files, and what is done to a text ...
TEXT_ROWS: list[tuple[Any, ...]] = [
    ("mixed-line-endings", (*ARTICLES, *JSON), replaced("\n", "\r\n", 1)),
    ("mixed-line-endings quotes", (CURLY,), lambda t: straight(t).replace("\n", "\r\n", 1)),
    ("mixed-line-endings", JSON[::2], replaced("\n", "\r", 1)),
    ("mixed-line-endings", NAMES, *(replaced("\n", end) for end in ("\n\r", "\r\r\n", "\x85", "\u2028", "\u2029", "\v", "\f"))),
    ("utf-16", NAMES, *map(saved, ("utf-16", "utf-16-le", "utf-16-be")), lambda t: f"\ufeff{t}".encode("utf-16-be")),
    ("utf-32", NAMES, *map(saved, ("utf-32", "utf-32-le", "utf-32-be")), lambda t: f"\ufeff{t}".encode("utf-32-be")),
    ("legacy-encoding", (CURLY,), *map(saved, ("cp1252", "cp1251", "cp1250", "mac-roman", "gbk", "gb18030", "big5"))),
    ("legacy-encoding quotes", (PLAIN,), lambda t: t.replace("'", "’").encode("cp1252")),
    ("legacy-encoding compatibility", (CURLY,), lambda t: t.replace(". ", ".\u00a0").encode("cp1252")),
    ("legacy-encoding compatibility", (PLAIN,), lambda t: t.replace("fi", "\ufb01").encode("mac-roman")),
    ("mojibake quotes", (PLAIN,), lambda t: misread("cp437")(t.replace("'", "’"))),
    ("mojibake", (CURLY,), misread("cp852"), misread("mac-cyrillic"), lambda t: misread("latin-1")(misread("cp850")(t))),
    ("mojibake final-newline-removed", (LINES, "README.md"), lambda t: misread("mac-roman")(t[:-1])),
    ("mojibake", (CURLY,), browser, misread("cp1252", "ignore"), *MISREADINGS, *(lambda t, m=m: m(m(t)) for m in MISREADINGS)),
    # Windows PowerShell: newspair show ID > f
    ("mojibake utf-16 crlf final-newline-added", (CURLY,), *(lambda t, m=m: crlf(f"{m(t)}\n").encode("utf-16") for m in MISREADINGS[:3])),
    ("non-ascii-lost", (CURLY,), saved("ascii", "ignore"), saved("ascii", "replace"), misread("ascii", "replace")),
    ("non-ascii-lost", (CURLY,), lambda t: misread("ascii", "replace")(t).replace("\ufffd", "?")),
    ("non-ascii-lost", (CURLY,), lambda t: t.encode("iso8859-7", "replace").decode("iso8859-7")),
    ("mojibake bom", (PLAIN,), *(lambda t, m=m: m(f"\ufeff{t}") for m in MISREADINGS[:6])),
    ("appended", ARTICLES, lambda t: f"{t}{t}and more"),
    ("non-ascii-lost", (CURLY,), lambda t: t.encode("cp1252").decode("utf-8", "replace")),
    ("final-newline-added", NAMES, lambda t: f"{t}\n", lambda t: f"{t}\r\n"),
    ("trimmed", (PLAIN,), str.strip, str.rstrip, str.lstrip),
    ("whitespace", ARTICLES, lambda t: textwrap.fill(t, 70), lambda t: re.sub(r"(.{80})", "\\1\n", t), lambda t: f"{t}\n\n"),
    ("whitespace", ARTICLES, lambda t: textwrap.indent(t, "    "), replaced("\n", " \n"), replaced("\n", " ")),
    ("quotes", (PLAIN,), replaced("'", "’")),
    ("case", ARTICLES, str.lower, str.upper),
    ("compatibility", ARTICLES, replaced(" ", "\u00a0"), replaced("fi", "\ufb01"), replaced(", ", ",\u2009")),
    ("invisible", ARTICLES, replaced("a", "a\u00ad", 9), replaced(" ", " \u200b", 9)),
    ("html-escaped bom", ARTICLES, lambda t: html.escape(f"\ufeff{t}").encode("ascii", "xmlcharrefreplace")),
    ("invisible", ARTICLES, lambda t: f"{t}\u200b"),
    ("legacy-encoding invisible", (CURLY,), lambda t: t.replace("e", "e\xad", 5).encode("cp1252")),
    ("compatibility whitespace", (PLAIN,), lambda t: textwrap.fill(t.replace("fi", "\ufb01"), 70)),
    ("mojibake bom", (CURLY,), *(lambda t, m=m: m(f"\ufeff{t}") for m in MISREADINGS[:6])),
    ("legacy-encoding json-layout", (LINES,), lambda t: textwrap.indent(t, "  ").encode("cp1252")),
    ("mixed-line-endings", ENDED, lambda t: f"{t[:-1]}\r\n"),
    ("mixed-line-endings appended", (PLAIN,), *(lambda t, e=e: t.replace("\n", e) + "more\n" for e in ("\r\n", "\r"))),
    ("mixed-line-endings final-newline-added", (PLAIN,), lambda t: crlf(t) + "\n"),
    ("html-escaped", ARTICLES, lambda t: html.escape(t).encode("ascii", "xmlcharrefreplace")),
    ("prepended appended", NAMES, lambda t: f"```\n{t}\n```\n"),
    ("prepended", NAMES, lambda t: f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{t}"),
    ("repeated", NAMES, lambda t: t * 2, lambda t: f"{t}\n{t}"),
    ("git-lfs-pointer", NAMES, lambda t: crlf(STEPS["git-lfs-pointer"](t)), lambda t: STEPS["git-lfs-pointer"](t).rstrip()),
    ("html-page", NAMES, *(lambda _, page=page: page for page in PAGES)),
    ("encoded", NAMES, repr, quote, quote_plus, json.dumps, lambda t: json.dumps(t, ensure_ascii=False) + "\n"),
    ("encoded utf-16", NAMES, lambda t: json.dumps(t).encode("utf-16"), lambda t: base64.encodebytes(t.encode()).decode().encode("utf-16")),
    ("json-layout", JSON, STEPS["json-layout"]),
    ("json-layout", (LINES,), replaced("\n", "\n \n"), lambda t: "".join(f"{json.dumps(json.loads(line))}\n" for line in t.splitlines())),
    ("json-layout", (MANIFEST, CROISSANT), *(lambda t, o=o: json.dumps(json.loads(t), **o) for o in ({"indent": 4}, {"sort_keys": True}))),
]
# ... or to bytes
BYTE_ROWS: list[tuple[Any, ...]] = [
    ("truncated", NAMES, lambda d: d[: len(d) // 2]),
    ("bom truncated", (CURLY,), lambda d: b"\xef\xbb\xbf" + d[: d.rindex("’".encode()) + 1]),
    ("truncated", (CURLY,), lambda d: d[: d.rindex("’".encode()) + 1]),
    ("start-missing", ARTICLES, lambda d: d[len(d) // 2 :]),
    ("empty", NAMES, lambda _: b"", lambda _: b"\n", lambda _: b"\xc2\xa0\n"),
    ("bom empty", NAMES, lambda _: b"\xef\xbb\xbf"),
    ("utf-16 empty", NAMES, lambda _: b"\xff\xfe", lambda _: b"\xff\xfe\r\0\n\0"),
    ("appended", NAMES, lambda d: d + b"\xff", lambda d: d + b"x" * 70_000),
    ("utf-16 appended", NAMES, lambda d: (d.decode() + "x" * 70_000).encode("utf-16")),
    ("prepended", NAMES, lambda d: b"\xff" + d),
    ("nul-bytes", NAMES, lambda d: bytes(len(d)), lambda _: bytes(99), lambda d: d[:100] + bytes(len(d) - 100)),
    ("compressed", NAMES, gzipped, bz2.compress, lzma.compress, zipped, partial(zipped, method=zipfile.ZIP_STORED), tarred, lambda d: gzipped(tarred(d))),
    ("compressed", ARTICLES, *(lambda d, z=z: z(d[:50]) + z(d[50:]) for z in (gzipped, bz2.compress, lzma.compress)), lambda d: gzipped(d) + b"junk"),
    ("compressed truncated", ARTICLES, lambda d: gzipped(d)[:600]),
    ("utf-16 truncated", NAMES, lambda d: d.decode().encode("utf-16-le")[:-1]),
    ("encoded", NAMES, base64.encodebytes, base64.b64encode, lambda d: repr(d).encode()),
    ("encoded", (CURLY,), quopri.encodestring),
    ("encoded cr", (CURLY,), lambda d: quopri.encodestring(d).replace(b"\n", b"\r")),
    ("encoded bom", NAMES, lambda d: b"\xef\xbb\xbf" + base64.b64encode(d), lambda d: b"\xef\xbb\xbf" + base64.b64encode(b"\xef\xbb\xbf" + d)),
]
# fmt: on


def to_bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def damaged(name: str, steps: str) -> bytes:
    """Take a file through some of STEPS, from left to right."""
    text = GENUINE[name].decode()
    return to_bytes(reduce(lambda data, step: STEPS[step](data), steps.split(), text))


def accidents() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Give the codes of each accident, and the content of each file that it happens to."""
    for names, combinations in COMBINED.items():
        for codes in combinations:
            yield codes, {name: damaged(name, codes) for name in names}
    for rows, read in ((TEXT_ROWS, bytes.decode), (BYTE_ROWS, bytes)):
        for codes, names, *damages in rows:
            for damage in damages:
                yield codes, {name: to_bytes(damage(read(GENUINE[name]))) for name in names}
