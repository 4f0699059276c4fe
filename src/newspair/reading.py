"""The bytes of the data folder: safely read, proven genuine, standard library only.

Every reader pays for this module, so it imports as little as it can, and late.
"""

from __future__ import annotations

import os
import stat
import sys

from .errors import IntegrityError, UnknownArticleError

TYPE_CHECKING = False  # type checkers take it for typing.TYPE_CHECKING, whose import is slow
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .identifiers import ArticleId

# The root of trust: the SHA-256 and the size in bytes of every file of the data folder.
DIGESTS = {
    "000_11fb25597ae0a89a.txt": "c1d531363422d524ac82d3ad67c5caf2191206dc3b449ddfcd773d698823a10d",
    "003_ced7b9f589f8a978.txt": "b2dcd8bcc099f249818b97a1cabcaf648d88cf85c5afc714023dfa2b8ac088e9",
    "datapackage.json": "bc727b52a9b2ec70517da4b8e21051dc0ca96d0582c20652a19c3516da149349",
    "SHA256SUMS": "efd841634736fdded6d34df92c435e7ffb622226b871867ebe66bed120d1903b",
    "croissant.json": "9b605334d3e9f481a302d7888763c5e4bd4dd44a9c6f5d26253503651b96a7c0",
    "README.md": "6b56ef027683c7f27faeb04a61f9e6f92dcbdd3a931d2251ccda390a761a30d8",
}
SIZES = {
    "000_11fb25597ae0a89a.txt": 2278,
    "003_ced7b9f589f8a978.txt": 2076,
    "datapackage.json": 3263,
    "SHA256SUMS": 182,
    "croissant.json": 9916,
    "README.md": 4326,
}
LIMIT = 65_536  # bytes; no form of these files, in any encoding, has more, and none is read

_IDS: tuple[ArticleId, ...] = ("000_11fb25597ae0a89a", "003_ced7b9f589f8a978")
_KINDS = {"d": "a folder", "p": "a FIFO", "s": "a socket", "c": "a device", "b": "a device"}
_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_INSTALLED = os.path.join(_PACKAGE, "data")
_CHECKOUT = os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "data")

_ZIP: str | None = getattr(__spec__.loader, "archive", None)
ARCHIVE = _ZIP and os.path.abspath(_ZIP)  # the zip that we are imported from, if so
_IN_CHECKOUT = not ARCHIVE and not os.path.isdir(_INSTALLED) and os.path.isdir(_CHECKOUT)
FOLDER = _CHECKOUT if _IN_CHECKOUT else _INSTALLED


def ids() -> tuple[ArticleId, ...]:
    """Return the ids of the articles, in file order."""
    return _IDS


def filename_of(article_id: ArticleId) -> str:
    """Return the name of an article's file; raise `UnknownArticleError` if there is none."""
    if article_id not in _IDS:
        raise UnknownArticleError(article_id, _IDS) from None
    return f"{_IDS[_IDS.index(article_id)]}.txt"  # an equal id, as of an enum, may print otherwise


def checksums() -> Mapping[ArticleId, str]:
    """Return the SHA-256 of each article, lower-case hexadecimal, as pinned in the code."""
    from types import MappingProxyType

    return MappingProxyType({name: DIGESTS[filename_of(name)] for name in _IDS})


def read_bytes(article_id: ArticleId) -> bytes:
    """Return the bytes of an article, exactly as supplied.

    Raises `UnknownArticleError`, or `IntegrityError` if its file is not genuine.
    """
    return read_verified(filename_of(article_id))


def read_text(article_id: ArticleId) -> str:
    """Return the text of an article: its bytes as strict UTF-8, line ends untouched.

    Raises `UnknownArticleError`, or `IntegrityError` if its file is not genuine.
    """
    return read_bytes(article_id).decode()


def read_verified(filename: str) -> bytes:
    """Return the bytes of a packaged data file; raise `IntegrityError` if not genuine."""
    data = fetch(filename)
    verify(filename, data)
    return data


def verify(filename: str, data: bytes) -> None:
    """Raise `IntegrityError` unless these bytes are those of the genuine file."""
    if len(data) != SIZES[filename]:
        raise IntegrityError(filename, "size", f"{SIZES[filename]:,} bytes", f"{len(data):,}")
    if (found := digest(data)) != DIGESTS[filename]:
        raise IntegrityError(filename, "digest", f"SHA-256 {DIGESTS[filename]}", found)


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, lower-case hexadecimal."""
    try:  # hashlib would load OpenSSL, 2 ms and 4 MB; this is what it has where there is none
        module = __import__("_sha2" if sys.version_info >= (3, 12) else "_sha256")
    except ImportError:
        module = __import__("hashlib")
    found: str = module.sha256(data).hexdigest()
    return found


def fetch(filename: str, folder: str | None = None) -> bytes:
    """Return a file's bytes, unverified; from the packaged data if no folder is named.

    Opens nothing but a regular file (or a link to one) of at most `LIMIT` bytes; raises
    `IntegrityError` for anything else in its place.
    """
    if folder is None and ARCHIVE:
        return _fetch_from_archive(filename, ARCHIVE)
    path = os.path.join(folder or FOLDER, filename)
    link = "a link to " if os.path.islink(path) else ""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            kind = _KINDS.get(stat.filemode(status.st_mode)[0], "a special file")
            raise IntegrityError(filename, "kind", "a regular file", link + kind)
        if status.st_size > LIMIT:
            expected = f"{SIZES.get(filename, LIMIT):,} bytes"
            raise IntegrityError(
                filename, "size", expected, f"{status.st_size:,}, too many to read"
            )
        with open(path, "rb", opener=_open) as file:
            return file.read(LIMIT + 1) or b""
    except FileNotFoundError:
        check = "kind" if link else "presence"
        raise IntegrityError(filename, check, "a regular file", f"{link}nothing") from None
    except OSError as error:
        found = f"{'a link' if link else 'one'} that cannot be read: {error.strerror}"
        raise IntegrityError(filename, "access", "a readable file", found) from error


def _open(path: str, flags: int) -> int:
    """Open without waiting, should a FIFO have taken the file's place since the look at it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _fetch_from_archive(filename: str, archive: str) -> bytes:
    import zipfile
    import zlib

    member = os.path.relpath(os.path.join(FOLDER, filename), archive).replace(os.sep, "/")
    try:
        with zipfile.ZipFile(archive) as wheel, wheel.open(member) as file:
            return file.read(LIMIT + 1)
    except KeyError:
        raise IntegrityError(filename, "presence", "a regular file", "nothing") from None
    except (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        reason = str(getattr(error, "strerror", None) or error)
        raise IntegrityError(filename, "access", "a readable file", reason) from error
