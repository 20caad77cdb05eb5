"""The mark beside a ledger knows when it was changed last; whatever is wrong with it, it stops nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from handouts.sending.ledger_mark import Mark, mark_file, place_of, read_mark, write_mark


def test_what_was_written_is_read_and_nobody_else_may(tmp_path: Path) -> None:
    """Also by another name of the ledger; it holds no address."""
    path, link = tmp_path / "l.db", tmp_path / "link.db"
    link.symlink_to(path)
    write_mark(link, "id", 3, 7)
    assert place_of(link) == place_of(path)
    mark = read_mark(path)
    assert mark
    assert (mark.ledger, mark.emails, mark.changes) == ("id", 3, 7)
    assert stat.S_IMODE(mark_file(path).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "{}",
        '{"ledger": "x"}',
        '{"ledger": "x", "emails": "3", "changes": 1, "at": ""}',
        "\ud800",
    ],
)
def test_a_mark_that_says_nothing_is_none(tmp_path: Path, text: str) -> None:
    """Half a file, or one that somebody changed."""
    mark_file(tmp_path / "l.db").write_bytes(text.encode("utf-8", "surrogatepass"))
    assert read_mark(tmp_path / "l.db") is None


def test_what_is_no_file_is_not_waited_for_or_followed(tmp_path: Path) -> None:
    """A pipe, or a link to something else, in the place of the mark."""
    path = tmp_path / "l.db"
    os.mkfifo(mark_file(path))
    assert read_mark(path) is None
    mark_file(path).unlink()
    (tmp_path / "victim").write_text("precious", encoding="utf-8")
    mark_file(path).symlink_to(tmp_path / "victim")
    assert read_mark(path) is None
    write_mark(path, "id", 1, 1)
    assert (tmp_path / "victim").read_text(encoding="utf-8") == "precious"
    assert read_mark(path) == Mark("id", 1, 1, read_mark(path).at)  # type: ignore[union-attr]


def test_a_mark_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    """Then an older copy is not recognised, no more."""
    write_mark(tmp_path / "file" / "l.db", "id", 1, 1)
    (tmp_path / "other").write_text("", encoding="utf-8")
    write_mark(tmp_path / "other" / "l.db", "id", 1, 1)
    assert read_mark(tmp_path / "other" / "l.db") is None
