"""The articles with their metadata, and what contradicts the text."""

import datetime as dt
import hashlib
import json
import pickle
from html.parser import HTMLParser

import pytest
from helpers import DATA, FIRST, SECOND, python
from pydantic import ValidationError

import newspair
from newspair import Article, Evidence, Quotation, Section

LINES = (DATA / "articles.jsonl").read_text("utf-8").splitlines()
HEADLINE = "Zelenskyy Condemns Russian Attacks, Calls for Stronger Global Support"
INDIA = dt.timezone(dt.timedelta(hours=5, minutes=30))


@pytest.fixture
def article():
    return newspair.load("003")


class TestLoad:
    @pytest.mark.parametrize("article_id", [FIRST, "000"])
    def test_by_id(self, article_id):
        assert newspair.load(article_id).id == FIRST

    def test_all_in_file_order(self):
        assert newspair.load_all() == (newspair.load("000"), newspair.load("003"))

    def test_values_of_003(self, article):
        assert article.filename == f"{SECOND}.txt"
        assert article.size == 2076
        assert article.sha256 == newspair.checksums()[SECOND]
        assert (article.encoding, article.language) == ("utf-8", "en")
        assert article.url.startswith("https://www.devdiscourse.com/article/international/3248880")
        assert article.headline == HEADLINE
        assert (article.publisher, article.byline) == ("Devdiscourse", "Devdiscourse News Desk")
        assert article.date_created == dt.datetime(2025, 2, 1, 18, 32, tzinfo=INDIA)
        assert article.date_created.isoformat() == "2025-02-01T18:32:00+05:30"
        assert article.date_modified == article.date_created
        assert article.text == newspair.read_text("003")

    def test_000_states_none_of_the_five_values(self):
        article = newspair.load("000")
        for name in Evidence.model_fields:
            assert getattr(article, name) is None
            assert getattr(article.evidence, name) is None

    def test_evidence_is_on_its_line(self, article):
        for _, quotation in article.evidence:
            assert quotation.text in article.lines[quotation.line - 1]

    def test_order_of_the_fields(self):
        assert " ".join(Article.model_fields) == (
            "id filename size sha256 encoding language url headline publisher byline "
            "date_created date_modified evidence sections text"
        )


class TestArticle:
    def test_is_frozen(self, article):
        with pytest.raises(ValidationError):
            article.headline = "x"

    def test_is_hashable(self, article):
        assert len({article, newspair.load("003"), newspair.load("000")}) == 2

    def test_str_is_the_text(self, article):
        assert str(article) == article.text

    def test_repr_leaves_out_the_text(self, article):
        assert "Poltava" not in repr(article)
        assert "line_count" not in repr(article)
        assert "word_count" not in repr(article)
        assert repr(article).startswith("Article(id='003_ced7b9f589f8a978', filename=")

    def test_can_be_pickled(self, article):
        assert pickle.loads(pickle.dumps(article)) == article  # noqa: S301 - our own

    def test_models_are_built_at_import(self):
        """Building them on first use is not safe in threads."""
        for model in (Article, Evidence, Quotation, Section):
            assert model.__pydantic_complete__

    def test_counts(self, article):
        assert (article.line_count, article.word_count) == (20, 276)

    def test_counts_of_a_text_without_last_newline(self):
        article = newspair.load("000")
        assert (article.line_count, article.word_count) == (15, 360)

    def test_lines(self, article):
        assert article.lines == tuple(article.text.removesuffix("\n").split("\n"))

    def test_paragraphs_are_the_lines_of_the_body(self, article):
        assert article.paragraphs == tuple(article.lines[n - 1] for n in (9, 11, 13, 15, 17))

    def test_body_has_a_blank_line_between_paragraphs(self, article):
        assert article.body.split("\n\n") == list(article.paragraphs)

    def test_part_keeps_line_endings(self, article):
        assert article.part("credit") == "(With inputs from agencies.)\n"

    def test_part_of_two_sections_has_a_blank_line_between(self):
        article = newspair.load("000")
        lines = article.lines
        expected = "\n".join([*lines[0:3], "", *lines[7:12], ""])
        assert article.part("body") == expected

    def test_part_that_an_article_lacks(self, article):
        assert article.part("heading") == ""

    def test_part_of_no_such_kind(self, article):
        with pytest.raises(
            ValueError, match=r"^no section kind 'story'; the kinds are navigation, headline, "
        ):
            article.part("story")

    def test_span_of_a_section(self, article):
        for section in article.sections:
            start, end = article.span(section)
            lines = article.lines[section.first_line - 1 : section.last_line]
            assert article.text[start:end] == "\n".join(lines)

    def test_span_of_the_last_line_of_a_text_without_last_newline(self):
        article = newspair.load("000")
        _, end = article.span(article.sections[-1])
        assert end == len(article.text)

    def test_span_of_a_quotation(self, article):
        start, end = article.span(article.evidence.date_created)
        assert article.text[start:end] == "Created: 01-02-2025 18:32 IST"

    @pytest.mark.parametrize(
        ("place", "message"),
        [
            pytest.param(
                Quotation(line=3, text="Poltava"), "'Poltava' is not on line 3", id="words"
            ),
            pytest.param(
                Quotation(line=21, text="x"), "no lines 21 to 21: the text has 20", id="line"
            ),
            pytest.param(
                Section(kind="body", first_line=19, last_line=21), "no lines 19 to 21", id="section"
            ),
        ],
    )
    def test_span_of_what_is_not_there(self, article, place, message):
        with pytest.raises(ValueError, match=message):
            article.span(place)


