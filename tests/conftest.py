"""Fixtures for all tests."""

import shutil

import pytest
from helpers import DATA, PACKAGE
from hypothesis import settings

from newspair._folder import FILES

# Shared machines are slow, and tests write nothing into the checkout.
settings.register_profile("newspair", deadline=None, database=None)
settings.load_profile("newspair")


@pytest.fixture
def copy(tmp_path):
    """Give a copy of the data folder, free to be damaged."""
    return copy_files(tmp_path / "copy")


@pytest.fixture
def vendored(tmp_path):
    """Give a folder that holds a copy of the package with its data, free to be damaged."""
    folder = tmp_path / "vendored"
    ignored = shutil.ignore_patterns("__pycache__", "data")
    shutil.copytree(PACKAGE, folder / "newspair", ignore=ignored)
    copy_files(folder / "newspair" / "data")
    return folder


@pytest.fixture
def zipped(vendored):
    """Give a zip file that holds the package with its data, as a wheel does."""
    return shutil.make_archive(str(vendored), "zip", vendored)


def copy_files(folder):
    folder.mkdir()
    for name in FILES:
        shutil.copyfile(DATA / name, folder / name)
    return folder
