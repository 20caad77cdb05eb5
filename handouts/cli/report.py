"""What every command prints with: a line, a table, the problems; or all of it as JSON for a script."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from handouts.problems import Problem, counted, in_order


def line(text: str) -> None:
    """Print one line."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Print one line beside the results, which stay what a script can read."""
    sys.stderr.write(text + "\n")


def note_left_out(found: Iterable[Problem], kept: Iterable[Problem]) -> None:
    """Note the files with errors that touch nothing of what is done now."""
    for file in sorted({p.file for p in found if p.severity == "error"} - {p.file for p in kept}):
        note(f"{file} is not right, and was left out; see: python3 build.py check")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; on a pipe, plain lines with tabs between."""
    if not sys.stdout.isatty():
        for row in (heads, *rows):
            line("\t".join(row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    # A long address continues on the next line: a cut one leads nowhere.
    grid = Table(*(Column(head, overflow="fold") for head in heads), box=box.SIMPLE_HEAD)
    for row in rows:
        grid.add_row(*map(Text, row))  # as it is: a bracket in a name is no style
    Console(highlight=False).print(grid)


def print_problems(found: Iterable[Problem]) -> None:
    """Print problems to standard error, one a line, errors first, and how many errors there are."""
    listed = in_order(found)
    for problem in listed:
        mark = "" if problem.severity == "error" else "warning: "
        sys.stderr.write(f"{mark}{problem}\n")
    errors = sum(problem.severity == "error" for problem in listed)
    if errors:
        sys.stderr.write(f"{counted(errors, 'problem')} to put right.\n")


def document(found: Iterable[Problem], **results: Any) -> None:
    """Print one JSON document: the results of a command by name, and the problems as data, in their order."""
    told = [asdict(problem) for problem in in_order(found)]
    line(json.dumps({**results, "problems": told}, ensure_ascii=False, indent=1))


def exit_code(found: Iterable[Problem]) -> int:
    """Return how a command ends with these problems: 0 where none is an error, 2 where one is of the command as it was typed, else 1."""
    errors = [problem for problem in found if problem.severity == "error"]
    return 2 if any(problem.usage for problem in errors) else int(bool(errors))


def ended(found: Iterable[Problem], *, as_json: bool, **results: Any) -> int:
    """Print the problems a command ends with, as JSON with its results; return its exit code."""
    listed = list(found)
    if as_json:
        document(listed, **results)
    else:
        print_problems(listed)
    return exit_code(listed)
