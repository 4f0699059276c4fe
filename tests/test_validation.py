"""Whatever is done to a copy of the data is refused, and each claim about it is true."""

import bz2
import gzip
import hashlib
import json
import re
import shutil
import sys
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from itertools import combinations, product
from pathlib import Path
from unittest import mock

import pytest
from accidents import ARTICLES, CURLY, MANIFEST, PLAIN, accidents, damaged, misread, zipped
from helpers import GENUINE, NAMES, posix, python, run, vendor, write_data
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import newspair
from newspair import Problem


def problems_of(path: Path) -> tuple[Problem, ...]:
    """Validate a path; a message is one short printable line that begins with the file's name."""
    problems = newspair.validate(path).problems
    for each in problems:
        assert each.message.startswith(f"{each.file}: ")
        assert each.message.isprintable()
        assert len(each.message) < 1000
    return problems


def problems_with(folder: Path, changes: dict[str, bytes | None]) -> tuple[Problem, ...]:
    """Validate a data folder after some files were changed, added or (None) removed."""
    shutil.rmtree(folder)
    folder.mkdir()
    for name, data in (GENUINE | changes).items():
        if data is not None:
            (folder / name).write_bytes(data)
    return problems_of(folder)


def check(problems: Iterable[Problem], file: str, check: str, codes: str, words: str = "") -> None:
    """Check that there is one problem, and what it says."""
    (problem,) = problems
    assert (problem.file, problem.check, " ".join(problem.causes)) == (file, check, codes), problem
    assert re.search(words, problem.message), problem


def edited(name: str, old: str, new: str, count: int = -1) -> bytes:
    """Return the content of a file with some words replaced."""
    assert old.encode() in GENUINE[name]
    return GENUINE[name].replace(old.encode(), new.encode(), count)


def test_genuine(data_copy: Path, tmp_path: Path) -> None:
    """A genuine folder or file is refused, or a genuine article under another name."""
    others = [shutil.copyfile(data_copy / name, tmp_path / f"{name}.md") for name in ARTICLES]
    for path in (None, data_copy, str(data_copy), *(data_copy / name for name in NAMES), *others):
        report = newspair.validate(path)
        assert (report.ok, bool(report), report.problems) == (True, True, ())


ENCODING = {*"bom utf-16 utf-32 legacy-encoding mojibake non-ascii-lost".split()}
LINE_ENDINGS = {"crlf", "cr", "mixed-line-endings"}
OF_ANY_FILE = {"empty", "html-page", "git-lfs-pointer", "git-annex-pointer"}


def test_accidents(data_copy: Path, tmp_path: Path) -> None:
    """An accident gets no code, another code or more than one problem; in an article alone too."""
    for row, files in accidents():
        codes = sorted(row.split())
        kind = "digest" if (ENCODING | LINE_ENDINGS).isdisjoint(codes) else "encoding"
        problems = problems_with(data_copy, files)
        found = [(each.file, each.check, sorted(each.causes)) for each in problems]
        assert found == [(name, kind, codes) for name in files], problems
        for each in problems:
            advised = re.search(r"-text\b.*\.gitattributes", each.message) is not None
            assert advised == bool(LINE_ENDINGS.intersection(codes) - {"cr"}), each
            assert "differs" not in each.message, each
        for name, data in files.items():
            assert data != GENUINE[name], row
            if name in ARTICLES:
                (tmp_path / "any.bin").write_bytes(data)
                (problem,) = problems_of(tmp_path / "any.bin")
                strange = not OF_ANY_FILE.isdisjoint(codes) or not data.strip(b"\0")
                expected = ("any.bin", "unexpected", []) if strange else ("any.bin", kind, codes)
                assert (problem.file, problem.check, sorted(problem.causes)) == expected, row


