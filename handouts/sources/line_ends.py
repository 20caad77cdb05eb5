"""At which spaces no line ends: the rules of a locale in its `locale.toml`, and those that a new one begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from handouts.files import is_there
from handouts.model import LineEnds
from handouts.problems import Fault, Problem
from handouts.sources.nodes import Node
from handouts.sources.toml import read_toml

RULES_FILE = "locales/line-ends.toml"
KEYS = ("after", "before", "units", "counted")
WORD = re.compile(r"\S{1,12}(?: \S{1,12}){0,3}")
NO_WORD = Fault(
    "invalid-line-end",
    "a space cannot be kept by this: it is not a word or a mark.",
    "Write one word or mark, as in “«”.",
)


def line_ends(node: Node) -> LineEnds:
    """Return the rules that a table holds; none where there is no table."""
    if node.is_missing:
        return LineEnds()
    parts = node.fields((), KEYS)
    lists = {key: _words(parts[key]) for key in ("after", "before", "units")}
    return LineEnds(**lists, counted=not parts["counted"].is_missing and parts["counted"].flag())


def _words(node: Node) -> tuple[str, ...]:
    """Return the words of a list, none where it is missing."""
    return (
        () if node.is_missing else tuple(filter(None, (each.shaped(WORD, NO_WORD) for each in node.items())))
    )


def load_line_ends(root: Path) -> tuple[dict[str, LineEnds], list[Problem]]:
    """Return the rules by language, none where there is no such file, and what is wrong in it."""
    if not is_there(root / RULES_FILE):
        return {}, []
    document = read_toml(root / RULES_FILE, root)
    if document.is_missing:
        return {}, document.problems
    rules = {tag: line_ends(node) for tag, node in document.entries()}
    return rules, document.problems


def rules_of(tag: str, rules: Mapping[str, LineEnds]) -> LineEnds:
    """Return the rules for a tag: its own, else those of the tag it is a part of (`fr-CH`: `fr`); none where there are none."""
    parts = tag.split("-")
    tags = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((rules[each] for each in tags if each in rules), LineEnds())
