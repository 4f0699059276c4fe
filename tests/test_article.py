"""An article is its text and what the text states; nothing that contradicts it can be made."""

import datetime as dt
import hashlib
import json
import pickle
import pydoc
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from helpers import FIRST, GENUINE, SECOND, python, run, vendor
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import newspair

ARTICLES = newspair.load_all()
RECORDS = [json.loads(line) for line in GENUINE["articles.jsonl"].splitlines()]
DESCRIPTIVE = ["headline", "publisher", "byline", "date_created", "date_modified"]
FIELDS = ["id", "filename", "size", "sha256", "encoding", "language", *DESCRIPTIVE]
FIELDS += ["evidence", "sections", "text"]
COMPUTED = ["body", "line_count", "word_count", "character_count", "non_ascii_count"]
TIME = dt.datetime(2025, 2, 1, 18, 32, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=30)))
HEADLINE = "Zelenskyy Condemns Russian Attacks, Calls for Stronger Global Support"


def test_load() -> None:
    """A second object for the same article, or the articles in another order."""
    assert tuple(newspair.load(article_id) for article_id in newspair.ids()) == ARTICLES
    assert [article.id for article in ARTICLES] == [FIRST, SECOND]
    for article in ARTICLES:
        assert newspair.load(article.id) is article
        assert article.text == newspair.read_text(article.id)
        assert article.text.encode(article.encoding) == GENUINE[article.filename]
        assert (article.size, article.sha256) == (
            len(GENUINE[article.filename]),
            newspair.checksums()[article.id],
        )


def test_values() -> None:
    """A value differs from what a reader finds in the text."""
    first, second = ARTICLES
    assert [getattr(first, name) for name in DESCRIPTIVE] == [None] * 5
    assert [getattr(first.evidence, name) for name in DESCRIPTIVE] == [None] * 5
    values = [HEADLINE, "Devdiscourse", "Devdiscourse News Desk", TIME, TIME]
    assert [getattr(second, name) for name in DESCRIPTIVE] == values
    assert second.date_created.utcoffset() == second.date_modified.utcoffset() == TIME.utcoffset()
    quotations = [getattr(second.evidence, name) for name in DESCRIPTIVE]
    assert quotations == [
        newspair.Quotation(line=3, text=HEADLINE),
        newspair.Quotation(line=7, text="Devdiscourse News Desk"),
        newspair.Quotation(line=7, text="Devdiscourse News Desk"),
        newspair.Quotation(line=7, text="Created: 01-02-2025 18:32 IST"),
        newspair.Quotation(line=7, text="Updated: 01-02-2025 18:32 IST"),
    ]
    for article, counts in zip(ARTICLES, [(15, 360, 2254, 12), (20, 276, 2076, 0)], strict=True):
        assert (article.language, article.filename) == ("en", f"{article.id}.txt")
        assert tuple(getattr(article, name) for name in COMPUTED[1:]) == counts


def test_fields() -> None:
    """The order of fields changes, or a field is lost, for all who read dumps."""
    assert list(newspair.Article.model_fields) == FIELDS
    assert list(newspair.Article.model_computed_fields) == COMPUTED
    for article, record in zip(ARTICLES, RECORDS, strict=True):
        assert list(article.model_dump()) == list(record) == [*FIELDS, *COMPUTED]
    assert list(newspair.Evidence.model_fields) == DESCRIPTIVE
    assert list(newspair.Quotation.model_fields) == ["line", "text"]
    assert list(newspair.Section.model_fields) == ["kind", "first_line", "last_line"]


def test_round_trips() -> None:
    """What is written cannot be read again."""
    for article, line in zip(ARTICLES, GENUINE["articles.jsonl"].splitlines(), strict=True):
        assert newspair.Article.model_validate_json(line) == article
        assert article.model_dump_json().encode() == line
        assert newspair.Article.model_validate(article.model_dump()) == article
        assert newspair.Article.model_validate(article.model_dump(mode="json")) == article
        assert newspair.Article.model_validate(article) == article
        fields = {name: getattr(article, name) for name in FIELDS}
        assert newspair.Article(**fields) == article
        assert pickle.loads(pickle.dumps(article)) == article  # noqa: S301 - our own bytes
        for part in (article.evidence, *article.sections):
            assert type(part).model_validate_json(part.model_dump_json()) == part


