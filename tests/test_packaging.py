"""What is built, installed, cloned and committed elsewhere is what was written."""

import os
import re
import shutil
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from helpers import (
    CHECKOUT,
    DATA,
    FIRST_FILE,
    ROOT,
    SECOND_FILE,
    blocks,
    codes,
    copy_checkout,
    git,
    output,
    python,
)

import newspair
from newspair._folder import FILES

UV = os.environ.get("UV") or shutil.which("uv") or ""
PROGRAMS = "Scripts" if sys.platform == "win32" else "bin"

needs_uv = pytest.mark.skipif(not UV, reason="uv, which builds the package, is not installed")
needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
needs_checkout = pytest.mark.skipif(
    not all((ROOT / name).exists() for name in CHECKOUT), reason="this is no checkout"
)


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """Give a copy of the project in a path with a space."""
    return copy_checkout(tmp_path_factory.mktemp("some") / "a project")


@pytest.fixture(scope="session")
def dist(project, tmp_path_factory):
    """Give the folder with the sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    output(UV, "build", "--quiet", "--out-dir", folder, "--python", sys.executable, cwd=project)
    return folder


@pytest.fixture(scope="session")
def wheel(dist):
    return next(dist.glob("*.whl"))


@pytest.fixture(scope="session")
def metadata(wheel):
    """Give the metadata of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        return Parser().parsestr(archive.read(name).decode("utf-8"))


@needs_checkout
@needs_uv
class TestBuild:
    def test_wheel_holds_the_package_and_the_data(self, wheel):
        with zipfile.ZipFile(wheel) as archive:
            names = {name for name in archive.namelist() if ".dist-info/" not in name}
        package = {f"newspair/{path.name}" for path in (ROOT / "src" / "newspair").glob("*.py*")}
        data = {f"newspair/data/{name}" for name in FILES}
        assert names == package | data | {"newspair/py.typed"}

    def test_data_in_the_wheel_are_unchanged(self, wheel):
        with zipfile.ZipFile(wheel) as archive:
            for name in FILES:
                assert archive.read(f"newspair/data/{name}") == (DATA / name).read_bytes()

    def test_sdist_holds_the_project(self, project, dist):
        files = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
        with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
            names = {str(Path(*Path(name).parts[1:])) for name in archive.getnames()}
        assert names == files | {"PKG-INFO"}

    def test_build_can_be_repeated(self, project, wheel, tmp_path):
        output(UV, "build", "--quiet", "--wheel", "--out-dir", tmp_path, cwd=project)
        assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()

    def test_version(self, metadata):
        assert metadata["Version"] == newspair.__version__

    def test_license(self, metadata):
        assert metadata["License-Expression"] == "MIT AND LicenseRef-newspair-articles"

    def test_pydantic_is_the_only_dependency(self, metadata):
        (requirement,) = metadata.get_all("Requires-Dist")
        assert requirement.startswith("pydantic>=")

    def test_pythons_of_the_classifiers_are_tested(self, metadata):
        versions = re.findall(r":: (3\.\d+)", " ".join(metadata.get_all("Classifier")))
        workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
        assert re.findall(r'"(3\.\d+)"', workflow) == versions
        assert metadata["Requires-Python"] == f">={versions[0]}"

    def test_wheel_works_where_it_is_installed(self, wheel, tmp_path):
        programs = tmp_path / "an environment" / PROGRAMS
        output(UV, "venv", "--quiet", "--python", sys.executable, programs.parent)
        output(UV, "pip", "install", "--quiet", "--python", programs / "python", wheel)
        assert output(programs / "newspair", "validate") == "the packaged data: unchanged\n"
        program = "import newspair; print(newspair.load('003').headline)"
        printed = output(programs / "python", "-I", "-W", "error", "-c", program)
        assert printed.startswith("Zelenskyy Condemns")

    def test_wheel_works_without_being_unpacked(self, wheel, tmp_path):
        program = "import newspair; print(newspair.__file__, newspair.validate().ok)"
        printed = python("-P", "-c", program, path=wheel, cwd=tmp_path)
        assert printed.stdout == f"{wheel / 'newspair' / '__init__.py'} True\n"


@needs_checkout
@pytest.mark.interop
@pytest.mark.skipif(sys.platform == "win32", reason="the commands are for sh")
def test_readme_commands(tmp_path):
    """They need nothing but Python, also in a path with a space; here they run few tests."""
    clone, system = copy_checkout(tmp_path / "a clone"), tmp_path / "bin"
    system.mkdir()
    (system / "python3").symlink_to(Path(sys.base_prefix, "bin", "python3"))
    folders = os.environ["PATH"].split(os.pathsep)
    without_uv = [folder for folder in folders if not shutil.which("uv", path=folder)]
    environment = {
        "PATH": os.pathsep.join([str(system), *without_uv]),
        "PYTEST_ADDOPTS": "-p no:cacheprovider tests/test_data.py",
    }
    first, second = blocks((ROOT / "README.md").read_text("utf-8"), "sh")
    printed = output("sh", "-ec", first, cwd=clone, env=environment)
    assert printed.endswith("the packaged data: unchanged\n")
    printed = output("sh", "-ec", second, cwd=clone, env=environment)
    assert re.search(r"\d+ passed", printed)
    assert output(clone / ".venv" / "bin" / "newspair", "--version").startswith("newspair ")


def clone_with_autocrlf(folder):
    """Commit a folder where git converts line endings, and return a clone of it."""
    git("init", "--quiet", cwd=folder)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", "all", cwd=folder)
    git("clone", "--quiet", folder, "clone", cwd=folder.parent)
    return folder.parent / "clone"


@needs_git
@needs_checkout
def test_clone_of_the_project_is_unchanged(tmp_path):
    project = copy_checkout(tmp_path / "a project")
    assert newspair.validate(clone_with_autocrlf(project) / "data")


@needs_git
class TestAnotherRepository:
    def test_folder_protects_itself(self, copy):
        (copy.parent / "project").mkdir()
        copy.rename(copy.parent / "project" / "news")
        clone = clone_with_autocrlf(copy.parent / "project")
        assert newspair.validate(clone / "news")

    def test_attributes_are_what_protects_it(self, copy):
        (copy / ".gitattributes").unlink()
        clone = clone_with_autocrlf(copy)
        for name in (FIRST_FILE, SECOND_FILE):
            assert codes(newspair.validate(clone / name)) == ["crlf"]
