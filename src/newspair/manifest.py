"""``datapackage.json`` as models: the one place where metadata is written by hand.

A Data Package v2 whose resources carry the terms of schema.org's NewsArticle.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from .errors import IntegrityError, ManifestError, printable, shown
from .reading import fetch, read_verified

MANIFEST = "datapackage.json"


class Model(BaseModel, frozen=True):
    """What all models share: frozen, hashable, strict, and without unknown fields."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        populate_by_name=True,
        defer_build=True,  # only the models that are used pay for their validators
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

    kind: Literal[
        "navigation", "headline", "abstract", "byline", "caption", "heading", "body", "credit"
    ]
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


class Manifest(Model, frozen=True):
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
        strict_json(MANIFEST, data := fetch(MANIFEST))
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
    steps = (f"[{step}]" if isinstance(step, int) else f".{printable(step)}" for step in location)
    return "".join(steps).removeprefix(".") or "the whole file"


def strict_json(filename: str, data: bytes) -> object:
    """Return the value of a JSON text; raise `ManifestError` if it is none, or has a key twice."""
    import json

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        value: dict[str, object] = {}
        for key, member in pairs:
            if key in value:
                raise ValueError(f"the key {shown(key)} stands twice in one object")
            value[key] = member
        return value

    try:
        return json.loads(data.decode(), object_pairs_hook=once)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ManifestError(filename, place, error.msg) from error
    except (ValueError, RecursionError) as error:
        raise ManifestError(filename, "the whole file", str(error)) from error
