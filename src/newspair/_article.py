"""What an article is: its text, its metadata with evidence, and the rules that bind them."""

import re
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, Field, computed_field, model_validator

from ._errors import quote
from ._files import filename_of, ids, read_record, sha256
from ._sections import ArticleId, SectionKind, line_span, part, split_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Line = Annotated[int, Field(ge=1)]


class _Model(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """What the models share."""


class Quotation(_Model, frozen=True):
    """The exact words of an article, ``text``, and their ``line``, counted from 1."""

    line: _Line
    text: Annotated[str, Field(min_length=1)]


class Evidence(_Model, frozen=True):
    """The words that each descriptive value was read from; None where the value is None."""

    headline: Quotation | None
    publisher: Quotation | None
    byline: Quotation | None
    date_created: Quotation | None
    date_modified: Quotation | None


class Section(_Model, frozen=True):
    """The lines of one ``kind``, counted from 1; ``last_line`` is included."""

    kind: SectionKind
    first_line: _Line
    last_line: _Line


# _check refuses unknown fields; the validator is built now, because threads may race to do so
class Article(_Model, frozen=True, extra="ignore", defer_build=False):
    """One article: its text and its metadata. Frozen and hashable.

    One that contradicts its text is refused with a `ValidationError` that names the field.
    """

    id: ArticleId = Field(description="the id")
    filename: str = Field(description="the name of the file")
    size: int = Field(description="the size of the file, in bytes")
    sha256: str = Field(description="the SHA-256 of the file, in lower-case hexadecimal")
    encoding: Literal["utf-8"] = Field(description="the encoding of the file, utf-8")
    language: str = Field(description="a BCP 47 tag, inferred from the whole text")
    headline: str | None = Field(description="the headline; like the next four, None if not stated")
    publisher: str | None = Field(description="the name of the publisher")
    byline: str | None = Field(description="the name of the author or news desk")
    date_created: AwareDatetime | None = Field(
        description="when it was created, with the time zone"
    )
    date_modified: AwareDatetime | None = Field(
        description="when it was updated, with the time zone"
    )
    evidence: Evidence = Field(description="the words that these five values were read from")
    sections: tuple[Section, ...] = Field(description="in order; each line with text is in one")
    text: str = Field(description="the whole text, exactly as supplied", repr=False)

    @computed_field(repr=False)
    @property
    def body(self) -> str:
        """The story alone: its paragraphs, joined by a blank line."""
        return "\n\n".join(self.paragraphs)

    @computed_field(repr=False)
    @property
    def line_count(self) -> int:
        """The number of lines, blank ones included."""
        return len(self.lines)

    @computed_field(repr=False)
    @property
    def word_count(self) -> int:
        """The number of words, that is, of runs without white space."""
        return len(self.text.split())

    @computed_field(repr=False)
    @property
    def character_count(self) -> int:
        """The number of characters (Unicode code points)."""
        return len(self.text)

    @computed_field(repr=False)
    @property
    def non_ascii_count(self) -> int:
        """The number of characters that are not ASCII."""
        return sum(not character.isascii() for character in self.text)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines without their endings; index 0 is line 1."""
        return tuple(split_lines(self.text))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the story: the lines of its body that are not blank."""
        return tuple(line for line in self.part("body").split("\n") if line)

    def part(self, kind: SectionKind) -> str:
        """Return the lines of all sections of a kind, with a blank line between sections.

        It is ``""`` if the article has none. Raises `ValueError` if there is no such kind.
        """
        return part(self.text, [tuple(dict(each).values()) for each in self.sections], kind)

    def span(self, place: Section | Quotation) -> tuple[int, int]:
        """Return where a section or quotation starts and ends: code point offsets into ``text``.

        The last line ending is excluded. Raises `ValueError` if the place is not in the text.
        """
        if isinstance(place, Section):
            return line_span(self.text, place.first_line, place.last_line)
        start, end = line_span(self.text, place.line, place.line)
        words = re.search(rf"(?<!\w){re.escape(place.text)}(?!\w)", self.text[start:end])
        if words is None:
            raise ValueError(f"{quote(place.text)} is not on line {place.line}")
        return start + words.start(), start + words.end()

    @model_validator(mode="wrap")
    @classmethod
    def _check(cls, data: Any, handler: "Callable[[Any], Self]") -> Self:  # noqa: ANN401
        article = handler(data)
        for error in chain(_metadata_errors(article), _section_errors(article)):
            raise ValueError(error)
        for name in set(data if isinstance(data, dict) else ()) - set(cls.model_fields):
            if name not in cls.model_computed_fields or data[name] != getattr(article, name):
                raise ValueError(f"{quote(str(name))}: is no field, or not that of the text")
        return article


for _model in (Quotation, Evidence, Section, Article):
    _model.__module__ = "newspair"
_rows = (f"        {name}: {each.description}\n" for name, each in Article.model_fields.items())
Article.__doc__ = f"{Article.__doc__ or ''}\n    Attributes:\n{''.join(_rows)}    "


def _metadata_errors(article: Article) -> "Iterator[str]":
    """Yield the values that contradict the text: the field, and why."""
    data = article.text.encode()
    expected = {"filename": f"{article.id}.txt", "size": len(data), "sha256": sha256(data)}
    for name, value in expected.items():
        if getattr(article, name) != value:
            yield f"{name}: that of the text is {value}"
    for name, quotation in article.evidence:
        value = getattr(article, name)
        if (value is None) != (quotation is None):
            yield f"{name}: value and evidence are not given together"
        elif quotation:
            try:
                article.span(quotation)
            except ValueError as error:
                yield f"evidence.{name}: {error}"
            if not _states(quotation.text, name, value):
                yield f"{name}: {quote(str(value))} is not what {quote(quotation.text)} says"


def _section_errors(article: Article) -> "Iterator[str]":
    """Yield the sections that do not fit the text, and text without a section."""
    left = {number for number, line in enumerate(article.lines, 1) if line.strip()}
    for index, section in enumerate(article.sections):
        first, last = section.first_line, section.last_line
        if not {first, last} <= left or not min(left) == first <= last:
            lines = f"lines {first} to {last}"
            yield f"sections.{index}: {lines} overlap others, leave out text, or end without text"
        left -= set(range(last + 1))
    if left:
        yield f"sections: line {min(left)} is in no section"


def _states(words: str, name: str, value: str | datetime) -> bool:
    """Return whether words state a value. IST beside Indian news agencies is UTC+05:30."""
    if isinstance(value, datetime):
        label = "Created" if name == "date_created" else "Updated"
        stated = value.strftime(f"{label}: %d-%m-%Y %H:%M IST %S.%f%z")
        return stated == f"{words} 00.000000+0530"
    return words == value or (name == "publisher" and words.startswith(f"{value} "))


_loaded: dict[str, Article] = {}


def load(article_id: ArticleId) -> Article:
    """Return an article with its metadata, the same object each time.

    Raises `UnknownArticleError`, or `IntegrityError` if ``articles.jsonl`` is not genuine.
    """
    filename = filename_of(article_id)
    if filename not in _loaded:
        _loaded.setdefault(filename, Article.model_validate_json(read_record(article_id)))
    return _loaded[filename]


def load_all() -> tuple[Article, ...]:
    """Return both articles, in file order; raises what `load` raises."""
    return tuple(load(article_id) for article_id in ids())
