"""Ids, digests and reads; and that the files of the data folder agree with each other."""

import doctest
import hashlib
import json
import pickle
import re
import shutil
import typing
import unicodedata

import pytest
from derive import derived_files
from helpers import DATA, FIRST, FIRST_FILE, PACKAGE, SECOND, SECOND_FILE, python

import newspair
from newspair import Article, IntegrityError, UnknownArticleError
from newspair._folder import FILES

# Here once more, so that a change of the package cannot change the articles.
DIGESTS = {
    "000_11fb25597ae0a89a": "c1d531363422d524ac82d3ad67c5caf2191206dc3b449ddfcd773d698823a10d",
    "003_ced7b9f589f8a978": "b2dcd8bcc099f249818b97a1cabcaf648d88cf85c5afc714023dfa2b8ac088e9",
}
ARTICLE_IDS = pytest.mark.parametrize("article_id", [FIRST, SECOND, "000", "003"])


class TestRead:
    def test_ids_are_in_file_order(self):
        assert newspair.ids() == tuple(DIGESTS)

    def test_checksums(self):
        assert newspair.checksums() == DIGESTS

    def test_checksums_are_a_new_dict(self):
        newspair.checksums().clear()
        assert newspair.checksums() == DIGESTS

    @ARTICLE_IDS
    def test_bytes_have_the_digest(self, article_id):
        digest = hashlib.sha256(newspair.read_bytes(article_id)).hexdigest()
        assert digest in (value for key, value in DIGESTS.items() if key.startswith(article_id))

    @ARTICLE_IDS
    def test_text_is_the_bytes_decoded(self, article_id):
        assert newspair.read_text(article_id).encode("utf-8") == newspair.read_bytes(article_id)

    @pytest.mark.parametrize("function", [newspair.read_bytes, newspair.read_text, newspair.load])
    @pytest.mark.parametrize("article_id", ["", "0", "00", "004", " 003", SECOND_FILE, None, 3, ()])
    def test_unknown_id(self, function, article_id):
        with pytest.raises(UnknownArticleError) as caught:
            function(article_id)
        assert str(caught.value) == f"no article {article_id!r}; the ids are {FIRST} and {SECOND}"

    def test_unknown_id_is_a_key_error(self):
        with pytest.raises(KeyError):
            newspair.read_text("004")

    def test_message_of_a_long_id_is_short_and_printable(self):
        with pytest.raises(UnknownArticleError) as caught:
            newspair.read_text("\n" * 100_000)
        assert len(str(caught.value)) < 200
        assert "...; the ids are" in str(caught.value)
        assert str(caught.value).isprintable()


READ = """
import newspair
try:
    newspair.read_text("003")
except newspair.IntegrityError as error:
    print(error.filename, error.path, error.reason, error, sep="\\n")
"""


class TestDamagedPackage:
    def read(self, vendored):
        printed = python("-c", READ, path=vendored)
        assert printed.stderr == ""
        return printed.stdout.splitlines()

    def test_changed_file(self, vendored):
        path = vendored / "newspair" / "data" / SECOND_FILE
        path.write_bytes(b"x")
        filename, where, reason, text = self.read(vendored)
        assert (filename, where) == (SECOND_FILE, str(path))
        assert reason.startswith(f"is changed: its SHA-256 is not {DIGESTS[SECOND]}")
        assert text.startswith(f"{filename}: {reason} ({where}). ")
        assert "Install newspair again" in text

    def test_missing_file(self, vendored):
        (vendored / "newspair" / "data" / SECOND_FILE).unlink()
        _, _, reason, _ = self.read(vendored)
        assert reason == "is missing"

    def test_folder_in_place_of_a_file(self, vendored):
        path = vendored / "newspair" / "data" / SECOND_FILE
        path.unlink()
        path.mkdir()
        _, _, reason, _ = self.read(vendored)
        assert reason == "cannot be opened: it is a folder"

    def test_no_data_folder(self, vendored):
        shutil.rmtree(vendored / "newspair" / "data")
        _, where, reason, _ = self.read(vendored)
        assert where == str(vendored / "newspair" / "data" / SECOND_FILE)
        assert reason == "is missing"

    def test_error_can_be_pickled(self):
        error = IntegrityError("name", "path", "reason")
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        assert (str(again), again.reason) == (str(error), "reason")


