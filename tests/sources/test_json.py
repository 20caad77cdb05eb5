"""JSON files: nodes with their lines, or told with the line where the reader gave up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.sources.json import read_json
from handouts.sources.nodes import Node
from tests.conftest import tries

TREES = st.recursive(
    st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
)


def read(folder: Path, text: str) -> Node:
    """Return the node of a file of that text."""
    (folder / "a.json").write_text(text, encoding="utf-8", newline="")
    return read_json(folder / "a.json", folder)


def plain(node: Any) -> Any:
    """Return what a node of PyYAML holds."""
    if isinstance(node.value, str):
        return node.value
    if all(isinstance(item, tuple) for item in node.value) and node.id == "mapping":
        return {key.value: plain(value) for key, value in node.value}
    return [plain(item) for item in node.value]


@settings(max_examples=tries(50))
@given(TREES)
def test_everything_in_a_file_is_in_its_nodes(tmp_path_factory: pytest.TempPathFactory, tree: Any) -> None:
    """Texts, lists and objects, however deep, indented with tabs or not."""
    folder = tmp_path_factory.mktemp("json")
    for indent in (None, "\t"):
        assert plain(read(folder, json.dumps(tree, indent=indent))._node) == tree


def test_every_value_has_its_line(tmp_path: Path) -> None:
    """A number and the three words have that of what they stand in."""
    node = read(tmp_path, '[\n {"a": "x",\n  "b": ["y",\n "z"]},\n {"c": 1}\n]')
    first, second = node.items()
    parts = first.fields(["a", "b"])
    assert [first.line, parts["a"].line, parts["b"].line, second.line] == [2, 2, 3, 5]
    assert [item.line for item in parts["b"].items()] == [3, 4]
    assert second.fields(["c"])["c"].number() == 1


@pytest.mark.parametrize("value", ["1", "-1.5", "1e999", "NaN", "true", "null", "[]", "{}", "9" * 5000])
def test_a_text_stands_in_quotes(tmp_path: Path, value: str) -> None:
    """Whatever else stands there is told, and no number is too long to be read."""
    node = read(tmp_path, f'{{"a": {value}}}')
    assert node.fields(["a"])["a"].text() == ""
    assert [p.code for p in node.problems] == ["text-expected"]


def test_a_key_stands_once(tmp_path: Path) -> None:
    """The standard library would keep the last one and say nothing."""
    node = read(tmp_path, '{"a": "x", "a": "y"}')
    node.fields(["a"])
    assert [p.code for p in node.problems] == ["duplicate-key"]


@pytest.mark.parametrize(
    ("text", "line"), [("[\n{", 2), ("", 1), ('["a\n"]', 1), ("[1,]", 1), ("[" * 100_000, 0)]
)
def test_a_file_that_is_not_json_is_told(tmp_path: Path, text: str, line: int) -> None:
    """With the line where its reader gave up."""
    node = read(tmp_path, text)
    assert node.is_missing
    assert [(p.code, p.line) for p in node.problems] == [("invalid-json", line)]
