"""The command does what its contract says, and ends with one line and the right code otherwise."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import GENUINE
from hypothesis import given
from hypothesis import strategies as st

import newspair
from newspair import cli, reading

FIRST, SECOND = newspair.ids()
COMMAND = [sys.executable, "-m", "newspair"]


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a user does, in a process of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    options = {"env": environment, "capture_output": True} | options
    return subprocess.run([*COMMAND, *arguments], check=False, **options)


def written(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> bytes:
    """Return what a command that succeeds writes."""
    assert cli.main(arguments) == 0
    out, err = capfdbinary.readouterr()
    assert err == b""
    return out


@pytest.mark.parametrize("article_id", [FIRST, SECOND])
def test_show_writes_the_exact_bytes(article_id: newspair.ArticleId) -> None:
    done = run("show", article_id)
    assert (done.returncode, done.stdout, done.stderr) == (0, newspair.read_bytes(article_id), b"")


def test_show_a_section_writes_its_very_lines(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    article = newspair.load(SECOND)
    assert written(capfdbinary, "show", SECOND, "--section", "body") == f"{article.body}\n".encode()
    headline = written(capfdbinary, "show", SECOND, "--section", "headline")
    assert headline == f"{article.headline}\n".encode()


def test_show_annotated_writes_margins(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = written(capfdbinary, "show", FIRST, "--annotate").decode().splitlines()
    assert rows[4] == "  5  heading     Ukrainians strongly oppose the Russian invasion"


def test_list_gives_a_line_for_each_article(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = written(capfdbinary, "list").decode().splitlines()
    assert rows[0] == f"{FIRST}  2278  {newspair.checksums()[FIRST]}  -  -"
    assert rows[1].startswith(
        f"{SECOND}  2076  {newspair.checksums()[SECOND]}  2025-02-01T18:32:00"
    )
    assert rows[1].endswith("+05:30  " + str(newspair.load(SECOND).headline))


def test_list_as_json_has_the_same_values(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert json.loads(written(capfdbinary, "list", "--json")) == [
        {
            "id": article.id,
            "bytes": article.size,
            "sha256": article.sha256,
            "date": article.date_published and article.date_published.isoformat(),
            "headline": article.headline,
        }
        for article in newspair.load_all()
    ]


def test_metadata_is_json_with_evidence(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    known = json.loads(written(capfdbinary, "metadata", SECOND))
    assert known["evidence"]["headline"] == {"line": 3, "text": known["headline"]}
    assert (known["word_count"], known["non_ascii_count"]) == (276, 0)
    assert "text" not in known


def test_checksums_are_exactly_the_committed_sums(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert written(capfdbinary, "checksums") == GENUINE["SHA256SUMS"]


@pytest.mark.parametrize("name", ["croissant", "jsonl"])
def test_export_writes_a_format(name: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    from newspair.export import FORMATS

    assert written(capfdbinary, "export", name) == FORMATS[name]().encode()


def test_validate_says_genuine(copy: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    told = written(capfdbinary, "validate").decode()
    assert told == "the packaged data: genuine, every file to the byte\n"
    told = written(capfdbinary, "validate", str(copy)).decode()
    assert told == f"{copy}: genuine, every file to the byte\n"
    told = written(capfdbinary, "validate", str(copy), "--json").decode()
    assert json.loads(told) == {"ok": True, "problems": []}


def test_validate_gives_a_line_for_each_problem(
    copy: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (copy / "SHA256SUMS").unlink()
    (copy / "\u202e").touch()
    assert cli.main(["validate", str(copy)]) == 1
    out, err = capfdbinary.readouterr()
    assert err == b""
    assert out.decode().splitlines() == [
        "SHA256SUMS: expected a regular file, found nothing [presence]",
        r"'\u202e': does not belong to the data [unexpected]",
    ]
    assert cli.main(["validate", "--json", str(copy)]) == 1
    report = json.loads(capfdbinary.readouterr().out)
    assert report["ok"] is False
    assert report["problems"][1] == {
        "file": r"'\u202e'",
        "check": "unexpected",
        "message": r"'\u202e': does not belong to the data",
    }


IDS = f"{FIRST} and {SECOND}"
USAGE = [
    (["show", "x"], f"no article 'x'; the articles are {IDS}"),
    (["metadata", ""], f"no article ''; the articles are {IDS}"),
    (["show", "x", "--annotate"], f"no article 'x'; the articles are {IDS}"),
    (["export", "csv"], "no format 'csv'; the formats are jsonl and croissant"),
    (
        ["show", FIRST, "--section", "headline"],
        f"{FIRST} has no section 'headline'; it has body, heading, navigation",
    ),
    (["validate", "nowhere"], "nowhere: is not a folder: "),
    ([], "the following arguments are required: COMMAND"),
    (["show"], "the following arguments are required: ID"),
    (["list", "a\nb"], r"'unrecognized arguments: a\nb; see newspair --help'"),
    (["show", FIRST, "--annotate", "--section", "body"], "argument --section: not allowed with"),
    (["list", "--jso"], "unrecognized arguments: --jso"),
    (["--versio"], "the following arguments are required: COMMAND"),
    (["fly"], "argument COMMAND: invalid choice: 'fly' (choose from "),
]


@pytest.mark.parametrize(("arguments", "told"), USAGE)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: list[str], told: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert cli.main(arguments) == 2
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert err.decode().startswith(f"newspair: error: {told}")
    assert err.count(b"\n") == 1


@pytest.mark.parametrize("arguments", [["show", FIRST], ["list"], ["export", "jsonl"]])
def test_damaged_data_are_one_line_and_exit_code_1(
    arguments: list[str],
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    from newspair import article

    (copy / f"{FIRST}.txt").write_bytes(b"")
    monkeypatch.setattr(reading, "FOLDER", str(copy))
    monkeypatch.setattr(article, "_loaded", {})
    assert cli.main(arguments) == 1
    told = f"newspair: error: {FIRST}.txt: expected 2,278 bytes, found 0\n".encode()
    assert capfdbinary.readouterr() == (b"", told)


def test_a_damaged_manifest_is_exit_code_1_with_its_place(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (copy / "datapackage.json").write_bytes(b"{")
    monkeypatch.setattr(reading, "FOLDER", str(copy))
    assert cli.main(["export", "croissant"]) == 1
    assert capfdbinary.readouterr().err.startswith(
        b"newspair: error: datapackage.json: line 1, col"
    )


def test_the_version_is_told(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["--version"]) == 0
    assert capfdbinary.readouterr().out == b"newspair 1.0.0\n"


def test_the_module_is_the_same_program() -> None:
    assert run("--version").stdout.replace(b"\r\n", b"\n") == b"newspair 1.0.0\n"
    assert run("show", "x").returncode == 2


@given(
    st.lists(
        st.text(st.characters(blacklist_characters="\0"))
        | st.sampled_from(
            [
                "list",
                "show",
                "metadata",
                "validate",
                "export",
                "--json",
                "--section",
                "body",
                FIRST,
                ".",
            ]
        ),
        max_size=4,
    )
)
def test_any_arguments_end_in_a_known_exit_code(arguments: list[str]) -> None:
    out, err = (io.TextIOWrapper(io.BytesIO(), "ascii", "strict") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", io.TextIOWrapper(err.buffer, "ascii", "backslashreplace"))
        code = cli.main(arguments)
        sys.stderr.flush()
        told = err.buffer.getvalue()  # type: ignore[attr-defined]
    assert code in {0, 1, 2}
    assert (code == 2) == (told.count(b"\n") == 1)


class Stream(io.TextIOWrapper):
    """Standard output in an encoding, as a terminal or not, which may fail."""

    def __init__(self, encoding: str = "utf-8", *, terminal: bool = False) -> None:
        self.raw_bytes = io.BytesIO()
        self.terminal = terminal
        self.fails: OSError | None = None
        super().__init__(self.raw_bytes, encoding)

    def isatty(self) -> bool:
        return self.terminal

    def flush(self) -> None:
        if self.fails:
            raise self.fails
        super().flush()


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
        (OSError(28, "No space left"), 2, "newspair: error: standard output: No space left\n"),
    ],
    ids=["pipe", "disk"],
)
def test_a_failing_output_fails_but_once(
    error: OSError,
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is left unwritten goes to the null device when the interpreter flushes at its end."""
    stream, moved = Stream(), []
    stream.fails = error
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(os, "dup2", lambda *descriptors: moved.append(descriptors))
    monkeypatch.setattr(os, "open", lambda *arguments: arguments)
    assert cli.main(["checksums"]) == code
    stream.fails = None
    assert capsys.readouterr().err == told
    assert moved == [((os.devnull, os.O_WRONLY), 1)]