class TestRoundTrip:
    @pytest.mark.parametrize("strict", [False, True])
    def test_lines_of_articles_jsonl(self, strict):
        articles = [Article.model_validate_json(line, strict=strict) for line in LINES]
        assert tuple(articles) == newspair.load_all()

    def test_lines_are_the_dump(self):
        assert [article.model_dump_json() for article in newspair.load_all()] == LINES

    @pytest.mark.parametrize("mode", ["python", "json"])
    def test_dump(self, article, mode):
        assert Article.model_validate(article.model_dump(mode=mode)) == article

    def test_computed_values_are_computed_again(self):
        values = json.loads(LINES[1]) | {"body": "x", "line_count": -1, "word_count": None}
        assert Article.model_validate(values).model_dump_json() == LINES[1]


VALUES = json.loads(LINES[1])
EVIDENCE = VALUES["evidence"]


def refused(message, **changed):
    """Check that 003 is refused if some of its values are changed."""
    with pytest.raises(ValidationError, match=rf"(?m)^(  Value error, )?{message}"):
        Article.model_validate(VALUES | changed)


class TestTextRule:
    """The text is that of the id, and size, digest and filename are right."""

    def test_short_id(self):
        refused("id: no article '003'", id="003")

    def test_other_id(self):
        refused("text: is not the text of 000", id=FIRST)

    def test_text(self):
        refused("text: is not the text of 003", text="x")

    def test_text_with_its_own_size_and_digest(self):
        digest = hashlib.sha256(b"x").hexdigest()
        refused("text: is not the text of 003", text="x", size=1, sha256=digest)

    def test_text_that_cannot_be_encoded(self):
        refused("text: is not the text of 003", text="\ud800")

    def test_size(self):
        refused("size: must be 2076 bytes", size=2077)

    def test_sha256(self):
        refused("sha256: must be b2dcd8bc", sha256="0" * 64)

    def test_filename(self):
        refused("filename: must be 003_", filename="x")

    def test_encoding(self):
        refused("encoding\n", encoding="ascii")

    def test_language(self):
        refused("language\n", language="de")

    def test_url(self):
        refused("url\n", url=None)


