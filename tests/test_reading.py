"""Bytes come out exactly as they were supplied, or not at all."""

import hashlib
import os
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import get_args

import pytest
from conftest import GENUINE

import newspair
from newspair import reading, validation

SUPPLIED = {
    "000_11fb25597ae0a89a": (
        2278,
        "c1d531363422d524ac82d3ad67c5caf2191206dc3b449ddfcd773d698823a10d",
    ),
    "003_ced7b9f589f8a978": (
        2076,
        "b2dcd8bcc099f249818b97a1cabcaf648d88cf85c5afc714023dfa2b8ac088e9",
    ),
}


def test_the_ids_are_those_of_the_files_in_order_and_of_the_type() -> None:
    assert newspair.ids() == tuple(SUPPLIED) == get_args(newspair.ArticleId)


@pytest.mark.parametrize("article_id", newspair.ids())
def test_the_bytes_are_the_supplied_ones(article_id: newspair.ArticleId) -> None:
    data = newspair.read_bytes(article_id)
    assert (len(data), hashlib.sha256(data).hexdigest()) == SUPPLIED[article_id]
    assert newspair.read_text(article_id).encode() == data


def test_the_oddities_are_kept() -> None:
    first, second = (newspair.read_text(article_id) for article_id in newspair.ids())
    assert first.endswith("News")
    assert "Ukraineand he has nothing to do in Ukraine, ”Zelensky" in first
    assert second.startswith(" date")
    assert second.endswith(".)\n\n")


def test_checksums_are_the_supplied_ones_and_cannot_be_changed() -> None:
    sums = newspair.checksums()
    assert dict(sums) == {article_id: sha256 for article_id, (_, sha256) in SUPPLIED.items()}
    with pytest.raises(TypeError):
        sums["000_11fb25597ae0a89a"] = ""  # type: ignore[index]


def test_sizes_and_digests_are_pinned_for_the_same_files_and_hold() -> None:
    data = {name: Path(reading.FOLDER, name).read_bytes() for name in reading.DIGESTS}
    found = {name: (len(each), hashlib.sha256(each).hexdigest()) for name, each in data.items()}
    assert found == {name: (reading.SIZES[name], reading.DIGESTS[name]) for name in found}
    assert list(reading.SIZES) == list(reading.DIGESTS)


@pytest.mark.parametrize("wrong", ["", "000", "000_11fb25597ae0a89a.txt", None, 0, [], "\ud800"])
@pytest.mark.parametrize("function", ["read_bytes", "read_text", "as_file", "load"])
def test_an_unknown_id_is_refused_with_the_valid_ones_named(function: str, wrong: object) -> None:
    with pytest.raises(newspair.UnknownArticleError) as caught:
        getattr(newspair, function)(wrong).__enter__()
    assert all(article_id in str(caught.value) for article_id in SUPPLIED)
    assert caught.value.valid == newspair.ids()


def flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize("name", list(GENUINE)[:2])
def test_a_file_with_any_one_bit_flipped_is_refused(name: str) -> None:
    data = GENUINE[name]
    for bit in range(len(data) * 8):
        with pytest.raises(newspair.IntegrityError) as caught:
            reading.verify(name, flip(data, bit))
        assert caught.value.check == "digest"


@pytest.mark.parametrize("data", [b"", GENUINE["README.md"] + b"x", GENUINE["README.md"][:-1]])
def test_a_wrong_size_is_told_before_anything_is_hashed(data: bytes) -> None:
    size = reading.SIZES["README.md"]
    sentence = f"^README.md: expected {size:,} bytes, found {len(data):,}$"
    with pytest.raises(newspair.IntegrityError, match=sentence) as caught:
        reading.verify("README.md", data)
    assert caught.value.check == "size"


def test_a_wrong_digest_is_told_with_the_one_found() -> None:
    data = GENUINE["README.md"].swapcase()
    with pytest.raises(newspair.IntegrityError) as caught:
        reading.verify("README.md", data)
    assert caught.value.found == hashlib.sha256(data).hexdigest()
    assert caught.value.expected == f"SHA-256 {reading.DIGESTS['README.md']}"


