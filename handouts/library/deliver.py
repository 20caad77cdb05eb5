"""Finished files go to disk whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from handouts.files import write_whole
from handouts.problems import Problem, in_file


def deliver(out: Path, file: str, data: bytes, *, private: bool = False) -> list[Problem]:
    """Put one file into the output folder; return what went wrong. A file already the same is left alone.

    A `private` one can be read by no one else on this machine.
    """
    path = out / file
    try:
        if not (path.is_file() and path.read_bytes() == data):
            write_whole(path, data, private=private)
        elif private:
            path.chmod(0o600)
    except OSError as error:
        return [disk_problem(path, error)]
    return []


def disk_problem(path: Path, error: OSError) -> Problem:
    """Return a problem for what the disk refused."""
    reason = error.strerror or str(error)
    what = f"the file could not be written: {reason}."
    fix = "Make room and check who may write there, or choose another folder with --out."
    return in_file("file-not-writable", str(path), what, fix)


def remove(out: Path, files: Iterable[str]) -> list[Problem]:
    """Remove delivered files; return what went wrong."""
    problems = []
    for file in files:
        try:
            (out / file).unlink(missing_ok=True)
        except OSError as error:
            problems.append(disk_problem(out / file, error))
    return problems
