"""Whether a copy of the data folder is genuine, and if not, what happened to it."""

import os
from collections.abc import Iterator

from .causes import explain, failed_check, likeness, nearest
from .checks import faults
from .differences import in_json, in_text
from .errors import IntegrityError, ManifestError, NewspairError, printable
from .manifest import MANIFEST, Model, parse, strict_json
from .reading import ARCHIVE, DIGESTS, FOLDER, fetch, filename_of, ids, read_verified, verify


class Problem(Model, frozen=True, defer_build=False):
    """One thing that is wrong with a file: its printable name, the check, and a sentence.

    ``check`` is presence, kind, access, size, digest, encoding, json, metadata or unexpected.
    """

    file: str
    check: str
    message: str


class Report(Model, frozen=True, defer_build=False):
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
    folder = None if directory is None else os.fsdecode(directory)
    place = FOLDER if folder is None else folder
    try:
        unexpected = [] if folder is None and ARCHIVE else _unexpected(place)
    except (OSError, ValueError) as error:
        name, reason = printable(place), getattr(error, "strerror", None) or error
        if folder is not None and not isinstance(error, PermissionError):
            raise NewspairError(f"{name}: is not a folder: {reason}") from error
        return Report(problems=(_problem(name, "access", f"cannot be read: {reason}"),))
    problems = [problem for name in DIGESTS for problem in _problems(name, folder, unexpected)]
    problems += [
        _problem(printable(name), "unexpected", "does not belong to the data")
        for name in unexpected
    ]
    return Report(problems=tuple(problems))


def _problem(filename: str, check: str, told: str) -> Problem:
    return Problem(file=filename, check=check, message=f"{filename}: {told}")


def _unexpected(folder: str) -> list[str]:
    """Name the entries that are none of the data files."""
    os.stat(os.path.join(folder, "."))  # fails where names may be listed but no file opened
    return sorted(set(os.listdir(folder)) - set(DIGESTS))


def _problems(filename: str, folder: str | None, unexpected: list[str]) -> Iterator[Problem]:
    try:
        data = fetch(filename, folder)
    except IntegrityError as error:
        name = _renamed(filename, folder, unexpected) if error.check == "presence" else None
        if name is None:
            yield Problem(file=filename, check=error.check, message=str(error))
        else:
            unexpected.remove(name)
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


def _renamed(filename: str, folder: str | None, unexpected: list[str]) -> str | None:
    """Return the unexpected file that holds the bytes of a missing file, if there is one."""
    for name in unexpected:
        try:
            verify(filename, fetch(name, folder))
        except IntegrityError:
            continue
        return name
    return None


def _diagnosis(filename: str, data: bytes, error: IntegrityError) -> Iterator[Problem]:
    """Tell a cause that accounts for every byte; else each wrong value, or the first difference.

    A single wrong value is named even where a cause would explain it.
    """
    genuine = _genuine(filename)
    check, told = failed_check(filename, data), explain(filename, data, genuine)
    text, said = data.decode("utf-8", "replace"), ""
    if genuine is not None:
        text, said = nearest(filename, data, genuine.decode())
    values, unreadable = [], None
    if filename.endswith(".json"):
        try:
            values = list(_wrong_values(filename, text, genuine))
        except ManifestError as no_json:
            unreadable = no_json
    if len(values) == 1 or (values and told is None):
        if said:
            yield _problem(filename, check, said)
        yield from (_problem(filename, "metadata", value) for value in values)
    elif told is not None:
        yield _problem(filename, check, told)
    elif unreadable is not None:
        yield Problem(file=filename, check="json", message=str(unreadable))
    elif genuine is None:
        yield Problem(file=filename, check=check, message=str(error))
    else:
        layout = "every value is genuine, the layout is not" if filename.endswith(".json") else ""
        alike = layout or likeness(text, genuine.decode())
        place = in_text(text, genuine.decode())
        yield _problem(filename, check, "; ".join(filter(None, (said, alike, place))))


def _wrong_values(filename: str, text: str, genuine: bytes | None) -> Iterator[str]:
    found = strict_json(filename, text)
    if genuine is not None:
        yield from in_json(found, strict_json(filename, genuine.decode()))
    elif filename == MANIFEST:
        yield from faults(parse(text.encode()), _genuine_texts())


def _genuine(filename: str) -> bytes | None:
    try:
        return read_verified(filename)
    except IntegrityError:
        return None


def _genuine_texts() -> dict[str, str]:
    texts = {article_id: _genuine(filename_of(article_id)) for article_id in ids()}
    return {article_id: text.decode() for article_id, text in texts.items() if text is not None}