TITLE, DESCRIPTION = map(json.loads(GENUINE[MANIFEST]).get, ("title", "description"))
TEXT, LINE = GENUINE[CURLY].decode(), GENUINE[CURLY].splitlines()[0]
FULL_WIDTH = GENUINE[PLAIN].decode().translate(str.maketrans("abcdef", "ａｂｃｄｅｆ"))
FEWER = json.loads(GENUINE[MANIFEST])
FEWER = json.dumps(FEWER | {"resources": FEWER["resources"][:1]})
UPPER_TITLE = edited(MANIFEST, TITLE, TITLE.upper())
# fmt: off
# Single values of JSON files: what was replaced by what, and what is said of it
VALUES = [
    (MANIFEST, '"bytes": 2278', '"bytes": "2278"', "/resources/0/bytes: expected 2278, found (['\"])2278\\1$"),
    (MANIFEST, '["news", ', "[", r'/keywords: expected \["news", "text", .*, found \["text", .*\]$'),
    ("croissant.json", '"isLiveDataset": false', '"isLiveDataset": 0', "/isLiveDataset: expected false, found 0$"),
    (MANIFEST, '"name"', '"a/b~c": null, "name"', "/a~1b~0c: expected nothing, found null$"),
    (MANIFEST, '"name"', f'"{"k" * 1024}": {{}}, "name"', rf"'/{'k' * 59}'\.\.\.: expected nothing, found \{{\}}$"),
    (MANIFEST, '"name": "newspair"', f'"name": "{"x" * 200}"', "/name: expected .newspair., found .x{79}$"),
    (MANIFEST, '"name": "newspair",', "", "/name: expected .newspair., found nothing$"),
    (MANIFEST, f'"version": "{newspair.__version__}",', "", "/version: expected .*, found nothing$"),
    (MANIFEST, f'"{TITLE}"', f"{10**70}", "/title: expected .newspair: .*, found 10{59,79}$"),
    # long strings are cut, or it is said where they differ
    (MANIFEST, DESCRIPTION, "x" * 78, rf"/description: expected .{DESCRIPTION[:79]}, found .x{{78}}.$"),
    (MANIFEST, DESCRIPTION, "x" * 79, rf"/description: .*line 1, column 1: expected '{DESCRIPTION[:20]}' \(U\+0054\), found 'xxx"),
    (MANIFEST, DESCRIPTION, DESCRIPTION[:100], "/description: .*, found the end$"),
    (MANIFEST, DESCRIPTION, f"{DESCRIPTION} more", r"/description: .*: expected the end, found ' more' \(U\+0020\)$"),
]
# A wrong file, its content, the check and the codes, and what else must be said
MESSAGES: list[tuple[str, bytes, str, str, str]] = [
    *((name, edited(name, old, new, 1), "metadata", "", f": {words}") for name, old, new, words in VALUES),
    ("articles.jsonl", edited("articles.jsonl", '"language":"en"', '"language": "de"', 1).replace(b"\n", b" \n"), "metadata", "", ": /0/language: expected .en., found .de.$"),
    (MANIFEST, FEWER.encode(), "metadata", "", r"/resources: differs from line 1, column \d+: expected ', \{.*, found '\]'"),
    (MANIFEST, b"[1]", "metadata", "", r"the whole file: expected \{.\$schema"),
    (MANIFEST, UPPER_TITLE, "metadata", "case", "/title: "),
    (MANIFEST, json.dumps(json.loads(UPPER_TITLE), indent=4).encode(), "metadata", "", "/title: "),
    ("articles.jsonl", edited("articles.jsonl", "defense forces", "defense\u00a0forces", 1), "metadata", "compatibility", r"/0/text: .* found '\\xa0forces"),
    (MANIFEST, UPPER_TITLE.replace(DESCRIPTION.encode(), DESCRIPTION.upper().encode()), "digest", "case", "case"),
    (MANIFEST, edited(MANIFEST, '"newspair",', '"newspair", "name": "x",'), "digest", "", "duplicate key 'name'; differs from line 3, column 22: .* found . .name.: .x."),
    (MANIFEST, b"[" * 50_000, "digest", "", "read as JSON: .*(nest|recurs).*; differs from line 1"),
    (MANIFEST, edited(MANIFEST, "2278", "9" * 5000), "digest", "", "read as JSON: .* 5000 digits; differs from line 19, column 16"),
    (MANIFEST, edited(MANIFEST, '"bytes": 2278', '"bytes": @'), "digest", "", "read as JSON: .*line 19 column 16.*; differs from line 19, column 16: expected .2278"),
    # a difference of which no code can be given, or that is there besides one
    (CURLY, edited(CURLY, "Thursday", "Friday"), "digest", "", r"differs from line 1, column 48.*U\+0054.*U\+0046"),
    (PLAIN, edited(PLAIN, "terrorist", r"terrorist\xff", 1), "digest", "", r"differs from line .*\\\\xff.*U\+005C"),
    (PLAIN, edited(PLAIN, "crimes'", "crimes\u0080", 1), "digest", "", r"\\x80.*U\+0080"),
    (PLAIN, GENUINE[PLAIN].replace(b"crimes'", b"crimes\x80", 1), "encoding", "", "byte 0x80"),
    (PLAIN, GENUINE[PLAIN].replace(b"crimes'", b"crimes\xff", 1), "encoding", "", "byte 0xFF"),
    (PLAIN, b"\xef\xbb\xbf" + GENUINE[PLAIN].replace(b"crimes'", b"crimes\xff", 1), "encoding", "bom", "mark was added; besides, it .*byte 0xFF"),
    (PLAIN, edited(PLAIN, "children", "child").replace(b"\n", b"\r\n"), "encoding", "crlf", r"\bCRLF\b.*differs from line"),
    (CURLY, edited(CURLY, "Thursday", "x").decode().encode("utf-16"), "encoding", "utf-16", r"\bUTF-16\b.*differs from line 1"),
    (CURLY, "䭐\x01耀".encode("utf-16-le"), "encoding", "", "differs from line 1.*found .PK"),
    *((PLAIN, b"x" * size + "é".encode() * 40_000, "digest", "", "differs from line 1") for size in (1, 2)),
    (".gitattributes", edited(".gitattributes", "e", "x").decode().encode("utf-16"), "encoding", "utf-16", "besides, it differs"),
    *((CURLY, data, "digest", "", "differs") for data in (b'{"status": "ok"}', b'{"code": 200, "message": "OK"}', b"No Content", b"500 words")),
    (CURLY, misread("latin-1")(misread("latin-1")(misread("latin-1")(TEXT))).encode(), "encoding", "mojibake", "again$"),
    # of more than 64 KiB only the start is known
    *((name, GENUINE[name] + b" " * 70_000 + end, "digest", "", "longer than 65,536 bytes; differs from line") for name in (CURLY, MANIFEST) for end in (b"", b"{}")),
    (CURLY, b" " * 70_000 + GENUINE[CURLY], "digest", "", "longer than 65,536 bytes; differs from line 1,"),
    (CURLY, bytes(70_000), "digest", "", "longer than 65,536 bytes; differs from line 1,"),
    (CURLY, gzip.compress(GENUINE[CURLY] + b" " * 70_000), "encoding", "", "differs from line 1,"),
    # several codes make a sentence; a few characters may be the same by chance
    (CURLY, f"{TEXT}\n".encode("utf-16"), "encoding", "utf-16 final-newline-added", r"^(?!.*UTF-16.*UTF-16).*\bUTF-16 and a newline\b.* end$"),
    (CURLY, TEXT.lower().encode("utf-16")[:-2], "encoding", "utf-16 case truncated", r"\bUTF-16, upper\b.* changed and the end\b"),
    (CURLY, damaged(CURLY, "crlf")[:900], "encoding", "crlf truncated", r"\bCRLF\b.* and the end\b.*\b900 of 2,292\b"),
    (CURLY, damaged(CURLY, "quotes crlf")[:900], "encoding", "crlf quotes truncated", ""),
    (CURLY, b"\r" + damaged(CURLY, "prepended crlf")[1:], "encoding", "mixed-line-endings prepended", ""),
    (CURLY, LINE[:22].upper(), "digest", "", "differs"),
    (CURLY, LINE[:23].upper(), "digest", "case truncated", ""),
    (CURLY, GENUINE[CURLY][-24:].swapcase(), "digest", "", "differs"),
    (CURLY, GENUINE[CURLY][-25:].swapcase(), "digest", "case start-missing", ""),
    # details of codes
    (CURLY, gzip.compress(GENUINE[CURLY][:900]), "digest", "compressed truncated", r" \(900 of 2,278 bytes are there\)$"),
    (CURLY, TEXT.encode("cp1251"), "encoding", "legacy-encoding", r" \(cp1252 or ([\w-]+ or )*cp1251( or [\w-]+)*\)$"),
    (CURLY, f"{TEXT}\n".encode("cp1251"), "encoding", "legacy-encoding final-newline-added", r" \(cp1252 or"),
    (CURLY, "’".encode()[1:] + GENUINE[CURLY].partition("’".encode())[2], "digest", "start-missing", r" \([\d,]+ of 2,278 bytes are there\)$"),
    (CURLY, damaged(CURLY, "compatibility mixed-line-endings"), "encoding", "mixed-line-endings compatibility", r" \(U\+00A0 NO-BREAK SPACE\)$"),
    (PLAIN, edited(PLAIN, "fi", "\ufb01"), "digest", "compatibility", r" \(U\+FB01 LATIN SMALL LIGATURE FI\)$"),
    (PLAIN, FULL_WIDTH.encode(), "digest", "compatibility", r" \(U\+FF41 FULLWIDTH LATIN SMALL LETTER A, (U.*, ){3}U[^,]* LETTER E\)$"),
    (CURLY, damaged(CURLY, "quotes case compatibility"), "digest", "compatibility quotes case", r" \(U\+00A0 NO-BREAK SPACE\)$"),
    (PLAIN, edited(PLAIN, "a", "a\u200b"), "digest", "invisible", r" \(U\+200B ZERO WIDTH SPACE\)$"),
    (CURLY, GENUINE[CURLY][:50] + bytes(2228), "digest", "nul-bytes", "NUL bytes$"),
    (CURLY, damaged(CURLY, "git-lfs-pointer"), "digest", "git-lfs-pointer", "`git lfs pull`"),
    (CURLY, damaged(CURLY, "git-annex-pointer"), "digest", "git-annex-pointer", "`git annex get`"),
    (PLAIN, GENUINE[CURLY], "digest", "swapped", CURLY),
    (CURLY, gzip.compress(damaged(CURLY, "compressed")), "digest", "compressed", ""),
    *((CURLY, gzip.compress(gzip.compress(damaged(CURLY, f"{code}compressed"))), "digest", f"compressed {code}".strip(), "") for code in ("", "truncated ")),
    (CURLY, gzip.compress(gzip.compress(GENUINE[CURLY][:50] + bytes(2228))), "digest", "compressed nul-bytes", ""),
    *((name, b"=" + GENUINE[name][1:], "digest", "", "differs from line 1, column 1:") for name in (MANIFEST, "SHA256SUMS")),
    (".gitattributes", bz2.compress(damaged(".gitattributes", "start-missing")), "digest", "compressed start-missing", ""),  # of the same size
    (PLAIN, edited(PLAIN, "s ", "s%20", 1), "digest", "", r"differs from line 3, column \d+:.*U\+0025"),
    ("SHA256SUMS", GENUINE["SHA256SUMS"][:-1] + b" x\n", "digest", "whitespace appended", ""),
    (PLAIN, b"X" + GENUINE[PLAIN][1:], "digest", "whitespace prepended", ""),
    ("articles.jsonl", GENUINE["articles.jsonl"].decode().encode("utf-16-be") + b"\xff", "encoding", "", "differs"),
    (PLAIN, edited(PLAIN, "s ", "s+", 1), "digest", "", r"differs from line 3, column \d+:.*U\+002B"),
    # files of other names are judged by their content, of which one line is enough
    *(("any.md", edited(name, "children", "child"), "digest", "", r"U\+") for name in ARTICLES),
    *(("any.md", data, "unexpected", "", "none of newspair") for data in (b"", b"U", b"something else\n", b"x" * 100_000, gzip.compress(bytes(2278)))),
    ("any.md", b"something else\n" + LINE + b"\nand more\n", "digest", "", "differs"),
    ("any.json", edited("articles.jsonl", "2278", "2279"), "unexpected", "", ""),
    ("any.md", b"something else\n" + LINE[:-1] + b"\nand more\n", "unexpected", "", ""),
    ("any.md", LINE + b"\n" + GENUINE[PLAIN].splitlines()[4] + b"\n", "digest", "", "differs"),
]
# Files, their new names, and the codes of what was done to them besides
RENAMED = [
    (PLAIN, "article.md", ""), (PLAIN, f"Copy of {PLAIN}", ""), (".gitattributes", "gitattributes.txt", ""),
    (CURLY, f"{CURLY}.txt", "crlf"), (CURLY, "notes", "final-newline-added"), (CURLY, "notes", "truncated"), (CURLY, f"{CURLY}.gz", "compressed"),
    (CURLY, "x.gz", "compressed"), (PLAIN, "x", "crlf"), (MANIFEST, "DATAPACKAGE.JSON", "crlf"), (MANIFEST, "x.json", "json-layout"), (CURLY, "x", "conflict-markers"), ("articles.jsonl", "x", "utf-32"),
    (CURLY, f"{CURLY[:20]}.gz", "compressed"), (".gitattributes", "gitattributes.gz", "compressed"),
]
# Files, and what is not one of them under another name although it has something in common with it
STRANGERS = [
    ("SHA256SUMS", f"{GENUINE['SHA256SUMS'].decode()[:64]}\n"), ("SHA256SUMS", f"{PLAIN}\n"), (CURLY, "Ukrainian President Volodymyr Zelensky\n"),
    (PLAIN, "(With inputs from agencies.)"), (CURLY, TEXT[:200]), ("croissant.json", "}\n      ]\n    }\n  ]\n}\n"),
    (PLAIN, f"<html><body>\n{GENUINE[PLAIN].decode()}\n</body></html>"), (CURLY, damaged(CURLY, "git-lfs-pointer").decode()),
    (CURLY, "<<<<<<< HEAD\nsomething else\n=======\nother\n>>>>>>> branch\n"),
]
# fmt: on


