"""The ledger: on the disk before the next step, for its owner's eyes, and never another program's file."""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.problems import SourceError
from handouts.sending.ledger import Fate, held, key_of, missing_ledger, opened

EMAIL = ("a@b.example", "about-ipt es standard 2026-11", "smtp")


def code(error: pytest.ExceptionInfo[SourceError]) -> str:
    """Return the code of the one problem of an error."""
    (problem,) = error.value.problems
    return problem.code


def test_every_step_is_in_the_one_file_before_the_next(tmp_path: Path) -> None:
    """Another reader sees it at once, and nothing lies beside it that a copy would have to take along."""
    with held(tmp_path / "l.db") as ledger:
        ledger.begin("k", *EMAIL, "id")
        assert ledger.database.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert ledger.database.execute("PRAGMA synchronous").fetchone() == (3,)
        assert {path.name for path in tmp_path.iterdir()} == {"l.db", "l.db.lock", "l.db.mark"}
        with closing(sqlite3.connect(tmp_path / "l.db")) as other:
            assert other.execute("SELECT fate FROM message").fetchall() == [("sending",)]
    with held(tmp_path / "l.db") as ledger:
        assert ledger.entries("unknown")[0].message_id == "id"


def test_what_was_begun_and_not_ended_is_unknown_to_the_next_run(tmp_path: Path) -> None:
    """Only that; what has an end keeps it, and the number of those in doubt is returned."""
    with held(tmp_path / "l.db") as ledger:
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
    with held(tmp_path / "l.db") as ledger:
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


def test_a_ledger_that_may_be_good_is_not_to_be_moved_away(tmp_path: Path) -> None:
    """Where it cannot be used now, the fix says to leave it: it knows who got what."""
    (tmp_path / "folder").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(SourceError) as raised, opened(tmp_path / "folder" / "l.db"):
        pass
    assert code(raised) == "ledger-not-usable"
    assert "Leave the file where it is" in str(raised.value)


def test_a_ledger_that_was_named_and_does_not_exist_is_a_problem() -> None:
    """The place is its file."""
    problem = missing_ledger(Path("lost.db"))
    assert (problem.code, problem.file) == ("file-missing", "lost.db")


def test_looking_makes_no_ledger(tmp_path: Path) -> None:
    """Only a run that sends begins one."""
    with pytest.raises(SourceError) as raised, opened(tmp_path / "l.db"):
        pass
    assert code(raised) == "ledger-lost"
    assert not list(tmp_path.iterdir())


def test_an_error_of_the_work_itself_is_not_called_one_of_the_ledger(tmp_path: Path) -> None:
    """A server that cannot be reached is no reason to move a ledger."""
    with pytest.raises(ConnectionRefusedError), held(tmp_path / "l.db"):
        raise ConnectionRefusedError
    assert not (tmp_path / "l.db.lock").exists()


def test_a_step_that_is_cut_off_changes_nothing(tmp_path: Path) -> None:
    """Neither the entry nor what the ledger says of itself."""
    with held(tmp_path / "l.db") as ledger:
        ledger.begin("k", *EMAIL, "id")
        with contextlib.suppress(KeyboardInterrupt), ledger._step():
            ledger._put(None, replace(ledger.entries()[0], key="other"))
            raise KeyboardInterrupt
    with opened(tmp_path / "l.db") as ledger:
        assert [entry.key for entry in ledger.entries()] == ["k"]


def test_a_new_ledger_in_the_place_of_a_lost_one_keeps_what_is_left_of_it(tmp_path: Path) -> None:
    """Under another name, byte for byte; nothing of the old one is taken for a part of the new."""
    path = tmp_path / "l.db"
    with held(path) as ledger:
        ledger.begin("k", *EMAIL, "id")
    half = path.read_bytes()[:5000]
    path.write_bytes(half)
    (tmp_path / "l.db-journal").write_bytes(b"left")
    with pytest.raises(SourceError) as raised, held(path):
        pass
    assert code(raised) == "ledger-damaged"
    assert path.read_bytes() == half
    with held(path, new=True) as ledger:
        assert ledger.entries() == []
    (aside,) = (
        each for each in tmp_path.iterdir() if ".aside-" in each.name and each.suffix.startswith(".aside")
    )
    assert aside.read_bytes() == half
    with held(path) as ledger:
        assert ledger.begin("k", *EMAIL, "id") == "id"


def test_an_empty_ledger_does_not_take_the_place_of_one_that_knows_its_past(tmp_path: Path) -> None:
    """Nor of a file that is not ours, whatever was typed."""
    path, letter = tmp_path / "l.db", tmp_path / "people.csv"
    with held(path) as ledger:
        ledger.begin("k", *EMAIL, "id")
    letter.write_text("address\na@b.example\n" * 99, encoding="utf-8")
    for each, said in ((path, "ledger-whole"), (letter, "ledger-foreign")):
        before = each.read_bytes()
        with pytest.raises(SourceError) as raised, held(each, new=True):
            pass
        assert code(raised) == said
        assert each.read_bytes() == before
