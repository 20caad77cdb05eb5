"""Problems: data for programs, sentences for people."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.problems import (
    Fault,
    Problem,
    Severity,
    SourceError,
    counted,
    did_you_mean,
    in_file,
    in_order,
    located,
    nearest,
    refuse,
)
from tests.conftest import ROOT

MAKERS = {"Problem", "in_file", "Fault", "warning", "problem"}


@pytest.mark.parametrize(
    ("file", "locale"),
    [
        ("locales/zh-Hans/handouts.po", "zh-Hans"),
        ("locales/glossary.yaml", ""),
        ("content/regions/au.yaml", ""),
        ("handouts.po", ""),
    ],
)
def test_the_place_is_data(file: str, locale: str) -> None:
    """File, line and locale can be asked for; `where` is the same place as a person reads it."""
    problem = in_file("x", file, "What.", "Fix.", line=14)
    assert (problem.where, problem.file, problem.line, problem.locale) == (f"{file}:14", file, 14, locale)


def test_an_item_of_a_file_is_named() -> None:
    """Where a file tells no lines, the number of the item is the place."""
    problem = in_file("x", "locales/es/reviews.toml", "What.", "Fix.", item="review 2")
    assert str(problem) == "locales/es/reviews.toml, review 2: What. Fix."


def test_a_problem_names_the_message_it_is_of() -> None:
    """The id of the message, which Poedit calls the context, stands behind the place."""
    problem = in_file("x", "a.po", "What.", "Fix.", line=3, about="about-ipt.lead")
    assert str(problem) == "a.po:3 (about-ipt.lead): What. Fix."


def test_a_fault_becomes_the_problem_of_its_place() -> None:
    """Code, sentences and severity are those of the fault; place and message are added."""
    problem = located(Fault("x", "What.", "Fix.", "warning"), "locales/es/a.po", line=3, about="m")
    assert problem == Problem(
        "x", "locales/es/a.po:3", "What.", "Fix.", "warning", "es", "locales/es/a.po", 3, "m"
    )


def test_problems_are_told_in_the_order_of_the_file() -> None:
    """Errors come before warnings, one file after the other, line 2 before line 10."""
    wanted = [
        in_file("x", "a.yaml", "", "", line=2),
        in_file("x", "a.yaml", "", "", line=10),
        in_file("x", "b.yaml", "", "", line=1),
        in_file("x", "a.yaml", "", "", line=1, severity="warning"),
    ]
    assert in_order(reversed(wanted)) == wanted


def test_an_error_refuses_with_all_that_was_found() -> None:
    """One error is enough, and everything is told at once, each thing one time."""
    error, slip = in_file("x", "a", "A.", ""), in_file("y", "b", "B.", "", severity="warning")
    with pytest.raises(SourceError) as raised:
        refuse(iter([slip, error, error]))
    assert raised.value.problems == (slip, error)


@pytest.mark.parametrize(("severity", "refused"), [("warning", False), ("error", True)])
def test_warnings_refuse_nothing(severity: Severity, *, refused: bool) -> None:
    """What a person must decide does not stop a build."""
    try:
        refuse([in_file("x", "a", "A.", "", severity=severity)])
    except SourceError:
        assert refused
    else:
        assert not refused


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("exampel", ["example", "other"], "example"),
        ("ES", ["ar", "es"], "es"),
        ("zzz", ["example"], ""),
        ("x", [], ""),
    ],
)
def test_the_nearest_word_is_found_in_any_case(word: str, known: list[str], found: str) -> None:
    """A slip of the pen finds the word that was meant; where no word is near, there is none."""
    assert nearest(word, known) == found


def test_a_fix_asks_or_lists() -> None:
    """One near word is asked for; else all words are named, in order."""
    assert did_you_mean("exampel", ["other", "example"]) == "Did you mean “example”?"
    assert did_you_mean("zzz", ["b", "a"]) == "Use one of: a, b."
    assert did_you_mean("zzz", []) == "There is nothing to choose from yet."


@given(st.text(), st.lists(st.text()))
def test_the_nearest_word_is_a_known_one(word: str, known: list[str]) -> None:
    """Nothing is made up."""
    assert nearest(word, known) in {"", *known}


def test_a_number_agrees_with_its_noun() -> None:
    """One has no s."""
    assert [counted(n, "message") for n in (0, 1, 2)] == ["0 messages", "1 message", "2 messages"]


def _codes() -> list[tuple[str, ast.expr]]:
    """Return the code of every problem that the package makes, with its place."""
    found = []
    for path in sorted((ROOT / "handouts").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = (
                getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            )
            if isinstance(node, ast.Call) and name in MAKERS and len(node.args) > 1:
                found.append((f"{path.name}:{node.lineno}", node.args[0]))
    return found


def test_every_code_is_a_stable_name() -> None:
    """A code is written where the problem is made, in small letters with hyphens: scripts may ask for it."""
    codes = [(place, code.value) for place, code in _codes() if isinstance(code, ast.Constant)]
    assert len(codes) > 100
    assert [each for each in codes if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", str(each[1]))] == []
