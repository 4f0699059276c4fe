"""What is built, installed and cloned is what was written."""

import os
import re
import shutil
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from commands import SHIPPED, blocks, checkout, execute, output
from helpers import GENUINE, ROOT, posix, python

import newspair

UV = os.environ.get("UV") or shutil.which("uv") or ""
GIT = shutil.which("git") or ""
ARTICLES = [f"{article_id}.txt" for article_id in newspair.ids()]

needs_uv = pytest.mark.skipif(not UV, reason="uv, which builds the package, is not installed")
needs_git = pytest.mark.skipif(not GIT, reason="git is not installed")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project in a path with a space."""
    folder = tmp_path_factory.mktemp("a project")
    litter = shutil.ignore_patterns("__pycache__", "*.pyc", ".DS_Store", "._*", "Thumbs.db")
    for name in SHIPPED:
        source = ROOT / name
        copy = shutil.copyfile if source.is_file() else shutil.copytree
        copy(source, folder / name, **({} if source.is_file() else {"ignore": litter}))
    (folder / ".ci" / "run").chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def dist(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    output(project, UV, "build", "--quiet", "--out-dir", folder, "--python", sys.executable)
    return folder


def only(folder: Path, pattern: str) -> Path:
    """Return the one file that matches."""
    (path,) = folder.glob(pattern)
    return path


def programs(environment: Path) -> Path:
    """Return the folder of an environment's programs."""
    return environment / ("Scripts" if sys.platform == "win32" else "bin")


@checkout
@needs_uv
class TestBuild:
    def test_wheel(self, dist: Path) -> None:
        """Catches a module or data file that is not installed, and anything else that is."""
        wheel = only(dist, "*.whl")
        modules = {path.name for path in (ROOT / "src" / "newspair").glob("*.py")}
        with zipfile.ZipFile(wheel) as archive:
            names = {name for name in archive.namelist() if ".dist-info/" not in name}
            assert names == {
                *(f"newspair/{name}" for name in modules | {"py.typed"}),
                *(f"newspair/data/{name}" for name in GENUINE),
            }
            for name, data in GENUINE.items():
                assert archive.read(f"newspair/data/{name}") == data

    def test_wheel_size(self, dist: Path) -> None:
        """Catches a wheel of 40 kB or more."""
        assert only(dist, "*.whl").stat().st_size < 40_000

    def test_sdist(self, project: Path, dist: Path) -> None:
        """Catches a file of the project that the sdist lacks, and anything that it adds."""
        files = {path.relative_to(project).as_posix() for path in project.rglob("*")}
        files = {name for name in files if (project / name).is_file()}
        with tarfile.open(only(dist, "*.tar.gz")) as archive:
            names = {name.split("/", 1)[1] for name in archive.getnames()}
            assert names == files | {"PKG-INFO"}
            for name, data in GENUINE.items():
                member = archive.extractfile(f"newspair-{newspair.__version__}/data/{name}")
                assert member
                assert member.read() == data

    def test_reproducible(self, project: Path, dist: Path, tmp_path: Path) -> None:
        """Catches a build that depends on the time, or on the way by the sdist."""
        options = ["--quiet", "--sdist", "--wheel", "--python", sys.executable]
        output(project, UV, "build", *options, "--out-dir", tmp_path)
        for pattern in ("*.whl", "*.tar.gz"):
            first, second = only(dist, pattern), only(tmp_path, pattern)
            assert first.name == second.name
            assert first.read_bytes() == second.read_bytes()

    def test_metadata(self, dist: Path) -> None:
        """Catches a wrong license, version, dependency or entry point."""
        with zipfile.ZipFile(only(dist, "*.whl")) as archive:
            info = f"newspair-{newspair.__version__}.dist-info"
            metadata = Parser().parsestr(archive.read(f"{info}/METADATA").decode())
            license_text = archive.read(f"{info}/licenses/LICENSE").decode()
            entry_points = archive.read(f"{info}/entry_points.txt").decode()
        assert metadata["License-Expression"] == "MIT AND LicenseRef-newspair-articles"
        assert metadata["Version"] == newspair.__version__
        assert metadata.get_all("Requires-Dist") == ["pydantic>=2.11"]
        assert {"MIT License", "LicenseRef-newspair-articles"} < set(license_text.splitlines())
        assert "newspair = newspair.__main__:main" in entry_points.splitlines()

    def test_install(self, dist: Path, tmp_path: Path) -> None:
        """Catches a wheel that does not work, also in a path with a space."""
        environment = tmp_path / "an environment"
        interpreter = programs(environment) / "python"
        output(tmp_path, UV, "venv", "--quiet", "--python", sys.executable, environment)
        wheel = only(dist, "*.whl")
        output(tmp_path, UV, "pip", "install", "--quiet", "--python", interpreter, wheel)
        assert "genuine" in output(tmp_path, programs(environment) / "newspair", "validate")
        program = "import newspair; print(newspair.__file__, newspair.load_all()[1].headline)"
        printed = output(tmp_path, interpreter, "-I", "-W", "error", "-c", program)
        assert "site-packages" in printed
        assert "Zelenskyy" in printed

    def test_target(self, dist: Path, tmp_path: Path) -> None:
        """Catches a wheel that needs to be in site-packages."""
        options = ["--quiet", "--no-deps", "--python", sys.executable, "--target", "a target"]
        output(tmp_path, UV, "pip", "install", *options, only(dist, "*.whl"))
        done = python("-m", "newspair", "validate", path=tmp_path / "a target", cwd=tmp_path)
        assert done.returncode == 0, done.stderr

    def test_zip(self, dist: Path, tmp_path: Path) -> None:
        """Catches a wheel that does not work from its zip file."""
        wheel = only(dist, "*.whl")
        program = "import newspair; print(newspair.__file__, newspair.validate().ok)"
        done = python("-P", "-c", program, path=wheel, cwd=tmp_path)
        location = str(wheel / "newspair" / "__init__.py")
        assert done.stdout.decode().split() == [*location.split(), "True"]