def test_messages(data_copy: Path) -> None:
    """What differs is not located, named or explained, or ends in a traceback."""
    for name, data, *expected in MESSAGES:
        if name in NAMES:
            check(problems_with(data_copy, {name: data}), name, *expected)
        (data_copy / name).write_bytes(data)
        check(problems_of(data_copy / name), name, *expected)


def test_several_problems(data_copy: Path) -> None:
    """One of several problems is left out, or a copy of another version does not say so first."""
    data = edited(MANIFEST, newspair.__version__, "9.0.0").replace(b'"en"', b'"de"')
    first, *others = problems_with(data_copy, {CURLY: None, MANIFEST: data})
    check([first], MANIFEST, "metadata", "", r"\bversion\b.*\b9\.0\.0\b")
    places = [f"{MANIFEST}: /resources/{number}/inLanguage" for number in (0, 1)]
    assert [each.message.rpartition(": ")[0] for each in others] == [CURLY, *places]
    data = UPPER_TITLE.replace(DESCRIPTION.encode(), DESCRIPTION.replace(" ", "\u00a0").encode())
    for each, place in zip(
        problems_with(data_copy, {MANIFEST: data}), ("title", "description"), strict=True
    ):
        check([each], MANIFEST, "metadata", "", f"/{place}: ")
    lost = damaged("articles.jsonl", "non-ascii-lost") + b" "
    for each in problems_with(data_copy, {"articles.jsonl": lost})[1:]:
        check([each], "articles.jsonl", "metadata", "", "/0/(text|body): ")
    changes = {CURLY: GENUINE[PLAIN], PLAIN: GENUINE[CURLY]}
    changes[MANIFEST] = UPPER_TITLE.replace(b"\n", b"\r\n")
    first, second, layer, value = problems_with(data_copy, changes)
    check([first], CURLY, "digest", "swapped", rf"\({PLAIN}\)$")
    check([second], PLAIN, "digest", "swapped", rf"\({CURLY}\)$")
    check([layer], MANIFEST, "encoding", "crlf", r"\bCRLF\b(?!.*differs)")
    check([value], MANIFEST, "metadata", "case", "/title: ")


