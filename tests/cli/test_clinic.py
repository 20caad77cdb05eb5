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


def answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Give answers to what is asked, one after the other, and then stop as Ctrl-C does; return where the questions are noted."""
    left, asked = iter(answers), []

    def prompt(question: str, **_: Any) -> str:
        asked.append(question)
        answer = next(left, None)
        if answer is None:
            raise click.Abort
        return answer

    monkeypatch.setattr(click, "prompt", prompt)
    return asked


def test_an_answer_that_is_wrong_is_asked_for_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, with the reason; those before it stay."""
    project.leave_only("en")
    said = (
        "North Clinic",
        "Atlantis",
        "Australia",
        "ring us",
        "02 5550 0100",
        "",
        "",
        "",
        "",
        "",
        "red",
        "",
        "",
    )
    asked = answering(monkeypatch, *said)
    ran = project.call("clinic", "new", "north")
    assert ran.code == 0, ran.err
    again = [question for question in QUESTIONS.values() if asked.count(question[0]) == 2]
    assert again == [QUESTIONS[key] for key in ("region", "phone", "accent")]
    assert "“Atlantis”" in ran.err
    text = (project.root / "content/clinics/north.yaml").read_text(encoding="utf-8")
    assert ('region: "Australia"' in text, 'phone: "02 5550 0100"' in text, "# accent:" in text) == (
        True,
    ) * 3


def test_whoever_stops_half_way_keeps_the_answers(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a command; nothing is written, nothing half."""
    project.leave_only("en")
    before = sorted((project.root / "content/clinics").iterdir())
    answering(monkeypatch, "The “North” Clinic", "au", "", "https://north.example/book")
    ran = project.call("clinic", "new", "north", "--language", "English")
    assert ran.code == 130
    words = "--language English --name 'The “North” Clinic' --region au --booking https://north.example/book"
    assert f"clinic new north {words}" in ran.err
    assert sorted((project.root / "content/clinics").iterdir()) == before


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("example", (), "already"),
        ("North Clinic", (), "cannot be called"),
        ("nowhere/north.yaml", (), "no such folder"),
        ("north", ("--phone", "ring us"), "phone number"),
    ],
)
def test_nothing_is_asked_in_vain(
    project: Project, monkeypatch: pytest.MonkeyPatch, name: str, options: tuple[str, ...], says: str
) -> None:
    """Where the file cannot be, or an option is wrong, that is told before the first question."""
    project.leave_only("en")
    asked = answering(monkeypatch)
    ran = project.call("clinic", "new", name, *options)
    assert (ran.code, asked, says in ran.err) == (1, [], True), ran.err


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
