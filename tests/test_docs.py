"""Every code block in README and docs does what it says, and what the data card says is so."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import GENUINE, ROOT

import newspair

pytestmark = pytest.mark.skipif(not (ROOT / "docs").exists(), reason="no checkout and no sdist")

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")
CARD = GENUINE["README.md"].decode()


def blocks(page: Path, language: str) -> list[str]:
    return [code for found, code in BLOCK.findall(page.read_text("utf-8")) if found == language]


def test_every_block_is_of_a_language_that_is_run() -> None:
    found = {
        (page.name, language)
        for page in PAGES
        for language, _ in BLOCK.findall(page.read_text("utf-8"))
    }
    assert {language for _, language in found} == {"console", "pycon", "python", "sh"}
    assert {name for name, language in found if language == "python"} == {"recipes.md"}
    assert {name for name, language in found if language == "sh"} == {"README.md"}


@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page, "pycon")], ids=lambda p: p.name
)
def test_each_python_example_gives_what_it_shows(page: Path) -> None:
    example = doctest.DocTestParser().get_doctest(
        "\n".join(blocks(page, "pycon")), {}, page.name, str(page), 0
    )
    told: list[str] = []
    failed = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(
        example, out=told.append
    )
    assert (failed.failed, "".join(told)) == (0, "")
    assert failed.attempted > 0


def shell(command: str, folder: Path) -> str:
    """Run a line as a user's shell does, with newspair on its path and the data beside it."""
    (folder / "bin").mkdir(exist_ok=True)
    program = folder / "bin" / "newspair"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m newspair "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode()


def matches(shown: str, written: str) -> bool:
    """Compare, with … standing for anything, as where an example is cut short."""
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), written, re.DOTALL) is not None


@pytest.mark.skipif(sys.platform != "linux", reason="the examples use coreutils")
@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page, "console")], ids=lambda p: p.name
)
def test_each_shell_example_gives_what_it_shows(page: Path, copy: Path) -> None:
    for block in blocks(page, "console"):
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            written = shell(command, copy.parent)
            assert matches(shown, written), f"$ {command}\n{written}"


def test_a_changed_example_would_be_noticed() -> None:
    assert matches("a …\nc\n", "a b\nc\n")
    assert not matches("a …\nd\n", "a b\nc\n")
    assert not matches("", "a")


def test_the_two_commands_are_those_that_the_checks_run() -> None:
    first, second = (block.strip() for block in blocks(ROOT / "README.md", "sh"))
    script = (ROOT / ".ci" / "run").read_text().splitlines()
    assert first == "pip install uv && uv run newspair validate"
    assert {first.split(" && ")[1], second} <= set(script)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "data" / "README.md"], ids=lambda p: str(p)[-20:])
def test_each_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_pytest_recipe_works_as_it_stands(tmp_path: Path) -> None:
    (conftest,) = (
        code for code in blocks(ROOT / "docs" / "recipes.md", "python") if "fixture" in code
    )
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_user.py").write_text(
        "def test_it(news_text):\n    assert len(news_text) > 2000\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_the_card_counts_right() -> None:
    for article in newspair.load_all():
        counts = (
            article.size,
            article.line_count,
            article.word_count,
            article.character_count,
            article.non_ascii_count,
        )
        row = " | ".join(f"{count:,}" for count in counts)
        assert f"| `{article.filename}` | {row} |" in CARD


def test_each_oddity_is_on_the_line_that_the_card_names() -> None:
    sections = CARD.split("\nIn `")[1:]
    assert [part[:3] for part in sections] == ["000", "003"]
    checked = 0
    for article, section in zip(newspair.load_all(), sections, strict=True):
        for entry in re.findall(r"^- (line .*(?:\n  .*)*)", section, re.MULTILINE):
            line = article.lines[int(re.match(r"line (\d+)", entry)[1]) - 1]  # type: ignore[index]
            for words in re.findall(r'"([^"]+)"', entry):
                assert words in line, entry
                checked += 1
    assert checked > 15


def test_the_card_labels_as_the_manifest_does() -> None:
    for article in newspair.load_all():
        for section in article.sections:
            span = str(section.first_line)
            if section.last_line != section.first_line:
                span += f"–{section.last_line}"
            assert f"| {span} | {section.kind} |" in CARD
