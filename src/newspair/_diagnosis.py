"""What is wrong with a folder or a file that is not genuine, as problems.

A file gets the causes that account for all of it; else each JSON value that differs, or the place
of the first difference.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from . import __version__
from ._causes import FEW, Explanation, Reading, explain, read
from ._errors import printable, quote
from ._files import DIGESTS, UnreadableError, ids, read_file, read_packaged, remedy, sha256
from ._validation import Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_NAMED = 20  # values, unexpected files, and files that are read in search of a missing one

_OF_ANY_FILE = {"empty", "html-page", "git-lfs-pointer", "git-annex-pointer"}


def diagnose_folder(
    folder: str, wrong: dict[str, bytes | UnreadableError], unexpected: list[str]
) -> list[Problem]:
    """Return the problems of a folder, given its wrong files and its unexpected names."""
    missing = [n for n, e in wrong.items() if not isinstance(e, bytes) and e.check == "presence"]
    places = [os.path.join(folder, name) for name in unexpected]
    for place in (*places, os.path.dirname(os.path.abspath(folder))) if len(missing) > 1 else ():
        if all(os.path.isfile(os.path.join(place, name)) for name in DIGESTS):
            text = f"the files are in {printable(place)}; check that folder instead"
            return [problem(folder, "presence", text, ("nested",))]
    renamed = dict(_find_renamed(folder, missing, unexpected)) if missing and unexpected else {}
    problems: list[Problem] = []
    for name, data in wrong.items():
        if name in renamed:
            stray, causes, text = renamed[name]
            unexpected.remove(stray)
            text = f"is missing; {printable(stray)} is this file under another name{text}"
            problems.append(problem(name, "presence", text, ("renamed", *causes)))
        elif isinstance(data, bytes):
            problems += _diagnose(name, data, name)
        else:
            problems.append(problem(name, data.check, data.reason))
    problems += [problem(name, "unexpected", "unexpected file") for name in unexpected[:MAX_NAMED]]
    if len(unexpected) > MAX_NAMED:
        text = f"{len(unexpected) - MAX_NAMED:,} more unexpected files"
        problems.append(problem(folder, "unexpected", text))
    return sorted(problems, key=lambda each: "states version" not in each.message)


def diagnose_file(name: str, data: bytes) -> list[Problem]:
    """Return the problems of a file that is not genuine, by its name or else by its content."""
    if name in DIGESTS:
        return list(_diagnose(name, data, name))
    found: list[tuple[tuple[bool, int, bool], str]] = []
    for filename in (f"{article_id}.txt" for article_id in ids()):
        genuine = _genuine(filename)
        if explanation := _explain_origin(filename, data, genuine):
            found.append((explanation.cost(), filename))
        elif _is_like(data, genuine):
            found.append(((True, len(DIGESTS), True), filename))
    if found:
        return list(_diagnose(min(found)[1], data, name))
    return [problem(name, "unexpected", "is none of newspair's files")]


def _find_renamed(
    folder: str, missing: list[str], unexpected: list[str]
) -> Iterator[tuple[str, tuple[str, tuple[str, ...], str]]]:
    """Yield missing files that are there under another name: that name, and what else happened."""
    genuine = {name: _genuine(name) for name in missing}
    stems = {name: name.strip(".").split(".")[0] for name in missing}
    sizes = [len(data or b"") for data in genuine.values()]

    def unlikeliness(path: str) -> tuple[bool, int]:
        named = any(stem in os.path.basename(path) for stem in stems.values())
        return not named, min(abs(os.path.getsize(path) - size) for size in sizes)

    paths = [os.path.join(folder, name) for name in unexpected]
    for path in sorted(filter(os.path.isfile, paths), key=unlikeliness)[:MAX_NAMED]:
        try:
            stray, data = os.path.basename(path), read_file(path)
        except UnreadableError:
            continue
        for name, expected in genuine.items():
            if sha256(data) == DIGESTS[name]:
                yield name, (stray, (), "")
            elif (stems[name] in stray or _is_like(data, expected)) and (
                explanation := _explain_origin(name, data, expected)
            ):
                yield name, (stray, explanation.causes, f", but changed: {explanation}")
            else:
                continue
            del genuine[name]
            break


def _explain_origin(name: str, data: bytes, genuine: bytes | None) -> Explanation | None:
    """Explain data only if they show that they come from a file."""
    explanation = explain(name, data, genuine) if data.strip(b"\0")[50:] else None
    return explanation if explanation and _OF_ANY_FILE.isdisjoint(explanation.causes) else None


def _is_like(data: bytes, genuine: bytes | None) -> bool:
    return _similarity(data.decode("utf-8", "replace"), (genuine or b"").decode())[0] > 0


def _similarity(text: str, genuine: str) -> tuple[int, int]:
    """Return how many lines of the genuine text, of 20 characters or more, a text has.

    The second number is how many characters the two share at their start.
    """
    lines = {line for line in genuine.split("\n") if len(line) > FEW}
    return len(lines.intersection(text.split("\n"))), len(os.path.commonprefix((text, genuine)))


def _genuine(name: str) -> bytes | None:
    """Return the genuine bytes of a file, as far as the packaged data still hold them."""
    sums = [f"{DIGESTS[f'{each}.txt']}  {each}.txt\n" for each in ids()]
    candidates = ["".join(sums)]
    for filename in (name, "articles.jsonl"):
        try:
            texts = [reading.text for reading in read(read_packaged(filename))]
        except UnreadableError:
            continue
        for text in texts:
            candidates += (text, text.removesuffix("\n"), f"{text}\n")
        for line in "\n".join(texts).split("\n") if filename == "articles.jsonl" else ():
            try:
                candidates.append(str(json.loads(line)["text"]))
            except (ValueError, LookupError, TypeError, RecursionError):
                continue
    encoded = (text.encode("utf-8", "replace") for text in candidates)
    return next((data for data in encoded if sha256(data) == DIGESTS[name]), None)


def _diagnose(name: str, data: bytes, title: str) -> Iterator[Problem]:
    """Yield the problems of a wrong file; ``title`` is what to call it."""
    genuine = _genuine(name)
    explanation, values, note = explain(name, data, genuine), list[str](), ""
    whole = (genuine or b"").decode()
    readings = [Reading(data.decode("utf-8", "surrogateescape")), *read(data, whole)]
    readings.sort(key=lambda each: _similarity(each.text, whole), reverse=True)
    closest = readings[0]
    for reading in readings if genuine and ".json" in name else ():
        try:
            values = list(_differing_values(_parse(name, reading.text), _parse(name, whole)))
        except ValueError as error:
            note = note or f"is not valid JSON: {str(error).partition(';')[0]}; "
            continue
        closest, note = reading, ""
        if not values and (explanation is None or explanation.cost()[0]):
            explanation = Explanation((*reading.causes, "json-layout"))
        break
    by_values = 0 < len(values) <= len(explanation.causes) if explanation else bool(values)
    if explanation and not (by_values and explanation.cost()[0]):
        yield problem(title, explanation.check, str(explanation), explanation.causes)
    elif genuine is None:
        text = f"is not genuine, but there is nothing left to compare it with. {remedy()}"
        yield problem(title, "digest", text)
    else:
        layers = Explanation(closest.causes)
        if values and layers.causes:
            yield problem(title, layers.check, str(layers), layers.causes)
        for value in values[:MAX_NAMED]:
            yield problem(title, "metadata", value)
        if len(values) > MAX_NAMED:
            yield problem(title, "metadata", f"{len(values) - MAX_NAMED:,} more values differ")
        if not values:
            bad_bytes = any("\udc80" <= each <= "\udcff" for each in closest.text)
            check = "encoding" if bad_bytes else layers.check
            note = f"{layers}; besides, it " if layers.causes else note
            text = note + _first_difference(closest.text, whole)
            yield problem(title, check, text, layers.causes)


def _first_difference(found: str, genuine: str) -> str:
    """Return where two texts first differ, and what is there in each."""
    pairs = enumerate(zip(found, genuine, strict=False))
    end = min(len(found), len(genuine))
    start = next((index for index, (one, two) in pairs if one != two), end)
    line, column = genuine.count("\n", 0, start) + 1, start - genuine.rfind("\n", 0, start)
    expected, actual = (_excerpt(text[start : start + 20]) for text in (genuine, found))
    return f"differs from line {line}, column {column}: expected {expected}, found {actual}"


def _excerpt(text: str) -> str:
    """Quote a text and name its first character, or byte where it is not UTF-8."""
    code = ord(text[0]) if text else 0
    raw = code in range(0xDC80, 0xDD00)  # by surrogateescape
    name = f"byte 0x{code - 0xDC00:02X}" if raw else f"U+{code:04X}"
    return f"{quote(text)} ({name})" if text else "the end"


def _parse(name: str, text: str) -> object:
    """Parse JSON, or JSON Lines as a list; raise ValueError if it is none or repeats a key."""

    def to_dict(pairs: list[tuple[str, object]]) -> dict[str, object]:
        members: dict[str, object] = {}
        for key, member in pairs:
            if key in members:
                raise ValueError(f"duplicate key {quote(key)}")
            members[key] = member
        return members

    documents = [line for line in text.split("\n") if line.strip()] if "jsonl" in name else [text]
    try:
        return [json.loads(document, object_pairs_hook=to_dict) for document in documents]
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _differing_values(found: object, genuine: object, path: str = "") -> Iterator[str]:
    """Yield a line for each value that differs: its path, and both values."""
    if isinstance(found, list) and isinstance(genuine, list) and len(found) == len(genuine):
        for index, (one, two) in enumerate(zip(found, genuine, strict=True)):
            step = f"[{index}]" if path or len(found) > 1 else ""
            yield from _differing_values(one, two, path + step)
    elif isinstance(found, dict) and isinstance(genuine, dict):
        for key in genuine | found:
            plain = key.lstrip("$@").isidentifier() and key == key[:60]
            step = f".{key}" if plain else f"[{quote(key)}]"
            values = found.get(key, ...), genuine.get(key, ...)
            yield from _differing_values(*values, (path + step).lstrip("."))
    elif type(found) is not type(genuine) or found != genuine:
        text = f"expected {_describe(genuine)}, found {_describe(found)}"
        if path == "version" and isinstance(found, str):
            text = f"states version {quote(found)}, but this is newspair {__version__}"
        elif isinstance(found, str) and isinstance(genuine, str) and found != found[:80]:
            text = _first_difference(found, genuine)
        yield f"{path or 'the whole file'}: {text}"


def _describe(value: object) -> str:
    if value is ... or isinstance(value, dict | list):
        return "nothing" if value is ... else f"{type(value).__name__} of {len(value)}"
    return quote(value, 80) if isinstance(value, str) else f"{json.dumps(value):.60}"
