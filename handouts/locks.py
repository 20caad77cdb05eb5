"""Locks between processes: each lies beside what it guards, and is gone when nobody holds it."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 20.0  # seconds to wait for another process; what is done under a lock takes a second or two
PAUSE = 0.02  # seconds between two attempts


@contextmanager
def locked(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock at `path`, alone among all processes; wait for it as long as `patience` says.

    The file can be opened by its owner alone, so that no other user can hold it; a link in its place is not followed. It
    is removed at the end. Raises TimeoutError where another process holds it all the time, PermissionError where what
    lies there is not ours, and OSError.
    """
    end = time.monotonic() + patience
    while (handle := _attempt(path)) is None:
        if time.monotonic() >= end:
            raise TimeoutError(errno.ETIMEDOUT, "another run of this program has it locked", str(path))
        time.sleep(PAUSE)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _attempt(path: Path) -> int | None:
    """Return the open file of a lock that is now ours, or None while it is another's."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    handle = os.open(path, flags, 0o600)
    try:
        found = os.fstat(handle)
        _refuse_foreign(found, path)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(found, path.lstat()):
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass  # held by another, or removed by the one who held it until now
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


def _refuse_foreign(found: os.stat_result, path: Path) -> None:
    """Raise PermissionError for anything but a file, and for another user's."""
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, "this lock file is not ours", str(path))
