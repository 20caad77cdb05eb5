"""The command `build`: what it asks before, what it removes, what it prints; as a table and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handouts.cli import machine
from handouts.cli.build import FEW, in_full_note, note_first, page_problems, print_result, summary
from handouts.library.build import Report
from handouts.library.jobs import Job, Made
from handouts.library.make import make_rendition
from handouts.library.plan import Choice, renditions
from handouts.problems import Problem
from handouts.sources.load import Sources
from tests.conftest import Project

TEXT = ("--handout", "about-ipt", "--format", "text", "--locale", "es", "--locale", "ar")
SIGN = ("review", "sign", "es", "about-ipt", "--translator", "T. One", "--role", "reviewer")


def test_the_table_has_a_row_for_every_locale_and_a_column_for_every_handout(cold_project: Project) -> None:
    """Name, state, forms with their size; how many were made, and how many were there."""
    ran = cold_project.call(*TEXT, "--handout", "references")
    assert ran.code == 0, ran.err
    heads, *rows, last, default = ran.out.splitlines()
    assert default == "No clinic or region was named: this is for Australia (au), without a clinic."
    assert heads == "region\tclinic\tlocale\tlanguage\tstate\tabout-ipt\treferences"
    assert [row.split("\t")[:5] for row in rows] == [
        ["au", "none", "es", "español", "draft"],
        ["au", "none", "ar", "العربية", "draft"],
    ]
    assert all(" kB" in cell for row in rows for cell in row.split("\t")[5:])
    assert last.startswith(f"4 made, 0 up to date, in {cold_project.root}/dist (")
    assert cold_project.call(*TEXT).out.splitlines()[-2].startswith("0 made, 2 up to date")


def test_a_build_that_is_stopped_leaves_a_gallery_of_what_lies_there(
    cold_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not of what lay there before: what was delivered until then is in it, and nothing else."""
    cold_project.leave_only("en", "es", "ar")
    assert cold_project.call(*TEXT, "--jobs", "1").code == 0
    page = cold_project.root / "dist/au/index.html"
    before = page.read_text(encoding="utf-8")
    cold_project.edit("content/regions/au.yaml", "13 11 14", "13 11 15")
    made: list[str] = []

    def stop_at_second(job: Job, *given: Any) -> Made:
        made.append(job.page.rendition.file)
        if len(made) == 2:
            raise KeyboardInterrupt
        return make_rendition(job, *given)

    monkeypatch.setattr("handouts.library.finish.make_rendition", stop_at_second)
    ran = cold_project.call(*TEXT, "--jobs", "1")
    assert (ran.code, "1 of 2 renditions" in ran.err) == (130, True)
    after = page.read_text(encoding="utf-8")
    assert (made[0].removeprefix("au/") in after, made[1].removeprefix("au/") in after) == (True, False)
    assert made[1].removeprefix("au/") in before


def test_json_is_the_entries_of_the_manifest(project: Project) -> None:
    """And the problems, of which there are none; nothing else is printed."""
    ran = project.call(*TEXT, "--json")
    assert (ran.code, ran.err) == (0, "")
    document = json.loads(ran.out)
    assert document["problems"] == []
    manifest = json.loads((project.root / "dist/manifest.json").read_text(encoding="utf-8"))
    assert sorted(document["renditions"], key=str) == sorted(manifest["renditions"], key=str)


def test_a_rendition_that_cannot_be_put_down_is_a_problem_and_the_others_are_there(project: Project) -> None:
    """In the JSON beside those that were delivered; exit 1."""
    (project.root / "dist/au/es/about-ipt.txt").mkdir(parents=True)
    ran = project.call(*TEXT, "--json")
    assert ran.code == 1
    document = json.loads(ran.out)
    assert [entry["locale"] for entry in document["renditions"]] == ["ar"]
    assert [problem["code"] for problem in document["problems"]] == ["file-not-writable"]


