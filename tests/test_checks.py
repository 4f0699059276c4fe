"""No false value passes: evidence is on its line, sections tile the text, pins agree."""

import json
from itertools import pairwise

import pytest
from conftest import GENUINE
from hypothesis import given
from hypothesis import strategies as st
from test_manifest import EVERYWHERE, TREE, changed

import newspair
from newspair import checks, manifest
from newspair.manifest import Section

TEXTS = {article.id: article.text for article in newspair.load_all()}


def found(data: bytes) -> list[str]:
    """Return what is wrong with a manifest, whether its form or its content."""
    try:
        return list(checks.faults(manifest.parse(data), TEXTS))
    except newspair.ManifestError as error:
        return [str(error)]


def test_the_committed_manifest_is_borne_out_by_the_texts() -> None:
    assert found(GENUINE["datapackage.json"]) == []


def value_at(place: tuple[str | int, ...]) -> object:
    value: object = TREE
    for step in place:
        value = value[step]  # type: ignore[index]
    return value


# Words about the dataset that no check can know to be wrong: only the pinned digest does.
FREE = ("title", "description", "version", "created", "keywords", "inLanguage")
CHECKED = [place for place in EVERYWHERE if not set(place) & set(FREE)]


@pytest.mark.parametrize("place", CHECKED, ids=manifest.where)
def test_a_manifest_with_any_single_value_changed_is_refused(place: tuple[str | int, ...]) -> None:
    value = value_at(place)
    if isinstance(value, int):
        changes: list[object] = [value + 1, value - 1, -value, 10**30]
    elif isinstance(value, str):
        changes = [f"{value}x", value[:-1], value.swapcase(), "", None]
        if "T18" in value:
            changes = [value.replace("18:32", "18:33"), value.replace("+05:30", "Z"), None]
    elif value is None:
        changes = ["Ukrainians strongly oppose the Russian invasion", {"line": 1, "text": "U"}]
    else:
        changes = [None, [], {}, [value]]
    for change in changes:
        assert found(changed(place, change)), f"{change!r} was not noticed"


def test_every_value_may_be_missing_without_going_unnoticed() -> None:
    for place in CHECKED:
        tree = json.loads(GENUINE["datapackage.json"])
        parent = tree
        for step in place[:-1]:
            parent = parent[step]
        del parent[place[-1]]
        assert found(json.dumps(tree).encode()), place


HEADLINE = TREE["resources"][1]["headline"]
SECOND = ("resources", 1)
FALSE = [
    (("headline",), HEADLINE.replace("C", "K", 1), "headline: 'Zelenskyy Kondemns"),
    (("author",), "Devdiscourse", "author: 'Devdiscourse' is not what 'Devdiscourse News Desk'"),
    (("publisher",), "Dev", "publisher: 'Dev' is not what 'Devdiscourse News Desk' says"),
    (("publisher",), None, "publisher: value and evidence are not both given, or both null"),
    (("evidence", "headline"), None, "headline: value and evidence are not both given"),
    (("evidence", "headline", "line"), 4, "evidence.headline.text: 'Zelenskyy Condemns"),
    (("evidence", "headline", "line"), 0, "evidence.headline.line: there is no line 0"),
    (("evidence", "headline", "line"), 22, "evidence.headline.line: there is no line 22"),
    (
        ("evidence", "author", "text"),
        "CBS News",
        "evidence.author.text: 'CBS News' is not on line 7",
    ),
    (("evidence", "datePublished", "text"), "IST", "datePublished: '2025-02-01 18:32:00+05:30'"),
    (("dateModified",), "2025-02-01T18:32:00Z", "dateModified: '2025-02-01 18:32:00+00:00' is not"),
    (("dateModified",), "2025-01-02T18:32:00+05:30", "dateModified: '2025-01-02 18:32:00+05:30'"),
    (("bytes",), 2075, "bytes: expected 2076, found 2075"),
    (("path",), "../x.txt", "path: expected 003_ced7b9f589f8a978.txt, found '../x.txt'"),
    (("name",), "x", "name: expected 003_ced7b9f589f8a978, found 'x'"),
    (("hash",), "md5:00", "hash: expected sha256:b2dcd8bcc099"),
    (("sections", 0, "firstLine"), 0, "sections[0]: lines 0 to 1 do not follow line 0"),
    (("sections", 0, "lastLine"), 2, "sections[0]: begins or ends on a blank line"),
    (("sections", 1, "firstLine"), 2, "sections[1]: begins or ends on a blank line"),
    (("sections", 5, "firstLine"), 8, "sections[5]: lines 8 to 17 do not follow line 8"),
    (("sections", 5, "firstLine"), 11, "sections[5]: a line before it holds text"),
    (("sections", 6, "lastLine"), 23, "sections[6]: lines 19 to 23 do not follow line 17"),
    (("sections",), [], "sections: a line after the last one holds text"),
]


