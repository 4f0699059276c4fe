"""Whatever is done to a copy of the data folder is refused, and each problem told once."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import GENUINE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_manifest import JSON
from test_reading import IMPOSTORS, flip

import newspair
from newspair import reading, validation

FIRST, SECOND, MANIFEST, SUMS, CROISSANT, CARD = GENUINE


def lines(folder: Path) -> list[str]:
    """Return the problems as the command line prints them."""
    problems = newspair.validate(folder).problems
    return [f"{problem.message} [{problem.check}]" for problem in problems]


def test_the_packaged_data_are_genuine() -> None:
    assert newspair.validate() == newspair.Report(problems=())
    assert newspair.validate().ok


@pytest.mark.parametrize("kind", [str, Path, os.fsencode])
def test_a_genuine_copy_is_genuine(kind: Callable[[Path], Any], copy: Path) -> None:
    assert newspair.validate(kind(copy)).ok


def edit(name: str, old: str, new: str, count: int = -1) -> Callable[[Path], object]:
    """Return a damage that replaces words in a file."""

    def damage(folder: Path) -> None:
        genuine = (folder / name).read_bytes()
        assert old.encode() in genuine
        (folder / name).write_bytes(genuine.replace(old.encode(), new.encode(), count))

    return damage


def write(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(data)


def in_manifest(*place: str | int, value: object) -> Callable[[Path], object]:
    """Return a damage that sets a value in the manifest, written as it was."""

    def damage(folder: Path) -> None:
        tree = json.loads((folder / MANIFEST).read_text())
        parent = tree
        for step in place[:-1]:
            parent = parent[step]
        if isinstance(parent, list) and place[-1] == len(parent):
            parent.append(value)
        else:
            parent[place[-1]] = value
        (folder / MANIFEST).write_text(json.dumps(tree))

    return damage


GENUINE_MANIFEST = reading.DIGESTS[MANIFEST]


def forge(folder: Path) -> None:
    """Change an article and every record of it, so that they agree with each other."""
    old = GENUINE[FIRST]
    new = old.replace(b"Zelensky", b"Zelinsky")
    for name in (MANIFEST, SUMS, CROISSANT):
        edit(name, reading.digest(old), reading.digest(new))(folder)
    edit(CROISSANT, GENUINE_MANIFEST, reading.digest((folder / MANIFEST).read_bytes()))(folder)
    (folder / FIRST).write_bytes(new)


def exchange(folder: Path) -> None:
    (folder / FIRST).write_bytes(GENUINE[SECOND])
    (folder / SECOND).write_bytes(GENUINE[FIRST])


HEADLINE = json.loads(GENUINE[MANIFEST])["resources"][1]["headline"]
OTHER = "Zelinsky"
FAULTS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a letter changed": (
        edit(FIRST, "Zelensky", OTHER, 1),
        [
            f"{FIRST}: the first difference is at line 1, column 34: expected"
            " 'ensky said on Thursd', found 'insky said on Thursd' [digest]"
        ],
    ),
    "a bit flipped": (
        write(SECOND, flip(GENUINE[SECOND], 8 * 30)),
        [
            f"{SECOND}: the first difference is at line 3, column 3: expected"
            " 'lenskyy Condemns Rus', found 'menskyy Condemns Rus' [digest]"
        ],
    ),
    "not UTF-8": (
        edit(FIRST, "country’s", "country", 1),
        [f"{FIRST}: the first difference is at line 1, column 81: expected "],
    ),
    "CRLF": (
        edit(FIRST, "\n", "\r\n"),
        [
            f"{FIRST}: line endings were changed from LF to CRLF (git's core.autocrlf does this);"
            " the text is otherwise genuine"
        ],
    ),
    "final newline": (
        write(FIRST, GENUINE[FIRST] + b"\n"),
        [f"{FIRST}: a newline was added; the text is otherwise genuine [size]"],
    ),
    "truncated": (
        write(SECOND, GENUINE[SECOND][:-1]),
        [f"{SECOND}: the final newline was stripped; the text is otherwise genuine [size]"],
    ),
    "exchanged": (
        exchange,
        [
            f"{FIRST}: holds the genuine {SECOND}: exchanged for it, or overwritten by it [size]",
            f"{SECOND}: holds the genuine {FIRST}: exchanged for it, or overwritten by it [size]",
        ],
    ),
    "a file missing": (
        lambda folder: (folder / FIRST).unlink(),
        [f"{FIRST}: expected a regular file, found nothing [presence]"],
    ),
    "a file renamed": (
        lambda folder: (folder / FIRST).rename(folder / "first\u202e.txt"),
        [f"{FIRST}: is missing; 'first\\u202e.txt' is this file under another name [presence]"],
    ),
    "a file renamed among strangers, one of them large": (
        lambda folder: [
            (folder / SUMS).rename(folder / "m"),
            *((folder / name).write_bytes(b"x" * 100_000) for name in ("a", "z")),
        ],
        [
            f"{SUMS}: is missing; m is this file under another name [presence]",
            "a: does not belong to the data [unexpected]",
            "z: does not belong to the data [unexpected]",
        ],
    ),
    "a file moved, and a folder in its place": (
        lambda folder: [(folder / SUMS).rename(folder / "m"), (folder / SUMS).mkdir()],
        [
            f"{SUMS}: expected a regular file, found a folder [kind]",
            "m: does not belong to the data [unexpected]",
        ],
    ),
    "files added, one hidden": (
        lambda folder: [(folder / name).write_text("x") for name in ("z", ".hidden")],
        [
            ".hidden: does not belong to the data [unexpected]",
            "z: does not belong to the data [unexpected]",
        ],
    ),
    "all files missing": (
        lambda folder: [path.unlink() for path in folder.iterdir()],
        [f"{name}: expected a regular file, found nothing [presence]" for name in GENUINE],
    ),
    "the card changed": (
        edit(CARD, "nothing was corrected", "much was corrected"),
        [
            f"{CARD}: the first difference is at line 3, column 78: expected"
            " 'nothing was correcte', found 'much was corrected,\\n' [size]"
        ],
    ),
    "a sum changed": (
        edit(SUMS, "c1d5", "c1d6"),
        [
            f"{SUMS}: the first difference is at line 1, column 4: expected"
            " '531363422d524ac82d3a', found '631363422d524ac82d3a' [digest]"
        ],
    ),
    "the sums empty": (write(SUMS, b""), [f"{SUMS}: is empty [size]"]),
    "a headline changed": (
        edit(MANIFEST, '"headline": "Zelenskyy', '"headline": "Zelensky'),
        [
            f"{MANIFEST}: resources[1].headline: expected"
            " 'Zelenskyy Condemns Russian Attacks, Calls for Stronger Globa'…, found"
            " 'Zelensky Condemns Russian Attacks, Calls for Stronger Global'… [metadata]"
        ],
    ),
    "the last letter of a headline changed": (
        edit(MANIFEST, 'Support",', 'Supporx",'),
        [
            f"{MANIFEST}: resources[1].headline: expected '…ronger Global Support',"
            " found '…ronger Global Supporx' [metadata]"
        ],
    ),
    "a letter of a headline made small": (
        edit(MANIFEST, '"headline": "Zelenskyy', '"headline": "zelenskyy'),
        [
            f"{MANIFEST}: resources[1].headline: expected"
            " 'Zelenskyy Condemns Russian Attacks, Calls for Stronger Globa'…, found"
            " 'zelenskyy Condemns Russian Attacks, Calls for Stronger Globa'… [metadata]"
        ],
    ),
    "two letters in another case": (
        edit(SECOND, "Zelenskyy", "zElenskyy", 1),
        [
            f"{SECOND}: only upper and lower case were changed; the first difference is at"
            " line 3, column 1: expected 'Zelenskyy Condemns R', found 'zElenskyy Condemns R'"
            " [digest]"
        ],
    ),
    "a manifest with CRLF": (
        edit(MANIFEST, "\n", "\r\n"),
        [f"{MANIFEST}: line endings were changed from LF to CRLF (git's core.autocrlf does this)"],
    ),
    "a manifest cut off": (
        write(MANIFEST, GENUINE[MANIFEST][:100]),
        [f"{MANIFEST}: was cut off: genuine up to byte 100 of {len(GENUINE[MANIFEST]):,} [size]"],
    ),
    "a manifest in UTF-16": (
        write(MANIFEST, GENUINE[MANIFEST].decode().encode("utf-16")),
        [f"{MANIFEST}: the text was encoded as UTF-16; the text is otherwise genuine"],
    ),
    "one record in place of another": (
        write(MANIFEST, GENUINE[CROISSANT]),
        [f"{MANIFEST}: holds the genuine {CROISSANT}: exchanged for it, or overwritten by it"],
    ),
    "CRLF and a word changed": (
        lambda folder: [edit(SECOND, "Kyiv", "Kiev")(folder), edit(SECOND, "\n", "\r\n")(folder)],
        [
            f"{SECOND}: line endings were changed from LF to CRLF (git's core.autocrlf does this);"
            " the first difference is at line 11, column 310: expected 'yiv, with multiple c',"
            " found 'iev, with multiple c' [encoding]"
        ],
    ),
    "a manifest with a byte order mark and a changed value": (
        lambda folder: (folder / MANIFEST).write_bytes(
            b"\xef\xbb\xbf" + GENUINE[MANIFEST].replace(b'"fixture"', b'"fiction"')
        ),
        [
            f"{MANIFEST}: a byte order mark was added [encoding]",
            f"{MANIFEST}: keywords[2]: expected 'fixture', found 'fiction' [metadata]",
        ],
    ),
    "a wrong value that a cause would explain": (
        edit(MANIFEST, '"headline": "Zelenskyy ', '"headline": "Zelenskyy\u00a0'),
        [
            f"{MANIFEST}: resources[1].headline: expected"
            " 'Zelenskyy Condemns Russian Attacks, Calls for Stronger Globa'…, found"
            " 'Zelenskyy\\xa0Condemns Russian Attacks, Calls for Stronger Globa'… [metadata]"
        ],
    ),
    "many wrong values": (
        in_manifest("licenses", 0, value={str(number): 0 for number in range(500)}),
        [
            f"{MANIFEST}: licenses[0].name: expected 'notspecified', found nothing [metadata]",
            f"{MANIFEST}: licenses[0].title: expected 'License Not Specified', found nothing",
            *(f"{MANIFEST}: licenses[0]['{i}']: expected nothing, found 0" for i in range(500)),
        ],
    ),
    "a manifest in small letters": (
        lambda folder: (folder / MANIFEST).write_bytes(GENUINE[MANIFEST].lower()),
        [f"{MANIFEST}: letters were made lower case; the text is otherwise genuine [digest]"],
    ),
    "weaker hashes": (
        in_manifest("resources", 0, "hash", value="md5:d41d8cd98f00b204e9800998ecf8427e"),
        [
            f"{MANIFEST}: resources[0].hash: expected"
            " 'sha256:c1d531363422d524ac82d3ad67c5caf2191206dc3b449ddfcd773'…, found"
            " 'md5:d41d8cd98f00b204e9800998ecf8427e' [metadata]"
        ],
    ),
    "a path that leaves the folder": (
        in_manifest("resources", 0, "path", value="../../etc/passwd"),
        [f"{MANIFEST}: resources[0].path: expected '{FIRST}', found '../../etc/passwd' [metadata]"],
    ),
    "a URL": (
        in_manifest("resources", 0, "path", value="https://x.org/"),
        [f"{MANIFEST}: resources[0].path: expected '{FIRST}', found 'https://x.org/' [metadata]"],
    ),
    "resources missing": (
        in_manifest("resources", value=[]),
        [f"{MANIFEST}: resources: expected 2 entries, found 0 [metadata]"],
    ),
    "resources doubled": (
        in_manifest("resources", 2, value={}),
        [f"{MANIFEST}: resources: expected 2 entries, found 3 [metadata]"],
    ),
    "a wrong type": (
        in_manifest("resources", 0, "bytes", value="2278"),
        [f"{MANIFEST}: resources[0].bytes: expected 2278, found '2278' [metadata]"],
    ),
    "NaN": (
        in_manifest("resources", 0, "bytes", value=float("nan")),
        [f"{MANIFEST}: the whole file: NaN is not JSON [json]"],
    ),
    "a huge number": (
        in_manifest("resources", 0, "bytes", value=10**4000),
        [f"{MANIFEST}: resources[0].bytes: expected 2278, found 1{'0' * 59}… [metadata]"],
    ),
    "a lone surrogate": (
        in_manifest("name", value="\ud800"),
        [f"{MANIFEST}: name: expected 'newspair', found '\\ud800' [metadata]"],
    ),
    "a key twice": (
        edit(MANIFEST, '"name": "newspair",', '"name": "newspair", "name": "x",'),
        [f"{MANIFEST}: the whole file: the key 'name' stands twice in one object [json]"],
    ),
    "nested deeply": (
        write(MANIFEST, b"[" * 50_000),
        [
            f"{MANIFEST}: the whole file: nested too deeply [json]",
        ],
    ),
    "not JSON": (
        edit(MANIFEST, "{", "(", 1),
        [f"{MANIFEST}: line 1, column 1: Expecting value [json]"],
    ),
    "a manifest laid out anew": (
        lambda folder: (folder / MANIFEST).write_text(json.dumps(json.loads(GENUINE[MANIFEST]))),
        [
            f"{MANIFEST}: every value is genuine, the layout is not; the first difference is at"
            " line 1, column 2: expected"
            """ '\\n  "$schema": "https', found '"$schema": "https://' [size]"""
        ],
    ),
    "a manifest in another order": (
        edit(
            MANIFEST,
            '"format": "txt",\n      "mediatype": "text/plain"',
            '"mediatype": "text/plain",\n      "format": "txt"',
            1,
        ),
        [
            f"{MANIFEST}: every value is genuine, the layout is not; the first difference is at"
            " line 17, column 8: expected"
            ' \'format": "txt",\\n    \', found \'mediatype": "text/pl\' [digest]'
        ],
    ),
    "a digest in the Croissant file": (
        edit(CROISSANT, reading.DIGESTS[FIRST], reading.DIGESTS[SECOND]),
        [
            f"{CROISSANT}: distribution[0].sha256: expected"
            f" '{reading.DIGESTS[FIRST][:60]}'…, found '{reading.DIGESTS[SECOND][:60]}'… [metadata]"
        ],
    ),
    "all records forged to agree": (
        forge,
        [
            f"{FIRST}: the first difference is at line 1, column 34: expected",
            f"{MANIFEST}: resources[0].hash: expected 'sha256:c1d531363422d524ac82d3ad",
            f"{SUMS}: the first difference is at line 1, column 1: expected 'c1d531363422d524ac82'",
            f"{CROISSANT}: distribution[0].sha256: expected 'c1d5313634",
            f"{CROISSANT}: distribution[2].sha256: ",
        ],
    ),
    "several at once": (
        lambda folder: [
            damage(folder)
            for damage in (
                edit(SECOND, "\n", "\r\n"),
                in_manifest("resources", 0, "bytes", value=-1),
                in_manifest("title", value=None),
                lambda folder: (folder / SUMS).unlink(),
                write("stranger", b""),
            )
        ],
        [
            f"{SECOND}: line endings were changed from LF to CRLF",
            f"{MANIFEST}: title: expected 'newspair: two news articles, byte for byte', found null",
            f"{MANIFEST}: resources[0].bytes: expected 2278, found -1 [metadata]",
            f"{SUMS}: expected a regular file, found nothing [presence]",
            "stranger: does not belong to the data [unexpected]",
        ],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_once_and_in_these_words(fault: str, copy: Path) -> None:
    damage, expected = FAULTS[fault]
    damage(copy)
    found = lines(copy)
    assert [line[: len(start)] for line, start in zip(found, expected, strict=False)] == expected
    assert len(found) == len(expected)
    assert all(line.isprintable() for line in found)
    assert lines(copy) == found


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither FIFOs nor such devices")
@pytest.mark.parametrize("name", GENUINE)
@pytest.mark.parametrize("kind", IMPOSTORS)
def test_an_impostor_of_any_file_is_one_problem(kind: str, name: str, copy: Path) -> None:
    put, check, _ = IMPOSTORS[kind]
    (copy / name).unlink()
    put(copy / name)
    (problem,) = newspair.validate(copy).problems
    assert (problem.file, problem.check) == (name, check)
    assert problem.message.startswith(f"{name}: expected ")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_folder_of_links_to_genuine_files_is_genuine(copy: Path, tmp_path: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    for name in GENUINE:
        (links / name).symlink_to(copy / name)
    assert newspair.validate(links).ok


def test_a_hundred_unexpected_files_are_all_named(copy: Path) -> None:
    (copy / SUMS).rename(copy / "000")
    for number in range(1, 151):
        (copy / f"{number:03}").touch()
    first, *others = newspair.validate(copy).problems
    assert (first.file, first.check) == (SUMS, "presence")
    assert [problem.file for problem in others] == [f"{number:03}" for number in range(1, 151)]
    assert {problem.check for problem in others} == {"unexpected"}


@pytest.mark.parametrize(
    ("directory", "told"),
    [
        ("nowhere", "nowhere: is not a folder: No such file or directory"),
        ("", "'': is not a folder: No such file or directory"),
        (__file__, f"{__file__}: is not a folder: Not a directory"),
        ("a\0b", r"'a\x00b': is not a folder: "),
        ("\ud800", r"'\ud800': is not a folder: 'utf-8' codec can't encode"),
        ("x" * 5000, "File name too long"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows words these otherwise")
def test_what_is_no_folder_is_refused(directory: str, told: str) -> None:
    with pytest.raises(newspair.NewspairError) as caught:
        newspair.validate(directory)
    assert told in str(caught.value)
    assert type(caught.value) is newspair.NewspairError


@pytest.mark.parametrize("refused", [["."], ["", "."]], ids=["its entries", "itself"])
def test_an_unreadable_folder_is_one_problem(
    refused: list[str], copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> os.stat_result:
        if path in [os.path.join(copy, end) for end in refused]:
            raise PermissionError(13, "Permission denied", path)
        return stat(path)

    stat = os.stat
    monkeypatch.setattr(validation.os, "stat", refuse)
    told = f"{copy}: cannot be read: Permission denied"
    problem = newspair.Problem(file=str(copy), check="access", message=told)
    assert newspair.validate(copy).problems == (problem,)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
@pytest.mark.parametrize("mode", [0o000, 0o444, 0o311, 0o755])
def test_what_a_user_may_not_read_is_told(mode: int) -> None:
    """Seen with the eyes of a user without rights, in a process of its own."""
    folder = Path("/tmp") / f"newspair-{os.getpid()}-{mode:o}"  # noqa: S108 - others must get at it
    folder.mkdir()
    try:
        for name, data in GENUINE.items():
            (folder / name).write_bytes(data)
        (folder / SUMS).chmod(0)
        folder.chmod(mode)
        program = (
            f"import sys; sys.path[:] = {sys.path!r}; import newspair; newspair.validate()\n"
            "import os; os.geteuid() or os.setuid(65534)\n"
            f"for each in newspair.validate({str(folder)!r}).problems: print(each.message)"
        )
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        told = done.stdout.splitlines()
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
    assert len(told) == 1, done.stderr
    assert told[0].endswith("Permission denied")
    assert (SUMS in told[0]) == (mode == 0o755)


@contextmanager
def damaged_for_a_while(path: Path, data: bytes) -> Iterator[None]:
    genuine = path.read_bytes()
    path.write_bytes(data)
    try:
        yield
    finally:
        path.write_bytes(genuine)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_a_folder_is_genuine_exactly_when_it_is_byte_identical(
    copy: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(list(GENUINE)))
    genuine = GENUINE[name]
    start = data.draw(st.integers(0, len(genuine)))
    stop = data.draw(st.integers(start, min(len(genuine), start + 5)))
    damaged = genuine[:start] + data.draw(st.binary(max_size=5)) + genuine[stop:]
    with damaged_for_a_while(copy / name, damaged):
        report = newspair.validate(copy)
    assert report.ok == (damaged == genuine)
    assert {problem.file for problem in report.problems} <= {name}
    assert all(problem.message.isprintable() for problem in report.problems)


@given(st.sampled_from([MANIFEST, CROISSANT, SUMS, CARD]), st.binary() | JSON)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_and_any_json_in_a_record_are_refused(
    copy: Path, name: str, content: object
) -> None:
    written = content if isinstance(content, bytes) else json.dumps(content).encode()
    with damaged_for_a_while(copy / name, written):
        report = newspair.validate(copy)
    assert not report.ok
    assert {problem.file for problem in report.problems} == {name}


@pytest.fixture
def damaged(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the packaged data itself, free to be damaged."""
    monkeypatch.setattr(reading, "FOLDER", str(copy))
    monkeypatch.setattr(validation, "FOLDER", str(copy))
    return copy


