"""An annotated article shows each line with its number and its section."""

import io
import re
import shutil

import pytest

import newspair
from newspair.annotation import COLOURS, annotate

FIRST, SECOND = newspair.load_all()
SGR = re.compile("\x1b\\[(\\d+)m(.*?)\x1b\\[0m")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_pipe_gets_each_line_whole_and_plain() -> None:
    rows = annotate(SECOND, io.StringIO(), colour=True).splitlines()
    assert len(rows) == SECOND.line_count
    assert rows[0] == "  1  navigation   date 2025-02-01 Left Menu"
    assert rows[1] == "  2"
    assert rows[9] == " 10  body"
    kinds = {n: s.kind for s in SECOND.sections for n in range(s.first_line, s.last_line + 1)}
    for number, (row, line) in enumerate(zip(rows, SECOND.lines, strict=True), 1):
        assert row == f"{number:>3}  {kinds.get(number, ''):<10}  {line}".rstrip()


def test_a_terminal_gets_lines_of_its_width_that_lose_nothing() -> None:
    for article in (FIRST, SECOND):
        rows = annotate(article, Terminal(), colour=False).splitlines()
        assert max(map(len, rows)) == 60
        starts = [row for row in rows if row[:3].strip()]
        assert [int(row[:3]) for row in starts] == list(range(1, article.line_count + 1))
        letters = "".join(row[17:] for row in rows)
        assert letters.replace(" ", "") == article.text.replace(" ", "").replace("\n", "")


def test_a_very_narrow_terminal_still_gets_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "5")
    rows = annotate(FIRST, Terminal(), colour=False).splitlines()
    assert max(map(len, rows)) == 17 + 20


def test_a_terminal_gets_each_kind_in_its_colour() -> None:
    rows = annotate(SECOND, Terminal(), colour=True).splitlines()
    assert rows[0] == "  1  navigation  \x1b[90m date 2025-02-01 Left Menu\x1b[0m"
    used = {int(code) for row in rows for code, _ in SGR.findall(row)}
    assert used == {COLOURS[section.kind] for section in SECOND.sections}
    plain = annotate(SECOND, Terminal(), colour=False)
    assert SGR.sub(r"\2", "\n".join(rows)) + "\n" == plain


@pytest.mark.parametrize(
    ("variable", "value", "coloured"),
    [("NO_COLOR", "1", False), ("NO_COLOR", "", True), ("TERM", "dumb", False)],
)
def test_the_environment_can_forbid_colour(
    variable: str,
    value: str,
    coloured: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, value)
    assert ("\x1b" in annotate(FIRST, Terminal(), colour=True)) == coloured


def test_every_kind_of_section_has_a_colour() -> None:
    kinds = newspair.Section.model_json_schema()["properties"]["kind"]["enum"]
    assert set(COLOURS) == set(kinds)
    assert shutil.get_terminal_size().columns == 60
