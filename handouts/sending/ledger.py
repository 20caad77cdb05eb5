"""What was sent to whom: a database that survives a crash at any moment, so that nobody gets a thing twice."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from handouts.locks import locked
from handouts.problems import Problem, SourceError, in_file
from handouts.sending.ledger_file import (
    ENTRY_FIELDS,
    NEW_LEDGER,
    UNBELIEVED,
    Totals,
    believe,
    change_totals,
    connect,
    create,
    ledger_problem,
    look,
    seal_of,
    set_aside,
    step,
    was_used,
)
from handouts.sending.ledger_mark import place_of, write_mark

# sending: begun; after a crash no one knows, and it becomes unknown. put-off: it has not gone, and the next run may try.
# bounced: it was sent and came back, as a person said.
Fate = Literal["sending", "sent", "unknown", "put-off", "refused", "bounced"]
PUT = f"INSERT OR REPLACE INTO message ({ENTRY_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - two constants


@dataclass(frozen=True)
class Entry:
    """One e-mail in the ledger: to whom, what (`about-ipt es standard 2026-11`), and what became of it.

    `way` is the name of its transport: `smtp` for whatever sends, as who got it by SMTP does not get it by Graph too, or
    `drafts`. `said` is the server's last reply.
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


def key_of(address: str, handout: str, locale: str, edition: str, transport: str) -> str:
    """Return what an e-mail is known by: its address, which edition of what in which language, and the transport.

    12 hex digits. Layout, region and clinic are left out: whoever has got the handout has got it.
    """
    parts = "\0".join([address.casefold(), handout, locale, edition, transport])  # noqa: FLY002 - as it reads best
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


class Ledger:
    """The open ledger. Every change is on the disk, in the one file, before the next step is taken."""

    def __init__(self, path: Path, *, whichever: bool = False) -> None:
        """Open a ledger that is there. Raises SourceError where it is not to be believed, sqlite3.Error and OSError.

        `whichever` takes it although another or a newer one was here.
        """
        look(path)
        self.path = path
        self.database = connect(path)
        try:
            believe(self.database, path, whichever=whichever)
        except BaseException:
            self.database.close()
            raise

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
        with self._step():
            before = self.entry(key)
            if before and before.fate != "put-off":
                return ""
            tries, known = (before.tries, before.message_id) if before else (0, message_id)
            self._put(before, Entry(key, address, what, transport, "sending", known, tries + 1, _now(), ""))
        return known

    def end(self, key: str, fate: Fate, said: str = "") -> None:
        """Note what became of an e-mail."""
        with self._step():
            before = self.entry(key)
            if before:
                self._put(before, replace(before, fate=fate, at=_now(), said=said))

    def settle(self) -> int:
        """Return how many e-mails were left half way by a run that was cut off; from now on they are unknown."""
        with self._step():
            left = self.entries("sending")
            for entry in left:
                self._put(entry, replace(entry, fate="unknown", at=_now()))
        return len(left)

    @contextmanager
    def _step(self) -> Iterator[None]:
        """Change the ledger as a whole or not at all, then note beside it that it was changed."""
        self.changed: Totals | None = None
        with step(self.database):
            yield
        if self.changed:
            now = self.changed
            write_mark(self.path, now.id, now.emails, now.changes)

    def _put(self, before: Entry | None, now: Entry) -> None:
        """Write an entry, in the place of the one before, and what the ledger says of itself."""
        row = astuple(now)
        self.database.execute(PUT, row)
        seal = seal_of(row) - (seal_of(astuple(before)) if before else 0)
        self.changed = change_totals(self.database, emails=0 if before else 1, seal=seal)


def _now() -> str:
    return datetime.now(tz=UTC).isoformat(timespec="milliseconds")


@contextmanager
def opened(path: Path, *, whichever: bool = False) -> Iterator[Ledger]:
    """Open a ledger that is there, for reading or to decide about it.

    Raises SourceError where it is not a ledger, does not know its past, or cannot be used now.
    """
    try:
        ledger = Ledger(path, whichever=whichever)
    except (sqlite3.Error, OSError, UnicodeError) as error:
        raise SourceError([ledger_problem(path, error)]) from error
    try:
        yield ledger
    except sqlite3.Error as error:
        raise SourceError([ledger_problem(path, error)]) from error
    finally:
        ledger.close()


def missing_ledger(path: Path) -> Problem:
    """Return the problem of a ledger that was named and does not exist."""
    fix = "Check the name after --ledger."
    return in_file("file-missing", str(path), "there is no such ledger.", fix)


@contextmanager
def held(path: Path, *, new: bool = False, whichever: bool = False) -> Iterator[Ledger]:
    """Open the ledger for one run that sends; what an earlier run left half way is unknown from now on.

    It is made where there never was one, and where a person wants a `new` one although its past is lost: what is left of
    it is kept under another name. Raises SourceError where another run holds it, or it cannot be used.
    """
    with _locked(path):
        try:
            _make(path, new=new)
        except (sqlite3.Error, OSError, UnicodeError) as error:
            raise SourceError([ledger_problem(path, error)]) from error
        with opened(path, whichever=whichever) as ledger:
            ledger.settle()
            yield ledger


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a ledger for one run. Raises SourceError at once where another run holds it."""
    with ExitStack() as stack:
        try:
            if was_used(path):
                _look_unless_unbelieved(path)  # nothing is put beside a file that is not ours
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(Path(f"{place_of(path)}.lock"), 0))
        except TimeoutError as error:
            what, fix = "another run is using this ledger to send.", "Wait until it has ended."
            raise SourceError([in_file("ledger-in-use", str(path), what, fix)]) from error
        except OSError as error:
            raise SourceError([ledger_problem(path, error)]) from error
        yield


def _look_unless_unbelieved(path: Path) -> None:
    """Look at a ledger; one whose past is lost may be begun anew. Raises SourceError for every other fault."""
    try:
        look(path)
    except SourceError as error:
        if not all(problem.code in UNBELIEVED for problem in error.problems):
            raise


def _make(path: Path, *, new: bool) -> None:
    """Make a ledger where there never was one, or where a new one is wanted in the place of one that is not to be believed.

    Raises SourceError where a new one is wanted and there is one that knows its past.
    """
    if not was_used(path):
        create(path)
    elif new:
        try:
            with opened(path, whichever=True):
                pass
        except SourceError as error:
            if not all(problem.code in UNBELIEVED for problem in error.problems):
                raise
            set_aside(path)
            create(place_of(path))
        else:
            what = "this ledger knows its past: an empty one would send everything again."
            raise SourceError([in_file("ledger-whole", str(path), what, f"Leave {NEW_LEDGER} out.")])
