"""What does newspair cost a new process, beside what it would pay by hand?

    uv run python tests/benchmark.py [--rounds 21]

Builds the wheel, installs it in an environment of the Python that runs this, and runs each command
in turn, in a process of its own. Prints ratios of medians; the exit code is 1 if one is above its
limit. Needs uv.
"""

import argparse
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parents[1]

BY_HAND = """
import hashlib
with open("003_ced7b9f589f8a978.txt", "rb") as file:
    data = file.read()
hashlib.sha256(data).hexdigest()
data.decode("utf-8")
"""
MODEL = """
from pydantic import BaseModel
class Model(BaseModel, frozen=True):
    id: str
"""
COMMANDS = {
    "bare interpreter": ["python", "-c", "pass"],
    "`import argparse`": ["python", "-c", "import argparse"],
    "open, SHA-256 and decode by hand": ["python", "-c", BY_HAND],
    "`certifi.contents()`": ["python", "-c", "import certifi; certifi.contents()"],
    "pydantic and one frozen model": ["python", "-c", MODEL],
    "`import newspair`": ["python", "-c", "import newspair"],
    "`read_text(id)`": ["python", "-c", "import newspair; newspair.read_text('003')"],
    "`load(id)`": ["python", "-c", "import newspair; newspair.load('003')"],
    "`validate()`": ["python", "-c", "import newspair; newspair.validate()"],
    "`newspair show ID`": ["newspair", "show", "003"],
    "`newspair validate`": ["newspair", "validate"],
}


class Row(NamedTuple):
    """Two commands, and how much longer the first may take than the second."""

    what: str
    against: str
    limit: float


ROWS = [
    Row("`import newspair`", "bare interpreter", 1.5),
    Row("`read_text(id)`", "open, SHA-256 and decode by hand", 1.1),
    Row("`read_text(id)`", "`certifi.contents()`", 0.5),
    Row("`load(id)`", "pydantic and one frozen model", 1.08),
    Row("`validate()`", "bare interpreter", 2.5),
    Row("`newspair show ID`", "`import argparse`", 1.5),
    Row("`newspair validate`", "`import argparse`", 2),
]


def main() -> int:
    """Measure, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(description="What does newspair cost a new process?")
    parser.add_argument("--rounds", type=int, default=21, help="(default: 21)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        medians = measure(install(Path(folder)), rounds)
    table = "| what | against | ratio | at most |\n| --- | --- | ---: | ---: |\n"
    code = 0
    for row in ROWS:
        ratio = medians[row.what] / medians[row.against]
        table += f"| {row.what} | {row.against} | {ratio:.2f} | {row.limit} |\n"
        if ratio > row.limit:
            code = 1
    sys.stdout.write(f"Python {platform.python_version()}, {rounds} rounds\n\n{table}")
    return code


def install(folder: Path) -> Path:
    """Install the built wheel in a new environment, and return the folder of its programs."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise SystemExit("benchmark.py: uv is needed")
    run(folder, uv, "build", "--quiet", "--wheel", "--out-dir", "wheel", CHECKOUT)
    run(folder, uv, "venv", "--quiet", "--python", sys.executable, "environment")
    into = ("--quiet", "--compile-bytecode", "--python", "environment")
    run(folder, uv, "pip", "install", *into, *folder.glob("wheel/*.whl"), "certifi")
    return folder / "environment" / ("Scripts" if sys.platform == "win32" else "bin")


def measure(programs: Path, rounds: int) -> dict[str, float]:
    """Run all commands in each round, in random order; return the median seconds of each."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(rounds + 1):
        for name in random.sample(list(COMMANDS), len(COMMANDS)):
            program, *arguments = COMMANDS[name]
            start = time.perf_counter()
            run(CHECKOUT / "data", programs / program, *arguments)
            if number > 0:  # the first round is a warm-up
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def run(folder: Path, *command: str | Path) -> None:
    """Run a command in a folder, without variables that change how Python works."""
    environment = {name: os.environ[name] for name in os.environ if not name.startswith("PYTHON")}
    words = [str(word) for word in command]
    options = {"cwd": folder, "env": environment, "stdout": subprocess.DEVNULL}
    subprocess.run(words, check=True, **options)  # noqa: S603 - our own


if __name__ == "__main__":
    sys.exit(main())
