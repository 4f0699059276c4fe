"""What can go wrong: the exceptions, and how their messages show a value."""

MAX_QUOTED = 100  # characters


class NewspairError(Exception):
    """The base class of the errors that newspair raises."""


class UnknownArticleError(NewspairError, KeyError):
    """There is no article with this id; the message names the ids."""

    __str__ = Exception.__str__  # that of KeyError would put the message in quotes


class IntegrityError(NewspairError):
    """A file of the installed package is missing or changed.

    Attributes:
        filename: The name of the file, a `str`.
        path: Where it is or should be, a `str`.
        reason: What is wrong with it, a `str`.
    """

    def __init__(self, filename: str, path: str, reason: str) -> None:
        super().__init__(filename, path, reason)
        self.filename = filename
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"{self.filename}: {self.reason} ({printable(self.path)}). "
            "Install newspair again, or restore the file with git in a checkout of newspair."
        )


def quote(value: object) -> str:
    """Return the `repr` of a value for a message: printable, on one line, and not long."""
    text = repr(value)
    if len(text) <= MAX_QUOTED:
        return text
    return f"{text[:MAX_QUOTED]}..."


def printable(path: str) -> str:
    """Return a path as it is if it can stand in a message, else quoted."""
    if path and path.isprintable():
        return path
    return repr(path)
