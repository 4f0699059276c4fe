"""What is wrong with a folder or file: its causes, else JSON values or the first difference."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from ._causes import SIGNATURES, Explanation, explain, first_difference, read, similarity
from ._errors import NewspairError, printable, quote
from ._files import DIGESTS, FOLDER, REMEDY, filename_of, ids, read_file, sha256
from ._sections import Problem, problem

if TYPE_CHECKING:
    from ._files import Content

# Every cause code, with the clause that messages use
CAUSES = {
    "bom": "a UTF-8 byte order mark was added",
    "utf-16": "the text is encoded as UTF-16",
    "utf-32": "the text is encoded as UTF-32",
    "legacy-encoding": "the text is encoded in a legacy code page",
    "crlf": "every line ending is CRLF (`* -text` in .gitattributes keeps git from this)",
    "cr": "every line ending is CR",
    "mixed-line-endings": "not every line ending is LF (`* -text` in .gitattributes helps)",
    "mojibake": "UTF-8 was misread and saved again",
    "non-ascii-lost": "non-ASCII characters were dropped or replaced",
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
    "empty": "the file is empty",
    "nul-bytes": "bytes were replaced by NUL bytes",
    "swapped": "this is another file of the data",
    "git-lfs-pointer": "this is a Git LFS pointer; run `git lfs pull`",
    "git-annex-pointer": "this is a git-annex pointer; run `git annex get`",
    "html-page": "this is a web page or a server's error message",
    "compressed": "the file is compressed or in an archive",
    "encoded": "the text was encoded for transport",
    "conflict-markers": "there are conflict markers of a merge",
    "json-layout": "every value is genuine, only the JSON layout is not",
    "renamed": "the file has another name",
    "nested": "the files are in another folder",
}
_ENCODING = frozenset(list(CAUSES)[: list(CAUSES).index("html-escaped")])  # codes of that check
MAX_NAMED = 20  # values, unexpected files, and files that are read in search of a missing one
_ANOTHER_VERSION = "states another version of newspair"
_OF_ANY_FILE = {"empty", "swapped", *SIGNATURES}


def diagnose_folder(
    folder: str, wrong: dict[str, Content], unexpected: list[str]
) -> Iterator[Problem]:
    """Yield the problems of a folder, given its wrong files and its unexpected names."""
    missing = [name for name, data in wrong.items() if data[:1] == ("presence",)]
    places = [os.path.join(folder, name) for name in unexpected]
    for place in (*places, os.path.dirname(os.path.abspath(folder))) if missing[1:] else ():
        if all(os.path.isfile(os.path.join(place, name)) for name in DIGESTS):
            text = f"the files are in {printable(place)}, not here"
            yield problem(folder, "presence", text, ("nested",))
            return
    renamed: dict[str, list[Problem]] = {}
    sizes = [len(_genuine(name)) for name in missing]
    strays = list(filter(os.path.isfile, places)) if missing else []
    strays.sort(key=lambda path: min(abs(os.path.getsize(path) - size) for size in sizes))
    for path in strays[:MAX_NAMED]:
        stray = os.path.basename(path)
        name, explanation = _identify(read_file(path), missing, stray)
        if explanation:
            unexpected.remove(stray)
            missing.remove(name)
            text = f"is missing; it is there as {printable(stray)}"
            text += f", but changed: {_sentence(explanation)}" if explanation.causes else ""
            renamed[name] = [problem(name, "presence", text, ("renamed", *explanation.causes))]
    problems = [
        p for name in wrong for p in renamed.get(name) or _diagnose(name, wrong[name], name)
    ]
    yield from sorted(problems, key=lambda each: _ANOTHER_VERSION not in each.message)
    for name in unexpected[:MAX_NAMED]:
        yield problem(name, "unexpected", "unexpected file")
    if more := len(unexpected[MAX_NAMED:]):
        yield problem(folder, "unexpected", f"{more:,} more unexpected files")


def diagnose_file(path: str) -> Iterator[Problem]:
    """Yield the problems of a file, judged by its name or else by its content."""
    name, data = os.path.basename(path), read_file(path)
    if isinstance(data, tuple) and not os.path.lexists(path):
        reason = "no such file or directory" if data[0] == "presence" else data[1]
        raise NewspairError(f"{printable(path)}: {reason}")
    origin = name if name in DIGESTS else _identify(data, [filename_of(each) for each in ids()])[0]
    if isinstance(data, bytes) and not origin:
        yield problem(name, "unexpected", "is none of newspair's files")
    elif isinstance(data, tuple) or sha256(data) != DIGESTS[origin]:
        yield from _diagnose(origin, data, name)


def _identify(data: Content, names: list[str], title: str = "") -> tuple[str, Explanation | None]:
    """Return which of some files data come from, if that can be known, and what happened."""
    found, similar = [], ""
    if isinstance(data, tuple) or not data.strip(b"\0"):
        return "", None
    for name in names:
        genuine = _genuine(name)
        alike = similarity(data.decode(errors="replace"), genuine)[0]
        if alike or not title or name.strip(".").split(".")[0] in title:
            explanation = explain(name, data, genuine)
            if explanation and (alike or _OF_ANY_FILE.isdisjoint(explanation.causes)):
                found.append((explanation.cost(), name, explanation))
            similar = similar or name * bool(alike)
    return min(found)[1:] if found else (similar, None)


@cache
def _genuine(name: str) -> str:
    """Return the genuine text of a file, as far as the packaged data still hold it, or ""."""
    candidates = ["".join(f"{DIGESTS[f'{each}.txt']}  {each}.txt\n" for each in ids())]
    for filename in (name, "articles.jsonl"):
        data = read_file(os.path.join(FOLDER, filename))
        for reading in read(data, "") if isinstance(data, bytes) else ():
            candidates += (reading.text, f"{reading.text}\n")
    for line in "\n".join(candidates).split("\n"):
        with suppress(ValueError, LookupError, TypeError, RecursionError):
            candidates.append(str(json.loads(line)["text"]))
    return {sha256(t.encode(errors="replace")): t for t in candidates}.get(DIGESTS[name], "")


def _diagnose(name: str, data: Content, title: str) -> Iterator[Problem]:
    """Yield the problems of a file; ``title`` is the name that it has."""
    if isinstance(data, tuple):
        yield problem(title, *data)
        return
    genuine, values, text = _genuine(name), list[str](), ""
    explanation = explain(name, data, genuine)
    raw = Explanation(text=data.decode(errors="surrogateescape"))
    closest = max((*read(data, genuine), raw), key=lambda each: similarity(each.text, genuine))
    if genuine and ".json" in name:
        try:
            values = list(_compare_json(name, closest.text, genuine))
            if not values and (explanation is None or explanation.cost()[0]):
                explanation = Explanation((*closest.causes, "json-layout"))
        except (ValueError, RecursionError) as error:
            text = f"is not valid JSON: {str(error).partition(';')[0]}; "
    if explanation and not (explanation.cost()[0] and 0 < len(values) <= len(explanation.causes)):
        values, text = [], _sentence(explanation)
    elif not genuine:
        explanation, text = (
            Explanation(),
            f"is not genuine; nothing left to compare it with. {REMEDY}",
        )
    else:
        explanation, text = (
            closest,
            "" if values else text + first_difference(closest.text, genuine),
        )
        if closest.causes:
            text = _sentence(closest) + (f"; besides, it {text}" if text else "")
    if text:
        encoding = explanation is raw or not _ENCODING.isdisjoint(explanation.causes)
        yield problem(title, "encoding" if encoding else "digest", text, explanation.causes)
    if more := len(values[MAX_NAMED:]):
        values[MAX_NAMED:] = [f"{more:,} more values differ"]
    yield from (problem(title, "metadata", value) for value in values)


def _sentence(explanation: Explanation) -> str:
    *clauses, last = (CAUSES[code] for code in explanation.causes)
    sentence = " and ".join(filter(None, (", ".join(clauses), last)))
    return f"{sentence} ({explanation.detail})" if explanation.detail else sentence


def _compare_json(name: str, found: str, genuine: str) -> Iterator[str]:
    """Yield the values that differ; raise `ValueError` or `RecursionError` if it is not JSON."""

    def to_dict(pairs: list[tuple[str, object]]) -> dict[str, object]:
        members = dict(pairs)
        for key in Counter(key for key, _ in pairs) - Counter(members.keys()):
            raise ValueError(f"duplicate key {quote(key)}")
        return members

    def parse(text: str) -> object:
        lines = filter(str.strip, text.split("\n")) if "jsonl" in name else [text]
        values = [json.loads(line, object_pairs_hook=to_dict) for line in lines]
        return values if "jsonl" in name else values[0]

    yield from _differences(parse(found), parse(genuine))


def _differences(found: object, genuine: object, place: str = "") -> Iterator[str]:
    """Yield the values that differ, each with its place as a JSON Pointer (RFC 6901)."""
    if isinstance(found, list) and isinstance(genuine, list) and len(found) == len(genuine):
        found, genuine = dict(enumerate(found)), dict(enumerate(genuine))
    if isinstance(found, dict) and isinstance(genuine, dict):
        for key in genuine | found:
            step = str(key).replace("~", "~0").replace("/", "~1")
            yield from _differences(found.get(key, ...), genuine.get(key, ...), f"{place}/{step}")
    elif repr(found) != repr(genuine):  # 1 is not True
        values = (
            json.dumps(each)[:80] if each is not ... else "nothing" for each in (genuine, found)
        )
        text = "expected {}, found {}".format(*values)
        if isinstance(found, str) and isinstance(genuine, str) and found != found[:80]:
            text = first_difference(found, genuine)
        where = _ANOTHER_VERSION if place == "/version" else printable(place or "the whole file")
        yield f"{where}: {text}"
