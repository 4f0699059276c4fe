"""Results go to standard output, messages to standard error, and the exit code is right."""

import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import FIRST, GENUINE, SECOND, posix, python, run, vendor
from hypothesis import given
from hypothesis import strategies as st

import newspair
from newspair.__main__ import main

ARTICLES = newspair.load_all()
RECORDS = [json.loads(line) for line in GENUINE["articles.jsonl"].splitlines()]
COMMANDS = ("list", "show", "metadata", "checksums", "validate", "copy", "export")
BRIEF = ("id", "size", "sha256", "date_created", "headline")
BOTH_GENUINE = "both articles are genuine"


def call(*arguments: str) -> tuple[int, bytes, str]:
    """Run the command in this process; return its exit code, output and messages."""
    with contextlib.ExitStack() as stack:
        files = []
        for descriptor in (1, 2):
            files.append(stack.enter_context(tempfile.TemporaryFile()))
            saved = os.dup(descriptor)
            stack.callback(os.close, saved)
            stack.callback(os.dup2, saved, descriptor)
            os.dup2(files[-1].fileno(), descriptor)
        with pytest.raises(SystemExit) as caught:
            main(list(arguments))
        for file in files:
            file.seek(0)
        output, errors = (file.read() for file in files)
        return caught.value.code or 0, output, errors.decode()


def as_json(value: object) -> bytes:
    """Return JSON as the command prints it."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def outputs() -> Iterator[tuple[list[str], bytes]]:
    """Give command lines and what they print, byte for byte."""
    yield ["checksums"], GENUINE["SHA256SUMS"]
    yield ["export", "jsonl"], GENUINE["articles.jsonl"]
    yield ["export", "croissant"], GENUINE["croissant.json"]
    yield ["--version"], f"newspair {newspair.__version__}\n".encode()
    yield ["list", "--json"], as_json([{key: each[key] for key in BRIEF} for each in RECORDS])
    yield ["validate", "--json"], as_json({"ok": True, "problems": []})
    for article, record in zip(ARTICLES, RECORDS, strict=True):
        yield ["show", article.id], GENUINE[article.filename]
        kept = {key: value for key, value in record.items() if key not in ("text", "body")}
        yield ["metadata", article.id], as_json(kept)
        for section in article.sections:
            part = article.part(section.kind)
            yield ["show", article.id, "--section", section.kind], part.encode()


def test_outputs() -> None:
    """A command prints something else, or a byte differs."""
    for arguments, output in outputs():
        assert call(*arguments) == (0, output, ""), arguments
    for arguments, output in [*outputs()][::5]:
        ended = run(*arguments)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, output, b""), arguments


def test_list() -> None:
    """A row lacks a value."""
    code, output, _ = call("list")
    rows = output.decode().splitlines()
    assert (code, len(rows)) == (0, 2)
    for row, record in zip(rows, RECORDS, strict=True):
        assert re.split(" {2,}", row) == [str(record[name] or "-") for name in BRIEF]


def kinds_of(article: newspair.Article) -> dict[int, str]:
    """Return the kind of each line that holds text."""
    return {
        number: section.kind
        for section in article.sections
        for number in range(section.first_line, section.last_line + 1)
        if article.lines[number - 1]
    }


def test_annotate() -> None:
    """A line stands beside the number or the kind of another, or is changed."""
    for article in ARTICLES:
        code, output, _ = call("show", article.id, "--annotate")
        rows = output.decode().split("\n")[:-1]
        assert (code, len(rows)) == (0, article.line_count)
        for number, (row, line) in enumerate(zip(rows, article.lines, strict=True), 1):
            margin = [str(number), *filter(None, [kinds_of(article).get(number)])]
            assert row.endswith(line), number
            assert row.removesuffix(line).split() == margin
            assert row == row.rstrip(" ")
            assert row.startswith(f"{number:>3}")


def on_terminal(columns: int, *arguments: str, **env: str) -> str:
    """Run the command with a terminal of some width as its standard output."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    seen = []

    def read() -> None:
        with contextlib.suppress(OSError):  # which is how a terminal says that it was closed
            while data := os.read(ours, 4096):
                seen.append(data)

    reader = threading.Thread(target=read)
    reader.start()
    env = {"TERM": "xterm", "NO_COLOR": "", "PYTHONIOENCODING": "utf-8"} | env
    ended = run("show", *arguments, stdout=theirs, stderr=subprocess.PIPE, env=env)
    os.close(theirs)
    reader.join()
    os.close(ours)
    assert (ended.returncode, ended.stderr) == (0, b"")
    return b"".join(seen).decode().replace("\r\n", "\n")


