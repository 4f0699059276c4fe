"""Every example in README and docs gives what it shows, and what they name exists."""

import doctest
import re
import sys
from typing import get_args

import pytest
from helpers import DATA, PACKAGE, ROOT, blocks, newspair_command, python, recipes

import newspair
from newspair import Article
from newspair._article import KINDS
from newspair._report import Code

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
API = ROOT / "docs" / "api.md"

pytestmark = pytest.mark.skipif(not API.exists(), reason="there are no documents")
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@each_page
def test_python_examples(page):
    runner = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    code = "\n".join(blocks(page.read_text("utf-8"), "pycon"))
    printed = []
    example = doctest.DocTestParser().get_doctest(code, {}, page.name, None, 0)
    runner.run(example, out=printed.append)
    assert runner.failures == 0, "".join(printed)


@pytest.mark.skipif(sys.platform != "linux", reason="the examples use GNU sed")
@each_page
def test_shell_examples(page, tmp_path):
    program = tmp_path / "programs" / "newspair"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m newspair "$@"\n', "utf-8")
    program.chmod(0o755)
    for block in blocks(page.read_text("utf-8"), "console"):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, expected = example.split("\n", 1)
            line = f'PATH="{program.parent}:$PATH"; {command}'
            printed = python("-c", SHELL, line, cwd=tmp_path).stdout
            pattern = ".*".join(re.escape(part) for part in expected.split("…"))
            assert re.fullmatch(pattern, printed, re.DOTALL), f"$ {command}\n{printed}"


SHELL = "import os, sys; os.dup2(1, 2); os.execvp('sh', ['sh', '-c', sys.argv[1]])"


def test_readme_has_examples():
    text = PAGES[0].read_text("utf-8")
    assert len(blocks(text, "pycon")) == 1
    assert len(blocks(text, "console")) == 3


def test_pytest_recipe(tmp_path):
    (code,) = blocks(recipes()["pytest"], "python")
    (tmp_path / "test_user.py").write_text(code, "utf-8")
    printed = python("-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path, cwd=tmp_path)
    assert "2 passed" in printed.stdout, printed.stdout


def test_readme_commands_are_those_of_the_checks():
    """.ci/run runs what the README's two commands run, after setting up uv."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    for block in blocks(PAGES[0].read_text("utf-8"), "sh"):
        assert f"\n{block.strip().rpartition('.venv/bin/')[2]}\n" in script


@pytest.mark.parametrize("page", [*PAGES, *sorted((ROOT / ".github").glob("*.md"))], ids=str)
def test_links(page):
    for target in re.findall(r"\]\(([^)#:]+)[)#]", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


class TestReference:
    """docs/api.md names everything that is public."""

    @pytest.mark.parametrize("name", newspair.__all__)
    def test_names(self, name):
        assert re.search(rf"`{name}\b", API.read_text("utf-8"))

    @pytest.mark.parametrize("name", [*Article.model_fields, *Article.model_computed_fields])
    def test_fields(self, name):
        assert f"| `{name}` |" in API.read_text("utf-8")

    def test_kinds(self):
        assert [kind for kind in KINDS if f"`{kind}`" not in API.read_text("utf-8")] == []

    def test_codes_in_their_order(self):
        table = API.read_text("utf-8").partition("### Codes")[2].partition("\n## ")[0]
        cells = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
        assert re.findall(r"`([\w-]+)`", " ".join(cells)) == list(get_args(Code))

    def test_commands_and_options(self):
        text = newspair_command("--help").stdout
        commands = re.findall(r"^    (\w+)\s+\w", text, re.MULTILINE)
        assert len(commands) == 6
        for command in commands:
            row = re.search(rf"^\| `{command}\b(.*)` \|", API.read_text("utf-8"), re.MULTILINE)
            options = re.findall(r"(--\w+)\n", newspair_command(command, "--help").stdout)
            assert [option for option in options if option not in row[1]] == []


def test_modules_are_those_of_the_design():
    page = (ROOT / "docs" / "design.md").read_text("utf-8")
    modules = {path.stem for path in PACKAGE.glob("*.py")}
    assert set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE)) == modules


@pytest.mark.parametrize("article_id", ["000", "003"])
def test_oddities_are_on_their_lines(article_id):
    """The data card quotes words, with the number of their line in parentheses."""
    card = (DATA / "README.md").read_text("utf-8").partition("## Oddities")[2]
    part = re.search(rf"\n`{article_id}`.*?(?=\n`00|\n## )", card, re.DOTALL)[0]
    lines = newspair.load(article_id).lines
    quoted = re.findall(r'"([^"]+)"\s\((\d+)\)', part)
    assert len(quoted) > 15
    for words, number in quoted:
        assert " ".join(words.split()) in lines[int(number) - 1]
