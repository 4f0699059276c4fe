"""What is wrong with a folder or file: its causes, else JSON values or the first difference."""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from ._causes import Explanation, explain, first_difference, read, similarity
from ._errors import printable, quote
from ._files import (
    DIGESTS,
    REMEDY,
    UnreadableError,
    filename_of,
    ids,
    read_file,
    read_packaged,
    sha256,
)
from ._sections import problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._sections import Check, Problem

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
_OF_ANY_FILE = {"swapped", "html-page", "git-lfs-pointer", "git-annex-pointer", "conflict-markers"}


def diagnose_folder(
    folder: str, wrong: dict[str, bytes | UnreadableError], unexpected: list[str]
) -> Iterator[Problem]:
    """Return the problems of a folder, given its wrong files and its unexpected names."""
    missing = [n for n, e in wrong.items() if not isinstance(e, bytes) and e.check == "presence"]
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
        stray = os.path.basename(path)
        try:
            name, explanation = _identify(read_file(path), missing, stray)
        except UnreadableError:
            continue
        if explanation:
            unexpected.remove(stray)
            missing.remove(name)
            text = f"is missing; it is there as {printable(stray)}"
            text += f", but changed: {_sentence(explanation)}" if explanation.causes else ""
            found[name] = [problem(name, "presence", text, ("renamed", *explanation.causes))]
    for name, data in wrong.items():
        if isinstance(data, bytes):
            found[name] = list(_diagnose(name, data, name))
        else:
            found.setdefault(name, [problem(name, data.check, data.reason)])
    problems = [each for name in wrong for each in found[name]]
    yield from sorted(problems, key=lambda each: "states version" not in each.message)
    for name in unexpected[:MAX_NAMED]:
        yield problem(name, "unexpected", "unexpected file")
    if more := len(unexpected[MAX_NAMED:]):
        yield problem(folder, "unexpected", f"{more:,} more unexpected files")


def diagnose_file(path: str) -> Iterator[Problem]:
    """Yield the problems of a file, judged by its name or else by its content."""
    name = os.path.basename(path)
    try:
        data = read_file(path)
    except UnreadableError as error:
        yield problem(name, error.check, error.reason)
        return
    if sha256(data) in ([DIGESTS[name]] if name in DIGESTS else DIGESTS.values()):
        return
    texts = [filename_of(article_id) for article_id in ids()]
    if origin := name if name in DIGESTS else _identify(data, texts)[0]:
        yield from _diagnose(origin, data, name)
    else:
        yield problem(name, "unexpected", "is none of newspair's files")


def _identify(data: bytes, names: list[str], stray: str = "") -> tuple[str, Explanation | None]:
    """Return which of some files data come from, if that can be known, and what happened."""
    found: list[tuple[tuple[bool, int, bool], str, Explanation | None]] = []
    for name in names:
        genuine, explanation = _genuine(name), None
        like = similarity(data.decode("utf-8", "replace"), genuine)[0] > 0
        likely = like or not stray or name.strip(".").split(".")[0] in stray
        if sha256(data) == DIGESTS[name]:
            explanation = Explanation()
        elif likely and data.strip(b"\0\r\n\t ")[50:]:
            explanation = explain(name, data, genuine)
        if explanation and (like or _OF_ANY_FILE.isdisjoint(explanation.causes)):
            found.append((explanation.cost(), name, explanation))
        elif like:
            found.append(((True, len(DIGESTS), True), name, None))
    return min(found)[1:] if found else ("", None)


@cache
def _genuine(name: str) -> str:
    """Return the genuine text of a file, as far as the packaged data still hold it, or ""."""
    candidates = ["".join(f"{DIGESTS[f'{each}.txt']}  {each}.txt\n" for each in ids())]
    for filename in (name, "articles.jsonl"):
        with suppress(UnreadableError):
            for reading in read(read_packaged(filename), ""):
                candidates += (reading.text, f"{reading.text}\n")
    for line in "\n".join(candidates).split("\n"):
        with suppress(ValueError, LookupError, TypeError, RecursionError):
            candidates.append(str(json.loads(line)["text"]))
    return {sha256(t.encode("utf-8", "replace")): t for t in candidates}.get(DIGESTS[name], "")


def _diagnose(name: str, data: bytes, title: str) -> Iterator[Problem]:
    genuine = _genuine(name)
    explanation = explain(name, data, genuine)
    raw = Explanation(text=data.decode("utf-8", "surrogateescape"))
    closest = max((*read(data, genuine), raw), key=lambda each: similarity(each.text, genuine))
    layers, values, note = Explanation(closest.causes), list[str](), ""
    if genuine and ".json" in name:
        values, note = _compare_json(name, closest.text, genuine)
        if not values and not note and (explanation is None or explanation.cost()[0]):
            explanation = Explanation((*closest.causes, "json-layout"))
    if explanation and not (explanation.cost()[0] and 0 < len(values) <= len(explanation.causes)):
        yield _explained(title, explanation)
    elif not genuine:
        yield problem(title, "digest", f"is not genuine; nothing left to compare it with. {REMEDY}")
    elif values:
        if layers.causes:
            yield _explained(title, layers)
        for value in values[:MAX_NAMED]:
            yield problem(title, "metadata", value)
        if more := len(values[MAX_NAMED:]):
            yield problem(title, "metadata", f"{more:,} more values differ")
    else:
        difference = first_difference(closest.text, genuine)
        if layers.causes:
            yield _explained(title, layers, f"; besides, it {difference}")
        else:
            yield problem(title, "encoding" if closest is raw else "digest", note + difference)


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

    trees = []
    try:
        for text in (found, genuine):
            lines = filter(str.strip, text.split("\n")) if "jsonl" in name else [text]
            trees.append([json.loads(line, object_pairs_hook=to_dict) for line in lines])
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return [], f"is not valid JSON: {reason.partition(';')[0]}; "
    return list(_differing_values(trees[0], trees[1])), ""


def _differing_values(found: object, genuine: object, path: str = "") -> Iterator[str]:
    if isinstance(found, list) and isinstance(genuine, list) and len(found) == len(genuine):
        for index, (one, two) in enumerate(zip(found, genuine, strict=True)):
            step = f"[{index}]" if path or len(found) > 1 else ""
            yield from _differing_values(one, two, path + step)
    elif isinstance(found, dict) and isinstance(genuine, dict):
        for key in genuine | found:
            plain = key.lstrip("$@").isidentifier() and key == key[:60]
            step = f".{key}" if plain else f"[{quote(key)}]"
            yield from _differing_values(found.get(key, ...), genuine.get(key, ...), path + step)
    elif type(found) is not type(genuine) or found != genuine:
        text = f"expected {_describe(genuine)}, found {_describe(found)}"
        if path == ".version" and isinstance(found, str):
            text = f"states version {quote(found)}, but this is newspair {genuine}"
        elif isinstance(found, str) and isinstance(genuine, str) and found != found[:80]:
            text = first_difference(found, genuine)
        yield f"{path.lstrip('.') or 'the whole file'}: {text}"


def _describe(value: object) -> str:
    if value is ... or isinstance(value, dict | list):
        return "nothing" if value is ... else f"{type(value).__name__} of {len(value)}"
    return quote(value, 80) if isinstance(value, str) else f"{json.dumps(value):.60}"