def test_missing_and_unexpected(data_copy: Path) -> None:
    """A missing or an unexpected file is not named once, or what systems leave behind is."""
    (data_copy / "SHA256SUMS").unlink()
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._x", "\u202e"):
        (data_copy / name).write_bytes(b"something else, and more of it")
    for name in ("__MACOSX", "stranger"):
        (data_copy / name).mkdir()
    missing, *strangers = problems_of(data_copy)
    check([missing], "SHA256SUMS", "presence", "", "is missing$")
    for stranger, name in zip(strangers, ("stranger", r"'\u202e'"), strict=True):
        check([stranger], name, "unexpected", "", "unexpected file$")
    (data_copy / "SHA256SUMS").mkdir()
    check(problems_of(data_copy)[:1], "SHA256SUMS", "kind", "", "is a folder$")


def test_renamed(data_copy: Path) -> None:
    """A file under another name is reported as missing and unexpected, or its changes are not."""
    for name, stray, code in RENAMED:
        problems = problems_with(data_copy, {name: None, stray: damaged(name, code)})
        detail = ": 915 of 2,278 bytes.*" if code == "truncated" else ""
        words = rf"missing.* another name\b.* \({re.escape(stray)}{detail}\)$"
        check(problems, name, "presence", f"renamed {code}".strip(), words)