def test_schema() -> None:
    """The JSON schema describes something else than what is written."""
    reading = newspair.Article.model_json_schema()
    writing = newspair.Article.model_json_schema(mode="serialization")
    assert list(reading["properties"]) == FIELDS
    assert list(writing["properties"]) == [*FIELDS, *COMPUTED]
    assert reading["required"] == FIELDS
    assert writing["required"] == [*FIELDS, *COMPUTED]
    jsonschema = pytest.importorskip("jsonschema")
    for schema in (reading, writing):
        for record in RECORDS:
            jsonschema.Draft202012Validator(schema).validate(record)


def changed(record: dict, path: str, value: object) -> dict:
    """Return a record with one value changed; the path is its keys, joined by dots."""
    record = json.loads(json.dumps(record))
    *parents, last = (int(key) if key.isdecimal() else key for key in path.split("."))
    parent: Any = record
    for key in parents:
        parent = parent[key]
    parent[last] = value
    return record


# Article, path, wrong value, and what the error must name unless it is the start of the path
WRONG = [
    *[(n, "id", value, "") for n in (0, 1) for value in ("x", None, "", f"{FIRST}.txt")],
    *[(n, "id", ARTICLES[1 - n].id, "filename") for n in (0, 1)],
    *[(n, "filename", value, "") for n in (0, 1) for value in ("x.txt", "", "../x", None)],
    *[(n, "size", value, "") for n in (0, 1) for value in (0, -1, 2277, 2075, None, 1.5, "x")],
    *[(n, "sha256", value, "") for n in (0, 1) for value in ("", "0" * 64, None, "sha256:")],
    *[(n, "encoding", value, "") for n in (0, 1) for value in ("utf-16", "", None, "UTF8")],
    *[(n, "language", None, "") for n in (0, 1)],
    *[(n, "text", value, "") for n in (0, 1) for value in ("", "x", "\n", None)],
    *[(0, "text", RECORDS[0]["text"].replace(old, "X"), "") for old in ("News", "P", "\n")],
    *[(n, "evidence", value, "") for n in (0, 1) for value in (None, {}, [])],
    *[(n, name, -1, "") for n in (0, 1) for name in COMPUTED],
    *[(n, "extra", None, "") for n in (0, 1)],
    *[(n, "evidence.extra", None, "") for n in (0, 1)],
    *[(n, "sections.0.extra", None, "") for n in (0, 1)],
    *[(0, name, "Ukrainians", "") for name in DESCRIPTIVE[:3]],
    *[(0, name, "2025-02-01T18:32:00+05:30", "") for name in DESCRIPTIVE[3:]],
    *[(0, f"evidence.{name}", {"line": 5, "text": "Ukrainians"}, name) for name in DESCRIPTIVE],
    *[(1, name, None, "") for name in DESCRIPTIVE],
    *[(1, f"evidence.{name}", None, name) for name in DESCRIPTIVE],
    *[(1, f"evidence.{name}.line", line, name) for name in DESCRIPTIVE for line in (0, -1, 4, 21)],
    *[(1, f"evidence.{name}.line", line, name) for name in DESCRIPTIVE for line in (None, 10**30)],
    *[(1, f"evidence.{name}.text", t, name) for name in DESCRIPTIVE for t in ("", "x", "CBS")],
    *[(1, "headline", value, "") for value in ("", HEADLINE[:-1], f"{HEADLINE}.", "Left Menu")],
    *[(1, "headline", HEADLINE.swapcase(), ""), (1, "headline", f" {HEADLINE}", "")],
    *[(1, "byline", value, "") for value in ("", "Devdiscourse", "News Desk", "Devdiscourse\n")],
    *[(1, "publisher", value, "") for value in ("", "Dev", "News Desk", "ANI", "devdiscourse")],
    *[
        (1, name, f"2025-{value}", "")
        for name in DESCRIPTIVE[3:]
        for value in (
            *("02-01T18:32:00", "02-01T18:32:00Z", "02-01T13:02:00Z", "02-01T18:33:00+05:30"),
            *("01-02T18:32:00+05:30", "02-01T18:32:01+05:30", "02-01T18:32:00.5+05:30"),
            *("02-01T18:32:00+02:00", "02-01", "02-02T18:32:00+05:30", "02-01T06:32:00+05:30"),
        )
    ],
    (1, "evidence.date_created.text", "Updated: 01-02-2025 18:32 IST", "date_created"),
    (1, "evidence.date_modified.text", "Created: 01-02-2025 18:32 IST", "date_modified"),
    (1, "evidence.date_created.text", "01-02-2025 18:32 IST", "date_created"),
    *[(n, "sections", value, "") for n in (0, 1) for value in ([], None, {}, RECORDS[n - 1])],
    *[(n, "sections.0.kind", value, "") for n in (0, 1) for value in ("story", "", None)],
    *[(n, "sections.0.first_line", value, "") for n in (0, 1) for value in (0, -1, 2, 99, None)],
    *[(n, "sections.0.last_line", value, "") for n in (0, 1) for value in (0, 2, 99, 10**30)],
    (0, "sections.0.first_line", 3, "sections.0"),  # leaves line 1 out
    (0, "sections.0.last_line", 1, "sections.1"),  # leaves line 3 out
    (0, "sections.0.last_line", 5, "sections.1"),  # overlaps
    (0, "sections.3.last_line", 14, "sections"),  # leaves line 15 out
    (0, "sections.3.last_line", 16, "sections.3"),
    (1, "sections.5.first_line", 8, "sections.5"),
    (1, "sections.5.first_line", 10, "sections.5"),
    (1, "sections.5.first_line", 11, "sections.5"),
    (1, "sections.6.last_line", 20, "sections.6"),
    (1, "sections.6.last_line", 21, "sections.6"),
    (1, "sections.6", None, "sections.6"),
    (1, "sections", [*RECORDS[1]["sections"], RECORDS[1]["sections"][-1]], "sections.7"),
    (1, "sections", RECORDS[1]["sections"][::-1], "sections"),
    (1, "sections", RECORDS[1]["sections"][:-1], "sections"),
    (1, "sections", RECORDS[1]["sections"][1:], "sections"),
]


