"""The files: which, where, and their verified bytes; imports only what Python has loaded."""

from __future__ import annotations

import os
import stat
import sys

from ._errors import IntegrityError, UnknownArticleError

TYPE_CHECKING = False  # as in __init__.py
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ._sections import ArticleId, Check

# The SHA-256 of every file of the data folder: a file that matches is genuine.
DIGESTS = {
    "000_11fb25597ae0a89a.txt": "c1d531363422d524ac82d3ad67c5caf2191206dc3b449ddfcd773d698823a10d",
    "003_ced7b9f589f8a978.txt": "b2dcd8bcc099f249818b97a1cabcaf648d88cf85c5afc714023dfa2b8ac088e9",
    "datapackage.json": "adb5cfcab82c28835bb378d22a231c4a66838b12ed473f36929409ac9aa7b69f",
    "articles.jsonl": "fdda383b49277ce53851d3039cd5b0e80e2078c17569ae86c14a5385cc149b43",
    "croissant.json": "ead9cb0d58d066f22ac08f0638b660f76eeb6b6c5c3c81a47880b53c84ce1117",
    "SHA256SUMS": "efd841634736fdded6d34df92c435e7ffb622226b871867ebe66bed120d1903b",
    "README.md": "d0f7fe83f6fb57c5f5d8ba5bb7c3a6e09a41f2277aa23127bba2e48c6b627f1b",
    ".gitattributes": "d27a557cec623cdc3119dc95c61e08b551196802b2d8042335751dcfadc4490e",
}
MAX_SIZE = 65_536  # bytes; no file has more in any encoding, and no more is read
_IDS: tuple[ArticleId, ...] = ("000_11fb25597ae0a89a", "003_ced7b9f589f8a978")

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_CHECKOUT = os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "data")
_INSTALLED = os.path.join(_PACKAGE, "data")
_archive: str = getattr(__spec__.loader, "archive", "")
ARCHIVE = _archive and os.path.abspath(_archive)  # the zip file that newspair is imported from
FOLDER, REMEDY = _INSTALLED, "To restore it, run `pip install --force-reinstall newspair`."
if not ARCHIVE and not os.path.isdir(_INSTALLED) and os.path.isdir(_CHECKOUT):
    FOLDER, REMEDY = _CHECKOUT, "To restore it, run `git checkout -- data`."
elif getattr(sys, "frozen", False):
    REMEDY = "If PyInstaller made this program, pass it `--collect-data newspair`."


class UnreadableError(Exception):
    """No regular file can be read: the check that fails, and why."""

    def __init__(self, check: Check, reason: str) -> None:
        super().__init__(check, reason)
        self.check: Check = check
        self.reason = reason


def ids() -> tuple[ArticleId, ...]:
    """Return the ids of the articles, in file order."""
    return _IDS


def filename_of(article_id: ArticleId) -> str:
    """Return the name of an article's file, or raise `UnknownArticleError`."""
    if isinstance(article_id, str) and (name := str.__str__(article_id)) in _IDS:
        return f"{name}.txt"
    raise UnknownArticleError(article_id, _IDS)


def checksums() -> Mapping[ArticleId, str]:
    """Return the SHA-256 of each article, in lower-case hexadecimal, read-only."""
    from types import MappingProxyType

    return MappingProxyType({article_id: DIGESTS[filename_of(article_id)] for article_id in _IDS})


def read_bytes(article_id: ArticleId) -> bytes:
    """Return the bytes of an article, exactly as they were supplied.

    Raises `UnknownArticleError`, or `IntegrityError` if the file is not genuine.
    """
    return read_verified(filename_of(article_id))


def read_text(article_id: ArticleId) -> str:
    """Return the text of an article: strict UTF-8, without newline translation.

    Raises `UnknownArticleError`, or `IntegrityError` if the file is not genuine.
    """
    return read_bytes(article_id).decode()


def read_record(article_id: ArticleId) -> bytes:
    """Return an article's line of ``articles.jsonl``; raise as `read_bytes`."""
    index = list(DIGESTS).index(filename_of(article_id))
    return read_verified("articles.jsonl").splitlines()[index]


def as_file(article_id: ArticleId) -> AbstractContextManager[Path]:
    """Give the path of a real file with the verified bytes of an article, for reading only.

    It is the packaged file or, if newspair is imported from a zip file, a temporary copy,
    deleted when the block ends. Raises what `read_bytes` raises.
    """
    from contextlib import contextmanager
    from pathlib import Path
    from tempfile import TemporaryDirectory

    @contextmanager
    def manager() -> Iterator[Path]:
        data, filename = read_bytes(article_id), filename_of(article_id)
        if not ARCHIVE:
            yield Path(FOLDER, filename)
            return
        with TemporaryDirectory(prefix="newspair-") as folder:
            path = Path(folder, filename)
            path.write_bytes(data)
            yield path

    return manager()


def read_verified(filename: str) -> bytes:
    """Return the bytes of a packaged file, or raise `IntegrityError`."""
    reason = "is not genuine: its SHA-256 differs; `newspair validate` says what happened"
    try:
        data = read_packaged(filename)
        if sha256(data) == DIGESTS[filename]:
            return data
    except UnreadableError as error:
        reason = error.reason
    raise IntegrityError(filename, os.path.join(FOLDER, filename), reason, REMEDY)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, in lower-case hexadecimal."""
    try:  # hashlib would load OpenSSL, which costs 2 ms and 4 MB
        module = __import__("_sha2" if sys.version_info >= (3, 12) else "_sha256")
    except ImportError:
        module = __import__("hashlib")
    digest: str = module.sha256(data).hexdigest()
    return digest


def read_packaged(filename: str) -> bytes:
    """Return the unverified bytes of a packaged file, or raise `UnreadableError`."""
    path = os.path.join(FOLDER, filename)
    if not ARCHIVE:
        return read_file(path)
    from zipimport import zipimporter
    from zlib import error as zlib_error

    try:
        return zipimporter(ARCHIVE).get_data(path)
    except (OSError, EOFError, ImportError, ValueError, zlib_error) as error:
        if isinstance(error, OSError) and error.errno == 0:  # how zipimport says so
            raise UnreadableError("presence", "is missing") from None
        raise UnreadableError("access", f"cannot be read from the zip file: {error}") from error


def read_file(path: str) -> bytes:
    """Return up to ``MAX_SIZE`` + 1 bytes of a regular file, or raise `UnreadableError`."""
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
            raise UnreadableError("kind", f"is {kind}")
        with open(path, "rb") as file:
            return file.read(MAX_SIZE + 1)
    except FileNotFoundError:
        if os.path.islink(path):
            raise UnreadableError("kind", "is a broken symbolic link") from None
        raise UnreadableError("presence", "is missing") from None
    except OSError as error:
        raise UnreadableError("access", f"cannot be read: {error.strerror}") from error
