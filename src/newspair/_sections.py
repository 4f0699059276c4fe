"""The types that are not models, and which lines of a text belong to which section."""

from io import StringIO
from typing import Any, Literal, NamedTuple, get_args

from ._errors import printable

ArticleId = Literal["000_11fb25597ae0a89a", "003_ced7b9f589f8a978"]
SectionKind = Literal[
    "navigation", "headline", "abstract", "byline", "caption", "heading", "body", "credit"
]
Check = Literal["presence", "kind", "access", "encoding", "digest", "metadata", "unexpected"]
Content = bytes | tuple[Check, str]  # of a file, or else the check that fails and why
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


def part(record: dict[str, Any], kind: str) -> str:
    lines = StringIO(record["text"]).readlines()  # only LF ends a line
    places = (each for each in record["sections"] if each["kind"] == kind)
    return "\n".join("".join(lines[each["first_line"] - 1 : each["last_line"]]) for each in places)


def annotate(record: dict[str, Any], *, color: bool) -> str:
    """Return the text with line numbers and section kinds in the margin, in color if asked."""
    rows, kinds = list[str](), dict[int, str]()
    for each in record["sections"]:
        kinds |= dict.fromkeys(range(each["first_line"], each["last_line"] + 1), each["kind"])
    for number, line in enumerate(record["text"].removesuffix("\n").split("\n"), 1):
        kind = kinds[number] if line.strip() else ""
        colored = f"\x1b[{_COLORS[kind]}m{line}\x1b[0m" if color and kind else line
        rows.append(f"{number:>3}  {kind:<10}  {colored}".rstrip(" ") + "\n")
    return "".join(rows)
