"""Other tools open the data folder and get the exact texts.

Run with ``uv run --group interop pytest -m interop``.
"""

import datetime as dt
import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from commands import (
    SHIPPED,
    TOOLS,
    blocks,
    checkout,
    documents,
    execute,
    output,
    python_output,
    recipes,
    with_newspair,
)
from helpers import FIRST, ROOT, SECOND

import newspair

pytestmark = [pytest.mark.interop, documents]

IST = dt.timezone(dt.timedelta(hours=5, minutes=30))
RECORDS = "list(mlcroissant.Dataset('data/croissant.json').records('articles'))"


def need(*modules: str) -> None:
    """Skip a test if a tool is missing."""
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed; the dependency group interop has it")


def test_every_tool() -> None:
    """Catches a tool of this module without a recipe."""
    assert set(TOOLS) < set(recipes())


@pytest.mark.parametrize("name", [name for name in TOOLS if name != "pre-commit"])
def test_recipe(name: str, data_copy: Path) -> None:
    """Catches a recipe that fails, or gets other texts."""
    need(TOOLS[name])
    programs = blocks(recipes()[name], "python")
    assert programs
    for program in programs:
        assert re.search(r"^ *assert ", program, re.MULTILINE)
        python_output(data_copy.parent, program)


def test_recipe_can_fail(data_copy: Path) -> None:
    """Catches recipes whose assertions hold for a changed text too."""
    need("polars")
    (program,) = blocks(recipes()["polars"], "python")
    lines = (data_copy / "articles.jsonl").read_bytes()
    (data_copy / "articles.jsonl").write_bytes(lines.replace(b"Ukraineand", b"Ukraine and"))
    done = execute(data_copy.parent, sys.executable, "-c", program, **with_newspair())
    assert "AssertionError" in done.stderr


def test_load_dataset(data_copy: Path) -> None:
    """Catches a row that is not the article, and dates without their zone."""
    need("datasets")
    program = """
import pickle, sys
from datasets import load_dataset
rows = load_dataset("data", split="train", cache_dir="cache").to_list()
pickle.dump(rows, open("rows", "wb"))
"""
    python_output(data_copy.parent, program)
    import pickle

    with (data_copy.parent / "rows").open("rb") as file:
        rows = pickle.load(file)  # noqa: S301 - the program above wrote it
    expected = [article.model_dump() for article in newspair.load_all()]
    for row, article in zip(rows, expected, strict=True):
        assert list(row) == list(article)
        row["sections"] = tuple(row["sections"])
        # Arrow has no null structs in this column: they are structs of nulls.
        row["evidence"] = {
            name: value if value and value["text"] is not None else None
            for name, value in (row["evidence"] or {}).items()
        }
        assert row == article
    created = rows[1]["date_created"]
    assert created.utcoffset() == dt.timedelta(hours=5, minutes=30)
    assert created == dt.datetime(2025, 2, 1, 18, 32, tzinfo=IST)


def test_mlcroissant_valid(data_copy: Path) -> None:
    """Catches an error or a warning of the Croissant specification."""
    need("mlcroissant")
    program = """
import mlcroissant
issues = mlcroissant.Dataset("data/croissant.json").metadata.ctx.issues
print(sorted(issues.errors), sorted(issues.warnings))
"""
    assert python_output(data_copy.parent, program) == "[] []\n"


def test_mlcroissant_records(data_copy: Path) -> None:
    """Catches a record that is not exact."""
    need("mlcroissant")
    program = f"""
import json, mlcroissant
decode = lambda value: value.decode() if isinstance(value, bytes) else str(value)
print(json.dumps([{{k: decode(v) for k, v in r.items()}} for r in {RECORDS}]))
"""
    records = json.loads(python_output(data_copy.parent, program).splitlines()[-1])
    for record, article in zip(records, newspair.load_all(), strict=True):
        expected = article.model_dump(exclude={"evidence", "sections"})
        assert list(record) == [f"articles/{name}" for name in expected]
        for name, value in expected.items():
            found = record[f"articles/{name}"]
            if value is None:
                assert found in ("None", "nan", "NaT"), name
            elif isinstance(value, dt.datetime):
                assert dt.datetime.fromisoformat(found) == value
            else:
                assert found == str(value), name


def test_mlcroissant_changed(data_copy: Path) -> None:
    """Catches digests that mlcroissant does not check."""
    need("mlcroissant")
    with (data_copy / "articles.jsonl").open("ab") as file:
        file.write(b"\n")
    program = f"import mlcroissant; {RECORDS}"
    done = execute(data_copy.parent, sys.executable, "-c", program, **with_newspair())
    assert "GenerationError" in done.stderr
    assert "hash" in done.stderr.lower()


