"""What all tests share: the project's root, the genuine files, a copy of them to damage."""

from pathlib import Path

import pytest
from hypothesis import settings

from newspair import reading

ROOT = Path(__file__).parents[1]
GENUINE = {name: reading.read_verified(name) for name in reading.DIGESTS}

settings.register_profile("shared machines are slow", deadline=None)
settings.load_profile("shared machines are slow")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a genuine copy of the data folder, free to be damaged."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name, data in GENUINE.items():
        (folder / name).write_bytes(data)
    return folder
