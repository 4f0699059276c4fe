"""What is built is what was written: to the byte, each time, wherever it is installed."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from conftest import GENUINE, ROOT
from test_docs import blocks

import newspair

ARTICLES = {name: GENUINE[name] for name in list(GENUINE)[:2]}
UV = os.environ.get("UV") or shutil.which("uv") or ""
SHIPPED = [
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".github",
    ".gitignore",
    "LICENSE",
    "README.md",
]
SHIPPED += ["data", "docs", "pyproject.toml", "src", "tests"]
SOURCES = all((ROOT / name).exists() for name in SHIPPED)

checkout = pytest.mark.skipif(not SOURCES, reason="the sources are not here")
builds = [
    checkout,
    pytest.mark.skipif(not UV, reason="uv, which builds the package, is not here"),
    pytest.mark.skipif("UV_OFFLINE" in os.environ, reason="a build needs the package index"),
]


def run(folder: Path, *command: str | Path, **variables: str) -> str:
    """Run a program in a folder with no environment of ours around it; return what it writes."""
    ours = ("VIRTUAL_ENV", "PYTHONPATH", "UV_RESOLUTION", "UV_RUN_RECURSION_DEPTH", "COV_CORE")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(ours)} | variables
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project, so that nothing is written into the checkout."""
    folder = tmp_path_factory.mktemp("project")
    rubbish = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=rubbish)
        else:
            shutil.copy(source, folder / name)
    return folder


@pytest.fixture(scope="session")
def dist(project: Path) -> Path:
    run(project, UV, "build", "--quiet", "--out-dir", project / "dist")
    return project / "dist"


def only(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


class TestBuild:
    pytestmark = builds

    def test_building_twice_gives_identical_files(self, project: Path, dist: Path) -> None:
        """The second wheel comes from the tree, not by way of the sdist."""
        run(project, UV, "build", "--quiet", "--sdist", "--wheel", "--out-dir", project / "again")
        for pattern in ("*.whl", "*.tar.gz"):
            first, second = only(dist, pattern), only(project / "again", pattern)
            assert first.name == second.name
            assert first.read_bytes() == second.read_bytes()

    def test_the_wheel_has_the_package_and_the_data_and_nothing_else(self, dist: Path) -> None:
        wheel = only(dist, "*.whl")
        assert wheel.stat().st_size < 40_000
        with zipfile.ZipFile(wheel) as archive:
            names = {name for name in archive.namelist() if ".dist-info/" not in name}
            modules = {path.name for path in (ROOT / "src" / "newspair").glob("*.py")}
            assert names == {f"newspair/{name}" for name in modules | {"py.typed"}} | {
                f"newspair/data/{name}" for name in GENUINE
            }
            for name, data in GENUINE.items():
                assert archive.read(f"newspair/data/{name}") == data

    def test_the_metadata_say_whose_the_texts_are(self, dist: Path) -> None:
        with zipfile.ZipFile(only(dist, "*.whl")) as archive:
            info = "newspair-1.0.0.dist-info"
            metadata: Message = Parser().parsestr(archive.read(f"{info}/METADATA").decode())
            licence = archive.read(f"{info}/licenses/LICENSE").decode()
        assert metadata["License-Expression"] == "MIT AND LicenseRef-newspair-articles"
        assert metadata["Version"] == newspair.__version__
        assert metadata.get_all("Requires-Dist") == ["pydantic>=2.11"]
        assert "MIT License" in licence
        assert "No license for it is\nknown" in licence

    def test_the_sdist_has_data_docs_and_tests(self, dist: Path) -> None:
        with tarfile.open(only(dist, "*.tar.gz")) as archive:
            names = {name.split("/", 1)[1] for name in archive.getnames()}
            for name, data in GENUINE.items():
                member = archive.extractfile(f"newspair-1.0.0/data/{name}")
                assert member is not None
                assert member.read() == data
        for folder in ("docs", "src/newspair", "tests", "tests/typing"):
            ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).glob("*.[mp]*")}
            assert ours - {"tests/__pycache__"} <= names
        assert {".gitattributes", ".ci/run", "LICENSE", "README.md"} <= names

    def test_the_wheel_works_in_a_clean_environment(self, dist: Path, tmp_path: Path) -> None:
        run(tmp_path, UV, "venv", "--quiet", "--python", sys.executable, "clean")
        programs = tmp_path / "clean" / ("Scripts" if sys.platform == "win32" else "bin")
        python = programs / "python"
        wheel = only(dist, "*.whl")
        run(tmp_path, UV, "pip", "install", "--quiet", "--python", python, wheel)
        assert "genuine" in run(tmp_path, programs / "newspair", "validate")
        for article_id, sha256 in newspair.checksums().items():
            program = (
                "import hashlib, newspair, sys; assert 'site-packages' in newspair.__file__\n"
                f"sys.stdout.write(hashlib.sha256(newspair.read_bytes({article_id!r})).hexdigest())"
            )
            assert run(tmp_path, python, "-I", "-c", program) == sha256
            command = [programs / "newspair", "show", article_id]
            shown = subprocess.run(command, capture_output=True, check=True).stdout
            assert hashlib.sha256(shown).hexdigest() == sha256

    def test_the_wheel_works_as_a_zip(self, dist: Path, tmp_path: Path) -> None:
        program = "import newspair; print(newspair.__file__, newspair.validate().ok)"
        wheel = only(dist, "*.whl")
        path = os.pathsep.join([str(wheel), *filter(None, sys.path)])
        written = run(tmp_path, sys.executable, "-P", "-c", program, PYTHONPATH=path)
        assert written.split() == [str(wheel / "newspair" / "__init__.py"), "True"]

    def test_the_first_command_works_with_nothing_but_python_and_pip(
        self, project: Path, tmp_path: Path
    ) -> None:
        """On a machine without uv, with the very line that README gives."""
        line = blocks(ROOT / "README.md", "sh")[0].strip()
        shutil.copytree(project, tmp_path / "clone", ignore=shutil.ignore_patterns("dist", "again"))
        run(tmp_path, sys.executable, "-m", "venv", "bare")
        programs = tmp_path / "bare" / ("Scripts" if sys.platform == "win32" else "bin")
        system = os.pathsep.join(
            folder
            for folder in os.environ["PATH"].split(os.pathsep)
            if not shutil.which("uv", path=folder)
        )
        path = os.pathsep.join([str(programs), system])
        shell = ["cmd", "/c"] if sys.platform == "win32" else ["sh", "-c"]
        written = run(tmp_path / "clone", *shell, line, PATH=path)
        assert written.endswith("the packaged data: genuine, every file to the byte\n")