def test_not_renamed(data_copy: Path) -> None:
    """A part of a file, or a page with its text, is taken for that file, or a race is lost."""
    for name, text in STRANGERS:
        missing, stranger = problems_with(data_copy, {name: None, "x": text.encode()})
        check([missing], name, "presence", "", "is missing$")
        check([stranger], "x", "unexpected", "", "unexpected file$")
    problems_with(data_copy, {CURLY: None, "x": b""})
    with mock.patch("os.path.getsize", side_effect=FileNotFoundError):  # as in a race
        assert len(problems_of(data_copy)) == 2


def test_nested(data_copy: Path) -> None:
    """The files one folder below or above give eight problems instead of one."""
    inner = data_copy / "inner"
    inner.mkdir()
    (data_copy.parent / "README.md").write_bytes(b"another one")
    for folder in (data_copy.parent, inner):
        check(
            problems_of(folder),
            str(folder),
            "presence",
            "nested",
            re.escape(f"({data_copy})") + "$",
        )
    inner.rmdir()
    write_data(inner)
    for name in NAMES[2:]:
        (inner / name).unlink()
    (inner / CURLY).write_bytes(damaged(CURLY, "crlf"))
    assert [each.check for each in problems_of(inner)] == ["encoding", *["presence"] * 6]
    shutil.rmtree(inner)
    write_data(inner)
    for name, checks in (("README.md", ["presence", "unexpected"]), ("SHA256SUMS", ["presence"])):
        (data_copy / name).unlink()
        assert [each.check for each in problems_of(data_copy)] == checks


