"""Write the files of data/ that are derived, and print the digests to put into _files.py.

    uv run python tests/derive.py

Derived are articles.jsonl, croissant.json, SHA256SUMS and the tables of README.md, from the two
articles and datapackage.json. No digest is checked here, so it works while they change.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

from pydantic import ValidationError

from newspair import Article
from newspair._files import DIGESTS  # the names; the values are what it prints

DATA = Path(__file__).resolve().parents[1] / "data"
# The names of datapackage.json (schema.org's, in camel case), and those of `Article`.
NAMES = {
    "author": "byline",
    "bytes": "size",
    "dateCreated": "date_created",
    "dateModified": "date_modified",
    "firstLine": "first_line",
    "hash": "sha256",
    "inLanguage": "language",
    "lastLine": "last_line",
    "name": "id",
    "path": "filename",
}
UNUSED = ("format", "licenses", "mediatype")

# The context that the Croissant 1.1 specification recommends (its appendix 1), with two changes
# that mlcroissant 1.1 needs: schema.org by https, and the four terms of Croissant 1.0 at the end.
TERMS = """annotation arrayShape citeAs column containedIn equivalentProperty excludes extract field
    fileObject fileProperty fileSet format includes isArray isLiveDataset jsonPath key md5
    parentField readLines recordSet references regex sdVersion separator source subField transform
    unArchive value path repeated replace samplingRate"""
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in TERMS.split()},
}
FIELD_TYPES = dict.fromkeys(("date_created", "date_modified"), "sc:DateTime")
COUNTS = ("size", "line_count", "word_count", "character_count", "non_ascii_count")
FIELD_TYPES |= dict.fromkeys(COUNTS, "sc:Integer")


def main() -> None:
    """Write the derived files and print every digest."""
    for name, content in derive(DATA).items():
        (DATA / name).write_bytes(content)
    for name in DIGESTS:
        sys.stdout.write(f'    "{name}": "{sha256((DATA / name).read_bytes())}",\n')


def derive(data: Path) -> dict[str, bytes]:
    """Return the content of each derived file, from the other files of a data folder."""
    package = json.loads((data / "datapackage.json").read_bytes())
    articles = [article(data, resource) for resource in package["resources"]]
    lines = b"".join(each.model_dump_json().encode() + b"\n" for each in articles)
    croissant = describe(package, articles, lines)
    card = (data / "README.md").read_bytes().decode()
    return {
        "articles.jsonl": lines,
        "croissant.json": (json.dumps(croissant, ensure_ascii=False, indent=2) + "\n").encode(),
        "SHA256SUMS": "".join(f"{each.sha256}  {each.filename}\n" for each in articles).encode(),
        "README.md": with_tables(card, articles).encode(),
    }


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def article(data: Path, resource: dict[str, object]) -> Article:
    """Make an article of a resource of datapackage.json and its file."""
    known = {name: value for name, value in resource.items() if name not in UNUSED}
    record = renamed(known)
    record["sha256"] = record["sha256"].removeprefix("sha256:")
    record["text"] = (data / record["filename"]).read_bytes().decode()
    try:
        return Article.model_validate_json(json.dumps(record))
    except ValidationError as error:
        reasons = "; ".join(each["msg"] for each in error.errors())
        raise SystemExit(f"datapackage.json: {record['filename']}: {reasons}") from None


def renamed(value: object) -> object:
    """Give every key of a JSON value the name that `Article` uses."""
    if isinstance(value, dict):
        return {NAMES.get(key, key): renamed(member) for key, member in value.items()}
    return [renamed(member) for member in value] if isinstance(value, list) else value


def describe(package: dict, articles: list[Article], lines: bytes) -> dict[str, object]:
    """Describe the dataset in Croissant 1.1, with one record for each article.

    The specification asks for a ``url`` as well; the dataset has none.
    """
    created = package["created"][:10]
    fields = [name for name in articles[0].model_dump() if name not in ("evidence", "sections")]
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": package["name"],
        "description": package["description"],
        "version": package["version"],
        "datePublished": created,
        "creator": {"@type": "sc:Organization", "name": package["contributors"][0]["title"]},
        "license": {
            "@type": "sc:CreativeWork",
            "name": "License not specified",
            "description": "The rights holders of the articles are not known; nobody granted a "
            "license.",
        },
        "sdLicense": "https://spdx.org/licenses/MIT.html",
        "citeAs": f"@misc{{newspair, title={{{package['title']}}}, year={{{created[:4]}}}}}",
        "inLanguage": sorted({each.language for each in articles}),
        "keywords": package["keywords"],
        "isLiveDataset": False,
        "distribution": [
            *(file_object(each.filename, "text/plain", each.text.encode()) for each in articles),
            file_object("articles.jsonl", "application/jsonlines", lines),
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "articles",
                "name": "articles",
                "key": {"@id": "articles/id"},
                "field": [record_field(name) for name in fields],
            }
        ],
    }


def file_object(name: str, media_type: str, content: bytes) -> dict[str, object]:
    """Describe a file by its size in bytes and its SHA-256."""
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{len(content)} B",
        "encodingFormat": media_type,
        "sha256": sha256(content),
    }


def record_field(name: str) -> dict[str, object]:
    """Describe a field of the records of articles.jsonl."""
    return {
        "@type": "cr:Field",
        "@id": f"articles/{name}",
        "name": name,
        "dataType": FIELD_TYPES.get(name, "sc:Text"),
        "source": {"fileObject": {"@id": "articles.jsonl"}, "extract": {"column": name}},
    }


def with_tables(card: str, articles: list[Article]) -> str:
    """Return the data card with its two derived tables: the counts and the sections."""
    counts = "| file | bytes | lines | words | characters | not ASCII |\n"
    counts += "| --- | ---: | ---: | ---: | ---: | ---: |\n"
    sections = "| lines of | kind |\n| --- | --- |\n"
    for each in articles:
        row = " | ".join(f"{getattr(each, name):,}" for name in COUNTS)
        counts += f"| `{each.filename}` | {row} |\n"
        for section in each.sections:
            first, last = section.first_line, section.last_line
            lines = f"{first}" if first == last else f"{first}–{last}"
            sections += f"| `{each.id[:3]}` {lines} | {section.kind} |\n"
    for name, table in {"counts": counts, "sections": sections}.items():
        start, end = f"<!-- {name}: written by derive.py -->\n", f"<!-- end of {name} -->\n"
        block = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
        card, found = block.subn(f"{start}\n{table}\n{end}", card)
        if found != 1:
            raise SystemExit(f"data/README.md: expected one block {start.strip()!r}, found {found}")
    return card


if __name__ == "__main__":
    main()
