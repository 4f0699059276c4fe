"""Errors are sentences of one line, and survive a trip between processes."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspair import IntegrityError, ManifestError, NewspairError, UnknownArticleError
from newspair.errors import printable, shown

ERRORS = [
    (UnknownArticleError, ("x", ("a", "b")), "no article 'x'; the articles are a and b"),
    (IntegrityError, ("f", "size", "2 bytes", "3"), "f: expected 2 bytes, found 3"),
    (ManifestError, ("f", "line 1", "no"), "f: line 1: no"),
]


@pytest.mark.parametrize(("kind", "parts", "sentence"), ERRORS)
def test_an_error_is_a_sentence_and_can_be_pickled(
    kind: type[NewspairError], parts: tuple[str, ...], sentence: str
) -> None:
    error = kind(*parts)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), str(again), vars(again)) == (type(error), sentence, vars(error))
    assert error.args == tuple(vars(error).values()) == parts


def test_every_error_has_the_one_base() -> None:
    assert all(issubclass(kind, NewspairError) for kind, _, _ in ERRORS)
    assert issubclass(UnknownArticleError, KeyError)


@given(st.text() | st.integers() | st.lists(st.text()))
def test_a_shown_value_is_one_short_printable_line(value: object) -> None:
    assert shown(value).isprintable()
    assert len(shown(value)) <= 10 * 60 + 3  # where each character is an escape of ten


def test_a_short_value_is_shown_whole_and_a_long_one_is_cut() -> None:
    assert shown("x" * 60) == repr("x" * 60)
    assert shown("x" * 61) == f"'{'x' * 60}'…"
    assert shown(10**5000) == "a huge number"
    assert shown(10**59) == f"1{'0' * 59}"
    assert shown(10**60) == f"1{'0' * 59}…"
    assert shown("\n\udcff") == r"'\n\udcff'"


def test_a_name_is_printed_as_it_is_if_it_can_be() -> None:
    assert printable("naïve name.txt") == "naïve name.txt"
    assert printable("a\nb\udcff\x1b[31m") == r"'a\nb\udcff\x1b[31m'"
