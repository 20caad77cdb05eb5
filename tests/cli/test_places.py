"""Places side by side: each has its folder, its region and its numbers, and one that fails leaves nothing false in its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Project

SLUGS = ("example", "north", "south")
BUILD = (
    "--format",
    "text",
    "--handout",
    "about-ipt",
    *(part for slug in SLUGS for part in ("--clinic", slug)),
)
NORTH = """name: North Clinic
region: uk
phone:
- 020-7946-0018
- "+44 (0)20 7946 0019 ext. 12"
address: |
  12 Riverside Road
  London SE1 7XX
web: www.north.example
"""
SOUTH = """name: South Clinic
region: Australia
phone: (03) 9876 5432
web: south.example
"""


@pytest.fixture
def clinics(project: Project) -> Project:
    """Return a project with three clinics in two regions, built in two locales."""
    project.leave_only("en", "ar")
    for slug, profile in (("north", NORTH), ("south", SOUTH)):
        (project.root / f"content/clinics/{slug}.yaml").write_text(profile, encoding="utf-8")
    ran = project.call(*BUILD)
    assert ran.code == 0, ran.err
    return project


def tree(project: Project) -> list[str]:
    """Return the files below `dist/`, without the pages of the gallery."""
    out = project.root / "dist"
    found = (p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file())
    return sorted(file for file in found if not file.endswith("index.html"))


def entries(project: Project) -> dict[str, dict[str, str]]:
    """Return the entries of the manifest by file."""
    text = (project.root / "dist/manifest.json").read_text(encoding="utf-8")
    return {row["file"]: row for row in json.loads(text)["renditions"]}


def files(*slugs: str) -> list[str]:
    """Return the files of places, as they lie in the output folder."""
    return [f"{slug}/{tag}/about-ipt.txt" for slug in slugs for tag in ("ar", "en")]


def test_three_clinics_in_two_regions_lie_side_by_side(clinics: Project) -> None:
    """A folder each, with the numbers of its own region and its own details; the manifest says both, and `verify` agrees."""
    assert tree(clinics) == sorted([*files(*SLUGS), "manifest.json"])
    regions = {row["clinic"]: (row["region"], row["place"]) for row in entries(clinics).values()}
    assert regions == {"example": ("au", "example"), "north": ("gb", "north"), "south": ("au", "south")}
    for slug, own, foreign in (("north", "116 123", "13 11 14"), ("south", "13 11 14", "116 123")):
        text = (clinics.root / f"dist/{slug}/en/about-ipt.txt").read_text(encoding="utf-8")
        assert own in text
        assert foreign not in text
    text = (clinics.root / "dist/north/en/about-ipt.txt").read_text(encoding="utf-8")
    for part in (
        "020-7946-0018",
        "+44 (0)20 7946 0019 ext. 12",
        "12 Riverside Road",
        "London SE1 7XX",
        "north.example",
    ):
        assert part in text
    ran = clinics.call("verify", "--jobs", "1")
    assert (ran.code, ran.out[:6]) == (0, "6 of 6")


def test_a_clinic_that_fails_stops_no_other_and_keeps_what_is_still_so(clinics: Project) -> None:
    """Its phone is no number: the others are made, its folder is as it was, and `verify` compares what it can."""
    clinics.edit("content/clinics/north.yaml", "020-7946-0018", "020 seven")
    clinics.edit("content/handouts/about-ipt.yaml", "heading: In short", "heading: In brief")
    ran = clinics.call(*BUILD)
    assert ran.code == 1
    assert "content/clinics/north.yaml:4: “020 seven” is not a phone number." in ran.err
    assert set(entries(clinics)) == set(files(*SLUGS))
    assert "In brief" in (clinics.root / "dist/south/en/about-ipt.txt").read_text(encoding="utf-8")
    assert "In short" in (clinics.root / "dist/north/en/about-ipt.txt").read_text(encoding="utf-8")
    ran = clinics.call("verify", "--jobs", "1")
    assert ran.code == 1
    assert "4 of 4 files are as they should be" in ran.out
    assert "2 files could not be compared" in ran.out


def test_a_clinic_that_moves_and_fails_leaves_no_number_of_the_other_region(clinics: Project) -> None:
    """What was of England goes, and is named; what the others have stays."""
    clinics.edit("content/clinics/north.yaml", "020-7946-0018", "020 seven")
    clinics.edit("content/clinics/north.yaml", "region: uk", "region: New Zealand")
    ran = clinics.call(*BUILD)
    assert ran.code == 1
    for file in files("north"):
        assert f"{file}\tremoved: it is of the region gb, and north is in nz" in ran.err
    assert tree(clinics) == sorted([*files("example", "south"), "manifest.json"])
    assert set(entries(clinics)) == set(files("example", "south"))


def test_a_word_that_is_no_place_is_told_before_anything(clinics: Project, tmp_path: Path) -> None:
    """One clinic that does not exist among those that do: nothing is made."""
    ran = clinics.call(*BUILD, "--clinic", "nroth", "--out", str(tmp_path / "new"))
    assert ran.code == 2
    assert "--clinic: there is no clinic “nroth”. Did you mean “north”?" in ran.err
    assert not (tmp_path / "new").exists()
