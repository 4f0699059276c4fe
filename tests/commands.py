"""What the tests of documents, packages and tools share: code blocks, and other programs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import PACKAGE, ROOT

RECIPES = ROOT / "docs" / "recipes.md"
SHIPPED = """.ci .editorconfig .gitattributes .github .gitignore .pre-commit-hooks.yaml LICENSE
    README.md data docs pyproject.toml src tests""".split()
# The sections of the recipes that need a tool, and its module. The group interop has them.
TOOLS = {
    "pandas": "pandas",
    "polars": "polars",
    "DuckDB": "duckdb",
    "pyarrow": "pyarrow",
    "Hugging Face datasets": "datasets",
    "Croissant": "mlcroissant",
    "Data Package": "frictionless",
    "NLTK": "nltk",
    "pre-commit": "pre_commit",
}

checkout = pytest.mark.skipif(
    not all((ROOT / name).exists() for name in SHIPPED), reason="this is no checkout"
)
documents = pytest.mark.skipif(not RECIPES.exists(), reason="there are no documents")

# What a developer's shell may have set, and must not reach the programs that tests start.
_PRIVATE = re.compile(
    r"(VIRTUAL_ENV|PYTHON(PATH|HOME|SAFEPATH)|PYTEST_\w+|GIT_\w+|COV\w*|CONDA_\w+|PRE_COMMIT\w*"
    r"|UV_(PROJECT|PYTHON|RESOLUTION|RUN|WORKING|FROZEN|LOCKED|NO_SYNC|NO_PROJECT|ISOLATED)\w*)"
)
_NO_NETWORK = re.compile(
    r"dns error|client error \(Connect\)|Network (is )?unreachable|network connectivity"
    r"|Failed to establish a new connection|NameResolutionError|name resolution"
    r"|Could not resolve host|network was disabled|offline mode",
    re.IGNORECASE,
)


def blocks(page: Path | str, language: str) -> list[str]:
    """Return the code blocks of a language in a Markdown page, or in a text."""
    text = page.read_text("utf-8") if isinstance(page, Path) else page
    found = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [code for name, code in found if name == language]


def recipes() -> dict[str, str]:
    """Return the sections of the recipes by their headings; none if there are no documents."""
    text = RECIPES.read_text("utf-8") if RECIPES.exists() else ""
    return dict(part.split("\n", 1) for part in text.split("\n## ")[1:])


def execute(
    folder: Path, *command: str | Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, without the variables of a developer's shell."""
    clean = {name: value for name, value in os.environ.items() if not _PRIVATE.fullmatch(name)}
    options = {"stdin": subprocess.DEVNULL, "capture_output": True, "encoding": "utf-8"}
    program = [str(each) for each in command]
    environment = clean | variables
    return subprocess.run(program, cwd=folder, env=environment, check=False, timeout=300, **options)


def output(folder: Path, *command: str | Path, **variables: str) -> str:
    """Return what a program prints; fail if it fails, and skip if it needs a network."""
    done = execute(folder, *command, **variables)
    if done.returncode and (reason := _NO_NETWORK.search(done.stdout + done.stderr)):
        pytest.skip(f"a package index is needed: {reason[0]}")
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def python_output(folder: Path, program: str) -> str:
    """Return what a Python program prints that can import newspair and the installed tools."""
    return output(folder, sys.executable, "-c", program, **with_newspair())


def with_newspair() -> dict[str, str]:
    """Return the variables with which programs find newspair, the tools, and no network hub."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {"PATH": path, "PYTHONPATH": str(PACKAGE.parent), "HF_HUB_OFFLINE": "1"}
