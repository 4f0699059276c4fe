"""What is wrong with a folder or file: its causes, else JSON values or the first difference."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from ._causes import FEW, SIGNATURES, Explanation, explain, first_difference, read, similarity
from ._errors import NewspairError, printable, quote
from ._files import DIGESTS, FOLDER, REMEDY, filename_of, ids, read_file, sha256
from ._sections import Check, Problem, problem

if TYPE_CHECKING:
    from ._files import Content

# Every cause code, with the clause that messages use
CAUSES = {
    "bom": "a UTF-8 byte order mark was added",
    "utf-16": "the text is encoded as UTF-16",
    "utf-32": "the text is encoded as UTF-32",
    "legacy-encoding": "the text is encoded in a legacy code page",
    "crlf": "every line ending is CRLF",
    "cr": "every line ending is CR",
    "mixed-line-endings": "not every line ending is LF",
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
_HINT = "; to keep git from doing this, add `data/** -text` to .gitattributes"
MAX_NAMED = 20  # values, unexpected files, and files that are read in search of a missing one
_OF_ANY_FILE = {"empty", "swapped", *SIGNATURES}


def diagnose_folder(
    folder: str, wrong: dict[str, Content], unexpected: list[str]
) -> Iterator[Problem]:
    """Yield the problems of a folder, given its wrong files and its unexpected names."""
    missing = [name for name, data in wrong.items() if [*data][:1] == ["presence"]]
    places = [os.path.join(folder, name) for name in unexpected]
    for place in (*places, os.path.dirname(os.path.abspath(folder))) if missing[1:] else ():
        if all(os.path.isfile(os.path.join(place, name)) for name in DIGESTS):
            text = f"the files are in {printable(place)}, not here"
            yield problem(folder, "presence", text, ("nested",))
            return
    found: dict[str, list[Problem]] = {}
    strays = list(filter(os.path.isfile, places)) if missing else []
    sizes = [len(_genuine(name)) for name in missing]
    strays.sort(key=lambda path: min(abs(os.path.getsize(path) - size) for size in sizes))
    for path in strays[:MAX_NAMED]:
        stray, data = os.path.basename(path), read_file(path)
        name, explanation = _identify(data, missing, stray)
        if explanation:
            unexpected.remove(stray)
            missing.remove(name)
            text = f"is missing; it is there as {printable(stray)}"
            text += f", but changed: {_sentence(explanation)}" if explanation.causes else ""
            found[name] = [problem(name, "presence", text, ("renamed", *explanation.causes))]
    problems = [p for n in wrong for p in found.get(n) or _diagnose(n, wrong[n], n)]
    yield from sorted(problems, key=lambda each: "states version" not in each.message)
    for name in unexpected[:MAX_NAMED]:
        yield problem(name, "unexpected", "unexpected file")
    if unexpected[MAX_NAMED:]:
        text = f"{len(unexpected) - MAX_NAMED:,} more unexpected files"
        yield problem(folder, "unexpected", text)


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


def _identify(data: Content, names: list[str], stray: str = "") -> tuple[str, Explanation | None]:
    """Return which of some files data come from, if that can be known, and what happened."""
    found: list[tuple[tuple[bool, int, bool], str, Explanation]] = []
    alike = list[str]()
    if isinstance(data, tuple):
        return "", None
    for name in names:
        genuine, explanation = _genuine(name), None
        like = similarity(data.decode(errors="replace"), genuine)[0] > 0
        likely = like or not stray or name.strip(".").split(".")[0] in stray
        if sha256(data) == DIGESTS[name]:
            explanation = Explanation()
        elif likely and data.strip(b"\0")[FEW:]:
            explanation = explain(name, data, genuine)
        if explanation and (like or _OF_ANY_FILE.isdisjoint(explanation.causes)):
            found.append((explanation.cost(), name, explanation))
        elif like:
            alike.append(name)
    return min(found)[1:] if found else ("".join(alike[:1]), None)


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
    genuine = _genuine(name)
    explanation = explain(name, data, genuine)
    raw = Explanation(text=data.decode(errors="surrogateescape"))
    closest = max((*read(data, genuine), raw), key=lambda each: similarity(each.text, genuine))
    values, note = list[str](), ""
    if genuine and ".json" in name:
        values, note = _compare_json(name, closest.text, genuine)
        if not values and not note and (explanation is None or explanation.cost()[0]):
            explanation = Explanation((*closest.causes, "json-layout"))
    if explanation and not (explanation.cost()[0] and 0 < len(values) <= len(explanation.causes)):
        yield _explained(title, explanation)
        return
    difference = first_difference(closest.text, genuine)
    if not genuine:
        yield problem(title, "digest", f"is not genuine; nothing left to compare it with. {REMEDY}")
    elif closest.causes:
        more = "" if values else f"; besides, it {difference}"
        yield _explained(title, Explanation(closest.causes), more)
    elif not values:
        yield problem(title, "encoding" if closest is raw else "digest", note + difference)
    for value in values[:MAX_NAMED]:
        yield problem(title, "metadata", value)
    if values[MAX_NAMED:]:
        yield problem(title, "metadata", f"{len(values) - MAX_NAMED:,} more values differ")


def _explained(title: str, explanation: Explanation, more: str = "") -> Problem:
    check: Check = "digest" if _ENCODING.isdisjoint(explanation.causes) else "encoding"
    return problem(title, check, _sentence(explanation) + more, explanation.causes)


def _sentence(explanation: Explanation) -> str:
    *clauses, last = (CAUSES[code] for code in explanation.causes)
    sentence = " and ".join(filter(None, (", ".join(clauses), last)))
    sentence += f" ({explanation.detail})" if explanation.detail else ""
    hint = {"crlf", "mixed-line-endings"}.intersection(explanation.causes)
    return sentence + _HINT if hint else sentence


def _compare_json(name: str, found: str, genuine: str) -> tuple[list[str], str]:
    """Return the values that differ in JSON or JSON Lines, and why it cannot be parsed."""

    def to_dict(pairs: list[tuple[str, object]]) -> dict[str, object]:
        members = dict(pairs)
        for key in Counter(key for key, _ in pairs) - Counter(members.keys()):
            raise ValueError(f"duplicate key {quote(key)}")
        return members

    def parse(text: str) -> object:
        lines = filter(str.strip, text.split("\n")) if "jsonl" in name else [text]
        values = [json.loads(line, object_pairs_hook=to_dict) for line in lines]
        return values if "jsonl" in name else values[0]

    try:
        return list(_differences(parse(found), parse(genuine))), ""
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return [], f"is not valid JSON: {reason.partition(';')[0]}; "


def _differences(found: object, genuine: object, place: str = "") -> Iterator[str]:
    """Yield the values that differ, each with its place as a JSON Pointer (RFC 6901)."""
    if isinstance(found, list) and isinstance(genuine, list) and len(found) == len(genuine):
        found, genuine = dict(enumerate(found)), dict(enumerate(genuine))
    if isinstance(found, dict) and isinstance(genuine, dict):
        for key in genuine | found:
            step = str(key).replace("~", "~0").replace("/", "~1")
            yield from _differences(found.get(key, ...), genuine.get(key, ...), f"{place}/{step}")
    elif type(found) is not type(genuine) or found != genuine:
        text = f"expected {_describe(genuine)}, found {_describe(found)}"
        if place == "/version" and isinstance(found, str):
            text = f"states version {quote(found)}, but this is newspair {genuine}"
        elif isinstance(found, str) and isinstance(genuine, str) and found != found[:80]:
            text = first_difference(found, genuine)
        yield f"{printable(place) if place else 'the whole file'}: {text}"


def _describe(value: object) -> str:
    if isinstance(value, str):
        return quote(value, 80)
    return "nothing" if value is ... else f"{json.dumps(value):.60}"
