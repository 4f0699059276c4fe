"""Where the packaged file of an article is, and copies of the data folder."""

import errno
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import pytest
from helpers import DATA, FIRST_FILE, SECOND, SECOND_FILE, files_in, python

import newspair
from newspair import NewspairError, UnknownArticleError, copy_data, validate
from newspair._folder import FILES

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
ORIGINAL = {name: (DATA / name).read_bytes() for name in FILES}


class TestPath:
    @pytest.mark.parametrize("article_id", ["003", SECOND])
    def test_is_that_of_the_packaged_file(self, article_id):
        path = newspair.path(article_id)
        assert isinstance(path, Path)
        assert path.name == SECOND_FILE
        assert path.read_bytes() == newspair.read_bytes("003")

    def test_unknown_id(self):
        with pytest.raises(UnknownArticleError):
            newspair.path("004")

    def test_content_is_verified(self, vendored):
        (vendored / "newspair" / "data" / SECOND_FILE).write_bytes(b"x")
        printed = python("-c", "import newspair; newspair.path('003')", path=vendored)
        assert "IntegrityError: 003_ced7b9f589f8a978.txt: is changed" in printed.stderr


class TestCopy:
    @pytest.mark.parametrize("place", ["new", "a/b/c", "a folder/é", "./new/"])
    def test_new_folder(self, tmp_path, monkeypatch, place):
        monkeypatch.chdir(tmp_path)
        assert copy_data(place) == Path(place)
        assert files_in(Path(place)) == ORIGINAL

    def test_existing_folder(self, tmp_path):
        (tmp_path / ".gitkeep").touch()
        copy_data(tmp_path)
        assert files_in(tmp_path) == ORIGINAL | {".gitkeep": b""}

    def test_same_copy_is_left_alone(self, copy):
        before = {path: path.stat().st_mtime_ns for path in copy.iterdir()}
        assert copy_data(copy) == copy
        assert copy_data(copy, overwrite=True) == copy
        assert {path: path.stat().st_mtime_ns for path in copy.iterdir()} == before

    @pytest.mark.parametrize("name", FILES)
    def test_file_of_that_name_is_not_replaced(self, tmp_path, name):
        (tmp_path / name).write_bytes(b"mine")
        with pytest.raises(NewspairError, match=f": already holds {name}; ") as caught:
            copy_data(tmp_path)
        assert str(tmp_path) in str(caught.value)
        assert files_in(tmp_path) == {name: b"mine"}

    def test_changed_copy_is_not_replaced(self, copy):
        (copy / "README.md").write_bytes(b"mine")
        (copy / ".gitattributes").write_bytes(b"mine")
        before = files_in(copy)
        with pytest.raises(
            NewspairError, match=r"holds 000_.*; README.md is missing or changed: .*--overwrite"
        ):
            copy_data(copy)
        assert files_in(copy) == before

    def test_damaged_package(self, vendored, tmp_path):
        (vendored / "newspair" / "data" / "croissant.json").write_bytes(b"x")
        program = "import newspair; newspair.copy_data('new')"
        printed = python("-c", program, path=vendored, cwd=tmp_path)
        assert "IntegrityError: croissant.json: " in printed.stderr
        assert not (tmp_path / "new").exists()


class TestOverwrite:
    @pytest.mark.parametrize("name", FILES)
    def test_changed_file_is_repaired(self, copy, name):
        (copy / name).write_bytes(b"x")
        copy_data(copy, overwrite=True)
        assert files_in(copy) == ORIGINAL

    @pytest.mark.parametrize("name", FILES)
    def test_missing_file_is_written(self, copy, name):
        (copy / name).unlink()
        copy_data(copy, overwrite=True)
        assert files_in(copy) == ORIGINAL

    def test_other_files_are_left_alone(self, copy):
        (copy / "mine.txt").write_bytes(b"mine")
        (copy / FIRST_FILE).write_bytes(b"x")
        copy_data(copy, overwrite=True)
        assert files_in(copy) == ORIGINAL | {"mine.txt": b"mine"}

    def test_readme_in_a_folder_without_an_article_is_not_replaced(self, tmp_path):
        (tmp_path / "README.md").write_bytes(b"mine")
        with pytest.raises(NewspairError, match="choose another folder"):
            copy_data(tmp_path, overwrite=True)
        assert files_in(tmp_path) == {"README.md": b"mine"}

    @posix
    def test_nothing_is_written_through_a_link(self, copy, tmp_path):
        (tmp_path / "mine.txt").write_bytes(b"mine")
        (copy / FIRST_FILE).unlink()
        (copy / FIRST_FILE).symlink_to(tmp_path / "mine.txt")
        copy_data(copy, overwrite=True)
        assert (tmp_path / "mine.txt").read_bytes() == b"mine"
        assert files_in(copy) == ORIGINAL


