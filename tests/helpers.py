"""What the tests share: the genuine files, and ways to run the command and the package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import newspair

ROOT = Path(__file__).parents[1]
PACKAGE = Path(newspair.__file__).parent
FIRST, SECOND = newspair.ids()
NAMES = (f"{FIRST}.txt", f"{SECOND}.txt", "datapackage.json", "articles.jsonl", "croissant.json")
NAMES += ("SHA256SUMS", "README.md", ".gitattributes")
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files or streams")


# The packaged data: in the package, or in its checkout. A missing file is empty: a test names it.
DATA = next(filter(Path.is_dir, (PACKAGE / "data", PACKAGE.parents[1] / "data")))
GENUINE = {name: (DATA / name).read_bytes() if (DATA / name).is_file() else b"" for name in NAMES}


def write_data(folder: Path) -> Path:
    """Write a genuine data folder."""
    folder.mkdir(parents=True)
    for name, data in GENUINE.items():
        (folder / name).write_bytes(data)
    return folder


def vendor(folder: Path) -> Path:
    """Copy the package with its data into a folder; return the data, free to be damaged."""
    package = folder / "newspair"
    package.mkdir(parents=True)
    for source in (*PACKAGE.glob("*.py"), PACKAGE / "py.typed"):
        shutil.copyfile(source, package / source.name)
    return write_data(package / "data")


def python(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run Python where newspair can be imported: from ``path``, if given.

    ``env`` is added to the environment; with ``unprivileged``, root is subject to the
    permissions of its own files, as others are. The other options are those of subprocess.run.
    """
    path, env = options.pop("path", PACKAGE.parent), options.pop("env", {})
    if options.pop("unprivileged", False):
        arguments = ("-c", _UNPRIVILEGED, *arguments)
    if not {"stdout", "stderr", "capture_output"} & set(options):
        options["capture_output"] = True
    environment = os.environ | {"PYTHONPATH": str(path)} | env
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, check=False, timeout=120, **options)


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, with the options of `python`."""
    return python("-m", "newspair", *arguments, **options)


_UNPRIVILEGED = """
import ctypes, os, sys
if os.geteuid() == 0 and sys.platform == "linux":
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def zip_package(folder: Path) -> Path:
    """Pack what `vendor` wrote into a zip file beside it, as a wheel is one."""
    return Path(shutil.make_archive(str(folder), "zip", folder))
