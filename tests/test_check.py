"""What `validate` says of folders, files and SHA256SUMS."""

import errno
import os
import re
import shutil
import sys
from unittest import mock

import pytest
from helpers import FIRST_FILE, SECOND_FILE, codes, python
from hypothesis import given
from hypothesis import strategies as st

import newspair
from newspair import NewspairError, Problem, Report, validate

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


class TestProblem:
    def test_str_is_a_line_of_a_linter(self):
        problem = Problem("news/a.txt", 3, "edited", "expected 'a', found 'b'")
        assert str(problem) == "news/a.txt:3: expected 'a', found 'b' [edited]"

    def test_str_without_a_line(self):
        assert str(Problem("a.txt", None, "bom", "begins")) == "a.txt: begins [bom]"

    def test_str_of_a_path_that_is_not_printable(self):
        assert str(Problem("a\nb", 1, "bom", "begins")) == r"'a\nb':1: begins [bom]"


class TestReport:
    def test_without_problems(self):
        report = Report(())
        assert (report.ok, bool(report), str(report)) == (True, True, "unchanged")

    def test_with_problems(self):
        problem = Problem("a.txt", 3, "edited", "message")
        report = Report((problem, problem))
        assert (report.ok, bool(report), str(report)) == (False, False, f"{problem}\n{problem}")


class TestFolder:
    def test_copy_is_unchanged(self, copy):
        assert validate(copy) == Report(())

    def test_packaged_data_are_unchanged(self):
        assert validate() == Report(())

    def test_path_can_be_a_string(self, copy):
        assert validate(str(copy))

    def test_two_articles_alone_are_fine(self, copy):
        for path in copy.iterdir():
            if path.name not in (FIRST_FILE, SECOND_FILE):
                path.unlink()
        assert validate(copy)

    @pytest.mark.parametrize("name", ["__init__.py", ".DS_Store", "Icon\r", "README.md", "002.txt"])
    def test_other_files_do_not_matter(self, copy, name):
        (copy / name).write_bytes(b"x")
        assert validate(copy)

    def test_other_folders_do_not_matter(self, copy):
        (copy / "@eaDir").mkdir()
        assert validate(copy)

    def test_file_is_the_given_path_with_the_name(self, copy, monkeypatch):
        (copy / SECOND_FILE).write_bytes(b"")
        monkeypatch.chdir(copy.parent)
        (problem,) = validate("copy").problems
        assert problem.file == os.path.join("copy", SECOND_FILE)

    def test_missing_article(self, copy):
        (copy / FIRST_FILE).unlink()
        (problem,) = validate(copy).problems
        message = "there is no such file"
        assert problem == Problem(str(copy / FIRST_FILE), None, "missing", message)

    def test_neither_article(self, tmp_path):
        (problem,) = validate(tmp_path).problems
        assert (problem.file, problem.line, problem.code) == (str(tmp_path), None, "missing")
        assert problem.message == f"holds neither {FIRST_FILE} nor {SECOND_FILE}"

    def test_both_articles_changed(self, copy):
        for name in (FIRST_FILE, SECOND_FILE):
            (copy / name).write_bytes(b"")
        assert codes(validate(copy)) == ["empty", "empty"]

    def test_no_such_path(self, tmp_path):
        with pytest.raises(NewspairError, match="nowhere: no such file or folder"):
            validate(tmp_path / "nowhere")

    def test_path_that_may_not_be_looked_at(self, copy):
        denied = PermissionError(errno.EACCES, "Permission denied")
        with (
            mock.patch("os.lstat", side_effect=denied),
            mock.patch("newspair._check.read_file", side_effect=denied),
        ):
            (problem,) = validate(copy / FIRST_FILE).problems
        assert problem.code == "unreadable"
        assert problem.message == "cannot be opened: Permission denied"

    @pytest.mark.parametrize("path", ["", "a\0b"])
    def test_no_path(self, path):
        with pytest.raises(NewspairError, match="no such file or folder"):
            validate(path)