def refused(make: Callable[[], object]) -> str:
    """Return the place that the error names when something cannot be made."""
    with pytest.raises(ValidationError) as caught:
        return f"nothing: {make()!r:.200}"
    error = caught.value.errors()[0]
    rule = error["msg"].removeprefix("Value error, ").partition(":")[0].strip("'")
    return ".".join(map(str, error["loc"])) or rule


def test_rules() -> None:
    """A value that contradicts the text is accepted, or the error does not name it."""
    for number, path, value, named in WRONG:
        record = changed(RECORDS[number], path, value)
        for place in (
            refused(lambda record=record: newspair.Article.model_validate(record)),
            refused(lambda record=record: newspair.Article.model_validate_json(json.dumps(record))),
        ):
            assert place.split(".")[0] in (*FIELDS, *COMPUTED, "extra"), (path, value, place)
            # Which field contradicts a wrong text is a matter of taste.
            word = named or ".".join(path.split(".")[:2])
            assert path == "text" or word in place, (path, value, place)


def test_rule_messages() -> None:
    """An error does not say what is wrong."""
    for number, path, value, words in (
        (0, "size", 1, r"size: that of the text is '2278'"),
        (1, "byline", None, r"byline: 'Devdiscourse News Desk' does not say 'None'"),
        (1, "byline", "ANI", r"byline: 'Devdiscourse News Desk' does not say 'ANI'"),
        (
            1,
            "evidence.byline.line",
            8,
            r"evidence.byline: 'Devdiscourse News Desk' is not on line 8",
        ),
        (0, "sections.0.first_line", 3, r"sections.0: overlaps, skips text or ends without text"),
        (0, "sections", [], r"sections: line 1 is in no section"),
        (0, "extra", None, r"extra: is no field of an article"),
    ):
        with pytest.raises(ValidationError, match=rf"Value error, {words} \["):
            newspair.Article.model_validate(changed(RECORDS[number], path, value))


