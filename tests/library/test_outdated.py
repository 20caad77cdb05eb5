"""A set is replaced as a whole: no file stays in a place that is of another region, edition or state."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.library.build import build
from handouts.library.manifest import MANIFEST, read_manifest
from handouts.library.outdated import FORMER, remove_outdated
from handouts.library.plan import Choice, plan
from handouts.model import Format, Place
from handouts.page.approval import Approval
from handouts.problems import in_file
from handouts.sources.load import Sources
from handouts.sources.look import Look

TEXTS = Choice(("en", "es"), ("about-ipt",), ("text",), clinics=("example",))


def made(own: Sources, look: Look, out: Path) -> None:
    """Make the texts of the example clinic, in Australia."""
    assert build(own, look, plan(Approval(own, look), TEXTS), out, 1, lambda _: None).problems == ()


def moved(own: Sources, region: str) -> Sources:
    """Return the sources with the example clinic in another region."""
    clinic = replace(own.content.clinics["example"], region=region)
    return replace(own, content=replace(own.content, clinics={"example": clinic}))


def test_a_clinic_that_moves_takes_no_help_line_along(own: Sources, look: Look, tmp_path: Path) -> None:
    """Whatever of it is built first in England, nothing Australian stays beside it, and all that went is told."""
    made(own, look, tmp_path)
    english = moved(own, "gb")
    pages = plan(Approval(english, look), replace(TEXTS, locales=("en",)))
    report = build(english, look, pages, tmp_path, 1, lambda _: None)
    assert [each.file for each in report.removed] == ["example/es/about-ipt.txt"]  # the other is there anew
    assert "of the region au" in report.removed[0].why
    (entry,) = read_manifest(tmp_path)[0]
    assert (entry.rendition.file, entry.rendition.region) == ("example/en/about-ipt.txt", "gb")
    assert not (tmp_path / "example/es").exists()


@pytest.mark.parametrize(
    ("changed", "why"), [({"edition": "2025-01"}, "edition"), ({"state": "approved"}, "state")]
)
def test_what_is_of_another_edition_or_state_goes(
    own: Sources, look: Look, tmp_path: Path, changed: dict[str, str], why: str
) -> None:
    """And nothing else; another place is left alone."""
    made(own, look, tmp_path)
    document = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    document["renditions"][0] |= changed
    (tmp_path / MANIFEST).write_text(json.dumps(document), encoding="utf-8")
    assert remove_outdated(Approval(own, look), tmp_path, [Place("au")]) == ([], [])
    (gone,), problems = remove_outdated(Approval(own, look), tmp_path, [Place("au", "example")])
    assert (gone.file, problems) == ("example/en/about-ipt.txt", [])
    assert why in gone.why
    assert [entry.rendition.file for entry in read_manifest(tmp_path)[0]] == ["example/es/about-ipt.txt"]
    assert remove_outdated(Approval(own, look), tmp_path, [Place("au", "example")]) == ([], [])


def with_phone(own: Sources) -> Sources:
    """Return the sources with another phone of the clinic."""
    clinic = replace(own.content.clinics["example"], phones=("02 5550 0199",))
    return replace(own, content=replace(own.content, clinics={"example": clinic}))


def with_help_line(own: Sources) -> Sources:
    """Return the sources with another number of the region's first help line."""
    region = own.content.regions["au"]
    first, *others = region.lines
    lines = (replace(first, call="13 11 15"), *others)
    regions = {**own.content.regions, "au": replace(region, lines=lines)}
    return replace(own, content=replace(own.content, regions=regions))


def without_handout(own: Sources) -> Sources:
    """Return the sources without the handout."""
    drafts = {slug: draft for slug, draft in own.content.drafts.items() if slug != "about-ipt"}
    return replace(own, content=replace(own.content, drafts=drafts))


def without_locale(own: Sources) -> Sources:
    """Return the sources without Spanish."""
    return replace(own, locales={tag: each for tag, each in own.locales.items() if tag != "es"})


