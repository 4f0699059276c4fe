"""What was changed in a copy of the data, or in the packaged data: file, line and code."""

import os
from typing import NamedTuple

from ._data import DIGESTS, FOLDER, MAX_SIZE, ids, read_file, sha256
from ._errors import NewspairError, printable, quote
from ._report import Problem, Report

ARTICLE_IDS = {f"{article_id}.txt": article_id for article_id in ids()}
MAX_PROBLEMS = 10  # that are reported of SHA256SUMS and what it lists


def validate(path: str | os.PathLike[str] | None = None) -> Report:
    """Check the packaged data (None), a copy of the data folder, or a single file.

    Both articles must be in a folder, with the SHA-256 that are in the code. If it has a
    ``SHA256SUMS``, what that lists must be there and agree with it. Other files do not matter.

    A file is checked against the article that its name or else its content tells.

    Raises:
        NewspairError: There is no such path.
    """
    if path is None:
        return Report(tuple(_check_folder(FOLDER, "")))
    place = os.fspath(path)
    if os.path.isdir(place):
        return Report(tuple(_check_folder(place, place)))
    if os.path.lexists(place):
        return Report(tuple(_check_file(place)))
    raise NewspairError(f"{printable(place)}: no such file or folder")


def _check_folder(folder: str, prefix: str) -> list[Problem]:
    """Return the problems of a folder; ``prefix`` is what their files are joined to."""
    problems = []
    for name, article_id in ARTICLE_IDS.items():
        file = os.path.join(prefix, name)
        problems += _check_article(os.path.join(folder, name), file, article_id)
    if [problem.code for problem in problems] == ["missing", "missing"]:
        return [Problem(folder, None, "missing", f"holds neither {' nor '.join(ARTICLE_IDS)}")]
    return problems + _check_sums(folder, prefix)


def _check_article(path: str, file: str, article_id: str) -> list[Problem]:
    """Return the problems of a file that should be an article; ``file`` is for the problems."""
    try:
        data = read_file(path)
    except OSError as error:
        return [_not_read(file, error)]
    if sha256(data) == DIGESTS[article_id]:
        return []
    return _diagnosed(file, data, article_id)


def _check_file(path: str) -> list[Problem]:
    """Return the problems of a single file."""
    name = os.path.basename(path)
    if name in ARTICLE_IDS:
        return _check_article(path, path, ARTICLE_IDS[name])
    try:
        data = read_file(path)
    except OSError as error:
        return [_not_read(path, error)]
    if sha256(data) in DIGESTS.values():
        return []
    from ._diagnosis import identify

    article_id = identify(data)
    if article_id is None:
        return [Problem(path, None, "unknown", "is neither article: it shares no line with them")]
    return _diagnosed(path, data, article_id)


def _not_read(file: str, error: OSError) -> Problem:
    """Return the problem of a file that could not be read."""
    if isinstance(error, FileNotFoundError):
        return Problem(file, None, "missing", "there is no such file")
    return Problem(file, None, "unreadable", f"cannot be opened: {error.strerror}")


def _diagnosed(file: str, data: bytes, article_id: str) -> list[Problem]:
    """Return what happened to a changed article, as problems of its file."""
    from ._diagnosis import diagnose

    return [Problem(file, *finding) for finding in diagnose(data, article_id)]


class _Entry(NamedTuple):
    """A line of SHA256SUMS, with its number."""

    line: int
    digest: str
    name: str


def _check_sums(folder: str, prefix: str) -> list[Problem]:
    """Return the problems of SHA256SUMS, if there is one, and of what else it lists."""
    file = os.path.join(prefix, "SHA256SUMS")
    try:
        data = read_file(os.path.join(folder, "SHA256SUMS"))
    except FileNotFoundError:
        return []
    except OSError as error:
        return [_not_read(file, error)]
    if len(data) > MAX_SIZE:
        return [Problem(file, None, "malformed", f"is longer than {MAX_SIZE:,} bytes")]
    entries, problems = [], []
    text = data.decode("utf-8", "surrogateescape").removesuffix("\n")
    for number, line in enumerate(text.split("\n"), start=1):
        digest, separator, name = line[:64], line[64:66], line[66:]
        if _is_digest(digest) and separator in ("  ", " *") and _is_plain_name(name):
            entries.append(_Entry(number, digest.lower(), name))
        else:
            message = f"expected a SHA-256, two spaces and a file name, found {quote(line)}"
            problems.append(Problem(file, number, "malformed", message))
    if not problems:
        problems += _check_listed_articles(file, entries)
    problems += _check_listed_files(folder, prefix, entries)
    return problems[:MAX_PROBLEMS]


def _is_digest(text: str) -> bool:
    """Tell whether a text is a SHA-256 in hexadecimal."""
    return len(text) == len(sha256(b"")) and set(text.lower()) <= set("0123456789abcdef")


def _is_plain_name(text: str) -> bool:
    """Tell whether a text is the name of a file in the same folder, on every system."""
    return text != "" and text.isprintable() and set(text).isdisjoint("/\\:")


def _check_listed_articles(file: str, entries: list[_Entry]) -> list[Problem]:
    """Return the problems of SHA256SUMS, a file that must list both articles."""
    problems = []
    for name, article_id in ARTICLE_IDS.items():
        expected = DIGESTS[article_id]
        listed = [entry for entry in entries if entry.name == name]
        if not listed:
            problems.append(Problem(file, None, "malformed", f"does not list {name}"))
        for entry in listed:
            if entry.digest != expected:
                message = f"{name}: expected {expected}, found {entry.digest}"
                problems.append(Problem(file, entry.line, "malformed", message))
    return problems


def _check_listed_files(folder: str, prefix: str, entries: list[_Entry]) -> list[Problem]:
    """Return the problems of the files that SHA256SUMS lists besides the articles."""
    problems = []
    for entry in entries:
        if entry.name in ARTICLE_IDS:
            continue
        file = os.path.join(prefix, entry.name)
        try:
            found = sha256(read_file(os.path.join(folder, entry.name)))
        except OSError as error:
            problems.append(_not_read(file, error))
            continue
        if found != entry.digest:
            message = f"SHA256SUMS has the SHA-256 {entry.digest}, found {found}"
            problems.append(Problem(file, None, "changed", message))
    return problems
