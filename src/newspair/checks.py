"""What the metadata must satisfy, proven against the texts and the pins."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone

from .errors import shown
from .manifest import Evidence, Manifest, NewsArticle, Quotation, Section
from .reading import DIGESTS, SIZES, filename_of, ids


def _stated(form: str) -> Callable[[datetime, str], bool]:
    """Read a timestamp again; IST beside India's agencies is India's time, UTC+05:30."""
    return lambda value, words: (
        value == datetime.strptime(words, form).replace(tzinfo=timezone(timedelta(hours=5.5)))
    )


# Whether a value is what the cited words say; ValueError where they say nothing of the kind.
AGREES: dict[str, Callable[..., bool]] = {
    "headline": operator.eq,
    "byline": operator.eq,
    "publisher": lambda value, words: f"{words} ".startswith(f"{value} "),
    "date_published": _stated("Created: %d-%m-%Y %H:%M IST"),
    "date_modified": _stated("Updated: %d-%m-%Y %H:%M IST"),
}


def faults(manifest: Manifest, texts: Mapping[str, str]) -> Iterator[str]:
    """Say of each value that the pins or the genuine texts contradict: where it is, and why.

    The evidence and labels of a text that is not at hand are left unchecked.
    """
    for index, (resource, article_id) in enumerate(zip(manifest.resources, ids(), strict=True)):
        at, path = f"resources[{index}]", filename_of(article_id)
        digest = f"sha256:{DIGESTS[path]}"
        pinned = {"name": article_id, "path": path, "bytes": SIZES[path], "hash": digest}
        for name, value in pinned.items():
            if (found := getattr(resource, name)) != value:
                yield f"{at}.{name}: expected {value}, found {shown(found, 80)}"
        if article_id in texts:
            lines = texts[article_id].split("\n")
            for fault in (*unproven(resource, lines), *untiled(resource.sections, lines)):
                yield f"{at}.{fault}"


def unproven(article: NewsArticle, lines: Sequence[str]) -> Iterator[str]:
    """Say of each value that its evidence does not support: where it is, and why."""
    for name, field in Evidence.model_fields.items():
        term = field.alias or name
        value: object = getattr(article, name)
        quotation: Quotation | None = getattr(article.evidence, name)
        if quotation is None or value is None:
            if quotation is not value:
                yield f"{term}: value and evidence are not both given, or both null"
        elif not 0 < quotation.line <= len(lines):
            yield f"evidence.{term}.line: there is no line {quotation.line}"
        elif not _holds_words(lines[quotation.line - 1], quotation.text):
            words = shown(quotation.text)
            yield f"evidence.{term}.text: {words} is not on line {quotation.line}"
        elif not _agrees(name, value, quotation.text):
            yield f"{term}: {shown(str(value))} is not what {shown(quotation.text)} says"


def _holds_words(line: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", line) is not None


def _agrees(name: str, value: object, words: str) -> bool:
    try:
        return AGREES[name](value, words)
    except ValueError:
        return False


def untiled(sections: Sequence[Section], lines: Sequence[str]) -> Iterator[str]:
    """Say why sections do not tile a text.

    They tile it if they are in order, do not overlap, begin and end on lines that hold text,
    and leave out no such line.
    """
    holds_text = [bool(line.strip()) for line in lines]
    last = 0
    for index, section in enumerate(sections):
        first, before, last = section.first_line, last, section.last_line
        if not before < first <= last <= len(lines):
            yield f"sections[{index}]: lines {first} to {last} do not follow line {before}"
            return
        if not holds_text[first - 1] or not holds_text[last - 1]:
            yield f"sections[{index}]: begins or ends on a blank line"
        if any(holds_text[before : first - 1]):
            yield f"sections[{index}]: a line before it holds text and is in no section"
    if any(holds_text[last:]):
        yield "sections: a line after the last one holds text"
