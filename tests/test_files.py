"""Articles are read exactly as they were supplied, or an error is raised."""

import enum
import hashlib
import json
import os
import pickle
import shutil
import zipfile
from pathlib import Path
from typing import get_args
from unittest import mock

import pytest
from helpers import (
    FIRST,
    GENUINE,
    PACKAGE,
    SECOND,
    posix,
    python,
    vendor,
    zip_package,
)

import newspair

SUPPLIED = {
    "000_11fb25597ae0a89a": "c1d531363422d524ac82d3ad67c5caf2191206dc3b449ddfcd773d698823a10d",
    "003_ced7b9f589f8a978": "b2dcd8bcc099f249818b97a1cabcaf648d88cf85c5afc714023dfa2b8ac088e9",
}
PUBLIC = {
    *("Article", "ArticleId", "Check", "Evidence", "Problem", "Quotation", "Report", "Section"),
    *("IntegrityError", "NewspairError", "SectionKind", "UnknownArticleError", "as_file", "copy"),
    *("checksums", "ids", "load", "load_all", "read_bytes", "read_text", "validate"),
}


def output(program: str, *arguments: str, path: Path = PACKAGE.parent, **options: object) -> str:
    """Return what a program prints; it must end well and keep to itself."""
    ended = python("-c", program, *arguments, path=path, **options)
    assert (ended.returncode, ended.stderr) == (0, b""), ended.stderr.decode()
    return ended.stdout.decode().strip()


def test_packaged_data() -> None:
    """A damaged file of data/ passes; the failure names the file."""
    assert [problem.message for problem in newspair.validate().problems] == []
    assert [name for name, data in GENUINE.items() if not data] == []


def test_ids() -> None:
    """An id is missing, misspelt, out of order or unknown to type checkers."""
    assert newspair.ids() == tuple(SUPPLIED) == get_args(newspair.ArticleId)


def test_read() -> None:
    """Bytes or characters change on the way: newlines, odd spaces, curly quotes."""
    for article_id, sha256 in SUPPLIED.items():
        data = newspair.read_bytes(article_id)
        assert hashlib.sha256(data).hexdigest() == sha256
        assert newspair.read_text(article_id).encode() == data == GENUINE[f"{article_id}.txt"]
    assert newspair.read_text(FIRST).endswith("News")
    assert "Ukraineand he has nothing to do in Ukraine, ”Zelensky" in newspair.read_text(FIRST)
    assert newspair.read_text(SECOND).startswith(" date")
    assert newspair.read_text(SECOND).endswith(".)\n\n")


def test_checksums() -> None:
    """A digest is wrong, or a caller can change it for all others."""
    checksums = newspair.checksums()
    assert dict(checksums) == SUPPLIED
    with pytest.raises(TypeError):
        checksums[FIRST] = ""


def test_as_file() -> None:
    """The path is that of another file, or of none."""
    for article_id in newspair.ids():
        with newspair.as_file(article_id) as path:
            assert (path.name, path.read_bytes()) == (f"{article_id}.txt", GENUINE[path.name])
            assert isinstance(path, Path)
        assert path.exists()


def test_sha256_from_hashlib() -> None:
    """Nothing can be read where CPython was built without its own SHA-256."""
    program = f"""
import sys
sys.modules["_sha2"] = sys.modules["_sha256"] = None
import newspair
print(len(newspair.read_bytes("{FIRST}")))"""
    assert output(program) == "2278"


