"""The manifest is a Data Package v2 that the models read strictly, and say where they cannot."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import GENUINE, ROOT
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import newspair
from newspair import manifest, reading

TREE: dict[str, Any] = json.loads(GENUINE["datapackage.json"])


def test_the_manifest_has_what_a_data_package_asks_of_each_file() -> None:
    loaded = manifest.load_manifest()
    for resource, article_id in zip(loaded.resources, newspair.ids(), strict=True):
        data = newspair.read_bytes(article_id)
        assert (resource.name, resource.path) == (article_id, f"{article_id}.txt")
        assert (resource.bytes, resource.hash) == (len(data), f"sha256:{reading.digest(data)}")
        assert (resource.encoding, resource.mediatype) == ("utf-8", "text/plain")
        assert [each.name for each in resource.licenses] == ["notspecified"]
        assert len(resource.sources) == 1


def test_the_dataset_has_the_version_of_the_package() -> None:
    assert manifest.load_manifest().version == newspair.__version__ == "1.0.0"


@pytest.mark.skipif(not (ROOT / "pyproject.toml").exists(), reason="no checkout and no sdist")
def test_the_package_takes_its_version_from_the_code() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["tool"]["hatch"]["version"]["path"] == "src/newspair/__init__.py"


def test_the_models_are_frozen_and_hashable() -> None:
    loaded = manifest.load_manifest()
    assert loaded == manifest.load_manifest()
    assert hash(loaded) == hash(manifest.load_manifest())
    with pytest.raises(ValidationError, match="frozen"):
        loaded.resources[0].sections[0].first_line = 2  # type: ignore[misc]


def places(tree: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(tree, dict | list):
        keys = tree if isinstance(tree, dict) else range(len(tree))
        return [at, *(place for key in keys for place in places(tree[key], (*at, key)))]
    return [at]


def changed(place: tuple[str | int, ...], value: object) -> bytes:
    """Return the manifest with one value replaced."""
    tree = json.loads(GENUINE["datapackage.json"])
    parent = tree
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = value
    return json.dumps(tree).encode()


EVERYWHERE = [place for place in places(TREE) if place]


@pytest.mark.parametrize("place", EVERYWHERE, ids=manifest.where)
def test_a_value_of_the_wrong_type_is_refused_by_name(place: tuple[str | int, ...]) -> None:
    with pytest.raises(newspair.ManifestError) as caught:
        manifest.parse(changed(place, 1.5))
    assert caught.value.where == manifest.where(place)
    assert str(caught.value).startswith(f"datapackage.json: {manifest.where(place)}: ")


@pytest.mark.parametrize("place", [(), ("resources", 0), ("resources", 1, "evidence", "author")])
def test_an_unknown_property_is_refused_by_name(place: tuple[str | int, ...]) -> None:
    with pytest.raises(newspair.ManifestError, match="Extra inputs are not permitted") as caught:
        manifest.parse(changed((*place, "extra"), None))
    assert caught.value.where == manifest.where((*place, "extra"))


def test_a_property_goes_by_its_own_name_only() -> None:
    data = GENUINE["datapackage.json"].replace(b"inLanguage", b"language")
    with pytest.raises(newspair.ManifestError, match=r"resources\[0\].inLanguage: Field required"):
        manifest.parse(data)


def test_a_number_in_words_is_no_number() -> None:
    with pytest.raises(newspair.ManifestError, match=r"resources\[0\].bytes: Input should be"):
        manifest.parse(changed(("resources", 0, "bytes"), "2278"))


INVALID = {
    b"": "line 1, column 1: Expecting value",
    b"{": "line 1, column 2: Expecting property name enclosed in double quotes",
    b'{"a": 1}\n}': "line 2, column 1: Extra data",
    b'{"": 1, "": 2}': "the whole file: the key '' stands twice in one object",
    b'[{"a\\n": 1, "a\\n": 2}]': "the whole file: the key 'a\\n' stands twice in one object",
    b"\xff": "line 1, column 1: Expecting value",
    b"\xef\xbb\xbf{}": "line 1, column 1: Unexpected UTF-8 BOM",
    b"[" * 60_000: "the whole file: nested too deeply",
    b"1" * 5_000: "the whole file: Exceeds the limit (4300 digits)",
    b"[NaN]": "the whole file: NaN is not JSON",
    b"-Infinity": "the whole file: -Infinity is not JSON",
}


@pytest.mark.parametrize("data", INVALID, ids=lambda data: repr(data[:20]))
def test_json_that_is_none_is_refused_with_its_place(data: bytes) -> None:
    with pytest.raises(newspair.ManifestError) as caught:
        manifest.strict_json("x.json", data.decode("utf-8", "replace"))
    assert str(caught.value).startswith(f"x.json: {INVALID[data]}")
    assert ";" not in str(caught.value)
    if not data.startswith(b"\xef"):  # pydantic passes over a byte order mark
        with pytest.raises(newspair.ManifestError):
            manifest.parse(data)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_any_json_is_read_as_it_is(value: object) -> None:
    assert manifest.strict_json("x.json", json.dumps(value)) == value


@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary())
def test_any_bytes_are_no_manifest(data: bytes) -> None:
    with pytest.raises(newspair.ManifestError):
        manifest.parse(data)


def test_a_place_is_written_as_a_path() -> None:
    assert manifest.where(("resources", 1, "headline")) == "resources[1].headline"
    assert manifest.where(("a", "b\nc")) == r"a['b\nc']"
    assert manifest.where(("$schema", "@id")) == "$schema.@id"
    assert manifest.where((0,)) == "[0]"
    assert manifest.where(()) == "the whole file"


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b'"bytes": 2278', b'"bytes": true', r"resources\[0\].bytes: Input should be a valid int"),
        (
            b'"bytes": 2278,',
            b'"bytes": 2278, "bytes": 1,',
            "the whole file: the key 'bytes' stands",
        ),
        (b'"title": "newspair', b'"title": "newspaiR', "expected SHA-256 "),
        (b"fixture", b"fix\xffure", "the whole file: Invalid JSON"),
        (b"}", b"", r"line \d+, column \d+: Expecting"),
    ],
)
def test_a_damaged_packaged_manifest_is_refused_with_its_place(
    old: bytes, new: bytes, error: str, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copy / "datapackage.json").write_bytes(GENUINE["datapackage.json"].replace(old, new))
    monkeypatch.setattr(reading, "FOLDER", str(copy))
    with pytest.raises(newspair.NewspairError, match=f"^datapackage.json: {error}"):
        manifest.load_manifest()
