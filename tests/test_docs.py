"""Every example in README and docs gives what it shows, and what they name exists."""

import doctest
import importlib
import os
import re
import sys
from pathlib import Path
from typing import get_args

import pytest
from commands import RECIPES, blocks
from helpers import ROOT, python, run, write_data

import newspair

pytestmark = pytest.mark.skipif(not (ROOT / "docs").exists(), reason="no checkout and no sdist")

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WRITTEN = [*PAGES, ROOT / "data" / "README.md", *sorted((ROOT / ".github").rglob("*.md"))]


def test_python_examples() -> None:
    """A Python example gives something else than it shows."""
    runner = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL | doctest.ELLIPSIS)
    printed: list[str] = []
    for page in PAGES:
        code = "\n".join(blocks(page, "pycon"))
        example = doctest.DocTestParser().get_doctest(code, {}, page.name, str(page), 0)
        runner.run(example, out=printed.append)
    assert runner.failures == 0, "".join(printed)
    assert runner.tries > 20


def shell(command: str, folder: Path) -> str:
    """Run a line as a user's shell does, with `newspair` on its path."""
    program = folder / "programs" / "newspair"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m newspair "$@"\n', "utf-8")
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    code = "import os, sys; os.dup2(1, 2); os.execvp('sh', ['sh', '-c', sys.argv[1]])"
    done = python("-c", code, command, cwd=folder, env={"PATH": path, "COLUMNS": "80"})
    return done.stdout.decode()


def matches(expected: str, output: str) -> bool:
    """Compare, with an ellipsis for anything."""
    pattern = ".*".join(map(re.escape, expected.split("…")))
    return re.fullmatch(pattern, output, re.DOTALL) is not None


@pytest.mark.skipif(sys.platform != "linux", reason="the examples use coreutils")
def test_shell_examples(data_copy: Path) -> None:
    """A command prints something else than the page shows."""
    attempted = 0
    for page in PAGES:
        folder = write_data(data_copy.parent / page.stem / "data").parent
        (folder / "tests").mkdir()
        for block in blocks(page, "console"):
            for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, expected = example.split("\n", 1)
                output = shell(command, folder)
                assert matches(expected, output), f"{page.name}: $ {command}\n{output}"
                attempted += 1
    assert attempted > 5
    assert matches("a …\nc\n", "a b\nc\n")
    assert not matches("a …\nd\n", "a b\nc\n")


def test_languages() -> None:
    """A block is in a language that no test runs."""
    text = "".join(page.read_text("utf-8") for page in PAGES)
    assert {*re.findall(r"^```(\w+)", text, re.MULTILINE)} == {
        "console",
        "pycon",
        "python",
        "sh",
        "yaml",
    }
    assert [page.name for page in PAGES if blocks(page, "sh")] == ["README.md"]
    assert [page for page in PAGES if blocks(page, "python")] == [RECIPES]


def test_set_up() -> None:
    """The README's two commands are not those that the checks run."""
    first, second = (block.strip() for block in blocks(ROOT / "README.md", "sh"))
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert first.endswith(" && .venv/bin/uv run newspair validate")
    assert second == ".venv/bin/uv run pytest"
    for command in (first, second):
        assert f"\n{command.rpartition('.venv/bin/')[2]}\n" in script


def test_links() -> None:
    """A link leads nowhere."""
    for page in WRITTEN:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), (page, target)


def test_reference() -> None:
    """A public name, command, option, check, kind, field or code is missing from the reference."""
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    row = re.compile(r"^ +(--version|[^-\s]\S*|--\S+(?: [A-Z]+)?)\s{2,}(\S.*)$", re.MULTILINE)
    commands = dict(row.findall(run("--help").stdout.decode().partition("COMMAND\n")[2]))
    assert commands.pop("--version")
    assert len(commands) == 7
    texts = [run(*command, "--help").stdout.decode() for command in ([], *([x] for x in commands))]
    for command, text in zip(commands, texts[1:], strict=True):
        assert f"\n\n{commands[command]}\n\n" in text
        arguments = row.findall(text)
        assert len(arguments) == text.count("\n  ") - 1, text
        for name, meaning in ((command, commands[command]), *arguments):
            cells = rf"\n\| `{re.escape(name)}( [^\n]*)?` \| {re.escape(meaning)}"
            assert re.search(cells, page), (name, meaning)
    options = {option for text in texts for option in re.findall(r"--[a-z-]+", text)}
    names = {*newspair.__all__, "__version__", *commands, *options - {"--help"}}
    names |= {*get_args(newspair.Check), *get_args(newspair.SectionKind)}
    names |= newspair.Article.model_fields.keys() | newspair.Article.model_computed_fields.keys()
    names |= {"lines", "paragraphs", "part", "span"}
    names |= importlib.import_module("newspair._diagnosis").CAUSES.keys()  # all codes, only there
    missing = {name for name in names if not re.search(rf"`[^`\n]*{re.escape(name)}\b", page)}
    assert missing == set()


def test_fields() -> None:
    """The reference describes a field of `Article` otherwise than its JSON schema and its help."""
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    for name, field in newspair.Article.model_fields.items():
        assert re.search(rf"\n\| `{name}` \| `[^\n]+` \| {re.escape(field.description)} \|\n", page)
        assert f"\n        {name}: {field.description}\n" in newspair.Article.__doc__


def test_modules() -> None:
    """The design page names other modules than there are."""
    page = (ROOT / "docs" / "design.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert sorted(rows) == sorted(path.stem for path in (ROOT / "src" / "newspair").glob("*.py"))


def test_pytest_recipe(tmp_path: Path) -> None:
    """The fixture and the tests of the recipe do not work as they stand."""
    (code,) = (code for code in blocks(RECIPES, "python") if "fixture" in code)
    (tmp_path / "test_user.py").write_text(code, "utf-8")
    done = python("-m", "pytest", "-q", "-p", "no:cacheprovider", ".", cwd=tmp_path)
    assert b"2 passed" in done.stdout, done.stdout + done.stderr
