"""The command `verify`: a line a file, a problem for what is not as it was made, the same as JSON."""

from __future__ import annotations

import json

import pytest

from handouts.cli import machine
from handouts.cli.verify import print_verdicts
from handouts.problems import Problem
from handouts.verify.verdict import Verdict
from tests.conftest import Project

TEXT = ("--handout", "about-ipt", "--format", "text", "--locale", "es", "--locale", "ar")


@pytest.fixture
def made(project: Project) -> Project:
    """Return a project with two plain texts."""
    assert project.call(*TEXT).code == 0
    return project


def test_what_was_made_is_as_it_should_be(made: Project) -> None:
    """A count of files, and of those that are right; one locale may be named."""
    ran = made.call("verify", "--jobs", "1")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[-1].startswith("2 of 2 files are as they should be (")
    assert made.call("verify", "--locale", "es", "--jobs", "1").out.startswith("1 of 1 files")


def test_a_file_that_was_changed_or_is_not_listed_is_a_problem(made: Project) -> None:
    """In a folder that was named; both are told, as data too."""
    (made.root / "dist").rename(made.root / "elsewhere")
    with (made.root / "elsewhere/au/es/about-ipt.txt").open("a", encoding="utf-8") as file:
        file.write("13 11 41\n")
    (made.root / "elsewhere/au/es/other.txt").touch()
    ran = made.call("verify", "elsewhere", "--json", "--jobs", "1")
    assert (ran.code, ran.err) == (1, "")
    document = json.loads(ran.out)
    bad = {verdict["file"] for verdict in document["verdicts"] if verdict["problems"]}
    assert bad == {"au/es/about-ipt.txt", "au/es/other.txt"}
    inside = [problem for verdict in document["verdicts"] for problem in verdict["problems"]]
    assert sorted(map(str, inside)) == sorted(map(str, document["problems"]))
    told = made.call("verify", "elsewhere", "--jobs", "1")
    assert "1 of 3 files are as they should be" in told.out
    assert "2 problems to put right" in told.err


def test_what_reading_needs_is_asked_for_first(made: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any file is opened."""
    lacking = Problem("missing-on-machine", "this machine", "pikepdf is missing.", "Run: make setup-verify")
    monkeypatch.setattr(machine, "verify_problems", lambda: [lacking])
    ran = made.call("verify")
    assert ran.code == 1
    assert ran.out == ""
    assert "make setup-verify" in ran.err


def test_what_was_measured_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """A column for every figure that any file has; what could not be measured counts, and has no row."""
    wrong = Problem("low-contrast", "b.pdf", "it is pale.", "Darken it.")
    verdicts = [
        Verdict("a.pdf", {"pages": "2", "poppler": "100 %"}),
        Verdict("b.pdf", {"pages": "3"}, [wrong]),
        Verdict("c.pdf", {}, [wrong]),
    ]
    print_verdicts(verdicts, 1.5)
    assert capsys.readouterr().out.splitlines() == [
        "file\tpages\tpoppler\tproblems",
        "a.pdf\t2\t100 %\t0",
        "b.pdf\t3\t\t1",
        "1 of 3 files are as they should be (1.5 s)",
    ]