class TestFailure:
    """Nothing that was there is changed, and nothing new is left behind."""

    @pytest.mark.parametrize("place", ["", "file", "file/new", "a\0b", "y" * 300])
    def test_no_folder_can_be_there(self, tmp_path, monkeypatch, place):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "file").write_bytes(b"mine")
        with pytest.raises(NewspairError, match="cannot be written"):
            copy_data(place)
        assert files_in(tmp_path) == {"file": b"mine"}

    @posix
    def test_no_permission(self, tmp_path):
        folder = tmp_path / "locked"
        folder.mkdir(mode=0o555)
        if os.access(folder, os.W_OK):
            pytest.skip("root writes everywhere")
        with pytest.raises(NewspairError, match=r"cannot be written: .*denied"):
            copy_data(folder / "new")

    @pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
    def test_new_files_are_removed(self, tmp_path, error):
        (tmp_path / "mine.txt").write_bytes(b"mine")
        with failing_at("croissant.json", error), pytest.raises((NewspairError, KeyboardInterrupt)):
            copy_data(tmp_path)
        assert files_in(tmp_path) == {"mine.txt": b"mine"}

    def test_what_was_there_before_is_kept(self, copy):
        (copy / FIRST_FILE).write_bytes(b"x")
        (copy / SECOND_FILE).unlink()
        (copy / "croissant.json").unlink()
        error = OSError(errno.ENOSPC, "No space left")
        with (
            failing_at("croissant.json", error),
            pytest.raises(NewspairError, match=r"copy: cannot be written: .*No space"),
        ):
            copy_data(copy, overwrite=True)
        assert set(files_in(copy)) == set(FILES) - {SECOND_FILE, "croissant.json"}
        assert files_in(copy)[FIRST_FILE] == ORIGINAL[FIRST_FILE]

    def test_interrupt_as_soon_as_a_file_is_there(self, tmp_path):
        def interrupt(path):
            if path.endswith("croissant.json"):
                Path(path).touch()
                raise KeyboardInterrupt

        with before_opening(interrupt), pytest.raises(KeyboardInterrupt):
            copy_data(tmp_path)
        assert files_in(tmp_path) == {}

    @pytest.mark.parametrize("count", range(1, len(FILES) + 1))
    def test_what_a_killed_process_leaves_is_told_and_repaired(self, tmp_path, count):
        for name in FILES[: count - 1]:
            (tmp_path / name).write_bytes(ORIGINAL[name])
        (tmp_path / FILES[count - 1]).touch()
        assert not validate(tmp_path)
        copy_data(tmp_path, overwrite=True)
        assert files_in(tmp_path) == ORIGINAL

    def test_file_of_another_program_is_not_replaced(self, tmp_path):
        """It appears after the folder was looked at."""

        def appear(path):
            if path.endswith("datapackage.json"):
                (tmp_path / "croissant.json").write_bytes(b"theirs")

        with before_opening(appear), pytest.raises(NewspairError, match="File exists"):
            copy_data(tmp_path)
        assert files_in(tmp_path) == {"croissant.json": b"theirs"}

    def test_many_copies_at_once(self, tmp_path):
        def attempt(_):
            try:
                copy_data(tmp_path / "new")
            except NewspairError:
                return False
            return True

        with ThreadPoolExecutor(8) as threads:
            results = list(threads.map(attempt, range(40)))
        assert any(results)
        assert validate(tmp_path / "new")


def before_opening(function):
    """Call a function with the path of each file that is to be created."""

    def opened(path, mode="r", *arguments):
        if mode == "xb":
            function(path)
        return open(path, mode, *arguments)

    return mock.patch("newspair._folder.open", opened, create=True)


class FailingFile:
    """A file that takes a part of what is written, and then fails."""

    def __init__(self, file, error):
        self.file = file
        self.error = error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, content):
        self.file.write(content[:100])
        raise self.error


def failing_at(name, error):
    """Let writing one file fail."""

    def opened(path, mode="r", *arguments):
        file = open(path, mode, *arguments)  # noqa: SIM115 - the caller closes it
        if mode == "xb" and os.path.basename(path) == name:
            return FailingFile(file, error)
        return file

    return mock.patch("newspair._folder.open", opened, create=True)
