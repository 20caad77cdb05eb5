"""Copies for a list: all of them or none, in a folder of their own, and no word of a person beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from handouts.library.personal import Copies
from handouts.library.plan import Choice
from handouts.model import Personal
from handouts.sending.copies import Wanted, folder_problems, make_copies, read_wanted, unfit
from handouts.sources.load import Sources
from handouts.sources.look import Look

LIST = "Nombre;Idioma;Next appointment;Therapist;Notes\n"
CHOICE = Choice((), ("four-areas",), ("pdf",), ("standard",))
SECRET = "Quillfeather"


@pytest.fixture
def apart(sources: Sources, tmp_path: Path) -> Sources:
    """Return the sources of a project whose cache is empty."""
    return replace(sources, root=tmp_path)


def wanted(*names: str) -> list[Wanted]:
    """Return rows in English, from line 2 on."""
    return [Wanted(line, Personal(name), "en") for line, name in enumerate(names, start=2)]


def test_a_list_is_read_as_people_write_it(tmp_path: Path, sources: Sources) -> None:
    """In any language of the heads; a row that is not right is told by its line and never by its cells."""
    file = tmp_path / "people.csv"
    file.write_text(
        f"{LIST}Ana Ruiz;es-MX;2026-12-03;Dr Haddad;Hola\n{SECRET};xx;{SECRET};;\n", encoding="utf-8"
    )
    found, problems = read_wanted(file, sources)
    assert [(each.line, each.locale, each.personal.name) for each in found] == [(2, "es", "Ana Ruiz")]
    assert [(each.code, each.line) for each in problems] == [
        ("unknown-locale", 3),
        ("invalid-appointment", 3),
    ]
    assert not [each for each in problems if SECRET in str(each)]
    assert SECRET not in repr(found)


def test_copies_lie_in_a_folder_that_nobody_else_can_read(apart: Sources, look: Look, tmp_path: Path) -> None:
    """Named by the lines of the list."""
    out = tmp_path / "copies"
    made, problems = make_copies(apart, look, CHOICE, wanted("Ana", SECRET), Path("people.csv"), out)
    assert (made, problems) == (2, [])
    assert sorted(path.name for path in out.iterdir()) == ["0002.four-areas.pdf", "0003.four-areas.pdf"]
    assert {oct(path.stat().st_mode & 0o777) for path in out.iterdir()} == {"0o600"}
    assert oct(out.stat().st_mode & 0o777) == "0o700"


def test_where_one_copy_cannot_be_made_none_is(apart: Sources, look: Look, tmp_path: Path) -> None:
    """All problems at once, each with its line; nothing is left, whatever had been made."""
    out = tmp_path / "copies"
    rows = wanted("Ana", "王小明", SECRET * 12)
    _, problems = make_copies(apart, look, CHOICE, rows, Path("people.csv"), out)
    told = [(each.code, each.where) for each in problems]
    assert told == [("missing-glyph", "people.csv:3"), ("personal-too-wide", "people.csv:4")]
    assert unfit(apart, look, CHOICE, rows, Path("people.csv")) == problems
    assert [path.name for path in tmp_path.iterdir() if path.name != ".cache"] == []
    assert SECRET not in "".join(map(str, problems))


def test_a_fault_of_the_program_repeats_nothing(apart: Sources, look: Look, tmp_path: Path) -> None:
    """Neither where people see it nor in the trace that is kept of it."""
    with patch.object(Copies, "stamped", side_effect=ValueError(SECRET)):
        _, problems = make_copies(
            apart, look, CHOICE, wanted(SECRET), Path("people.csv"), tmp_path / "copies"
        )
    assert [each.code for each in problems] == ["program-fault"]
    assert SECRET not in "".join(map(str, problems))
    assert SECRET not in (tmp_path / ".cache" / "fault.txt").read_text(encoding="utf-8")
    assert not (tmp_path / "copies").exists()


def test_a_page_that_is_not_made_is_told(apart: Sources, look: Look, tmp_path: Path) -> None:
    """English has no bilingual layout."""
    choice = replace(CHOICE, layouts=("bilingual",))
    _, problems = make_copies(apart, look, choice, wanted("Ana"), Path("people.csv"), tmp_path / "copies")
    assert [(each.code, each.line) for each in problems] == [("nothing-to-make", 2)]


def test_a_folder_that_holds_something_takes_no_copies(tmp_path: Path) -> None:
    """Those of an earlier list may be of other people: the same line is someone else."""
    assert folder_problems(tmp_path / "new") == folder_problems(tmp_path) == []
    (tmp_path / "0002.pdf").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    found = [folder_problems(path)[0].code for path in (tmp_path, tmp_path / "0002.pdf", tmp_path / "link")]
    assert found == ["folder-not-empty", "folder-not-usable", "folder-not-usable"]