ES, EN = "example/es/about-ipt.txt", "example/en/about-ipt.txt"


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (lambda own: own, []),
        (lambda own: moved(own, "gb"), [EN, ES]),
        (with_phone, [EN, ES]),
        (with_help_line, [EN, ES]),
        (without_handout, [EN, ES]),
        (without_locale, [ES]),
    ],
)
@pytest.mark.parametrize("form", ["email", "text"])
def test_whatever_is_made_nothing_older_stands_beside_it(
    own: Sources,
    look: Look,
    tmp_path: Path,
    change: Callable[[Sources], Sources],
    gone: list[str],
    form: Format,
) -> None:
    """Where one format or nothing at all of the place is made: what has other facts than the sources goes, and is told."""
    made(own, look, tmp_path)
    now, place = change(own), Place(change(own).content.clinics["example"].region, "example")
    choice = replace(TEXTS, locales=("en",), formats=(form,))
    pages = plan(Approval(now, look), choice) if "about-ipt" in now.content.drafts else []
    report = build(now, look, pages, tmp_path, 1, lambda _: None, places=[place])
    again = {page.rendition.file for page in pages}
    assert sorted(each.file for each in report.removed) == [file for file in gone if file not in again]
    left = {EN, ES} - set(gone) | again
    assert {entry.rendition.file for entry in read_manifest(tmp_path)[0]} == left
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.glob("example/*/*")} == left


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("content/clinics/example.yaml", with_phone),
        ("content/regions/au.yaml", with_help_line),
        ("locales/es/handouts.po", without_locale),
        ("content/handouts/about-ipt.yaml", lambda own: own),
    ],
)
def test_what_cannot_be_read_takes_nothing_away(
    own: Sources, look: Look, tmp_path: Path, file: str, change: Callable[[Sources], Sources]
) -> None:
    """Half a file says nothing of what is there: it stays, and the problem is told."""
    made(own, look, tmp_path)
    broken = in_file("invalid-yaml", file, "This is not right.", "Mend it.")
    now = change(own)
    now = replace(now, broken=frozenset({broken.locale}))
    assert remove_outdated(Approval(now, look), tmp_path, [Place("au", "example")], [broken]) == ([], [])


def test_a_clinic_that_moves_and_is_broken_takes_no_help_line_along(
    own: Sources, look: Look, tmp_path: Path
) -> None:
    """Its region was read: what is of the other one goes, whatever else is wrong in it or in a catalog."""
    made(own, look, tmp_path)
    wrong = [
        in_file("x", file, "Wrong.", "Mend it.")
        for file in ("content/clinics/example.yaml", "locales/es/handouts.po")
    ]
    gone, _ = remove_outdated(Approval(moved(own, "gb"), look), tmp_path, [Place("gb", "example")], wrong)
    assert {each.file for each in gone} == {EN, ES}


def test_a_manifest_without_facts_is_read(own: Sources, look: Look, tmp_path: Path) -> None:
    """One of an earlier version: nothing is known of the numbers in its files, and they stay until they are made again."""
    made(own, look, tmp_path)
    document = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    for row in document["renditions"]:
        del row["facts"]
    (tmp_path / MANIFEST).write_text(json.dumps(document), encoding="utf-8")
    assert remove_outdated(Approval(with_phone(own), look), tmp_path, [Place("au", "example")]) == ([], [])


def test_files_of_the_former_layout_go(own: Sources, look: Look, tmp_path: Path) -> None:
    """Those that a manifest lists; a file of someone's own beside them stays, and nothing outside the folder is touched."""
    out = tmp_path / "dist"
    (out / "es").mkdir(parents=True)
    rows = [
        {"file": file, "locale": "es"} for file in ("es/about-ipt.html", "es/../../keep.txt", "other.txt")
    ]
    for file in ("es/about-ipt.html", "es/mine.txt", "../keep.txt", "other.txt"):
        (out / file).touch()
    (out / MANIFEST).write_text(json.dumps({"renditions": rows}), encoding="utf-8")
    gone, problems = remove_outdated(Approval(own, look), out, [Place("au")])
    assert ([(each.file, each.why) for each in gone], problems) == ([("es/about-ipt.html", FORMER)], [])
    assert all((out / file).exists() for file in ("es/mine.txt", "../keep.txt", "other.txt"))
