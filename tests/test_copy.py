"""A copy is the whole genuine folder in a place that was free, or nothing is changed."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import FIRST, GENUINE, posix, python, run, vendor, zip_package

import newspair


def tree(folder: Path) -> dict[str, object]:
    """Return everything in a folder, with contents and times, to see what changes."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else path.is_symlink()
        found[str(path.relative_to(folder))] = (data, path.lstat().st_mtime_ns)
    return found


def files(folder: Path) -> dict[str, bytes]:
    """Return the names in a folder and their bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_free_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy lacks files, goes elsewhere, or leaves a temporary folder beside it."""
    places = (
        "new",
        "new folder/é",
        "a/b/c",
        "a/b/d/",
        "empty",
        "./e",
        "empty/../g",
        tmp_path / "h",
    )
    for number, place in enumerate([*places, Path("i"), Path("j/k")]):
        folder = tmp_path / str(number)
        (folder / "empty").mkdir(parents=True)
        monkeypatch.chdir(folder)
        path = newspair.copy(place)
        assert isinstance(path, Path)
        assert path == Path(place)
        assert files(path) == GENUINE
        assert newspair.validate(place).ok
        strangers = {each.name for each in folder.rglob("*")} - {*Path(place).parts, *GENUINE}
        assert strangers <= {"empty"}, place


def test_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working folder, if empty, is replaced under the feet of the user's shell."""
    for number, place in enumerate((".", "./", os.curdir + os.sep + ".")):
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.chdir(folder)
        before = folder.stat().st_ino
        newspair.copy(place)
        assert files(folder) == files(Path()) == GENUINE
        assert folder.stat().st_ino == before


@posix
def test_link(tmp_path: Path) -> None:
    """A link to an empty folder is replaced or refused, or ``link/..`` is not what it is elsewhere."""
    (tmp_path / "other" / "empty").mkdir(parents=True)
    (tmp_path / "link").symlink_to(Path("other", "empty"))
    newspair.copy(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert files(tmp_path / "other" / "empty") == GENUINE
    newspair.copy(tmp_path / "link" / ".." / "new")
    assert files(tmp_path / "other" / "new") == GENUINE


@posix
def test_mode(tmp_path: Path) -> None:
    """The folder is private to its owner, as temporary folders are."""
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "file").touch()
    new = newspair.copy(tmp_path / "new")
    assert new.stat().st_mode == (tmp_path / "plain").stat().st_mode
    mode = (tmp_path / "plain" / "file").stat().st_mode
    assert {path.stat().st_mode for path in new.iterdir()} == {mode}


def test_genuine_already(data_copy: Path) -> None:
    """A copy made before is an error in a script that runs twice, or is written again."""
    (data_copy / ".DS_Store").write_bytes(b"\0")
    before = tree(data_copy)
    assert newspair.copy(data_copy) == data_copy
    new = data_copy.parent / "empty"
    new.mkdir()
    for words in (b"written", b"already a genuine copy"):
        assert run("copy", str(new)).stdout == str(new).encode() + b": " + words + b"\n"
    again = run("copy", str(data_copy))
    assert (again.returncode, again.stderr) == (0, b"")
    assert b"already a genuine copy" in again.stdout
    assert tree(data_copy) == before


def write_damaged_copy(folder: Path) -> None:
    """Write a copy with an article that lacks its last byte."""
    file = newspair.copy(folder / "x") / f"{FIRST}.txt"
    file.write_bytes(file.read_bytes()[:-1])


TAKEN = "is not a new or empty folder"
# What is in the way: how it is made, the path that is asked for, and the end of the message
# fmt: off
OCCUPIED = {
    "other file": (lambda folder: (folder / "x" / "mine").touch(), "x", f"x: {TAKEN}"),
    "hidden file": (lambda folder: (folder / "x" / ".git").mkdir(), "x", f"x: {TAKEN}"),
    "damaged copy": (write_damaged_copy, "x", f"x: {TAKEN}"),
    "file": (lambda folder: (folder / "y").touch(), "y", f"y: {TAKEN}"),
    "file as parent": (lambda folder: (folder / "y").touch(), "y/z/data", ""),
    "parent of nothing": (lambda folder: (folder / "README.md").touch(), "no/..", f"no/..: {TAKEN}"),
    "no name": (lambda folder: (folder / "mine").touch(), "", f"'': {TAKEN}"),
    "no name in a copy": (lambda folder: os.chdir(newspair.copy(folder / "x")), "", f"'': {TAKEN}"),
    "NUL": (lambda _: None, "y\0", r"'y\x00': cannot be written: not a valid path"),
    "long name": (lambda _: None, "y" * 300 + "/\x1b[31m", ""),
}
# fmt: on
if sys.platform != "win32":
    OCCUPIED["broken link"] = (lambda folder: (folder / "y").symlink_to("no"), "y", f"y: {TAKEN}")
    OCCUPIED["link to file"] = (lambda folder: (folder / "y").symlink_to(__file__), "y", TAKEN)


