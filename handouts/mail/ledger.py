"""What was sent to whom: a database that survives a crash at any moment, so that nobody gets a thing twice."""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from handouts.problems import Problem, SourceError

# sending: begun; after a crash no one knows, and it becomes unknown. put-off: the server asked to come again.
Fate = Literal["sending", "sent", "unknown", "put-off", "refused"]
SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
  key TEXT PRIMARY KEY, address TEXT NOT NULL, what TEXT NOT NULL, way TEXT NOT NULL, fate TEXT NOT NULL,
  message_id TEXT NOT NULL, tries INTEGER NOT NULL, at TEXT NOT NULL, said TEXT NOT NULL
)"""
COLUMNS = "key, address, what, way, fate, message_id, tries, at, said"
PUT = f"INSERT OR REPLACE INTO message ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - two constants


@dataclass(frozen=True)
class Entry:
    """One message in the ledger: to whom, what (`about-ipt es standard 2026-11`), by which way, and what became of it."""

    key: str
    address: str
    what: str
    way: str
    fate: Fate
    message_id: str
    tries: int
    at: str
    said: str


def key_of(address: str, what: str, way: str) -> str:
    """Return what a message is known by: its address, what it says and the way it goes; 12 hex digits."""
    return hashlib.sha256(f"{address.casefold()}\0{what}\0{way}".encode()).hexdigest()[:12]


class Ledger:
    """The open ledger. Every change is on the disk before the next step is taken."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self.path = path
        self.database = sqlite3.connect(path, isolation_level=None, timeout=30)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        self.database.execute(SCHEMA)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def entries(self, *fates: Fate) -> list[Entry]:
        """Return the entries with one of the fates, or all, in the order in which they changed."""
        marks = ", ".join("?" * len(fates))
        where = f"WHERE fate IN ({marks})" if fates else ""
        rows = self.database.execute(f"SELECT {COLUMNS} FROM message {where} ORDER BY at, key", fates)  # noqa: S608 - marks only
        return [Entry(*row) for row in rows]

    def entry(self, key: str) -> Entry | None:
        """Return one entry, or None."""
        row = self.database.execute(f"SELECT {COLUMNS} FROM message WHERE key = ?", [key]).fetchone()  # noqa: S608 - a constant
        return Entry(*row) if row else None

    def begin(self, key: str, address: str, what: str, way: str, message_id: str) -> None:
        """Note that a message is about to be handed over; what happens after this may have happened."""
        before = self.entry(key)
        tries, known = (before.tries, before.message_id) if before else (0, message_id)
        row = (key, address, what, way, "sending", known or message_id, tries + 1, _now(), "")
        self.database.execute(PUT, row)

    def end(self, key: str, fate: Fate, said: str = "") -> None:
        """Note what became of a message."""
        change = "UPDATE message SET fate = ?, at = ?, said = ? WHERE key = ?"
        self.database.execute(change, (fate, _now(), said, key))

    def forget(self, key: str) -> None:
        """Take a message out: it was not handed over, or a person says that it may be sent again."""
        self.database.execute("DELETE FROM message WHERE key = ?", [key])

    def settle(self) -> int:
        """Return how many messages a run that was cut off left half way; from now on they are unknown."""
        change = "UPDATE message SET fate = 'unknown', at = ? WHERE fate = 'sending'"
        return self.database.execute(change, [_now()]).rowcount


def _now() -> str:
    return datetime.now(tz=UTC).isoformat(timespec="milliseconds")


@contextmanager
def opened(path: Path) -> Iterator[Ledger]:
    """Open the ledger for reading, or to decide about it.

    Raises SourceError where the file is no ledger.
    """
    try:
        ledger = Ledger(path)
    except (sqlite3.Error, OSError) as error:
        fix = "Move it away if it is something else; name another with --ledger."
        raise SourceError([Problem(str(path), f"this is no ledger: {error}.", fix)]) from error
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def held(path: Path) -> Iterator[Ledger]:
    """Open the ledger for one run that sends; what an earlier run left half way is unknown from now on.

    Raises SourceError where another run holds it: two at a time could send the same thing twice.
    """
    with opened(path) as ledger, path.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            what = "another run is sending by this ledger."
            raise SourceError([Problem(str(path), what, "Wait until it has ended.")]) from error
        ledger.settle()
        yield ledger