@posix
def test_colors() -> None:
    """A terminal gets no colors, or gets them although the user wants none."""
    colored = on_terminal(60, SECOND, "--annotate")
    plain = on_terminal(60, SECOND, "--annotate", "--no-color")
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[\d+m", "", colored) == plain
    colors: dict[str, set[str]] = {}
    for article in ARTICLES:
        rows = on_terminal(0, article.id, "--annotate").splitlines()
        assert len(rows) == article.line_count
        for number, row in enumerate(rows, 1):
            codes = re.findall(r"\x1b\[(\d+)m", row)
            assert [code == "0" for code in codes] == [False, True] * (number in kinds_of(article))
            colors.setdefault(kinds_of(article).get(number, ""), set()).update(codes[:1])
    assert {kind: len(codes) for kind, codes in colors.items()} == dict.fromkeys(colors, 1) | {
        "": 0
    }
    assert len({*map(min, (colors["body"], colors["navigation"], colors["headline"]))}) == 3
    assert on_terminal(60, SECOND, "--annotate", NO_COLOR="1") == plain
    assert on_terminal(60, SECOND, "--annotate", TERM="dumb") == plain
    assert "\x1b" not in on_terminal(60, SECOND)


def test_validate_paths(data_copy: Path, tmp_path: Path) -> None:
    """Of several paths only one counts, or the exit code, `ok` and the problems differ."""
    damaged = tmp_path / "damaged"
    newspair.copy(damaged)
    (damaged / "README.md").unlink()
    (damaged / f"{FIRST}.txt").write_bytes(b"x")
    one = str(data_copy / f"{SECOND}.txt")
    other = str(damaged / f"{FIRST}.txt")
    article, card = f"{FIRST}.txt", "README.md"
    for paths, files in (
        ([str(data_copy)], []),
        ([one], []),
        ([one, str(data_copy), one], []),
        ([str(damaged)], [article, card]),
        ([other], [article]),
        ([str(data_copy), str(damaged)], [article, card]),
        ([str(damaged), str(data_copy), one], [article, card]),
        ([other, str(damaged), one], [article, article, card]),
    ):
        code, output, errors = call("validate", "--json", *paths)
        report = json.loads(output)
        assert (code, errors) == (1 if files else 0, ""), paths
        assert list(report) == ["ok", "problems"]
        assert report["ok"] == (not files)
        assert [problem["file"] for problem in report["problems"]] == files, paths
        for problem in report["problems"]:
            assert list(problem) == ["file", "check", "causes", "message"]
        expected = [p._asdict() for path in paths for p in newspair.validate(path).problems]
        assert report["problems"] == json.loads(json.dumps(expected))
        lines = []
        for path in paths:
            messages = [each.message for each in newspair.validate(path).problems]
            prefix = f"{path}: " if len(paths) > 1 else ""
            lines += [f"{prefix}{message}\n" for message in messages] or [f"{path}: genuine\n"]
        assert call("validate", *paths) == (code, "".join(lines).encode(), "")
    assert call("validate") == (0, b"the packaged data: genuine\n", "")
    (damaged / f"{FIRST}.txt").write_bytes(GENUINE[f"{FIRST}.txt"].replace("’".encode(), b"x", 1))
    assert "expected '’s defense" in call("validate", "--json", str(damaged))[1].decode()


def test_both_genuine(data_copy: Path) -> None:
    """A user whose articles are intact is frightened by a missing README."""
    for name in [*GENUINE][2:]:
        (data_copy / name).unlink()
        code, output, _ = call("validate", str(data_copy))
        assert code == 1
        assert BOTH_GENUINE in output.decode().splitlines()[-1], name
    assert output.count(b": is missing\n") == 6
    (data_copy / "notes").touch()
    for damage in (bytes, bytes.upper):
        (data_copy / f"{FIRST}.txt").write_bytes(damage(GENUINE[f"{FIRST}.txt"]))
        assert (BOTH_GENUINE in call("validate", str(data_copy))[1].decode()) == (damage is bytes)


def test_damage(tmp_path: Path) -> None:
    """Damaged data are printed, or the exit code is that of another problem."""
    cases = {
        f"{FIRST}.txt": [["show", FIRST], ["validate"], ["validate", "--json"]],
        "articles.jsonl": [["list"], ["metadata", FIRST], ["export", "jsonl"], ["validate"]],
        "SHA256SUMS": [["checksums"], ["validate"]],
        "croissant.json": [["export", "croissant"]],
        "notes.txt": [["validate"]],
    }
    for name, commands in cases.items():
        (vendor(tmp_path / name) / name).write_bytes(b"")
        for arguments in commands:
            ended = run(*arguments, path=tmp_path / name)
            where = ended.stdout if "validate" in arguments else ended.stderr
            assert ended.returncode == 1, arguments
            assert name.encode() in where
            assert (ended.stdout + ended.stderr) == where
            both = arguments == ["validate"] and name != f"{FIRST}.txt"
            assert (BOTH_GENUINE.encode() in where) == both


def test_returned_code_dropped(data_copy: Path) -> None:
    """A launcher that drops what main() returns, as zipapp's does, ends well after damage."""
    (data_copy / "README.md").unlink()
    program = "import sys\nfrom newspair.__main__ import main\nmain()"
    assert python("-c", program, "validate", str(data_copy)).returncode == 1
    assert python("-c", program, "checksums").returncode == 0
    assert python("-c", program, "show", "x").returncode == 2


# Command lines that are wrong, and words of the message
WRONG = [
    ([], "COMMAND"),
    (["fly"], "'fly'"),
    (["--versio"], ""),
    (["list", "--jso"], "--jso"),
    (["list", "x"], "x"),
    (["list", "\x1b[31m"], "x1b"),
    (["show"], "ID"),
    (["show", "x"], f"error: no article 'x'; the ids are {FIRST} and {SECOND}"),
    (["show", "\x1b[31m\n"], f"{FIRST}|{SECOND}"),
    (["show", "x" * 10**5], f"{FIRST}|{SECOND}"),
    (["metadata", "x"], f"'x'|{FIRST}|{SECOND}"),
    (["show", FIRST, "--section", "story"], "no section 'story'; it has body, heading, navigation"),
    (["show", FIRST, "--section", ""], "''|navigation|body"),
    (["show", FIRST, "--section", "x" * 10**5], "navigation|body"),
    (
        ["show", FIRST, "--section", "headline"],
        f"'headline'|{'|'.join(sorted({s.kind for s in newspair.load(FIRST).sections}))}",
    ),
    (
        ["show", FIRST, "--section", "", "--annotate"],
        "error: --section and --annotate cannot be used together",
    ),
    (["validate", "nowhere"], "nowhere"),
    (["validate", "--json", "nowhere"], "nowhere"),
    (["validate", ".", "nowhere"], "nowhere"),
    (["validate", ""], "''"),
    (["validate", "a\0b"], ""),
    (["validate", "x" * 10**5], ""),
    (["validate", "\x1b[31m\udcff"], ""),
    (["copy"], "DIR"),
    (["copy", ""], "''"),
    (["copy", "a\0b"], ""),
    (["copy", "file"], "file"),
    (["export"], ""),
    (["export", "csv"], "'csv'|jsonl|croissant"),
]


def test_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake is reported on standard output, as damage, or without a hint."""
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    for arguments, words in WRONG:
        code, output, errors = call(*arguments)
        assert (code, output) == (2, b""), arguments
        *usage, message = errors.removesuffix("\n").split("\n")
        assert "error: " in message, arguments
        assert all(word in message for word in words.split("|")), (arguments, message)
        assert all("usage: " in line or line[0] == " " for line in usage), arguments
        assert message.isprintable(), arguments
        assert len(message) < 1500, arguments
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_help(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The help does not say what the exit codes mean, or how a command is used."""
    monkeypatch.setenv("COLUMNS", "30")  # terminals are not asked: that is slow
    code, output, errors = call("--help")
    assert b"list the articles: id, size, SHA-256, date, headline\n" in output
    assert output.startswith(b"usage: newspair [-h]")
    assert b"\n\nTwo English news articles, byte for byte.\n\n" in output
    assert (code, errors) == (0, "")
    text, examples = output.decode(), {}
    assert re.search(r"exit codes.*\b0\b.*\b1\b.*\b2\b", text, re.DOTALL)
    for command in COMMANDS:
        assert re.search(rf"^ +{command}\b", text, re.MULTILINE)
        code, output, errors = call(command, "--help")
        assert (code, errors) == (0, "")
        example = re.search(rf"newspair ({command}\b[^|>\n]*)", output.decode().split("example")[1])
        assert example, command
        assert re.search(r"\b0\b.*\b1\b.*\b2\b", output.decode(), re.DOTALL), command
        assert max(map(len, output.decode().splitlines())) <= 80
        examples[command] = shlex.split(example[1])
    monkeypatch.chdir(tmp_path)
    for command in sorted(COMMANDS):  # copy before validate
        assert call(*examples[command])[0] == 0, command
    assert b"newspair checksums | sha256sum -c\n" in call("checksums", "--help")[1]


# Everything that prints
PRINTING = [["--version"], ["--help"], ["list"], ["show", FIRST], ["validate"], ["show", "--help"]]


@posix
def test_full_disk() -> None:
    """A result that was not written is taken for written."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with open("/dev/full", "wb") as full:
        for unbuffered in ("", "1"):
            env = {"PYTHONUNBUFFERED": unbuffered}
            for arguments in PRINTING:
                ended = run(*arguments, stdout=full, stderr=subprocess.PIPE, env=env)
                assert ended.returncode == 2, (arguments, unbuffered)
                assert b"No space left" in ended.stderr, (arguments, unbuffered)
                assert ended.stderr.count(b"\n") == 1, (arguments, ended.stderr)
            ended = run("show", "x", stderr=full, stdout=subprocess.PIPE, env=env)
            assert (ended.returncode, ended.stdout) == (2, b"")


@posix
def test_closed_pipe(data_copy: Path) -> None:
    """A reader such as head gives a traceback, or turns damage into success."""
    (data_copy / "README.md").unlink()
    damaged = ["validate", str(data_copy)]
    for arguments in [*PRINTING, damaged, [*damaged, "--json"]]:
        for unbuffered in ("", "1"):
            read, write = os.pipe()
            os.close(read)
            with os.fdopen(write, "wb") as pipe:
                env = {"PYTHONUNBUFFERED": unbuffered}
                ended = run(*arguments, stdout=pipe, stderr=subprocess.PIPE, env=env)
            assert (ended.returncode, ended.stderr) == (arguments[:2] == damaged, b""), arguments


@posix
def test_closed_streams() -> None:
    """A stream that the caller closed gives a traceback, or success without a result."""
    for arguments, redirection, code, words in (
        (["checksums"], ">&-", 2, b"standard output"),
        (["--version"], ">&-", 2, b"standard output"),
        (["show", "x"], ">&-", 2, b"error: "),
        (["show", "x"], "2>&-", 2, b""),
        (["checksums"], "2>&-", 0, b""),
        (["checksums"], ">&- 2>&-", 2, b""),
        (["checksums"], "<&-", 0, b""),
    ):
        command = shlex.join([sys.executable, "-m", "newspair", *arguments])
        program = f"import os; os.execv('/bin/sh', ['sh', '-c', {f'{command} {redirection}'!r}])"
        ended = python("-c", program)
        assert ended.returncode == code, (arguments, redirection, ended)
        assert words in ended.stderr
        assert ended.stderr.count(b"\n") == (words != b"")


@posix
def test_blocked_writes() -> None:
    """A pipe that takes nothing and does not block is waited for, or taken for success."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(write, bytes(65_536)):
            pass
    ended = run("show", FIRST, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    os.close(read)
    assert ended.returncode == 2
    assert b"standard output" in ended.stderr
    assert ended.stderr.count(b"\n") == 1


def test_interrupt() -> None:
    """Ctrl-C gives a traceback, whether during the work or during the output."""
    program = """
import builtins, sys
from newspair.__main__ import main
genuine, calls = open, []
def interrupted(*arguments, **options):
    calls.append(arguments)
    if len(calls) == int(sys.argv[1]):
        raise KeyboardInterrupt
    return genuine(*arguments, **options)
builtins.open = interrupted
main(["checksums"])"""
    for number in ("1", "2"):
        ended = python("-c", program, number)
        assert (ended.returncode, ended.stdout, ended.stderr) == (130, b"", b""), number


def test_encodings() -> None:
    """A terminal of another encoding gets other words or a traceback; programs not UTF-8."""
    for encoding in ("ascii:strict", "utf-16", "cp1252", "latin-1", "utf-8"):
        for arguments, output in (
            (["list"], call("list")[1]),
            (["validate"], call("validate")[1]),
            (["show", FIRST, "--annotate"], call("show", FIRST, "--annotate")[1]),
            (["show", FIRST], None),
            (["metadata", SECOND], None),
            (["show", FIRST, "--section", "body"], None),
        ):
            ended = run(*arguments, env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
            assert (ended.returncode, ended.stderr) == (0, b""), (encoding, arguments)
            if output is None:
                assert ended.stdout == call(*arguments)[1], (encoding, arguments)
                continue
            text, codec = output.decode(), encoding.partition(":")[0]
            printed = ended.stdout.decode(codec).replace(os.linesep, "\n")
            assert printed == text.encode(codec, "backslashreplace").decode(codec)


def test_no_pydantic(tmp_path: Path) -> None:
    """The command needs more than the standard library."""
    damaged = vendor(tmp_path / "a") / "datapackage.json"
    more = [
        ["checksums"],
        ["export", "jsonl"],
        ["copy", str(tmp_path / "new")],
        ["metadata", FIRST],
    ]
    for arguments in (*PRINTING, *more, ["show", SECOND, "--annotate"]):
        ended = python("-S", "-m", "newspair", *arguments, path=tmp_path / "a")
        assert (ended.returncode, ended.stderr) == (0, b""), arguments
    damaged.write_bytes(damaged.read_bytes().replace(b"2025", b"2026"))
    ended = python("-S", "-m", "newspair", "validate", path=tmp_path / "a")
    assert (ended.returncode, ended.stderr) == (1, b"")


WORDS = [
    *COMMANDS[:5],
    "export",
    "--json",
    "--section",
    "body",
    "--annotate",
    "--no-color",
    "jsonl",
]
ANYTHING = st.sampled_from([*WORDS, FIRST, SECOND, ".", "--", "-h"]) | st.text(
    st.characters(exclude_characters="/\\")
)


@given(st.lists(ANYTHING, max_size=5))
def test_any_arguments(arguments: list[str]) -> None:
    """Some command line ends in a traceback or an unknown exit code."""
    code, output, errors = call(*arguments)
    assert code in (0, 1, 2)
    assert (code == 2) == (errors != "")
    assert (code == 2) <= (output == b"")
