"""YAML files: nodes with their lines, or told with the line where the reader gave up."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.sources.nodes import Node
from handouts.sources.yaml import read_yaml


def document(folder: Path, text: str) -> Node:
    """Return the document of a file with that text."""
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    return read_yaml(folder / "a.yaml", folder)


def told(node: Node) -> list[tuple[int, str]]:
    """Return line and code of what was noted."""
    return [(problem.line, problem.code) for problem in node.problems]


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


@pytest.mark.parametrize("letter", ["\u2028", "\u2029", "\x85", "\r"])
def test_a_line_ends_where_an_editor_shows_its_end(tmp_path: Path, letter: str) -> None:
    """YAML ends it at four more characters, and would fold the text there: each is told, with its line."""
    (tmp_path / "a.yaml").write_bytes(f"a: one{letter} two\nb: three\nc: four{letter}five\n".encode())
    node = read_yaml(tmp_path / "a.yaml", tmp_path)
    assert told(node) == [(1, "invisible-character"), (3, "invisible-character")]


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    """That end is no other."""
    (tmp_path / "a.yaml").write_bytes(b"a: one\r\nb: two\r\n")
    node = read_yaml(tmp_path / "a.yaml", tmp_path)
    assert node.fields(["a", "b"])["b"].text() == "two"
    assert node.problems == []


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000, "&a [*a, *a]", "? " * 50_000]
)
def test_a_file_that_is_nested_without_end_is_read_in_a_moment(tmp_path: Path, text: str) -> None:
    """Or told; the process lives."""
    node = document(tmp_path, text)
    node.fields(["a"])
    assert node.problems
