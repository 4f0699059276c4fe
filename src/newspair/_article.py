"""The articles with their metadata, and the rules that bind the metadata to the text."""

import re
from datetime import datetime
from typing import Literal, NamedTuple, Self, get_args

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    PositiveInt,
    ValidationError,
    computed_field,
    model_validator,
)

from ._data import DIGESTS, filename_of, full_id, ids, integrity_error, read_packaged, sha256
from ._errors import quote

Kind = Literal[
    "navigation", "headline", "abstract", "byline", "caption", "heading", "body", "credit"
]
KINDS: tuple[str, ...] = get_args(Kind)

_DATE = re.compile(r"(Created|Updated): (\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d) IST")

# How notebooks show an article, in light and dark themes: each kind has a color beside its name.
# The styles are in the elements, because notebooks have their own for tables.
_TABLE = """
<table style="margin: 0; border-collapse: collapse; max-width: 80em">
<caption style="text-align: left">{filename}</caption>
{rows}</table>
"""
_ROW = """
<tr style="background: none">
<td style="text-align: right; vertical-align: top; opacity: 0.6">{number}</td>
<td style="text-align: left; vertical-align: top; border-left: 4px solid {color}">{kind}</td>
<td style="text-align: left; white-space: pre-wrap; overflow-wrap: anywhere">{text}</td>
</tr>
"""


class Quotation(BaseModel, frozen=True):
    """Words of an article, and where they stand.

    Attributes:
        line: The number of the line, counted from 1.
        text: The exact words, a part of that line.
    """

    line: PositiveInt
    text: str = Field(min_length=1)


class Evidence(BaseModel, frozen=True):
    """The words that each of the five stated values was read from; None where the value is None."""

    headline: Quotation | None
    publisher: Quotation | None
    byline: Quotation | None
    date_created: Quotation | None
    date_modified: Quotation | None


class Section(BaseModel, frozen=True):
    """Lines of an article that are of one kind.

    Attributes:
        kind: What the lines are, such as ``"body"``.
        first_line: The number of the first line, counted from 1.
        last_line: The number of the last line; it belongs to the section.
    """

    kind: Kind
    first_line: PositiveInt
    last_line: PositiveInt


class LabeledLine(NamedTuple):
    """A line of an article with its number, counted from 1, and its kind; a blank line has none."""

    number: int
    kind: str | None
    text: str


