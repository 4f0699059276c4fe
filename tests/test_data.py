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


def test_articles() -> None:
    """Catches a changed article, whatever the package pins; a line that `sha256sum -c` rejects."""
    assert {name: hashlib.sha256(GENUINE[name]).hexdigest() for name in ARTICLES} == ARTICLES
    lines = [f"{digest}  {name}\n" for name, digest in ARTICLES.items()]
    assert GENUINE["SHA256SUMS"].decode() == "".join(lines)


def test_files() -> None:
    """Catches a file that is not pinned; one that was edited by hand, or not derived again."""
    found = {path.name for path in DATA.iterdir()}
    assert {name for name in found - LITTER if not name.startswith("._")} == set(NAMES)
    derived = derive(DATA)
    assert set(derived) == {"articles.jsonl", "croissant.json", "SHA256SUMS", "README.md"}
    for name, content in derived.items():
        assert content == GENUINE[name], f"{name}: run tests/derive.py"


def test_metadata() -> None:
    """Catches another version than the package's, a wrong id, and a field that has no type."""
    package = json.loads(GENUINE["datapackage.json"])
    assert package["version"] == newspair.__version__
    assert package["id"] == str(uuid.uuid5(uuid.NAMESPACE_OID, "".join(ARTICLES.values())))
    features = re.findall(r"^  - name: (\w+)$", CARD.split("---\n")[1], re.MULTILINE)
    assert features == [*Article.model_fields, *Article.model_computed_fields]


def test_card() -> None:
    """Catches an oddity whose words are not on its line, and a text that normalization changes."""
    lists = CARD.split("\nIn `")[1:]
    assert [part.split(".")[0] for part in lists] == [FIRST, SECOND]
    checked = 0
    for article, part in zip(newspair.load_all(), lists, strict=True):
        for number, entry in re.findall(r"^- lines? (\d+)(.*(?:\n  .*)*)", part, re.MULTILINE):
            for words, other in re.findall(r'"([^"]+)"(?: of line (\d+))?', entry):
                assert words in article.lines[int(other or number) - 1], entry
                checked += 1
    assert checked > 25
    for form, article_id in product(("NFC", "NFD", "NFKC", "NFKD"), newspair.ids()):
        assert unicodedata.is_normalized(form, newspair.read_text(article_id)), form
