"""Other people's tools open the data folder, and get the exact texts.

Run with ``uv run --group interop pytest -m interop``.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from helpers import (
    PACKAGE,
    ROOT,
    SECOND_FILE,
    blocks,
    copy_checkout,
    execute,
    git,
    output,
    python,
    recipes,
)

import newspair

pytestmark = [
    pytest.mark.interop,
    pytest.mark.filterwarnings("ignore"),  # those of the tools are theirs
    pytest.mark.skipif(not (ROOT / "docs").exists(), reason="there are no documents"),
]

OFFLINE = {"HF_HUB_OFFLINE": "1"}
ARTICLES = newspair.load_all()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a folder with a copy in data/, as the recipes expect it; it is the working folder."""
    newspair.copy_data(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_recipe(name, folder):
    """Run the Python block of a recipe in a process of its own."""
    (code,) = blocks(recipes()[name], "python")
    assert "assert " in code
    return python("-c", code, cwd=folder, env=OFFLINE)


READERS = [
    pytest.param("pandas, polars, DuckDB", ["pandas", "polars", "duckdb"], id="frames"),
    pytest.param("Hugging Face datasets", ["datasets"], id="datasets"),
    pytest.param("Croissant", ["mlcroissant"], id="croissant"),
    pytest.param("Data Package", ["frictionless"], id="frictionless"),
    pytest.param("NLTK", ["nltk"], id="nltk"),
]
SPACY = pytest.param("spaCy", ["spacy"], id="spacy")  # it reads no copy


@pytest.mark.parametrize(("name", "modules"), [*READERS, SPACY])
def test_recipe_gets_the_texts(name, modules, folder):
    for module in modules:
        pytest.importorskip(module)
    printed = run_recipe(name, folder)
    assert printed.returncode == 0, printed.stderr


@pytest.mark.parametrize(("name", "modules"), READERS)
def test_recipe_fails_if_a_text_was_changed(name, modules, folder):
    for module in modules:
        pytest.importorskip(module)
    for path in [folder / "data" / "articles.jsonl", *folder.glob("data/*.txt")]:
        path.write_bytes(path.read_bytes().replace(b"Ukrain", b"Ukraine"))
    printed = run_recipe(name, folder)
    assert printed.returncode == 1
    assert "Error" in printed.stderr


class TestDatasets:
    """What Hugging Face datasets gives, other tools take."""

    @pytest.fixture
    def rows(self, folder, monkeypatch):
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        datasets = pytest.importorskip("datasets")
        return datasets.load_dataset("data", split="train", cache_dir=str(folder / "cache"))

    def test_rows_are_the_articles(self, rows):
        for row, article in zip(rows, ARTICLES, strict=True):
            expected = article.model_dump(exclude={"evidence"})
            assert {name: row[name] for name in expected} == expected | {
                "sections": list(expected["sections"])
            }

    def test_rows_have_the_evidence(self, rows):
        evidence = rows[1]["evidence"]
        assert evidence == ARTICLES[1].evidence.model_dump()

    def test_to_polars(self, rows):
        pytest.importorskip("polars")
        frame = rows.to_polars()
        assert frame["date_created"].to_list() == [None, ARTICLES[1].date_created]

    def test_to_parquet_and_polars(self, rows, folder):
        polars = pytest.importorskip("polars")
        rows.to_parquet(folder / "rows.parquet")
        frame = polars.read_parquet(folder / "rows.parquet")
        assert frame["text"].to_list() == [article.text for article in ARTICLES]
        assert frame["date_created"].to_list() == [None, ARTICLES[1].date_created]

    def test_to_pandas(self, rows):
        frame = rows.to_pandas()
        assert frame["date_created"][1] == ARTICLES[1].date_created


class TestFrames:
    def test_pandas_to_parquet_and_back(self, folder):
        pandas = pytest.importorskip("pandas")
        pytest.importorskip("pyarrow")
        frame = pandas.DataFrame([article.model_dump() for article in ARTICLES])
        frame.to_parquet(folder / "frame.parquet")
        again = pandas.read_parquet(folder / "frame.parquet")
        assert again["text"].to_list() == frame["text"].to_list()
        assert again["date_created"][1] == ARTICLES[1].date_created

    @pytest.mark.usefixtures("folder")
    def test_duckdb_to_arrow(self):
        duckdb = pytest.importorskip("duckdb")
        pytest.importorskip("pyarrow")
        table = duckdb.sql("SELECT * FROM 'data/articles.jsonl'").to_arrow_table()
        assert table["text"].to_pylist() == [article.text for article in ARTICLES]
        assert table["date_created"].to_pylist() == [None, ARTICLES[1].date_created]


class TestCroissant:
    @pytest.fixture
    def dataset(self, folder):
        mlcroissant = pytest.importorskip("mlcroissant")
        return mlcroissant.Dataset(str(folder / "data" / "croissant.json"))

    def test_has_no_errors_or_warnings(self, dataset):
        issues = dataset.metadata.ctx.issues
        assert (list(issues.errors), list(issues.warnings)) == ([], [])

    def test_records_are_the_articles(self, dataset):
        for record, article in zip(dataset.records("articles"), ARTICLES, strict=True):
            for name in ("id", "text", "url", "body"):
                assert record[f"articles/{name}"].decode() == getattr(article, name)
            assert record["articles/size"] == article.size


class TestDataPackage:
    @pytest.mark.usefixtures("folder")
    def test_frictionless_has_no_warnings(self):
        pytest.importorskip("frictionless")
        report = json.loads(
            output(
                sys.executable, "-m", "frictionless", "validate", "--json", "data/datapackage.json"
            )
        )
        assert (report["valid"], report["warnings"]) == (True, [])

    def test_schema_of_version_2(self, folder):
        jsonschema = pytest.importorskip("jsonschema")
        dplib = pytest.importorskip("dplib")
        profile = Path(dplib.__file__).parent / "profiles" / "2.0" / "datapackage.json"
        schema = json.loads(profile.read_text("utf-8"))
        descriptor = json.loads((folder / "data" / "datapackage.json").read_text("utf-8"))
        jsonschema.validate(descriptor, schema)
        del descriptor["resources"][0]["path"]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(descriptor, schema)


class TestJedi:
    """Editors complete without running anything."""

    def complete(self, code):
        jedi = pytest.importorskip("jedi")
        project = jedi.Project(PACKAGE.parent, load_unsafe_extensions=False)
        return {each.name for each in jedi.Script(code, project=project).complete()}

    def test_all_names(self):
        assert set(newspair.__all__) <= self.complete("import newspair\nnewspair.")

    def test_attributes_of_an_article(self):
        names = self.complete("import newspair\nnewspair.load('003').")
        assert {"headline", "evidence", "text", "body", "part", "span"} <= names


@pytest.fixture
def hook(tmp_path):
    """Give a function that runs the hook of the recipe, from a clone of newspair, in a project."""
    pytest.importorskip("pre_commit")
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    tool = copy_checkout(tmp_path / "newspair")
    git("init", "--quiet", cwd=tool)
    git("add", "--all", cwd=tool)
    git("commit", "--quiet", "--message", "all", cwd=tool)
    git("tag", "v1.0.0", cwd=tool)
    project = tmp_path / "project"
    newspair.copy_data(project / "tests" / "news")
    (recipe,) = blocks(recipes()["pre-commit"], "yaml")
    recipe = recipe.replace("path/or/url of newspair", str(tool)).replace("tag or commit", "v1.0.0")
    (project / ".pre-commit-config.yaml").write_text(recipe, "utf-8")
    git("init", "--quiet", cwd=project)
    git("add", "--all", cwd=project)

    def run():
        environment = {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit"), "PATH": os.environ["PATH"]}
        command = (sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never")
        printed = execute(*command, cwd=project, env=environment)
        if "from versions: none" in printed.stdout:
            pytest.skip("a package index is needed")
        return project, printed

    return run


def test_pre_commit_reports_each_problem_once(hook):
    project, printed = hook()
    assert printed.returncode == 0, printed.stdout + printed.stderr
    path = project / "tests" / "news" / SECOND_FILE
    path.write_bytes(path.read_bytes().replace(b"Poltava", b"Lviv"))
    git("add", "--all", cwd=project)
    _, printed = hook()
    assert printed.returncode == 1
    assert printed.stdout.count("[edited]") == 1
    assert f"tests/news/{SECOND_FILE}:11: expected" in printed.stdout