@pytest.mark.parametrize(("place", "value", "told"), FALSE)
def test_a_false_value_is_named_with_the_reason(
    place: tuple[str | int, ...], value: object, told: str
) -> None:
    faults = found(changed((*SECOND, *place), value))
    assert len(faults) == 1
    assert faults[0].startswith(f"resources[1].{told}")


@pytest.mark.parametrize("number", [1, 3])
def test_the_first_and_the_last_line_can_be_cited(number: int) -> None:
    quotation = newspair.Quotation(line=number, text=f"line {number}")
    nothing = dict.fromkeys(newspair.Evidence.model_fields)
    article = newspair.load(newspair.ids()[0]).model_copy(
        update={
            "headline": f"line {number}",
            "evidence": newspair.Evidence(**nothing | {"headline": quotation}),
        }
    )
    assert list(checks.unproven(article, ["line 1", "line 2", "line 3"])) == []


def test_a_wrong_digest_is_shown_whole() -> None:
    wrong = f"sha256:{'0' * 64}"
    (fault,) = found(changed((*SECOND, "hash"), wrong))
    assert fault.endswith(f"found '{wrong}'")


def test_several_faults_are_all_told() -> None:
    tree = json.loads(GENUINE["datapackage.json"])
    tree["resources"][0]["bytes"] = 1
    tree["resources"][1]["headline"] = "x"
    tree["resources"][1]["sections"].pop()
    assert [fault.split(":")[0] for fault in found(json.dumps(tree).encode())] == [
        "resources[0].bytes",
        "resources[1].headline",
        "resources[1].sections",
    ]


def test_a_text_that_is_not_at_hand_proves_nothing() -> None:
    false = manifest.parse(changed((*SECOND, "headline"), "x"))
    assert list(checks.faults(false, {})) == []


LINES = st.lists(st.sampled_from(["", "text", " "]), min_size=1, max_size=7)
NUMBER = st.integers(-1, 9)


def tiles(sections: list[tuple[int, int]], lines: list[str]) -> bool:
    """Say by brute force what a tiling is."""
    covered = [number for first, last in sections for number in range(first, last + 1)]
    full = {number for number, line in enumerate(lines, 1) if line.strip()}
    return (
        covered == sorted(set(covered))
        and all(first <= last and {first, last} <= full for first, last in sections)
        and full <= set(covered)
    )


@given(LINES, st.data())
def test_sections_pass_exactly_when_they_tile_the_text_in_order(
    lines: list[str], data: st.DataObject
) -> None:
    full = [number for number, line in enumerate(lines, 1) if line.strip()]
    ends = st.sampled_from(full) if full else NUMBER
    pairs = data.draw(st.lists(st.tuples(ends, ends) | st.tuples(NUMBER, NUMBER), max_size=4))
    sections = [Section(kind="body", first_line=first, last_line=last) for first, last in pairs]
    assert (not list(checks.untiled(sections, lines))) == tiles(pairs, lines)


@given(LINES, st.data())
def test_any_cut_of_the_text_into_runs_tiles_it(lines: list[str], data: st.DataObject) -> None:
    full = [number for number, line in enumerate(lines, 1) if line.strip()]
    starts = [number for number in full if number == full[0] or data.draw(st.booleans())]
    spans = [
        (start, max(number for number in full if number < stop))
        for start, stop in pairwise([*starts, len(lines) + 1])
    ]
    sections = [Section(kind="body", first_line=first, last_line=last) for first, last in spans]
    assert list(checks.untiled(sections, lines)) == []
    assert tiles(spans, lines)
