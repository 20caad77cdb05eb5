"""A set is replaced as a whole: no file stays in a place that is of another region, edition or state."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.library.build import build
from handouts.library.manifest import MANIFEST, read_manifest
from handouts.library.outdated import FORMER, remove_outdated
from handouts.library.plan import Choice, plan
from handouts.model import Place
from handouts.page.approval import Approval
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
    assert [each.file for each in report.removed] == ["example/en/about-ipt.txt", "example/es/about-ipt.txt"]
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
