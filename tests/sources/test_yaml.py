"""YAML with the line of every value: the wrong kind of value is told, and reading goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.sources.yaml import YamlNode, read_yaml


def document(folder: Path, text: str) -> YamlNode:
    """Return the document of a file with that text."""
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    return read_yaml(folder / "a.yaml", folder)


def told(node: YamlNode) -> list[tuple[int, str]]:
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


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [("a: 1\nb: [\n", 3, "invalid-yaml"), ("a: \x01", 0, "invalid-yaml"), ("# nothing", 0, "empty-file")],
)
def test_a_file_that_is_not_yaml_is_told(tmp_path: Path, text: str, line: int, code: str) -> None:
    """With the line where its reader gave up, if it names one; the document is missing."""
    node = document(tmp_path, text)
    assert node.is_missing
    assert told(node) == [(line, code)]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """The document is missing, and reading it tells nothing more."""
    node = read_yaml(tmp_path / "lost.yaml", tmp_path)
    assert node.fields(["a"])["a"].text() == ""
    assert told(node) == [(0, "file-missing")]
