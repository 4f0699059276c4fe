"""Where a file that is not genuine departs from the genuine one."""

from collections.abc import Iterator

from .errors import shown
from .manifest import where


def in_text(found: str, expected: str) -> str:
    """Say where two different texts first differ: line and column, expected and found."""
    start = shared(found, expected)
    line = expected.count("\n", 0, start) + 1
    column = start - expected.rfind("\n", 0, start)
    expected, found = (_excerpt(text, start) for text in (expected, found))
    told = f"the first difference is at line {line}, column {column}"
    return f"{told}: expected {expected}, found {found}"


def shared(one: str, other: str) -> int:
    """Return how many characters two texts share at their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _excerpt(text: str, start: int) -> str:
    """Quote what stands at a place; each byte that is not UTF-8 as its hexadecimal escape."""
    excerpt = text[start : start + 20]
    return shown(excerpt).replace(r"\udc", r"\x") if excerpt else "the end"


def in_json(found: object, genuine: object, at: tuple[str | int, ...] = ()) -> Iterator[str]:
    """Say of each value in which two JSON values differ: its place, expected and found."""
    if isinstance(found, list) and isinstance(genuine, list):
        if len(found) != len(genuine):
            yield f"{where(at)}: expected {len(genuine)} entries, found {len(found)}"
            return
        found, genuine = dict(enumerate(found)), dict(enumerate(genuine))
    if isinstance(found, dict) and isinstance(genuine, dict):
        for key in genuine | found:
            yield from in_json(found.get(key, ...), genuine.get(key, ...), (*at, key))
    elif isinstance(found, str) and isinstance(genuine, str) and found != genuine:
        start = max(shared(found, genuine) - 20, 0)
        expected, found = (f"{'…' * bool(start)}{text[start:]}" for text in (genuine, found))
        yield f"{where(at)}: expected {shown(expected)}, found {shown(found)}"
    elif type(found) is not type(genuine) or found != genuine:
        yield f"{where(at)}: expected {_value(genuine)}, found {_value(found)}"


def _value(value: object) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    words = {"Ellipsis": "nothing", "None": "null", "True": "true", "False": "false"}
    return words.get(repr(value), shown(value))
