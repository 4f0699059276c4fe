"""A user's program that only type checkers run: what it does must be allowed, or refused.

Each line that must be refused carries an ignore, and an ignore that nothing needs is an error.
"""

import datetime as dt
from pathlib import Path

import newspair
from newspair import Article, Evidence, Problem, Quotation, Report, Section

ids: tuple[str, ...] = newspair.ids()
data: bytes = newspair.read_bytes("000")
text: str = newspair.read_text(ids[0])
sums: dict[str, str] = newspair.checksums()
place: Path = newspair.path("003")
version: str = newspair.__version__

article: Article = newspair.load("003_ced7b9f589f8a978")
articles: tuple[Article, ...] = newspair.load_all()
article_id: str = article.id
size: int = article.size
url: str = article.url
headline: str | None = article.headline
created: dt.datetime | None = article.date_created
evidence: Evidence = article.evidence
quotation: Quotation | None = evidence.headline
if quotation is not None:
    line: int = quotation.line
    words: str = quotation.text
sections: tuple[Section, ...] = article.sections
first: int = sections[0].first_line
lines: tuple[str, ...] = article.lines
story: tuple[str, ...] = article.paragraphs
body: str = article.body
count: int = article.word_count
part: str = article.part(sections[0].kind)
start, end = article.span(sections[0])
known: set[Article] = {article}

report: Report = newspair.validate()
report = newspair.validate("data")
report = newspair.validate(Path("data"))
ok: bool = report.ok
problems: tuple[Problem, ...] = report.problems
number: int | None = problems[0].line
code: str = problems[0].code
copied: Path = newspair.copy_data("copy", overwrite=True)

try:
    newspair.load("000")
except newspair.UnknownArticleError as unknown:
    message: str = str(unknown)
except newspair.IntegrityError as damaged:
    where: tuple[str, str, str] = (damaged.filename, damaged.path, damaged.reason)
except newspair.NewspairError:
    pass

newspair.read_text(3)  # type: ignore[arg-type]
newspair.validate(1)  # type: ignore[arg-type]
newspair.copy_data("copy", overwrite="yes")  # type: ignore[arg-type]
article.headline = "none"  # type: ignore[misc]
