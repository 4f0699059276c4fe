"""A copy is the whole genuine folder in a place that was free, or nothing is changed."""

import os
import sys
from pathlib import Path
from unittest import mock

import pytest
from helpers import GENUINE, posix, python, run, vendor, zip_package

import newspair


def tree(folder: Path) -> dict[Path, object]:
    """Return everything in a folder, with contents and times, to see what changes."""
    paths = folder.rglob("*")
    return {each: (each.lstat().st_mtime, each.is_file() and each.read_bytes()) for each in paths}


def files(folder: Path) -> dict[str, bytes]:
    """Return the names in a folder and their bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_free_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy lacks files, is elsewhere or private, leaves something, or replaces a folder or link."""
    (tmp_path / "file").touch()
    mode = (tmp_path / "file").stat().st_mode
    places = ["new", "new folder/é", "a/b/c/", "./d", "../here", ".", tmp_path / "e", Path("f/g")]
    links = ["../link", "../link/../new"] if sys.platform != "win32" else []
    for number, place in enumerate(places + links):
        here = tmp_path / str(number) / "here"
        here.mkdir(parents=True)
        monkeypatch.chdir(here)
        if links:
            Path("../other/empty").mkdir(parents=True)
            Path("../link").symlink_to("other/empty")
        before = here.stat()
        path = newspair.copy(place)
        assert (path, files(path)) == (Path(place), GENUINE)
        assert {each.stat().st_mode for each in path.iterdir()} == {mode}, place
        assert path.stat().st_mode == here.stat().st_mode == before.st_mode, place
        assert here.stat().st_ino == before.st_ino, place
        assert Path("../link").is_symlink() == bool(links), place
        found = {each.name for each in here.parent.rglob("*")}
        assert found <= {"here", "link", "other", "empty", *Path(place).parts, *GENUINE}, place


def test_genuine_already(data_copy: Path) -> None:
    """A copy made before is an error in a script that runs twice, or is written again."""
    (data_copy / ".DS_Store").write_bytes(b"\0")
    new = data_copy.parent / "new"
    for place, word in ((new, b"written"), (new, b"already"), (data_copy, b"already")):
        before = tree(place)
        ended = run("copy", str(place))
        assert (ended.returncode, ended.stderr, word in ended.stdout) == (0, b"", True), word
        assert ended.stdout.startswith(f"{place}: ".encode())
        assert (tree(place) == before) == (word == b"already")
    assert newspair.copy(data_copy) == data_copy


def test_occupied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's files are overwritten, joined by others, or the error does not name the path."""
    for folder in ("empty", "full/folder", "hidden/.git"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "file").touch()
    newspair.copy(tmp_path / "genuine")
    (newspair.copy(tmp_path / "damaged") / "README.md").write_bytes(b"")
    taken = ["full", "hidden", "damaged", "file", "no/.."]
    if sys.platform != "win32":
        (tmp_path / "link").symlink_to("file")
        (tmp_path / "broken").symlink_to("no")
        taken += ["link", "broken"]
    # The working folder, the path that is asked for, and what the message matches
    cases = [(".", name, f"{name}: .*empty") for name in taken]
    cases += [
        ("empty", "", "'': .*empty"),
        ("genuine", "", "'': .*empty"),
        (".", "file/a/b", "file/a/b: "),
        (".", "y\0", r"'y\\x00': cannot be written: not a valid path$"),
        (".", "y" * 300 + "/\x1b[31m", "'y"),
    ]
    monkeypatch.chdir(tmp_path)
    assert newspair.copy("no/../other").is_dir()
    before = tree(tmp_path)
    for folder, place, words in cases:
        monkeypatch.chdir(tmp_path / folder)
        with pytest.raises(newspair.NewspairError, match=f"^{words}") as caught:
            pytest.fail(f"{newspair.copy(place)!r} was written")
        assert tree(tmp_path) == before, place
        assert str(caught.value).isprintable(), place
        assert len(str(caught.value)) < 1500, place
        assert not isinstance(caught.value, newspair.IntegrityError), place


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
def test_unwritable(tmp_path: Path) -> None:
    """A full disk, or a folder without permission, gives a traceback or is left half full."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "locked" / "empty").mkdir(mode=0o555, parents=True)
    (tmp_path / "locked").chmod(0o555)
    before = {*tmp_path.rglob("*")}
    limits = {"new": 0, "a/b": 2100, "empty": 4096}  # bytes that a file can have
    limits |= dict.fromkeys(("locked/new", "locked/a/b", "locked/empty"), 10**6)
    for place, limit in limits.items():
        refused = python("-c", LIMITED, str(limit), "copy", place, cwd=tmp_path, unprivileged=True)
        assert (refused.returncode, refused.stdout, refused.stderr.count(b"\n")) == (2, b"", 1)
        assert place.encode() in refused.stderr, place
        assert (b"denied" in refused.stderr) == ("locked" in place), place
        assert {*tmp_path.rglob("*")} == before, place
    (tmp_path / "locked").chmod(0o755)


def test_failed_rename(tmp_path: Path) -> None:
    """An empty folder stays filled in part when a file cannot be moved, or after Ctrl-C."""
    empty = tmp_path / "empty"
    empty.mkdir()
    for error in (OSError(28, "No space left on device"), KeyboardInterrupt()):
        effects = [mock.DEFAULT, mock.DEFAULT, mock.DEFAULT, error]
        patch = mock.patch("os.rename", wraps=os.rename, side_effect=effects)
        with patch as rename, pytest.raises((newspair.NewspairError, KeyboardInterrupt)):
            newspair.copy(empty)
        assert [*tmp_path.rglob("*")] == [empty]
        sources = [str(each.args[0]) for each in rename.call_args_list]
        assert [each.startswith(str(empty / ".newspair-")) for each in sources] == [True] * 4


def test_damaged_data(tmp_path: Path) -> None:
    """Damage is handed on, or a copy needs pydantic, or a package that is not in a zip."""
    command = ("-S", "-m", "newspair", "copy")
    vendor(tmp_path / "a")
    written = python(*command, str(tmp_path / "zip"), path=zip_package(tmp_path / "a"))
    assert (written.returncode, written.stderr, files(tmp_path / "zip")) == (0, b"", GENUINE)
    for name in GENUINE:
        (vendor(tmp_path / name) / name).write_bytes(b"x")
        refused = python(*command, str(tmp_path / "new"), path=tmp_path / name)
        assert (refused.returncode, refused.stdout) == (1, b""), name
        assert name.encode() in refused.stderr
        assert not (tmp_path / "new").exists()
