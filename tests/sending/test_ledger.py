"""The ledger: on the disk before the next step, for its owner's eyes, and never another program's file."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from handouts.problems import SourceError
from handouts.sending.ledger import Fate, Ledger, held, key_of, missing_ledger, opened

EMAIL = ("a@b.example", "about-ipt es standard 2026-11", "smtp")


def code(error: pytest.ExceptionInfo[SourceError]) -> str:
    """Return the code of the one problem of an error."""
    (problem,) = error.value.problems
    return problem.code


def test_the_ledger_survives_what_sqlite_survives(tmp_path: Path) -> None:
    """Write-ahead log, every step on the disk before the next: another reader sees it at once."""
    with held(tmp_path / "l.db") as ledger:
        ledger.begin("k", *EMAIL, "id")
        assert ledger.database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert ledger.database.execute("PRAGMA synchronous").fetchone() == (2,)
        with sqlite3.connect(tmp_path / "l.db") as other:
            assert other.execute("SELECT fate FROM message").fetchall() == [("sending",)]
    with held(tmp_path / "l.db") as ledger:
        assert ledger.entries("unknown")[0].message_id == "id"


def test_what_was_begun_and_not_ended_is_unknown_to_the_next_run(tmp_path: Path) -> None:
    """Only that; what has an end keeps it, and the number of those in doubt is returned."""
    with opened(tmp_path / "l.db") as ledger:
        for key in ("one", "two", "three"):
            ledger.begin(key, *EMAIL, key)
        ledger.end("one", "sent", "250 OK")
        ledger.end("two", "put-off")
        assert ledger.settle() == 1
        assert {entry.key: entry.fate for entry in ledger.entries()} == {
            "one": "sent", "two": "put-off", "three": "unknown",
        }  # fmt: skip
        assert [entry.said for entry in ledger.entries("sent")] == ["250 OK"]


@pytest.mark.parametrize("fate", ["sent", "refused", "unknown", "sending"])
def test_what_has_gone_or_may_have_is_not_begun_again(tmp_path: Path, fate: Fate) -> None:
    """Only what was put off may be handed over once more, by the Message-ID that it had."""
    with opened(tmp_path / "l.db") as ledger:
        assert ledger.begin("k", *EMAIL, "first") == "first"
        ledger.end("k", fate)
        assert ledger.begin("k", *EMAIL, "second") == ""
        ledger.end("k", "put-off")
        assert ledger.begin("k", *EMAIL, "third") == "first"
        assert [entry.tries for entry in ledger.entries()] == [2]


def test_an_email_is_known_by_address_edition_locale_and_transport() -> None:
    """The case of an address makes no difference; everything else does."""
    key = key_of("A@b.example", "x", "es", "2026-11", "smtp")
    assert key == key_of("a@B.example", "x", "es", "2026-11", "smtp")
    others = [
        ("c@b.example", "x", "es", "2026-11", "smtp"),
        ("a@b.example", "y", "es", "2026-11", "smtp"),
        ("a@b.example", "x", "en", "2026-11", "smtp"),
        ("a@b.example", "x", "es", "2026-12", "smtp"),
        ("a@b.example", "x", "es", "2026-11", "drafts"),
    ]
    assert len({key, *(key_of(*other) for other in others)}) == 6


def test_a_ledger_reached_by_two_names_gives_each_email_away_once(tmp_path: Path) -> None:
    """A link is another name, not another ledger; and a file that ends in .lock is one like any other."""
    (tmp_path / "link.db").symlink_to(tmp_path / "mine.lock")
    with held(tmp_path / "mine.lock") as one, opened(tmp_path / "link.db") as other:
        assert one.begin("k", *EMAIL, "id") == "id"
        assert other.begin("k", *EMAIL, "id") == ""
        with pytest.raises(SourceError) as raised, held(tmp_path / "link.db"):
            pass
        assert code(raised) == "ledger-in-use"
        one.end("k", "put-off")
        assert other.begin("k", *EMAIL, "another") == "id"


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """It is refused, and not changed by a byte."""
    with sqlite3.connect(tmp_path / "x.db") as other:
        other.execute("CREATE TABLE message (body)")
    before = (tmp_path / "x.db").read_bytes()
    with pytest.raises(SourceError, match="belongs to another program") as raised, opened(tmp_path / "x.db"):
        pass
    assert code(raised) == "ledger-foreign"
    assert (tmp_path / "x.db").read_bytes() == before


def test_a_file_that_is_not_a_database_is_left_alone(tmp_path: Path) -> None:
    """It is refused, and not overwritten."""
    letter = "not a database, but a letter to my aunt, long enough to be one " * 9
    (tmp_path / "x.db").write_text(letter, encoding="utf-8")
    with pytest.raises(SourceError, match="is not a ledger") as raised, opened(tmp_path / "x.db"):
        pass
    assert code(raised) == "ledger-foreign"
    assert (tmp_path / "x.db").read_text(encoding="utf-8") == letter


def test_a_ledger_that_may_be_good_is_not_to_be_moved_away(tmp_path: Path) -> None:
    """Where it cannot be used now, the fix says to leave it: it knows who got what."""
    (tmp_path / "folder").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(SourceError) as raised, opened(tmp_path / "folder" / "l.db"):
        pass
    assert code(raised) == "ledger-not-usable"
    assert "Leave the file where it is" in str(raised.value)


def test_a_ledger_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It holds addresses; one that others could read is closed to them."""
    (tmp_path / "l.db").touch(mode=0o644)
    Ledger(tmp_path / "l.db").close()
    assert stat.S_IMODE((tmp_path / "l.db").stat().st_mode) == 0o600


def test_a_ledger_that_was_named_and_does_not_exist_is_a_problem() -> None:
    """The place is its file."""
    problem = missing_ledger(Path("lost.db"))
    assert (problem.code, problem.file) == ("file-missing", "lost.db")
