"""The way in: `python3 build.py …`. The command `build` reads from top to bottom: read, check, plan, make, deliver."""

from __future__ import annotations

import gc
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

__all__ = ["ROOT", "build", "main", "run"]
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"

if __name__ == "__main__":
    # `make` puts the packages into .venv; `python3 build.py` works without activating it.
    if (VENV / "bin/python").exists() and Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(VENV / "bin/python", [str(VENV / "bin/python"), *sys.argv])  # noqa: S606 - our own interpreter
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one should read a sentence
        sys.exit("Python 3.11 or newer is needed. Run: make setup")
    from handouts.cli.streams import plain_streams
    from handouts.cli.unchanged import answer_if_unchanged

    plain_streams()
    # What a command reads stays until it ends, and pages take their garbage away themselves.
    gc.set_threshold(200_000)
    # Where nothing has changed since the last build, it answers at once.
    if (code := answer_if_unchanged(ROOT, sys.argv[1:])) is not None:
        sys.exit(code)

try:
    import click

    from handouts.cli import options
    from handouts.cli.build import (
        default_note,
        note_first,
        only_approved,
        page_problems,
        print_result,
        summary,
        true_gallery,
        untouched,
        with_gallery,
    )
    from handouts.cli.commands import TYPED, main, run
    from handouts.cli.report import ended
    from handouts.cli.unchanged import remember
    from handouts.library.stamp import input_facts
    from handouts.problems import refuse
    from handouts.stopping import stop_in_order
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] == "handouts":
        raise
    sys.exit(f"The project is not set up: the Python package “{error.name}” is missing. Run: make setup")
except KeyboardInterrupt:
    sys.exit(130)


@main.command()
@options.choice
@options.out("dist")
@options.making
@click.option("--approved-only", is_flag=True, help="Only what was checked and signed.")
@options.as_json
@click.pass_context
def build(context: click.Context, /, out: Path, approved_only: bool, as_json: bool, **wanted: Any) -> int:
    """Make the handouts (the default command)."""
    from handouts.cli.crew import at_work
    from handouts.cli.reading import asked_for, check, read
    from handouts.library import build as library
    from handouts.library.manifest import entry_row, folder_problems
    from handouts.library.plan import Choice, chosen_places, page_of, renditions, unknown_names
    from handouts.page.approval import Approval

    root: Path = context.obj
    start, inputs = time.perf_counter(), input_facts(root)
    who, kept = options.taken(wanted)
    choice = Choice(**wanted)
    # Read and check: everything that is wrong is told at once, before anything is made.
    sources, look, unread = read(root, choice.locales, choice.clinics)
    unusable = [*unknown_names(sources, choice), *folder_problems(root, out)]
    found = check(sources, look, unread, choice.locales, choice.clinics)
    refuse([*found, *unusable] if unusable or not sources.is_whole else [])
    # Plan: which renditions, of whole sources. What is wrong stops what it touches, and no more.
    asked = renditions(sources, choice)
    errors = asked_for(sources, choice, found)
    errors += page_problems(asked, sources, errors)
    approval = Approval(sources, look)
    pages = [page_of(approval, each) for each in untouched(asked, errors)]
    if approved_only:
        pages, refused = only_approved(pages, out)
        errors += refused
    # Make and deliver: each rendition is put into its place as soon as it is made.
    places, first = chosen_places(sources, choice), note_first(out, len(pages))
    wrong = [*unread, *errors]
    make = partial(library.build, sources, look, pages, out, places=places, errors=wrong, on_first=first)
    with true_gallery(approval, out), at_work(look, pages, who, quiet=as_json) as (crew, on_done):
        result = make(crew, on_done, most_kept=kept)
    result, gallery = with_gallery(result, approval, out)
    told = [*errors, *result.problems]
    said = {**summary(result.entries), "notes": default_note(sources, choice), "out": str(out)}
    if not as_json and (pages or result.removed):
        print_result(result, said, time.perf_counter() - start)
    made = list(map(entry_row, result.entries))
    code = ended(told, as_json=as_json, renditions=made, removed=list(map(vars, result.removed)))
    if code == 0:
        said |= {"renditions": made, "gallery": gallery, "problems": told}
        remember(root, context.meta[TYPED], inputs, sources, pages, said)
    return code


if __name__ == "__main__":
    stop_in_order()
    sys.exit(run(sys.argv[1:], ROOT))
