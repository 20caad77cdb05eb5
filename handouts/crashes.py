"""A crash, which is a fault of the program itself, leaves a trace for whoever mends it, and a sentence for whoever sees it.

The trace is made to be passed on: it has types, places and source lines, and no value. What an exception says is left
out, because it may hold an address, a name or a password that the program had in hand.
"""

from __future__ import annotations

import errno
import fcntl
import linecache
import platform
import re
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from traceback import StackSummary, extract_tb

from handouts import __version__
from handouts.private import lasting_folder
from handouts.problems import Problem

TRACE_FILE, PROGRAM_FAULT = "fault.txt", "program-fault"
DIVIDER = "=" * 70 + "\n"
MOST_FRAMES = 80  # of one error: an endless recursion has a thousand
KEPT = 20  # crashes in the file: the same one again takes the place of the earlier
# As multiprocessing sends a traceback.
REMOTE = re.compile(r'^ *File "(.+)", line (\d+), in (.+)$', re.MULTILINE)
PROJECT = Path(__file__).resolve().parent.parent  # the project, wherever a copy of it leads here


def crash_problem(where: str, error: BaseException, cache: Path, *, message: str = "") -> Problem:
    """Record a fault of the program; return its problem, which names the file. Raises nothing.

    It holds no value either, but for the `message` of the error where that can have nothing private.
    """
    frames = extract_tb(error.__traceback__)
    place = f" at {_place(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    said = f": {' '.join(message.split()).removesuffix('.')}" if message else ""
    what = f"this is a fault of the program: {_name(error)}{place}{said}."
    return Problem(PROGRAM_FAULT, where, what, _fix(partial(record, error, cache), cache))


def recorded(cache: Path) -> str:
    """Return the traces that lie in the cache folder, to be passed on; nothing where there are none."""
    try:
        return (cache / TRACE_FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def brought(problem: Problem, traces: str, cache: Path) -> Problem:
    """Record the traces of another machine here; return its fault of the program with the file that names. Raises nothing."""

    def put() -> Path:
        found = cache / TRACE_FILE
        for trace in filter(None, traces.split(DIVIDER)):
            head, end, entry = trace.partition("\n")
            found = _put(head + end, entry, cache)
        return found

    return replace(problem, fix=_fix(put, cache))


def _fix(put: Callable[[], Path], cache: Path) -> str:
    """Return what to do about a fault, after its trace was put into a file."""
    try:
        report = f"report this with {_named(put(), cache)}, which holds no personal data."
    except OSError:  # nothing can be written anywhere: that may be the reason
        report = "report this; the disk has no room for more about it."
    return f"Undo your last change to try without it, and {report}"


def _named(file: Path, cache: Path) -> str:
    """Return how a person finds the file: below the project where the cache is there."""
    return f"{cache.name}/{file.name}" if file.parent == cache and cache.name == ".cache" else str(file)


def record(error: BaseException, cache: Path) -> Path:
    """Add the trace of an error to `fault.txt` in the cache folder, the newest last; return the file.

    A trace that is there already is moved to the end. Where the folder cannot be written the file is a temporary
    one. Raises OSError where neither can be.
    """
    head = f"{datetime.now(tz=UTC):%Y-%m-%d %H:%M:%S} UTC, handouts {__version__}, Python {platform.python_version()}\n"
    return _put(head, _trace(error), cache)


def _put(head: str, entry: str, cache: Path) -> Path:
    """Put a trace into the file, or into a temporary one; return which. Raises OSError where neither can be written."""
    path = cache / TRACE_FILE
    try:
        cache.mkdir(exist_ok=True)
        _add(path, head, entry)
    except OSError:
        handle, name = tempfile.mkstemp(prefix="handouts-fault-", suffix=".txt", dir=lasting_folder())
        path = Path(name)
        with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - the handle keeps others out
            file.write(head + entry)
    return path


def _add(path: Path, head: str, entry: str) -> None:
    """Put an entry at the end of the file, in the place of the same one before; several workers may fail at once."""
    with path.open("a+", encoding="utf-8", errors="replace") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        entries = [each for each in file.read().split(DIVIDER) if each and each.partition("\n")[2] != entry]
        file.truncate(0)
        file.write(DIVIDER.join([*entries[1 - KEPT :], head + entry]))


def _trace(error: BaseException) -> str:
    """Return types and frames of an error and of those that led to it, the first cause first."""
    chain = list(_chain(error))
    return "\nwhich led to\n\n".join(
        "".join([*_frames(each), f"{_name(each)}\n"]) for each in reversed(chain)
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came from, as Python would show them."""
    met: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in met:
        met.add(id(current))
        yield current
        for inner in current.exceptions if isinstance(current, BaseExceptionGroup) else ():
            yield from _chain(inner)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _frames(error: BaseException) -> Iterator[str]:
    """Yield the frames of an error, each with its source line; of one in a worker, those that came over with it."""
    sent = getattr(error, "tb", None)  # of a worker's error: its traceback as text, values and all
    found: StackSummary | list[tuple[str, int, str]] = extract_tb(error.__traceback__)
    if isinstance(sent, str):
        found = [(file, int(line), function) for file, line, function in REMOTE.findall(sent)]
    shown = found if len(found) <= MOST_FRAMES else [*found[: MOST_FRAMES // 2], *found[-MOST_FRAMES // 2 :]]
    for frame in shown:
        file, line, function = frame[0], frame[1] or 0, frame[2]
        yield f"  {_place(file)}:{line}, in {function}\n    {linecache.getline(file, line).strip()}\n"


def _place(file: str) -> str:
    """Return a file as it is called below the project, among the packages or in Python's library: no one's home."""
    path = Path(file).resolve()
    packages = [Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib", "stdlib")]
    home = next((folder for folder in (*packages, PROJECT) if path.is_relative_to(folder)), path.parent)
    return path.relative_to(home).as_posix()


def _name(error: BaseException) -> str:
    """Return the type of an error, with its number where the machine gave one, as in `OSError ENOSPC`."""
    kind = type(error)
    named = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    number = errno.errorcode.get(error.errno or 0, "") if isinstance(error, OSError) else ""
    return f"{named} {number}".rstrip()
