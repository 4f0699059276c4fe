"""What can go wrong: every error is a sentence that names the file or the id."""

from __future__ import annotations


def shown(value: object, limit: int = 60) -> str:
    """Quote a value for a message of one line: nothing unprintable, nothing long."""
    if isinstance(value, str):
        return f"{value[:limit]!r}…" if len(value) > limit else repr(value)
    try:
        text = repr(value)
    except ValueError:  # an int of more digits than Python writes
        text = "a huge number"
    return f"{text[:limit]}…" if len(text) > limit else text


def printable(name: str) -> str:
    """Return a name as it may stand in a line of text: itself, if it can."""
    return name if name and name.isprintable() else repr(name)


class NewspairError(Exception):
    """The base of every error that newspair raises on purpose."""


class UnknownArticleError(NewspairError, KeyError):
    """There is no article of that ``article_id``; the ``valid`` ones are named."""

    def __init__(self, article_id: object, valid: tuple[str, ...]) -> None:
        super().__init__(article_id, valid)
        self.article_id, self.valid = article_id, valid

    def __str__(self) -> str:
        return f"no article {shown(self.article_id)}; the articles are {' and '.join(self.valid)}"


class IntegrityError(NewspairError):
    """The file ``filename`` is not genuine: what ``check`` ``expected``, and what it ``found``."""

    def __init__(self, filename: str, check: str, expected: str, found: str) -> None:
        super().__init__(filename, check, expected, found)
        self.filename, self.check, self.expected, self.found = filename, check, expected, found

    def __str__(self) -> str:
        return f"{self.filename}: expected {self.expected}, found {self.found}"


class ManifestError(NewspairError):
    """A metadata file cannot be understood: in ``filename``, at ``where``, for a ``reason``."""

    def __init__(self, filename: str, where: str, reason: str) -> None:
        super().__init__(filename, where, reason)
        self.filename, self.where, self.reason = filename, where, reason

    def __str__(self) -> str:
        return f"{self.filename}: {self.where}: {self.reason}"