class TestEvidenceRule:
    """Every value has evidence that stands on its line and says it, and None has none."""

    def test_headline(self):
        refused("headline: .* does not say 'x'", headline="x")

    def test_publisher_is_the_first_words_of_the_desk(self):
        refused("publisher: .* does not say 'Dev'", publisher="Dev")

    def test_publisher_may_be_all_of_its_words(self):
        evidence = EVIDENCE | {"publisher": {"line": 7, "text": "Devdiscourse"}}
        assert Article.model_validate(VALUES | {"evidence": evidence})

    def test_byline(self):
        refused("byline: .* does not say", byline="Devdiscourse")

    def test_date_in_another_zone(self):
        refused("date_created: .* does not say", date_created="2025-02-01T18:32:00Z")

    def test_date_with_a_second(self):
        refused("date_modified: .* does not say", date_modified="2025-02-01T18:32:01+05:30")

    def test_date_without_zone(self):
        refused("date_created\n", date_created="2025-02-01T18:32:00")

    def test_date_with_the_label_of_the_other(self):
        evidence = EVIDENCE | {"date_created": EVIDENCE["date_modified"]}
        refused("date_created: .* does not say", evidence=evidence)

    def test_words_without_a_date(self):
        evidence = EVIDENCE | {"date_created": {"line": 7, "text": "Created"}}
        refused("date_created: .* does not say", evidence=evidence)

    def test_value_without_evidence(self):
        refused("byline: .* has no evidence", evidence=EVIDENCE | {"byline": None})

    def test_evidence_without_value(self):
        refused("byline: is null, but has evidence", byline=None)

    def test_words_on_another_line(self):
        evidence = EVIDENCE | {"headline": EVIDENCE["headline"] | {"line": 4}}
        refused("evidence.headline: .* is not on line 4", evidence=evidence)

    def test_line_that_is_not_there(self):
        evidence = EVIDENCE | {"headline": EVIDENCE["headline"] | {"line": 21}}
        refused("evidence.headline: there are no lines 21", evidence=evidence)


def with_section(index, **changed):
    """Return the sections of 003, one of them changed."""
    sections = list(VALUES["sections"])
    sections[index] = sections[index] | changed
    return sections


class TestSectionRule:
    """Sections are in order, do not overlap, and cover every line that holds text."""

    def test_overlap(self):
        refused("sections.1: .*overlap", sections=with_section(1, first_line=1))

    def test_last_line_in_the_next_section(self):
        refused("sections.1: .*overlap", sections=with_section(0, last_line=4))

    def test_last_line_before_the_first(self):
        refused("sections.5: .*order", sections=with_section(5, last_line=8))

    def test_past_the_end(self):
        refused("sections.6: ", sections=with_section(6, last_line=21))

    def test_line_in_no_section(self):
        refused("sections: line 17 is in no section", sections=with_section(5, last_line=16))

    def test_no_sections(self):
        refused("sections: line 1 is in no section", sections=[])

    def test_unknown_kind(self):
        refused("sections.5.kind\n", sections=with_section(5, kind="story"))

    def test_out_of_order(self):
        refused("sections.1: .*order", sections=VALUES["sections"][::-1])


LOAD = """
import newspair
try:
    newspair.load("003")
except newspair.IntegrityError as error:
    print(error.filename, error.reason, sep="\\n")
"""


class TestDamagedPackage:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            pytest.param("", "it does not hold the two articles", id="empty"),
            pytest.param("x", "Invalid JSON", id="no-json"),
            pytest.param(LINES[0], "it does not hold the two articles", id="one"),
            pytest.param(f"{LINES[1]}\n{LINES[0]}", "it does not hold the two", id="order"),
            pytest.param(LINES[0].replace("2278", "2277"), "size: must be 2278", id="size"),
            pytest.param(LINES[0].replace('"url"', '"link"'), "url: Field required", id="no-url"),
        ],
    )
    def test_changed(self, vendored, content, reason):
        path = vendored / "newspair" / "data" / "articles.jsonl"
        path.write_text(content, "utf-8")
        printed = python("-c", LOAD, path=vendored)
        filename, found = printed.stdout.splitlines()
        assert filename == "articles.jsonl"
        assert found.startswith("is changed: ")
        assert reason in found

    def test_missing(self, vendored):
        (vendored / "newspair" / "data" / "articles.jsonl").unlink()
        printed = python("-c", LOAD, path=vendored)
        assert printed.stdout == "articles.jsonl\nis missing\n"


class Cells(HTMLParser):
    """Collect the text of the cells of a table, row by row."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def handle_starttag(self, tag, _):
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and data.strip():
            self.rows[-1][-1] += data


class TestNotebook:
    def test_rows_have_number_kind_and_text(self, article):
        parser = Cells()
        parser.feed(article._repr_html_())
        assert [row[2] for row in parser.rows] == list(article.lines)
        assert parser.rows[0] == ["1", "navigation", " date 2025-02-01 Left Menu"]
        assert parser.rows[1] == ["2", "", ""]

    def test_kinds_have_colors(self, article):
        html = article._repr_html_()
        assert html.count("solid hsl(0, 60%, 50%)") == 1  # navigation
        assert html.count("solid hsl(270, 60%, 50%)") == 5  # body

    def test_text_is_escaped(self, article):
        assert "Russia&#x27;s" in article._repr_html_()
