"""The record of what was given: rows without a patient, in a file that is ours."""

from __future__ import annotations

import csv
import io
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from handouts.desk.record import FIELDS, Given, Record
from handouts.problems import SourceError

ROW = Given(
    "2026-11-27T09:00:00+00:00",
    "au",
    "",
    "about-ipt",
    "2026-11",
    "vi",
    "large-print",
    "draft",
    "print",
    "ab" * 32,
)


def test_rows_are_kept_in_order_and_come_back_as_csv(tmp_path: Path) -> None:
    """Opened again it goes on; the file is for its owner alone."""
    path = tmp_path / "desk" / "given.sqlite3"
    for way in ("print", "save"):
        record = Record(path)
        record.open()
        with record.adding([Given(**{**vars(ROW), "way": way})]):
            pass
    assert [row.way for row in Record(path).rows()] == ["print", "save"]
    head, *rows = csv.reader(io.StringIO(Record(path).csv()))
    assert (tuple(head), len(rows), rows[0][FIELDS.index("locale")]) == (FIELDS, 2, "vi")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not {"name", "patient", "note"} & set(FIELDS)


def test_a_mail_server_that_is_slow_keeps_no_other_row_waiting(tmp_path: Path) -> None:
    """What is noted beside it is there; where the server refuses the draft in the end, its own rows go and no other."""
    path = tmp_path / "given.sqlite3"
    slow, quick = Record(path), Record(path)
    slow.open()
    beside = Given(**{**vars(ROW), "way": "save"})
    with pytest.raises(RuntimeError), slow.adding([ROW, ROW]):  # noqa: PT012 - one is inside of the other
        with quick.adding([beside]):
            pass
        raise RuntimeError
    assert quick.rows() == [beside]


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """Text, or another database."""
    text, other = tmp_path / "text", tmp_path / "other"
    text.write_text("not a database " * 100, encoding="utf-8")
    with closing(sqlite3.connect(other)) as book:
        book.execute("CREATE TABLE patients (name TEXT)")
    before = text.read_bytes(), other.read_bytes()
    for path in (text, other):
        with pytest.raises(SourceError) as caught:
            Record(path).open()
        assert [problem.code for problem in caught.value.problems] == ["record-invalid"]
    assert before == (text.read_bytes(), other.read_bytes())


def test_a_record_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    """Before anything is given: what is not noted is not handed out."""
    (tmp_path / "given").mkdir()
    with pytest.raises(SourceError) as caught:
        Record(tmp_path / "given").rows()
    assert [problem.code for problem in caught.value.problems] == ["record-refused"]
