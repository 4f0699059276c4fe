"""An article is its text and what the text states; nothing that contradicts it can be made."""

import datetime as dt
import hashlib
import json
import pickle
import pydoc
import re
from collections.abc import Iterator
from functools import reduce
from itertools import pairwise, product
from operator import getitem
from pathlib import Path
from typing import get_args

import pytest
from helpers import FIRST, GENUINE, SECOND, python, run, vendor
from pydantic import ValidationError

import newspair
from newspair import Article, Quotation, Section

ARTICLES = newspair.load_all()
LINES = GENUINE["articles.jsonl"].splitlines()
RECORDS = [json.loads(line) for line in LINES]
DESCRIPTIVE = ["headline", "publisher", "byline", "date_created", "date_modified"]
FIELDS = ["id", "filename", "size", "sha256", "encoding", "language", *DESCRIPTIVE]
FIELDS += ["evidence", "sections", "text"]
COMPUTED = ["body", "line_count", "word_count", "character_count", "non_ascii_count"]
HEADLINE = "Zelenskyy Condemns Russian Attacks, Calls for Stronger Global Support"
TIME = dt.datetime(2025, 2, 1, 18, 32, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=30)))
# What a reader finds in the texts: sizes and counts, the five values, and the lines that state them
FACTS = [
    [2278, 15, 360, 2254, 12, None, None, None, None, None],
    [2076, 20, 276, 2076, 0, HEADLINE, "Devdiscourse", "Devdiscourse News Desk", TIME, TIME],
]
STATED_ON = [[None] * 5, [3, 7, 7, 7, 7]]


def test_values() -> None:
    """A value differs from what a reader finds in the text, or the articles change places."""
    assert tuple(newspair.load(article_id) for article_id in newspair.ids()) == ARTICLES
    for number, article in enumerate(ARTICLES):
        names = ["size", *COMPUTED[1:], *DESCRIPTIVE]
        assert [getattr(article, name) for name in names] == FACTS[number]
        assert [each and each.line for _, each in article.evidence] == STATED_ON[number]
        assert (article.id, article.language) == (newspair.ids()[number], "en")
        assert article.text == newspair.read_text(article.id)
        assert article.sha256 == newspair.checksums()[article.id]
        assert "\n".join(article.lines) == article.text.removesuffix("\n")


def test_round_trips() -> None:
    """What is written cannot be read again, or has its fields in another order."""
    for article, line in zip(ARTICLES, LINES, strict=True):
        assert article.model_dump_json().encode() == line
        assert list(article.model_dump()) == [*FIELDS, *COMPUTED]
        for again in (
            Article.model_validate_json(line),
            Article.model_validate(article.model_dump()),
            Article.model_validate(article.model_dump(mode="json")),
            Article.model_validate(article),
            Article(**{name: getattr(article, name) for name in FIELDS}),
            pickle.loads(pickle.dumps(article)),  # noqa: S301 - our own bytes
        ):
            assert again == article


def test_schema() -> None:
    """The JSON schema describes something else than what is written."""
    schemas = [Article.model_json_schema(mode=mode) for mode in ("validation", "serialization")]
    for schema, names in zip(schemas, (FIELDS, [*FIELDS, *COMPUTED]), strict=True):
        assert list(schema["properties"]) == schema["required"] == names
    jsonschema = pytest.importorskip("jsonschema")
    for schema, record in product(schemas, RECORDS):
        jsonschema.Draft202012Validator(schema).validate(record)


def changed(record: dict, path: str, value: object) -> dict:
    """Return a record with one value changed, or removed if it is `...`; the path has dots."""
    record = json.loads(json.dumps(record))
    *parents, last = (int(key) if key.isdecimal() else key for key in path.split("."))
    parent = reduce(getitem, parents, record)
    parent[last] = value
    if value is ...:
        del parent[last]
    return record


def errors_of(record: dict) -> Iterator[tuple[str, set[str]]]:
    """Fail to make an article in two ways; give what each error names, and its words."""
    text = json.dumps(record)
    for make, data in ((Article.model_validate, record), (Article.model_validate_json, text)):
        with pytest.raises(ValidationError) as caught:
            make(data)
        error = caught.value.errors()[0]
        rule, _, message = error["msg"].removeprefix("Value error, ").partition(": ")
        place = ".".join(map(str, error["loc"])) or rule.strip("'")
        yield place, set(re.findall(r"[\w']+", message))


