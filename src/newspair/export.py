"""The same dataset in other people's formats."""

import json

from .article import Article, load_all
from .manifest import MANIFEST, NewsArticle, load_manifest
from .reading import DIGESTS, SIZES, filename_of, ids

COUNTS = ("line_count", "word_count", "character_count", "non_ascii_count")


def to_json(value: object) -> str:
    """Write a value as indented JSON, with a newline at the end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def metadata(article: Article) -> dict[str, object]:
    """Return what is known of an article, its evidence and counts included, as JSON values."""
    known = article.model_dump(mode="json", exclude={"text"})
    return known | {name: getattr(article, name) for name in COUNTS}


def jsonl() -> str:
    """Return JSON Lines: an article a line, its metadata with its text and its body."""
    rows = (metadata(each) | {"body": each.body, "text": each.text} for each in load_all())
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


# The terms that MLCommons asks every Croissant file to declare.
_TERMS = """arrayShape citeAs column containedIn equivalentProperty extract field fileObject
    fileProperty fileSet format includes isArray isLiveDataset jsonPath key md5 parentField path
    recordSet references regex repeated replace samplingRate separator source subField transform"""
_CONTEXT = {term: f"cr:{term}" for term in _TERMS.split()} | {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}
_TYPES = {"size": "sc:Integer", "date_published": "sc:DateTime", "date_modified": "sc:DateTime"}


def croissant() -> str:
    """Return a Croissant 1.1 description whose record set ``articles`` has texts and metadata.

    It lacks the ``url`` that the format asks for, because the dataset has none.
    """
    manifest = load_manifest()
    cited = f"title={{{manifest.title}}}, year={{{manifest.created.year}}}"
    described = {
        "@context": dict(sorted(_CONTEXT.items())),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": manifest.name,
        "description": manifest.description,
        "version": manifest.version,
        "datePublished": manifest.created.date().isoformat(),
        "creator": {"@type": "sc:Organization", "name": "The newspair contributors"},
        "license": manifest.licenses[0].title,
        "citeAs": f"@misc{{newspair, {cited}}}",
        "inLanguage": sorted({resource.language for resource in manifest.resources}),
        "keywords": manifest.keywords,
        "isLiveDataset": False,
        "distribution": [
            *(_node("FileObject", filename_of(each), **_file(filename_of(each))) for each in ids()),
            _node("FileObject", MANIFEST, **_file(MANIFEST)),
            _node("FileSet", "texts", encodingFormat="text/plain", includes="*.txt"),
        ],
        "recordSet": _record_sets(),
    }
    return to_json(described)


def _record_sets() -> list[dict[str, object]]:
    """Join what the manifest tells of each file to the file's text, by the file's name."""
    properties = {"id": "name", "filename": "path", "size": "bytes"} | {
        name: field.alias or name
        for name, field in NewsArticle.model_fields.items()
        if name not in {"evidence", "sections"}
    }
    told = [
        _field("metadata", name, "fileObject", MANIFEST, jsonPath=f"$.resources[*].{path}")
        for name, path in properties.items()
    ]
    names = _field("articles", "filename", "fileSet", "texts", fileProperty="filename")
    names["references"] = {"field": {"@id": "metadata/filename"}}
    texts = _field("articles", "text", "fileSet", "texts", fileProperty="content")
    joined = [
        _field("articles", name, "field", f"metadata/{name}")
        for name in properties
        if name != "filename"
    ]
    return [
        _node("RecordSet", "metadata", key={"@id": "metadata/id"}, field=told),
        _node("RecordSet", "articles", key={"@id": "articles/id"}, field=[names, texts, *joined]),
    ]


def _node(kind: str, name: str, **properties: object) -> dict[str, object]:
    return {"@type": f"cr:{kind}", "@id": name, "name": name, **properties}


def _file(name: str) -> dict[str, str]:
    mediatype = "application/json" if name == MANIFEST else "text/plain"
    described = {"contentUrl": name, "contentSize": f"{SIZES[name]} B"}
    return described | {"encodingFormat": mediatype, "sha256": DIGESTS[name]}


def _field(records: str, name: str, kind: str, origin: str, **extract: str) -> dict[str, object]:
    source: dict[str, object] = {kind: {"@id": origin}}
    if extract:
        source["extract"] = extract
    node = _node("Field", f"{records}/{name}", dataType=_TYPES.get(name, "sc:Text"), source=source)
    return node | {"name": name}


FORMATS = {"jsonl": jsonl, "croissant": croissant}
