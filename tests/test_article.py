"""An article is its text, what the text states, and its parts."""

import datetime as dt
import enum
import pickle

import pytest
from pydantic import ValidationError

import newspair

FIRST, SECOND = newspair.load_all()
IST = dt.timezone(dt.timedelta(hours=5, minutes=30))


def test_loading_twice_gives_the_same_object() -> None:
    assert newspair.load(FIRST.id) is FIRST
    assert newspair.load_all() == (FIRST, SECOND)
    assert [article.id for article in (FIRST, SECOND)] == list(newspair.ids())


def test_an_article_is_made_of_the_manifest_and_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newspair.article._loaded", {})
    for article in (FIRST, SECOND):
        again = newspair.load(article.id)
        assert again is not article
        assert again == newspair.Article.model_validate(article.model_dump())
        assert newspair.load(article.id) is again


class Id(str, enum.Enum):  # noqa: UP042 - not StrEnum, which prints as its value
    FIRST = "000_11fb25597ae0a89a"


def test_an_id_that_prints_otherwise_is_the_same_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newspair.article._loaded", {})
    assert newspair.read_text(Id.FIRST) == FIRST.text  # type: ignore[arg-type]
    assert type(newspair.load(Id.FIRST).id) is str  # type: ignore[arg-type]
    assert newspair.load("000_11fb25597ae0a89a") == FIRST


def test_an_article_is_frozen_hashable_and_takes_no_unknown_field() -> None:
    assert len({FIRST, SECOND, newspair.load(FIRST.id)}) == 2
    with pytest.raises(ValidationError, match="frozen"):
        FIRST.headline = "Ukrainians strongly oppose"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        newspair.Article.model_validate(FIRST.model_dump() | {"author": None, "extra": 1})


def test_an_article_survives_pickling_and_json() -> None:
    for article in (FIRST, SECOND):
        assert pickle.loads(pickle.dumps(article)) == article  # noqa: S301 - our own bytes
        assert newspair.Article.model_validate_json(article.model_dump_json()) == article


def test_the_file_is_described() -> None:
    for article in (FIRST, SECOND):
        assert article.filename == f"{article.id}.txt"
        assert article.size == len(newspair.read_bytes(article.id))
        assert article.sha256 == newspair.checksums()[article.id]
        assert article.text.encode(article.encoding) == newspair.read_bytes(article.id)


def test_what_the_first_text_does_not_state_is_null() -> None:
    assert FIRST.language == "en"
    stated = (FIRST.headline, FIRST.publisher, FIRST.byline, FIRST.date_published)
    assert (*stated, FIRST.date_modified) == (None,) * 5
    assert set(FIRST.evidence.model_dump().values()) == {None}


def test_what_the_second_text_states_is_read_with_its_evidence() -> None:
    headline = "Zelenskyy Condemns Russian Attacks, Calls for Stronger Global Support"
    moment = dt.datetime(2025, 2, 1, 18, 32, tzinfo=IST)
    assert (SECOND.language, SECOND.headline) == ("en", headline)
    assert (SECOND.publisher, SECOND.byline) == ("Devdiscourse", "Devdiscourse News Desk")
    assert SECOND.date_published == SECOND.date_modified == moment
    assert SECOND.date_published is not None
    assert SECOND.date_published.utcoffset() == IST.utcoffset(None)
    assert SECOND.evidence == newspair.Evidence(
        headline=newspair.Quotation(line=3, text=headline),
        publisher=newspair.Quotation(line=7, text="Devdiscourse News Desk"),
        byline=newspair.Quotation(line=7, text="Devdiscourse News Desk"),
        date_published=newspair.Quotation(line=7, text="Created: 01-02-2025 18:32 IST"),
        date_modified=newspair.Quotation(line=7, text="Updated: 01-02-2025 18:32 IST"),
    )


def test_the_body_is_the_story_alone() -> None:
    assert [len(article.paragraphs) for article in (FIRST, SECOND)] == [5, 5]
    for article in (FIRST, SECOND):
        assert article.body == "\n\n".join(article.paragraphs)
        assert all(paragraph in article.lines for paragraph in article.paragraphs)
    assert FIRST.body.startswith("Ukrainian President Volodymyr Zelensky said")
    assert FIRST.body.endswith("Ukraine has not disclosed its own military figures.")
    assert SECOND.body.startswith("Ukrainian President Volodymyr Zelenskyy vehemently")
    assert SECOND.body.endswith("casualties or injuries among them. (ANI)")
    for chrome in ("Previous article", "Next article", "strongly oppose"):
        assert chrome in FIRST.text
        assert chrome not in FIRST.body
    for chrome in ("Left Menu", "News Desk", "Image Credit", "With inputs"):
        assert chrome in SECOND.text
        assert chrome not in SECOND.body


def test_a_part_is_the_very_lines_of_its_sections() -> None:
    lines = FIRST.text.splitlines(keepends=True)
    assert FIRST.part("navigation") == "".join(lines[13:15])
    assert FIRST.part("heading") == "Ukrainians strongly oppose the Russian invasion\n"
    assert FIRST.part("body") == "".join(lines[0:3]) + "\n" + "".join(lines[7:12])
    assert FIRST.part("headline") == ""
    assert SECOND.part("navigation") == " date 2025-02-01 Left Menu\n"
    assert SECOND.part("body") == SECOND.body + "\n"


def test_lines_are_counted_as_an_editor_counts() -> None:
    assert (FIRST.line_count, SECOND.line_count) == (15, 20)
    assert FIRST.lines[14].startswith("Next article")
    assert (SECOND.lines[6][:12], SECOND.lines[19]) == ("Devdiscourse", "")


def test_counts_are_those_of_the_text() -> None:
    for article, words, characters, beyond in ((FIRST, 360, 2254, 12), (SECOND, 276, 2076, 0)):
        assert article.word_count == words
        assert article.character_count == characters
        assert article.non_ascii_count == beyond
        assert article.size == characters + 2 * beyond  # each of these takes three bytes
