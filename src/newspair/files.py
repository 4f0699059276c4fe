"""A real file on disk for an article, wherever the package lies."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from . import reading
from .identifiers import ArticleId


@contextmanager
def as_file(article_id: ArticleId) -> Iterator[Path]:
    """Give the path of a real file with the verified bytes of an article: for reading only.

    It is the packaged file, or, when the package is imported from a zip, a copy of the same
    name that goes when the block ends. Raises what `read_bytes` raises.
    """
    data, filename = reading.read_bytes(article_id), reading.filename_of(article_id)
    if reading.ARCHIVE is None:
        yield Path(reading.FOLDER, filename)
        return
    with TemporaryDirectory(prefix="newspair-") as folder:
        copy = Path(folder, filename)
        copy.write_bytes(data)
        yield copy
