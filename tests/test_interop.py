"""Other people's tools open the data folder and get the exact texts.

Run with ``uv run --group interop pytest -m interop``.
"""

import importlib.util
import json
import re
import sys
from datetime import datetime
from pathlib import Path

import pytest
from commands import RECIPES
from helpers import GENUINE, ROOT, python

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(not (ROOT / "docs").exists(), reason="no checkout and no sdist"),
]
LINES = GENUINE["articles.jsonl"].decode().splitlines()


def need(module: str) -> None:
    """Skip a test whose tool is not installed."""
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed; the dependency group interop has it")


def run_code(code: str, folder: Path) -> tuple[int, str]:
    """Run a program beside a copy of the data, without a network hub."""
    done = python("-W", "default", "-c", code, cwd=folder, env={"HF_HUB_OFFLINE": "1"})
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def test_recipes(data_copy: Path) -> None:
    """A recipe fails, or asserts nothing."""
    ran = set()
    for section in RECIPES.read_text("utf-8").split("\n## ")[1:]:
        for code in re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL):
            modules = re.findall(r"^(?:import|from) (\w+)", code, re.MULTILINE)
            if "fixture" in code or not all(map(importlib.util.find_spec, modules)):
                continue
            assert re.search(r"^ *assert ", code, re.MULTILINE), code
            status, output = run_code(code, data_copy.parent)
            assert status == 0, output
            ran |= {*modules}
    assert ran, "no tool is installed; the dependency group interop has them"


def test_hugging_face(data_copy: Path) -> None:
    """A column is missing or changed; left alone, the dates would lose their zone."""
    need("datasets")
    code = (
        "import json\nfrom datasets import load_dataset\n"
        "rows = load_dataset('data', cache_dir='cache')['train']\n"
        "print('ROWS', json.dumps([*rows], default=lambda date: date.isoformat()))"
    )
    status, output = run_code(code, data_copy.parent)
    assert status == 0, output
    rows = json.loads(re.search("^ROWS (.*)$", output, re.MULTILINE)[1])
    assert rows == [json.loads(line) for line in LINES]


def test_croissant(data_copy: Path) -> None:
    """A record differs, the description has errors, or a changed file is not refused."""
    need("mlcroissant")
    code = (
        "import mlcroissant\n"
        "dataset = mlcroissant.Dataset('data/croissant.json')\n"
        "issues = dataset.metadata.ctx.issues\n"
        "print('ISSUES', len(issues.errors), len(issues.warnings))\n"
        "for record in dataset.records('articles'):\n"
        "    print('RECORD', {k: v.isoformat() if hasattr(v, 'isoformat') else v for k, v in record.items()})\n"
    )
    status, output = run_code(code, data_copy.parent)
    assert status == 0, output
    assert "ISSUES 0 0" in output
    records = [eval(text) for text in re.findall("^RECORD (.*)$", output, re.MULTILINE)]  # noqa: S307
    assert len(records) == len(LINES)
    for record, line in zip(records, LINES, strict=True):
        row = json.loads(line)
        for name, value in record.items():
            plain = value.decode() if isinstance(value, bytes) else value
            assert plain == row[name.removeprefix("articles/")], name
    (data_copy / "articles.jsonl").write_bytes(GENUINE["articles.jsonl"].replace(b"war", b"WAR"))
    status, output = run_code(code, data_copy.parent)
    assert (status, "GenerationError" in output) == (1, True)


def test_data_package(data_copy: Path) -> None:
    """frictionless or the schema of Data Package v2 refuse the descriptor."""
    need("frictionless")
    need("dplib")
    need("jsonschema")
    import dplib
    import jsonschema

    done = python(
        "-m", "frictionless", "validate", "data/datapackage.json", "--json", cwd=data_copy.parent
    )
    report = json.loads(done.stdout)
    assert (report["valid"], report["warnings"]) == (True, [])
    profile = Path(dplib.__file__).parent / "profiles" / "2.0" / "datapackage.json"
    schema = json.loads(profile.read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    descriptor = json.loads(GENUINE["datapackage.json"])
    assert list(validator.iter_errors(descriptor)) == []
    descriptor["resources"][0]["hash"] = "sha256:no digest"
    assert list(validator.iter_errors(descriptor)) != []


def test_frames(data_copy: Path) -> None:
    """A data frame's text differs in a character."""
    texts = [json.loads(line)["text"] for line in LINES]
    path = str(data_copy / "articles.jsonl")
    for module in ("pandas", "polars", "pyarrow"):
        need(module)
    import pandas as pd
    import polars as pl
    import pyarrow.json

    assert list(pd.read_json(path, lines=True)["text"]) == texts
    assert pl.read_ndjson(path)["text"].to_list() == texts
    assert pyarrow.json.read_json(path)["text"].to_pylist() == texts
    (date,) = pl.read_ndjson(path)["date_created"].drop_nulls()
    assert datetime.fromisoformat(str(date)).utcoffset() is not None


def test_editorconfig() -> None:
    """An editor that respects .editorconfig changes the data."""
    need("editorconfig")
    import editorconfig

    for name in GENUINE:
        properties = editorconfig.get_properties(str(ROOT / "data" / name))
        assert set(properties.values()) <= {"unset"}, name
    assert editorconfig.get_properties(str(ROOT / "src" / "x.py"))["insert_final_newline"] == "true"


@pytest.mark.skipif(sys.platform == "win32", reason="it runs git and sh")
def test_pre_commit(tmp_path: Path) -> None:
    """The hook does not find the articles, or lets a damaged one pass."""
    need("pre_commit")
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text()
    entry = re.search(r"entry: (.*)", hook)[1]
    pattern = re.compile(re.search(r"files: (.*)", hook)[1].strip("'\""))
    settings = {"id": "newspair-validate", "name": "newspair", "language": "system"}
    settings |= {"entry": f'"{sys.executable}" -m {entry}', "files": pattern.pattern}
    config = {"repos": [{"repo": "local", "hooks": [settings]}]}  # JSON is YAML
    (tmp_path / ".pre-commit-config.yaml").write_text(json.dumps(config))
    folder = tmp_path / "tests" / "fixtures"
    folder.mkdir(parents=True)
    names = [name for name in GENUINE if pattern.search(f"tests/fixtures/{name}")]
    assert [name[-4:] for name in names] == [".txt", ".txt"]
    for name in names:
        (folder / name).write_bytes(GENUINE[name])
    command = ("-m", "pre_commit", "run", "--all-files")
    code = "import subprocess; [subprocess.run(['git', *a], check=True) for a in (['init', '-q'], ['add', '.'])]"
    assert python("-c", code, cwd=tmp_path).returncode == 0
    done = python(*command, cwd=tmp_path, env={"PRE_COMMIT_HOME": str(tmp_path / "cache")})
    assert done.returncode == 0, done.stdout
    (folder / names[0]).write_bytes(GENUINE[names[0]] + b"\n")
    done = python(*command, cwd=tmp_path, env={"PRE_COMMIT_HOME": str(tmp_path / "cache")})
    assert (done.returncode, b"newline was added" in done.stdout) == (1, True), done.stdout
