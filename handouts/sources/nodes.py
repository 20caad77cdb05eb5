"""What a file of YAML, TOML or JSON holds, as nodes that know their file and line, so that a problem can name its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import yaml

from handouts.characters import forbidden, shown, text_fault
from handouts.problems import Fault, Problem, did_you_mean, in_file

WHOLE_NUMBER = re.compile("[1-9][0-9]{0,8}")
DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
# What a value is that stands without quotes in TOML or JSON. In YAML a text needs none: there all are texts.
BARE = frozenset({"!number", "!flag", "!day", "!nothing"})

# How each kind of value is written, by the ending of the file's name.
WRITTEN: Mapping[str, Mapping[str, str]] = {
    "yaml": {
        "text": "Write one text on one line, in quotes if it holds “: ”.",
        "list": "Begin each item with “- ” on a line of its own.",
        "mapping": "Write “key: value” lines.",
        "key": "{}: …",
    },
    "toml": {
        "text": 'Write it in quotes: "…".',
        "list": 'Write it in brackets: ["…"].',
        "mapping": "Write “key = value” lines, below the name in brackets.",
        "key": "{} = …",
    },
    "json": {
        "text": 'Write it in quotes: "…".',
        "list": "Write it in brackets: [ … ].",
        "mapping": 'Write { "key": value }.',
        "key": '"{}": …',
    },
}


class Node:
    """One node of a file: a text, a list or a mapping, and where it stands.

    Every method that meets the wrong kind of node notes a problem and returns an empty value, so that a reader can
    go on and find the next one. All nodes of a document note them in one place: `problems` are those of the whole
    document, and complete once all of it has been read. A missing node has empty values and notes nothing: what is
    needed was told where it is missing.
    """

    def __init__(self, node: yaml.Node | None, file: str, noted: list[Problem], line: int = 1) -> None:
        self._node, self.file, self._noted = node, file, noted
        self.line = node.start_mark.line + 1 if node is not None else line

    @property
    def problems(self) -> list[Problem]:
        """What has been noted in the document up to now."""
        return list(self._noted)

    @property
    def where(self) -> str:
        """File and line, as in `content/regions/au.yaml:14`."""
        return f"{self.file}:{self.line}"

    @property
    def is_mapping(self) -> bool:
        """Whether the node is a mapping."""
        return isinstance(self._node, yaml.MappingNode)

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing here."""
        return self._node is None

    def problem(self, code: str, what: str, fix: str, about: str = "") -> None:
        """Note a problem at this place, unless there is nothing here; `about` is the id of the message it is of."""
        if self._node is not None:
            self._noted.append(in_file(code, self.file, what, fix, line=self.line, about=about))

    def fault(self, fault: Fault) -> None:
        """Note a fault at this place, unless there is nothing here."""
        self.problem(fault.code, fault.what, fault.fix)

    def text(self) -> str:
        """Return the text; white space at its edges is not wanted, nor are line ends, nor what cannot be seen."""
        if not isinstance(self._node, yaml.ScalarNode) or self._node.tag in BARE:
            self.problem("text-expected", "a text is expected here.", self._written("text"))
            return ""
        text = str(self._node.value)
        if text != text.strip() or "\n" in text:
            what = "the text has a line end, or white space at its edge."
            self.problem("text-untrimmed", what, "Write it as one line.")
        if not text:
            self.problem("text-empty", "the text is empty.", "Write the text, or remove the key.")
        fault = text_fault(text.replace("\n", " "))
        if fault:
            self.fault(fault)
            return "".join("\N{REPLACEMENT CHARACTER}" if forbidden(c) else c for c in text.strip())
        return text.strip()

    def shaped(self, shape: re.Pattern[str], fault: Fault) -> str:
        """Return a text of a shape; notes the fault of one that has another, and returns nothing."""
        text = self.text()
        if text and not shape.fullmatch(text):
            self.fault(fault)
            return ""
        return text

    def texts(self) -> tuple[str, ...]:
        """Return the texts of a list."""
        return tuple(item.text() for item in self.items())

    def lines(self) -> tuple[str, ...]:
        """Return the lines of a text, or the texts of a list: an address, or several phone numbers."""
        if isinstance(self._node, yaml.SequenceNode):
            return tuple(filter(None, self.texts()))
        if isinstance(self._node, yaml.ScalarNode) and "\n" in str(self._node.value).strip():
            found = tuple(line.strip() for line in str(self._node.value).split("\n") if line.strip())
            for fault in filter(None, map(text_fault, found)):
                self.fault(fault)
            return found
        text = self.text()
        return (text,) if text else ()

    def flag(self) -> bool:
        """Return true or false; false after a problem."""
        word = self._scalar()
        if word not in {"true", "false"}:
            self.problem("flag-expected", "true or false is expected here.", "Write true or false.")
        return word == "true"

    def number(self) -> int:
        """Return a whole number from 1; 0 after a problem."""
        digits = self._scalar()
        if not WHOLE_NUMBER.fullmatch(digits):
            self.problem("number-expected", "a whole number is expected here.", "Write one, as in 14.")
            return 0
        return int(digits)

    def decimal(self, least: float, most: float, default: float) -> float:
        """Return a number in a range; `default` where nothing is given, or after a problem."""
        digits = self._scalar()
        if self.is_missing or (DECIMAL.fullmatch(digits) and least <= float(digits) <= most):
            return default if self.is_missing else float(digits)
        what = f"a number from {least:g} to {most:g} is expected here."
        self.problem("number-out-of-range", what, f"Write one in that range, as in {default:g}.")
        return default

    def day(self) -> date | None:
        """Return a day such as 2026-11-23, or None after a problem."""
        try:
            return date.fromisoformat(self._scalar())
        except ValueError:
            fix = "Write it as 2026-11-23, in TOML without quotes."
            self.problem("invalid-date", "a day is expected here.", fix)
            return None

    def _written(self, kind: str) -> str:
        """Return how a kind of value is written in a file of this kind."""
        return WRITTEN.get(self.file.rpartition(".")[2], WRITTEN["yaml"])[kind]

    def _scalar(self) -> str:
        return str(self._node.value) if isinstance(self._node, yaml.ScalarNode) else ""

    def items(self) -> list[Node]:
        """Return the items of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            self.problem("list-expected", "a list is expected here.", self._written("list"))
            return []
        return [Node(item, self.file, self._noted) for item in self._node.value]

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Yield key and value of a mapping with keys of its own; a key given twice is a problem."""
        if not isinstance(self._node, yaml.MappingNode):
            what = "keys with values are expected here."
            self.problem("mapping-expected", what, self._written("mapping"))
            return
        seen: set[str] = set()
        for key_node, value_node in self._node.value:
            place = Node(key_node, self.file, self._noted)
            key = place.text()
            if key in seen:
                place.problem(
                    "duplicate-key", f"the key “{shown(key)}” stands here twice.", "Keep one of them."
                )
            seen.add(key)
            yield key, Node(value_node, self.file, self._noted)

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Node]:
        """Return a node for every required and optional key; unknown and missing keys are problems."""
        needed = tuple(required)
        known = (*needed, *optional)
        given: dict[str, Node] = {}
        for key, value in self.entries():
            if key in known:
                given[key] = value
            else:
                what = f"the key “{shown(key)}” is not known here."
                value.problem("unknown-key", what, did_you_mean(key, known))
        for key in needed:
            if key not in given and self.is_mapping:
                fix = f"Add “{self._written('key').format(key)}”."
                self.problem("missing-key", f"the key “{key}” is missing.", fix)
        return {key: given.get(key, Node(None, self.file, self._noted, self.line)) for key in known}

    def choice(self, choices: Iterable[str], default: str) -> str:
        """Return one of `choices`; `default` where nothing is given, or after a problem."""
        if self.is_missing:
            return default
        options = tuple(choices)
        word = self.text()
        if word and word not in options:
            self.problem("unknown-choice", f"“{shown(word)}” is not known here.", did_you_mean(word, options))
        return word if word in options else default


KeyPath = tuple[str | int, ...]  # the keys that lead to a value, and the numbers of items in lists


def mark_at(line: int) -> yaml.Mark:
    """Return the mark of a line, counted from 1."""
    return yaml.Mark("", 0, line - 1, 0, None, 0)


def node_of(value: Any, lines: Mapping[KeyPath, int], place: KeyPath = (), line: int = 1) -> yaml.Node:
    """Return a plain value as a node, at its own line where that is known, else at that of what it stands in."""
    line = lines.get(place, line)
    mark = mark_at(line)
    if isinstance(value, dict):
        pairs = []
        for key, inner in value.items():
            child = node_of(inner, lines, (*place, key), line)
            pairs.append((yaml.ScalarNode("", str(key), child.start_mark), child))
        return yaml.MappingNode("", pairs, mark)
    if isinstance(value, list | tuple):
        items = [node_of(item, lines, (*place, number), line) for number, item in enumerate(value)]
        return yaml.SequenceNode("", items, mark)
    if isinstance(value, str):
        return yaml.ScalarNode("", value, mark)
    if isinstance(value, bool):
        return yaml.ScalarNode("!flag", str(value).lower(), mark)
    return yaml.ScalarNode("!day" if isinstance(value, date) else "!number", str(value), mark)