def test_frictionless(data_copy: Path) -> None:
    """Catches a descriptor that frictionless rejects, or warns of."""
    need("frictionless")
    options = ("validate", "data/datapackage.json", "--json")
    printed = output(
        data_copy.parent, sys.executable, "-m", "frictionless", *options, **with_newspair()
    )
    report = json.loads(printed)
    assert (report["valid"], report["warnings"]) == (True, [])
    assert [task["valid"] for task in report["tasks"]] == [True, True]


def test_data_package(data_copy: Path) -> None:
    """Catches a descriptor that breaks the schema of Data Package v2."""
    need("dplib", "jsonschema")
    import dplib
    import jsonschema

    profile = Path(dplib.__file__).parent / "profiles" / "2.0" / "datapackage.json"
    schema = json.loads(profile.read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    descriptor = json.loads((data_copy / "datapackage.json").read_text("utf-8"))
    assert list(validator.iter_errors(descriptor)) == []
    descriptor["resources"][0]["hash"] = "sha256:no digest"
    assert list(validator.iter_errors(descriptor))


def test_editorconfig() -> None:
    """Catches a setting with which an editor would change the data."""
    need("editorconfig")
    import editorconfig

    for path in (ROOT / "data").iterdir():
        assert set(editorconfig.get_properties(str(path)).values()) <= {"unset"}, path
    properties = editorconfig.get_properties(str(ROOT / "src" / "x.py"))
    assert properties["insert_final_newline"] == "true"


FIXERS = """
import pathlib, sys
strip, *names = sys.argv[1:]
for path in map(pathlib.Path, names):
    old = path.read_bytes()
    lines = [line.rstrip() for line in old.split(b"\\n")] if strip == "trailing" else [old]
    new = b"\\n".join(lines) if strip == "trailing" else old.rstrip(b"\\n") + b"\\n"
    path.write_bytes(new)
    if new != old:
        sys.exit(1)
"""


@checkout
def test_pre_commit(data_copy: Path, tmp_path: Path) -> None:
    """Catches a hook or recipe of pre-commit that lets a change through, or makes one.

    The recipe runs with a local clone of newspair, and with fixers that do what those of
    pre-commit-hooks do, since theirs come from the network.
    """
    need("pre_commit")
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    environment = {
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "x",
        "GIT_CONFIG_KEY_1": "user.email",
        "GIT_CONFIG_VALUE_1": "x",
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
    }

    def commit(folder: Path, *more: tuple[str, ...]) -> None:
        for command in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "all"), *more):
            output(folder, "git", *command, **environment)

    tool, project = tmp_path / "newspair", tmp_path / "project"
    for name in SHIPPED:
        source = ROOT / name
        target = tool / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    commit(tool, ("tag", "v1.0.0"))

    # The fixers of the recipe come from a local repository.
    fixers = tmp_path / "fixers"
    fixers.mkdir()
    (fixers / "fix.py").write_text(FIXERS, "utf-8")
    hook = "- {{id: {0}, name: {0}, language: system, types: [text], entry: '{1}'}}\n"
    program = f'"{sys.executable}" "{fixers / "fix.py"}"'
    hooks = hook.format("trailing-whitespace", f"{program} trailing")
    (fixers / ".pre-commit-hooks.yaml").write_text(
        hooks + hook.format("end-of-file-fixer", f"{program} end"), "utf-8"
    )
    commit(fixers, ("tag", "v6.0.0"))

    (recipe,) = blocks(recipes()["pre-commit"], "yaml")
    recipe = recipe.replace("https://github.com/pre-commit/pre-commit-hooks", str(fixers))
    recipe = recipe.replace("path/or/url of newspair", str(tool))
    assert str(fixers) in recipe
    assert str(tool) in recipe
    fixtures = project / "tests" / "fixtures"
    fixtures.mkdir(parents=True)
    for article_id in (FIRST, SECOND):
        shutil.copyfile(data_copy / f"{article_id}.txt", fixtures / f"{article_id}.txt")
    (project / ".gitattributes").write_bytes(b"tests/fixtures/* -text\n")
    (project / ".pre-commit-config.yaml").write_text(recipe, "utf-8")
    commit(project)

    def check(folder: Path) -> str:
        command = (sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never")
        done = execute(folder, *command, **environment)
        if "Failed to establish" in done.stdout or "from versions: none" in done.stdout:
            pytest.skip("a package index is needed")
        return f"{done.returncode}\n{done.stdout}{done.stderr}"

    good = check(project)
    assert good.startswith("0\n"), good
    assert good.count("Passed") + good.count("Skipped") == 3, good
    without = re.sub(r"^ *exclude: .*\n", "", recipe, flags=re.MULTILINE)
    (project / ".pre-commit-config.yaml").write_text(without, "utf-8")
    bad = check(project)
    assert bad.startswith("1\n"), bad
    assert f"{SECOND}.txt" in bad
    assert bad.count("Failed") >= 2, bad
