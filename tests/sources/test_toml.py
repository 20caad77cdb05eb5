"""TOML files: nodes with their lines, or told with the line where the reader gave up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handouts.sources.nodes import Node
from handouts.sources.toml import key_lines, read_toml


def read(folder: Path, text: str) -> Node:
    """Return the node of a file of that text."""
    (folder / "a.toml").write_text(text, encoding="utf-8")
    return read_toml(folder / "a.toml", folder)


def test_values_are_read_by_their_keys(tmp_path: Path) -> None:
    """Texts, numbers, days and lists; nothing is told of what is right."""
    node = read(tmp_path, 'a = 1\nb = ["x"]\nc = 2026-11-23\nd = 1.5\n[e]\nf = "y"\n')
    parts = node.fields(["a", "b", "c", "d", "e"])
    assert (parts["a"].number(), parts["b"].texts(), parts["c"].day()) == (1, ("x",), date(2026, 11, 23))
    assert parts["d"].decimal(1, 2, 1) == 1.5
    assert parts["e"].fields(["f"])["f"].text() == "y"
    assert node.problems == []


@pytest.mark.parametrize("value", ["1", "1.5", "true", "2026-11-23", "[]", "{}"])
def test_a_text_stands_in_quotes(tmp_path: Path, value: str) -> None:
    """What stands without them is a number, a day, true or false, and told at its line."""
    node = read(tmp_path, f'x = 1\na = {value}\n[b]\nc = "{{"')
    assert node.fields(["a"], ["x", "b"])["a"].text() == ""
    assert [(p.code, p.line) for p in node.problems] == [("text-expected", 2)]


def test_every_table_and_key_has_its_line() -> None:
    """Also in tables of one name, which are told apart by their number."""
    text = 'a = 1\n[b]\n"c" = 2\n\n[[d]]\ne = 3\n[[d]]\ne = 4\n'
    assert key_lines(text) == {
        ("a",): 1, ("b",): 2, ("b", "c"): 3, ("d", 0): 5, ("d", 0, "e"): 6, ("d", 1): 7, ("d", 1, "e"): 8,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb =\n", 2),
        ('a = "open', 0),
        ("a = " + "9" * 5000, 0),
        ("a = " + "[" * 5000, 0),
        (".".join("a" * 3000) + " = 1", 0),
    ],
)
def test_a_file_that_is_not_toml_is_told(tmp_path: Path, text: str, line: int) -> None:
    """The line is data, and not in the sentence too."""
    node = read(tmp_path, text)
    (problem,) = node.problems
    assert node.is_missing
    assert (problem.code, problem.line) == ("invalid-toml", line)
    assert "at line" not in problem.what


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """Nothing is not the same as an empty file."""
    node = read_toml(tmp_path / "lost.toml", tmp_path)
    assert node.is_missing
    assert [problem.code for problem in node.problems] == ["file-missing"]
