"""Articles are read exactly as they were supplied, or an error is raised."""

import enum
import hashlib
import json
import os
import pickle
import re
import shutil
import sys
from itertools import product
from pathlib import Path
from typing import get_args
from unittest import mock

import pytest
from helpers import FIRST, GENUINE, PACKAGE, SECOND, python, vendor, zip_package

import newspair

SUMS = [line.split("  ") for line in GENUINE["SHA256SUMS"].decode().splitlines()]
SUPPLIED = {name.removesuffix(".txt"): digest for digest, name in SUMS}
PUBLIC = """Article ArticleId Check Evidence IntegrityError NewspairError Problem Quotation Report Section
    SectionKind UnknownArticleError as_file checksums copy ids load load_all read_bytes read_text validate""".split()
LITERALS = {
    "ArticleId": " ".join(SUPPLIED),
    "Check": "presence kind access encoding digest metadata unexpected",
    "SectionKind": "navigation headline abstract byline caption heading body credit",
}


def output(program: str, *arguments: str, path: Path = PACKAGE.parent, **options: object) -> str:
    """Return what a program prints; it must end well and keep to itself."""
    ended = python("-c", program, *arguments, path=path, **options)
    assert (ended.returncode, ended.stderr) == (0, b""), ended.stderr.decode()
    return ended.stdout.decode().strip()


def words_of(message: str) -> set[str]:
    """Return the words of a message, with the quotes around them."""
    return set(re.findall(r"[\w'-]+(?:\.{3})?", message))


def test_articles() -> None:
    """A byte or digest is wrong, a path is that of another file, or a caller can change digests."""
    assert [problem.message for problem in newspair.validate().problems] == []
    assert newspair.ids() == tuple(SUPPLIED)
    assert dict(newspair.checksums()) == SUPPLIED
    with pytest.raises(TypeError):
        newspair.checksums()[FIRST] = ""
    for article_id, sha256 in SUPPLIED.items():
        data = newspair.read_bytes(article_id)
        assert hashlib.sha256(data).hexdigest() == sha256
        assert newspair.read_text(article_id).encode() == data
        with newspair.as_file(article_id) as path:
            assert (path.name, path.read_bytes()) == (f"{article_id}.txt", data)


# What is done to the file of an article, and words of the reason
DIFFERS = "is SHA-256 validate"
# fmt: off
DAMAGES = {
    "changed bit": (lambda file: file.write_bytes(file.read_bytes().replace(b"1", b"0", 1)), DIFFERS),
    "byte less": (lambda file: file.write_bytes(file.read_bytes()[:-1]), DIFFERS),
    "byte more": (lambda file: file.write_bytes(file.read_bytes() + b"\n"), DIFFERS),
    "empty": (lambda file: file.write_bytes(b""), DIFFERS),
    "10 GiB": (lambda file: os.truncate(file, 10 * 2**30), DIFFERS),
    "missing": (lambda file: file.unlink(), "is missing"),
    "no folder": (lambda file: shutil.rmtree(file.parent), "is missing"),
    "folder": (lambda file: (file.unlink(), file.mkdir()), "is folder"),
}
if sys.platform != "win32":
    DAMAGES |= {
        "fifo": (lambda file: (file.unlink(), os.mkfifo(file)), "is not regular file"),
        "device": (lambda file: (file.unlink(), file.symlink_to("/dev/zero")), "is not regular file"),
        "broken link": (lambda file: (file.unlink(), file.symlink_to("nowhere")), "is broken link"),
        "link to itself": (lambda file: (file.unlink(), file.symlink_to(file)), "cannot be read"),
        "no permission": (lambda file: file.chmod(0), "cannot be read"),
    }
# fmt: on
CATCH = f"""
import json, newspair, pickle
for function in (newspair.read_bytes, newspair.read_text, newspair.as_file):
    try:
        with function("{FIRST}"):
            pass
    except newspair.IntegrityError as error:
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
        print(json.dumps([error.filename, error.path, error.reason, str(error)]))
"""


