"""Whether a copy of the data folder is genuine, and if not, what happened to it."""

import os
from collections.abc import Iterator
from heapq import nsmallest

from .causes import explain, failed_check, likeness, replaced
from .checks import faults
from .differences import in_json, in_text
from .errors import IntegrityError, ManifestError, NewspairError, printable
from .manifest import MANIFEST, Model, parse, strict_json
from .reading import ARCHIVE, DIGESTS, FOLDER, fetch, filename_of, ids, read_verified, verify

MOST_STRANGERS = 100  # so many files that do not belong are named, the rest is summed up


class Problem(Model, frozen=True):
    """One thing that is wrong with a file: its printable name, the check, and a sentence.

    ``check`` is presence, kind, access, size, digest, encoding, json, metadata or stranger.
    """

    file: str
    check: str
    message: str


class Report(Model, frozen=True):
    """What `validate` found: the problems, in the order of the files."""

    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether the folder is genuine: every file of it to the byte, and no other."""
        return not self.problems


def validate(directory: str | os.PathLike[str] | None = None) -> Report:
    """Say whether a copy of the data folder is genuine, and if not, what happened to it.

    Without a directory it looks at the packaged data. Raises `NewspairError` if the directory
    is no folder.
    """
    folder = _folder(directory)
    try:
        strangers = _strangers(folder)
    except OSError as error:
        problem = _problem(printable(str(folder)), "access", f"cannot be read: {error.strerror}")
        return Report(problems=(problem,))
    problems = [problem for name in DIGESTS for problem in _problems(name, folder, strangers)]
    named = [printable(name) for name in strangers[:MOST_STRANGERS]]
    named += ["more files"] * (len(strangers) > MOST_STRANGERS)
    problems += [_problem(name, "stranger", "does not belong to the data") for name in named]
    return Report(problems=tuple(problems))


def _problem(filename: str, check: str, told: str) -> Problem:
    return Problem(file=filename, check=check, message=f"{filename}: {told}")


def _folder(directory: str | os.PathLike[str] | None) -> str | None:
    """Return the folder to look into; None for the data packaged in a zip."""
    if directory is None:
        return None if ARCHIVE else FOLDER
    path = os.fsdecode(directory)
    try:
        os.stat(os.path.join(path, ""))  # a name that ends in a slash is a folder's or nothing
    except PermissionError:
        pass  # it may be one; the report will say that it cannot be read
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NewspairError(f"{printable(path)}: is not a folder: {reason}") from error
    return path


def _strangers(folder: str | None) -> list[str]:
    """Name the entries that are none of the data files, the first ones in sorted order."""
    if folder is None:
        return []
    os.stat(os.path.join(folder, "."))  # fails where names may be listed but no file opened
    with os.scandir(folder) as entries:
        names = (entry.name for entry in entries if entry.name not in DIGESTS)
        return nsmallest(MOST_STRANGERS + 1, names)


def _problems(filename: str, folder: str | None, strangers: list[str]) -> Iterator[Problem]:
    try:
        data = fetch(filename, folder)
    except IntegrityError as error:
        name = _renamed(filename, folder, strangers) if error.check == "presence" else None
        if name is None:
            yield Problem(file=filename, check=error.check, message=str(error))
        else:
            strangers.remove(name)
            told = f"is missing; {printable(name)} is this file under another name"
            yield _problem(filename, "presence", told)
        return
    try:
        verify(filename, data)
    except IntegrityError as error:
        yield from _diagnosis(filename, data, error)
    else:
        if filename == MANIFEST:
            for fault in faults(parse(data), _genuine_texts()):
                yield _problem(filename, "metadata", fault)


def _renamed(filename: str, folder: str | None, strangers: list[str]) -> str | None:
    """Return the stranger that holds the bytes of a missing file, if there is one."""
    for name in strangers:
        try:
            verify(filename, fetch(name, folder))
        except IntegrityError:
            continue
        return name
    return None


def _diagnosis(filename: str, data: bytes, error: IntegrityError) -> Iterator[Problem]:
    """Tell each wrong value of JSON, else a cause that explains all, else where it differs."""
    genuine, told, unreadable = _genuine(filename), replaced(data), None
    if told is None and filename.endswith(".json"):
        try:
            values = list(_wrong_values(filename, data, genuine))
        except ManifestError as no_json:
            unreadable = no_json
        else:
            yield from (_problem(filename, "metadata", value) for value in values)
            if values:
                return
    check, told = failed_check(filename, data), told or explain(filename, data, genuine)
    if told is None and unreadable is not None:
        check, told = "json", f"{unreadable.where}: {unreadable.reason}"
    if told is None and genuine is not None:
        alike = likeness(filename, data, genuine)
        told = "; ".join(filter(None, (alike, in_text(data, genuine))))
    message = str(error) if told is None else f"{filename}: {told}"
    yield Problem(file=filename, check=check, message=message)


def _wrong_values(filename: str, data: bytes, genuine: bytes | None) -> Iterator[str]:
    found = strict_json(filename, data)
    if genuine is not None:
        yield from in_json(found, strict_json(filename, genuine))
    elif filename == MANIFEST:
        yield from faults(parse(data), _genuine_texts())


def _genuine(filename: str) -> bytes | None:
    try:
        return read_verified(filename)
    except IntegrityError:
        return None


def _genuine_texts() -> dict[str, str]:
    texts = {article_id: _genuine(filename_of(article_id)) for article_id in ids()}
    return {article_id: text.decode() for article_id, text in texts.items() if text is not None}
