"""Values and where they stand: the wrong kind of value is told, and reading goes on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handouts.problems import Fault
from handouts.sources.nodes import Node, node_of
from handouts.sources.yaml import read_yaml


def document(folder: Path, text: str) -> Node:
    """Return the document of a file with that text."""
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    return read_yaml(folder / "a.yaml", folder)


def told(node: Node) -> list[tuple[int, str]]:
    """Return line and code of what was noted."""
    return [(problem.line, problem.code) for problem in node.problems]


def test_values_are_read_by_their_keys(tmp_path: Path) -> None:
    """Texts, numbers, flags, lists and choices; one that may be left out is missing and empty."""
    text = "name: Tea\nlimit: 14\nsafety: true\nkinds:\n- a\n- b\npaper: letter\n"
    root = document(tmp_path, text)
    parts = root.fields(["name", "limit", "safety", "kinds", "paper"], ["note"])
    assert (parts["name"].text(), parts["limit"].number(), parts["safety"].flag()) == ("Tea", 14, True)
    assert [item.text() for item in parts["kinds"].items()] == ["a", "b"]
    assert parts["paper"].choice(["a4", "letter"], "a4") == "letter"
    assert parts["note"].is_missing
    assert (parts["note"].text(), parts["note"].choice(["a"], "a")) == ("", "a")
    assert root.problems == []


@pytest.mark.parametrize(
    ("text", "method", "code", "empty"),
    [
        ("- a", "text", "text-expected", ""),
        ("''", "text", "text-empty", ""),
        ("' a'", "text", "text-untrimmed", "a"),
        ('"a\\nb"', "text", "text-untrimmed", "a\nb"),
        ("yes", "flag", "flag-expected", False),
        ("0", "number", "number-expected", 0),
        ("-3", "number", "number-expected", 0),
        ("९", "number", "number-expected", 0),
        ("9" * 5000, "number", "number-expected", 0),
        ("a: 1", "items", "list-expected", []),
    ],
)
def test_the_wrong_kind_of_value_is_told_and_empty(
    tmp_path: Path, text: str, method: str, code: str, empty: object
) -> None:
    """A reader gets a value that does no harm, and goes on to the next fault."""
    node = document(tmp_path, f"# first line\n{text}")
    assert getattr(node, method)() == empty
    assert told(node) == [(2, code)]


def test_keys_are_held_against_those_that_are_known(tmp_path: Path) -> None:
    """One that is unknown, one that is missing, and one that stands twice, each at its line."""
    node = document(tmp_path, "name: a\npapper: b\nname: c\n")
    assert node.fields(["name", "paper"])["name"].text() == "c"
    assert sorted(told(node)) == [(1, "missing-key"), (2, "unknown-key"), (3, "duplicate-key")]
    assert "Did you mean “paper”?" in str(node.problems)


def test_an_unknown_choice_gives_the_default(tmp_path: Path) -> None:
    """The nearest choice is asked for."""
    node = document(tmp_path, "a5")
    assert node.choice(["a4", "letter"], "letter") == "letter"
    assert [p.fix for p in node.problems] == ["Did you mean “a4”?"]


def test_a_missing_value_is_told_once(tmp_path: Path) -> None:
    """Where the key is missing, and not again for everything that would stand below it."""
    node = document(tmp_path, "a: 1")
    lines = node.fields(["lines"], ["a"])["lines"]
    assert (lines.items(), list(lines.entries()), lines.number(), lines.flag()) == ([], [], 0, False)
    assert lines.fields(["id"])["id"].text() == ""
    assert told(node) == [(1, "missing-key")]


@pytest.mark.parametrize("letter", ["\\u202e", "\\u2028", "\\x07", "\\u3164", "\\ue000"])
def test_a_text_holds_nothing_that_cannot_be_seen(tmp_path: Path, letter: str) -> None:
    """In a value and in a key; what comes back can be shown."""
    node = document(tmp_path, f'name: "a{letter}b"\n"k{letter}k": c\n')
    assert node.fields([], ["name"])["name"].text() == "a\ufffdb"
    assert sorted(told(node)) == [(1, "invisible-character"), (2, "invisible-character"), (2, "unknown-key")]
    assert all(str(problem).isprintable() for problem in node.problems)


def test_a_key_is_a_text(tmp_path: Path) -> None:
    """A list for one is told, and does no harm."""
    node = document(tmp_path, "? [a, b]\n: c\nname: d\n")
    assert node.fields(["name"])["name"].text() == "d"
    assert ("text-expected", 1) in [(code, line) for line, code in told(node)]


@pytest.mark.parametrize(
    ("value", "found"), [("1.5", 1.5), ("2", 2.0), ("0.4", 1.0), ("nan", 1.0), ("1e3", 1.0), ("9" * 400, 1.0)]
)
def test_a_decimal_lies_in_its_range(tmp_path: Path, value: str, found: float) -> None:
    """Or is told, and the default takes its place."""
    node = document(tmp_path, value)
    assert node.decimal(0.5, 2.0, 1.0) == found
    assert bool(node.problems) is (found == 1.0)


def test_a_day_is_a_day() -> None:
    """Of the calendar, in the year first."""
    good, bad = (
        Node(node_of({"d": value}, {}), "a.toml", []) for value in (date(2026, 11, 23), "23/11/2026")
    )
    assert good.fields(["d"])["d"].day() == date(2026, 11, 23)
    assert bad.fields(["d"])["d"].day() is None
    assert [p.code for p in bad.problems] == ["invalid-date"]


def test_a_text_of_another_shape_is_told(tmp_path: Path) -> None:
    """With the fault of that shape, and comes back empty."""
    import re

    node = document(tmp_path, "abc")
    assert node.shaped(re.compile("[a-c]+"), Fault("x", "What.", "Fix.")) == "abc"
    assert node.shaped(re.compile("[0-9]+"), Fault("x", "What.", "Fix.")) == ""
    assert told(node) == [(1, "x")]


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("1 Main Street", ("1 Main Street",)),
        ('["1 Main Street", Albany]', ("1 Main Street", "Albany")),
        ("|\n  1 Main Street\n\n  Albany\n", ("1 Main Street", "Albany")),
        ("- 1 Main Street\n- Albany\n", ("1 Main Street", "Albany")),
    ],
)
def test_lines_are_written_as_a_text_a_block_or_a_list(
    tmp_path: Path, value: str, lines: tuple[str, ...]
) -> None:
    """An address on two lines, several phones: whichever way they are typed, they are the same lines."""
    node = document(tmp_path, value)
    assert (node.lines(), told(node)) == (lines, [])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("{a: b}", "text-expected"),
        ("[[a]]", "text-expected"),
        ('"|\\n  a\\u202eb"', "invisible-character"),
        ("|\n  a\n  b\u3164\n", "invisible-character"),
        ('["a\\u202eb"]', "invisible-character"),
        ('""', "text-empty"),
    ],
)
def test_a_line_is_held_to_what_a_text_is(tmp_path: Path, value: str, code: str) -> None:
    """Nothing that cannot be seen, in whichever way the lines are written."""
    node = document(tmp_path, value)
    node.lines()
    assert code in [found for _, found in told(node)]
