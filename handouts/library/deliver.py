"""Finished files go to disk whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path

from handouts.files import not_a_folder, write_whole
from handouts.problems import Problem, in_file


def link_within(out: Path, file: str) -> Path | None:
    """Return the folder on the way to a file of the output folder that is a link, None where there is none.

    The output folder may be one itself: that is where a person wants the files.
    """
    between = list((out / file).relative_to(out).parents)[:-1]
    return next((out / folder for folder in reversed(between) if (out / folder).is_symlink()), None)


def deliver(out: Path, file: str, data: bytes, *, private: bool = False) -> list[Problem]:
    """Put one file into the output folder; return what went wrong. A file already the same is left alone.

    A `private` one can be read by no one else on this machine. No link is followed out of the folder: one in the place
    of the file is replaced, and one in the place of a folder is a problem.
    """
    path = out / file
    try:
        link = link_within(out, file)
        if link:
            what = "this is a link, and what is put there would lie outside of the output folder."
            fix = "Remove the link, or name the folder that it leads to with --out."
            return [in_file("folder-is-link", str(link), what, fix)]
        if path.is_symlink() or not (path.is_file() and path.read_bytes() == data):
            write_whole(path, data, private=private)
        elif private:
            path.chmod(0o600)
    except OSError as error:
        return [disk_problem(path, error)]
    return []


def not_a_folder_text(path: Path) -> str:
    """Return the sentence that names what is in the way."""
    return f"“{path}” is not a folder, and a folder is needed there."


def disk_problem(path: Path, error: OSError) -> Problem:
    """Return a problem for what the disk refused; something else in the place of the file, or of its folder, is named."""
    what, fix = f"{error.strerror or error}.", "Make room and check who may write there"
    if other := not_a_folder(path.parent):
        what, fix = not_a_folder_text(other), "Move it away"
    elif error.errno == errno.EISDIR:
        what, fix = "a folder has the same name.", "Move it away"
    what, fix = f"the file could not be written: {what}", f"{fix}, or choose another folder with --out."
    return in_file("file-not-writable", str(path), what, fix)


def remove(out: Path, files: Iterable[str]) -> list[Problem]:
    """Remove delivered files; return what went wrong. What lies behind a link is not of this folder, and stays."""
    problems = []
    for file in (each for each in files if not link_within(out, each)):
        try:
            (out / file).unlink(missing_ok=True)
        except OSError as error:
            problems.append(disk_problem(out / file, error))
    return problems