class Sips(io.RawIOBase):
    """An unbuffered output that takes a few bytes at a time, as a nearly full pipe does."""

    def __init__(self) -> None:
        self.taken = b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.taken += bytes(data[:100])
        return len(data[:100])


def test_an_output_that_takes_a_part_at_a_time_gets_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """PYTHONUNBUFFERED makes standard output such a one."""
    stream = io.TextIOWrapper(sips := Sips(), "utf-8", write_through=True)  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "stdout", stream)
    assert cli.main(["show", FIRST]) == 0
    assert sips.taken == newspair.read_bytes(FIRST)


class Refuses(Sips):
    """An unbuffered output that is full and does not wait."""

    def write(self, _: bytes) -> int:  # type: ignore[override]
        return None  # type: ignore[return-value]


def test_an_output_that_refuses_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = io.TextIOWrapper(Refuses(), "utf-8", write_through=True)  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    assert cli.main(["checksums"]) == 2
    assert capsys.readouterr().err.startswith("newspair: error: standard output: Resource temp")


def test_an_interrupt_ends_it_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: str) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "read_bytes", interrupt)
    assert cli.main(["show", FIRST]) == 130


def test_a_reader_that_has_seen_enough_does_not_make_data_genuine(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copy / "README.md").unlink()
    stream = Stream()
    stream.fails = BrokenPipeError(32, "Broken pipe")
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    assert cli.main(["validate", str(copy)]) == 1
    stream.fails = None


