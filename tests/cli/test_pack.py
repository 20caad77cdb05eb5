"""The command `pack`, as a person types it."""

from __future__ import annotations

import json
import zipfile

import pytest

from handouts.library.plan import Choice
from handouts.site.gallery import SHOWN_FORMATS
from tests.conftest import Project, Stock
from tests.signed import approve, confirm, loaded

SHOWN = [part for form in SHOWN_FORMATS for part in ("--format", form)]


@pytest.fixture
def small(cold_project: Project) -> Project:
    """Return a project of two locales."""
    cold_project.leave_only("en", "es")
    return cold_project


def build(project: Project, *more: str) -> None:
    """Build what a pack holds, with one empty page for each PDF."""
    Stock(loaded(project.root), project.root / "dist").pages(Choice(formats=SHOWN_FORMATS))
    ran = project.call("--jobs", "1", *SHOWN, *more)
    assert ran.code == 0, ran.err


def test_a_place_is_packed_as_it_was_built(small: Project) -> None:
    """Before it is built it is refused, and the command named; then one line says where the zip is, the same each time."""
    ran = small.call("pack")
    assert ran.code == 1
    assert "45 files of au (no clinic) are not built" in ran.err
    assert "Build it first: python3 build.py --region au" in ran.err
    build(small)
    ran = small.call("pack")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{small.root / 'dist/ipt-handouts-au.zip'}\t58 files\t")
    first = (small.root / "dist/ipt-handouts-au.zip").read_bytes()
    (row,) = json.loads(small.call("pack", "--json").out)["packs"]
    assert (row["files"], row["bytes"]) == (58, len(first))
    assert (small.root / "dist/ipt-handouts-au.zip").read_bytes() == first
    small.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En resumen:"')
    ran = small.call("pack")
    assert (ran.code, "are not what the sources say now" in ran.err) == (1, True)


def test_only_what_is_approved_is_packed_on_request(small: Project) -> None:
    """Where drafts lie beside it, its pages lead to them: that is refused until they are gone."""
    ran = small.call("pack", "--approved-only")
    assert (ran.code, "nothing for au (no clinic) is approved" in ran.err) == (1, True)
    approve(small.root)
    confirm(small.root)
    build(small)
    ran = small.call("pack", "--approved-only")
    assert (ran.code, "leads to" in ran.err) == (1, True)
    build(small, "--approved-only")
    ran = small.call("pack", "--approved-only")
    assert (ran.code, ran.err) == (0, "")
    with zipfile.ZipFile(small.root / "dist/ipt-handouts-au.zip") as archive:
        names, page = archive.namelist(), archive.read("ipt-handouts-au/index.html").decode()
    assert not any("/en/" in name or "references" in name for name in names)
    assert "✓ Checked" in page
    assert "Ana R (reviewer), 20 November 2026" in page


def test_a_name_that_is_none_is_asked_about(small: Project) -> None:
    """As in every command."""
    ran = small.call("pack", "--clinic", "exmaple")
    assert (ran.code, "Did you mean “example”?" in ran.err) == (1, True)
