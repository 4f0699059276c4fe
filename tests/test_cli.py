"""Results go to standard output, messages to standard error, and the exit code is right."""

import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from helpers import FIRST, GENUINE, PACKAGE, SECOND, posix, python, run, vendor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import newspair
from newspair.__main__ import main

ARTICLES = newspair.load_all()
RECORDS = [json.loads(line) for line in GENUINE["articles.jsonl"].splitlines()]
BRIEF = ("id", "size", "sha256", "date_created", "headline")
BOTH_GENUINE = b"both articles are genuine"
Call = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def call(capfdbinary: pytest.CaptureFixture[bytes]) -> Call:
    """Run the command in this process; give its exit code, output and messages."""

    def run_main(*arguments: str) -> tuple[int, bytes, str]:
        with pytest.raises(SystemExit) as caught:
            main(list(arguments))
        output, errors = capfdbinary.readouterr()
        return caught.value.code or 0, output, errors.decode()

    return run_main


def as_json(value: object) -> bytes:
    """Return JSON as the command prints it."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def kinds_of(article: newspair.Article) -> list[str]:
    """Return the kind of section of each line; "" for a line without text."""
    places = [(each.kind, range(each.first_line, each.last_line + 1)) for each in article.sections]
    kinds = {number: kind for kind, numbers in places for number in numbers}
    return [kinds[number] if line else "" for number, line in enumerate(article.lines, 1)]


def test_outputs(call: Call) -> None:
    """A command prints something else, a value is lacking, or a byte differs."""
    outputs = {
        "checksums": GENUINE["SHA256SUMS"],
        "export jsonl": GENUINE["articles.jsonl"],
        "export croissant": GENUINE["croissant.json"],
        "--version": f"newspair {newspair.__version__}\n".encode(),
        "list --json": as_json([{key: each[key] for key in BRIEF} for each in RECORDS]),
    }
    rows = ["  ".join(str(each[key] or "-") for key in BRIEF) for each in RECORDS]
    outputs["list"] = "".join(f"{row}\n" for row in rows).encode()
    for article, record in zip(ARTICLES, RECORDS, strict=True):
        outputs[f"show {article.id}"] = GENUINE[article.filename]
        for kind in {section.kind for section in article.sections}:
            outputs[f"show {article.id} --section {kind}"] = article.part(kind).encode()
        lines = enumerate(zip(kinds_of(article), article.lines, strict=True), 1)
        rows = [f"{number:>3}  {kind:<10}  {line}".rstrip(" ") for number, (kind, line) in lines]
        outputs[f"show {article.id} --annotate"] = "".join(f"{row}\n" for row in rows).encode()
        kept = {key: value for key, value in record.items() if key not in ("text", "body")}
        outputs[f"metadata {article.id}"] = as_json(kept)
    for line, output in outputs.items():
        assert call(*line.split()) == (0, output, ""), line
    with contextlib.redirect_stdout(io.StringIO()):  # which has no encoding
        assert call("list") == (0, outputs["list"], "")


def on_terminal(*arguments: str, **env: str) -> str:
    """Run the command in a terminal, and return what it shows."""
    program = """import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn([sys.executable, "-m", "newspair", *sys.argv[1:]])))"""
    env = {"TERM": "xterm", "NO_COLOR": "", "PYTHONIOENCODING": "utf-8"} | env
    ended = python("-c", program, *arguments, stdin=subprocess.DEVNULL, env=env)
    assert (ended.returncode, ended.stderr) == (0, b"")
    return ended.stdout.decode().replace("\r\n", "\n")


@posix
def test_colors(call: Call) -> None:
    """A terminal gets no colors, or gets them although the user wants none."""
    colors: dict[str, set[tuple[str, ...]]] = {}
    for article in ARTICLES:
        plain = call("show", article.id, "--annotate")[1].decode()
        colored = on_terminal("show", article.id, "--annotate")
        assert re.sub(r"\x1b\[\d+m", "", colored) == plain
        for kind, row in zip(kinds_of(article), colored.splitlines(), strict=True):
            colors.setdefault(kind, set()).add(tuple(re.findall(r"\x1b\[(\d+)m", row)))
    assert colors.pop("") == {()}
    assert all(first != "0" == last for [(first, last)] in colors.values())
    assert len(colors["body"] | colors["navigation"] | colors["headline"]) == 3
    assert on_terminal("show", SECOND, "--annotate", "--no-color") == plain
    assert on_terminal("show", SECOND, "--annotate", NO_COLOR="1") == plain
    assert on_terminal("show", SECOND, "--annotate", TERM="dumb") == plain
    assert "\x1b" not in on_terminal("show", SECOND)


def test_validate_paths(call: Call, tmp_path: Path) -> None:
    """Of several paths one counts, the exit code and `ok` differ, or intact articles are doubted."""
    good, bad, poor = (newspair.copy(tmp_path / name) for name in ("good", "bad", "poor"))
    article, card, rest = f"{FIRST}.txt", "README.md", [*GENUINE][2:]
    (bad / card).unlink()
    (bad / article).write_bytes(b"x")
    (poor / "’").touch()
    for name in rest:
        (poor / name).unlink()
    for paths, files in (
        ([], []),
        ([good / article, good, good / article], []),
        ([bad / article], [article]),
        ([good, bad], [article, card]),
        ([bad / article, bad, good], [article, article, card]),
        ([poor], [*rest, "’"]),
    ):
        problems, lines, code = [], [], 1 if files else 0
        for path in paths or [None]:
            found = newspair.validate(path).problems
            problems += found
            prefix = f"{path}: " if len(paths) > 1 else ""
            lines += [f"{prefix}{each.message}\n" for each in found]
            lines += [] if found else [f"{path or 'the packaged data'}: genuine\n"]
        lines += [f"{BOTH_GENUINE.decode()}\n"] * (paths == [poor])
        assert all(each.message.startswith(f"{each.file}: ") for each in problems), paths
        assert [problem.file for problem in problems] == files, paths
        assert call("validate", *map(str, paths)) == (code, "".join(lines).encode(), ""), paths
        output = as_json({"ok": not files, "problems": [each._asdict() for each in problems]})
        assert call("validate", "--json", *map(str, paths)) == (code, output, ""), paths
    assert newspair.Problem._fields == ("file", "check", "causes", "message")


def test_damage(tmp_path: Path) -> None:
    """Damaged data are printed, or the exit code is that of another problem."""
    for name, lines in (
        (f"{FIRST}.txt", [f"show {FIRST}", "validate", "validate --json"]),
        ("articles.jsonl", ["list", f"metadata {FIRST}", "export jsonl", "validate"]),
        ("SHA256SUMS", ["checksums"]),
        ("croissant.json", ["export croissant", "validate"]),
        ("notes.txt", ["validate"]),
    ):
        (vendor(tmp_path / name) / name).write_bytes(GENUINE.get(name, b"").replace(b"2", b"3"))
        for line in lines:
            ended = python("-S", "-m", "newspair", *line.split(), path=tmp_path / name)
            message = ended.stdout if "validate" in line else ended.stderr
            assert (ended.returncode, ended.stdout + ended.stderr) == (1, message), line
            assert name.encode() in message, line
            assert (BOTH_GENUINE in message) == (line == "validate" and FIRST not in name), line


def test_wrong_usage(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake is reported on standard output, as damage, or without a hint."""
    monkeypatch.chdir(tmp_path)
    for arguments, words in (
        ([], "COMMAND"),
        (["fly"], "'fly'"),
        (["--versio"], ""),
        (["list", "--jso"], "--jso"),
        (["list", "\x1b[31m"], "x1b"),
        (["show", "x"], f"error: no article 'x'|{FIRST}|{SECOND}"),
        (["metadata", "x"], f"'x'|{FIRST}|{SECOND}"),
        (["show", FIRST, "--section", "headline"], "'headline'|body|heading|navigation"),
        (["show", FIRST, "--section", ""], "''|body|heading|navigation"),
        (["show", FIRST, "--section", "\x1b" * 10**5], "body|heading|navigation"),
        (["show", FIRST, "--section", "", "--annotate"], "--section|--annotate"),
        (["validate", ".", "nowhere"], "nowhere"),
        (["validate", "--json", "nowhere"], "nowhere"),
        (["validate", "\x1b[31m\udcff"], ""),
        (["copy"], "DIR"),
        (["copy", "a\0b"], ""),
        (["export"], ""),
        (["export", "csv"], "'csv'|jsonl|croissant"),
    ):
        code, output, errors = call(*arguments)
        assert (code, output) == (2, b""), arguments
        *usage, message = errors.removesuffix("\n").split("\n")
        assert all("usage: " in line or line[0] == " " for line in usage), arguments
        assert all(word in message for word in ["error: ", *words.split("|")]), arguments
        assert message.isprintable(), arguments
        assert len(message) < 1500, arguments
    assert [*tmp_path.iterdir()] == []


