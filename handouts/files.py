"""Files: read by one door, with what is wrong told as a problem; written whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import select
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from io import FileIO
from pathlib import Path

from handouts.problems import Problem, in_file

LARGEST_FILE = 32_000_000  # bytes of one file: twenty times what the largest catalog of a large library has
GREETING, READ_WAIT = (
    2.0,
    300.0,
)  # seconds until a program must have opened a pipe to write, and that it may be silent
# What a path can lead to beside a file, by the type in its mode.
FILE_KINDS = {
    stat.S_IFDIR: "this is a folder, not a file.",
    stat.S_IFIFO: "this is a pipe, not a file.",
    stat.S_IFSOCK: "this is a socket, not a file.",
    stat.S_IFCHR: "this is a device, not a file.",
    stat.S_IFBLK: "this is a device, not a file.",
}


class _RefusedError(Exception):
    """A file is not read; says why in a sentence."""


def is_there(path: Path) -> bool:
    """Whether something is at a path: a link too, even one that leads nowhere."""
    return os.path.lexists(path)


def not_a_folder(folder: Path) -> Path | None:
    """Return the path to a folder, or one above it, that leads to something else than a folder; None where none does."""
    for each in (folder, *folder.parents):
        with suppress(OSError):  # it leads to where nobody may look: who goes there is told
            if is_there(each) and not each.is_dir():
                return each
    return None


def read_text(path: Path, root: Path) -> tuple[str | None, list[Problem]]:
    """Return the text of a file of the project at `root`, or None and what is wrong with it.

    A byte order mark is taken off. What is read is what `read_bytes` reads. Raises nothing.
    """
    data, problems = read_bytes(path, root)
    try:
        return None if data is None else data.decode("utf-8-sig"), problems
    except UnicodeDecodeError as error:
        file, line = path.relative_to(root).as_posix(), error.object[: error.start].count(b"\n") + 1
        return None, [
            in_file("file-not-utf8", file, "the file is not UTF-8.", "Save it as UTF-8.", line=line)
        ]


def read_bytes(path: Path, root: Path) -> tuple[bytes | None, list[Problem]]:
    """Return the bytes of a file of the project at `root`, or None and what is wrong with it.

    Only a file is read, of at most `LARGEST_FILE` bytes, and only one inside the project: what a link leads to outside, a
    pipe and a device are refused at once. Raises nothing.
    """
    file = path.relative_to(root).as_posix()
    try:
        return _read(path, within=root), []
    except FileNotFoundError:
        what = "the link leads nowhere." if is_there(path) else "the file is missing."
        return None, [in_file("file-missing", file, what, "Put it back.")]
    except (OSError, ValueError, _RefusedError) as error:
        fix = "Put a file there that may be read."
        return None, [in_file("file-unreadable", file, _why(error), fix)]


def read_outside(path: Path) -> tuple[bytes | None, list[Problem]]:
    """Return the bytes of a file that a person named, wherever it lies, or None and what is wrong with it.

    A pipe is read too, so that a list may come from a program that decrypts it: as long as that program writes. Raises
    nothing.
    """
    try:
        return _read(path, pipe=True), []
    except FileNotFoundError:
        code, what = "file-missing", "there is no such file."
        fix = "Look at how its name is spelled, and in which folder it is."
    except (OSError, ValueError, _RefusedError) as error:
        code, what = "file-unreadable", _why(error)
        fix = "Name a file in it." if what == FILE_KINDS[stat.S_IFDIR] else "Name a file that may be read."
    return None, [replace(in_file(code, str(path), what, fix), usage=code == "file-missing")]


def _why(error: OSError | ValueError | _RefusedError) -> str:
    """Return why a file cannot be read, as a sentence."""
    if isinstance(error, _RefusedError):
        return str(error)
    if isinstance(error, OSError):
        loop = error.errno == errno.ELOOP
        return (
            f"the file cannot be read: {'its link leads in a circle' if loop else error.strerror or error}."
        )
    return "the file cannot be read: no file can have such a name."


def _read(path: Path, *, within: Path | None = None, pipe: bool = False) -> bytes:
    """Return the bytes at a path. Raises OSError, ValueError for what cannot be a name, and _RefusedError.

    Nothing is opened that could keep us waiting, but a pipe where one is wanted.
    """
    before = path.stat()
    if within and not path.resolve().is_relative_to(within.resolve()):
        raise _RefusedError("the file cannot be read: it leads out of the project.")
    _refuse_kind(before, pipe=pipe)
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with FileIO(handle) as file:
        now = os.fstat(handle)
        _refuse_kind(now, pipe=pipe)
        if not os.path.samestat(before, now):
            raise _RefusedError("the file was exchanged while it was read.")
        data = bytearray()
        while len(data) <= LARGEST_FILE:
            part = _waited(file) if stat.S_ISFIFO(now.st_mode) else file.read(LARGEST_FILE + 1 - len(data))
            if not part:
                return bytes(data)
            data += part
    raise _RefusedError(f"the file is larger than {LARGEST_FILE // 1_000_000} MB.")


def _waited(pipe: FileIO) -> bytes:
    """Return the next bytes of a pipe, none at its end. Raises _RefusedError where no program writes into it."""
    for patience in (GREETING, READ_WAIT):
        ready = bool(select.select([pipe], [], [], patience)[0])
        part = pipe.read(1 << 16)  # None while a program has it open and is silent
        if part or (part is not None and ready):
            return part
        if part is not None:
            break
    raise _RefusedError("the file cannot be read: nothing is written into this pipe.")


def _refuse_kind(found: os.stat_result, *, pipe: bool) -> None:
    """Raise _RefusedError unless it is a file, or a pipe where one may be read."""
    kind = stat.S_IFMT(found.st_mode)
    if kind != stat.S_IFREG and not (pipe and kind == stat.S_IFIFO):
        raise _RefusedError(FILE_KINDS.get(kind, "this is not a file."))


@contextmanager
def locked_in(root: Path, name: str) -> Iterator[None]:
    """Wait until no other process holds the lock of this name in the project at `root`, and hold it meanwhile.

    It lies in the project's own `.cache`, where nobody else can put a file of that name first. Raises OSError.
    """
    folder = root / ".cache"
    folder.mkdir(exist_ok=True)
    handle = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file by way of a temporary one beside it, so that a reader sees the old or the new.

    A `private` file can be read by its owner alone. Raises OSError, and leaves the old file as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o600 if private else 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def keep_newest(folder: Path, most: int) -> None:
    """Remove the files of a folder beyond the `most` that were written or used last. What cannot be removed stays."""
    with suppress(OSError), os.scandir(folder) as there:
        found = list(there)
        by_age = sorted(found, key=lambda each: each.stat().st_mtime) if len(found) > most else []
        for each in by_age[: len(found) - most]:
            Path(each.path).unlink(missing_ok=True)
