"""Other people's tools open the data folder and get the exact texts.

Run with ``uv run --group interop pytest -m interop``.
"""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from test_docs import blocks

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(not (ROOT / "docs").exists(), reason="no checkout and no sdist"),
]

RECIPES = (ROOT / "docs" / "recipes.md").read_text("utf-8") if (ROOT / "docs").exists() else ""
SECTIONS = dict(part.split("\n", 1) for part in RECIPES.split("\n## ")[1:])
TOOLS = {
    "pytest": "pytest",
    "pandas": "pandas",
    "polars": "polars",
    "Hugging Face datasets": "datasets",
    "NLTK": "nltk",
    "DuckDB": "duckdb",
    "Croissant": "mlcroissant",
    "Data Package": "frictionless",
}


def need(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed; the dependency group interop has it")


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a program beside a copy of the data, with newspair on its path and no network hub."""
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": programs, "HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_every_recipe_is_run() -> None:
    assert list(SECTIONS) == list(TOOLS)


@pytest.mark.parametrize("name", [name for name in TOOLS if name != "pytest"])
def test_a_recipe_gives_the_exact_texts(name: str, copy: Path) -> None:
    need(TOOLS[name])
    page = copy.parent / "page.md"
    page.write_text(SECTIONS[name], "utf-8")
    programs = blocks(page, "python")
    assert programs
    for program in programs:
        assert re.search(r"^ *assert ", program, re.MULTILINE)
        done = run(copy.parent, sys.executable, "-c", program)
        assert done.returncode == 0, done.stderr


def test_a_recipe_notices_a_changed_text(copy: Path) -> None:
    need("duckdb")
    (copy / "000_11fb25597ae0a89a.txt").write_text("changed")
    (program,) = (
        code for code in blocks(ROOT / "docs" / "recipes.md", "python") if "duckdb" in code
    )
    assert "AssertionError" in run(copy.parent, sys.executable, "-c", program).stderr


def test_mlcroissant_finds_neither_error_nor_warning(copy: Path) -> None:
    need("mlcroissant")
    done = run(copy.parent, "mlcroissant", "validate", "--jsonld", "data/croissant.json")
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr.upper().replace("0 WARNING", "")
    program = (
        "import mlcroissant\n"
        "issues = mlcroissant.Dataset('data/croissant.json').metadata.ctx.issues\n"
        "print(issues.errors, issues.warnings)"
    )
    assert run(copy.parent, sys.executable, "-c", program).stdout == "set() set()\n"


def test_mlcroissant_refuses_a_changed_text(copy: Path) -> None:
    """The digests in the file are really checked, which is why they are the pins."""
    need("mlcroissant")
    croissant = json.loads((copy / "croissant.json").read_text())
    croissant["distribution"][2]["sha256"] = "0" * 64
    (copy / "croissant.json").write_text(json.dumps(croissant))
    program = (
        "import mlcroissant; list(mlcroissant.Dataset('data/croissant.json').records('metadata'))"
    )
    assert "is not identical" in run(copy.parent, sys.executable, "-c", program).stderr


def test_frictionless_finds_the_package_valid(copy: Path) -> None:
    need("frictionless")
    done = run(copy.parent, "frictionless", "validate", "data/datapackage.json", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["valid"], report["warnings"]) == (0, True, [])
    assert [task["valid"] for task in report["tasks"]] == [True, True]


def test_the_descriptor_meets_the_schema_of_data_package_v2(copy: Path) -> None:
    need("dplib")
    need("jsonschema")
    import dplib
    import jsonschema

    profile = Path(dplib.__file__).parent / "profiles" / "2.0" / "datapackage.json"
    schema = json.loads(profile.read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    descriptor = json.loads((copy / "datapackage.json").read_text("utf-8"))
    assert list(validator.iter_errors(descriptor)) == []
    descriptor["resources"][0]["hash"] = "sha256:no digest"
    assert list(validator.iter_errors(descriptor)) != []


def test_an_editor_that_respects_editorconfig_leaves_the_articles_alone() -> None:
    need("editorconfig")
    import editorconfig

    for path in (ROOT / "data").iterdir():
        properties = editorconfig.get_properties(str(path))
        assert set(properties.values()) <= {"unset"}, path
    assert editorconfig.get_properties(str(ROOT / "src" / "x.py"))["insert_final_newline"] == "true"