PACKAGED = [
    (FIRST, "\n", "\r\n", f"{FIRST}: line endings were changed from LF to CRLF"),
    (FIRST, "Zelensky", OTHER, f"{FIRST}: expected SHA-256 c1d531363422d524ac82d3ad67c5caf21912"),
    (
        MANIFEST,
        HEADLINE,
        "x",
        f"{MANIFEST}: resources[1].evidence.headline.text: 'x' is not on lin",
    ),
    (MANIFEST, '"headline": "', '"headline": "x', f"{MANIFEST}: resources[1].headline: 'xZelen"),
    (MANIFEST, '"bytes": 2278', '"bytes": "2278"', f"{MANIFEST}: resources[0].bytes: Input should"),
    (MANIFEST, '"title": "newspair', '"title": "newsPair', f"{MANIFEST}: expected SHA-256"),
    (CROISSANT, "sc:Integer", "sc:Text", f"{CROISSANT}: expected "),
]


@pytest.mark.parametrize(("name", "old", "new", "told"), PACKAGED)
def test_damaged_packaged_data_are_told_without_anything_to_compare_with(
    name: str, old: str, new: str, told: str, damaged: Path
) -> None:
    edit(name, old, new)(damaged)
    (problem,) = newspair.validate().problems
    assert problem.message.startswith(told)


