"""The command `pack`, as a person types it."""

from __future__ import annotations

import json
import zipfile

import pytest

from handouts.library.plan import Choice
from handouts.model import SHOWN_FORMATS
from tests.conftest import Project, Stock
from tests.signed import approve, confirm, loaded

SHOWN = [part for form in SHOWN_FORMATS for part in ("--format", form)]


@pytest.fixture
def small(cold_project: Project) -> Project:
    """Return a project of one locale."""
    cold_project.leave_only("en")
    return cold_project


def build(project: Project, *more: str) -> None:
    """Build what a pack holds, with one empty page for each PDF."""
    Stock(loaded(project.root), project.root / "dist").pages(Choice(formats=SHOWN_FORMATS))
    ran = project.call("--jobs", "1", *SHOWN, *more)
    assert ran.code == 0, ran.err


def test_a_place_is_packed_as_it_was_built(small: Project) -> None:
    """Before it is built it is refused, and the command named; then one line says where the zip is, the same each time."""
    handouts = len(list((small.root / "content/handouts").iterdir()))
    # Two papers, a page, a text and a cover of each; the gallery's two pages, a word for whoever unzips it, and one for
    # record systems.
    files = 5 * handouts + 4
    ran = small.call("pack")
    assert ran.code == 1
    assert f"{4 * handouts} files of au (no clinic) are not built" in ran.err
    assert "Build it first: python3 build.py --region au" in ran.err
    build(small)
    ran = small.call("pack")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{small.root / 'dist/ipt-handouts-au.zip'}\t{files} files\t")
    first = (small.root / "dist/ipt-handouts-au.zip").read_bytes()
    (row,) = json.loads(small.call("pack", "--json").out)["packs"]
    assert (row["files"], row["bytes"]) == (files, len(first))
    assert (small.root / "dist/ipt-handouts-au.zip").read_bytes() == first


def test_only_what_is_approved_is_packed_on_request(small: Project) -> None:
    """The list says who has signed it, and when; a zip without that is refused while nothing is approved."""
    approve(small.root, "en")
    ran = small.call("pack", "--approved-only")
    assert (ran.code, "nothing for au (no clinic) is approved" in ran.err) == (1, True)
    confirm(small.root)
    build(small, "--approved-only")
    ran = small.call("pack", "--approved-only")
    assert (ran.code, ran.err) == (0, "")
    with zipfile.ZipFile(small.root / "dist/ipt-handouts-au.zip") as archive:
        names, page = archive.namelist(), archive.read("ipt-handouts-au/index.html").decode()
    assert not any("references" in name for name in names)
    assert "✓ Checked" in page
    assert "Ana R (reviewer), 20 November 2026; Lan Pham (reviewer), 20 November 2026" in page


def test_what_is_wrong_in_drafts_alone_keeps_nothing_approved_from_being_packed(small: Project) -> None:
    """It is noted; what is wrong in something that is approved, or in all of it, is told and nothing is packed."""
    small.bring("references")
    approve(small.root, "en")
    confirm(small.root)
    build(small, "--approved-only")
    draft = small.root / "content/handouts/references.yaml"
    good = draft.read_text(encoding="utf-8")
    draft.write_text(good.replace("text: ", "text: <b>", 1), encoding="utf-8")
    assert small.call("pack").code == 1
    ran = small.call("pack", "--approved-only")
    assert (ran.code, "references.yaml" in ran.err) == (0, True), ran.err
    for file, old, new in (
        ("content/handouts/about-ipt.yaml", "text: ", "text: <b>"),
        ("content/interface.yaml", "text: ", "text: <b>"),
        ("content/regions/au.yaml", "13 11 14", "13 11 1x"),
    ):
        path = small.root / file
        before = path.read_text(encoding="utf-8")
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
        ran = small.call("pack", "--approved-only")
        assert (ran.code, file in ran.err) == (1, True), ran.err
        path.write_text(before, encoding="utf-8")


def test_a_name_that_is_none_is_asked_about(small: Project) -> None:
    """As in every command."""
    ran = small.call("pack", "--clinic", "exmaple")
    assert (ran.code, "Did you mean “example”?" in ran.err) == (2, True)