def test_a_choice_of_nothing_is_a_problem(project: Project) -> None:
    """Plain text has one layout."""
    ran = project.call(*TEXT, "--layout", "bilingual")
    assert ran.code == 2
    assert "--layout: there is nothing of that kind." in ran.err


def test_a_profile_that_is_not_there_is_told_once(project: Project) -> None:
    """Not as something of which there is nothing to make besides."""
    ran = project.call("build", "--clinic", "elsewhere/none.yaml")
    assert (ran.code, len(ran.err.splitlines())) == (2, 2)
    assert ran.err.endswith("1 problem to put right.\n")


def test_only_what_sets_pages_asks_for_what_pages_need(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain text can be made anywhere; an e-mail holds a PDF."""
    lacking = Problem("missing-on-machine", "this machine", "Pango is missing.", "Run: make system")
    monkeypatch.setattr(machine, "library_problems", lambda: [lacking])

    def problems(form: str) -> list[Problem]:
        asked = renditions(sources, Choice(locales=("es",), formats=(form,)))  # type: ignore[arg-type] # one of FORMATS
        return page_problems(asked, sources, [])

    assert problems("text") == problems("email") == []
    assert problems("pdf") == problems("eml") == [lacking]


def test_only_what_is_approved_is_made_and_earlier_drafts_go(project: Project) -> None:
    """Said beside the results, so that JSON stays JSON; without anything approved it is a problem."""
    assert project.call(*TEXT).code == 0
    ran = project.call(*TEXT, "--approved-only")
    assert ran.code == 1
    for tag in ("es", "ar"):
        assert f"dist/au/{tag}/about-ipt.txt\tremoved: not approved" in ran.err
    assert "nothing that you asked for is approved" in ran.err
    assert not (project.root / "dist/au/es/about-ipt.txt").exists()
    for kind, name in (("language", "A"), ("clinical", "B")):
        assert project.call(*SIGN, "--kind", kind, "--reviewer", name).code == 0
    numbers = ("lifeline", "emergency", "interpreter")
    assert project.call("region", "confirm", "au", *numbers, "--by", "C").code == 0
    assert project.call(*TEXT, "--approved-only").code == 1  # the English is not signed
    for kind, name in (("language", "A"), ("clinical", "B")):
        english = ["en" if part == "es" else part for part in SIGN]
        assert project.call(*english, "--kind", kind, "--reviewer", name).code == 0
    ran = project.call(*TEXT, "--approved-only", "--json")
    assert ran.code == 0, ran.err
    assert {entry["locale"] for entry in json.loads(ran.out)["renditions"]} == {"es"}
    assert "DRAFT" not in (project.root / "dist/au/es/about-ipt.txt").read_text(encoding="utf-8")


def test_a_build_of_nothing_prints_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Where every rendition failed there is only the count."""
    print_result(Report((), 0, ()), {**summary([]), "out": "dist", "notes": []}, 0.5)
    assert capsys.readouterr().out == "0 made, 0 up to date, in dist (0.5 s)\n"


def test_of_many_files_the_first_is_named_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever waits for the first time sees that something comes of it; of a few files nothing is said."""
    for number in (FEW, FEW + 1):
        note_first(Path("dist"), number)("au/en/about-ipt.pdf")
    assert (
        capsys.readouterr().err
        == f"dist/au/en/about-ipt.pdf is ready, the first of {FEW + 1}; the others follow.\n"
    )


def test_papers_of_clinics_that_were_not_stamped_are_told_with_the_reason() -> None:
    """How many, and why; where all were stamped, nothing is said."""
    report = Report((), 3, (), in_full={"a part runs over two pages": 2, "something else": 1})
    (line,) = in_full_note(report)
    assert (
        line
        == "3 papers of clinics set in full: 2 because a part runs over two pages, 1 because something else."
    )
    assert in_full_note(Report((), 3, ())) == []
