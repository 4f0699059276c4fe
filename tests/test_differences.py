"""Where a file departs from the genuine one is told exactly."""

import json

import pytest
from conftest import GENUINE
from hypothesis import given
from hypothesis import strategies as st
from test_manifest import JSON

from newspair import differences

TEXTS = [
    (b"abc", b"abd", "at line 1, column 3: expected 'd', found 'c'"),
    (b"a\nbc\n", b"a\nxc\n", "at line 2, column 1: expected 'xc\\n', found 'bc\\n'"),
    (b"\nb", b"\nc", "at line 2, column 1: expected 'c', found 'b'"),
    (b"a", b"ab", "at line 1, column 2: expected 'b', found the end"),
    (b"ab\nx", b"ab\n", "at line 2, column 1: expected the end, found 'x'"),
    ("“x”".encode(), "“y”".encode(), "at line 1, column 2: expected 'y”', found 'x”'"),
    (b"a\x92s", "a’s".encode(), "at line 1, column 2: expected '’s', found '\\x92s'"),
    (b"a" * 50, b"b" * 50, "at line 1, column 1: expected 'bbbbbbbbbbbbbbbbbbbb', found 'aaaaa"),
    (b"\x1b[31m", b"red", "at line 1, column 1: expected 'red', found '\\x1b[31m'"),
]


@pytest.mark.parametrize(("found", "genuine", "told"), TEXTS)
def test_the_first_difference_is_told(found: bytes, genuine: bytes, told: str) -> None:
    texts = (each.decode("utf-8", "surrogateescape") for each in (found, genuine))
    assert differences.in_text(*texts).startswith(f"the first difference is {told}")


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_texts_can_be_compared_in_one_line(found: str, genuine: str) -> None:
    assert differences.in_text(found, genuine).isprintable()


TREES = [
    ({"a": 1}, {"a": 2}, ["a: expected 2, found 1"]),
    ({}, {"a": "x"}, ["a: expected 'x', found nothing"]),
    ({"b": None}, {}, ["b: expected nothing, found null"]),
    ([1, 2], [1], ["the whole file: expected 1 entries, found 2"]),
    ({"a": [{"b": 1}, 2]}, {"a": [{"b": True}]}, ["a: expected 1 entries, found 2"]),
    ({"a": [{"b": 1}, 2]}, {"a": [{"b": True}, 2]}, ["a[0].b: expected true, found 1"]),
    ({"a[0].b": 1}, {}, ["['a[0].b']: expected nothing, found 1"]),
    ({"k" * 61: 1}, {}, [f"['{'k' * 60}'…]: expected nothing, found 1"]),
    ({"a": 1.0}, {"a": 1}, ["a: expected 1, found 1.0"]),
    ({"a": []}, {"a": {}}, ["a: expected an object, found an array"]),
    ({"a": {"b": 1}}, {"a": False}, ["a: expected false, found an object"]),
    ("x", {}, ["the whole file: expected an object, found 'x'"]),
    ({"a": 1, "b": 2}, {"b": 3, "a": 4}, ["b: expected 3, found 2", "a: expected 4, found 1"]),
]


@pytest.mark.parametrize(("found", "genuine", "told"), TREES)
def test_each_value_that_differs_is_told(found: object, genuine: object, told: list[str]) -> None:
    differing = list(differences.in_json(found, genuine))
    assert len(differing) == len(told)
    assert all(line.startswith(start) for line, start in zip(differing, told, strict=True))


@given(JSON, JSON)
def test_two_json_values_differ_exactly_when_something_is_told(
    found: object, other: object
) -> None:
    told = list(differences.in_json(found, other))
    assert bool(told) == (json.dumps(found, sort_keys=True) != json.dumps(other, sort_keys=True))
    assert list(differences.in_json(found, found)) == []


def test_a_value_nested_deeply_is_not_walked() -> None:
    deep: object = 1
    for _ in range(900):
        deep = [deep]
    genuine = json.loads(GENUINE["datapackage.json"])
    told = list(differences.in_json(genuine | {"name": deep}, genuine))
    assert told == ["name: expected 'newspair', found an array"]
