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


def need(*modules: str) -> None:
    """Skip a test if a tool is missing."""
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed; the dependency group interop has it")


@pytest.mark.parametrize("name", [name for name in TOOLS if name != "pre-commit"])
def test_recipe(name: str, data_copy: Path) -> None:
    """Catches a recipe that is missing, fails, or gets other texts."""
    need(TOOLS[name])
    programs = blocks(recipes()[name], "python")
    assert programs
    for program in programs:
        assert re.search(r"^ *assert ", program, re.MULTILINE)
        python_output(data_copy.parent, program)


# Recipes that must fail if the texts were changed, and how
@pytest.mark.parametrize(
    ("name", "error"), [("polars", "AssertionError"), ("Croissant", "Hash of .*GenerationError")]
)
def test_recipe_can_fail(name: str, error: str, data_copy: Path) -> None:
    """Catches recipes that pass for a changed text too."""
    need(TOOLS[name])
    (program,) = blocks(recipes()[name], "python")
    lines = (data_copy / "articles.jsonl").read_bytes()
    (data_copy / "articles.jsonl").write_bytes(lines.replace(b"Ukraineand", b"Ukraine and"))
    done = execute(data_copy.parent, sys.executable, "-c", program, **with_newspair())
    assert re.search(error, done.stderr, re.DOTALL)


def test_load_dataset(data_copy: Path) -> None:
    """Catches a row that is not the article, and dates without their zone."""
    need("datasets")
    program = """
import newspair
from datasets import load_dataset
rows = load_dataset("data", split="train", cache_dir="cache")
for row, article in zip(rows, newspair.load_all(), strict=True):
    assert list(row) == list(article.model_dump()), row
    row["sections"] = tuple(row["sections"])
    # Arrow has no null structs in this column: they are structs of nulls.
    cited = {key: value for key, value in (row["evidence"] or {}).items() if value and value["text"]}
    row["evidence"] = dict.fromkeys(article.evidence.model_dump()) | cited
    assert row == article.model_dump(), row
print(row["date_created"].isoformat())
"""
    assert python_output(data_copy.parent, program).endswith("2025-02-01T18:32:00+05:30\n")


def test_mlcroissant(data_copy: Path) -> None:
    """Catches an error or a warning of the Croissant specification, and a record that is not exact."""
    need("mlcroissant")
    program = """
import json, mlcroissant
dataset = mlcroissant.Dataset("data/croissant.json")
issues = dataset.metadata.ctx.issues
print(sorted(issues.errors), sorted(issues.warnings))
decode = lambda value: value.decode() if isinstance(value, bytes) else str(value)
for record in dataset.records("articles"):
    print(json.dumps({name: decode(value) for name, value in record.items()}))
"""
    issues, *records = python_output(data_copy.parent, program).splitlines()
    assert issues == "[] []"
    for record, article in zip(map(json.loads, records), newspair.load_all(), strict=True):
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


def test_frictionless(data_copy: Path) -> None:
    """Catches a descriptor that frictionless rejects, or warns of."""
    need("frictionless")
    command = ("-m", "frictionless", "validate", "data/datapackage.json", "--json")
    report = json.loads(output(data_copy.parent, sys.executable, *command, **with_newspair()))
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


# What the hooks trailing-whitespace and end-of-file-fixer of pre-commit-hooks do
FIXER = """
import pathlib, sys
for path in map(pathlib.Path, sys.argv[2:]):
    old = path.read_bytes()
    new = old.rstrip(b"\\n") + b"\\n"
    if sys.argv[1] == "trailing-whitespace":
        new = b"\\n".join(line.rstrip() for line in old.split(b"\\n"))
    path.write_bytes(new)
    if new != old:
        sys.exit(1)
"""
HOOK = "- {{id: {0}, name: {0}, language: system, types: [text], entry: '{1} {0}'}}\n"


@checkout
def test_pre_commit(data_copy: Path, tmp_path: Path) -> None:
    """Catches a hook or recipe of pre-commit that lets a change through, or makes one.

    The recipe runs with a local clone of newspair, and with local fixers, because those of the
    recipe come from the network.
    """
    need("pre_commit")
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    environment = {"GIT_CONFIG_COUNT": "2", "PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    for number, name in enumerate(("user.name", "user.email")):
        environment |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": "x"}

    def commit(folder: Path, tag: str) -> None:
        for command in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "all"), ("tag", tag)):
            output(folder, "git", *command, **environment)

    tool, fixers, project = tmp_path / "newspair", tmp_path / "fixers", tmp_path / "project"
    tool.mkdir()
    for source in map(ROOT.joinpath, SHIPPED):
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, tool / source.name)
    commit(tool, "v1.0.0")
    fixers.mkdir()
    (fixers / "fix.py").write_text(FIXER, "utf-8")
    program = f'"{sys.executable}" "{fixers / "fix.py"}"'
    hooks = [HOOK.format(name, program) for name in ("trailing-whitespace", "end-of-file-fixer")]
    (fixers / ".pre-commit-hooks.yaml").write_text("".join(hooks), "utf-8")
    commit(fixers, "v6.0.0")

    (recipe,) = blocks(recipes()["pre-commit"], "yaml")
    recipe = recipe.replace("https://github.com/pre-commit/pre-commit-hooks", str(fixers))
    recipe = recipe.replace("path/or/url of newspair", str(tool))
    assert str(fixers) in recipe
    assert str(tool) in recipe
    shutil.copytree(data_copy, project / "tests" / "fixtures")
    for path in (project / "tests" / "fixtures").iterdir():
        if path.stem not in (FIRST, SECOND):
            path.unlink()
    (project / ".gitattributes").write_bytes(b"tests/fixtures/* -text\n")
    (project / ".pre-commit-config.yaml").write_text(recipe, "utf-8")
    commit(project, "v1")

    def check() -> tuple[int, str]:
        command = (sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never")
        done = execute(project, *command, **environment)
        if "Failed to establish" in done.stdout or "from versions: none" in done.stdout:
            pytest.skip("a package index is needed")
        return done.returncode, f"{done.stdout}{done.stderr}"

    code, printed = check()
    assert code == 0, printed
    assert printed.count("Passed") + printed.count("Skipped") == 3, printed
    without = re.sub(r"^ *exclude: .*\n", "", recipe, flags=re.MULTILINE)
    (project / ".pre-commit-config.yaml").write_text(without, "utf-8")
    code, printed = check()
    assert code == 1, printed
    assert f"{SECOND}.txt" in printed
    assert printed.count("Failed") >= 2, printed