def replace_line(copy, number, line):
    """Replace a line of SHA256SUMS."""
    path = copy / "SHA256SUMS"
    lines = path.read_text("utf-8").splitlines()
    lines[number - 1] = line
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())


class TestSums:
    """SHA256SUMS, if there is one, lists both articles and what else must be unchanged."""

    @pytest.mark.parametrize("name", ["datapackage.json", "articles.jsonl", "croissant.json"])
    def test_changed_file(self, copy, name):
        (copy / name).write_bytes((copy / name).read_bytes() + b" ")
        (problem,) = validate(copy).problems
        assert (problem.file, problem.line, problem.code) == (str(copy / name), None, "changed")
        expected = r"SHA256SUMS has the SHA-256 \w{64}, found \w{64}"
        assert re.fullmatch(expected, problem.message)

    def test_missing_file(self, copy):
        (copy / "croissant.json").unlink()
        (problem,) = validate(copy).problems
        assert (problem.file, problem.code) == (str(copy / "croissant.json"), "missing")

    def test_missing_file_hides_no_other(self, copy):
        (copy / "datapackage.json").unlink()
        (copy / "croissant.json").write_bytes(b"")
        assert codes(validate(copy)) == ["missing", "changed"]

    def test_listed_file_that_is_too_long_to_be_ours(self, copy):
        (copy / "croissant.json").write_bytes(b"x" * 65_537)
        (problem,) = validate(copy).problems
        assert (problem.line, problem.code) == (None, "changed")
        assert problem.message == "is longer than 65,536 bytes, as no file of newspair is"

    def test_another_version_agrees_with_its_own_sums(self, copy):
        (copy / "croissant.json").write_bytes(b"")
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        replace_line(copy, 5, f"{empty}  croissant.json")
        assert validate(copy)

    @pytest.mark.parametrize("name", ["README.md", ".gitattributes"])
    def test_card_and_attributes_are_not_checked(self, copy, name):
        (copy / name).unlink()
        assert validate(copy)

    def test_without_sums_only_the_articles_are_checked(self, copy):
        (copy / "SHA256SUMS").unlink()
        (copy / "croissant.json").unlink()
        assert validate(copy)

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param("", id="blank"),
            pytest.param("croissant.json", id="no-digest"),
            pytest.param(f"{'0' * 63}  croissant.json", id="short-digest"),
            pytest.param(f"{'0' * 64} croissant.json", id="one-space"),
            pytest.param(f"{'0' * 64}  ../croissant.json", id="another-folder"),
            pytest.param(f"{'0' * 64}  a\0b", id="nul"),
            pytest.param(f"{'0' * 64}  ..", id="folder-above"),
            pytest.param(f"{'0' * 64}  ", id="no-name"),
            pytest.param(f"{'g' * 64}  croissant.json", id="no-hexadecimal"),
            pytest.param("<html>" * 100, id="long"),
        ],
    )
    def test_malformed_line(self, copy, line):
        replace_line(copy, 5, line)
        (problem,) = validate(copy).problems
        assert (problem.file, problem.line, problem.code) == (
            str(copy / "SHA256SUMS"),
            5,
            "malformed",
        )
        assert problem.message.startswith("expected a SHA-256, two spaces and a file name, found ")

    def test_article_with_another_digest(self, copy):
        replace_line(copy, 2, f"{'0' * 64}  {SECOND_FILE}")
        (problem,) = validate(copy).problems
        assert (problem.line, problem.code) == (2, "malformed")
        assert problem.message.startswith(f"{SECOND_FILE}: expected b2dcd8b")

    def test_article_that_is_not_listed(self, copy):
        replace_line(copy, 1, f"{newspair.checksums()[SECOND_FILE[:-4]]}  {SECOND_FILE}")
        (problem,) = validate(copy).problems
        assert (problem.line, problem.code) == (None, "malformed")
        assert problem.message == f"does not list {FIRST_FILE}"

    def test_line_of_sha256sum_in_binary_mode(self, copy):
        replace_line(copy, 1, f"{newspair.checksums()[FIRST_FILE[:-4]].upper()} *{FIRST_FILE}")
        assert validate(copy)

    def test_crlf_is_malformed(self, copy):
        """Then ``sha256sum -c`` does not find the files."""
        path = copy / "SHA256SUMS"
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        report = validate(copy)
        assert codes(report) == ["malformed"] * 7
        assert report.problems[2].message.endswith(rf"{FIRST_FILE}\r'")

    def test_last_newline_may_be_missing(self, copy):
        path = copy / "SHA256SUMS"
        path.write_bytes(path.read_bytes().removesuffix(b"\n"))
        assert validate(copy)

    def test_too_long(self, copy):
        (copy / "SHA256SUMS").write_bytes(b"x" * 65_537)
        (problem,) = validate(copy).problems
        assert (problem.line, problem.code) == (None, "malformed")
        assert problem.message == "is longer than 65,536 bytes"

    def test_output_is_bounded(self, copy):
        (copy / "SHA256SUMS").write_bytes(b"\n" * 65_536)
        report = validate(copy)
        assert codes(report) == ["malformed"] * 10
        assert report.problems[-1].message.endswith(
            "found ''; SHA256SUMS has 65538 problems in all"
        )

    def test_junk_hides_no_wrong_digest(self, copy):
        path = copy / "SHA256SUMS"
        path.write_text("junk\n" * 20 + path.read_text("utf-8").replace("b2dc", "b2dd"), "utf-8")
        assert f"{SECOND_FILE}: expected" in validate(copy).problems[0].message

    @given(st.binary(max_size=300))
    def test_any_bytes(self, tmp_path_factory, data):
        """Only a file that lists both articles with their digests is well-formed."""
        folder = newspair.copy_data(tmp_path_factory.mktemp("any") / "copy")
        (folder / "SHA256SUMS").write_bytes(data)
        assert set(codes(validate(folder))) == {"malformed"}