def test_occupied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's files are overwritten, joined by others, or the error does not name the path."""
    for kind, (prepare, place, words) in OCCUPIED.items():
        folder = tmp_path / kind
        (folder / "x").mkdir(parents=True)
        monkeypatch.chdir(folder)
        prepare(folder)
        before = tree(folder)
        with pytest.raises(newspair.NewspairError) as caught:
            pytest.fail(f"{kind}: {newspair.copy(place)!r} was written")
        assert tree(folder) == before, kind
        message = str(caught.value)
        assert message.isprintable(), kind
        assert place[:1] in message, kind
        assert message.endswith(words), kind
        assert len(message) < 1500, kind
        assert not isinstance(caught.value, newspair.IntegrityError), kind


@posix
def test_no_permission(tmp_path: Path) -> None:
    """A folder that cannot be written gives a traceback, or is left half full."""
    (tmp_path / "locked" / "empty").mkdir(parents=True)
    (tmp_path / "locked" / "empty").chmod(0o555)
    (tmp_path / "locked").chmod(0o555)
    for place in ("locked/new", "locked/a/b", "locked/empty"):
        refused = run("copy", place, cwd=tmp_path, unprivileged=True)
        assert (refused.returncode, refused.stdout) == (2, b""), place
        assert place.encode() in refused.stderr
        assert b"denied" in refused.stderr
        assert refused.stderr.count(b"\n") == 1
    assert set(tree(tmp_path)) == {"locked", "locked/empty"}
    (tmp_path / "locked").chmod(0o755)


LIMITED = """
import resource, runpy, sys
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), hard))
try:
    runpy.run_module("newspair", run_name="__main__")
finally:  # coverage writes its data
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
"""


@posix
def test_full_disk(tmp_path: Path) -> None:
    """A copy that was cut short by a full disk stays behind."""
    (tmp_path / "empty").mkdir()
    for place in ("new", "a/b", "empty"):
        for limit in (0, 2100, 2**12):
            refused = python("-c", LIMITED, str(limit), "copy", place, cwd=tmp_path)
            assert (refused.returncode, refused.stdout) == (2, b""), (place, limit)
            assert place.encode() in refused.stderr
            assert refused.stderr.count(b"\n") == 1
            assert set(tree(tmp_path)) == {"empty"}, (place, limit)


def test_failed_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder stays filled in part when a file cannot be moved, or after Ctrl-C."""
    calls, errors = [], [OSError(28, "No space left on device"), KeyboardInterrupt()]

    def move(*paths: str, genuine: Callable[..., None] = os.rename) -> None:
        calls.append(paths)
        if len(calls) % 4 == 0:
            raise errors.pop()
        genuine(*paths)

    monkeypatch.setattr(os, "rename", move)
    (tmp_path / "empty").mkdir()
    while errors:
        with pytest.raises((newspair.NewspairError, KeyboardInterrupt)):
            newspair.copy(tmp_path / "empty")
        assert [path.name for path in tmp_path.rglob("*")] == ["empty"]
    assert len(calls) == 8
    for source, target in calls:
        temporary = Path(source).parent
        assert temporary.parent == Path(target).parent == tmp_path / "empty"
        assert temporary.name.startswith(".newspair-")


def test_damaged_data(tmp_path: Path) -> None:
    """Damage in the package is handed on."""
    for number, name in enumerate(GENUINE):
        (vendor(tmp_path / f"{number}") / name).write_bytes(b"x")
        refused = run("copy", str(tmp_path / "new"), path=tmp_path / f"{number}")
        assert (refused.returncode, refused.stdout) == (1, b""), name
        assert name.encode() in refused.stderr
        assert not (tmp_path / "new").exists()


def test_zip(tmp_path: Path) -> None:
    """There is no folder to copy from when the package is imported from a zip."""
    vendor(tmp_path / "a")
    written = run("copy", str(tmp_path / "new"), path=zip_package(tmp_path / "a"))
    assert (written.returncode, written.stderr) == (0, b"")
    assert files(tmp_path / "new") == GENUINE
