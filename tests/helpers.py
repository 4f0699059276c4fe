"""What the tests share: the packaged data, and programs in processes of their own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import newspair

ROOT = Path(__file__).parents[1]
PACKAGE = Path(newspair.__file__).parent
DATA = newspair.path("000").parent
FIRST, SECOND = newspair.ids()
FIRST_FILE, SECOND_FILE = f"{FIRST}.txt", f"{SECOND}.txt"
CHECKOUT = (
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".github",
    ".gitignore",
    ".pre-commit-hooks.yaml",
    "LICENSE",
    "README.md",
    "data",
    "docs",
    "pyproject.toml",
    "src",
    "tests",
)
# What a developer's shell may have set, and other programs must not see
PRIVATE = re.compile(r"GIT_.*|PYTEST_ADDOPTS|PYTHONPATH|UV_PROJECT_ENVIRONMENT|VIRTUAL_ENV")
NO_CONFIGURATION = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
NO_NETWORK = re.compile(
    r"dns error|error sending request|Connection refused|Network is unreachable"
    r"|Failed to establish a new connection|Temporary failure in name resolution"
    r"|network was disabled",
    re.IGNORECASE,
)


def execute(*command, **options):
    """Run a program, and return what it printed and its exit code."""
    inherited = {key: value for key, value in os.environ.items() if not PRIVATE.fullmatch(key)}
    environment = inherited | options.pop("env", {})
    options = {"capture_output": True, "encoding": "utf-8", "timeout": 300} | options
    words = [str(word) for word in command]
    return subprocess.run(words, env=environment, check=False, **options)  # noqa: S603 - our own


def python(*arguments, path=PACKAGE.parent, **options):
    """Run Python with newspair from a folder or zip file."""
    environment = {"PYTHONPATH": str(path)} | options.pop("env", {})
    return execute(sys.executable, *arguments, env=environment, **options)


def newspair_command(*arguments, **options):
    """Run the command in a process of its own."""
    return python("-m", "newspair", *arguments, **options)


def codes(report):
    """Return the codes of a report, in order."""
    return [problem.code for problem in report.problems]


def files_in(folder):
    """Return the names of the files in a folder, with their content."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def blocks(text, language):
    """Return the code blocks of a language in a Markdown text."""
    found = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [code for name, code in found if name == language]


def recipes():
    """Return the sections of docs/recipes.md by their headings."""
    text = (ROOT / "docs" / "recipes.md").read_text("utf-8")
    return dict(section.split("\n", 1) for section in text.split("\n## ")[1:])


def output(*command, **options):
    """Return what a program prints; skip the test if the program needs a network."""
    printed = execute(*command, **options)
    everything = printed.stdout + printed.stderr
    if printed.returncode != 0 and NO_NETWORK.search(everything):
        pytest.skip("a package index is needed")
    assert printed.returncode == 0, everything
    return printed.stdout


def git(*arguments, **options):
    """Run git as somebody whose git converts line endings."""
    settings = ("core.autocrlf=true", "core.safecrlf=false", "user.name=x", "user.email=x")
    flags = [word for setting in settings for word in ("-c", setting)]
    return output("git", *flags, *arguments, env=NO_CONFIGURATION, **options)


def copy_checkout(folder):
    """Copy the project as it would be checked out, without what tools leave in it."""
    folder.mkdir()
    litter = shutil.ignore_patterns("__pycache__", "*.pyc", ".DS_Store")
    for name in CHECKOUT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=litter)
        else:
            shutil.copyfile(ROOT / name, folder / name)
    return folder
