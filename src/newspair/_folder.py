"""The data folder: where the articles are in it, and copies of it."""

import os
from contextlib import suppress
from pathlib import Path

from ._check import ARTICLE_FILES, validate
from ._data import (
    FOLDER,
    IN_ZIP,
    filename_of,
    integrity_error,
    read_bytes,
    read_file,
    read_packaged,
)
from ._errors import NewspairError, printable

_FIRST, _SECOND = ARTICLE_FILES
# In the order of writing: one article first, so that what a killed process leaves may be replaced,
# and the other one last, so that `validate` misses it until all is written.
FILES = (
    _FIRST,
    "datapackage.json",
    "articles.jsonl",
    "croissant.json",
    "SHA256SUMS",
    "README.md",
    ".gitattributes",
    _SECOND,
)


def path(article_id: str) -> Path:
    """Return the path of the packaged file of an article, whose content is verified.

    Args:
        article_id: An id, or its first three digits.

    Raises:
        UnknownArticleError: There is no such article.
        IntegrityError: The packaged file is missing or changed.
        NewspairError: newspair is imported from a zip file, so there is no path.
    """
    read_bytes(article_id)
    if IN_ZIP:
        raise NewspairError(f"{FOLDER} is in a zip file; read_bytes and copy_data read from there")
    return Path(FOLDER, filename_of(article_id))


def copy_data(directory: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a copy of the data folder, and return its path.

    The directory is made if it does not exist. Files in it that have other names than the eight
    of the data folder are left alone. If all eight are there already, unchanged, nothing happens.

    Args:
        directory: Where the eight files are written.
        overwrite: Replace files of these names, if the directory holds a file with the name of an
            article: that repairs a copy, or updates one of another version.

    Raises:
        NewspairError: Files of these names are there, or something cannot be written. Then no new
            file is left behind.
        IntegrityError: The packaged data are changed.
    """
    folder = os.fspath(directory)
    contents = _verified_contents()
    try:
        os.makedirs(folder, exist_ok=True)
        present = [name for name in FILES if os.path.lexists(os.path.join(folder, name))]
        wrong = [name for name in FILES if not _holds(os.path.join(folder, name), contents[name])]
        if wrong and present:
            _check_may_replace(folder, present, wrong, overwrite=overwrite)
        _write_files(folder, {name: contents[name] for name in wrong}, present)
    except (OSError, ValueError) as error:  # ValueError if there is a NUL in the path
        raise NewspairError(f"{printable(folder)}: cannot be written: {error}") from error
    return Path(directory)


def _verified_contents() -> dict[str, bytes]:
    """Return the content of each packaged file; raise `IntegrityError` if one is changed."""
    report = validate()
    if not report.ok:
        raise integrity_error(report.problems[0].file, report.problems[0].message)
    return {name: read_packaged(name) for name in FILES}


def _holds(path: str, content: bytes) -> bool:
    """Tell whether a file has that content."""
    try:
        return read_file(path) == content
    except OSError:
        return False


def _check_may_replace(
    folder: str, present: list[str], wrong: list[str], *, overwrite: bool
) -> None:
    """Raise `NewspairError` if files that are present may not be replaced, to mend the wrong."""
    start = f"{printable(folder)}: already holds {present[0]}; "
    if not any(name in ARTICLE_FILES for name in present):
        reason = "choose another folder: this one is no copy, because it holds no article"
        raise NewspairError(start + reason)
    if not overwrite:
        reason = f"{wrong[0]} is missing or changed: overwrite=True (--overwrite) mends that"
        raise NewspairError(start + reason)


def _write_files(folder: str, contents: dict[str, bytes], present: list[str]) -> None:
    """Write files, and replace those that were present.

    If one fails, remove those that are new, and what is half written.
    """
    removable = []
    try:
        for name, content in contents.items():
            path = os.path.join(folder, name)
            if name in present:
                os.unlink(path)  # so nothing is written through a link
            removable.append(path)  # before it is there, because an interrupt may come any time
            try:
                with open(path, "xb") as file:
                    file.write(content)
            except FileExistsError:  # another program has written it
                removable.remove(path)
                raise
            if name in present:
                removable.remove(path)  # it is whole, and not new
    except BaseException:
        for path in removable:
            with suppress(OSError):
                os.unlink(path)
        raise
