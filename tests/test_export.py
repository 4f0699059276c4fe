"""The committed files are what the code makes, and exports lose nothing."""

import json

from conftest import GENUINE

import newspair
from newspair import cli, export

ARTICLES = newspair.load_all()


def test_the_committed_croissant_file_is_what_export_makes() -> None:
    """Catches an edit of the manifest after which croissant.json was not made anew."""
    assert export.croissant().encode() == GENUINE["croissant.json"]


def test_the_croissant_file_pins_the_very_files() -> None:
    described = json.loads(export.croissant())
    files = {each["@id"]: each for each in described["distribution"] if "sha256" in each}
    assert list(files) == [*(article.filename for article in ARTICLES), "datapackage.json"]
    for name, file in files.items():
        assert file["contentUrl"] == name
        assert file["contentSize"] == f"{len(GENUINE[name])} B"
    for article in ARTICLES:
        assert files[article.filename]["sha256"] == newspair.checksums()[article.id]


def test_each_line_of_jsonl_is_an_article_with_all_its_fields() -> None:
    text = export.jsonl()
    assert text.endswith("}\n")
    rows = [json.loads(line) for line in text.splitlines()]
    for row, article in zip(rows, ARTICLES, strict=True):
        fields = {name: row.pop(name) for name in newspair.Article.model_fields}
        assert newspair.Article.model_validate_json(json.dumps(fields)) == article
        assert row == {
            "line_count": article.line_count,
            "word_count": article.word_count,
            "character_count": article.character_count,
            "non_ascii_count": article.non_ascii_count,
            "body": article.body,
        }


def test_metadata_has_everything_but_the_text() -> None:
    for article in ARTICLES:
        known = export.metadata(article)
        assert set(newspair.Article.model_fields) - set(known) == {"text"}
        assert known["evidence"] == article.evidence.model_dump()
        assert (known["line_count"], known["size"]) == (article.line_count, article.size)


def test_json_is_written_as_it_is_read() -> None:
    assert export.to_json({"a": "’"}) == '{\n  "a": "’"\n}\n'
    assert "country’s" in export.jsonl()


def test_every_format_is_named_on_the_command_line_and_is_stable_text() -> None:
    assert list(export.FORMATS) == ["jsonl", "croissant"]
    for make in export.FORMATS.values():
        assert make() == make()
        assert "\r" not in make()
        assert make().endswith("\n")
    assert cli.main(["export", "jsonl"]) == 0
