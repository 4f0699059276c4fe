"""Is newspair as fast, and as small, as it is meant to be?

    uv run python tests/benchmark.py [--rounds 21]

Builds the wheel, installs it and what it is compared to in a new environment of the Python that
runs this, and measures every command in a process of its own, each once a round. Prints a table
of medians; the exit code is 1 if a row is over its limit. Needs uv, and Linux for the peak memory.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHECKOUT = Path(__file__).resolve().parents[1]
ARTICLE = "003_ced7b9f589f8a978"

BY_HAND = f"""
import hashlib
with open("data/{ARTICLE}.txt", "rb") as file:
    data = file.read()
hashlib.sha256(data).hexdigest()
data.decode()
"""
MODEL = """
from pydantic import BaseModel, ConfigDict
class Model(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: str
"""
READ = f"import newspair; newspair.read_text({ARTICLE!r})"
LOAD = f"from newspair import load; load({ARTICLE!r})"
# Not resource.getrusage: on Linux a process inherits that peak from the one that started it.
PEAK = """
with open("/proc/self/status") as status:
    print(next(int(line.split()[1]) * 1.024e-3 for line in status if line.startswith("VmHWM")))
"""

TIMED = {
    "bare interpreter": ("python", "-c", "pass"),
    "`import argparse`": ("python", "-c", "import argparse"),
    "open, SHA-256 and decode by hand": ("python", "-c", BY_HAND),
    "`certifi.contents()`": ("python", "-c", "import certifi; certifi.contents()"),
    "pydantic and one frozen model": ("python", "-c", MODEL),
    "`import newspair`": ("python", "-c", "import newspair"),
    "`read_text(id)`": ("python", "-c", READ),
    "`load(id)`": ("python", "-c", LOAD),
    "`validate()`": ("python", "-c", "import newspair; newspair.validate()"),
    "`newspair validate`": ("newspair", "validate"),
    "`newspair list`": ("newspair", "list"),
    "`newspair checksums`": ("newspair", "checksums"),
    "`newspair show ID`": ("newspair", "show", ARTICLE),
}
PRINTED = {  # commands that print what is to be measured of them
    "peak memory of `read_text(id)`": ("python", "-c", READ + PEAK),
    "that of the bare interpreter": ("python", "-c", PEAK),
}
COMMANDS = TIMED | PRINTED

RATIOS = (
    ("`import newspair`", "bare interpreter", 1.15),
    ("`read_text(id)`", "open, SHA-256 and decode by hand", 0.95),
    ("`read_text(id)`", "`certifi.contents()`", 0.4),
    ("`load(id)`", "pydantic and one frozen model", 1.08),
    ("`validate()`", "bare interpreter", 2),
    ("`newspair validate`", "`import argparse`", 1.5),
    ("`newspair list`", "`import argparse`", 1.7),
    ("`newspair show ID`", "`import argparse`", 1.3),
    ("`newspair checksums`", "`import argparse`", 1.3),
)
MEMORY = ("peak memory of `read_text(id)`", "that of the bare interpreter", 2)  # megabytes more
WHEEL = 40  # kilobytes


def main() -> int:
    """Measure everything, print the table; return 1 if a row is over its limit."""
    parser = argparse.ArgumentParser(description="Is newspair as fast as it is meant to be?")
    parser.add_argument("--rounds", type=int, default=21, help="%(default)s by default")
    rounds: int = parser.parse_args().rounds
    with TemporaryDirectory(prefix="newspair-") as name:
        folder = Path(name)
        size = install(folder)
        rows = list(compared(measure(folder, rounds), size))
    lines = [
        f"Python {platform.python_version()}, {platform.platform()}, {rounds} rounds",
        "",
        "| what | against | measured | at most | ok? |",
        "|---|---|---|---|---|",
        *(f"| {' | '.join(cells)} | {'yes' if ok else '**no**'} |" for cells, ok in rows),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if all(ok for _, ok in rows) else 1


def install(folder: Path) -> int:
    """Build the wheel and make the environment in a folder; return the wheel's size in bytes."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise SystemExit("benchmark.py: uv is needed, to build the wheel and to install it")
    shutil.copytree(CHECKOUT / "data", folder / "data")
    run(folder, [uv, "build", "--quiet", "--wheel", "--out-dir", "wheel", str(CHECKOUT)])
    (wheel,) = folder.glob("wheel/*.whl")
    run(folder, [uv, "venv", "--quiet", "--python", sys.executable, "environment"])
    into = ["--quiet", "--compile-bytecode", "--python", "environment"]
    run(folder, [uv, "pip", "install", *into, str(wheel), "certifi"])
    return wheel.stat().st_size


def measure(folder: Path, rounds: int) -> dict[str, float]:
    """Run all commands in each round; return the median of each. The first round is a warm-up."""
    samples: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds + 1):
        for name in random.sample(list(COMMANDS), len(COMMANDS)):  # not always after the same one
            program, *rest = COMMANDS[name]
            start = perf_counter()
            printed = run(folder, [str(folder / "environment/bin" / program), *rest])
            seconds = perf_counter() - start
            samples[name].append(float(printed) if name in PRINTED else seconds)
    return {name: median(sample[1:]) for name, sample in samples.items()}


def run(folder: Path, command: Sequence[str]) -> bytes:
    """Run a command in a folder, no variable changing Python's ways; return what it prints."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(command, cwd=folder, env=clean, check=True, stdout=subprocess.PIPE).stdout


def compared(medians: dict[str, float], size: int) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Set what was measured against its limits: the cells of each row, and whether it is within."""
    for what, against, limit in RATIOS:
        ratio = medians[what] / medians[against]
        times = f"{duration(medians[what])} / {duration(medians[against])}"
        yield (what, against, f"{ratio:.2f} ({times})", f"{limit}"), ratio <= limit
    what, against, most = MEMORY
    more = medians[what] - medians[against]
    yield (what, against, f"{more:+.2f} MB", f"+{most} MB"), more <= most
    yield ("the wheel", "", f"{size / 1000:.1f} kB", f"{WHEEL} kB"), size <= WHEEL * 1000


def duration(seconds: float) -> str:
    """Write a duration in milliseconds."""
    return f"{seconds * 1e3:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
