"""Files: read, with what is wrong told as a problem; written whole or not at all."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handouts.problems import Problem, in_file


def read_text(path: Path, root: Path) -> tuple[str | None, list[Problem]]:
    """Return the text of a file of the project at `root`, or None and what is wrong with it.

    A byte order mark is taken off. A file that lies outside the project, behind a link, is refused. Raises nothing.
    """
    data, problems = read_bytes(path, root)
    if data is None:
        return None, problems
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        file, line = path.relative_to(root).as_posix(), data[: error.start].count(b"\n") + 1
        return None, [
            in_file("file-not-utf8", file, "the file is not UTF-8.", "Save it as UTF-8.", line=line)
        ]


def read_bytes(path: Path, root: Path) -> tuple[bytes | None, list[Problem]]:
    """Return the bytes of a file of the project at `root`, or None and what is wrong with it.

    A file that lies outside the project, behind a link, is refused. Raises nothing.
    """
    file = path.relative_to(root).as_posix()
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise PermissionError(None, "it leads out of the project")
        return path.read_bytes(), []
    except FileNotFoundError:
        return None, [in_file("file-missing", file, "the file is missing.", "Put it back.")]
    except (OSError, RuntimeError) as error:  # a link in a circle is a RuntimeError to Python 3.11
        what = f"the file cannot be read: {getattr(error, 'strerror', None) or error}."
        return None, [in_file("file-unreadable", file, what, "Put a file there that may be read.")]


def read_outside(path: Path) -> tuple[bytes | None, list[Problem]]:
    """Return the bytes of a file that a person named, wherever it lies, or None and what is wrong with it.

    A pipe is read too, so that a list may come from a program that decrypts it. Raises nothing.
    """
    try:
        return path.read_bytes(), []
    except FileNotFoundError:
        code, what = "file-missing", "there is no such file."
        fix = "Look at how its name is spelled, and in which folder it is."
    except IsADirectoryError:
        code, what, fix = "file-unreadable", "this is a folder, not a file.", "Name a file in it."
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have such a name"
        code, what, fix = (
            "file-unreadable",
            f"the file cannot be read: {reason}.",
            "Name a file that may be read.",
        )
    return None, [in_file(code, str(path), what, fix)]


@contextmanager
def locked(root: Path, name: str) -> Iterator[None]:
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