def test_missing_fields() -> None:
    """A field that is left out is taken for None."""
    for record in RECORDS:
        for name in FIELDS:
            rest = {key: value for key, value in record.items() if key != name}
            assert refused(lambda rest=rest: newspair.Article.model_validate(rest)) == name


def with_text(text: str, **values: object) -> dict:
    """Return a record with another text, whose size and digest are right."""
    data = text.encode()
    record = {**RECORDS[0], "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    record = {key: value for key, value in record.items() if key not in COMPUTED}
    return record | {"text": text} | values


def test_other_texts() -> None:
    """The rules hold for the two texts only, or a quotation may stand inside a longer word."""
    sections = [{"kind": "headline", "first_line": 1, "last_line": 1}]
    text = "Forewords: words"
    for words, start in (("words", 11), ("Forewords", 0), ("Forewords: words", 0), ("Fore", None)):
        evidence = {**RECORDS[0]["evidence"], "headline": {"line": 1, "text": words}}
        record = with_text(text, headline=words, evidence=evidence, sections=sections)
        if start is None:
            place = refused(lambda record=record: newspair.Article.model_validate(record))
            assert place == "evidence.headline"
            continue
        article = newspair.Article.model_validate(record)
        assert article.span(article.evidence.headline) == (start, start + len(words))
    body = [{"kind": "body", "first_line": 2, "last_line": 4}]
    article = newspair.Article.model_validate(with_text("\na\r\n \u2028\nc", sections=body))
    assert article.lines == ("", "a\r", " \u2028", "c")
    assert article.span(article.sections[0]) == (1, 8)
    for empty in ("", "\n", " \n\n"):
        assert newspair.Article.model_validate(with_text(empty, sections=[])).body == ""


def test_frozen() -> None:
    """An article that was checked can be changed afterwards, or put into no set."""
    for article in ARTICLES:
        parts = (article.evidence, *article.sections)
        for model in (article, *parts, *filter(None, dict(article.evidence).values())):
            name = next(iter(type(model).model_fields))
            with pytest.raises(ValidationError, match="frozen"):
                setattr(model, name, getattr(model, name))
            with pytest.raises((ValidationError, AttributeError)):
                delattr(model, name)
            assert hash(model) == hash(type(model).model_validate(model.model_dump()))
        with pytest.raises(ValidationError):
            article.body = ""
    assert len({*ARTICLES, *newspair.load_all()}) == 2


def test_repr() -> None:
    """A debugger prints the whole text."""
    for article in ARTICLES:
        assert repr(article).startswith(f"Article(id={article.id!r}, filename=")
        assert article.lines[-1][:40] not in repr(article) or not article.lines[-1]
        assert "text='" not in repr(article).replace("Quotation(line=", "").partition("sections")[2]
        assert len(repr(article)) < 1800


def test_help() -> None:
    """help() does not say what a field means."""
    text = pydoc.render_doc(newspair.Article, renderer=pydoc.plaintext)
    for name in (*FIELDS, *COMPUTED):
        assert f"{name}: " in text or f"{name}\n" in text, name
    for name in ("lines", "paragraphs", "part", "span", *COMPUTED):
        assert getattr(newspair.Article, name).__doc__, name


def test_lines() -> None:
    """Lines are counted otherwise than editors do."""
    first, second = ARTICLES
    for article in ARTICLES:
        assert article.lines == tuple(article.text.removesuffix("\n").split("\n"))
        assert len(article.lines) == article.line_count
    assert first.lines[14].startswith("Next article")
    assert (second.lines[6][:12], second.lines[19]) == ("Devdiscourse", "")


def test_part() -> None:
    """A part loses lines, or a misspelt kind is taken for a part that is not there."""
    first, second = ARTICLES
    lines = first.text.splitlines(keepends=True)
    assert first.part("navigation") == "".join(lines[13:15])
    kind = next(section.kind for section in first.sections if section.first_line == 5)
    assert first.part(kind) == "Ukrainians strongly oppose the Russian invasion\n"
    assert first.part("body") == "".join(lines[:3]) + "\n" + "".join(lines[7:12])
    assert first.part("headline") == ""
    assert second.part("navigation") == " date 2025-02-01 Left Menu\n"
    assert second.part("body") == second.body + "\n"
    for wrong in ("nonsense", "", "Body", "x" * 10**6, "\x1b[31m"):
        with pytest.raises(ValueError, match="body") as caught:
            first.part(wrong)
        assert str(caught.value).isprintable()
        assert str(caught.value).endswith(
            "; the kinds are " + ", ".join(get_args(newspair.SectionKind))
        )
        assert len(str(caught.value)) < 300


def test_body() -> None:
    """The story lacks a paragraph, or has lines of the page around it."""
    for article in ARTICLES:
        assert article.body == "\n\n".join(article.paragraphs)
        assert len(article.paragraphs) == 5
        assert set(article.paragraphs) < set(article.lines)
        assert article.part("navigation").strip() not in article.body
    assert ARTICLES[0].body.endswith("Ukraine has not disclosed its own military figures.")
    assert ARTICLES[1].body.endswith("casualties or injuries among them. (ANI)")


def test_span() -> None:
    """Offsets are those of another place, or of bytes."""
    for article in ARTICLES:
        for section in article.sections:
            start, end = article.span(section)
            lines = article.lines[section.first_line - 1 : section.last_line]
            assert article.text[start:end] == "\n".join(lines)
        for _, quotation in article.evidence:
            if quotation:
                start, end = article.span(quotation)
                assert article.text[start:end] == quotation.text
                assert article.text.count("\n", 0, start) == quotation.line - 1
    first, second = ARTICLES
    nowhere = [newspair.Quotation(line=4, text="U"), newspair.Quotation(line=99, text="Ukraine")]
    nowhere += [newspair.Section(kind="body", first_line=1, last_line=16), second.evidence.headline]
    for place in nowhere:
        with pytest.raises(ValueError, match="line"):
            first.span(place)


@given(st.sampled_from(ARTICLES), st.data())
def test_span_of_words(article: newspair.Article, data: st.DataObject) -> None:
    """The words of a quotation are not found where they stand."""
    number = data.draw(st.sampled_from([n for n, line in enumerate(article.lines) if line.strip()]))
    words = article.lines[number].split()
    first = data.draw(st.integers(0, len(words) - 1))
    text = " ".join(words[first : data.draw(st.integers(first + 1, len(words)))])
    quotation = newspair.Quotation(line=number + 1, text=text)
    start, end = article.span(quotation)
    assert article.text[start:end] == text
    assert article.text.count("\n", 0, start) == number


def test_damaged_metadata(tmp_path: Path) -> None:
    """Damaged metadata are loaded, or damage to one article hides the other."""
    (vendor(tmp_path / "a") / "articles.jsonl").write_bytes(
        GENUINE["articles.jsonl"].replace(b"18:32", b"18:33")
    )
    program = """
import newspair
for function in (newspair.load_all, *[lambda i=i: newspair.load(i) for i in newspair.ids()]):
    try:
        function()
    except newspair.IntegrityError as error:
        print(error.filename)
print(len(newspair.read_text(newspair.ids()[0])))"""
    ended = python("-c", program, path=tmp_path / "a")
    assert ended.stdout.split() == [b"articles.jsonl"] * 3 + [b"2254"], ended.stderr
    for arguments in (["list"], ["metadata", FIRST], ["show", FIRST, "--annotate"]):
        ended = run(*arguments, path=tmp_path / "a")
        assert (ended.returncode, ended.stdout) == (1, b"")
        assert b"articles.jsonl" in ended.stderr
