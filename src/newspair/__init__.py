"""Two news articles, byte for byte.

Everything public is here. What needs pydantic is imported when it is first asked for.
"""

from __future__ import annotations

from .errors import IntegrityError, ManifestError, NewspairError, UnknownArticleError
from .reading import checksums, ids, read_bytes, read_text

TYPE_CHECKING = False  # type checkers take it for typing.TYPE_CHECKING, whose import is slow
if TYPE_CHECKING:
    from .article import Article, load, load_all
    from .files import as_file
    from .identifiers import ArticleId
    from .manifest import Evidence, Quotation, Section
    from .validation import Problem, Report, validate

__version__ = "1.0.0"

__all__ = [
    "Article",
    "ArticleId",
    "Evidence",
    "IntegrityError",
    "ManifestError",
    "NewspairError",
    "Problem",
    "Quotation",
    "Report",
    "Section",
    "UnknownArticleError",
    "as_file",
    "checksums",
    "ids",
    "load",
    "load_all",
    "read_bytes",
    "read_text",
    "validate",
]

_LAZY = {
    "article": ("Article", "load", "load_all"),
    "files": ("as_file",),
    "identifiers": ("ArticleId",),
    "manifest": ("Evidence", "Quotation", "Section"),
    "validation": ("Problem", "Report", "validate"),
}


def __getattr__(name: str) -> object:
    for module, names in _LAZY.items():
        if name in names:
            from importlib import import_module

            found = vars(import_module(f"{__name__}.{module}"))
            globals().update((each, found[each]) for each in names)
            return found[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
