"""A YAML file as values that know their file and line, so that a problem can name its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from handouts.problems import Problem, did_you_mean, in_file

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, ten times as fast, where it is there


class Value:
    """One node of a YAML file: a text, a list or a mapping, and where it stands.

    Every method that meets the wrong kind of node adds a problem and returns an empty value, so
    that a reader can go on and find the next problem.
    """

    def __init__(self, node: yaml.Node | None, file: str, problems: list[Problem], line: int = 1) -> None:
        self.node, self.file, self.problems = node, file, problems
        self.line = node.start_mark.line + 1 if node is not None else line

    @property
    def where(self) -> str:
        """File and line, as in `content/regions/au.yaml:14`."""
        return f"{self.file}:{self.line}"

    @property
    def is_mapping(self) -> bool:
        """Whether the node is a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing here."""
        return self.node is None

    def problem(self, code: str, what: str, fix: str) -> None:
        """Note a problem at this place."""
        self.problems.append(in_file(code, self.file, what, fix, line=self.line))

    def text(self) -> str:
        """Return the text; white space at its edges is not wanted, nor are line ends."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.problem(
                "text-expected",
                "a text is expected here.",
                "Write one text on one line, in quotes if it holds “: ”.",
            )
            return ""
        value = str(self.node.value)
        if value != value.strip() or "\n" in value:
            self.problem(
                "text-line-end-white",
                "the text has a line end, or white space at its edge.",
                "Write it as one line.",
            )
        if not value:
            self.problem("text-empty", "the text is empty.", "Write the text, or remove the key.")
        return value.strip()

    def flag(self) -> bool:
        """Return true or false."""
        value = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
        if value not in {"true", "false"}:
            self.problem("true-false-expected", "true or false is expected here.", "Write true or false.")
        return value == "true"

    def number(self) -> int:
        """Return a whole number above nought; nought after a problem."""
        value = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
        if not (value.isascii() and value.isdigit()) or int(value) == 0:
            self.problem("whole-number-expected", "a whole number is expected here.", "Write one, as in 14.")
            return 0
        return int(value)

    def items(self) -> list[Value]:
        """Return the items of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.problem(
                "list-expected", "a list is expected here.", "Begin each item with “- ” on a line of its own."
            )
            return []
        return [Value(item, self.file, self.problems) for item in self.node.value]

    def entries(self) -> Iterator[tuple[str, Value]]:
        """Yield key and value of a mapping with keys of its own; a key given twice is a problem."""
        if not isinstance(self.node, yaml.MappingNode):
            self.problem(
                "keys-values-expected", "keys with values are expected here.", "Write “key: value” lines."
            )
            return
        seen: set[str] = set()
        for key_node, node in self.node.value:
            key = str(key_node.value)
            if key in seen:
                place = Value(key_node, self.file, self.problems)
                place.problem("key-stands-twice", f"the key “{key}” stands here twice.", "Keep one of them.")
            seen.add(key)
            yield key, Value(node, self.file, self.problems)

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Value]:
        """Return a value for every required and optional key; unknown and missing keys are problems."""
        needed = tuple(required)
        known = (*needed, *optional)
        given: dict[str, Value] = {}
        for key, value in self.entries():
            if key in known:
                given[key] = value
            else:
                value.problem(
                    "key-not-known", f"the key “{key}” is not known here.", did_you_mean(key, known)
                )
        for key in needed:
            if key not in given and self.is_mapping:
                self.problem("key-missing", f"the key “{key}” is missing.", f"Add “{key}: …”.")
        return {key: given.get(key, Value(None, self.file, [], self.line)) for key in known}

    def choice(self, choices: Iterable[str], default: str) -> str:
        """Return one of `choices`; `default` where nothing is given."""
        if self.is_missing:
            return default
        options = tuple(choices)
        word = self.text()
        if word not in options:
            self.problem("not-known", f"“{word}” is not known here.", did_you_mean(word, options))
            return default
        return word


def read_text(path: Path, root: Path, problems: list[Problem]) -> str | None:
    """Return the text of a file of the project, or None after adding what is wrong with it.

    A byte order mark is taken off. A file that lies outside the project, behind a link, is refused.
    """
    file = path.relative_to(root).as_posix()
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise PermissionError(None, "it leads out of the project")
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        problems.append(Problem("file-missing", file, "the file is missing.", "Put it back."))
    except OSError as error:
        what = f"the file cannot be read: {error.strerror or error}."
        problems.append(Problem("file-cannot-read", file, what, "Put a file there that may be read."))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.append(
            Problem("file-not-utf8", f"{file}:{line}", "the file is not UTF-8.", "Save it as UTF-8.")
        )
    return None


def read_outside(path: Path, problems: list[Problem]) -> bytes | None:
    """Return the bytes of a file that a person named, wherever it lies, or None after adding what is wrong.

    A pipe is read too, so that a list may come from a program that decrypts it.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        what, fix = "there is no such file.", "Look at how its name is spelled, and in which folder it is."
    except IsADirectoryError:
        what, fix = "this is a folder, not a file.", "Name a file in it."
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is none that a file can have"
        what, fix = f"the file cannot be read: {reason}.", "Name a file that may be read."
    problems.append(Problem("file-cannot-read", str(path), what, fix))
    return None


def read_yaml(path: Path, root: Path, problems: list[Problem]) -> Value:
    """Return the one document in the file at `path`; a file that is no YAML is a problem."""
    file = path.relative_to(root).as_posix()
    text = read_text(path, root, problems)
    if text is None:
        return Value(None, file, [])
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        what = f"this is not valid YAML: {error.problem}."
        problems.append(
            Problem("not-valid-yaml", f"{file}:{line}", what, "Look at this line and the one above it.")
        )
        node = None
    except yaml.YAMLError as error:
        what = f"this is not valid YAML: {str(error).splitlines()[0]}."
        problems.append(Problem("not-valid-yaml", file, what, "Remove what is not plain text."))
        node = None
    else:
        if node is None:
            problems.append(Problem("file-empty", file, "the file is empty.", "Fill it in, or remove it."))
    if node is None:
        return Value(None, file, [])
    return Value(node, file, problems)
