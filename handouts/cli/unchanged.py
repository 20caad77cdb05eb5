"""A build that finds everything as it was: it says what the last one said, before anything heavy is imported."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handouts.cli import report
from handouts.cli.streams import hear_no_more
from handouts.library.stamp import Facts, loaded_files, read_stamp, write_stamp
from handouts.problems import Problem, in_order

if TYPE_CHECKING:
    from handouts.model import Page
    from handouts.sources.load import Sources

DEBUG = "--debug"
KILLED = 128  # and the number of the signal, as shells have it


def answer_if_unchanged(root: Path, arguments: Sequence[str]) -> int | None:
    """Answer a command line by the stamp of the last build, if there is one and it holds; return the exit code, else None.

    None as well where the answer cannot be printed: the build says why.
    """
    start = time.perf_counter()
    typed = [argument for argument in arguments if argument != DEBUG]
    said = read_stamp(root, typed) if sys.stdout is not None else None
    if said is None:
        return None
    try:
        code = _print(said, start, as_json="--json" in typed)
        sys.stdout.flush()
    except BrokenPipeError:
        hear_no_more()
        return KILLED + signal.SIGPIPE
    except OSError:
        return None
    return code


def _print(said: Mapping[str, Any], start: float, *, as_json: bool) -> int:
    """Print what the last build has said, with nothing made; return the exit code."""
    problems = [Problem(**each) for each in said["problems"]]
    if as_json:
        return report.ended(problems, as_json=True, renditions=said["renditions"], removed=[])
    report.table(said["heads"], said["rows"])
    report.line(count_line(0, len(said["renditions"]), said["out"], time.perf_counter() - start))
    for line in said["notes"]:
        report.line(line)
    return report.ended(problems, as_json=False)


def count_line(made: int, same: int, out: str, seconds: float) -> str:
    """Return the last line of a build: how many renditions were made, how many were as they were."""
    return f"{made} made, {same} up to date, in {out} ({seconds:.1f} s)"


def remember(
    root: Path,
    arguments: Sequence[str],
    inputs: Mapping[str, Facts | None],
    sources: Sources,
    pages: Iterable[Page],
    said: Mapping[str, Any],
) -> None:
    """Leave the stamp of a build; `said` is what it has said, with its problems as they are."""
    from handouts.library.manifest import MANIFEST

    out = Path(said["out"])
    files = (MANIFEST, *(row["file"] for row in said["renditions"]), *said["gallery"])
    outputs = [str(out / file) for file in files]
    told = [asdict(problem) for problem in in_order(said["problems"])]
    others = [*_fonts(pages), *loaded_files()]
    write_stamp(root, arguments, inputs, others, outputs, {**said, "problems": told}, sources.outside())


def _fonts(pages: Iterable[Page]) -> set[str]:
    """Return the files that fonts of pages were chosen from, and their folders; none where no page is drawn."""
    if not any(page.rendition.format in {"pdf", "eml"} for page in pages):
        return set()
    from handouts.pdf.fonts import installed

    files = {font.path for font in installed().values()}
    return files | {str(Path(file).parent) for file in files}
