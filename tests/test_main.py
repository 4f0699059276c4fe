"""The command: what it prints where, and its exit codes."""

import contextlib
import errno
import json
import os
import re
import shlex
import sys
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from helpers import (
    FIRST,
    FIRST_FILE,
    PACKAGE,
    SECOND,
    SECOND_FILE,
    execute,
    newspair_command,
    python,
)
from hypothesis import given
from hypothesis import strategies as st

import newspair
from newspair.__main__ import main

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


@pytest.fixture
def run(capfd):
    """Run the command in this process; return its exit code and what it printed."""

    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        printed = capfd.readouterr()
        return code, printed.out, printed.err

    return command


class TestList:
    def test_a_line_for_each_article(self, run):
        code, out, _ = run("list")
        first, second = out.splitlines()
        assert code == 0
        assert re.fullmatch(rf"{FIRST}  - +2278  -", first)
        assert re.fullmatch(rf"{SECOND}  2025-02-01 +2076  Zelenskyy Condemns .*\.\.\.", second)

    def test_fits_a_terminal(self, run):
        _, out, _ = run("list")
        assert max(len(line) for line in out.splitlines()) == 80


class TestShow:
    @pytest.mark.parametrize("article_id", [FIRST, SECOND, "000", "003"])
    def test_text_byte_for_byte(self, capfdbinary, article_id):
        assert main(["show", article_id]) == 0
        assert capfdbinary.readouterr().out == newspair.read_bytes(article_id)

    def test_annotated(self, run):
        code, out, _ = run("show", "003", "--annotate")
        lines = out.splitlines()
        assert code == 0
        assert len(lines) == 20
        assert lines[0] == "  1  navigation   date 2025-02-01 Left Menu"
        assert lines[1] == "  2"
        assert lines[18] == " 19  credit      (With inputs from agencies.)"

    def test_unknown_id(self, run):
        message = f"newspair: error: no article '004'; the ids are {FIRST} and {SECOND}\n"
        assert run("show", "004") == (2, "", message)


class TestMetadata:
    @pytest.mark.parametrize("article_id", ["000", "003"])
    def test_is_the_dump_without_text_and_body(self, run, article_id):
        code, out, _ = run("metadata", article_id)
        article = newspair.load(article_id)
        assert code == 0
        assert json.loads(out) == article.model_dump(mode="json", exclude={"text", "body"})
        assert out.startswith('{\n  "id": ')


class TestChecksums:
    def test_format_of_sha256sum(self, run):
        sums = newspair.checksums()
        expected = f"{sums[FIRST]}  {FIRST_FILE}\n{sums[SECOND]}  {SECOND_FILE}\n"
        assert run("checksums") == (0, expected, "")


