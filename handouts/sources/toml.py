"""A TOML file as a node, with the line of every key."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import lru_cache
from pathlib import Path

import yaml

from handouts.characters import shown
from handouts.files import read_text
from handouts.problems import Problem, in_file
from handouts.sources.nodes import KeyPath, Node, node_of

PLACE = re.compile(r" ?\(at line (\d+), column \d+\)")  # how tomllib says where; it has no number to ask for
HEAD = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
KEY = re.compile(r"""\s*([A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')\s*=""")


def read_toml(path: Path, root: Path) -> Node:
    """Return what the file at `path` holds, below the project at `root`; the node is missing where it cannot be read."""
    file = path.relative_to(root).as_posix()
    text, problems = read_text(path, root)
    return Node(None, file, problems) if text is None else parse_toml(text, file)


def parse_toml(text: str, file: str) -> Node:
    """Return what a text holds; the node is missing where it is not TOML."""
    try:
        return Node(_composed(text), file, [])
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        return Node(None, file, [_invalid(file, error)])


@lru_cache(maxsize=64)  # a preview reads all files again, and most are as they were; nobody changes a node
def _composed(text: str) -> yaml.Node:
    """Return the node of what a text holds. Raises ValueError and RecursionError."""
    return node_of(tomllib.loads(text), key_lines(text))


def _invalid(file: str, error: ValueError | RecursionError) -> Problem:
    """Return the problem of a file that cannot be read as TOML, with its line where its reader names one."""
    place = PLACE.search(str(error))
    what = f"this is not valid TOML: {shown(PLACE.sub('', str(error)))}."
    fix = "Look for a quote or a bracket that is not closed."
    if place:
        fix = "Look at this line and the one above it."
    return in_file("invalid-toml", file, what, fix, line=int(place[1]) if place else 0)


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line of every table and key, as far as heads and keys begin their lines; tomllib tells none."""
    found: dict[KeyPath, int] = {}
    table: KeyPath = ()
    tables: Counter[KeyPath] = Counter()
    for number, line in enumerate(text.split("\n"), start=1):
        head, key = HEAD.match(line), KEY.match(line)
        if head:
            table = tuple(part.strip().strip("\"'") for part in head[2].split("."))
            if head[1] == "[[":
                tables[table] += 1
                table = (*table, tables[table] - 1)
            found.setdefault(table, number)
        elif key:
            found.setdefault((*table, key[1].strip("\"'")), number)
    return found