# What the error names, if not the start of the path, and words of it; articles, paths, wrong values
# fmt: off
BOTH, SECTIONS = [0, 1], RECORDS[1]["sections"]
TIMES = [*" T18:32:00 T18:32:00Z T13:02:00Z T18:33:00+05:30 T06:32:00+05:30 T18:32:01+05:30 T18:32:00.5+05:30".split(" ")]
EVIDENCE = [f"evidence.{name}" for name in DESCRIPTIVE]
WRONG = [
    ("", BOTH, FIELDS, [...]),
    ("", BOTH, COMPUTED, [-1]),
    ("", BOTH, ["extra", "evidence.extra", "sections.0.extra"], [None]),
    ("", BOTH, ["id", "filename", "sha256", "encoding"], ["x", "", None]),
    ("", BOTH, ["size"], [0, 2277, 2075, 1.5, None]),
    ("", BOTH, ["language", "evidence", "sections"], [None]),
    ("", BOTH, ["text"], ["", "x", None, *(RECORDS[0]["text"].replace(old, "X") for old in ("News", "P", "\n"))]),
    ("id: 'FIRST'".replace("FIRST", FIRST), [0], ["id"], [SECOND]),
    ("size: '2278'", [0], ["size"], [1]),
    # Values, and the evidence for them
    ("", [0], DESCRIPTIVE, ["2025-02-01T18:32:00+05:30"]),
    ("", [0], EVIDENCE, [{"line": 5, "text": "Ukrainians"}]),
    ("", [1], [*DESCRIPTIVE, *EVIDENCE], [None]),
    ("", [1], ["headline"], ["", "Zelenskyy", HEADLINE.swapcase()]),
    ("", [1], ["publisher"], ["", "Dev", "News Desk", "devdiscourse"]),
    ("", [1], ["byline"], ["", "Devdiscourse", "News Desk", "Devdiscourse\n"]),
    ("", [1], DESCRIPTIVE[3:], [*(f"2025-02-01{time}" for time in TIMES), "2025-01-02T18:32:00+05:30"]),
    ("", [1], [f"{name}.line" for name in EVIDENCE], [0, 4, 10**30, None]),
    ("", [1], [f"{name}.text" for name in EVIDENCE], ["", "x", "CBS", "01-02-2025 18:32 IST"]),
    ("", [1], ["evidence.date_created.text"], ["Updated: 01-02-2025 18:32 IST"]),
    ("", [1], ["evidence.date_modified.text"], ["Created: 01-02-2025 18:32 IST"]),
    ("byline: 'Devdiscourse Desk' 'ANI'", [1], ["byline"], ["ANI"]),
    ("evidence.byline: 'Devdiscourse Desk' 8", [1], ["evidence.byline.line"], [8]),
    ("evidence.byline", [1], ["evidence.byline.text"], ["Devdiscourse News Des", "evdiscourse News Desk"]),
    ("evidence.byline: 21 20", [1], ["evidence.byline.line"], [21]),
    # Sections: each line with text is in one
    ("sections: 1", BOTH, ["sections"], [[]]),
    ("sections.0", BOTH, ["sections.0", "sections.0.kind"], ["story", "", None]),
    ("sections.0", BOTH, ["sections.0.first_line"], [0, 2, 3, 99, None]),
    ("sections.0", BOTH, ["sections.0.last_line"], [0, 2, 99, 10**30]),
    ("sections.1", [0], ["sections.0.last_line"], [1, 5]),  # leaves line 3 out, overlaps
    ("sections: 15", [0], ["sections.3.last_line"], [14]),
    ("sections.5", [1], ["sections.5.first_line"], [8, 10, 11]),
    ("sections.6", [1], ["sections.6.last_line"], [20, 21]),
    ("sections.7", [1], ["sections"], [[*SECTIONS, SECTIONS[-1]]]),
    ("sections: 19", [1], ["sections"], [SECTIONS[:-1]]),
    ("sections.0", [1], ["sections"], [SECTIONS[1:], SECTIONS[::-1]]),
]
# fmt: on


@pytest.mark.parametrize(("wanted", "numbers", "paths", "values"), WRONG)
def test_rules(wanted: str, numbers: list[int], paths: list[str], values: list[object]) -> None:
    """A value that contradicts the text is accepted, or the error does not name it."""
    for number, path, value in product(numbers, paths, values):
        named, _, message = wanted.partition(": ")
        named = named or path.removeprefix("evidence.").split(".")[0]
        for place, words in errors_of(changed(RECORDS[number], path, value)):
            assert place.split(".")[0] in (*FIELDS, *COMPUTED, "extra"), (path, value)
            # Which field contradicts a wrong text is a matter of taste.
            assert path == "text" or f".{named}." in f".{place}.", (path, value)
            assert set(message.split()) <= words, (path, value)


def with_text(text: str, **values: object) -> dict:
    """Return a record with another text, whose size and digest are right."""
    data = text.encode()
    proof = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    return {name: RECORDS[0][name] for name in FIELDS} | proof | {"text": text} | values