# What is done to a file, and a word of the reason
DAMAGES = {
    "changed": (lambda file: file.write_bytes(file.read_bytes().swapcase()), "SHA-256"),
    "empty": (lambda file: file.write_bytes(b""), "SHA-256"),
    "one byte less": (lambda file: file.write_bytes(file.read_bytes()[:-1]), "SHA-256"),
    "one byte more": (lambda file: file.write_bytes(file.read_bytes() + b"\n"), "SHA-256"),
    "10 GiB": (lambda file: os.truncate(file, 10 * 2**30), "SHA-256"),
    "missing": (lambda file: file.unlink(), "missing"),
    "no folder": (lambda file: shutil.rmtree(file.parent), "missing"),
    "folder": (lambda file: (file.unlink(), file.mkdir()), "folder"),
}
POSIX_DAMAGES = {
    "fifo": (lambda file: (file.unlink(), os.mkfifo(file)), "regular file"),
    "device": (lambda file: (file.unlink(), file.symlink_to("/dev/zero")), "regular file"),
    "broken link": (lambda file: (file.unlink(), file.symlink_to("nowhere")), "broken"),
    "link to itself": (lambda file: (file.unlink(), file.symlink_to(file)), "cannot be read"),
    "link to folder": (lambda file: (file.unlink(), file.symlink_to("..")), "folder"),
    "no permission": (lambda file: file.chmod(0), "cannot be read"),
}
CATCH = f"""
import json, newspair, pickle
for function in (newspair.read_bytes, newspair.read_text, newspair.as_file):
    try:
        with function("{FIRST}"):
            pass
    except newspair.IntegrityError as error:
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
        assert error.args == again.args == tuple(vars(error).values())
        print(json.dumps([error.filename, error.path, error.reason, str(error)]))
"""


@pytest.mark.parametrize(
    "damages", [DAMAGES, pytest.param(POSIX_DAMAGES, marks=posix)], ids=["all", "posix"]
)
def test_damage(tmp_path: Path, damages: dict) -> None:
    """A damaged article is read, hangs the reader, or the error does not say where and why."""
    for kind, (damage, word) in damages.items():
        folder = tmp_path / kind
        damage(vendor(folder) / f"{FIRST}.txt")
        lines = output(CATCH, path=folder, unprivileged=True).splitlines()
        assert len(lines) == 3, kind
        for filename, path, reason, message in map(json.loads, lines):
            assert (filename, Path(path)) == (
                f"{FIRST}.txt",
                folder / "newspair" / "data" / filename,
            )
            assert word in reason, kind
            differs = "is not genuine: its SHA-256 differs; `newspair validate` says what happened"
            assert (reason == differs) == (word == "SHA-256"), kind
            assert message.startswith(f"{filename}: {reason}")
            assert path in message
            assert message.isprintable()


@posix
def test_links(tmp_path: Path) -> None:
    """A link to a genuine file is taken for damage."""
    file = vendor(tmp_path / "a") / f"{FIRST}.txt"
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    program = f"import newspair; print(len(newspair.read_bytes('{FIRST}')), newspair.validate().ok)"
    assert output(program, path=tmp_path / "a") == "2278 True"


def test_bits(tmp_path: Path) -> None:
    """A single changed bit goes unnoticed."""
    vendor(tmp_path / "a")
    program = f"""
import newspair, os
with newspair.as_file("{FIRST}") as path:
    genuine = path.read_bytes()
for bit in range(0, len(genuine) * 8, 13):
    data = bytearray(genuine)
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)
    try:
        newspair.read_bytes("{FIRST}")
        print(bit)
    except newspair.IntegrityError:
        pass"""
    assert output(program, path=tmp_path / "a") == ""


def test_remedy(tmp_path: Path) -> None:
    """The error advises pip in a checkout, git in an installation, either in a frozen program."""
    vendor(tmp_path / "installed")
    vendor(tmp_path / "checkout" / "src")
    shutil.move(tmp_path / "checkout/src/newspair/data", tmp_path / "checkout/data")
    for data in (tmp_path / "installed/newspair/data", tmp_path / "checkout/data"):
        (data / f"{FIRST}.txt").write_bytes(b"")
    frozen = f"import sys\nsys.frozen = True\n{CATCH}"
    for folder, program, advice in (
        ("installed", CATCH, "pip install --force-reinstall"),
        ("checkout/src", CATCH, "git checkout -- data"),
        ("installed", frozen, "--collect-data newspair"),
    ):
        filename, path, reason, message = json.loads(
            output(program, path=tmp_path / folder).splitlines()[0]
        )
        remedy = message.removeprefix(f"{filename}: {reason}").replace(path, "")
        assert advice in remedy
        assert ("pip" in remedy) == ("pip" in advice)
        assert ("git " in remedy) == ("git " in advice)


class EqualText(str):
    """A string that claims to be equal to everything."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, _: object) -> bool:
        return True


class NoRepr:
    """An object that cannot be printed."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


class NoReprText(str):
    """A string that cannot be printed."""

    __slots__ = ()
    __repr__ = __str__ = NoRepr.__repr__