def refused(path: Path, file: Path, words: str, program: str = CATCH) -> list[str]:
    """Check the errors for a damaged file; return the advice, and what else the program prints."""
    lines = output(program, path=path, unprivileged=True).splitlines()
    assert len(lines) >= 3
    for filename, found, reason, message in map(json.loads, lines[:3]):
        assert (filename, Path(found)) == (f"{FIRST}.txt", file)
        assert set(words.split()) <= words_of(reason)
        assert message.startswith(f"{filename}: {reason}")
        assert found in message
        assert message.isprintable()
    return [message.removeprefix(f"{filename}: {reason}").replace(found, ""), *lines[3:]]


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage(tmp_path: Path, kind: str) -> None:
    """A damaged article is read, hangs the reader, or the error does not say where and why."""
    damage, words = DAMAGES[kind]
    file = vendor(tmp_path) / f"{FIRST}.txt"
    damage(file)
    refused(tmp_path, file, words)


def test_damaged_zip(tmp_path: Path) -> None:
    """Damage inside a zip is read, or raises what zipimport raises."""
    name = f"newspair/data/{FIRST}.txt"
    for kind, words, checks in (
        ("missing", "is missing", ["presence"]),
        ("changed bit", DIFFERS, ["digest"]),
        ("corrupt", "cannot be read", ["access"]),
        ("gone", "", []),
    ):
        file = vendor(tmp_path / kind) / f"{FIRST}.txt"
        if kind in DAMAGES:
            DAMAGES[kind][0](file)
        path = zip_package(tmp_path / kind)
        program = CATCH + "print(*[each.check for each in newspair.validate().problems])"
        if kind == "corrupt":
            data = path.read_bytes()
            start = data.index(name.encode()) + 200
            path.write_bytes(data[:start] + bytes(8) + data[start + 8 :])
        if kind == "gone":
            program = f"import newspair, os\nos.unlink({str(path)!r})\n{CATCH}"
        assert refused(path, path / name, words, program)[1:] == checks


def test_remedy(tmp_path: Path) -> None:
    """The error advises pip in a checkout, git in an installation, either in a frozen program."""
    frozen = "import sys\nsys.frozen = True\n"
    for folder, data, before, advice in (
        ("installed", "installed/newspair/data", "", "pip install --force-reinstall"),
        ("checkout/src", "checkout/data", "", "git checkout -- data"),
        ("frozen", "frozen/newspair/data", frozen, "--collect-data newspair"),
    ):
        file = vendor(tmp_path / folder).rename(tmp_path / data) / f"{FIRST}.txt"
        file.unlink()
        remedy, *_ = refused(tmp_path / folder, file, "is missing", before + CATCH)
        assert advice in remedy
        assert words_of(remedy) & {"pip", "git", "--collect-data"} == {advice.split()[0]}


# A string that is equal to everything and cannot be printed
SILENT = mock.Mock(side_effect=RuntimeError("cannot be printed"))
ODD = {"__eq__": lambda *_: True, "__hash__": str.__hash__, "__str__": SILENT, "__repr__": SILENT}
Odd = type("Odd", (str,), ODD)
UNKNOWN = ["", "000", f"{FIRST}.txt", FIRST.upper(), f"{FIRST}\n", "\ud800", "\x1b[31m\r\n\0"]
UNKNOWN += ["x" * 10**6, Odd("x"), None, 0, b"", FIRST.encode(), [], {}, mock.ANY]
UNKNOWN += [type("\x1b", (), {"__str__": SILENT, "__repr__": SILENT})()]


def test_ids() -> None:
    """Another object is taken for an id, its error is long or unprintable, or a str is refused."""
    functions = (newspair.read_bytes, newspair.read_text, newspair.as_file, newspair.load)
    for function, wrong in product(functions, UNKNOWN):
        with pytest.raises(newspair.UnknownArticleError) as caught, function(wrong):
            pass
        message = str(caught.value)
        assert {FIRST, SECOND} <= words_of(message)
        assert message.isprintable()
        assert len(message) < 300
        again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
        assert (type(again), str(again)) == (newspair.UnknownArticleError, message)
    x = "x" * 60
    for wrong, words in ((0, {"of", "type", "'int'"}), (x, {f"'{x}'"}), (f"{x}x", {f"'{x}'..."})):
        with pytest.raises(newspair.UnknownArticleError) as caught:
            newspair.load(wrong)
        assert words <= words_of(str(caught.value))
    for article_id in (enum.StrEnum("Name", {"FIRST": FIRST}).FIRST, Odd(FIRST)):
        assert newspair.read_bytes(article_id) == GENUINE[f"{FIRST}.txt"]
        with newspair.as_file(article_id) as path:
            assert path.name == f"{FIRST}.txt"
        assert type(newspair.load(article_id).id) is str