def test_packaged(tmp_path: Path) -> None:
    """A damaged checkout cannot explain itself, because its genuine text is damaged."""
    data, upper = vendor(tmp_path / "site"), (*ARTICLES, "SHA256SUMS")
    rows = [(code, NAMES) for code in ("crlf", "bom", "final-newline-added")]
    for code, names in (*rows, ("final-newline-removed", NAMES[1:]), ("case", upper), ("", ())):
        for name in NAMES:
            (data / name).write_bytes(damaged(name, code if name in names else ""))
        if not code:
            (data / "croissant.json").write_bytes(b"{}")
            (data / "articles.jsonl").write_bytes(edited("articles.jsonl", "18:32", "18:33"))
        done = run("validate", "--json", path=tmp_path / "site", cwd=tmp_path)
        problems = [Problem(**each) for each in json.loads(done.stdout)["problems"]]
        if code:
            assert [(each.file, each.causes) for each in problems] == [(n, [code]) for n in names]
    words = "nothing left .*pip install --force-reinstall newspair"
    check(problems[:1], "articles.jsonl", "digest", "", words)
    check(problems[1:], "croissant.json", "digest", "", words)
    (tmp_path / "croissant.json").write_bytes(damaged("croissant.json", "crlf"))
    done = run("validate", "--json", "croissant.json", path=tmp_path / "site", cwd=tmp_path)
    problems = [Problem(**each) for each in json.loads(done.stdout)["problems"]]
    check(problems, "croissant.json", "encoding", "crlf")  # the digest proves it


def test_nothing_to_compare(tmp_path: Path) -> None:
    """Without the genuine text, a digest proves nothing, or something is claimed of a file."""

    def problems(*paths: str) -> list[Problem]:
        done = run("validate", "--json", *paths, path=tmp_path / "site", cwd=tmp_path)
        return [Problem(**each) for each in json.loads(done.stdout)["problems"]]

    data = vendor(tmp_path / "site")
    (data / "README.md").rename(data / "README.txt")
    check(problems(), "README.md", "presence", "renamed", r"\(README.txt\)$")
    (data / "README.txt").unlink()
    (data / "README.md").write_bytes(b"")
    check(problems(), "README.md", "digest", "empty")
    for name in (CURLY, "articles.jsonl"):
        (data / name).unlink()
    (tmp_path / "any.md").write_bytes(GENUINE[CURLY])
    assert problems("any.md") == []
    (tmp_path / "any.md").write_bytes(GENUINE[CURLY][:1000])
    check(problems("any.md"), "any.md", "unexpected", "", "nothing left .*force-reinstall")


def test_bounded(data_copy: Path) -> None:
    """Many values or unexpected files fill the screen, or hide a file that was renamed."""
    members = "".join(f'"key {number}": {number}, ' for number in range(1500))
    data = edited(MANIFEST, '"name"', f'{members}"name"', 1)
    check(
        problems_with(data_copy, {MANIFEST: data})[20:], MANIFEST, "metadata", "", r" 1,480 more "
    )
    files = {f"{number:05}": b"x" * 30 for number in range(1500)}
    problems = problems_with(data_copy, files)
    check(problems[20:], str(data_copy), "unexpected", "", " 1,480 more ")
    problems = problems_with(data_copy, files | {PLAIN: None, "00700.txt": GENUINE[PLAIN]})
    check(problems[:1], PLAIN, "presence", "renamed")
    files = {f"{number:05}": b"x" * (len(GENUINE[PLAIN]) + number) for number in range(50)}
    problems = problems_with(data_copy, files | {PLAIN: None, "x": damaged(PLAIN, "utf-16")})
    check(problems[:1], PLAIN, "presence", "renamed utf-16")


