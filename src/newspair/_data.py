"""The packaged data: the two articles, their digests, and reads that are checked against them."""

import errno
import os
import stat

from ._errors import IntegrityError, UnknownArticleError, quote

# The SHA-256 of each article, by its id. They never change, and no other digest is in the code.
DIGESTS = {
    "000_11fb25597ae0a89a": "c1d531363422d524ac82d3ad67c5caf2191206dc3b449ddfcd773d698823a10d",
    "003_ced7b9f589f8a978": "b2dcd8bcc099f249818b97a1cabcaf648d88cf85c5afc714023dfa2b8ac088e9",
}
MAX_SIZE = 65_536  # bytes; a longer file is none of newspair's, and is read no further

FOLDER = os.path.join(os.path.dirname(__file__), "data")  # in a checkout, it is beside src/
_CHECKOUT = os.path.join(os.path.dirname(__file__), "..", "..", "data")
if not os.path.isdir(FOLDER) and os.path.isdir(_CHECKOUT):
    FOLDER = os.path.normpath(_CHECKOUT)
IN_ZIP = not os.path.isdir(FOLDER)  # newspair is imported from a zip file, or its data are gone


def ids() -> tuple[str, ...]:
    """Return the two article ids, in the order of their files."""
    return tuple(DIGESTS)


def full_id(article_id: str) -> str:
    """Return the id that is meant; its first three digits are enough.

    Raises:
        UnknownArticleError: There is no such article.
    """
    for known in DIGESTS:
        if article_id in (known, known[:3]):
            return known
    raise UnknownArticleError(
        f"no article {quote(article_id)}; the ids are {' and '.join(DIGESTS)}"
    )


def filename_of(article_id: str) -> str:
    """Return the name of an article's file; raise what `full_id` raises."""
    return f"{full_id(article_id)}.txt"


def checksums() -> dict[str, str]:
    """Return the SHA-256 of each article, in lower-case hexadecimal, by its id."""
    return dict(DIGESTS)


def read_bytes(article_id: str) -> bytes:
    """Return the bytes of an article, exactly as they were supplied.

    Args:
        article_id: An id, or its first three digits.

    Raises:
        UnknownArticleError: There is no such article.
        IntegrityError: The packaged file is missing or changed.
    """
    filename = filename_of(article_id)
    data = read_packaged(filename)
    expected = DIGESTS[full_id(article_id)]
    if sha256(data) != expected:
        raise integrity_error(filename, f"is changed: its SHA-256 is not {expected}")
    return data


def read_text(article_id: str) -> str:
    """Return the text of an article: strict UTF-8, without newline translation.

    Args:
        article_id: An id, or its first three digits.

    Raises:
        UnknownArticleError: There is no such article.
        IntegrityError: The packaged file is missing or changed.
    """
    return read_bytes(article_id).decode("utf-8")


def read_packaged(filename: str) -> bytes:
    """Return the bytes of a packaged file, whatever they are.

    Raises:
        IntegrityError: It is missing, or cannot be read.
    """
    try:
        return read_file(os.path.join(FOLDER, filename))
    except FileNotFoundError as error:
        raise integrity_error(filename, "is missing") from error
    except OSError as error:
        raise integrity_error(filename, f"cannot be opened: {error.strerror}") from error


def integrity_error(filename: str, reason: str) -> IntegrityError:
    """Return the error that says what is wrong with a packaged file, and where it is."""
    return IntegrityError(filename, os.path.join(FOLDER, filename), reason)


def read_file(path: str) -> bytes:
    """Return the bytes of a file, at most one more than `MAX_SIZE`.

    Only regular files are opened, and links to them: a FIFO or a device could block. A packaged
    file that is in a zip file is read whole.

    Raises:
        FileNotFoundError: There is no such file.
        OSError: It cannot be read; ``strerror`` says why.
    """
    folder, filename = os.path.split(path)
    if IN_ZIP and folder == FOLDER:
        return _read_from_zip(filename)
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        if os.path.islink(path):
            raise OSError(errno.EINVAL, "it is a broken link") from None
        raise
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, f"it is {_name_of_type(mode)}")
    with open(path, "rb") as file:
        return file.read(MAX_SIZE + 1)


def _read_from_zip(filename: str) -> bytes:
    """Return the bytes of a packaged file; raise `FileNotFoundError` if it is not there."""
    from importlib import resources

    package = __name__.rpartition(".")[0]
    return resources.files(package).joinpath("data", filename).read_bytes()


def _name_of_type(mode: int) -> str:
    """Name the type of a file that is not a regular one, for a message."""
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a FIFO"
    return "a device or socket"


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, in lower-case hexadecimal."""
    import hashlib

    return hashlib.sha256(data).hexdigest()