FROM_ZIP = """
import newspair
assert newspair.read_text("003").startswith(" date")
assert newspair.validate()
assert newspair.copy_data("copied").is_dir()
"""


class TestZip:
    def test_all_but_path_works_without_other_packages(self, zipped, tmp_path):
        printed = python("-S", "-c", FROM_ZIP, path=zipped, cwd=tmp_path)
        assert printed.stderr == ""
        assert newspair.validate(tmp_path / "copied")

    def test_there_is_no_path(self, zipped):
        printed = python("-c", "import newspair; newspair.path('003')", path=zipped)
        assert "NewspairError: " in printed.stderr
        assert "data is in a zip file; read_bytes and copy_data" in printed.stderr


class TestModule:
    """What editors, type checkers and frameworks see of the package."""

    def test_docstring_shows_first_calls(self):
        assert doctest.testmod(newspair).attempted >= 4
        assert doctest.testmod(newspair).failed == 0

    def test_dir_has_all_names(self):
        assert set(newspair.__all__) | {"__version__"} == set(dir(newspair))

    def test_all_is_sorted(self):
        assert newspair.__all__ == sorted(newspair.__all__)

    def test_names_are_imported_on_first_use(self):
        program = "import newspair, sys; print('pydantic' in sys.modules); newspair.Article"
        printed = python("-c", program)
        assert (printed.stdout, printed.stderr) == ("False\n", "")

    def test_unknown_name(self):
        with pytest.raises(AttributeError, match="module 'newspair' has no attribute 'lode'"):
            newspair.lode  # noqa: B018 - the access is the test

    def test_stub_names_what_the_module_has(self):
        stub = (PACKAGE / "__init__.pyi").read_text("utf-8")
        imports = re.findall(r"^from \.(\w+) import (\w+) as \2$", stub, re.MULTILINE)
        assert sorted(name for _, name in imports) == newspair.__all__
        for module, name in imports:
            assert getattr(newspair, name).__module__ == f"newspair.{module}"

    @pytest.mark.parametrize("name", newspair.__all__)
    def test_type_hints_can_be_read(self, name):
        assert isinstance(typing.get_type_hints(getattr(newspair, name)), dict)


class TestDataFolder:
    """The files of the data folder."""

    def test_articles_have_the_digests(self):
        for article_id, digest in DIGESTS.items():
            content = (DATA / f"{article_id}.txt").read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest

    def test_derived_files_are_what_derive_writes(self):
        for name, content in derived_files(DATA).items():
            assert (DATA / name).read_bytes() == content, f"{name}: run tests/derive.py"

    def test_sums_list_the_five_data_files(self):
        lines = (DATA / "SHA256SUMS").read_text("utf-8").splitlines()
        assert [line.split("  ")[1] for line in lines] == [FIRST_FILE, SECOND_FILE, *FILES[1:4]]

    def test_version_is_that_of_the_package(self):
        package = json.loads((DATA / "datapackage.json").read_bytes())
        assert package["version"] == newspair.__version__

    def test_every_field_has_a_type_in_the_header_of_the_card(self):
        header = (DATA / "README.md").read_text("utf-8").split("---\n")[1]
        features = re.findall(r"^  - name: (\w+)$", header, re.MULTILINE)
        assert features == [*Article.model_fields, *Article.model_computed_fields]

    def test_card_shows_where_the_texts_were_published(self):
        card = (DATA / "README.md").read_text("utf-8")
        for article in newspair.load_all():
            assert f": <{article.url}>\n" in card

    def test_every_flat_field_is_in_croissant(self):
        croissant = json.loads((DATA / "croissant.json").read_bytes())
        names = [field["name"] for field in croissant["recordSet"][0]["field"]]
        assert names == list(newspair.load("003").model_dump(exclude={"evidence", "sections"}))

    def test_unicode_normalization_changes_nothing(self):
        for article_id in newspair.ids():
            text = newspair.read_text(article_id)
            for form in ("NFC", "NFD", "NFKC", "NFKD"):
                assert unicodedata.is_normalized(form, text)