READ = """
import os, sys
sys.path[:0] = [sys.argv[1]]
import newspair
zipped = ".zip" in newspair.__file__
newspair.load, newspair.validate  # Python itself imports nothing from a.zip once it is elsewhere
os.chdir("..")
for article_id in newspair.ids():
    with newspair.as_file(article_id) as path, newspair.as_file(article_id) as other:
        assert path.read_bytes() == other.read_bytes() == newspair.read_bytes(article_id)
        assert path.name == article_id + ".txt"
        assert (path != other) == zipped
    assert path.exists() == other.exists() == path.parent.exists() == (not zipped)
print(newspair.validate().problems, newspair.load(article_id).id, zipped)"""


def test_places(tmp_path: Path) -> None:
    """The data are not found in a zip, after chdir, behind a link or without _sha2; or a copy stays."""
    file = vendor(tmp_path / "a") / f"{FIRST}.txt"
    archive = zip_package(tmp_path / "a")
    if sys.platform != "win32":
        file.symlink_to(file.rename(tmp_path / "elsewhere"))
    no_sha2 = 'import sys\nsys.modules["_sha2"] = sys.modules["_sha256"] = None\n'
    for place, program, zipped in (("a", no_sha2 + READ, False), (archive.name, READ, True)):
        printed = output(program, place, cwd=tmp_path, path=Path(os.devnull))
        assert printed == f"() {SECOND} {zipped}"


# What runs, one after the other, and modules that nothing so far has a need of
LIGHT = {
    "import sys, newspair": "typing collections.abc hashlib pathlib json re inspect pydantic",
    f"newspair.read_text('{FIRST}')": "typing collections.abc hashlib pathlib json pydantic",
    "newspair.checksums()": "typing pathlib json pydantic",
    "newspair.validate()": "json difflib html unicodedata zipfile argparse dataclasses pydantic",
    f"newspair.as_file('{FIRST}').__enter__()": "pydantic dataclasses argparse",
    "newspair.copy(sys.argv[1])": "pydantic dataclasses argparse",
}


def test_light_imports(tmp_path: Path) -> None:
    """Reading becomes slow because something heavy is imported."""
    program = "".join(f"{statement}\nprint(*sys.modules)\n" for statement in LIGHT)
    ended = python("-S", "-c", program, str(tmp_path / "new"))
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.decode().splitlines()
    for loaded, (statement, names) in zip(lines, LIGHT.items(), strict=True):
        assert not set(names.split()) & set(loaded.split()), statement


def test_threads() -> None:
    """First uses at the same time disturb each other."""
    program = """
import sys, threading
import newspair
sys.setswitchinterval(1e-6)
uses = ["load_all()", "validate()", "as_file(newspair.ids()[0]).__enter__()", "checksums()"] * 10
uses += newspair.__all__
barrier, failed = threading.Barrier(len(uses)), []
def run(use):
    barrier.wait()
    try:
        assert eval(f"newspair.{use}")
    except BaseException as error:
        failed.append(repr(error))
threads = [threading.Thread(target=run, args=[use]) for use in uses]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(failed)"""
    assert output(program) == "[]"


def test_public_names() -> None:
    """A name is missing or more than the contract has, or a traceback names a private module."""
    program = "import newspair as _n\nprint(*dir(_n))\nfrom newspair import *\nprint(*dir())"
    listed, imported = (names.split() for names in output(program).splitlines())
    assert sorted(newspair.__all__) == [name for name in imported if name[0] != "_"] == PUBLIC
    assert {*PUBLIC, "__version__"} <= set(listed) == set(dir(newspair))
    with pytest.raises(AttributeError, match=r"'newspair'.*'BaseModel'"):
        newspair.BaseModel  # noqa: B018
    for name in PUBLIC:
        value = getattr(newspair, name)
        if isinstance(value, type):
            assert (value.__module__, value.__qualname__) == ("newspair", name)
        assert name in LITERALS or value.__doc__, name
    for name, values in LITERALS.items():
        assert " ".join(get_args(getattr(newspair, name))) == values
    assert {KeyError, newspair.NewspairError} < set(newspair.UnknownArticleError.__mro__)
    assert issubclass(newspair.IntegrityError, newspair.NewspairError)
    assert (PACKAGE / "py.typed").is_file()