class TestValidate:
    def test_packaged_data(self, run):
        assert run("validate") == (0, "the packaged data: unchanged\n", "")

    def test_unchanged_copy(self, run, copy):
        assert run("validate", copy) == (0, f"{copy}: unchanged\n", "")

    def test_changed_copy(self, run, copy):
        path = copy / SECOND_FILE
        path.write_bytes(path.read_bytes().replace(b"Poltava", b"Lviv"))
        code, out, _ = run("validate", copy)
        assert code == 1
        problem, repair = out.splitlines()
        assert problem == str(newspair.validate(copy))
        assert problem.startswith(f"{path}:11: expected ")
        assert repair == f"To repair it, run: newspair copy --overwrite {shlex.quote(str(copy))}"

    def test_repair_line_works_in_a_path_with_a_space(self, run, copy, tmp_path):
        folder = copy.rename(tmp_path / "a copy")
        (folder / SECOND_FILE).write_bytes(b"")
        _, out, _ = run("validate", folder)
        assert out.endswith(f"newspair copy --overwrite '{folder}'\n")

    def test_folder_without_articles_has_no_repair_line(self, run, tmp_path):
        code, out, _ = run("validate", tmp_path)
        assert code == 1
        assert out.count("\n") == 1

    def test_single_file_has_no_repair_line(self, run, copy):
        (copy / SECOND_FILE).write_bytes(b"")
        code, out, _ = run("validate", copy / SECOND_FILE)
        assert (code, out) == (1, f"{copy / SECOND_FILE}: is empty or blank [empty]\n")

    def test_several_paths(self, run, copy):
        (copy / "croissant.json").write_bytes(b"")
        code, out, err = run("validate", copy / FIRST_FILE, copy / "croissant.json")
        assert (code, err) == (1, "")
        assert out.splitlines()[0] == f"{copy / FIRST_FILE}: unchanged"
        assert out.splitlines()[1].endswith("[unknown]")

    def test_path_that_does_not_exist_hides_no_other(self, run, copy):
        (copy / FIRST_FILE).write_bytes(b"")
        code, out, err = run("validate", "nowhere", copy / FIRST_FILE)
        assert code == 2
        assert out == f"{copy / FIRST_FILE}: is empty or blank [empty]\n"
        assert err == "newspair: error: nowhere: no such file or folder\n"

    def test_json(self, run, copy):
        path = copy / SECOND_FILE
        path.write_bytes(path.read_bytes().replace(b"Poltava", b"Lviv"))
        code, out, _ = run("validate", copy, "--json")
        (problem,) = newspair.validate(copy).problems
        expected = {
            "file": str(path),
            "line": 11,
            "code": "edited",
            "message": problem.message,
        }
        assert (code, json.loads(out)) == (1, {"ok": False, "problems": [expected]})

    def test_json_of_unchanged_data(self, run):
        code, out, _ = run("validate", "--json")
        assert (code, json.loads(out)) == (0, {"ok": True, "problems": []})

    def test_json_with_a_path_that_does_not_exist(self, run):
        code, out, _ = run("validate", "nowhere", "--json")
        assert (code, json.loads(out)) == (2, {"ok": False, "problems": []})

    @posix
    def test_name_that_is_not_utf_8(self, tmp_path):
        path = os.fsencode(tmp_path) + b"/\xff.txt"
        try:
            with open(path, "wb") as file:
                file.write(b"x")
        except OSError:
            pytest.skip("this system allows no such name")
        printed = newspair_command("validate", os.fsdecode(path))
        assert (printed.returncode, printed.stderr) == (1, "")
        assert r"\udcff.txt': is neither article" in printed.stdout

    def test_damaged_package(self, vendored):
        (vendored / "newspair" / "data" / FIRST_FILE).write_bytes(b"")
        printed = newspair_command("validate", path=vendored)
        assert printed.returncode == 1
        problem, repair = printed.stdout.splitlines()
        assert problem == f"{FIRST_FILE}: is empty or blank [empty]"
        assert "install newspair again" in repair


class TestCopy:
    def test_new_folder(self, run, tmp_path):
        code, out, _ = run("copy", tmp_path / "new")
        assert code == 0
        assert out == f"{tmp_path / 'new'}: holds the data of newspair {newspair.__version__}\n"
        assert newspair.validate(tmp_path / "new")

    def test_changed_copy(self, run, copy):
        (copy / FIRST_FILE).write_bytes(b"x")
        code, out, err = run("copy", copy)
        assert (code, out) == (2, "")
        assert "--overwrite" in err

    def test_overwrite(self, run, copy):
        (copy / FIRST_FILE).write_bytes(b"x")
        code, _, _ = run("copy", copy, "--overwrite")
        assert code == 0
        assert newspair.validate(copy)

    def test_damaged_package(self, vendored, tmp_path):
        (vendored / "newspair" / "data" / FIRST_FILE).write_bytes(b"")
        printed = newspair_command("copy", tmp_path / "new", path=vendored)
        assert (printed.returncode, printed.stdout) == (1, "")
        assert printed.stderr.startswith(f"newspair: error: {FIRST_FILE}: is empty or blank")


EXIT_CODES = "exit codes: 0 fine, 1 not the original, 2 it cannot be done"