@checkout
@posix
def test_readme_commands(project: Path, tmp_path: Path) -> None:
    """Catches a set-up that needs more than the system's Python, or breaks in a path with a space.

    The second block runs the tests; here they are only those of the data.
    """
    clone, system = tmp_path / "a clone", tmp_path / "bin"
    shutil.copytree(project, clone)
    system.mkdir()
    base = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
    if execute(tmp_path, base, "-m", "ensurepip", "--version").returncode:
        pytest.skip(f"{base} cannot make environments with pip")
    (system / "python3").symlink_to(base)
    others = [
        folder
        for folder in os.environ["PATH"].split(os.pathsep)
        if not shutil.which("uv", path=folder)
    ]
    variables = {"PATH": os.pathsep.join([str(system), *others])}
    variables["PYTEST_ADDOPTS"] = "-p no:cacheprovider tests/test_data.py"
    first, second = blocks(clone / "README.md", "sh")
    assert output(clone, "sh", "-ec", first, **variables).endswith(": genuine\n")
    assert re.search(r"\d+ passed", output(clone, "sh", "-ec", second, **variables))
    assert (clone / ".venv" / "bin" / "uv").exists()


@checkout
def test_python_versions() -> None:
    """Catches a bound that is not the lowest version of the classifiers, which CI tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pattern = r"Programming Language :: Python :: (3\.\d+)"
    versions = re.findall(pattern, "\n".join(project["classifiers"]))
    assert project["requires-python"] == f">={versions[0]}"
    assert len(versions) > 1


@needs_git
class TestGit:
    @staticmethod
    def git(folder: Path, *arguments: str | Path) -> None:
        """Run git as someone whose git converts line endings."""
        settings = ["core.autocrlf=true", "core.safecrlf=false", "user.name=x", "user.email=x"]
        options = [option for setting in settings for option in ("-c", setting)]
        none = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        output(folder, GIT, *options, *arguments, **none)

    def commit(self, folder: Path) -> None:
        """Commit all files of a folder to a new repository."""
        self.git(folder, "init", "--quiet")
        self.git(folder, "add", "--all")
        self.git(folder, "commit", "--quiet", "--message", "all")

    @checkout
    def test_clone(self, project: Path, tmp_path: Path) -> None:
        """Catches a checkout or an archive of the project that is damaged."""
        shutil.copytree(project, tmp_path / "project")
        self.commit(tmp_path / "project")
        self.git(tmp_path, "clone", "--quiet", "project", "a clone")
        assert newspair.validate(tmp_path / "a clone" / "data").problems == ()
        self.git(tmp_path / "project", "archive", "--output", tmp_path / "archive.zip", "HEAD")
        with zipfile.ZipFile(tmp_path / "archive.zip") as archive:
            archive.extractall(tmp_path / "archive")  # noqa: S202 - our own
        assert newspair.validate(tmp_path / "archive" / "data").problems == ()

    def test_data_alone(self, data_copy: Path, tmp_path: Path) -> None:
        """Catches a data folder that does not protect itself in another repository."""
        project = tmp_path / "another project"
        project.mkdir()
        data_copy.rename(project / "news")
        self.commit(project)
        self.git(tmp_path, "clone", "--quiet", project, "clone")
        assert newspair.validate(tmp_path / "clone" / "news").problems == ()

    def test_without_attributes(self, data_copy: Path, tmp_path: Path) -> None:
        """Catches the two tests above passing for another reason than the attributes."""
        (data_copy / ".gitattributes").unlink()
        self.commit(data_copy)
        self.git(tmp_path, "clone", "--quiet", data_copy, "clone")
        for name in ARTICLES:
            (problem,) = newspair.validate(tmp_path / "clone" / name).problems
            assert problem.causes == ("crlf",)
