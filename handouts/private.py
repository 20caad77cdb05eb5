"""A folder of this run's own for everything temporary: nobody else can read it, guess its name, or put anything in it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handouts.problems import Problem, SourceError

TMPDIR, RUNTIME = "TMPDIR", "XDG_RUNTIME_DIR"
PREFIX = "ipt-handouts-"
FOLDER_NAME = re.compile(f"{PREFIX}[a-z0-9_]{{8}}")  # as tempfile.mkdtemp makes them
IN_USE = ".in-use"  # locked for as long as the run lasts
USUAL = ("/tmp", "/var/tmp")  # noqa: S108 - a folder with a name of its own is made in them


@contextmanager
def own_folder() -> Iterator[Path]:
    """Give this process, its workers and the programs it calls a folder for temporary files; remove it at the end.

    Everything that asks for a temporary file gets it there, a library too, by way of TMPDIR. The name cannot be guessed
    and no other user can look inside (0700). It also goes when a signal stops the run in order (stopping); after kill -9
    or a power cut the next run takes it away. Raises SourceError where there is no safe place for it.
    """
    base = _base()
    _sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    with _in_use(folder), _as_tmpdir(folder):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def lasting_folder() -> Path:
    """Return the folder for temporary files that are still there when this run has ended: the one around ours."""
    folder = Path(tempfile.gettempdir())
    return folder.parent if FOLDER_NAME.fullmatch(folder.name) else folder


@contextmanager
def outside() -> Iterator[None]:
    """Start a program that outlives this run, as a browser may, with a folder for temporary files that does so too."""
    ours = os.environ.get(TMPDIR)
    _set(str(lasting_folder()))
    try:
        yield
    finally:
        _set(ours)


def _base() -> Path:
    """Return the folder to put ours in. Raises SourceError where others could put theirs in its place."""
    usual = tempfile.gettempdir()
    for name in (usual, os.environ.get(RUNTIME, ""), *USUAL):
        if name and is_sound(Path(name)):
            return Path(name).resolve()
    what = f"other users of this machine could exchange what is put into “{usual}”."
    fix = f"Set {TMPDIR} to a folder of your own, or have the folder made sticky (chmod +t)."
    raise SourceError([Problem("temporary-folder-unsafe", TMPDIR, what, fix)])


def is_sound(folder: Path) -> bool:
    """Whether what we make in a folder stays ours: it is root's or our own, and others cannot rename what is in it."""
    try:
        found = folder.stat()
    except OSError:
        return False
    exchangeable = found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX
    return stat.S_ISDIR(found.st_mode) and found.st_uid in {0, os.getuid()} and not exchangeable


@contextmanager
def _in_use(folder: Path) -> Iterator[None]:
    """Mark a folder as being in use, for as long as this process lives."""
    new = folder / "new"
    with new.open("x") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        new.rename(folder / IN_USE)  # nobody meets the mark without its lock
        yield


def _sweep(base: Path) -> None:
    """Remove the folders of runs that were killed: ours, and in use no more."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(base):
            if FOLDER_NAME.fullmatch(entry.name) and _is_abandoned(Path(entry.path)):
                shutil.rmtree(entry.path, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    """Whether a folder is one that a run of ours has made, and left when it was killed."""
    try:
        found = folder.lstat()
        if not (stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()):
            return False
        handle = os.open(folder / IN_USE, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    with os.fdopen(handle, "r+") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


@contextmanager
def _as_tmpdir(folder: Path) -> Iterator[None]:
    """Make a folder the one for temporary files of this process and of those it starts."""
    before = os.environ.get(TMPDIR)
    _set(str(folder))
    try:
        yield
    finally:
        _set(before)


def _set(name: str | None) -> None:
    """Set TMPDIR, or unset it, and have tempfile look at it again."""
    os.environ.pop(TMPDIR, None)
    if name is not None:
        os.environ[TMPDIR] = name
    tempfile.tempdir = None