class TestSingleFile:
    @pytest.mark.parametrize("name", [FIRST_FILE, SECOND_FILE])
    def test_article_under_any_name(self, copy, name):
        assert validate(copy / name)
        (copy / name).rename(copy / "story.txt")
        assert validate(copy / "story.txt")

    def test_name_of_an_article_decides(self, copy):
        (copy / SECOND_FILE).replace(copy / FIRST_FILE)
        assert codes(validate(copy / FIRST_FILE)) == ["swapped"]

    def test_other_name_is_recognized_by_shared_lines(self, tmp_path):
        path = tmp_path / "story.txt"
        path.write_bytes(newspair.read_bytes("003").replace(b"Poltava", b"Lviv"))
        (problem,) = validate(path).problems
        assert (problem.file, problem.line, problem.code) == (str(path), 11, "edited")

    def test_one_shared_line_is_enough(self, tmp_path):
        path = tmp_path / "story.txt"
        path.write_text("lorem\nUkrainians strongly oppose the Russian invasion\n", "utf-8")
        assert set(codes(validate(path))) == {"edited"}

    def test_other_name_is_recognized_in_another_encoding(self, tmp_path):
        path = tmp_path / "story.txt"
        path.write_bytes(newspair.read_text("000").encode("utf-16"))
        assert codes(validate(path)) == ["utf-16"]

    @pytest.mark.parametrize("content", [b"", b"U", b"\n\n\n", b"lorem ipsum", b"\x1f\x8b\x08"])
    def test_neither_article(self, tmp_path, content):
        (tmp_path / "note.txt").write_bytes(content)
        (problem,) = validate(tmp_path / "note.txt").problems
        assert (problem.code, problem.message) == ("unknown", "is neither article")

    @pytest.mark.parametrize("name", ["croissant.json", "articles.jsonl", "README.md"])
    def test_other_files_of_the_folder_are_no_article(self, copy, name):
        assert codes(validate(copy / name)) == ["unknown"]

    @pytest.mark.parametrize("name", [FIRST_FILE, "story.txt"])
    def test_link_is_followed(self, copy, tmp_path, name):
        link = tmp_path / name
        try:
            link.symlink_to(copy / FIRST_FILE)
        except OSError:
            pytest.skip("this system does not allow links")
        assert validate(link)


