"""A list is read whatever spreadsheet wrote it; what is wrong is told by line and column, never by what is in a cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.problems import Problem
from handouts.sending.lists import Row, locale_of, read_list
from handouts.sources.heads import MAIL, PERSONAL, Columns
from handouts.sources.load import Sources


def read(
    path: Path, text: str, sources: Sources, columns: Columns = PERSONAL
) -> tuple[list[str], list[Problem]]:
    """Return the names of the rows of a list, each read as its cell."""
    path.write_text(text, encoding="utf-8")
    return read_list(path, sources.heads, columns, lambda row: row.cell("name") or None)


def test_each_kind_of_list_has_columns_of_its_own(tmp_path: Path, sources: Sources) -> None:
    """A note is no column of a list of e-mails; an address is one of a list of copies, and is not read."""
    file = tmp_path / "people.csv"
    text = "name,locale,address,notes\nAna,es,ana@post.example,x\n"
    assert read(file, text, sources) == (["Ana"], [])
    names, problems = read(file, text, sources, MAIL)
    assert names == ["Ana"]
    assert [(each.code, each.line) for each in problems] == [("unknown-column", 1)]


def test_an_empty_list_is_told_how_it_begins(tmp_path: Path, sources: Sources) -> None:
    """With the columns of its kind."""
    _, (problem,) = read(tmp_path / "people.csv", "", sources)
    assert (problem.code, problem.fix) == (
        "empty-file",
        "Begin it with the line name,locale,appointment,clinician,note.",
    )
    _, (problem,) = read(tmp_path / "people.csv", "name,note\nAna,x\n", sources)
    assert (problem.code, "name,locale,appointment" in problem.fix) == ("missing-column", True)


@pytest.mark.parametrize(("asked", "tag"), [("es-MX", "es"), ("zh", "zh-Hans"), ("Spanish", ""), ("", "")])
def test_a_row_gets_its_language_or_none(sources: Sources, asked: str, tag: str) -> None:
    """Whoever asked for a language that is not there does not get another."""
    row = Row("people.csv", 2, {"locale": asked}, [])
    assert locale_of(row, sources) == tag
    assert [bool(tag), len(row.problems)] in ([True, 0], [False, 1])
