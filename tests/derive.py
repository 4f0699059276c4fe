"""Write the files of data/ that follow from others.

    uv run python tests/derive.py

Metadata are edited in datapackage.json. From it and the two articles this writes articles.jsonl,
what croissant.json repeats, the tables of README.md and, last, SHA256SUMS.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from newspair import Article

DATA = Path(__file__).resolve().parents[1] / "data"


def main() -> None:
    """Write the derived files."""
    for name, content in derived_files(DATA).items():
        (DATA / name).write_bytes(content)


def derived_files(folder: Path) -> dict[str, bytes]:
    """Return the content of each derived file of a data folder."""
    package = json.loads((folder / "datapackage.json").read_bytes())
    croissant = json.loads((folder / "croissant.json").read_bytes())
    card = (folder / "README.md").read_text("utf-8")
    articles = [make_article(folder, resource) for resource in package["resources"]]

    contents = {article.filename: article.text.encode() for article in articles}
    contents["datapackage.json"] = (folder / "datapackage.json").read_bytes()
    contents["articles.jsonl"] = json_lines(articles)
    update_croissant(croissant, package, contents)
    contents["croissant.json"] = (
        json.dumps(croissant, ensure_ascii=False, indent=2).encode() + b"\n"
    )

    card = replace_block(card, "counts", table_of_counts(articles))
    card = replace_block(card, "sections", table_of_sections(articles))
    return {
        "articles.jsonl": contents["articles.jsonl"],
        "croissant.json": contents["croissant.json"],
        "README.md": card.encode(),
        "SHA256SUMS": checksums(contents),
    }


def make_article(folder: Path, resource: dict[str, Any]) -> Article:
    """Make an article of a resource of datapackage.json and its file."""
    cited = resource["evidence"]
    record = {
        "id": resource["name"],
        "filename": resource["path"],
        "size": resource["bytes"],
        "sha256": resource["hash"].removeprefix("sha256:"),
        "encoding": resource["encoding"],
        "language": resource["inLanguage"],
        "url": resource["sources"][0]["path"],
        "headline": resource["headline"],
        "publisher": resource["publisher"],
        "byline": resource["author"],
        "date_created": resource["dateCreated"],
        "date_modified": resource["dateModified"],
        "evidence": {
            "headline": cited["headline"],
            "publisher": cited["publisher"],
            "byline": cited["author"],
            "date_created": cited["dateCreated"],
            "date_modified": cited["dateModified"],
        },
        "sections": [make_section(section) for section in resource["sections"]],
        "text": (folder / resource["path"]).read_bytes().decode(),
    }
    try:
        return Article.model_validate_json(json.dumps(record))
    except ValidationError as error:
        raise SystemExit(f"datapackage.json: {resource['path']}: {error}") from error


def make_section(section: dict[str, Any]) -> dict[str, Any]:
    """Name the lines of a section as `newspair.Section` does."""
    return {
        "kind": section["kind"],
        "first_line": section["firstLine"],
        "last_line": section["lastLine"],
    }


def json_lines(articles: list[Article]) -> bytes:
    """Return articles.jsonl: an article a line, with its metadata and text."""
    lines = ""
    for article in articles:
        lines += article.model_dump_json() + "\n"
    return lines.encode()


def update_croissant(
    croissant: dict[str, Any], package: dict[str, Any], contents: dict[str, bytes]
) -> None:
    """Write into croissant.json what datapackage.json says, and the size and digest of files."""
    for name in ("name", "description", "version", "keywords"):
        croissant[name] = package[name]
    croissant["datePublished"] = package["created"][:10]
    croissant["isBasedOn"] = [resource["sources"][0]["path"] for resource in package["resources"]]
    for file_object in croissant["distribution"]:
        content = contents[file_object["contentUrl"]]
        file_object["contentSize"] = f"{len(content)} B"
        file_object["sha256"] = hashlib.sha256(content).hexdigest()


def checksums(contents: dict[str, bytes]) -> bytes:
    """Return the digests of files in the format of sha256sum."""
    lines = ""
    for name, content in contents.items():
        lines += f"{hashlib.sha256(content).hexdigest()}  {name}\n"
    return lines.encode()


def table_of_counts(articles: list[Article]) -> str:
    """Return the table of sizes of the data card."""
    table = "| file | bytes | lines | words |\n| --- | ---: | ---: | ---: |\n"
    for article in articles:
        counts = f"{article.size:,} | {article.line_count} | {article.word_count}"
        table += f"| `{article.filename}` | {counts} |\n"
    return table


def table_of_sections(articles: list[Article]) -> str:
    """Return the table of sections of the data card."""
    table = "| lines | kind |\n| --- | --- |\n"
    for article in articles:
        for section in article.sections:
            lines = str(section.first_line)
            if section.last_line > section.first_line:
                lines += f"–{section.last_line}"
            table += f"| `{article.id[:3]}` {lines} | {section.kind} |\n"
    return table


def replace_block(card: str, name: str, table: str) -> str:
    """Return the data card with another table between two comments."""
    start, end = f"<!-- {name}: written by derive.py -->\n", f"<!-- end of {name} -->\n"
    before, _, rest = card.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"README.md: no block {start.strip()} ... {end.strip()}")
    return f"{before}{start}\n{table}\n{end}{after}"


if __name__ == "__main__":
    main()
