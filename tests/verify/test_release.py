"""A folder is verified as a whole: every file of the manifest, and no file beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT, Project, named


@pytest.fixture
def project(project: Project) -> Project:
    """Return a copy with few locales; what is tried here is told of files, whatever they say."""
    project.leave_only("en", "es")
    return project


@pytest.mark.untraced
@pytest.mark.long
def test_what_is_built_passes(built: Path) -> None:
    """Every file of a locale: words, standards, numbers, sizes, lines, edges, links, pixels.

    Of all locales it is asked by `make verify`, which CI runs too.
    """
    ran = Project(ROOT).run("verify", str(built.parent), *named(("ar",)))
    assert ran.code == 0, ran.err
    rows = [line.split("\t") for line in ran.out.splitlines() if ".pdf\t" in line]
    assert len(rows) == 6
    assert ran.out.splitlines()[-1].startswith("14 of 14 files are as they should be")
    heads = next(line.split("\t") for line in ran.out.splitlines() if line.startswith("file\t"))
    for figures in (dict(zip(heads, row, strict=True)) for row in rows):
        assert (figures["UA-1, A-2a"], figures["outloud"], figures["problems"]) == ("0", "0", "0")
        counts = {figures[name] for name in ("poppler", "pdfium", "MuPDF")}
        assert len(counts) == 1
        assert len(set(counts.pop().split("/"))) == 1


def test_the_figures_can_be_had_as_json(project: Project) -> None:
    """A script gets what a person reads."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "pdf", "--layout", "standard")
    assert project.run(*want).code == 0
    (verdict,) = json.loads(project.call("verify", "--json").out)["verdicts"]
    assert (verdict["file"], verdict["problems"]) == ("au/en/about-ipt.pdf", [])
    assert verdict["pt"] == "12.0"


def test_a_file_that_no_one_listed_is_told(project: Project) -> None:
    """What lies in the folder and is not in the manifest may be anything."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "text")
    assert project.call(*want).code == 0
    assert project.call("verify").code == 0
    (project.root / "dist/au/en/old.pdf").write_bytes(b"%PDF")
    ran = project.call("verify")
    assert ran.code == 1
    assert "en/old.pdf: the manifest does not list this file." in ran.err


def test_an_entry_that_was_changed_by_hand_is_told(project: Project) -> None:
    """A PDF that the manifest calls a text would escape its checks; a list is no name; a digest names a file of the cache."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "text")
    assert project.call(*want).code == 0
    for old, new in (
        ('"format": "text"', '"format": "pdf"'),
        ('"locale": "en"', '"locale": ["en"]'),
        ('"sha256": "', '"sha256": "../../'),
    ):
        manifest = project.root / "dist/manifest.json"
        good = manifest.read_text(encoding="utf-8")
        project.edit("dist/manifest.json", old, new)
        ran = project.call("verify")
        assert ran.code == 1
        assert "au/en/about-ipt.txt: its entry in the manifest is not as a build writes it." in ran.err
        manifest.write_text(good, encoding="utf-8")


def test_a_rendition_of_what_is_gone_is_told(project: Project) -> None:
    """A file of a clinic that was removed cannot be compared with anything."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "text", "--clinic", "example")
    assert project.call(*want).code == 0
    clinic = project.root / "content/clinics/example.yaml"
    clinic.rename(clinic.with_name("other.yaml"))
    ran = project.call("verify")
    assert ran.code == 1
    assert "example/en/about-ipt.txt: the sources no longer have what it is of" in ran.err
    assert "Traceback" not in ran.err