@checkout
@pytest.mark.skipif(not shutil.which("git"), reason="git is not here")
class TestGit:
    @pytest.fixture
    def repository(self, project: Path, tmp_path: Path) -> Path:
        """Give the project as a repository that a committer with autocrlf made."""
        folder = tmp_path / "repository"
        shutil.copytree(project, folder, ignore=shutil.ignore_patterns("dist", "again"))
        self.git(folder, "init", "--quiet")
        self.git(folder, "add", ".")
        self.git(folder, "commit", "--quiet", "--message", "all")
        return folder

    @staticmethod
    def git(folder: Path, *arguments: str) -> str:
        names = ["-c", "user.name=x", "-c", "user.email=x", "-c", "core.safecrlf=false"]
        return run(folder, "git", "-c", "core.autocrlf=true", *names, *arguments)

    def test_a_clone_with_autocrlf_has_the_exact_bytes(self, repository: Path) -> None:
        self.git(repository.parent, "clone", "--quiet", "repository", "clone")
        for name, data in GENUINE.items():
            assert (repository.parent / "clone" / "data" / name).read_bytes() == data

    def test_without_the_attributes_it_would_not(self, repository: Path) -> None:
        """The test above can fail: this is what it guards against."""
        (repository / ".gitattributes").unlink()
        self.git(repository, "commit", "--quiet", "--all", "--message", "no attributes")
        self.git(repository.parent, "clone", "--quiet", "repository", "clone")
        for name, data in ARTICLES.items():
            assert (repository.parent / "clone" / "data" / name).read_bytes() != data

    def test_an_archive_has_the_exact_bytes(self, repository: Path) -> None:
        self.git(repository, "archive", "--output", "archive.zip", "HEAD")
        with zipfile.ZipFile(repository / "archive.zip") as archive:
            for name, data in GENUINE.items():
                assert archive.read(f"data/{name}") == data


def test_the_package_is_typed() -> None:
    """Catches a py.typed that does not ship."""
    assert (Path(newspair.__file__).parent / "py.typed").exists()


def test_every_public_name_is_there_and_documented() -> None:
    assert set(newspair.__all__) < set(dir(newspair))
    for name in newspair.__all__:
        assert name == "ArticleId" or getattr(newspair, name).__doc__
        if (ROOT / "docs").exists():
            assert re.search(rf"`{name}\b", (ROOT / "docs" / "api.md").read_text("utf-8"))


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="module 'newspair' has no attribute 'nothing'"):
        newspair.nothing  # type: ignore[attr-defined]  # noqa: B018
