"""newspair: two English news articles, byte for byte."""

from ._errors import IntegrityError, NewspairError, UnknownArticleError
from ._files import as_file, checksums, ids, read_bytes, read_text

TYPE_CHECKING = False  # type checkers know the name; typing would double the start-up time
if TYPE_CHECKING:
    from ._article import Article, Evidence, Quotation, Section, load, load_all
    from ._sections import ArticleId, Check, Problem, SectionKind
    from ._validation import Report, copy, validate

__version__ = "1.0.0"
__all__ = ["IntegrityError", "NewspairError", "UnknownArticleError"]
__all__ += ["as_file", "checksums", "copy", "ids", "read_bytes", "read_text"]
__all__ += ["Article", "Evidence", "Quotation", "Section", "load", "load_all"]
__all__ += ["ArticleId", "Check", "Problem", "Report", "SectionKind", "validate"]


def __getattr__(name: str) -> object:
    """Import names that are slow to import on their first use."""
    for module in ("_validation", "_sections", "_article") if name in __all__ else ():
        if value := getattr(__import__(f"{__name__}.{module}", fromlist=[name]), name, None):
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
