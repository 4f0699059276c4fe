"""A user's program that only type checkers run: what it does must be allowed, or refused.

Each line that must be refused carries an ignore, and an ignore that nothing needs is an error.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import newspair
from newspair import (
    Article,
    ArticleId,
    Check,
    Evidence,
    Problem,
    Quotation,
    Report,
    Section,
    SectionKind,
)

ids: tuple[ArticleId, ...] = newspair.ids()
data: bytes = newspair.read_bytes("000_11fb25597ae0a89a")
text: str = newspair.read_text(ids[0])
sums: Mapping[ArticleId, str] = newspair.checksums()
version: str = newspair.__version__

with newspair.as_file("003_ced7b9f589f8a978") as path:
    place: Path = path

article: Article = newspair.load("003_ced7b9f589f8a978")
articles: tuple[Article, ...] = newspair.load_all()
article_id: ArticleId = article.id
names: tuple[str, str, str, str] = (
    article.filename,
    article.sha256,
    article.encoding,
    article.language,
)
counts: tuple[int, int, int, int, int] = (
    article.size,
    article.line_count,
    article.word_count,
    article.character_count,
    article.non_ascii_count,
)
stated: tuple[str | None, str | None, str | None] = (
    article.headline,
    article.publisher,
    article.byline,
)
dates: tuple[dt.datetime | None, dt.datetime | None] = (
    article.date_created,
    article.date_modified,
)
evidence: Evidence = article.evidence
quotation: Quotation | None = evidence.headline
if quotation is not None:
    line: int = quotation.line
    words: str = quotation.text
sections: tuple[Section, ...] = article.sections
first: int = sections[0].first_line
last: int = sections[0].last_line
if sections[0].kind == "body":
    part: str = article.part(sections[0].kind)
lines: tuple[str, ...] = article.lines
story: tuple[str, ...] = article.paragraphs
body: str = article.body
known: set[Article] = {article}

report: Report = newspair.validate()
report = newspair.validate("data")
report = newspair.validate(Path("data"))
ok: bool = report.ok
problems: tuple[Problem, ...] = report.problems
genuine: bool = bool(report)
check: Check = problems[0].check
causes: tuple[str, ...] = problems[0].causes
texts: tuple[str, str] = (problems[0].file, problems[0].message)
copied: Path = newspair.copy("copy")
kind: SectionKind = sections[0].kind
start, end = article.span(sections[0])

try:
    newspair.load("000_11fb25597ae0a89a")
except newspair.UnknownArticleError as unknown:
    message: str = str(unknown)
except newspair.IntegrityError as damaged:
    difference: tuple[str, str, str] = (damaged.filename, damaged.path, damaged.reason)
except newspair.NewspairError:
    pass

newspair.load("000_11fb25597ae0a89b")  # type: ignore[arg-type]
newspair.read_text("003")  # type: ignore[arg-type]
newspair.as_file("003")  # type: ignore[arg-type]
sums["003"]  # type: ignore[index]
article.headline = "none"  # type: ignore[misc]
article.part("story")  # type: ignore[arg-type]
newspair.validate(1)  # type: ignore[arg-type]
