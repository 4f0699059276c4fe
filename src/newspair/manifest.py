"""``datapackage.json`` as models: the one place where metadata is written by hand.

A Data Package v2 whose resources carry the terms of schema.org's NewsArticle.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, NoReturn

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from .errors import IntegrityError, ManifestError, shown
from .reading import fetch, read_verified

MANIFEST = "datapackage.json"


SectionKind = Literal[
    "navigation", "headline", "abstract", "byline", "caption", "heading", "body", "credit"
]


class Model(BaseModel, frozen=True):
    """What all models share: frozen, hashable, strict, and without unknown fields."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        populate_by_name=True,
        defer_build=True,  # a model pays for its validator when used; not if threads may race to
    )


class Quotation(Model, frozen=True):
    """Words of the text, and the line (counted from 1) that they stand on."""

    line: int
    text: str


class Evidence(Model, frozen=True):
    """For each descriptive value that is not null: where the text states it."""

    headline: Quotation | None
    publisher: Quotation | None
    byline: Annotated[Quotation | None, Field(alias="author")]
    date_published: Annotated[Quotation | None, Field(alias="datePublished")]
    date_modified: Annotated[Quotation | None, Field(alias="dateModified")]


class Section(Model, frozen=True):
    """The lines of one part of an article: counted from 1, both ends included."""

    kind: SectionKind
    first_line: Annotated[int, Field(alias="firstLine")]
    last_line: Annotated[int, Field(alias="lastLine")]


class NewsArticle(Model, frozen=True):
    """What is known of a text; null is what the text does not state. Terms of schema.org."""

    language: Annotated[str, Field(alias="inLanguage")]
    headline: str | None
    publisher: str | None
    byline: Annotated[str | None, Field(alias="author")]
    date_published: Annotated[AwareDatetime | None, Field(alias="datePublished")]
    date_modified: Annotated[AwareDatetime | None, Field(alias="dateModified")]
    evidence: Evidence
    sections: tuple[Section, ...]


class License(Model, frozen=True):
    """A licence by its id in the CKAN list."""

    name: Literal["notspecified"]
    title: str


class Source(Model, frozen=True):
    """Where a file comes from, as far as is known."""

    title: str


class Resource(NewsArticle, frozen=True):
    """The file of one article."""

    name: str
    path: str
    bytes: int
    hash: str
    encoding: Literal["utf-8"]
    format: Literal["txt"]
    mediatype: Literal["text/plain"]
    licenses: tuple[License]
    sources: tuple[Source]


class Manifest(Model, frozen=True, defer_build=False):
    """The descriptor of the data package."""

    profile: Annotated[
        Literal["https://datapackage.org/profiles/2.0/datapackage.json"], Field(alias="$schema")
    ]
    name: Literal["newspair"]
    title: str
    description: str
    version: str
    created: AwareDatetime
    keywords: tuple[str, ...]
    licenses: tuple[License]
    resources: tuple[Resource, Resource]


def load_manifest() -> Manifest:
    """Return the packaged manifest.

    Raises `ManifestError` if it is damaged at a place that can be told, else `IntegrityError`.
    """
    try:
        return parse(read_verified(MANIFEST))
    except IntegrityError:
        data = fetch(MANIFEST)
        strict_json(MANIFEST, data.decode("utf-8", "replace"))
        parse(data)
        raise


def parse(data: bytes) -> Manifest:
    """Return the manifest that these bytes hold; raise `ManifestError` if they hold none."""
    try:
        return Manifest.model_validate_json(data, by_name=False, by_alias=True)
    except ValidationError as error:
        first = error.errors()[0]
        raise ManifestError(MANIFEST, where(first["loc"]), first["msg"]) from error


def where(location: Sequence[str | int]) -> str:
    """Write a place in JSON as a path: ``resources[1].headline``."""
    return "".join(map(_step, location)).removeprefix(".") or "the whole file"


def _step(step: str | int) -> str:
    named = isinstance(step, str) and step.lstrip("$@").isidentifier() and step == step[:60]
    return f".{step}" if named else f"[{shown(step)}]"


def strict_json(filename: str, text: str) -> object:
    """Return the value of a JSON text; raise `ManifestError` if it is none, or has a key twice."""
    import json

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        value: dict[str, object] = {}
        for key, member in pairs:
            if key in value:
                raise ValueError(f"the key {shown(key)} stands twice in one object")
            value[key] = member
        return value

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=refuse)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ManifestError(filename, place, error.msg) from error
    except RecursionError as error:
        raise ManifestError(filename, "the whole file", "nested too deeply") from error
    except ValueError as error:  # ours, or of a number too long; what follows is advice on Python
        reason = str(error).partition(";")[0]
        raise ManifestError(filename, "the whole file", reason) from error
