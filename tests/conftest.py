"""Fixtures for all tests."""

from pathlib import Path

import pytest
from helpers import write_data
from hypothesis import settings

# Shared machines are slow, and tests write nothing into the checkout.
settings.register_profile("newspair", deadline=None, database=None)
settings.load_profile("newspair")


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """Give a genuine copy of the data folder, free to be damaged."""
    return write_data(tmp_path / "data")