def test_other_texts() -> None:
    """The rules hold for the two texts only, or a quotation is found inside a longer word."""
    section = {"kind": "headline", "first_line": 1, "last_line": 1}
    evidence = RECORDS[0]["evidence"] | {"headline": {"line": 1, "text": "words"}}
    values = {"headline": "words", "evidence": evidence, "sections": [section]}
    article = Article.model_validate(with_text("Forewords: words", **values))
    assert article.span(article.evidence.headline) == (11, 16)
    body = {"kind": "body", "first_line": 2, "last_line": 4}
    article = Article.model_validate(with_text("\na\r\n \u2028\nc", sections=[body]))
    assert article.lines == ("", "a\r", " \u2028", "c")
    assert article.span(article.sections[0]) == (1, 8)
    with pytest.raises(ValidationError, match=f"id: .*{SECOND}"):
        Article.model_validate(RECORDS[1] | {"id": FIRST, "filename": f"{FIRST}.txt"})
    for empty in ("", "\n", " \n\n"):
        assert Article.model_validate(with_text(empty, sections=[])).body == ""


def test_frozen() -> None:
    """An article that was checked can be changed afterwards, or put into no set."""
    article = ARTICLES[1]
    for model in (article, article.evidence, *article.sections, *dict(article.evidence).values()):
        name = next(iter(type(model).model_fields))
        with pytest.raises(ValidationError, match="frozen"):
            setattr(model, name, getattr(model, name))
        assert hash(model) == hash(type(model).model_validate_json(model.model_dump_json()))
    assert len({*ARTICLES, *newspair.load_all()}) == 2


def test_help() -> None:
    """A debugger prints the whole text, or help() does not say what a field means."""
    shown = repr(ARTICLES[1])
    assert f"id='{SECOND}'" in shown
    assert [name for name in COMPUTED if f"{name}=" in shown] == []
    assert ARTICLES[1].paragraphs[-1][:40] not in shown
    text = pydoc.render_doc(Article, renderer=pydoc.plaintext)
    for name, field in Article.model_fields.items():
        assert f"{name}: {field.description}\n" in text


def test_part() -> None:
    """The story or a part lacks lines, or a misspelt kind is taken for an absent part."""
    first, second = ARTICLES
    lines = first.text.splitlines(keepends=True)
    assert first.part("body") == "".join(lines[:3]) + "\n" + "".join(lines[7:12])
    assert first.part("navigation") == "".join(lines[13:15])
    assert (first.part("headline"), second.part("credit")) == ("", second.lines[18] + "\n")
    assert first.paragraphs == first.lines[:3:2] + first.lines[7:12:2]
    assert second.paragraphs == second.lines[8:17:2]
    assert first.body == "\n\n".join(first.paragraphs)
    blank = Article(**with_text(first.text.replace("\n\n", "\n \n")))
    assert blank.paragraphs == first.paragraphs
    for wrong in ("", "Body", "x" * 10**6, "\x1b[31m", None, 1):
        with pytest.raises(ValueError, match="body") as caught:
            first.part(wrong)
        message = str(caught.value)
        assert {*get_args(newspair.SectionKind)} <= set(re.findall(r"\w+", message))
        assert message.isprintable()
        assert len(message) < 300


def test_span() -> None:
    """Offsets are those of another place, or of bytes."""
    first, second = ARTICLES
    for article in ARTICLES:
        for section in article.sections:
            start, end = article.span(section)
            lines = article.lines[section.first_line - 1 : section.last_line]
            assert article.text[start:end] == "\n".join(lines)
        for number, line in enumerate(article.lines, 1):
            for pair in pairwise(line.split()):
                quotation = Quotation(line=number, text=" ".join(pair))
                start, end = article.span(quotation)
                assert article.text[start:end] == quotation.text
                assert article.text.count("\n", 0, start) == number - 1
    nowhere = [Quotation(line=4, text="U"), Quotation(line=99, text="Ukraine")]
    nowhere += [Section(kind="body", first_line=1, last_line=16), second.evidence.headline]
    for place in nowhere:
        with pytest.raises(ValueError, match="line"):
            first.span(place)


def test_damaged_metadata(tmp_path: Path) -> None:
    """Damaged metadata are loaded or printed, or the texts can no longer be read."""
    file = vendor(tmp_path) / "articles.jsonl"
    file.write_bytes(file.read_bytes().replace(b"18:32", b"18:33"))
    program = f"""
import newspair
try:
    newspair.load("{SECOND}")
except newspair.IntegrityError as error:
    print(error.filename, len(newspair.read_text("{SECOND}")))
newspair.load_all()"""
    ended = python("-c", program, path=tmp_path)
    assert ended.stdout.split() == [b"articles.jsonl", b"2076"]
    assert b"newspair.IntegrityError: articles.jsonl" in ended.stderr
    ended = run("show", FIRST, "--annotate", path=tmp_path)
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert b"articles.jsonl" in ended.stderr
