"""A JSON file as a node, with the line of every value."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from json.decoder import JSONArray, JSONObject, scanstring  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from pathlib import Path
from typing import Any

import yaml

from handouts.files import read_text
from handouts.problems import in_file
from handouts.sources.nodes import Node, mark_at

YAML_WORDS = {True: ("!flag", "true"), False: ("!flag", "false"), None: ("!nothing", "null")}


def read_json(path: Path, root: Path) -> Node:
    """Return what the file at `path` holds, below the project at `root`; the node is missing where it cannot be read."""
    file = path.relative_to(root).as_posix()
    text, problems = read_text(path, root)
    if text is None:
        return Node(None, file, problems)
    try:
        return Node(_Decoder(text).decode(text), file, problems)
    except json.JSONDecodeError as error:
        what, fix = f"this is not valid JSON: {error.msg}.", "Look at this line and the one above it."
        return Node(None, file, [in_file("invalid-json", file, what, fix, line=error.lineno)])
    except RecursionError:
        fix = "Look for brackets that are opened and never closed."
        problem = in_file("invalid-json", file, "this is JSON nested too deeply to be read.", fix)
        return Node(None, file, [problem])


class _Decoder(json.JSONDecoder):
    """Reads JSON into nodes: the decoder of the standard library, which is told where each value begins."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ends = [at for at, letter in enumerate(text) if letter == "\n"]
        self.parse_object = self._placed(JSONObject, self._mapping)
        self.parse_array = self._placed(JSONArray, self._list)
        self.parse_string = self._string
        self.parse_float = self.parse_int = self.parse_constant = str
        self.scan_once = py_make_scanner(self)

    def decode(self, s: str, *_: Any) -> yaml.Node:
        """Return the node of the whole text. Raises JSONDecodeError and RecursionError."""
        return self._child(super().decode(s), self._mark(0))

    def _mark(self, at: int) -> yaml.Mark:
        return mark_at(bisect_right(self.ends, at - 1) + 1)

    def _string(self, text: str, end: int, strict: bool = True) -> tuple[yaml.Node, int]:  # noqa: FBT001, FBT002 - json's call
        value, after = scanstring(text, end, strict)
        return yaml.ScalarNode("", value, self._mark(end)), after

    def _placed(
        self, parse: Callable[..., Any], make: Callable[[Any, yaml.Mark], yaml.Node]
    ) -> Callable[..., Any]:
        """Return a parser of objects or arrays that makes nodes."""

        def placed(s_and_end: tuple[str, int], *arguments: Any) -> tuple[yaml.Node, int]:
            if parse is JSONObject:
                strict, scan_once, _, _, memo = arguments
                arguments = (strict, scan_once, None, list, memo)
            value, after = parse(s_and_end, *arguments)
            return make(value, self._mark(s_and_end[1])), after

        return placed

    def _mapping(self, pairs: Sequence[tuple[str, Any]], mark: yaml.Mark) -> yaml.Node:
        children = [(key, self._child(value, mark)) for key, value in pairs]
        return yaml.MappingNode("", [(yaml.ScalarNode("", k, c.start_mark), c) for k, c in children], mark)

    def _list(self, values: Sequence[Any], mark: yaml.Mark) -> yaml.Node:
        return yaml.SequenceNode("", [self._child(value, mark) for value in values], mark)

    @staticmethod
    def _child(value: Any, mark: yaml.Mark) -> yaml.Node:
        """Return a value as a node; a number and the three words have no place of their own."""
        if isinstance(value, yaml.Node):
            return value
        tag, word = ("!number", value) if isinstance(value, str) else YAML_WORDS[value]
        return yaml.ScalarNode(tag, word, mark)
