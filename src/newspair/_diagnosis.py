"""What is wrong with a folder or file: its causes, else JSON values or the first difference."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, partial

from ._causes import FEW, SIGNATURES, TEXTUAL, Explanation, explain, undo
from ._errors import NewspairError, printable, quote
from ._files import DIGESTS, FOLDER, MAX_SIZE, REMEDY, filename_of, ids, read_file, sha256
from ._sections import Check, Content, Problem, problem

# Every cause code, with the clause that messages use
CAUSES = {
    "bom": "a UTF-8 byte order mark was added",
    "utf-16": "the text is encoded as UTF-16",
    "utf-32": "the text is encoded as UTF-32",
    "legacy-encoding": "the text is encoded in a legacy code page",
    "crlf": "every line ending is CRLF (`* -text` in .gitattributes prevents this)",
    "cr": "every line ending is CR",
    "mixed-line-endings": "not every line ending is LF (`* -text` in .gitattributes prevents this)",
    "mojibake": "UTF-8 was misread and saved again",
    "non-ascii-lost": "non-ASCII characters were dropped or replaced",
    # The codes above belong to the check "encoding", those below to "digest" or "presence".
    "html-escaped": "characters were escaped for HTML",
    "invisible": "invisible characters were added or removed",
    "compatibility": "characters were replaced by compatible ones",
    "quotes": "quotation marks were changed",
    "punctuation": "quotation marks, dashes or hyphens were changed",
    "case": "upper and lower case were changed",
    "whitespace": "white space was changed",
    "trimmed": "white space was removed at the start or the end",
    "final-newline-added": "a newline was added at the end",
    "final-newline-removed": "the newline at the end was removed",
    "truncated": "the end is missing",
    "start-missing": "the start is missing",
    "appended": "something was added at the end",
    "prepended": "something was added at the start",
    "repeated": "the text is there more than once",
    "empty": "the file is empty or blank",
    "nul-bytes": "bytes were replaced by NUL bytes",
    "swapped": "this is another file of the data",
    "git-lfs-pointer": "this is a Git LFS pointer; run `git lfs pull`",
    "git-annex-pointer": "this is a git-annex pointer; run `git annex get`",
    "html-page": "this is HTML, XML or a server's error message",
    "compressed": "the file is compressed or in an archive",
    "encoded": "the text was encoded for transport",
    "conflict-markers": "there are conflict markers of a merge",
    "json-layout": "only the JSON layout was changed",
    "renamed": "it is missing, but there under another name",
    "nested": "the files are in another folder",
}
_ENCODING = frozenset(list(CAUSES)[: list(CAUSES).index("html-escaped")])
_ARTICLES = [filename_of(each) for each in ids()]
_MAX_NAMED = 20  # values, and unexpected files
_MAX_TRIES = 96  # comparisons of an unexpected file with a missing one
_ANOTHER_VERSION = "states another version of newspair"
# With these, a file may still come from anywhere.
_DOUBTFUL = {"swapped", "truncated", "start-missing", *SIGNATURES} - {"nul-bytes"}
_NOTHING_LEFT = f"is not genuine; nothing left to compare it with. {REMEDY}"


def diagnose_folder(folder: str, wrong: dict[str, Content], others: list[str]) -> Iterator[Problem]:
    """Yield the problems of a folder, given its wrong files and the names of other files."""
    missing = [name for name, data in wrong.items() if data[:1] == ("presence",)]
    places = [os.path.join(folder, name) for name in others]
    moved = missing[1:] and ({*_ARTICLES} <= {*missing} or len(missing) == len(wrong))
    for place in (*places, os.path.normpath(os.path.join(folder, ".."))) if moved else ():
        if all(os.path.isfile(os.path.join(place, name)) for name in DIGESTS):
            yield _explained(folder, "presence", Explanation(("nested",), printable(place)))
            return
    renamed: dict[str, list[Problem]] = {}
    sizes = [len(_genuine(name)) for name in missing]
    strays: list[tuple[int, str]] = []
    for path in places if missing else ():
        with suppress(OSError):  # it may be gone
            size = os.path.getsize(path) if os.path.isfile(path) else 0
            if size > FEW:  # files of /proc report 0, and reading them may block
                strays.append((min(abs(size - each) for each in sizes), path))
    for _, path in sorted(strays)[: _MAX_TRIES // (len(missing) or 1)]:
        stray = os.path.basename(path)
        name, found = _identify(read_file(path), missing)
        if found:
            others.remove(stray)
            missing.remove(name)
            detail = f"{printable(stray)}: {found.detail}".removesuffix(": ")
            found = Explanation(("renamed", *found.causes), detail)
            renamed[name] = [_explained(name, "presence", found)]
    problems = [p for n in wrong for p in renamed.get(n) or _diagnose(n, wrong[n], n)]
    # Another version explains all that follows.
    yield from sorted(problems, key=lambda each: _ANOTHER_VERSION not in each.message)
    for name in others[:_MAX_NAMED]:
        yield problem(name, "unexpected", "unexpected file")
    if more := len(others[_MAX_NAMED:]):
        yield problem(folder, "unexpected", f"{more:,} more unexpected files")


def diagnose_file(path: str) -> Iterator[Problem]:
    """Yield the problems of a file, judged by its name or else by its content."""
    name, data = os.path.basename(path), read_file(path)
    if isinstance(data, tuple) and not os.path.lexists(path):
        reason = "no such file or directory" if data[0] == "presence" else data[1]
        raise NewspairError(f"{printable(path)}: {reason}")
    origin = name if name in DIGESTS else _identify(data, _ARTICLES)[0]
    if isinstance(data, bytes) and not origin:
        sure = all(map(_genuine, _ARTICLES))
        yield problem(name, "unexpected", "is none of newspair's files" if sure else _NOTHING_LEFT)
    elif isinstance(data, tuple) or sha256(data) != DIGESTS[origin]:
        yield from _diagnose(origin, data, name)


def _identify(data: Content, names: list[str]) -> tuple[str, Explanation | None]:
    """Return which of some files data come from, if that can be known, and what happened."""
    explained, similar = [], ""
    if isinstance(data, tuple) or not data.strip(b"\0")[FEW:]:
        return "", None
    for name in names:
        (found, closest, _, _), genuine = _examine(name, data), _genuine(name)
        alike = _similarity(closest, genuine)[0]
        large = len(data) > max(100, len(genuine) / 4)
        plausible = {"conflict-markers": alike, "truncated": large, "start-missing": large}
        if found and all(map(plausible.get, _DOUBTFUL.intersection(found.causes))):
            explained.append((found.cost(), name, found))
        similar = similar or name * bool(alike)
    return min(explained)[1:] if explained else (similar, None)


@cache
def _genuine(name: str) -> str:
    """Return the genuine text of a file, as far as the packaged data still hold it, or ""."""
    candidates = ["".join(f"{DIGESTS[each]}  {each}\n" for each in _ARTICLES)]
    for filename in (name, "articles.jsonl"):
        data = read_file(os.path.join(FOLDER, filename))
        for reading in undo(data) if isinstance(data, bytes) else ():
            candidates += (reading.text, f"{reading.text}\n")
    for line in "\n".join(candidates).split("\n"):
        with suppress(ValueError, LookupError, TypeError, RecursionError):
            candidates.append(str(json.loads(line)["text"]))
    return {sha256(t.encode(errors="replace")): t for t in candidates}.get(DIGESTS[name], "")


def _examine(name: str, data: bytes) -> tuple[Explanation | None, Explanation, list[str], str]:
    """Return what explains a file or None, its best reading, JSON values that differ, an error."""
    genuine, values, error = _genuine(name), list[str](), ""
    found = explain(name, data, genuine)
    readings = [each for each in undo(data) if TEXTUAL.isdisjoint(each.causes)]
    closest = max(readings, key=lambda each: _similarity(each, genuine))
    if len(data) > MAX_SIZE:
        error = f"is longer than {MAX_SIZE:,} bytes; "
    elif genuine and ".json" in name:
        expected = _parse(name, genuine)
        for each in readings if not (found and TEXTUAL.isdisjoint(found.causes)) else ():
            with suppress(ValueError, RecursionError):
                if not any(_differences(expected, _parse(name, each.text))):
                    found = Explanation((*each.causes, "json-layout"))
                    break
        try:
            values = list(_differences(expected, _parse(name, closest.text)))
        except (ValueError, RecursionError) as wrong:
            error = f"cannot be read as JSON: {str(wrong).partition(';')[0]}; "
    return found, closest, values, error


def _diagnose(name: str, data: Content, title: str) -> Iterator[Problem]:
    """Yield the problems of a file; ``title`` is the name that it has."""
    if isinstance(data, tuple):
        yield problem(title, *data)
        return
    found, closest, values, difference = _examine(name, data)
    codes = tuple(TEXTUAL.intersection(found.causes)) if found else ()
    if found and not (codes and 0 < len(values) <= len(found.causes)):
        values, difference = [], ""
    elif genuine := _genuine(name):
        difference = "" if values else difference + _first_difference(closest.text, genuine)
        layers = (code for code in found.causes if code not in codes) if found else closest.causes
        found = closest._replace(causes=tuple(layers))
    else:
        found, difference = Explanation(), _NOTHING_LEFT
    if found.causes or difference:
        readable = found.text == found.text.encode(errors="replace").decode()
        undecodable = not readable and len(data) <= MAX_SIZE  # longer data may end in a character
        encoding = undecodable or not _ENCODING.isdisjoint(found.causes)
        yield _explained(title, "encoding" if encoding else "digest", found, difference)
    if more := len(values[_MAX_NAMED:]):
        values[_MAX_NAMED:] = [f"{more:,} more values differ"]
    attributable = len(codes) == 1 and {*found.causes} == {*closest.causes}
    yield from (problem(title, "metadata", each, codes if attributable else ()) for each in values)


def _explained(file: str, check: Check, found: Explanation, difference: str = "") -> Problem:
    """Return a problem whose message has a clause for each cause, then what else differs."""
    clauses = [CAUSES[code] for code in found.causes]
    text = " and ".join(filter(None, (", ".join(clauses[:-1]), *clauses[-1:])))
    text += f" ({found.detail})" if found.detail else ""
    text = "; besides, it ".join(filter(None, (text, difference)))
    return problem(file, check, text, found.causes)


def _parse(name: str, text: str) -> object:
    """Return the value of a JSON file; raise `ValueError` or `RecursionError` if it has none."""

    def to_dict(pairs: list[tuple[str, object]]) -> dict[str, object]:
        for key in Counter(key for key, _ in pairs) - Counter(dict(pairs).keys()):
            raise ValueError(f"duplicate key {quote(key)}")
        return dict(pairs)

    parse = partial(json.loads, object_pairs_hook=to_dict)
    return [*map(parse, filter(str.strip, text.split("\n")))] if "jsonl" in name else parse(text)


def _differences(genuine: object, found: object, place: str = "") -> Iterator[str]:
    """Yield the values that differ, each with its place as a JSON Pointer (RFC 6901)."""
    if isinstance(found, list) and isinstance(genuine, list) and len(found) == len(genuine):
        found, genuine = dict(enumerate(found)), dict(enumerate(genuine))
    if isinstance(found, dict) and isinstance(genuine, dict):
        for key in genuine | found:
            step = str(key).replace("~", "~0").replace("/", "~1")
            yield from _differences(genuine.get(key, ...), found.get(key, ...), f"{place}/{step}")
    elif repr(found) != repr(genuine):  # 1 is not True
        old, new = ("nothing" if v is ... else json.dumps(v) for v in (genuine, found))
        text = f"expected {old:.80}, found {new:.80}"
        if old[80:] and new[80:]:
            texts = (v if isinstance(v, str) else json.dumps(v) for v in (found, genuine))
            text = _first_difference(*texts)
        version = place == "/version" and found is not ...
        where = _ANOTHER_VERSION if version else printable(place or "the whole file")
        yield f"{where}: {text}"


def _similarity(reading: Explanation, genuine: str) -> tuple[int, int]:
    """Return how many longer lines are genuine, and for how long the texts are the same."""
    lines = {line for line in genuine.split("\n") if len(line) > FEW}
    prefix = os.path.commonprefix((reading.text, genuine))
    return len(lines.intersection(reading.text.split("\n"))), len(prefix)


def _first_difference(found: str, genuine: str) -> str:
    """Return where two texts first differ, and what is there in each."""
    same = os.path.commonprefix((found, genuine))
    line, column = same.count("\n") + 1, len(same) - same.rfind("\n")
    excerpts = []
    for text in (genuine.removeprefix(same)[:FEW], found.removeprefix(same)[:FEW]):
        code = ord(text[:1] or "\0")  # surrogateescape adds 0xDC00 to a byte
        name = f"byte 0x{code - 0xDC00:02X}" if code in range(0xDC80, 0xDD00) else f"U+{code:04X}"
        excerpts.append(f"{quote(text)} ({name})" if text else "the end")
    return "differs from line {}, column {}: expected {}, found {}".format(line, column, *excerpts)
