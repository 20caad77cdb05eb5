"""A YAML file as nodes that know their file and line, so that a problem can name its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from handouts.files import read_text
from handouts.problems import Problem, did_you_mean, in_file

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, ten times as fast, where it is there
NUMBER = re.compile("[1-9][0-9]{0,8}")


class YamlNode:
    """One node of a YAML file: a text, a list or a mapping, and where it stands.

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

    def problem(self, code: str, what: str, fix: str) -> None:
        """Note a problem at this place, unless there is nothing here."""
        if self._node is not None:
            self._noted.append(in_file(code, self.file, what, fix, line=self.line))

    def text(self) -> str:
        """Return the text; white space at its edges is not wanted, nor are line ends."""
        if not isinstance(self._node, yaml.ScalarNode):
            fix = "Write one text on one line, in quotes if it holds “: ”."
            self.problem("text-expected", "a text is expected here.", fix)
            return ""
        text = str(self._node.value)
        if text != text.strip() or "\n" in text:
            what = "the text has a line end, or white space at its edge."
            self.problem("text-untrimmed", what, "Write it as one line.")
        if not text:
            self.problem("text-empty", "the text is empty.", "Write the text, or remove the key.")
        return text.strip()

    def lines(self) -> tuple[str, ...]:
        """Return the lines of a text, or of a list of texts: an address, or several phone numbers."""
        if isinstance(self._node, yaml.SequenceNode):
            return tuple(text for text in (item.text() for item in self.items()) if text)
        if isinstance(self._node, yaml.ScalarNode) and "\n" in str(self._node.value).strip():
            return tuple(line.strip() for line in str(self._node.value).split("\n") if line.strip())
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
        if not NUMBER.fullmatch(digits):
            self.problem("number-expected", "a whole number is expected here.", "Write one, as in 14.")
            return 0
        return int(digits)

    def _scalar(self) -> str:
        return str(self._node.value) if isinstance(self._node, yaml.ScalarNode) else ""

    def items(self) -> list[YamlNode]:
        """Return the items of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            fix = "Begin each item with “- ” on a line of its own."
            self.problem("list-expected", "a list is expected here.", fix)
            return []
        return [YamlNode(item, self.file, self._noted) for item in self._node.value]

    def entries(self) -> Iterator[tuple[str, YamlNode]]:
        """Yield key and value of a mapping with keys of its own; a key given twice is a problem."""
        if not isinstance(self._node, yaml.MappingNode):
            what = "keys with values are expected here."
            self.problem("mapping-expected", what, "Write “key: value” lines.")
            return
        seen: set[str] = set()
        for key_node, value_node in self._node.value:
            key = str(key_node.value)
            if key in seen:
                place = YamlNode(key_node, self.file, self._noted)
                place.problem("duplicate-key", f"the key “{key}” stands here twice.", "Keep one of them.")
            seen.add(key)
            yield key, YamlNode(value_node, self.file, self._noted)

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, YamlNode]:
        """Return a node for every required and optional key; unknown and missing keys are problems."""
        needed = tuple(required)
        known = (*needed, *optional)
        given: dict[str, YamlNode] = {}
        for key, value in self.entries():
            if key in known:
                given[key] = value
            else:
                value.problem("unknown-key", f"the key “{key}” is not known here.", did_you_mean(key, known))
        for key in needed:
            if key not in given and self.is_mapping:
                self.problem("missing-key", f"the key “{key}” is missing.", f"Add “{key}: …”.")
        return {key: given.get(key, YamlNode(None, self.file, self._noted, self.line)) for key in known}

    def choice(self, choices: Iterable[str], default: str) -> str:
        """Return one of `choices`; `default` where nothing is given, or after a problem."""
        if self.is_missing:
            return default
        options = tuple(choices)
        word = self.text()
        if word not in options:
            self.problem("unknown-choice", f"“{word}” is not known here.", did_you_mean(word, options))
            return default
        return word


def read_yaml(path: Path, root: Path) -> YamlNode:
    """Return the one document in the file at `path`, below the project at `root`.

    Its `problems` say what is wrong with the file, and, as it is read, what is wrong in it. Where it cannot be
    read as YAML at all the node is missing.
    """
    file = path.relative_to(root).as_posix()
    text, problems = read_text(path, root)
    if text is None:
        return YamlNode(None, file, problems)
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        return YamlNode(None, file, [_invalid(file, error)])
    except RecursionError:
        fix = "Look for brackets that are opened and never closed."
        return YamlNode(
            None, file, [in_file("invalid-yaml", file, "this is YAML nested too deeply to be read.", fix)]
        )
    if node is None:
        problems = [in_file("empty-file", file, "the file is empty.", "Fill it in, or remove it.")]
    return YamlNode(node, file, problems)


def _invalid(file: str, error: yaml.YAMLError) -> Problem:
    """Return the problem of a file that cannot be read as YAML, with the line where its reader gave up."""
    what, fix, line = str(error).splitlines()[0], "Remove what is not plain text.", 0
    if isinstance(error, yaml.MarkedYAMLError):
        what, fix = str(error.problem), "Look at this line and the one above it."
        line = error.problem_mark.line + 1 if error.problem_mark else 1
    return in_file("invalid-yaml", file, f"this is not valid YAML: {what}.", fix, line=line)
