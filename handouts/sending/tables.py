"""A TOML file of settings as tables that know their lines. No sentence repeats a value: it may be a password that went astray."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from handouts.files import read_outside
from handouts.problems import Problem, did_you_mean, in_file

SECRET_NAMES = re.compile(r"pass|secret|token|pwd|credential|api.?key", re.IGNORECASE)
TABLE_NAME = re.compile(r"\s*\[\[?([^\]]*)\]")
ERROR_PLACE = re.compile(r"line (\d+), column \d+")
LONGEST_CELL = 40


@dataclass(frozen=True)
class Table:
    """One table of the file, or the file itself, without a name. What is wrong in it is added to `problems`.

    Where a value is wrong, a harmless one comes back, so that a reader can go on and find the next problem.
    """

    name: str
    values: Mapping[str, Any]
    lines: Mapping[tuple[str, str], int]
    file: str
    problems: list[Problem]

    def add_problem(self, code: str, key: str, what: str, fix: str) -> None:
        """Add a problem at the line of a key, or at that of the table where the key is missing."""
        self.problems.append(in_file(code, self.file, what, fix, line=self._line(key)))

    def _line(self, key: str) -> int:
        """Return the line of a key, else that of the table, else 1."""
        return self.lines.get((self.name, key)) or self.lines.get((self.name or key, ""), 1)

    def words(self, key: str, default: str | None = None) -> str:
        """Return a text; one that is missing is a problem where there is no default."""
        value = self.values.get(key, default)
        if value is None:
            self._add_missing(key, f'Add {key} = "…".')
        elif not isinstance(value, str):
            self.add_problem(
                "text-expected", key, f"“{key}” must be a text.", f'Write it in quotes: {key} = "…".'
            )
        elif not value and value != default:
            self.add_problem("text-empty", key, f"“{key}” is empty.", "Write the text, or remove the key.")
        return value if isinstance(value, str) else ""

    def number(self, key: str, most: int, default: int | None = None) -> int:
        """Return a whole number from 1 to `most`; one that is missing is a problem where there is no default."""
        value = self.values.get(key, default)
        if value is None:
            self._add_missing(key, f"Add {key} = ….")
        elif not is_number(value, most):
            what = f"“{key}” must be a whole number from 1 to {most}."
            self.add_problem("number-expected", key, what, "Write it without quotes.")
        return value if is_number(value, most) else 1

    def _add_missing(self, key: str, fix: str) -> None:
        self.add_problem("missing-key", key, f"the key “{key}” of [{self.name}] is missing.", fix)


def read_tables(
    path: Path, keys: Mapping[str, tuple[str, ...]], needed: Iterable[str]
) -> tuple[dict[str, Table], list[Problem]]:
    """Return the tables of a file by name, and what is wrong with it; reading values may add to that list.

    `keys` are the tables that may be there, and the keys that each may have. Those that are `needed` come back empty
    where they are missing. Passwords and unknown keys are problems, wherever in the file they stand. Raises nothing.
    """
    text, problems = _text(path)
    data = _data(path, text, problems)
    top = Table("", data, _lines(text), str(path), problems)
    return {} if problems else _tables(top, keys, needed), problems


def _text(path: Path) -> tuple[str, list[Problem]]:
    """Return the text of the file, or nothing and what is wrong with it."""
    data, problems = read_outside(path)
    try:
        return (data or b"").decode("utf-8-sig"), problems
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return "", [
            in_file("file-not-utf8", str(path), "the file is not UTF-8.", "Save it as UTF-8.", line=line)
        ]


def _data(path: Path, text: str, problems: list[Problem]) -> dict[str, Any]:
    """Return the text read as TOML, nothing after a problem."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        place = ERROR_PLACE.search(
            str(error)
        )  # before Python 3.14 tomllib says the line in its sentence alone
        line = int(place[1]) if place else text.count("\n") + 1
        what = "this is not valid TOML, at this line or in what begins above it."
        fix = "Look for a quote or a bracket that is missing."
        problems.append(in_file("invalid-toml", str(path), what, fix, line=line))
    return {}


def _tables(top: Table, keys: Mapping[str, tuple[str, ...]], needed: Iterable[str]) -> dict[str, Table]:
    """Return the tables that are there, and empty ones for those that are needed."""
    for name, key in _private_keys(top.values):
        what = f"{_shown(key)} looks like a password, which must not be in a file."
        fix = "Take it out, and set HANDOUTS_SMTP_PASSWORD or HANDOUTS_IMAP_PASSWORD in the environment."
        replace(top, name=name).add_problem("password-in-file", key, what, fix)
    _check_keys(top, keys)
    given = {name: top.values[name] for name in keys if name in top.values}
    for name in (name for name, values in given.items() if not isinstance(values, dict)):
        what, fix = f"“{name}” must be a table.", f"Begin it with [{name}] on a line of its own."
        top.add_problem("table-expected", name, what, fix)
    right = {name: values for name, values in given.items() if isinstance(values, dict)}
    whole = {**{name: {} for name in needed}, **right}
    tables = {name: replace(top, name=name, values=values) for name, values in whole.items()}
    for name, table in tables.items():
        _check_keys(table, keys[name])
    return tables


def _private_keys(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield table and key of everything that looks like a password, however deep it lies."""
    waiting: list[tuple[str, Any]] = [("", data)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, list):
            waiting += [(name, item) for item in value]
        elif isinstance(value, dict):
            yield from ((name, key) for key in value if SECRET_NAMES.search(key))
            waiting += [(name or key, item) for key, item in value.items()]


def _check_keys(table: Table, known: Iterable[str]) -> None:
    """Add a problem for every unknown key, but for those that look like a password: they have one already."""
    names = tuple(known)
    for key in table.values:
        if key not in names and not SECRET_NAMES.search(key):
            fix = did_you_mean(key[:LONGEST_CELL], names)
            table.add_problem("unknown-key", key, f"{_shown(key)} is not known here.", fix)


def is_number(value: object, most: int) -> bool:
    """Whether a value is a whole number from 1 to `most`; true and false do not count as one."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _shown(key: str) -> str:
    """Return a key as a sentence may name it; one in quotes may hold anything."""
    plain = re.fullmatch(rf"[A-Za-z0-9_-]{{1,{LONGEST_CELL}}}", key)
    return f"the key “{key}”" if plain else "a key"


def _lines(text: str) -> dict[tuple[str, str], int]:
    """Return the lines of all keys by table and name, and of all tables, by their name and nothing.

    tomllib tells no lines. This reads heads and the beginnings of lines, which is enough for files as people write them.
    """
    found: dict[tuple[str, str], int] = {}
    inside = ""
    for number, line in enumerate(text.split("\n"), start=1):
        head = TABLE_NAME.match(line)
        name = line.split("=", 1)[0].strip().strip("\"'")
        if head:
            inside = head[1].replace('"', "").strip().split(".")[0]
            found.setdefault((inside, ""), number)
        else:
            found.setdefault((inside, name), number)
            if not inside:
                found.setdefault((name.split(".")[0], ""), number)
    return found
