"""`clinic new` asks and writes, `clinic check` shows a page; a profile outside of the project is built as any other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from pypdfium2 import PdfDocument

from handouts.cli.clinic import QUESTIONS, SEVERAL
from handouts.sources.written import CLINIC
from tests.conftest import Project
from tests.sources.test_clinics import PROFILE, profile

# What the page of a place has as soon as there are several.
OTHER_PLACES = ' · <a href="../index.html">Other places</a>'


def test_it_asks_for_what_a_profile_says() -> None:
    """All but what is seldom needed: the notes, and the layout to begin with."""
    assert {*QUESTIONS, *SEVERAL} == set(CLINIC.every) - {"notes", "layout"}


def test_new_asks_and_writes(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left empty is left out; what an option says is not asked."""
    project.leave_only("en")
    answers: Iterator[str] = iter(["North Clinic", "au", "", "", "", "", "", "", ""])
    asked: list[str] = []

    def prompt(question: str, **_: Any) -> str:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr(click, "prompt", prompt)
    ran = project.call("clinic", "new", "north", "--hours", "Mon–Fri")
    assert ran.code == 0, ran.err
    assert len(asked) == len(QUESTIONS) - 1
    text = (project.root / "content/clinics/north.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../docs/schemas/clinic.schema.json\n")
    assert 'hours: "Mon–Fri"' in text
    assert project.call("check", "en", "--clinic", "north").code == 0


def test_a_profile_is_checked_on_a_page_and_built(project: Project, tmp_path: Path) -> None:
    """The page is in its layout; a build makes what it offers and no more, and takes out what it offers no longer."""
    project.leave_only("en", "es", "ar")
    path = profile(tmp_path / "a clinic")
    ran = project.call("clinic", "check", str(path), "--out", "looked at")
    assert ran.code == 0, ran.err
    assert "large-print" in ran.out
    assert "Still to confirm" in ran.out
    with PdfDocument(project.root / "looked at/north.pdf") as document:
        words = document[0].get_textpage().get_text_range()
        later = document[1].get_textpage().get_text_range()
    assert "clinic.example/book" in words
    assert "Ring the bell at the side door" in words + later
    ran = project.call("build", "--clinic", str(path), "--format", "text")
    assert ran.code == 0, ran.err
    made = {p.relative_to(project.root / "dist").as_posix() for p in project.root.glob("dist/**/*.txt")}
    assert made == {"north/ar/about-ipt.txt", "north/en/about-ipt.txt"}
    assert "Ring the bell" in (project.root / "dist/north/en/about-ipt.txt").read_text(encoding="utf-8")
    assert "Ring the bell" not in (project.root / "dist/north/ar/about-ipt.txt").read_text(encoding="utf-8")
    # A build without it leaves its page of the gallery as it was.
    gallery = project.root / "dist/north/index.html"
    before = gallery.read_text(encoding="utf-8")
    assert "North Clinic" in before
    assert project.call("build", "--locale", "en", "--handout", "about-ipt", "--format", "text").code == 0
    assert gallery.read_text(encoding="utf-8").replace(OTHER_PLACES, "") == before
    path.write_text(PROFILE.replace("[Arabic, en, arabic]", "[en]"), encoding="utf-8")
    ran = project.call("build", "--clinic", str(path), "--format", "text")
    assert "north does not offer about-ipt in ar any more" in ran.err
    assert not (project.root / "dist/north/ar/about-ipt.txt").exists()