def test_help(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The help does not say what the exit codes mean, or how a command is used."""
    monkeypatch.setenv("COLUMNS", "30")  # terminals are not asked: that is slow
    monkeypatch.chdir(tmp_path)  # where the example of copy writes what that of validate checks
    summary = call("--help")[1].decode()
    assert "\n\nTwo English news articles" in summary
    assert max(map(len, summary.partition("exit codes")[0].splitlines())) > 50
    for command in ("", "checksums", "copy", "export", "list", "metadata", "show", "validate"):
        code, output, errors = call(*command.split(), "--help")
        text = output.decode()
        assert (code, errors) == (0, ""), command
        assert text.startswith(f"usage: newspair {command}".strip()), command
        assert re.search(r"^exit codes.*\b0\b.*\b1\b.*\b2\b", text, re.MULTILINE), command
        assert max(map(len, text.splitlines())) <= 80, command
        if command:
            assert re.search(rf"^ +{command}\s", summary, re.MULTILINE), command
            example = re.search(rf"newspair ({command}\b[^|>\n]*)", text.split("example")[1])
            assert call(*shlex.split(example[1]))[0] == 0, command


@posix
def test_streams() -> None:
    """A closed stream or a full disk gives a traceback, or success without a result."""
    for before, line, code, words in (
        (">&-", "checksums", 2, "standard output"),
        (">&-", "--version", 2, "standard output"),
        (">&-", "show x", 2, "error: "),
        ("2>&-", "checksums", 0, ""),
        (">&- 2>&-", "checksums", 2, ""),
        ("<&-", "checksums", 0, ""),
        ("2>/dev/full", "show x", 2, ""),
        (">/dev/full", "show --help", 2, "No space left"),
        (">/dev/full", "list", 2, "No space left"),
        ("PYTHONUNBUFFERED=1 >/dev/full", "--version", 2, "No space left"),
    ):
        if "/dev/full" in before and not Path("/dev/full").exists():
            continue
        command = f"{before} {shlex.join([sys.executable, '-m', 'newspair'])} {line}"
        env = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}
        ended = subprocess.run(["sh", "-c", command], env=env, capture_output=True, check=False)
        assert (ended.returncode, ended.stdout != b"") == (code, code == 0), (command, ended)
        assert words.encode() in ended.stderr, command
        assert ended.stderr.count(b"\n") == (words != ""), command


@posix
def test_pipes(data_copy: Path) -> None:
    """A reader such as head gives a traceback or turns damage into success, or a pipe blocks."""
    (data_copy / "README.md").unlink()
    damaged = ["validate", str(data_copy)]
    for arguments in (["--help"], ["show", FIRST], damaged, [*damaged, "--json"]):
        for unbuffered in ("", "1"):
            read, write = os.pipe()
            os.close(read)
            env = {"PYTHONUNBUFFERED": unbuffered}
            ended = run(*arguments, stdout=write, stderr=subprocess.PIPE, env=env)
            os.close(write)
            assert (ended.returncode, ended.stderr) == (arguments[:2] == damaged, b""), arguments
    read, write = os.pipe()
    os.set_blocking(write, False)
    os.write(write, bytes(2**20))  # it is full now
    ended = run("show", FIRST, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    os.close(read)
    assert (ended.returncode, ended.stderr.count(b"\n")) == (2, 1)
    assert b"standard output" in ended.stderr


def test_interrupt(call: Call) -> None:
    """Ctrl-C gives a traceback, whether during the work or during the output."""
    for effects in ([KeyboardInterrupt], [mock.DEFAULT, KeyboardInterrupt]):
        with mock.patch("builtins.open", wraps=open, side_effect=effects):
            assert call("checksums") == (130, b"", ""), effects


def test_process(call: Call, tmp_path: Path) -> None:
    """Without pydantic, or in another encoding, the command prints other words or a traceback."""
    vendor(tmp_path / "a")
    texts = ("--version", "list", f"show {FIRST} --annotate", "validate")
    programs = ("list --json", f"show {FIRST}", f"metadata {SECOND}", "checksums", "export jsonl")
    for encoding in ("ascii:strict", "utf-16", "cp1252"):
        codec, env = encoding.partition(":")[0], {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
        for line in (*texts, *programs):
            ended = python("-S", "-m", "newspair", *line.split(), path=tmp_path / "a", env=env)
            output = call(*line.split())[1]
            if line in texts:
                output = output.decode().encode(codec, "backslashreplace")
            assert (ended.returncode, ended.stdout, ended.stderr) == (0, output, b""), line


WORDS = "list show metadata checksums validate export jsonl body . -- -h"
WORDS += " --json --section --annotate --no-color"
ANYTHING = st.sampled_from([*WORDS.split(), FIRST, SECOND])
ANYTHING |= st.text(st.characters(exclude_characters="/\\"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arguments=st.lists(ANYTHING, max_size=5))
def test_any_arguments(call: Call, arguments: list[str]) -> None:
    """Some command line ends in a traceback or an unknown exit code."""
    code, output, errors = call(*arguments)
    assert code in (0, 1, 2)
    assert (code == 2) == (errors != "")
    assert (code == 2) <= (output == b"")
