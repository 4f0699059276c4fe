"""What can go wrong: the exceptions, and how messages quote a value."""

from __future__ import annotations


def quote(value: str, limit: int = 60) -> str:
    """Quote a string for a message: printable, on one line, and not long."""
    return f"{value[:limit]!r}..." if len(value) > limit else repr(value)


def printable(name: str) -> str:
    """Return a name as it is if it can stand in a message, otherwise quoted."""
    return name if name.isprintable() and name and name == name[:1024] else quote(name)


class NewspairError(Exception):
    """The base class of the errors that newspair raises on purpose."""

    __module__ = "newspair"


class UnknownArticleError(NewspairError, KeyError):
    """There is no article ``article_id``; the ids that exist are in ``valid``."""

    __module__ = "newspair"

    def __init__(self, article_id: object, valid: tuple[str, ...]) -> None:
        super().__init__(article_id, valid)
        self.article_id, self.valid = article_id, valid

    def __str__(self) -> str:
        problem = f"an article id is a str, not {quote(type(self.article_id).__name__)}"
        if isinstance(self.article_id, str):
            problem = f"no article {quote(str.__str__(self.article_id))}"
        return f"{problem}; the ids are {' and '.join(self.valid)}"


class IntegrityError(NewspairError):
    """The packaged file ``filename`` at ``path`` is not genuine, for a ``reason``.

    ``remedy`` is a sentence that says how to get it back.
    """

    __module__ = "newspair"

    def __init__(self, filename: str, path: str, reason: str, remedy: str) -> None:
        super().__init__(filename, path, reason, remedy)
        self.filename, self.path, self.reason, self.remedy = filename, path, reason, remedy

    def __str__(self) -> str:
        return f"{self.filename}: {self.reason} ({printable(self.path)}). {self.remedy}"