MEASURE = r"""
import newspair, re, sys
for folder in sys.argv[1:]:
    files = {problem.file for problem in newspair.validate(folder).problems}
    print(len(files), re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's own peak")
def test_worst_content(tmp_path: Path) -> None:
    """Some content of 64 KiB costs much memory, or seems to hang; the time is only a guard."""
    repeated = [
        "/annex/objects/",
        "&#1",
        "[",
        '"',
        "=41",
        "%41",
        "\r\n\r",
        "<<<<<<< a\n=======\n",
        "\u0316\u0301",
    ]
    contents = [each * (65_536 // len(each.encode())) for each in repeated]
    contents += ["&#" + "9" * 65_000, '"' + "\\x41" * 16_000 + '"']
    contents += [json.dumps({str(number): number for number in range(4600)})]
    worst = [*map(str.encode, contents), "\u2028a".encode("utf-16") * 10_000]
    worst += [hashlib.shake_128(b"").digest(65_536), zipped(bytes(5 * 10**7))]
    worst += [gzip.compress(bytes(10**8))[:65_536], zipped(bytes(10**8), zipfile.ZIP_BZIP2)]
    member = tarfile.TarInfo()
    member.type, member.size = tarfile.XHDTYPE, 10**8  # more of a header than fits
    worst += [bz2.compress(member.tobuf() + bytes(10**8))]
    member.type = tarfile.GNUTYPE_SPARSE
    header = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    header[386:398] = header[483:495] = b"%011o\0" % 10**9  # the end of a hole
    header[148:156] = b"%06o\0 " % (sum(header) - sum(header[148:156]) + 8 * 32)
    worst += [bytes(header) + bytes(2048)]
    folders = [write_data(tmp_path / str(number)) for number in range(len(worst))]
    for folder, name in product(folders, NAMES):
        (folder / name).write_bytes(worst[int(folder.name)])
    done = python("-c", MEASURE, *map(str, folders))
    assert done.returncode == 0, (done.stdout, done.stderr)
    for data, line in zip(worst, done.stdout.splitlines(), strict=True):
        files, peak = map(int, line.split())
        assert files == len(NAMES), data[:40]
        assert peak * 1024 < 60_000_000, (data[:40], peak)


def lossy(text: str) -> set[str]:
    """Drop or replace some of the non-ASCII characters of a text, in all ways."""
    strange = sorted({*re.findall("[^\0-\x7f]", text)})
    lost = [some for count in range(len(strange)) for some in combinations(strange, count + 1)]
    return {
        re.sub(f"[{''.join(some)}]", new, text)
        for some in lost
        for new in ("", "?", "???", "\ufffd")
    }


def reread(text: str) -> set[str]:
    """Undo a misreading as code page 437, once or twice."""
    try:
        before = text.encode("cp437").decode()
    except UnicodeError:
        return set()
    return {before} if before == text else {before} | reread(before)


# An oracle without the package: what a code may have made of the genuine text, ...
cp437 = misread("cp437")
# fmt: off
MADE: dict[str, Callable[[str], set[str]]] = {
    "non-ascii-lost": lossy,
    "trimmed": lambda text: {text.strip(), text.lstrip(), text.rstrip()},
    "final-newline-removed": lambda text: {text.removesuffix("\n")},
}
# ... what makes both texts the same, ...
SAME: dict[str, Callable[[str], str]] = {
    "mixed-line-endings": lambda text: re.sub("\r\r\n|\r\n|\n\r|[\r\x85\u2028\u2029\v\f]", "\n", text),
    "invisible": lambda text: "".join(c for c in text if unicodedata.category(c) != "Cf"),
    "compatibility": lambda text: unicodedata.normalize("NFKC", text),
    "quotes": lambda text: re.sub("[‘’‚‛]", "'", re.sub("[“”„‟]", '"', text)),
    "punctuation": lambda text: re.sub("[-‐‑‒–—―−]+", "-", SAME["quotes"](text)),
    "case": str.casefold, "whitespace": lambda text: "".join(text.split()),
}
# ... and what must hold of them.
HOLDS: dict[str, Callable[[str, str], bool]] = {
    "truncated": lambda found, whole: whole.startswith(found), "appended": str.startswith,
    "start-missing": lambda found, whole: whole.endswith(found), "prepended": str.endswith,
}
# fmt: on


def is_true(data: bytes, genuine: str, codes: set[str]) -> bool:
    """Redo the codes on the genuine text: some way of doing so must give what was found."""
    codec = "utf-16" if "utf-16" in codes else "utf-8"
    found, wholes = data.decode(codec, "ignore" if "truncated" in codes else "replace"), {genuine}
    ending = "\r\n" if "crlf" in codes else "\r" if "cr" in codes else "\n"
    others = {*re.findall("\r\n|\r|\n", found)} - {ending} if ending != "\n" else ()
    if others or found.startswith("\ufeff") != ("bom" in codes):
        return False
    found = found.removeprefix("\ufeff").replace(ending, "\n")
    if "final-newline-added" in codes:
        found = re.sub("\r?\n\\Z", "", found)
    for code in (each for each in MADE if each in codes):
        wholes = {made for text in wholes for made in MADE[code](text)}
    pairs = {(found, whole) for whole in wholes}
    if "mojibake" in codes:  # of the genuine text, or of what else became of it
        pairs = {(found, made) for text in wholes for made in (cp437(text), cp437(cp437(text)))}
        pairs |= {*product(reread(found), wholes)}
    for same in (SAME[each] for each in SAME if each in codes):
        pairs = {(same(each), same(whole)) for each, whole in pairs}
    relations = [HOLDS[each] for each in HOLDS if each in codes] or [str.__eq__]
    if {"appended", "prepended"} <= codes:
        relations = [str.__contains__]
    return any(all(holds(*pair) for holds in relations) for pair in pairs)


OUTSIDE = {"empty", "nul-bytes", "swapped", "encoded", "compressed", "legacy-encoding", "html-page"}
reusing_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(
    name=st.sampled_from(ARTICLES),
    steps=st.lists(
        st.sampled_from([*(MADE | SAME | HOLDS), "mojibake", "final-newline-added"]), max_size=2
    ),
    last=st.sampled_from(["", "crlf", "cr", "bom", "utf-16", "crlf utf-16"]),
    noise=st.tuples(st.integers(0, 2200), st.just(b"") | st.binary(max_size=3)),
)
@example(name=PLAIN, steps=[], last="", noise=(2075, b"+"))
@example(name=CURLY, steps=[], last="utf-16", noise=(0, b"\xef\xbb\xbf"))
@example(name=CURLY, steps=[], last="utf-16", noise=(0, b"\xfe\xff"))
@example(name=CURLY, steps=["invisible"], last="bom", noise=(0, b""))
@example(name=CURLY, steps=["truncated"], last="", noise=(914, b"\v"))
@reusing_folder
def test_no_claim_is_false(
    data_copy: Path, name: str, steps: list[str], last: str, noise: tuple[int, bytes]
) -> None:
    """A code is given that does not hold when it is redone."""
    data, (place, added) = damaged(name, " ".join([*steps, last])), noise
    data = data[:place] + added + data[place + len(added) :]
    problems = problems_with(data_copy, {name: data})
    assert [each.file for each in problems] == [name] * (data != GENUINE[name])
    for codes, message in [({*each.causes}, each.message) for each in problems]:
        if codes and OUTSIDE.isdisjoint(codes) and "differs" not in message:
            assert is_true(data, GENUINE[name].decode(), codes), message


@given(name=st.sampled_from(NAMES), content=st.binary(max_size=3000))
@reusing_folder
def test_any_bytes(data_copy: Path, name: str, content: bytes) -> None:
    """Some bytes are called genuine, or end in a traceback."""
    assert {each.file for each in problems_with(data_copy, {name: content})} == {name}


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that is not there gives a report, a traceback or an endless message."""
    for path, message in (
        ("", "'': no such file or directory"),
        (f"{tmp_path}/nope", f"{tmp_path}/nope: no such file or directory"),
        ("a\0b", r"'a\x00b': cannot be read: "),
        ("\ud800", ""),
        ("x" * 10**7, f"'{'x' * 60}'...: cannot be read"),
    ):
        with pytest.raises(newspair.NewspairError, match=f"^{re.escape(message)}") as caught:
            newspair.validate(path)
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 500
    if sys.platform != "win32":
        monkeypatch.chdir(tmp_path)
        tmp_path.rmdir()
        assert [each.check for each in problems_of(Path())] == ["presence"] * len(NAMES)