class Name(enum.StrEnum):
    """An id by another name."""

    FIRST = "000_11fb25597ae0a89a"


class Old(str, enum.Enum):  # noqa: UP042 - it prints otherwise than StrEnum
    """An id that prints as Old.FIRST."""

    FIRST = "000_11fb25597ae0a89a"


UNKNOWN = ["", "000", f"{FIRST}.txt", FIRST.upper(), f"{FIRST}\n", "\ud800", "\x1b[31m\r\n\0"]
UNKNOWN += ["x" * 10**6, "\u202e", EqualText("x"), NoReprText("x"), None, 0, b"", FIRST.encode()]
UNKNOWN += [[], {}, object(), mock.ANY, NoRepr(), type("\x1b", (), {})()]


def test_unknown_ids() -> None:
    """An object that is no id is accepted, or the message is long or breaks the terminal."""
    for function in (newspair.read_bytes, newspair.read_text, newspair.as_file, newspair.load):
        for number, wrong in enumerate(UNKNOWN):
            with pytest.raises(newspair.UnknownArticleError) as caught, function(wrong):
                pass
            message = str(caught.value)
            assert all(article_id in message for article_id in newspair.ids()), number
            assert message.isprintable(), number
            assert len(message) < 300, number
            assert isinstance(caught.value, KeyError)
            assert isinstance(caught.value, newspair.NewspairError)
    with pytest.raises(
        newspair.UnknownArticleError,
        match=f"no article of type 'int'; the ids are {FIRST} and {SECOND}$",
    ):
        newspair.load(0)
    for length, ending in ((60, "'; the ids"), (61, "'...; the ids")):
        with pytest.raises(newspair.UnknownArticleError, match=f"no article '{'x' * 60}{ending}"):
            newspair.load("x" * length)


def test_text_ids() -> None:
    """An id that is a str of another type is refused, or leaks into the result."""
    for article_id in (Name.FIRST, Old.FIRST, NoReprText(FIRST), EqualText(FIRST)):
        assert newspair.read_bytes(article_id) == GENUINE[f"{FIRST}.txt"]
        with newspair.as_file(article_id) as path:
            assert path.name == f"{FIRST}.txt"
        assert type(newspair.load(article_id).id) is str


def test_pickling() -> None:
    """An error from a worker process cannot be sent back."""
    with pytest.raises(newspair.UnknownArticleError) as caught:
        newspair.read_text("x")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (type(again), str(again)) == (newspair.UnknownArticleError, str(caught.value))


def test_zip(tmp_path: Path) -> None:
    """Imported from a zip, the package finds no data or leaves temporary files behind."""
    vendor(tmp_path / "a")
    program = f"""
import newspair
assert ".zip" in newspair.__file__
for article_id in newspair.ids():
    with newspair.as_file(article_id) as path, newspair.as_file(article_id) as other:
        assert path != other and path.is_file()
        assert path.read_bytes() == other.read_bytes() == newspair.read_bytes(article_id)
        assert path.name == article_id + ".txt"
    assert not path.parent.exists() and not other.parent.exists()
assert newspair.load("{FIRST}").id == "{FIRST}"
print(newspair.validate())"""
    assert output(program, path=zip_package(tmp_path / "a")) == "Report(problems=())"


def test_relative_zip(tmp_path: Path) -> None:
    """The data are lost when the program changes its folder."""
    vendor(tmp_path / "a")
    program = f"""
import os, sys
sys.path[:0] = ["{zip_package(tmp_path / "a").name}"]
import newspair
os.chdir("..")
with newspair.as_file("{FIRST}") as path:
    print(len(newspair.read_bytes("{FIRST}")), path.stat().st_size)"""
    assert output(program, cwd=tmp_path, path=Path(os.devnull)) == "2278 2278"