class TestUsage:
    def test_version(self, run):
        assert run("--version") == (0, f"newspair {newspair.__version__}\n", "")

    def test_help_has_the_exit_codes(self, run):
        code, out, _ = run("--help")
        assert code == 0
        assert "\n\nTwo English news articles, byte for byte.\n\n" in out
        assert out.endswith(f"\n\n{EXIT_CODES}\n")

    @pytest.mark.parametrize(
        ("usage", "description"),
        [
            ("list [-h]", "list the articles: id, date, size in bytes, headline"),
            ("show [-h] [--annotate] ID", "print the text of an article, byte for byte"),
            ("metadata [-h] ID", "print the metadata of an article as JSON"),
            ("checksums [-h]", "print the SHA-256 of the articles, for sha256sum -c"),
            ("validate [-h] [--json] [PATH ...]", "say what was changed in a copy of the data"),
            ("copy [-h] [--overwrite] DIR", "write a copy of the data folder"),
        ],
    )
    def test_help_of_a_command(self, run, usage, description):
        code, out, _ = run(usage.split()[0], "--help")
        assert code == 0
        assert out.startswith(f"usage: newspair {usage}\n\n{description}\n")
        assert out.endswith(f"\n\n{EXIT_CODES}\n")

    @pytest.mark.parametrize(
        ("command", "argument"),
        [
            ("show", "ID an article id, or its first three digits"),
            ("show", "--annotate add line numbers and kinds"),
            ("metadata", "ID an article id, or its first three digits"),
            ("validate", "PATH a folder or file (default: the packaged data)"),
            ("validate", "--json print JSON"),
            ("copy", "DIR the folder; it is made if need be"),
            ("copy", "--overwrite replace the files of a copy: repair or update it"),
        ],
    )
    def test_help_of_an_argument(self, run, command, argument):
        _, out, _ = run(command, "--help")
        assert f" {argument} " in " ".join(out.split())

    @pytest.mark.parametrize("arguments", [[], ["x"], ["show"], ["list", "x"], ["copy"]])
    def test_wrong_arguments(self, run, arguments):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("usage: newspair")

    def test_long_argument_is_not_repeated(self, run):
        code, _, err = run("y" * 100_000)
        assert code == 2
        assert len(err) < 500

    @pytest.mark.parametrize("command", ["checksums", "show 003", "validate"])
    def test_without_pydantic(self, vendored, command):
        printed = python("-S", "-m", "newspair", *command.split(), path=vendored)
        assert (printed.returncode, printed.stderr) == (0, "")

    def test_pydantic_is_missing(self, vendored):
        printed = python("-S", "-m", "newspair", "list", path=vendored)
        assert (printed.returncode, printed.stdout) == (2, "")
        assert printed.stderr == "newspair: error: No module named 'pydantic'\n"


WORDS = ["list", "show", "metadata", "checksums", "validate", "copy", "000", "003", "004", "new"]
OPTIONS = ["--annotate", "--json", "--overwrite", "--help", "--version", "--", "-x"]
NAMES = st.text(st.characters(exclude_characters="/\\.:"), max_size=5)


@given(st.lists(st.sampled_from(WORDS + OPTIONS) | NAMES, max_size=5))
def test_any_arguments_end_with_an_exit_code(arguments):
    with TemporaryDirectory() as folder, contextlib.chdir(folder):
        assert main(arguments) in (0, 1, 2)


MODULE = f"'{sys.executable}' -m newspair"
PATH_OF_PACKAGE = {"PYTHONPATH": str(PACKAGE.parent)}


class TestStreams:
    def test_reader_that_stops_early(self):
        program = "import subprocess, sys\n"
        program += "command = [sys.executable, '-m', 'newspair', 'show', '003']\n"
        program += "process = subprocess.Popen(command, stdout=subprocess.PIPE)\n"
        program += "process.stdout.close()\n"
        program += "sys.exit(process.wait())"
        printed = python("-c", program)
        assert (printed.returncode, printed.stderr) == (0, "")

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
    @pytest.mark.parametrize("arguments", [["show", "003"], ["list"], ["--help"]])
    def test_full_disk(self, arguments):
        with open("/dev/full", "wb") as full:
            options = {"capture_output": False, "stdout": full, "stderr": -1}
            printed = newspair_command(*arguments, **options)
        assert printed.returncode == 2
        assert printed.stderr == "newspair: error: standard output: No space left on device\n"

    def test_help_that_cannot_be_printed(self, capsys):
        """Python before 3.11.3 lets the error through."""
        full = OSError(errno.ENOSPC, "No space left on device")
        with mock.patch("argparse.ArgumentParser.print_help", side_effect=full):
            assert main(["--help"]) == 2
        expected = "newspair: error: standard output: No space left on device\n"
        assert capsys.readouterr().err == expected

    @posix
    def test_closed_standard_output(self):
        printed = execute("sh", "-c", f"{MODULE} show 003 >&-", env=PATH_OF_PACKAGE)
        assert (printed.returncode, printed.stderr) == (
            2,
            "newspair: error: standard output is closed\n",
        )

    @posix
    def test_closed_standard_error(self):
        printed = execute("sh", "-c", f"{MODULE} show 004 2>&-", env=PATH_OF_PACKAGE)
        assert (printed.returncode, printed.stdout) == (2, "")

    def test_terminal_without_the_characters(self):
        printed = newspair_command("show", "000", "--annotate", env={"PYTHONIOENCODING": "ascii"})
        assert (printed.returncode, printed.stderr) == (0, "")
        assert r"his country\u2019s defense" in printed.stdout

    def test_interrupt(self, capsys):
        with mock.patch("newspair.__main__.read_bytes", side_effect=KeyboardInterrupt):
            assert main(["show", "003"]) == 2
        assert capsys.readouterr() == ("", "")
