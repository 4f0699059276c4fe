"""newspair: two English news articles, byte for byte.

    >>> import newspair
    >>> newspair.ids()
    ('000_11fb25597ae0a89a', '003_ced7b9f589f8a978')
    >>> text = newspair.read_text("003")  # the first three digits of an id are enough
    >>> article = newspair.load("003")  # the text with its metadata; this needs pydantic
    >>> article.headline
    'Zelenskyy Condemns Russian Attacks, Calls for Stronger Global Support'
    >>> print(newspair.validate())  # or validate("path/to/a/copy"): what was changed in it
    unchanged

Every text is checked against its SHA-256. The texts are not under the license of newspair: nobody
granted a license for them.
"""

from ._data import checksums, ids, read_bytes, read_text
from ._errors import IntegrityError, NewspairError, UnknownArticleError

__version__ = "1.0.0"
__all__ = [
    "Article",
    "Evidence",
    "IntegrityError",
    "NewspairError",
    "Problem",
    "Quotation",
    "Report",
    "Section",
    "UnknownArticleError",
    "checksums",
    "copy_data",
    "ids",
    "load",
    "load_all",
    "path",
    "read_bytes",
    "read_text",
    "validate",
]

# The modules of the other names take longer to import, so that waits until a name is used.
# __init__.pyi has all names for type checkers and editors.


def __getattr__(name: str) -> object:
    """Import the module of a name when the name is used."""
    if name in ("Article", "Evidence", "Quotation", "Section", "load", "load_all"):
        from . import _article as module
    elif name in ("copy_data", "path"):
        from . import _folder as module
    elif name in ("Problem", "Report"):
        from . import _report as module
    elif name == "validate":
        from . import _check as module
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(module, name)


def __dir__() -> list[str]:
    """List the public names, also those that are not yet imported."""
    return [*__all__, "__version__"]