def test_damaged_zip(tmp_path: Path) -> None:
    """Damage inside a zip is read, or raises what zipimport raises."""
    name = f"newspair/data/{FIRST}.txt"
    for kind, check, word in (
        ("missing", "presence", "missing"),
        ("changed", "digest", "SHA-256"),
        ("corrupt", "access", ""),
        ("gone", "", ""),
    ):
        folder = tmp_path / kind
        file = vendor(folder) / f"{FIRST}.txt"
        if kind in DAMAGES:
            DAMAGES[kind][0](file)
        path = zip_package(folder)
        if kind == "corrupt":
            with zipfile.ZipFile(path) as archive:
                start = archive.getinfo(name).header_offset + 200
            data = path.read_bytes()
            path.write_bytes(data[:start] + bytes(8) + data[start + 8 :])
        gone = f"import newspair, os\nos.unlink({str(path)!r})\n" if kind == "gone" else ""
        lines = output(gone + CATCH, path=path).splitlines()
        assert len(lines) == 3, kind
        for filename, full, reason, message in map(json.loads, lines):
            assert (filename, Path(full)) == (f"{FIRST}.txt", path / name), kind
            assert word in reason, kind
            assert message.isprintable(), kind
        if kind != "gone":
            program = (
                "import newspair; print(*[each.check for each in newspair.validate().problems])"
            )
            assert output(program, path=path) == check


# What runs, and modules that it has no need of
LIGHT = {
    "import newspair": "typing collections.abc hashlib pathlib json re inspect pydantic",
    f"newspair.read_text('{FIRST}')": "typing collections.abc hashlib pathlib json pydantic",
    "newspair.checksums()": "typing pathlib json pydantic",
    "newspair.validate()": "json difflib html unicodedata zipfile argparse dataclasses pydantic",
    "newspair.copy(sys.argv[1])": "pydantic dataclasses argparse",
    f"newspair.as_file('{FIRST}').__enter__()": "pydantic dataclasses argparse",
}


def test_light_imports(tmp_path: Path) -> None:
    """Reading becomes slow because something heavy is imported."""
    for statement, names in LIGHT.items():
        program = f"import sys, newspair\n{statement}\nprint(*sys.modules)"
        ended = python("-S", "-c", program, str(tmp_path / "new"))
        assert ended.returncode == 0, ended.stderr
        loaded = ended.stdout.decode().split()
        assert not set(names.split()) & set(loaded), statement


def test_threads() -> None:
    """First uses at the same time disturb each other."""
    program = """
import sys, threading
import newspair
sys.setswitchinterval(1e-6)
barrier, failed = threading.Barrier(64), []
def use(number):
    barrier.wait()
    try:
        value = getattr(newspair, newspair.__all__[number % len(newspair.__all__)])
        if number % 3 == 0:
            newspair.load(newspair.ids()[number % 2])
        elif number % 3 == 1:
            assert newspair.validate().ok
        else:
            with newspair.as_file(newspair.ids()[number % 2]) as path:
                path.read_bytes()
            newspair.checksums()
    except BaseException as error:
        failed.append(repr(error))
threads = [threading.Thread(target=use, args=[number]) for number in range(64)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len({id(newspair.load(each)) for each in newspair.ids() * 9}) == 2
print(failed)"""
    for _ in range(3):
        assert output(program) == "[]"


def test_public_names() -> None:
    """A name is missing, misspelt or more than the contract has."""
    assert sorted(newspair.__all__) == sorted(PUBLIC)
    assert {*PUBLIC, "__version__"} <= set(dir(newspair))
    program = "from newspair import *\nprint(*[name for name in dir() if name[0] != '_'])"
    assert sorted(output(program).split()) == sorted(PUBLIC)
    assert output("import newspair; print(*dir(newspair))").split() == sorted(dir(newspair))
    with pytest.raises(AttributeError, match=r"'newspair'.*'red_text'"):
        newspair.red_text  # noqa: B018
    assert not hasattr(newspair, "Path")


def test_public_classes() -> None:
    """A repr, help or traceback names a private module."""
    for name in PUBLIC:
        value = getattr(newspair, name)
        if isinstance(value, type):
            assert (value.__module__, value.__qualname__) == ("newspair", name)
        assert name in ("ArticleId", "Check", "SectionKind") or value.__doc__, name


def test_literals() -> None:
    """A check or a kind of section is missing from the public types."""
    checks = "presence kind access encoding digest metadata unexpected"
    kinds = "navigation headline abstract byline caption heading body credit"
    assert " ".join(get_args(newspair.Check)) == checks
    assert " ".join(get_args(newspair.SectionKind)) == kinds


def test_typed() -> None:
    """Type checkers ignore the annotations."""
    assert (PACKAGE / "py.typed").is_file()