class TestUnreadable:
    def test_folder(self, copy):
        (copy / FIRST_FILE).unlink()
        (copy / FIRST_FILE).mkdir()
        (problem,) = validate(copy).problems
        message = "cannot be opened: it is a folder"
        assert problem == Problem(str(copy / FIRST_FILE), None, "unreadable", message)

    @posix
    @pytest.mark.parametrize("name", [FIRST_FILE, "SHA256SUMS", "croissant.json"])
    def test_fifo(self, copy, name):
        (copy / name).unlink()
        os.mkfifo(copy / name)
        (problem,) = validate(copy).problems
        assert problem.file == str(copy / name)
        assert (problem.code, "it is a FIFO" in problem.message) == ("unreadable", True)

    @posix
    def test_device(self):
        assert (
            validate("/dev/zero").problems[0].message
            == "cannot be opened: it is a device or socket"
        )

    @posix
    @pytest.mark.parametrize("name", [FIRST_FILE, "story.txt"])
    def test_broken_link(self, copy, name):
        (copy / FIRST_FILE).unlink()
        (copy / name).symlink_to("nowhere")
        (problem,) = validate(copy / name).problems
        assert (problem.code, "it is a broken link" in problem.message) == ("unreadable", True)

    @posix
    def test_no_permission(self, copy):
        (copy / FIRST_FILE).chmod(0)
        if os.access(copy / FIRST_FILE, os.R_OK):
            pytest.skip("root reads every file")
        (problem,) = validate(copy).problems
        assert (problem.code, "denied" in problem.message) == ("unreadable", True)


VALIDATE = """
import newspair
for problem in newspair.validate().problems:
    print(problem.file, problem.code)
    assert problem.line is None
"""


class TestDamagedPackage:
    """The packaged data are checked in the same way."""

    def validate(self, path):
        printed = python("-c", VALIDATE, path=path)
        assert printed.stderr == ""
        return printed.stdout.splitlines()

    def test_file_is_the_name_alone(self, vendored):
        (vendored / "newspair" / "data" / "croissant.json").write_bytes(b"")
        assert self.validate(vendored) == ["croissant.json changed"]

    def test_digest_proves_what_happened(self, vendored):
        path = vendored / "newspair" / "data" / FIRST_FILE
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        assert self.validate(vendored) == [f"{FIRST_FILE} crlf"]

    def test_without_proof_it_is_changed(self, vendored):
        path = vendored / "newspair" / "data" / FIRST_FILE
        path.write_bytes(path.read_bytes().replace(b"Ukraineand", b"Ukraine and"))
        assert self.validate(vendored) == [f"{FIRST_FILE} changed"]
        message = "its SHA-256 differs; why is not known, because the packaged text is changed"
        printed = python("-c", "import newspair; print(newspair.validate())", path=vendored)
        assert printed.stdout == f"{FIRST_FILE}: {message} [changed]\n"

    def test_copy_of_a_damaged_article(self, vendored, tmp_path):
        """Another copy can still be recognized by its digest, and no text is compared."""
        path = vendored / "newspair" / "data" / FIRST_FILE
        (tmp_path / "story.txt").write_bytes(path.read_bytes() + b"\n")
        (tmp_path / "lines.txt").write_bytes(path.read_bytes()[:-5])
        path.write_bytes(b"x")
        program = "import newspair\nfor name in ('story.txt', 'lines.txt'):\n"
        program += "    print(newspair.validate(name).problems[0].code)"
        printed = python("-c", program, path=vendored, cwd=tmp_path)
        assert printed.stdout.split() == ["final-newline-added", "unknown"]

    def test_no_data(self, vendored):
        for path in (vendored / "newspair" / "data").iterdir():
            path.unlink()
        assert self.validate(vendored) == [f"{vendored / 'newspair' / 'data'} missing"]

    def test_in_a_zip_file(self, vendored, tmp_path):
        (vendored / "newspair" / "data" / SECOND_FILE).unlink()
        archive = shutil.make_archive(str(tmp_path / "damaged"), "zip", vendored)
        assert self.validate(archive) == [f"{SECOND_FILE} missing"]
