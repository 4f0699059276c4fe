"""The files: which, where, and their verified bytes; imports only what Python has loaded."""

import os
import sys
from zipimport import zipimporter

from ._errors import IntegrityError, UnknownArticleError, quote

TYPE_CHECKING = False  # as in __init__.py
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Any

    from ._sections import ArticleId, Content

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
MAX_SIZE = 65_536  # bytes; no file has more in any encoding

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
REMEDY = "To restore it, run `pip install --force-reinstall newspair`."
_CHECKOUT = os.path.normpath(os.path.join(FOLDER, "../../../data"))
_archive = getattr(__spec__.loader, "archive", "")  # if newspair is imported from a zip file
ZIP = _archive and zipimporter(os.path.abspath(_archive))
if not ZIP and not os.path.isdir(FOLDER) and os.path.isdir(_CHECKOUT):
    FOLDER, REMEDY = _CHECKOUT, "To restore it, run `git checkout -- data`."
elif getattr(sys, "frozen", False):
    REMEDY = "If PyInstaller made this program, pass it `--collect-data newspair`."


def ids() -> "tuple[ArticleId, ...]":
    """Return the ids of the articles, in file order."""
    return ("000_11fb25597ae0a89a", "003_ced7b9f589f8a978")


def filename_of(article_id: object) -> str:
    text = str.__str__(article_id) if isinstance(article_id, str) else None
    if text in ids():
        return f"{text}.txt"
    wrong = f"of type {quote(type(article_id).__name__)}" if text is None else quote(text)
    raise UnknownArticleError(f"no article {wrong}; the ids are {' and '.join(ids())}")


def checksums() -> "Mapping[ArticleId, str]":
    """Return the SHA-256 of each article, in lower-case hexadecimal, read-only."""
    from types import MappingProxyType

    return MappingProxyType({article_id: DIGESTS[f"{article_id}.txt"] for article_id in ids()})


def read_bytes(article_id: "ArticleId") -> bytes:
    """Return the bytes of an article, exactly as they were supplied.

    Raises `UnknownArticleError`, or `IntegrityError` if the file is not genuine.
    """
    return read_verified(filename_of(article_id))


def read_text(article_id: "ArticleId") -> str:
    """Return the text of an article, without newline translation; raises what `read_bytes` does."""
    return read_bytes(article_id).decode()


def read_record(article_id: str) -> "dict[str, Any]":
    """Return an article's line of ``articles.jsonl``; raise as `read_bytes`."""
    import json

    index = list(DIGESTS).index(filename_of(article_id))
    return dict(json.loads(read_verified("articles.jsonl").splitlines()[index]))


def as_file(article_id: "ArticleId") -> "AbstractContextManager[Path]":
    """Give the path of a real file with the verified bytes of an article, for reading only.

    It is the packaged file or, if newspair is in a zip file, a copy that is deleted when the block
    ends. Raises what `read_bytes` does.
    """
    from contextlib import contextmanager, nullcontext
    from pathlib import Path
    from tempfile import TemporaryDirectory

    @contextmanager
    def manager() -> "Iterator[Path]":
        data = read_bytes(article_id)
        with TemporaryDirectory(prefix="newspair-") if ZIP else nullcontext(FOLDER) as folder:
            path = Path(folder, filename_of(article_id))
            if ZIP:
                path.write_bytes(data)
            yield path

    return manager()


def read_verified(filename: str) -> bytes:
    path = os.path.join(FOLDER, filename)
    data = read_file(path)
    if isinstance(data, bytes) and sha256(data) == DIGESTS[filename]:
        return data
    changed = "is not genuine: its SHA-256 differs; `newspair validate` says what happened"
    reason = data[1] if isinstance(data, tuple) else changed
    raise IntegrityError(filename, path, reason, REMEDY)


def read_file(path: str) -> "Content":
    """Return the start of a file, the target of a broken git-annex link, or why there is none."""
    try:
        if ZIP and path.startswith(FOLDER):
            return ZIP.get_data(path)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                return file.read(MAX_SIZE + 4)  # whole units of UTF-32
        os.stat(path)  # raises an error if nothing is there
    except Exception as error:  # noqa: BLE001 - zipimport lets through what zlib raises
        if getattr(error, "errno", None) not in (0, 2):  # 2 is "no such file", for zipimport 0
            return "access", f"cannot be read: {getattr(error, 'strerror', None) or error}"
        try:
            target = os.fsencode(os.readlink(path))
        except OSError:  # it is no link
            return "presence", "is missing"
        return target if b"/annex/objects/" in target else ("kind", "is a broken symbolic link")
    return "kind", "is a folder" if os.path.isdir(path) else "is not a regular file"


def sha256(data: "Content") -> str:
    """Return the SHA-256 of bytes, in lower-case hexadecimal; of what was not read, ``""``."""
    try:  # hashlib would load OpenSSL, which costs 2 ms and 4 MB
        module = __import__("_sha2" if sys.version_info >= (3, 12) else "_sha256")
    except ImportError:
        module = __import__("hashlib")
    return str(module.sha256(data).hexdigest()) if isinstance(data, bytes) else ""
