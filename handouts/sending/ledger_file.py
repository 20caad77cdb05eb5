"""The file of the ledger: looked at before anything is done to it, made whole or not at all, believed only when it is whole."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from handouts.problems import Problem, SourceError, counted, in_file
from handouts.sending.ledger_mark import MARK_SUFFIX, mark_file, place_of, read_mark, write_mark

# The names of table and columns are in the ledgers that clinics keep, and in what scripts read: they stay.
ENTRY_FIELDS = "key, address, what, way, fate, message_id, tries, at, said"
SCHEMA = """
CREATE TABLE message (
  key TEXT PRIMARY KEY, address TEXT NOT NULL, what TEXT NOT NULL, way TEXT NOT NULL, fate TEXT NOT NULL,
  message_id TEXT NOT NULL, tries INTEGER NOT NULL, at TEXT NOT NULL, said TEXT NOT NULL
)"""
# One row: what the ledger says of itself, changed in one step with what it is about.
TOTALS = "CREATE TABLE ledger (id TEXT NOT NULL, emails INTEGER NOT NULL, changes INTEGER NOT NULL, seal TEXT NOT NULL)"
APPLICATION_ID = 0x49505448  # the database says that it is a ledger of this program (application_id)
KIND = 2  # user_version of ledgers that have totals; those of before have 0
FILE_HEADER, FILE_HEADER_SIZE, ID_AT = (
    b"SQLite format 3\0",
    100,
    slice(68, 72),
)  # https://www.sqlite.org/fileformat.html
BESIDE = ("-journal", "-wal", "-shm")  # what SQLite puts beside a database
MODULUS = 1 << 256
OWNER_ONLY = 0o600  # the mode of what only its owner may read
CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
NEW_LEDGER, THIS_LEDGER = "--new-ledger", "--this-ledger"
# Where an empty ledger may take the place of what is there, if a person says so.
UNBELIEVED = frozenset({"ledger-empty", "ledger-damaged", "ledger-incomplete", "ledger-lost"})
RESTORE = (
    "Put back the newest copy of it, with nothing of another beside it. Where there is none, add "
    f"{NEW_LEDGER} to mail send or mail draft: it begins an empty ledger, and everyone may get again what they have got."
)
GO_ON = (
    f"Put the newer one back. Where it is lost, add {THIS_LEDGER} to mail send or mail draft: whoever got something that this one does not "
    "know may get it again."
)
FOREIGN = "Leave it to what it belongs to; name another with --ledger."
LEAVE = "Leave the file where it is, it knows who got what. Make room, or close what else uses it, and run the same again."


@dataclass(frozen=True)
class Totals:
    """What a ledger says of itself: how many e-mails it holds, how often it was changed, and the seal of its rows."""

    id: str
    emails: int
    changes: int
    seal: int


def seal_of(row: Iterable[Any]) -> int:
    """Return what one row adds to the seal of a ledger; the sum does not depend on the order of the rows."""
    written = json.dumps(list(row), default=_blob)
    return int.from_bytes(hashlib.sha256(written.encode()).digest(), "big")


def _blob(value: bytes) -> dict[str, str]:
    """Return a value that is neither text nor number, which one changed byte can make of a text: never like what was written."""
    return {"blob": value.hex()}


def was_used(path: Path) -> bool:
    """Whether there is a ledger, or was one as far as can be told: then its past matters."""
    place = place_of(path)
    traces = [path, place, mark_file(path), *(Path(f"{place}{end}") for end in BESIDE)]
    return any(os.path.lexists(each) for each in traces)


def refused(path: Path, code: str, what: str, fix: str) -> SourceError:
    """Return the error of a ledger that is not used as it is."""
    return SourceError([in_file(code, str(path), what, fix)])


def look(path: Path) -> None:
    """See that a file is a ledger and ours, without changing anything. Raises SourceError where it is not, and OSError."""
    mark = read_mark(path)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except FileNotFoundError:
        known = f" It knew of {counted(mark.emails, 'e-mail')} on {mark.at[:10]}." if mark else ""
        raise refused(path, "ledger-lost", f"the ledger is gone.{known}", RESTORE) from None
    try:
        found = os.fstat(handle)
        head = os.read(handle, FILE_HEADER_SIZE) if stat.S_ISREG(found.st_mode) else b""
    finally:
        os.close(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        raise refused(path, "ledger-foreign", _kind(found), FOREIGN)
    if not head:
        raise refused(path, "ledger-empty", "the ledger is an empty file: what it knew is lost.", RESTORE)
    is_ours = head.startswith(FILE_HEADER) and head[ID_AT] == APPLICATION_ID.to_bytes(4, "big")
    if not is_ours and (
        mark or (len(head) < FILE_HEADER_SIZE and FILE_HEADER.startswith(head[: len(FILE_HEADER)]))
    ):
        raise refused(path, "ledger-damaged", "the ledger is damaged: its beginning is lost.", RESTORE)
    if not is_ours:
        whose = "it belongs to another program" if head.startswith(FILE_HEADER) else "it is not a database"
        raise refused(path, "ledger-foreign", f"this file is not a ledger: {whose}.", FOREIGN)


def _kind(found: os.stat_result) -> str:
    """Return why something is not a file of ours, as a sentence."""
    if stat.S_ISDIR(found.st_mode):
        return "this is a folder, not a ledger."
    if not stat.S_ISREG(found.st_mode):
        return "this is not a ledger, nor any file."
    return "this file belongs to another user of this machine."


def create(path: Path) -> None:
    """Make an empty ledger, whole in one step, for its owner alone; what is already there stays. Raises OSError, sqlite3.Error."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    new = Path(name)
    try:
        with closing(sqlite3.connect(new, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous = EXTRA")
            database.execute("BEGIN")
            for statement in (
                f"PRAGMA application_id = {APPLICATION_ID}",
                f"PRAGMA user_version = {KIND}",
                SCHEMA,
                TOTALS,
            ):
                database.execute(statement)
            _put_totals(database, Totals(uuid.uuid4().hex, 0, 0, 0))
            database.execute("COMMIT")
        _give_name(new, path)
    finally:
        new.unlink(missing_ok=True)


def _give_name(new: Path, path: Path) -> None:
    """Give a finished file its name, unless another run was quicker. Raises OSError."""
    try:
        path.hardlink_to(new)
    except FileExistsError:
        return
    except OSError:  # a disk that knows no second names
        if not os.path.lexists(path):
            new.rename(path)


def connect(path: Path) -> sqlite3.Connection:
    """Open a ledger that has been looked at, so that a commit is on the disk, in the one file. Raises sqlite3.Error, OSError.

    Without a write-ahead log: what lies beside the file while it is written is only what undoes a step that was cut off.
    """
    database = sqlite3.connect(
        f"{place_of(path).as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=30
    )
    try:
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "synchronous = EXTRA"):
            database.execute(f"PRAGMA {pragma}").fetchall()
        _without_log(database)
        if stat.S_IMODE(path.stat().st_mode) != OWNER_ONLY:
            path.chmod(OWNER_ONLY)  # it holds addresses
    except BaseException:
        database.close()
        raise
    return database


def _without_log(database: sqlite3.Connection) -> None:
    """Take what a write-ahead log holds into the file, as those of earlier versions had one. Raises sqlite3.Error."""
    if database.execute("PRAGMA journal_mode = DELETE").fetchone() != ("delete",):
        raise sqlite3.OperationalError("another program has it open")


def believe(database: sqlite3.Connection, path: Path, *, whichever: bool = False) -> None:
    """See that a ledger says all that it ever said. Raises SourceError where it does not, sqlite3.Error where it cannot be asked.

    An older copy is as whole as the newest: it is known by the mark beside it alone, and taken where a person wants
    `whichever` is there.
    """
    with step(database):
        _check_pages(database, path)
        totals = _checked_totals(database, path)
        if not whichever:
            _compare(path, totals)
        write_mark(
            path, totals.id, totals.emails, totals.changes
        )  # before another may go on, or an older one would take the place of a newer


@contextmanager
def step(database: sqlite3.Connection) -> Iterator[None]:
    """Do something to a ledger as a whole or not at all, alone among all who have it open. Raises sqlite3.Error."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def is_corrupt(error: sqlite3.Error | OSError | UnicodeError) -> bool:
    """Whether an error says that the file is not a sound database, and not that it cannot be used just now.

    A name of a table that is no UTF-8 any more is told by Python, while it reads what SQLite says of it.
    """
    return isinstance(error, UnicodeError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in CORRUPT


def _check_pages(database: sqlite3.Connection, path: Path) -> None:
    """Raise SourceError where pages of the file are lost or disagree, an index too."""
    try:
        (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if not is_corrupt(error):
            raise
        said = str(error)
    if said != "ok":
        raise refused(path, "ledger-damaged", f"the ledger is damaged ({' '.join(said.split())}).", RESTORE)


def _checked_totals(database: sqlite3.Connection, path: Path) -> Totals:
    """Return what a ledger says of itself. Raises SourceError where its rows are not what it says."""
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    (kind,) = database.execute("PRAGMA user_version").fetchone()
    if "message" not in tables or (kind == KIND and "ledger" not in tables):
        raise refused(
            path, "ledger-incomplete", "the ledger says nothing of its past: a table is gone.", RESTORE
        )
    seal, number = 0, 0
    for row in database.execute(f"SELECT {ENTRY_FIELDS} FROM message"):  # noqa: S608 - a constant
        seal, number = (seal + seal_of(row)) % MODULUS, number + 1
    if "ledger" not in tables:
        return _adopt(database, path, Totals(uuid.uuid4().hex, number, number, seal))
    totals = read_totals(database)
    if totals is None or (totals.emails, totals.seal) != (number, seal):
        said = counted(totals.emails, "e-mail") if totals else "nothing"
        what = f"the ledger is not whole: it was last written with {said}, and {number} are in it as they were written."
        if totals and totals.emails == number:
            what = "the ledger is not whole: not all of it is as it was written."
        raise refused(path, "ledger-incomplete", what, RESTORE)
    return totals


def _adopt(database: sqlite3.Connection, path: Path, totals: Totals) -> Totals:
    """Give a ledger of an earlier version its totals. Raises SourceError where nothing is in it: it may have been emptied."""
    if not totals.emails:
        raise refused(
            path, "ledger-incomplete", "the ledger says nothing of its past: it has no e-mail.", RESTORE
        )
    database.execute(TOTALS)
    _put_totals(database, totals)
    database.execute(f"PRAGMA user_version = {KIND}")
    return totals


def read_totals(database: sqlite3.Connection) -> Totals | None:
    """Return what a ledger says of itself, None where that is not as it was written."""
    rows = database.execute("SELECT id, emails, changes, seal FROM ledger").fetchall()
    try:
        ((name, emails, changes, seal),) = rows
        return Totals(str(name), int(emails), int(changes), int(seal, 16))
    except (ValueError, TypeError):
        return None


def _put_totals(database: sqlite3.Connection, totals: Totals) -> None:
    """Write what a new ledger says of itself."""
    row = (totals.id, totals.emails, totals.changes, f"{totals.seal:064x}")
    database.execute("INSERT INTO ledger (id, emails, changes, seal) VALUES (?, ?, ?, ?)", row)


def change_totals(database: sqlite3.Connection, *, emails: int, seal: int) -> Totals:
    """Add to what a ledger says of itself, in the step that changes its rows; return it. Raises sqlite3.Error."""
    old = read_totals(database)
    if old is None:
        raise sqlite3.DatabaseError("what it says of itself has been changed")
    new = Totals(old.id, old.emails + emails, old.changes + 1, (old.seal + seal) % MODULUS)
    row = (new.emails, new.changes, f"{new.seal:064x}")
    database.execute("UPDATE ledger SET emails = ?, changes = ?, seal = ?", row)
    return new


def _compare(path: Path, totals: Totals) -> None:
    """Raise SourceError where the mark beside a ledger knows more than the ledger does."""
    mark = read_mark(path)
    if mark is None or (mark.ledger == totals.id and mark.changes <= totals.changes):
        return
    if mark.ledger != totals.id:
        what = f"another ledger was here, which knew of {counted(mark.emails, 'e-mail')} on {mark.at[:10]}."
        raise refused(path, "ledger-exchanged", what, GO_ON)
    what = (
        f"the ledger is an older copy: it was changed {mark.changes - totals.changes} times more until {mark.at[:10]}, "
        f"when it had {counted(mark.emails, 'e-mail')}; now it has {totals.emails}."
    )
    raise refused(path, "ledger-older", what, GO_ON)


def set_aside(path: Path) -> None:
    """Give what is left of a ledger another name, so that an empty one can be begun and nothing is lost. Raises OSError."""
    place = place_of(path)
    moment = f"{datetime.now(tz=UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:4]}"
    aside = place.with_name(f"{place.name}.aside-{moment}")
    for end in ("", *BESIDE, MARK_SUFFIX):
        with suppress(FileNotFoundError):
            Path(f"{place}{end}").rename(f"{aside}{end}")


def ledger_problem(path: Path, error: sqlite3.Error | OSError | UnicodeError) -> Problem:
    """Return the problem of a ledger that cannot be used; one that may be good is never to be moved away."""
    reason = error.strerror if isinstance(error, OSError) else str(error)
    if isinstance(error, UnicodeError):
        reason = "the names in it cannot be read"
    if is_corrupt(error):
        return in_file("ledger-damaged", str(path), f"the ledger is damaged ({reason}).", RESTORE)
    return in_file("ledger-not-usable", str(path), f"the ledger cannot be used now: {reason}.", LEAVE)