def test_an_error_that_cannot_be_told_keeps_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    moved = []
    monkeypatch.setattr(sys, "stderr", Full())
    monkeypatch.setattr(os, "dup2", lambda *descriptors: moved.append(descriptors[1]))
    assert cli.main(["show", "x"]) == 2
    assert moved == [2]


def test_the_kinds_in_the_help_are_all_there_are() -> None:
    kinds = newspair.Section.model_json_schema()["properties"]["kind"]["enum"]
    assert cli._KINDS.replace(" or", ",").split(", ") == kinds  # noqa: SLF001


def test_a_closed_output_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["checksums"]) == 2
    assert capsys.readouterr().err == "newspair: error: standard output is closed\n"


@pytest.mark.parametrize("arguments", [["list"], ["validate"], ["show", SECOND, "--annotate"]])
def test_people_get_their_encoding(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    for encoding in ("utf-8", "utf-16-le"):
        stream = Stream(encoding)
        monkeypatch.setattr(sys, "stdout", stream)
        assert cli.main(arguments) == 0
        written.append(stream.raw_bytes.getvalue().decode(encoding))
    assert written[0] == written[1]


@pytest.mark.parametrize(
    "arguments", [["metadata", SECOND], ["export", "jsonl"], ["list", "--json"]]
)
def test_programs_get_utf_8(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream("utf-16-le")
    monkeypatch.setattr(sys, "stdout", stream)
    assert cli.main(arguments) == 0
    written = stream.raw_bytes.getvalue().decode()
    assert json.loads(written.splitlines()[0] if "export" in arguments else written)


def test_what_an_encoding_lacks_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream("ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert cli.main(["show", FIRST, "--annotate"]) == 0
    assert b"country\\u2019s" in stream.raw_bytes.getvalue()


@pytest.mark.parametrize(("arguments", "coloured"), [([], True), (["--no-color"], False)])
def test_colours_can_be_refused(
    arguments: list[str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Stream(terminal=True)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert cli.main(["show", FIRST, "--annotate", *arguments]) == 0
    assert (b"\x1b[" in stream.raw_bytes.getvalue()) == coloured


HELP = {
    "": """\
usage: newspair [-h] [--version] COMMAND ...

Two news articles, byte for byte.

positional arguments:
  COMMAND
    list      id, bytes, SHA-256, date and headline of each article
    show      the exact bytes of an article
    metadata  what is known of an article, with the evidence, as JSON
    checksums
              the SHA-256 of each article, for sha256sum -c
    validate  whether the data, or a copy of their folder, are genuine
    export    the dataset in another format

options:
  -h, --help  show this help message and exit
  --version   show program's version number and exit
""",
    "list": """\
usage: newspair list [-h] [--json]

id, bytes, SHA-256, date and headline of each article

options:
  -h, --help  show this help message and exit
  --json      as JSON
""",
    "show": """\
usage: newspair show [-h] [--section KIND | --annotate] [--no-color] ID

the exact bytes of an article

positional arguments:
  ID              as newspair list gives it

options:
  -h, --help      show this help message and exit
  --section KIND  only the lines of a kind: navigation, headline, abstract,
                  byline, caption, heading, body or credit
  --annotate      line numbers and section names
  --no-color      annotate without colours
""",
    "metadata": """\
usage: newspair metadata [-h] ID

what is known of an article, with the evidence, as JSON

positional arguments:
  ID          as newspair list gives it

options:
  -h, --help  show this help message and exit
""",
    "checksums": """\
usage: newspair checksums [-h]

the SHA-256 of each article, for sha256sum -c

options:
  -h, --help  show this help message and exit
""",
    "validate": """\
usage: newspair validate [-h] [--json] [DIR]

whether the data, or a copy of their folder, are genuine

positional arguments:
  DIR         the copy

options:
  -h, --help  show this help message and exit
  --json      as JSON
""",
    "export": """\
usage: newspair export [-h] FORMAT

the dataset in another format

positional arguments:
  FORMAT      jsonl or croissant

options:
  -h, --help  show this help message and exit
""",
}


@pytest.mark.parametrize("command", HELP, ids=lambda command: command or "newspair")
def test_the_help_of_each_command_is_known(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert cli.main([*command.split(), "--help"]) == 0
    assert capsys.readouterr().out.split() == HELP[command].split()  # Pythons break lines apart


posix = pytest.mark.skipif(sys.platform == "win32", reason="this is how POSIX streams behave")


@posix
def test_a_reader_that_has_seen_enough_ends_it_quietly() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = run("show", FIRST, stdout=pipe, stderr=subprocess.PIPE, capture_output=False)
    assert (done.returncode, done.stderr) == (0, b"")


@posix
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "wb") as full:
        done = run("show", FIRST, stdout=full, stderr=subprocess.PIPE, capture_output=False)
    told = b"newspair: error: standard output: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, told)


@posix
def test_closed_streams_are_told_or_borne() -> None:
    shell = " ".join([*COMMAND, "show", "x"])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    for redirect, told in (
        (">&-", b"newspair: error: standard output is closed\n"),
        ("2>&-", b""),
    ):
        command = ["sh", "-c", f"{shell} {redirect}"]
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (2, b"", told)


@posix
def test_text_for_people_is_written_in_any_encoding() -> None:
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONIOENCODING": "ascii",
    }
    done = run("show", FIRST, "--annotate", env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"country\\u2019s" in done.stdout
    assert run("show", FIRST, env=environment).stdout == newspair.read_bytes(FIRST)


@posix
@pytest.mark.parametrize(("arguments", "coloured"), [([], True), (["--no-color"], False)])
def test_a_terminal_gets_colours_unless_told_not_to(arguments: list[str], coloured: bool) -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm", "COLUMNS": "80"}
    command = [*COMMAND, "show", SECOND, "--annotate", *arguments]
    with subprocess.Popen(command, stdout=theirs, env=environment):
        os.close(theirs)
        seen = b""
        with contextlib.suppress(OSError):  # which is how a terminal says that it was closed
            while more := os.read(ours, 4096):
                seen += more
    os.close(ours)
    assert b"Left Menu" in seen
    assert (b"\x1b[90m" in seen) == coloured
