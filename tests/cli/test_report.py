"""What commands print: for a person on a terminal, for a log on a pipe, for a script as JSON."""

from __future__ import annotations

import json
import sys

import pytest

from handouts.cli import report
from handouts.problems import Problem, in_command, in_file
from tests.cli.test_progress import Terminal

TEN, TWO = (in_file("bad", "content/a.yaml", f"line {n} is bad.", "Mend it.", line=n) for n in (10, 2))
WARNING = in_file("pale", "content/a.yaml", "it is pale.", "Darken it.", line=1, severity="warning")


def test_a_table_on_a_pipe_is_lines_with_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    """As `cut` and spreadsheets take them."""
    report.table(["locale", "state"], [["ar", "draft"], ["es", "approved"]])
    assert capsys.readouterr().out == "locale\tstate\nar\tdraft\nes\tapproved\n"


def test_a_table_on_a_terminal_shows_brackets_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may hold what rich takes for a style."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    report.table(["reviewer"], [["A. [bold]Person[/bold]"]])
    assert "A. [bold]Person[/bold]" in terminal.getvalue()


def test_problems_are_told_errors_first_and_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Line 2 before line 10, warnings marked and last, and how many are to be put right."""
    report.print_problems([WARNING, TEN, TWO])
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        "content/a.yaml:2: line 2 is bad. Mend it.",
        "content/a.yaml:10: line 10 is bad. Mend it.",
        "warning: content/a.yaml:1: it is pale. Darken it.",
        "2 problems to put right.",
    ]


def test_warnings_alone_are_nothing_to_put_right(capsys: pytest.CaptureFixture[str]) -> None:
    """They are told, and not counted."""
    report.print_problems([WARNING])
    assert capsys.readouterr().err == "warning: content/a.yaml:1: it is pale. Darken it.\n"


@pytest.mark.parametrize(("found", "code"), [([], 0), ([WARNING], 0), ([WARNING, TEN], 1)])
@pytest.mark.parametrize("as_json", [True, False])
def test_a_command_ends_with_1_where_something_is_an_error(
    found: list[Problem], code: int, *, as_json: bool
) -> None:
    """However it is printed."""
    assert report.ended(found, as_json=as_json) == code


def test_json_is_one_document_with_results_and_problems_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    """In the order in which they are told to a person; letters of any script as they are."""
    report.ended([TEN, TWO], as_json=True, renditions=[{"title": "العربية"}])
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "العربية" in shown.out
    document = json.loads(shown.out)
    assert document["renditions"] == [{"title": "العربية"}]
    assert [(p["code"], p["file"], p["line"]) for p in document["problems"]] == [
        ("bad", "content/a.yaml", 2),
        ("bad", "content/a.yaml", 10),
    ]


def test_a_note_stands_beside_the_results(capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error: a script that reads the results does not meet it."""
    report.note("2 earlier files removed.")
    assert capsys.readouterr() == ("", "2 earlier files removed.\n")


def test_a_command_that_was_typed_wrongly_ends_with_two() -> None:
    """Whatever else is wrong: what is to be put right first is the command. A warning alone is no failure."""
    wrong = in_command("unknown-locale", "--locale", "there is no locale “xx”.", "Use one of: en.")
    hint = in_file("bad", "content/a.yaml", "it is odd.", "Look at it.", severity="warning")
    assert [report.exit_code(found) for found in ([], [hint], [TEN], [wrong], [hint, TEN, wrong])] == [
        0,
        0,
        1,
        2,
        2,
    ]
