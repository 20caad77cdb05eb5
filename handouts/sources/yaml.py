"""A YAML file as a node."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from handouts.files import read_text
from handouts.problems import Fault, Problem, in_file, located
from handouts.sources.nodes import Node

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, ten times as fast, where it is there
# What ends a line in YAML, and in no editor.
OTHER_ENDS = re.compile("\r(?!$)|[\x85\u2028\u2029]")
LINE_END = Fault(
    "invisible-character",
    "there is a line end in this line that cannot be seen (U+2028 or its like).",
    "Take it out: type the words around it anew.",
)


def read_yaml(path: Path, root: Path) -> Node:
    """Return the one document in the file at `path`, below the project at `root`.

    Its `problems` say what is wrong with the file, and, as it is read, what is wrong in it. Where it cannot be
    read as YAML at all the node is missing.
    """
    file = path.relative_to(root).as_posix()
    text, problems = read_text(path, root)
    if text is None:
        return Node(None, file, problems)
    parted = [n for n, line in enumerate(text.split("\n"), start=1) if OTHER_ENDS.search(line)]
    if parted:
        return Node(None, file, [located(LINE_END, file, line=number) for number in parted])
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        return Node(None, file, [_invalid(file, error)])
    except RecursionError:
        fix = "Look for brackets that are opened and never closed."
        return Node(
            None, file, [in_file("invalid-yaml", file, "this is YAML nested too deeply to be read.", fix)]
        )
    if node is None:
        problems = [in_file("empty-file", file, "the file is empty.", "Fill it in, or remove it.")]
    return Node(node, file, problems)


def _invalid(file: str, error: yaml.YAMLError) -> Problem:
    """Return the problem of a file that cannot be read as YAML, with the line where its reader gave up."""
    what, fix, line = str(error).splitlines()[0], "Remove what is not plain text.", 0
    if isinstance(error, yaml.MarkedYAMLError):
        what, fix = str(error.problem), "Look at this line and the one above it."
        line = error.problem_mark.line + 1 if error.problem_mark else 1
    return in_file("invalid-yaml", file, f"this is not valid YAML: {what}.", fix, line=line)
