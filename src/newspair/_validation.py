"""Copies of the data folder: whether one is genuine, and how to make one."""

import os
from collections import namedtuple

from ._errors import NewspairError, printable
from ._files import DIGESTS, FOLDER, read_file, read_verified, sha256

TYPE_CHECKING = False  # as in __init__.py
if TYPE_CHECKING:
    from pathlib import Path

    from ._sections import Content, Problem

_LITTER = (".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX")  # left by operating systems


class Report(namedtuple("Report", ("problems",))):  # noqa: PYI024 - typing is slow to import
    """The ``problems`` that `validate` found, in the order of the files; true if there are none."""

    __module__ = "newspair"
    __slots__ = ()
    problems: "tuple[Problem, ...]"  # pyright: ignore[reportIncompatibleVariableOverride] - its type

    @property
    def ok(self) -> bool:
        """Whether everything is genuine."""
        return not self.problems

    def __bool__(self) -> bool:
        return self.ok


def validate(path: str | os.PathLike[str] | None = None) -> Report:
    """Check the packaged data, a copy of the data folder, or a single file.

    A folder is genuine if it holds the eight files, unchanged, and nothing else but what
    operating systems leave behind. A file is judged by its name if it is one of the eight, else
    by its content. Raises `NewspairError` if there is no such path.
    """
    place = FOLDER if path is None else os.fsdecode(path)
    if path is not None and not os.path.isdir(place):
        from ._diagnosis import diagnose_file

        return Report(tuple(diagnose_file(place)))
    found: dict[str, Content] = {name: read_file(os.path.join(place, name)) for name in DIGESTS}
    try:
        # With the dot, a folder whose files cannot be opened cannot be listed either.
        names = os.listdir(os.path.join(place, ".")) if os.path.isdir(place) else []
    except OSError as error:
        names = []
        found = {place: ("access", f"cannot be read: {error.strerror}")}
    wrong = {name: data for name, data in found.items() if sha256(data) != DIGESTS.get(name)}
    unexpected = sorted(name for name in {*names} - {*DIGESTS, *_LITTER} if name[:2] != "._")
    if not wrong and not unexpected:
        return Report(())
    from ._diagnosis import diagnose_folder

    return Report(tuple(diagnose_folder(place, wrong, unexpected)))


def copy(directory: str | os.PathLike[str]) -> "Path":
    """Write the verified data folder to a new or empty directory, and return its path.

    A new directory appears whole or not at all. Nothing is overwritten: a genuine copy stays as
    it is. Raises `NewspairError` if anything else is there or it cannot be written, and
    `IntegrityError` if a packaged file is not genuine.
    """
    from contextlib import ExitStack
    from pathlib import Path
    from tempfile import TemporaryDirectory

    path = os.fsdecode(directory)
    try:
        target = Path(os.path.realpath(path))
        taken = os.listdir(target) if os.path.isdir(target) else os.path.lexists(path)
        if path and taken and os.path.isdir(target) and validate(target):
            return Path(path)
        if not path or taken:
            raise NewspairError(f"{printable(path)}: is not a new or empty folder")
        base = next(filter(os.path.isdir, (target, *target.parents)), target)
        with TemporaryDirectory(prefix=".newspair-", dir=base) as temporary, ExitStack() as cleanup:
            # A new folder is moved as a whole, an empty one is filled file by file.
            staged = Path(temporary, target.relative_to(base))
            staged.mkdir(parents=True, exist_ok=True)
            for name in DIGESTS:
                (staged / name).write_bytes(read_verified(name))
            for name in os.listdir(temporary):
                os.rename(Path(temporary, name), base / name)
                cleanup.callback(os.unlink, base / name)
            cleanup.pop_all()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a valid path"
        raise NewspairError(f"{printable(path)}: cannot be written: {reason}") from error
    return Path(path) if os.path.isdir(path) else target