def test_packaged_data_may_have_no_strangers_either(damaged: Path) -> None:
    (damaged / "stranger").touch()
    (problem,) = newspair.validate().problems
    assert (problem.file, problem.check) == ("stranger", "unexpected")


def test_evidence_cannot_be_proven_by_a_text_that_is_lost(damaged: Path) -> None:
    (damaged / SECOND).unlink()
    edit(MANIFEST, '"headline": "Z', '"headline": "X')(damaged)
    messages = [problem.message for problem in newspair.validate().problems]
    assert [message.split(": ")[0] for message in messages] == [SECOND, MANIFEST]
    assert "expected SHA-256" in messages[1]


def test_threads_may_all_be_the_first_to_ask() -> None:
    program = f"""
import sys; sys.path[:] = {sys.path!r}; sys.setswitchinterval(1e-6)
import threading, newspair
start, seen = threading.Barrier(16), []
def ask():
    start.wait()
    seen.append((newspair.load("{newspair.ids()[0]}"), newspair.validate().ok))
threads = [threading.Thread(target=ask) for _ in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(seen), len({{id(article) for article, _ in seen}}), all(ok for _, ok in seen))
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("16 1 True\n", "")


def test_a_genuine_manifest_is_proven_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should pin and manifest ever be changed together, the texts still object."""
    monkeypatch.setattr(validation, "_genuine_texts", lambda: {newspair.ids()[1]: "x\n" * 30})
    problems = newspair.validate().problems
    assert {(problem.file, problem.check) for problem in problems} == {(MANIFEST, "metadata")}
    assert len(problems) > 5
    start = f"{MANIFEST}: resources[1]."
    assert all(problem.message.startswith(start) for problem in problems)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's own peak")
def test_a_file_of_10_gib_takes_little_memory_and_no_time(copy: Path) -> None:
    for name in GENUINE:
        with open(copy / name, "wb") as file:
            file.truncate(10 * 2**30)
    # Not getrusage: what it tells includes the process that this one was forked from.
    program = (
        f"import re, sys; sys.path[:] = {sys.path!r}; import newspair\n"
        f"report = newspair.validate({str(copy)!r})\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())[1]\n"
        "print(len(report.problems), peak)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    problems, peak = map(int, done.stdout.split())
    assert problems == 6
    assert 10 * 10**6 < peak * 1024 < 100 * 10**6
