"""What was changed in a copy of the data, or in the packaged data."""

import os
from typing import NamedTuple

from ._data import DIGESTS, FOLDER, MAX_SIZE, filename_of, ids, read_file, sha256
from ._errors import NewspairError, printable, quote
from ._report import Problem, Report

# The names of the articles' files, with their ids
ARTICLE_FILES = {filename_of(article_id): article_id for article_id in ids()}
MAX_PROBLEMS = 10  # that are reported of SHA256SUMS and what it lists
DIGEST_LENGTH = 64  # hexadecimal digits of a SHA-256


def validate(path: str | os.PathLike[str] | None = None) -> Report:
    """Check the packaged data (None), a copy of the data folder, or a single file.

    Both articles must be in a folder, with the SHA-256 that are in the code. If it has a
    ``SHA256SUMS``, what that lists must be there and agree with it. Other files do not matter.

    A file with the name of an article is checked against that article. Any other file may be
    either article, or was made from the one that it shares lines with.

    Raises:
        NewspairError: There is no such path.
    """
    if path is None:
        return Report(tuple(_check_packaged_data()))
    place = os.fspath(path)
    try:
        os.lstat(place)
    except PermissionError:
        pass  # it may be there, and is unreadable
    except (OSError, ValueError) as error:  # ValueError if there is a NUL in the path
        raise NewspairError(f"{printable(place)}: no such file or folder") from error
    if os.path.isdir(place):
        return Report(tuple(_check_folder(place)))
    article_id = ARTICLE_FILES.get(os.path.basename(place))
    return Report(tuple(_check_file(place, article_id)))


def _check_packaged_data() -> list[Problem]:
    """Return the problems of the packaged data; those of a file have its name alone."""
    problems = []
    for problem in _check_folder(FOLDER):
        if problem.file == FOLDER:
            problems.append(problem)
        else:
            problems.append(problem._replace(file=os.path.basename(problem.file)))
    return problems


def _check_folder(folder: str) -> list[Problem]:
    """Return the problems of a folder."""
    problems = []
    for name, article_id in ARTICLE_FILES.items():
        problems += _check_file(os.path.join(folder, name), article_id)
    if [problem.code for problem in problems] == ["missing", "missing"]:
        return [Problem(folder, None, "missing", f"holds neither {' nor '.join(ARTICLE_FILES)}")]
    return problems + _check_sums(folder)


def _check_file(path: str, article_id: str | None) -> list[Problem]:
    """Return the problems of a file that should be an article: that one, or any if it is None."""
    try:
        data = read_file(path)
    except OSError as error:
        return [_not_read(path, error)]
    expected = DIGESTS.values() if article_id is None else [DIGESTS[article_id]]
    if sha256(data) in expected:
        return []
    from ._diagnosis import diagnose, identify

    if article_id is None:
        article_id = identify(data)
    if article_id is None:
        return [Problem(path, None, "unknown", "is neither article")]
    return [Problem(path, *finding) for finding in diagnose(data, article_id)]


def _not_read(path: str, error: OSError) -> Problem:
    """Return the problem of a file that could not be read."""
    if isinstance(error, FileNotFoundError):
        return Problem(path, None, "missing", "there is no such file")
    return Problem(path, None, "unreadable", f"cannot be opened: {error.strerror}")


class Entry(NamedTuple):
    """A line of SHA256SUMS, with its number."""

    line: int
    digest: str
    name: str


def _check_sums(folder: str) -> list[Problem]:
    """Return the problems of SHA256SUMS, if there is one, and of what else it lists."""
    path = os.path.join(folder, "SHA256SUMS")
    try:
        data = read_file(path)
    except FileNotFoundError:
        return []
    except OSError as error:
        return [_not_read(path, error)]
    if len(data) > MAX_SIZE:
        return [Problem(path, None, "malformed", f"is longer than {MAX_SIZE:,} bytes")]
    entries, malformed = [], []
    text = data.decode("utf-8", "surrogateescape").removesuffix("\n")
    for number, line in enumerate(text.split("\n"), start=1):
        entry = _parse_entry(number, line)
        if entry is not None:
            entries.append(entry)
        else:
            message = f"expected a SHA-256, two spaces and a file name, found {quote(line)}"
            malformed.append(Problem(path, number, "malformed", message))
    problems = [
        *_check_listed_articles(path, entries),
        *malformed,
        *_check_listed_files(folder, entries),
    ]
    shown = problems[:MAX_PROBLEMS]
    if len(problems) > MAX_PROBLEMS:
        message = f"{shown[-1].message}; SHA256SUMS has {len(problems)} problems in all"
        shown[-1] = shown[-1]._replace(message=message)
    return shown


def _parse_entry(number: int, line: str) -> Entry | None:
    """Read a line as sha256sum writes it, with an asterisk for what was read as binary."""
    digest, name = line[:DIGEST_LENGTH], line[DIGEST_LENGTH + 2 :]
    separator = line[DIGEST_LENGTH : DIGEST_LENGTH + 2]
    if len(digest) < DIGEST_LENGTH or not set(digest.lower()) <= set("0123456789abcdef"):
        return None
    if separator not in ("  ", " *") or not _is_plain_name(name):
        return None
    return Entry(number, digest.lower(), name)


def _is_plain_name(text: str) -> bool:
    """Tell whether a text can only be the name of something in the same folder."""
    return text not in ("", ".", "..") and text.isprintable() and set(text).isdisjoint("/\\:")


def _check_listed_articles(path: str, entries: list[Entry]) -> list[Problem]:
    """Return the problems of SHA256SUMS, whose path is given: it must list both articles."""
    problems = []
    for name, article_id in ARTICLE_FILES.items():
        expected = DIGESTS[article_id]
        listed = [entry for entry in entries if entry.name == name]
        if not listed:
            problems.append(Problem(path, None, "malformed", f"does not list {name}"))
        for entry in listed:
            if entry.digest != expected:
                message = f"{name}: expected {expected}, found {entry.digest}"
                problems.append(Problem(path, entry.line, "malformed", message))
    return problems


def _check_listed_files(folder: str, entries: list[Entry]) -> list[Problem]:
    """Return the problems of the files that SHA256SUMS lists besides the articles."""
    problems = []
    for entry in entries:
        if entry.name in ARTICLE_FILES:
            continue
        path = os.path.join(folder, entry.name)
        try:
            data = read_file(path)
        except OSError as error:
            problems.append(_not_read(path, error))
            continue
        if len(data) > MAX_SIZE:
            message = f"is longer than {MAX_SIZE:,} bytes, as no file of newspair is"
            problems.append(Problem(path, None, "changed", message))
        elif sha256(data) != entry.digest:
            message = f"SHA256SUMS has the SHA-256 {entry.digest}, found {sha256(data)}"
            problems.append(Problem(path, None, "changed", message))
    return problems
