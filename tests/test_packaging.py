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
PROGRAMS = "Scripts" if sys.platform == "win32" else "bin"

needs_uv = pytest.mark.skipif(not UV, reason="uv, which builds the package, is not installed")
needs_git = pytest.mark.skipif(not GIT, reason="git is not installed")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project in a path with a space."""
    folder = tmp_path_factory.mktemp("a project")
    litter = shutil.ignore_patterns("__pycache__", "*.pyc", ".DS_Store", "._*", "Thumbs.db")
    for source in map(ROOT.joinpath, SHIPPED):
        if source.is_dir():
            shutil.copytree(source, folder / source.name, ignore=litter)
        else:
            shutil.copyfile(source, folder / source.name)
    (folder / ".ci" / "run").chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def dist(project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give the sdist and the wheel that is built from it, by the ends of their names."""
    folder = tmp_path_factory.mktemp("dist")
    output(project, UV, "build", "--quiet", "--out-dir", folder, "--python", sys.executable)
    return {path.suffix: path for path in folder.glob("newspair-*")}


@checkout
@needs_uv
class TestBuild:
    def test_wheel(self, dist: dict[str, Path]) -> None:
        """Catches a file that is not installed, anything else that is, and a wheel of 40 kB."""
        modules = [path.name for path in (ROOT / "src" / "newspair").glob("*.py")]
        with zipfile.ZipFile(dist[".whl"]) as archive:
            names = {name for name in archive.namelist() if ".dist-info/" not in name}
            expected = {f"newspair/{name}" for name in (*modules, "py.typed")}
            assert names == expected | {f"newspair/data/{name}" for name in GENUINE}
            for name, data in GENUINE.items():
                assert archive.read(f"newspair/data/{name}") == data
        assert dist[".whl"].stat().st_size < 40_000

    def test_sdist(self, project: Path, dist: dict[str, Path]) -> None:
        """Catches a file of the project that the sdist lacks, and anything that it adds."""
        files = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
        with tarfile.open(dist[".gz"]) as archive:
            names = {str(Path(name.split("/", 1)[1])) for name in archive.getnames()}
            assert names == files | {"PKG-INFO"}
            for name, data in GENUINE.items():
                member = archive.extractfile(f"newspair-{newspair.__version__}/data/{name}")
                assert member
                assert member.read() == data

    def test_reproducible(self, project: Path, dist: dict[str, Path], tmp_path: Path) -> None:
        """Catches a build that depends on the time, or on the way by the sdist."""
        options = ["--quiet", "--sdist", "--wheel", "--python", sys.executable]
        output(project, UV, "build", *options, "--out-dir", tmp_path)
        for path in dist.values():
            assert (tmp_path / path.name).read_bytes() == path.read_bytes()

    def test_metadata(self, dist: dict[str, Path]) -> None:
        """Catches a wrong license, version, dependency or entry point."""
        with zipfile.ZipFile(dist[".whl"]) as archive:
            texts = {Path(name).name: archive.read(name) for name in archive.namelist()}
        metadata = Parser().parsestr(texts["METADATA"].decode())
        assert metadata["License-Expression"] == "MIT AND LicenseRef-newspair-articles"
        assert metadata["Version"] == newspair.__version__
        assert metadata.get_all("Requires-Dist") == ["pydantic>=2.11"]
        license_lines = texts["LICENSE"].decode().splitlines()
        assert {"MIT License", "LicenseRef-newspair-articles"} < set(license_lines)
        assert b"newspair = newspair.__main__:main" in texts["entry_points.txt"]

    def test_install(self, dist: dict[str, Path], tmp_path: Path) -> None:
        """Catches a wheel that does not work in an environment whose path has a space."""
        programs = tmp_path / "an environment" / PROGRAMS
        output(tmp_path, UV, "venv", "--quiet", "--python", sys.executable, programs.parent)
        options = ["--quiet", "--python", programs / "python"]
        output(tmp_path, UV, "pip", "install", *options, dist[".whl"])
        assert "genuine" in output(tmp_path, programs / "newspair", "validate")
        program = "import newspair; print(newspair.__file__, newspair.load_all()[1].headline)"
        printed = output(tmp_path, programs / "python", "-I", "-W", "error", "-c", program)
        assert "site-packages" in printed
        assert "Zelenskyy" in printed

    def test_elsewhere(self, dist: dict[str, Path], tmp_path: Path) -> None:
        """Catches a wheel that needs to be in site-packages, or to be unpacked."""
        options = ["--quiet", "--no-deps", "--python", sys.executable, "--target", "a target"]
        output(tmp_path, UV, "pip", "install", *options, dist[".whl"])
        program = "import newspair; print(newspair.__file__); assert newspair.validate()"
        for path in (tmp_path / "a target", dist[".whl"]):
            done = python("-P", "-c", program, path=path, cwd=tmp_path)
            assert done.stdout.decode().strip() == str(path / "newspair" / "__init__.py")
            assert done.returncode == 0, done.stderr


@pytest.mark.interop
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
    folders = os.environ["PATH"].split(os.pathsep)
    without_uv = [folder for folder in folders if not shutil.which("uv", path=folder)]
    variables = {"PATH": os.pathsep.join([str(system), *without_uv])}
    variables["PYTEST_ADDOPTS"] = "-p no:cacheprovider tests/test_data.py"
    first, second = blocks(clone / "README.md", "sh")
    assert output(clone, "sh", "-ec", first, **variables).endswith(": genuine\n")
    assert re.search(r"\d+ passed", output(clone, "sh", "-ec", second, **variables))
    assert (clone / ".venv" / "bin" / "uv").exists()


@checkout
def test_python_versions() -> None:
    """Catches a bound that is not the lowest version of the classifiers, which CI tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    versions = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    assert project["requires-python"] == f">={versions[0]}"
    assert len(versions) > 1


def git(folder: Path, *arguments: str | Path) -> None:
    """Run git as someone whose git converts line endings."""
    settings = ["core.autocrlf=true", "core.safecrlf=false", "user.name=x", "user.email=x"]
    options = [option for setting in settings for option in ("-c", setting)]
    none = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    output(folder, GIT, *options, *arguments, **none)


def cloned(folder: Path) -> Path:
    """Commit all files of a folder to a new repository, and return a clone of it."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")
    git(folder.parent, "clone", "--quiet", folder, "a clone")
    return folder.parent / "a clone"


@needs_git
@checkout
def test_clone(project: Path, tmp_path: Path) -> None:
    """Catches a checkout or an archive of the project that is damaged."""
    shutil.copytree(project, tmp_path / "project")
    assert newspair.validate(cloned(tmp_path / "project") / "data").problems == ()
    git(tmp_path / "project", "archive", "--output", tmp_path / "archive.zip", "HEAD")
    shutil.unpack_archive(tmp_path / "archive.zip", tmp_path / "archive")
    assert newspair.validate(tmp_path / "archive" / "data").problems == ()


@needs_git
@pytest.mark.parametrize("protected", [True, False])
def test_data_alone(data_copy: Path, tmp_path: Path, *, protected: bool) -> None:
    """Catches a data folder that does not protect itself in another repository.

    Without its attributes it is damaged: so they are what protects it.
    """
    project = tmp_path / "another project"
    project.mkdir()
    data_copy.rename(project / "news")
    if not protected:
        (project / "news" / ".gitattributes").unlink()
    clone = cloned(project)
    for name in list(GENUINE)[:2]:
        report = newspair.validate(clone / "news" / name)
        assert [each.causes for each in report.problems] == ([] if protected else [("crlf",)])
    assert newspair.validate(clone / "news").ok == protected