@posix
def test_unreadable(data_copy: Path, tmp_path: Path) -> None:
    """A file or folder that cannot be read gives a traceback, or is called missing."""
    for link in (tmp_path / "link", data_copy / "broken"):
        link.symlink_to("nowhere")
    check(problems_of(tmp_path / "link"), "link", "kind", "", "broken symbolic link$")
    (data_copy / CURLY).unlink()
    (data_copy / CURLY).symlink_to(
        "../.git/annex/objects/Zx/9k/SHA256E-s2278--00.txt/SHA256E-s2278--00.txt"
    )
    check(problems_of(data_copy)[:1], CURLY, "digest", "git-annex-pointer", "`git annex get`")
    (data_copy / CURLY).unlink()
    (data_copy / CURLY).write_bytes(GENUINE[CURLY])
    (data_copy / "SHA256SUMS").rename(data_copy / "SHA256SUMS.old")
    for name in ("SHA256SUMS.old", "README.md"):
        (data_copy / name).chmod(0)
    for mode, count in ((0o700, 4), (0, 1), (0o400, 1)):
        data_copy.chmod(mode)
        done = run("validate", "--json", str(data_copy), unprivileged=True)
        data_copy.chmod(0o700)
        problems = json.loads(done.stdout)["problems"]
        assert (done.returncode, done.stderr, len(problems)) == (1, b"", count), problems
        denied = [each["message"] for each in problems if each["check"] == "access"]
        assert {each.partition(": ")[2] for each in denied} == {"cannot be read: Permission denied"}
