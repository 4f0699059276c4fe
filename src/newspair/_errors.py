"""What can go wrong: the exceptions, and how messages quote a value."""


def quote(value: str) -> str:
    """Quote a string for a message: printable, on one line, and not long."""
    return repr(value) if value == value[:60] else f"{value[:60]!r}..."


def printable(name: str) -> str:
    """Return a name as it is if it can stand in a message, otherwise quoted."""
    return name if name.isprintable() and name and name == name[:1024] else quote(name)


class NewspairError(Exception):
    """The base class of the errors that newspair raises on purpose."""


class UnknownArticleError(NewspairError, KeyError):
    """There is no such article; the message names the ids that exist."""

    __str__ = Exception.__str__  # that of KeyError would quote the message


class IntegrityError(NewspairError):
    """A packaged file, ``filename`` at ``path``, is not genuine; see ``reason`` and ``remedy``."""

    def __init__(self, filename: str, path: str, reason: str, remedy: str) -> None:
        self.filename, self.path, self.reason, self.remedy = filename, path, reason, remedy

    def __str__(self) -> str:
        return f"{self.filename}: {self.reason} ({printable(self.path)}). {self.remedy}"


for _error in (NewspairError, UnknownArticleError, IntegrityError):
    _error.__module__ = "newspair"
