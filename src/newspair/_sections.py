"""The public types, and which lines of a text belong to which section."""

from io import StringIO
from typing import Literal, NamedTuple, get_args

from ._errors import printable, quote

ArticleId = Literal["000_11fb25597ae0a89a", "003_ced7b9f589f8a978"]
SectionKind = Literal[
    "navigation", "headline", "abstract", "byline", "caption", "heading", "body", "credit"
]
Check = Literal["presence", "kind", "access", "encoding", "digest", "metadata", "unexpected"]
# The color of each kind in a terminal: codes of ECMA-48, 8.3.117
_COLORS = dict(zip(get_args(SectionKind), (90, 1, 36, 35, 33, 1, 39, 35), strict=True))


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
    return Problem(printable(file), check, causes, f"{printable(file)}: {text}")


def part(text: str, sections: list[tuple[str, int, int]], kind: str) -> str:
    """Return the lines of the sections (kind, first line, last line), as `Article.part` does."""
    if kind not in _COLORS:
        raise ValueError(f"no section kind {quote(kind)}; the kinds are {', '.join(_COLORS)}")
    lines = StringIO(text).readlines()  # only LF ends a line
    places = [(first, last) for each, first, last in sections if each == kind]
    return "\n".join("".join(lines[first - 1 : last]) for first, last in places)


def annotate(text: str, sections: list[tuple[str, int, int]], *, color: bool) -> str:
    """Return a text with line numbers and section kinds in the margin, in color for a terminal."""
    kinds = {line: kind for kind, first, last in sections for line in range(first, last + 1)}
    rows = []
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        kind = kinds[number] if line.strip() else ""
        colored = f"\x1b[{_COLORS[kind]}m{line}\x1b[0m" if color and kind else line
        rows.append(f"{number:>3}  {kind:<10}  {colored}".rstrip(" ") + "\n")
    return "".join(rows)
