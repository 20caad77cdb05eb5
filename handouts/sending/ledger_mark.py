"""The mark beside a ledger: what was last known of it, so that an older copy is recognised, and one that is gone."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

MARK_SUFFIX = ".mark"  # after the name of the ledger


@dataclass(frozen=True)
class Mark:
    """What was last known of a ledger, kept beside it."""

    ledger: str
    emails: int
    changes: int
    at: str


def place_of(path: Path) -> Path:
    """Return where a ledger lies, behind every link: two names of one ledger have one lock and one mark."""
    return Path(os.path.realpath(path))


def mark_file(path: Path) -> Path:
    """Return the file of the mark of a ledger."""
    return Path(f"{place_of(path)}{MARK_SUFFIX}")


def read_mark(path: Path) -> Mark | None:
    """Return the mark beside a ledger, None where there is none that can be read."""
    file = mark_file(path)
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return None
        given = json.loads(file.read_text(encoding="utf-8"))
        mark = Mark(**given)
    except (OSError, ValueError, TypeError):
        return None
    sound = isinstance(mark.at, str) and all(type(n) is int for n in (mark.emails, mark.changes))
    return mark if sound else None


def write_mark(path: Path, ledger: str, emails: int, changes: int) -> None:
    """Note beside a ledger what is known of it. Where that cannot be written, an older copy is not recognised, no more.

    It is not forced onto the disk, which would take as long as the step itself: a power cut may leave an older mark.
    """
    mark, file = (
        Mark(ledger, emails, changes, datetime.now(tz=UTC).isoformat(timespec="seconds")),
        mark_file(path),
    )
    with suppress(OSError):
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".tmp", dir=file.parent)  # 0600
        try:
            with os.fdopen(handle, "w") as new:
                json.dump(asdict(mark), new)
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
