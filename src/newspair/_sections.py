"""The public types, and which lines of a text belong to which section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from ._errors import printable, quote

if TYPE_CHECKING:
    from collections.abc import Sequence

ArticleId = Literal["000_11fb25597ae0a89a", "003_ced7b9f589f8a978"]
SectionKind = Literal[
    "navigation", "headline", "abstract", "byline", "caption", "heading", "body", "credit"
]
Check = Literal["presence", "kind", "access", "encoding", "digest", "metadata", "unexpected"]
_KINDS: tuple[SectionKind, ...] = get_args(SectionKind)
# Codes of ECMA-48, 8.3.117
_COLORS: dict[str, int] = dict(zip(_KINDS, (90, 1, 36, 35, 33, 1, 39, 35), strict=True))


class Problem(NamedTuple):
    """One thing that is wrong.

    ``file`` is the name that a file has or should have, or the path of the folder; ``causes`` are
    the codes of what happened, if known; ``message`` is a printable line that begins with ``file``.
    """

    file: str
    check: Check
    causes: tuple[str, ...]
    message: str


Problem.__module__ = "newspair"


def problem(file: str, check: Check, text: str, causes: tuple[str, ...] = ()) -> Problem:
    """Make a problem whose message is the name of the file and a text."""
    return Problem(printable(file), check, causes, f"{printable(file)}: {text}")


def split_lines(text: str) -> list[str]:
    r"""Return the lines of a text without their endings; only ``\n`` ends a line."""
    return text.removesuffix("\n").split("\n")


def line_span(text: str, first_line: int, last_line: int) -> tuple[int, int]:
    """Return where a run of lines starts and ends, as `Article.span` does."""
    lines = split_lines(text)
    if not first_line <= last_line <= len(lines):
        raise ValueError(f"no lines {first_line} to {last_line} in a text of {len(lines)} lines")
    start = sum(len(line) + 1 for line in lines[: first_line - 1])
    return start, start + len("\n".join(lines[first_line - 1 : last_line]))


def part(text: str, sections: Sequence[tuple[str, int, int]], kind: str) -> str:
    """Return the lines of the sections (kind, first line, last line), as `Article.part` does."""
    if kind not in _KINDS:
        raise ValueError(f"no section kind {quote(kind)}; the kinds are {', '.join(_KINDS)}")
    spans = [line_span(text, first, last) for each, first, last in sections if each == kind]
    return "\n".join(text[start:end] + "\n" * text.startswith("\n", end) for start, end in spans)


def annotate(text: str, sections: Sequence[tuple[str, int, int]], *, color: bool) -> str:
    """Return a text with line numbers and section kinds in the margin, in color for a terminal."""
    kinds = {line: kind for kind, first, last in sections for line in range(first, last + 1)}
    rows = []
    for number, line in enumerate(split_lines(text), 1):
        kind = kinds[number] if line.strip() else ""
        margin = f"{number:>3}  {kind}"
        colored = f"\x1b[{_COLORS[kind]}m{line}\x1b[0m" if color and kind else line
        rows.append(f"{margin:<15}  {colored}".rstrip(" ") + "\n")
    return "".join(rows)
