"""What `validate` reports: problems, each with a code."""

from typing import Literal, NamedTuple

from ._errors import printable

# In the order in which the problems of a file are reported. docs/api.md says what each means.
Code = Literal[
    "missing",
    "unreadable",
    "unknown",
    "malformed",
    "empty",
    "git-lfs-pointer",
    "html-page",
    "conflict-markers",
    "compressed",
    "swapped",
    "bom",
    "utf-16",
    "not-utf-8",
    "mojibake",
    "crlf",
    "mixed-line-endings",
    "final-newline-added",
    "final-newline-removed",
    "truncated",
    "edited",
    "replaced",
    "changed",
]


class Problem(NamedTuple):
    """One thing that is wrong with a file or folder; ``str()`` of it is a linter's line.

    Attributes:
        file: The path that was given, in a folder joined with the name of the file; of packaged
            data, the name alone; of a folder as a whole, its path.
        line: The number of the line in the file that was found, counted from 1, or None.
        code: What happened, one of the words of `Code`.
        message: One printable sentence of at most 300 characters, without the name of the file.
    """

    file: str
    line: int | None
    code: Code
    message: str

    def __str__(self) -> str:
        place = printable(self.file)
        if self.line is not None:
            place += f":{self.line}"
        return f"{place}: {self.message} [{self.code}]"


class Report(NamedTuple):
    """What `validate` found; true if there are no problems. ``str()`` is one line a problem."""

    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is unchanged."""
        return not self.problems

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        if self.ok:
            return "unchanged"
        return "\n".join(str(problem) for problem in self.problems)
