"""newspair: two English news articles, byte for byte.

Every public name is here. Names that are slow to import are imported on first use.
"""

from __future__ import annotations

from ._errors import IntegrityError, NewspairError, UnknownArticleError
from ._files import as_file, checksums, ids, read_bytes, read_text

TYPE_CHECKING = (
    False  # type checkers know the name; importing typing would double the start-up time
)
if TYPE_CHECKING:
    from ._article import Article, Evidence, Quotation, Section, load, load_all
    from ._sections import ArticleId, Check, SectionKind
    from ._validation import Problem, Report, copy, validate

__version__ = "1.0.0"

__all__ = [
    "Article",
    "ArticleId",
    "Check",
    "Evidence",
    "IntegrityError",
    "NewspairError",
    "Problem",
    "Quotation",
    "Report",
    "Section",
    "SectionKind",
    "UnknownArticleError",
    "as_file",
    "checksums",
    "copy",
    "ids",
    "load",
    "load_all",
    "read_bytes",
    "read_text",
    "validate",
]

_LAZY = {
    "_article": ("Article", "Evidence", "Quotation", "Section", "load", "load_all"),
    "_sections": ("ArticleId", "Check", "SectionKind"),
    "_validation": ("Problem", "Report", "copy", "validate"),
}


def __getattr__(name: str) -> object:
    for module, names in _LAZY.items():
        if name in names:
            from importlib import import_module

            value: object = getattr(import_module(f".{module}", __name__), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
