"""A YAML file as a node."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

from handouts.characters import shown
from handouts.files import read_text
from handouts.problems import Fault, Problem, in_file, located
from handouts.sources.nodes import Node

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, ten times as fast, where it is there
DEEPEST = 50  # lists and mappings in one another; no file of ours has more than seven
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
        node = _composed(text)
    except yaml.YAMLError as error:
        return Node(None, file, [_invalid(file, error)])
    if node is None:
        problems = [in_file("empty-file", file, "the file is empty.", "Fill it in, or remove it.")]
    return Node(node, file, problems)


@lru_cache(maxsize=64)  # a preview reads all files again, and most are as they were; nobody changes a node
def _composed(text: str) -> yaml.Node | None:
    """Return the node of the one document in a text, None where there is none. Raises YAMLError.

    PyYAML composes by recursion in C: brackets that are opened 10,000 times end the process.
    """
    root: yaml.Node | None = None
    anchors: dict[str, yaml.Node] = {}
    open_nodes: list[tuple[yaml.Node, list[yaml.Node]]] = []
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.CollectionEndEvent):
            node, children = open_nodes.pop()
            pairs = zip(children[::2], children[1::2], strict=True)
            node.value = list(pairs) if isinstance(node, yaml.MappingNode) else children
        elif isinstance(event, yaml.NodeEvent):
            node = _node(event, anchors)
            if open_nodes:
                open_nodes[-1][1].append(node)
            elif root is not None:
                raise _refused("there is a second document in it", event)
            root = root or node
            if isinstance(event, yaml.CollectionStartEvent):
                open_nodes.append((node, []))
                if len(open_nodes) > DEEPEST:
                    raise _refused("it is nested too deeply", event)
    return root


def _node(event: yaml.NodeEvent, anchors: dict[str, yaml.Node]) -> yaml.Node:
    """Return the node of an event, empty yet where it is a list or a mapping. Raises YAMLError."""
    if isinstance(event, yaml.AliasEvent):
        if not event.anchor or event.anchor not in anchors or anchors[event.anchor].value is None:
            raise _refused(f"nothing is called “{shown(event.anchor or '')}” above", event)
        return anchors[event.anchor]
    kinds: dict[type, type[yaml.Node]] = {
        yaml.ScalarEvent: yaml.ScalarNode,
        yaml.SequenceStartEvent: yaml.SequenceNode,
    }
    kind: type[yaml.Node] = kinds.get(type(event), yaml.MappingNode)
    node = kind("", getattr(event, "value", None), event.start_mark, None)  # type: ignore[arg-type] # the C reader's mark
    if event.anchor:
        anchors[event.anchor] = node
    return node


def _refused(what: str, event: yaml.NodeEvent) -> yaml.YAMLError:
    """Return the error of what is YAML and is not read."""
    return yaml.MarkedYAMLError(problem=what, problem_mark=event.start_mark)  # type: ignore[arg-type] # the C reader's mark


def _invalid(file: str, error: yaml.YAMLError) -> Problem:
    """Return the problem of a file that cannot be read as YAML, with the line where its reader gave up."""
    what, fix, line = str(error).splitlines()[0], "Remove what is not plain text.", 0
    if isinstance(error, yaml.MarkedYAMLError):
        what, fix = str(error.problem), "Look at this line and the one above it."
        line = error.problem_mark.line + 1 if error.problem_mark else 1
    return in_file("invalid-yaml", file, f"this is not valid YAML: {what}.", fix, line=line)
