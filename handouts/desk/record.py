"""The record of what was given: when, where, which handout and edition, in which form. No patient is in it."""

from __future__ import annotations

import csv
import hashlib
import io
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from handouts.model import Page
from handouts.problems import Problem, in_file, refuse

SCHEMA = 1  # of the file (PRAGMA user_version)


@dataclass(frozen=True)
class Given:
    """One handout that was printed, saved or put into an e-mail. `digest` is the SHA-256 of the handout, without a person's box.

    `at` is in UTC, `way` one of print, save, email (a draft as a file) and mailbox (a draft among those of the clinic).
    """

    at: str
    region: str
    clinic: str
    handout: str
    edition: str
    locale: str
    layout: str
    state: str
    way: str
    digest: str


FIELDS = tuple(each.name for each in fields(Given))


def given(page: Page, way: str, data: bytes) -> Given:
    """Return the record of a page that is given now, the bytes of which are these."""
    made = page.rendition
    return Given(
        datetime.now(tz=UTC).isoformat(timespec="seconds"),
        made.region,
        made.clinic,
        made.handout,
        page.english.edition,
        made.locale,
        made.layout,
        page.state,
        way,
        hashlib.sha256(data).hexdigest(),
    )


class Record:
    """A file of what was given, to which rows are added. A power cut loses the row of that moment at most."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self) -> None:
        """Make the file if there is none. Raises SourceError where it is none of ours, OSError where it cannot be made."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch(mode=0o600)
        with self._connected():
            pass

    @contextmanager
    def adding(self, rows: Sequence[Given]) -> Iterator[None]:
        """Add rows, all or none, before something is done, and take them out again where that fails.

        Nothing of that is begun where they cannot be kept. The file is free meanwhile: a mail server may be slow, and a print
        beside it is noted too.
        """
        marks = ", ".join("?" for _ in FIELDS)
        row = f"INSERT INTO given ({', '.join(FIELDS)}) VALUES ({marks})"  # noqa: S608 - names of our own
        with self._connected() as book, book:
            added = [(book.execute(row, astuple(each)).lastrowid,) for each in rows]
        try:
            yield
        except BaseException:
            with self._connected() as book, book:
                book.executemany("DELETE FROM given WHERE rowid = ?", added)
            raise

    def rows(self) -> list[Given]:
        """Return all rows, the earliest first."""
        with self._connected() as book:
            found = book.execute(f"SELECT {', '.join(FIELDS)} FROM given ORDER BY rowid")  # noqa: S608 - as above
            return [Given(*row) for row in found]

    def csv(self) -> str:
        """Return all rows as CSV with a head."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(FIELDS)
        writer.writerows(astuple(row) for row in self.rows())
        return text.getvalue()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """Give a line to the file. Raises SourceError where it is none of ours."""
        try:
            with closing(sqlite3.connect(self.path, timeout=10)) as book:
                version = book.execute("PRAGMA user_version").fetchone()[0]
                if version == 0 and not book.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    columns = ", ".join(f"{name} TEXT NOT NULL" for name in FIELDS)
                    book.execute(f"CREATE TABLE given ({columns}) STRICT")
                    book.execute(f"PRAGMA user_version = {SCHEMA}")
                    version = SCHEMA
                refuse([] if version == SCHEMA else [self._foreign("it is another program’s")])
                yield book
        except sqlite3.OperationalError as error:
            fix = "Check who may write it, and that the disk has room."
            refuse([in_file("record-refused", str(self.path), f"it cannot be kept ({error}).", fix)])
        except sqlite3.DatabaseError as error:
            refuse([self._foreign(str(error))])

    def _foreign(self, why: str) -> Problem:
        """Return the problem of a file that is none of ours."""
        what = f"it is not a record of what was given ({why})."
        return in_file("record-invalid", str(self.path), what, "Name another file with --record.")
