"""What an article is: its text, its metadata with evidence, and the rules that bind them."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal, Self, get_args

from pydantic import AwareDatetime, BaseModel, Field, PositiveInt, computed_field, model_validator

from ._errors import printable, quote
from ._files import DIGESTS, ids, read_record, sha256
from ._sections import ArticleId, SectionKind, part


class Quotation(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """The exact words of an article, ``text``, and their ``line``, counted from 1."""

    line: PositiveInt
    text: str = Field(min_length=1)


class Evidence(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """The words that each descriptive value was read from; None where the value is None."""

    headline: Quotation | None
    publisher: Quotation | None
    byline: Quotation | None
    date_created: Quotation | None
    date_modified: Quotation | None


class Section(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """The lines of one ``kind``, counted from 1; ``last_line`` is included."""

    kind: SectionKind
    first_line: PositiveInt
    last_line: PositiveInt


class Article(BaseModel, frozen=True):  # built now, because threads may race to do so
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
    date_created: AwareDatetime | None = Field(description="when it was created, with time zone")
    date_modified: AwareDatetime | None = Field(description="when it was updated, with time zone")
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
        return tuple(self.text.removesuffix("\n").split("\n"))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the story: the lines of its body that are not blank."""
        return tuple(line for line in self.part("body").split("\n") if line.strip())

    def part(self, kind: SectionKind) -> str:
        """Return the lines of all sections of a kind, with a blank line between sections.

        Each line keeps its ending. The result is ``""`` if the article has no such section. Raises
        `ValueError` if there is no such kind.
        """
        if kind not in (kinds := get_args(SectionKind)):
            raise ValueError(f"no section kind {quote(str(kind))}; kinds are {', '.join(kinds)}")
        return part({"text": self.text, "sections": [*map(dict, self.sections)]}, kind)

    def span(self, place: Section | Quotation) -> tuple[int, int]:
        """Return where a section or quotation starts and ends: code point offsets into ``text``.

        The last line ending is excluded. Raises `ValueError` if the place is not in the text.
        """
        first = place.first_line if isinstance(place, Section) else place.line
        last = place.last_line if isinstance(place, Section) else place.line
        if not first <= last <= self.line_count:
            raise ValueError(f"no lines {first} to {last} in a text of {self.line_count} lines")
        start = sum(len(line) + 1 for line in self.lines[: first - 1])
        end = start + len("\n".join(self.lines[first - 1 : last]))
        if isinstance(place, Section):
            return start, end
        words = re.compile(rf"(?<!\w){re.escape(place.text)}(?!\w)").search(self.text, start, end)
        if words is None:
            raise ValueError(f"{quote(place.text)} is not on line {place.line}")
        return words.span()

    @model_validator(mode="wrap")
    @classmethod
    def _check(cls, data: object, handler: Callable[[object], Self]) -> Self:
        """Refuse what contradicts the text; `data` may hold computed fields, and unknown ones."""
        article = handler(data)
        left = [number for number, line in enumerate(article.lines, 1) if line.strip()]
        for index, section in enumerate(article.sections):
            if left[:1] != [section.first_line] or section.last_line not in left:
                raise ValueError(f"sections.{index}: overlaps, skips text or ends without text")
            left = [number for number in left if number > section.last_line]
        if left:
            raise ValueError(f"sections: line {left[0]} is in no section")
        fields, encoded = dict(article), article.text.encode()
        for name, quotation in article.evidence:
            value = fields[name]
            try:
                words = quotation and article.text[slice(*article.span(quotation))]
            except ValueError as error:
                raise ValueError(f"evidence.{name}: {error}") from error
            if not _states(words, name, value):
                raise ValueError(f"{name}: {quote(str(words))} does not say {quote(str(value))}")
        right = fields | {name: getattr(article, name) for name in cls.model_computed_fields}
        digest = sha256(encoded)
        owner = next((each for each in ids() if DIGESTS[f"{each}.txt"] == digest), article.id)
        right |= {"id": owner, "filename": f"{owner}.txt", "size": len(encoded), "sha256": digest}
        given = data | fields if isinstance(data, dict) else fields
        for name, value in given.items():
            if name not in right:
                raise ValueError(f"{printable(str(name))}: is no field of an article")
            if value != right[name]:
                raise ValueError(f"{name}: that of the text is {quote(str(right[name]))}")
        return article


def _states(words: str | None, name: str, value: str | datetime | None) -> bool:
    if isinstance(value, datetime):  # IST beside Indian news agencies is UTC+05:30
        label = "Created" if name == "date_created" else "Updated"
        return value.strftime(f"{label}: %d-%m-%Y %H:%M IST %S%f%z") == f"{words} 00000000+0530"
    if words is None or value is None:
        return words is value
    return words == value or (name == "publisher" and words.startswith(f"{value} "))


for _model in (Quotation, Evidence, Section, Article):
    _model.__module__ = "newspair"
_rows = (f"        {name}: {each.description}\n" for name, each in Article.model_fields.items())
Article.__doc__ = f"{Article.__doc__ or ''}\n    Attributes:\n{''.join(_rows)}    "


def load(article_id: ArticleId) -> Article:
    """Return an article with its metadata.

    Raises `UnknownArticleError`, or `IntegrityError` if ``articles.jsonl`` is not genuine.
    """
    return Article.model_validate(read_record(article_id))


def load_all() -> tuple[Article, ...]:
    """Return both articles, in file order; raises what `load` raises."""
    return tuple(load(article_id) for article_id in ids())
