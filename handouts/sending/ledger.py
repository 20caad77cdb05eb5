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

from handouts.problems import Problem, SourceError, in_file

# The names of table and columns are in the ledgers that clinics keep, and in what scripts read: they stay.
# sending: begun; after a crash no one knows, and it becomes unknown. put-off: the server asked to try again later.
Fate = Literal["sending", "sent", "unknown", "put-off", "refused"]
SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
  key TEXT PRIMARY KEY, address TEXT NOT NULL, what TEXT NOT NULL, way TEXT NOT NULL, fate TEXT NOT NULL,
  message_id TEXT NOT NULL, tries INTEGER NOT NULL, at TEXT NOT NULL, said TEXT NOT NULL
)"""
ENTRY_FIELDS = "key, address, what, way, fate, message_id, tries, at, said"
OURS = 0x49505448  # the database says that it is a ledger of this program
PUT = f"INSERT OR REPLACE INTO message ({ENTRY_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - two constants


@dataclass(frozen=True)
class Entry:
    """One e-mail in the ledger: to whom, what (`about-ipt es standard 2026-11`), and what became of it.

    `way` is the name of its transport, `said` the server's last reply.
    """

    key: str
    address: str
    what: str
    way: str
    fate: Fate
    message_id: str
    tries: int
    at: str
    said: str


class ForeignDatabaseError(sqlite3.DatabaseError):
    """The database belongs to another program."""


def key_of(address: str, handout: str, locale: str, edition: str, transport: str) -> str:
    """Return what an e-mail is known by: its address, which edition of what in which language, and the transport.

    12 hex digits. Layout, region and clinic are left out: whoever has got the handout has got it.
    """
    parts = "\0".join([address.casefold(), handout, locale, edition, transport])  # noqa: FLY002 - as it reads best
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


class Ledger:
    """The open ledger. Every change is on the disk before the next step is taken."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        self.database = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._claim()
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        self.database.execute(SCHEMA)

    def _claim(self) -> None:
        """Make a new database ours. Raises ForeignDatabaseError where it is another program's."""
        (known,) = self.database.execute("PRAGMA application_id").fetchone()
        (tables,) = self.database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if known != OURS and (known or tables):
            raise ForeignDatabaseError("it belongs to another program")
        if known != OURS:
            self.database.execute(f"PRAGMA application_id = {OURS}")

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def entries(self, *fates: Fate) -> list[Entry]:
        """Return the entries with one of the fates, or all, in the order in which they changed."""
        marks = ", ".join("?" * len(fates))
        where = f"WHERE fate IN ({marks})" if fates else ""
        rows = self.database.execute(f"SELECT {ENTRY_FIELDS} FROM message {where} ORDER BY at, key", fates)  # noqa: S608 - marks only
        return [Entry(*row) for row in rows]

    def entry(self, key: str) -> Entry | None:
        """Return one entry, or None."""
        row = self.database.execute(f"SELECT {ENTRY_FIELDS} FROM message WHERE key = ?", [key]).fetchone()  # noqa: S608 - a constant
        return Entry(*row) if row else None

    def begin(self, key: str, address: str, what: str, transport: str, message_id: str) -> str:
        """Note that an e-mail is about to be handed over; from here on it may have been sent, whatever happens.

        Returns its Message-ID, the same each time, or nothing where it was sent before, or another run is
        sending it: no lock is needed for that, so a ledger reached by two names is safe.
        """
        self.database.execute("BEGIN IMMEDIATE")
        try:
            before = self.entry(key)
            free = before is None or before.fate == "put-off"
            tries, known = (before.tries, before.message_id) if before else (0, message_id)
            if free:
                self.database.execute(
                    PUT, (key, address, what, transport, "sending", known, tries + 1, _now(), "")
                )
        finally:
            self.database.execute("COMMIT")
        return known if free else ""

    def end(self, key: str, fate: Fate, said: str = "") -> None:
        """Note what became of an e-mail."""
        change = "UPDATE message SET fate = ?, at = ?, said = ? WHERE key = ?"
        self.database.execute(change, (fate, _now(), said, key))

    def settle(self) -> int:
        """Return how many e-mails were left half way by a run that was cut off; from now on they are unknown."""
        change = "UPDATE message SET fate = 'unknown', at = ? WHERE fate = 'sending'"
        return self.database.execute(change, [_now()]).rowcount


def _now() -> str:
    return datetime.now(tz=UTC).isoformat(timespec="milliseconds")


@contextmanager
def opened(path: Path) -> Iterator[Ledger]:
    """Open the ledger for reading, or to decide about it.

    Raises SourceError where the file is not a ledger, and where it cannot be used now.
    """
    try:
        ledger = Ledger(path)
        try:
            yield ledger
        finally:
            ledger.close()
    except (sqlite3.Error, OSError) as error:
        raise SourceError([_problem(path, error)]) from error


def missing_ledger(path: Path) -> Problem:
    """Return the problem of a ledger that was named and does not exist."""
    fix = "Check the name after --ledger."
    return in_file("file-missing", str(path), "there is no such ledger.", fix)


def _problem(path: Path, error: sqlite3.Error | OSError) -> Problem:
    """Return the problem of a ledger; one that may be good is never to be moved away."""
    no_database = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB
    if no_database or isinstance(error, ForeignDatabaseError):
        what = "this file is not a ledger" + (
            ", nor any database." if no_database else ": it belongs to another program."
        )
        fix = "Leave it to what it belongs to; name another with --ledger."
        return in_file("ledger-foreign", str(path), what, fix)
    reason = error.strerror if isinstance(error, OSError) else str(error)
    what = f"the ledger cannot be used now: {reason}."
    fix = "Leave the file where it is, it knows who got what. Make room, or close what else uses it, and run the same again."
    return in_file("ledger-not-usable", str(path), what, fix)


@contextmanager
def held(path: Path) -> Iterator[Ledger]:
    """Open the ledger for one run that sends; what an earlier run left half way is unknown from now on.

    Raises SourceError where another run holds it, or it cannot be used.
    """
    with opened(path) as ledger, Path(f"{path.resolve()}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            what, fix = "another run is using this ledger to send.", "Wait until it has ended."
            raise SourceError([in_file("ledger-in-use", str(path), what, fix)]) from error
        ledger.settle()
        yield ledger