class Article(BaseModel, frozen=True):
    """An article: its text with the metadata. Frozen and hashable; ``str()`` of it is the text.

    What contradicts the text is refused with a `pydantic.ValidationError` that names the field.

    Attributes:
        id: The id, which is the name of the file without ``.txt``.
        filename: The name of the file.
        size: The size of the file in bytes.
        sha256: The SHA-256 of the file, in lower-case hexadecimal.
        encoding: The encoding of the file, ``"utf-8"``.
        language: A BCP 47 tag, ``"en"``; inferred from the whole text.
        url: Where the text was published. It was found outside the text: see the data card.
        headline: The headline, or None if the text states none.
        publisher: The name of the publisher, or None.
        byline: The name of the author or news desk, or None.
        date_created: When it was created, with its time zone, or None.
        date_modified: When it was updated, with its time zone, or None.
        evidence: The words that these five values were read from.
        sections: What each line is, in order; every line that holds text is in one section.
        text: The whole text, exactly as supplied.
    """

    id: str
    filename: str
    size: int
    sha256: str
    encoding: Literal["utf-8"]
    language: Literal["en"]
    url: str
    headline: str | None
    publisher: str | None
    byline: str | None
    date_created: AwareDatetime | None
    date_modified: AwareDatetime | None
    evidence: Evidence
    sections: tuple[Section, ...]
    text: str = Field(repr=False)

    @computed_field(repr=False)
    @property
    def body(self) -> str:
        """The story alone: its paragraphs, with a blank line between them."""
        return "\n\n".join(self.paragraphs)

    @computed_field(repr=False)
    @property
    def line_count(self) -> int:
        """The number of lines, blank ones included."""
        return len(self.lines)

    @computed_field(repr=False)
    @property
    def word_count(self) -> int:
        """The number of words, which are runs of characters that are not white space."""
        return len(self.text.split())

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines without their endings; index 0 is line 1."""
        return tuple(self.text.splitlines())

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the story: the lines of kind ``body`` that hold text."""
        return tuple(line.text for line in labeled_lines(self) if line.kind == "body")

    def part(self, kind: str) -> str:
        """Return the lines of all sections of a kind, with a blank line between the sections.

        Each line keeps its ending. It is ``""`` if the article has no section of that kind.

        Raises:
            ValueError: There is no such kind.
        """
        if kind not in KINDS:
            raise ValueError(f"no section kind {quote(kind)}; the kinds are {', '.join(KINDS)}")
        lines = self.text.splitlines(keepends=True)
        parts = []
        for section in self.sections:
            if section.kind == kind:
                part = "".join(lines[section.first_line - 1 : section.last_line])
                parts.append(part)
        return "\n".join(parts)

    def span(self, place: Section | Quotation) -> tuple[int, int]:
        """Return where a section or quotation starts and ends, as offsets into ``text``.

        Offsets count characters (code points). The ending of the last line is not included.

        Raises:
            ValueError: The text does not have these lines, or not these words on that line.
        """
        if isinstance(place, Section):
            return self._span_of_lines(place.first_line, place.last_line)
        line_start, line_end = self._span_of_lines(place.line, place.line)
        start = self.text.find(place.text, line_start, line_end)
        if start == -1:
            raise ValueError(f"{quote(place.text)} is not on line {place.line}")
        return start, start + len(place.text)

    def _span_of_lines(self, first: int, last: int) -> tuple[int, int]:
        """Return where lines start and end, without the ending of the last one."""
        lines = self.text.splitlines(keepends=True)
        if not first <= last <= len(lines):
            raise ValueError(f"there are no lines {first} to {last}: the text has {len(lines)}")
        start = len("".join(lines[: first - 1]))
        return start, start + len("".join(lines[first - 1 : last]).removesuffix("\n"))

    @model_validator(mode="after")
    def _text_is_that_of_the_id(self) -> Self:
        """Refuse another text than the supplied one, and what does not describe its file."""
        data = self.text.encode("utf-8", "surrogatepass")  # pydantic lets lone surrogates pass
        if self.id not in DIGESTS:
            raise ValueError(f"id: no article {quote(self.id)}")
        if sha256(data) != DIGESTS[self.id]:
            raise ValueError(f"text: is not the text of {self.id}")
        if self.sha256 != DIGESTS[self.id]:
            raise ValueError(f"sha256: must be {DIGESTS[self.id]}")
        if self.size != len(data):
            raise ValueError(f"size: must be {len(data)} bytes")
        if self.filename != filename_of(self.id):
            raise ValueError(f"filename: must be {filename_of(self.id)}")
        return self

    @model_validator(mode="after")
    def _values_have_evidence(self) -> Self:
        """Refuse a value that its evidence does not say, or that has none."""
        for name, quotation in self.evidence:  # a model gives its fields, with their names
            value = getattr(self, name)
            if quotation is None and value is None:
                continue
            if quotation is None:
                raise ValueError(f"{name}: {quote(str(value))} has no evidence")
            if value is None:
                raise ValueError(f"{name}: is null, but has evidence")
            try:
                self.span(quotation)
            except ValueError as error:
                raise ValueError(f"evidence.{name}: {error}") from error
            if not _says(quotation.text, name, value):
                text = quote(quotation.text)
                raise ValueError(f"{name}: {text} does not say {quote(str(value))}")
        return self

    @model_validator(mode="after")
    def _sections_cover_the_text(self) -> Self:
        """Refuse sections that are out of order, overlap, or leave out a line that holds text."""
        previous = 0
        for number, section in enumerate(self.sections):
            if not previous < section.first_line <= section.last_line <= self.line_count:
                raise ValueError(
                    f"sections.{number}: its lines overlap, are out of order or not there"
                )
            previous = section.last_line
        for line in labeled_lines(self):
            if line.kind is None and line.text.strip():
                raise ValueError(f"sections: line {line.number} is in no section")
        return self

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        """Return the labeled lines as a table, which notebooks show."""
        import html

        rows = ""
        for line in labeled_lines(self):
            color = "transparent"
            if line.kind is not None:
                hue = 360 * KINDS.index(line.kind) // len(KINDS)
                color = f"hsl({hue}, 60%, 50%)"
            text = html.escape(line.text)
            rows += _ROW.format(number=line.number, kind=line.kind or "", color=color, text=text)
        return _TABLE.format(filename=self.filename, rows=rows)


def labeled_lines(article: Article) -> list[LabeledLine]:
    """Return each line of an article with its number and kind."""
    kinds = {}
    for section in article.sections:
        for number in range(section.first_line, section.last_line + 1):
            kinds[number] = section.kind
    labeled = []
    for number, line in enumerate(article.lines, start=1):
        kind = kinds.get(number) if line.strip() else None
        labeled.append(LabeledLine(number, kind, line))
    return labeled


def _says(words: str, name: str, value: str | datetime) -> bool:
    """Tell whether words of an article state a value."""
    if name == "date_created":
        return _date_of(words, "Created") == value
    if name == "date_modified":
        return _date_of(words, "Updated") == value
    if name == "publisher":  # inferred from the first words of the name of a news desk
        return words == value or words.startswith(f"{value} ")
    return words == value


def _date_of(words: str, label: str) -> datetime | None:
    """Read words such as "Created: 01-02-2025 18:32 IST", or return None."""
    found = _DATE.fullmatch(words)
    if found is None or found[1] != label:
        return None
    _, day, month, year, time = found.groups()
    # IST beside the name of an Indian news agency is India Standard Time: see the data card.
    return datetime.fromisoformat(f"{year}-{month}-{day}T{time}+05:30")


def load(article_id: str) -> Article:
    """Return an article with its metadata.

    Args:
        article_id: An id, or its first three digits.

    Raises:
        UnknownArticleError: There is no such article.
        IntegrityError: The packaged ``articles.jsonl`` is missing, or contradicts the text.
    """
    index = ids().index(full_id(article_id))
    return load_all()[index]


def load_all() -> tuple[Article, ...]:
    """Return both articles, in file order.

    Raises:
        IntegrityError: The packaged ``articles.jsonl`` is missing, or contradicts the text.
    """
    filename = "articles.jsonl"
    articles = []
    for line in read_packaged(filename).splitlines():
        try:
            articles.append(Article.model_validate_json(line))
        except ValidationError as error:
            raise integrity_error(filename, f"is changed: {_first_message(error)}") from error
    if tuple(article.id for article in articles) != ids():
        raise integrity_error(filename, "is changed: it does not hold the two articles")
    return tuple(articles)


def _first_message(error: ValidationError) -> str:
    """Return the first message of pydantic, with the field that it is about."""
    first = error.errors()[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]