def test_the_digest_is_the_same_in_a_python_without_its_own_sha256(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("_sha2", "_sha256"):
        monkeypatch.setitem(sys.modules, name, None)
    assert reading.digest(b"x") == hashlib.sha256(b"x").hexdigest()


def test_a_file_of_the_very_limit_is_still_read(copy: Path) -> None:
    (copy / "README.md").write_bytes(bytes(reading.LIMIT))
    assert len(reading.fetch("README.md", str(copy))) == reading.LIMIT


def test_damaged_packaged_data_are_refused(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FOLDER", str(copy))
    article = copy / "000_11fb25597ae0a89a.txt"
    article.write_bytes(article.read_bytes().replace(b"Zelensky", b"Zelinsky", 1))
    with pytest.raises(
        newspair.IntegrityError, match=r"^000_11fb25597ae0a89a[.]txt: expected SHA-256"
    ):
        newspair.read_text("000_11fb25597ae0a89a")
    with pytest.raises(newspair.IntegrityError), newspair.as_file("000_11fb25597ae0a89a"):
        pass
    assert newspair.read_bytes("003_ced7b9f589f8a978") == GENUINE["003_ced7b9f589f8a978.txt"]


def put_nothing(place: Path) -> None:
    assert not place.exists()


def put_fifo(place: Path) -> None:
    os.mkfifo(place)


def put_socket(place: Path) -> None:
    # The path of a socket must be short, so it is bound from its folder.
    folder = Path.cwd()
    os.chdir(place.parent)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(place.name)
    os.chdir(folder)


IMPOSTORS = {
    "nothing": (put_nothing, "presence", "expected a regular file, found nothing"),
    "folder": (Path.mkdir, "kind", "expected a regular file, found a folder"),
    "fifo": (put_fifo, "kind", "expected a regular file, found a FIFO"),
    "socket": (put_socket, "kind", "expected a regular file, found a socket"),
    "dangling link": (
        lambda place: place.symlink_to("nowhere"),
        "kind",
        "expected a regular file, found a link to nothing",
    ),
    "link to itself": (
        lambda place: place.symlink_to(place.name),
        "access",
        "expected a readable file, found a link that cannot be read:"
        " Too many levels of symbolic links",
    ),
    "link to a folder": (
        lambda place: place.symlink_to("."),
        "kind",
        "expected a regular file, found a link to a folder",
    ),
    "endless device": (
        lambda place: place.symlink_to("/dev/zero"),
        "kind",
        "expected a regular file, found a link to a device",
    ),
    "10 GiB": (
        lambda place: (place.touch(), os.truncate(place, 10 * 2**30)),
        "size",
        "expected 182 bytes, found 10,737,418,240, too many to read",
    ),
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither FIFOs nor such devices")
@pytest.mark.parametrize("kind", IMPOSTORS)
def test_an_impostor_is_refused_without_being_opened(
    kind: str, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, check, told = IMPOSTORS[kind]
    place = copy / "SHA256SUMS"
    place.unlink()
    put(place)
    monkeypatch.setattr(reading, "FOLDER", str(copy))
    monkeypatch.setattr("builtins.open", lambda *_, **__: pytest.fail("it was opened"))
    with pytest.raises(newspair.IntegrityError) as caught:
        reading.read_verified("SHA256SUMS")
    assert (caught.value.check, str(caught.value)) == (check, f"SHA256SUMS: {told}")


def test_a_kind_that_has_no_name_is_special(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = os.stat_result((0o150000, *[0] * 9))  # a kind that Solaris has
    monkeypatch.setattr(os, "stat", lambda _: door)
    with pytest.raises(newspair.IntegrityError, match=r"found a special file$"):
        reading.fetch("SHA256SUMS", str(copy))


def test_a_file_that_cannot_be_read_is_refused(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(newspair.IntegrityError) as caught:
        reading.fetch("SHA256SUMS", str(copy))
    told = "SHA256SUMS: expected a readable file, found one that cannot be read: Permission denied"
    assert (caught.value.check, str(caught.value)) == ("access", told)


def test_a_file_that_grows_while_it_is_read_is_not_read_on(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = os.stat(copy / "SHA256SUMS")
    (copy / "SHA256SUMS").write_bytes(b"x" * 10 * reading.LIMIT)
    monkeypatch.setattr(os, "stat", lambda _: size)
    assert len(reading.fetch("SHA256SUMS", str(copy))) == reading.LIMIT + 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFOs")
def test_what_takes_the_place_of_a_file_after_the_look_at_it_neither_hangs_nor_leaks(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    regular = os.stat(copy / "SHA256SUMS")
    (copy / "SHA256SUMS").unlink()
    monkeypatch.setattr(os, "stat", lambda _: regular)
    os.mkfifo(copy / "SHA256SUMS")
    assert reading.fetch("SHA256SUMS", str(copy)) == b""
    (copy / "SHA256SUMS").unlink()
    (copy / "SHA256SUMS").mkdir()
    before = os.dup(0)
    for _ in range(5):
        with pytest.raises(newspair.IntegrityError, match="Is a directory"):
            reading.fetch("SHA256SUMS", str(copy))
    after = os.dup(0)
    os.close(before)
    os.close(after)
    assert after == before + 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_link_to_a_genuine_file_counts_as_the_file(copy: Path) -> None:
    (copy / "SHA256SUMS").rename(copy / "elsewhere")
    (copy / "SHA256SUMS").symlink_to("elsewhere")
    assert reading.fetch("SHA256SUMS", str(copy)) == GENUINE["SHA256SUMS"]


def in_zip(wheel: Path, program: str) -> str:
    """Run a program with the package imported from a zip; it prints what is asked."""
    command = [
        sys.executable,
        "-c",
        f"import newspair; assert '.whl' in newspair.__file__\n{program}",
    ]
    environment = os.environ | {"PYTHONPATH": str(wheel)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Give the package as a zip, as a wheel is one."""
    path = tmp_path / "newspair.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for source in Path(reading.__file__).parent.glob("*.py"):
            archive.write(source, f"newspair/{source.name}")
        for name, data in GENUINE.items():
            archive.writestr(f"newspair/data/{name}", data)
    return path


def test_the_package_works_when_imported_from_a_zip(wheel: Path) -> None:
    program = """
import hashlib
for article_id, sha256 in newspair.checksums().items():
    assert hashlib.sha256(newspair.read_bytes(article_id)).hexdigest() == sha256
    with newspair.as_file(article_id) as path:
        assert path.read_bytes() == newspair.read_bytes(article_id)
        assert path.name == newspair.load(article_id).filename
    assert not path.exists()
report = newspair.validate()
print(report.ok, report.problems)
"""
    assert in_zip(wheel, program) == "True ()"


def test_a_zip_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ARCHIVE", str(tmp_path / "gone.whl"))
    with pytest.raises(
        newspair.IntegrityError, match=r"found No such file or directory$"
    ) as caught:
        reading.fetch("README.md")
    assert caught.value.check == "access"


def test_a_zip_may_be_named_by_a_relative_path(wheel: Path) -> None:
    program = f"""
import os, sys
os.chdir({str(wheel.parent)!r})
sys.path[:0] = [{wheel.name!r}]
import newspair
os.chdir("/")
print(newspair.__file__, len(newspair.read_bytes("000_11fb25597ae0a89a")))
"""
    command = [sys.executable, "-I", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(Path(wheel.name, "newspair", "__init__.py")), "2278"]


def test_a_path_inside_a_zip_is_served_by_a_copy(
    wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ARCHIVE", str(wheel))
    monkeypatch.setattr(validation, "ARCHIVE", str(wheel))
    monkeypatch.setattr(reading, "FOLDER", str(wheel / "newspair" / "data"))
    monkeypatch.setattr(validation, "FOLDER", reading.FOLDER)
    assert newspair.validate().ok
    with newspair.as_file("000_11fb25597ae0a89a") as path:
        assert path.read_bytes() == GENUINE["000_11fb25597ae0a89a.txt"]
        assert wheel not in path.parents
    assert not path.parent.exists()
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("newspair/data/README.md", "rather long words")
        archive.writestr("newspair/data/croissant.json", bytes(10 * reading.LIMIT))
    assert len(reading.fetch("croissant.json")) == reading.LIMIT + 1
    with pytest.raises(newspair.IntegrityError) as caught:
        reading.fetch("SHA256SUMS")
    told = "SHA256SUMS: expected a regular file, found nothing"
    assert (caught.value.check, str(caught.value)) == ("presence", told)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("newspair/data/README.md", "rather long words")
    wheel.write_bytes(wheel.read_bytes().replace(b"rather", b"RATHER"))
    with pytest.raises(newspair.IntegrityError) as caught:
        reading.fetch("README.md")
    told = (
        "README.md: expected a readable file, found Bad CRC-32 for file 'newspair/data/README.md'"
    )
    assert (caught.value.check, str(caught.value)) == ("access", told)


@pytest.mark.parametrize("damage", ["missing", "corrupt", "stored wrong", "bomb"])
def test_a_damaged_zip_is_refused(damage: str, tmp_path: Path, wheel: Path) -> None:
    name = "newspair/data/000_11fb25597ae0a89a.txt"
    damaged = tmp_path / "damaged.whl"
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        if damage == "stored wrong":
            new.writestr(name, b"other text")
        elif damage == "bomb":
            new.writestr(name, bytes(200 * 2**20))
        elif damage == "corrupt":
            new.writestr(name, old.read(name), zipfile.ZIP_STORED)
    if damage == "corrupt":
        damaged.write_bytes(damaged.read_bytes().replace(b"Volodymyr", b"Wolodymyr"))
    told = {
        "missing": "expected a regular file, found nothing",
        "corrupt": "expected a readable file, found Bad CRC-32 for file",
        "stored wrong": "expected 2,278 bytes, found 10",
        "bomb": "expected 2,278 bytes, found 65,537",
    }[damage]
    error = in_zip(damaged, "newspair.read_bytes('000_11fb25597ae0a89a')")
    assert error.startswith(f"newspair.errors.IntegrityError: 000_11fb25597ae0a89a.txt: {told}")


def test_a_file_on_disk_is_given_for_each_article() -> None:
    for article_id in newspair.ids():
        with newspair.as_file(article_id) as path:
            assert path.read_bytes() == newspair.read_bytes(article_id)
            assert path.name == f"{article_id}.txt"


def imported(program: str) -> set[str]:
    """Return what a new interpreter has imported when it has run a program."""
    setup = f"import sys; sys.path[:0] = {list(filter(None, sys.path))!r}\n"
    command = [sys.executable, "-I", "-S", "-c", f"{setup}{program}\nprint(*sys.modules)"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_reading_imports_next_to_nothing() -> None:
    names = imported("import newspair\nfor each in newspair.ids(): newspair.read_text(each)")
    dear = {"pydantic", "typing", "importlib.resources", "pathlib", "json", "re", "contextlib"}
    assert "newspair.reading" in names
    assert names & (dear | {"hashlib", "_hashlib"}) <= imported("")


def test_commands_that_need_no_models_import_none() -> None:
    names = imported("from newspair.cli import main; main(['show', '000_11fb25597ae0a89a'])")
    assert "newspair.cli" in names
    assert not names & {"pydantic", "typing", "json", "shutil", "hashlib", "newspair.export"}


def test_loading_imports_nothing_that_pydantic_does_not() -> None:
    model = "class M(pydantic.BaseModel):\n    id: str"
    more = imported("import newspair; newspair.load_all()") - imported(f"import pydantic\n{model}")
    assert {name.partition(".")[0] for name in more} - {"_sha2", "_sha256"} == {"newspair"}
