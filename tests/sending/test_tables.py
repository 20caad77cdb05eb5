"""A TOML file as tables: a problem has the line of its key, and no sentence has a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.problems import Problem
from handouts.sending.tables import Table, is_number, read_tables

KEYS = {"from": ("name", "age"), "to": ("name",)}
TEXT = """# who
[from]
name = "x"   # a name = of someone
age = 0

  [ "to" ]
"name" = 5
"""


def read(folder: Path, text: str) -> tuple[dict[str, Table], list[Problem]]:
    """Return the tables of a file that holds `text`, and its problems."""
    path = folder / "file.toml"
    path.write_text(text, encoding="utf-8")
    return read_tables(path, KEYS, ("from",))


def test_a_value_that_is_right_comes_back(tmp_path: Path) -> None:
    """A text, a number; the default where there is none."""
    tables, problems = read(tmp_path, TEXT.replace("age = 0", "age = 9"))
    assert (tables["from"].words("name"), tables["from"].number("age", 10)) == ("x", 9)
    assert (tables["from"].words("none", "so"), tables["from"].number("none", 10, 3)) == ("so", 3)
    assert not problems


def test_a_value_that_is_wrong_is_told_at_its_line(tmp_path: Path) -> None:
    """With a harmless value in its place, so that the next can be read."""
    tables, problems = read(tmp_path, TEXT)
    assert tables["from"].number("age", 10) == 1
    assert tables["to"].words("name") == ""
    assert tables["from"].words("mail") == ""
    assert [(p.code, p.line) for p in problems] == [
        ("number-expected", 4),
        ("text-expected", 7),
        ("missing-key", 2),
    ]
    assert problems[0].what == "“age” must be a whole number from 1 to 10."


def test_a_table_that_is_needed_is_there_empty(tmp_path: Path) -> None:
    """Its keys are missing, at the beginning of the file; one that is not needed is not there."""
    tables, problems = read(tmp_path, "")
    assert set(tables) == {"from"}
    assert tables["from"].words("name") == ""
    assert [(p.code, p.line) for p in problems] == [("missing-key", 1)]


def test_unknown_keys_and_passwords_are_told_wherever_they_stand(tmp_path: Path) -> None:
    """At the top, in a table, in a list of tables; the value never."""
    text = 'nmae = 1\n[from]\nnmae = 2\n[[from.more]]\npass-word = "hunter2"\n'
    _, problems = read(tmp_path, text)
    assert {(p.code, p.line) for p in problems} >= {
        ("unknown-key", 1),
        ("unknown-key", 3),
        ("password-in-file", 5),
    }
    assert "hunter2" not in "".join(map(str, problems))


@pytest.mark.parametrize(
    ("value", "right"),
    [(1, True), (10, True), (0, False), (11, False), (True, False), ("1", False), (1.0, False)],
)
def test_a_whole_number_is_neither_a_flag_nor_a_text(value: object, *, right: bool) -> None:
    """From 1 to the most."""
    assert is_number(value, 10) == right
