"""The data folder: the files agree with each other, and with the two texts."""

import hashlib
import json
import re
import unicodedata
import uuid
from itertools import product

from derive import derive
from helpers import DATA, FIRST, GENUINE, NAMES, SECOND

import newspair
from newspair import Article

# Here once more, so that a change of the package cannot change the articles.
ARTICLES = {
    "000_11fb25597ae0a89a.txt": "c1d531363422d524ac82d3ad67c5caf2191206dc3b449ddfcd773d698823a10d",
    "003_ced7b9f589f8a978.txt": "b2dcd8bcc099f249818b97a1cabcaf648d88cf85c5afc714023dfa2b8ac088e9",
}
LITTER = {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"}
CARD = GENUINE["README.md"].decode()
PACKAGE = json.loads(GENUINE["datapackage.json"])


def test_articles() -> None:
    """Catches a changed article, whatever the package pins."""
    digests = {name: hashlib.sha256(GENUINE[name]).hexdigest() for name in ARTICLES}
    assert digests == ARTICLES


def test_files() -> None:
    """Catches a file that is committed to data/ and not pinned."""
    found = {path.name for path in DATA.iterdir()}
    assert {name for name in found - LITTER if not name.startswith("._")} == set(NAMES)


def test_derived() -> None:
    """Catches a derived file that was edited by hand, or not derived after a change."""
    derived = derive(DATA)
    assert set(derived) == {"articles.jsonl", "croissant.json", "SHA256SUMS", "README.md"}
    for name, content in derived.items():
        assert content == GENUINE[name], f"{name}: run tests/derive.py"


def test_sums() -> None:
    """Catches a line that `sha256sum -c` would reject."""
    lines = [f"{digest}  {name}\n" for name, digest in ARTICLES.items()]
    assert GENUINE["SHA256SUMS"].decode() == "".join(lines)


def test_version() -> None:
    """Catches a new version in one of the two places only."""
    assert PACKAGE["version"] == newspair.__version__
    assert json.loads(GENUINE["croissant.json"])["version"] == newspair.__version__


def test_identifier() -> None:
    """Catches an id that is not that of the two texts."""
    assert PACKAGE["id"] == str(uuid.uuid5(uuid.NAMESPACE_OID, "".join(ARTICLES.values())))


def test_resources() -> None:
    """Catches a digest or size in the descriptor that is not that of the file."""
    for resource, (name, digest) in zip(PACKAGE["resources"], ARTICLES.items(), strict=True):
        stated = (resource["path"], resource["hash"], resource["bytes"])
        assert stated == (name, f"sha256:{digest}", len(GENUINE[name]))


def test_features() -> None:
    """Catches a field without a type in the header of the data card."""
    header = CARD.split("---\n")[1]
    features = re.findall(r"^  - name: (\w+)$", header, re.MULTILINE)
    assert features == [*Article.model_fields, *Article.model_computed_fields]


def test_counts() -> None:
    """Catches a wrong number in the card; the texts are counted without the package."""
    for name in ARTICLES:
        text = GENUINE[name].decode()
        lines = text.count("\n") + (not text.endswith("\n"))
        non_ascii = len(re.findall(r"[^\x00-\x7f]", text))
        counts = (len(GENUINE[name]), lines, len(text.split()), len(text), non_ascii)
        row = " | ".join(f"{count:,}" for count in counts)
        assert f"| `{name}` | {row} |\n" in CARD


def test_sections() -> None:
    """Catches a label in the card that is not the one in the metadata."""
    rows = re.findall(r"^\| `(\d+)` (\d+)(?:–(\d+))? \| (\w+) \|$", CARD, re.MULTILINE)
    listed = [(number, int(first), int(last or first), kind) for number, first, last, kind in rows]
    assert listed == [
        (article.id[:3], section.first_line, section.last_line, section.kind)
        for article in newspair.load_all()
        for section in article.sections
    ]


def test_oddities() -> None:
    """Catches an oddity in the card whose words are not on the line it names."""
    lists = CARD.split("\nIn `")[1:]
    assert [part.split(".")[0] for part in lists] == [FIRST, SECOND]
    checked = 0
    for article, part in zip(newspair.load_all(), lists, strict=True):
        for number, entry in re.findall(r"^- lines? (\d+)(.*(?:\n  .*)*)", part, re.MULTILINE):
            for words, other in re.findall(r'"([^"]+)"(?: of line (\d+))?', entry):
                assert words in article.lines[int(other or number) - 1], entry
                checked += 1
    assert checked > 25


def test_normalization() -> None:
    """Catches a claim of the card that a normalization would disprove."""
    for form, article_id in product(("NFC", "NFD", "NFKC", "NFKD"), newspair.ids()):
        assert unicodedata.is_normalized(form, newspair.read_text(article_id)), form
