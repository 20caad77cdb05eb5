"""The command `verify`: what was made is read back before it is given out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handouts.cli import options, report
from handouts.cli.progress import progress
from handouts.problems import counted, refuse

if TYPE_CHECKING:
    from handouts.verify.verdict import Verdict


@click.command("verify")
@click.argument("out", required=False, type=options.PATH, callback=options.below_project("dist"))
@options.locales
@options.clinics("The profile of a clinic outside of the project; may be repeated.", "FILE")
@options.jobs
@options.as_json
@click.pass_obj
def command(
    root: Path, out: Path, locales: tuple[str, ...], clinics: tuple[str, ...], jobs: int, as_json: bool
) -> int:
    """Read back what was made, from the manifest in OUT (dist), before it is given out.

    All of it is read. --clinic names the profile of a clinic that is not in the project, to compare its files with.
    """
    from handouts.cli import machine
    from handouts.cli.reading import check, read
    from handouts.library.plan import Choice, touches, unknown_names

    refuse(machine.verify_problems())
    sources, look, unread = read(root, locales, clinics)
    found = check(sources, look, unread, locales, None)
    unknown = unknown_names(sources, Choice(locales=locales, clinics=clinics))
    refuse([*found, *unknown] if unknown or not sources.is_whole else [])
    from handouts.page.approval import Approval
    from handouts.verify import release

    start = time.perf_counter()
    listed = release.listed_entries(sources, out, locales)
    # What is wrong in the sources keeps what it touches from being compared with them, and no more.
    wrong = [p for p in found if p.severity == "error" and any(touches(p, e.rendition) for e in listed)]
    report.note_left_out(found, wrong)
    entries = [e for e in listed if not any(touches(problem, e.rendition) for problem in wrong)]
    refuse(wrong if not entries else [])
    with progress(len(entries), "Reading handouts", quiet=as_json) as on_done:
        verdicts = release.verify_release(Approval(sources, look), out, entries, jobs, on_done)
    if not as_json:
        print_verdicts(verdicts, time.perf_counter() - start)
        if len(entries) < len(listed):
            skipped = counted(len(listed) - len(entries), "file")
            report.line(f"{skipped} could not be compared: what they were made from is not right.")
    measured = [
        {"file": each.file, **each.facts, "problems": list(map(asdict, each.problems))} for each in verdicts
    ]
    problems = [*wrong, *(problem for verdict in verdicts for problem in verdict.problems)]
    return report.ended(problems, as_json=as_json, verdicts=measured)


def print_verdicts(verdicts: Sequence[Verdict], seconds: float) -> None:
    """Print what was measured, file by file, and how many are as they should be."""
    measured = [verdict for verdict in verdicts if verdict.facts]
    heads = list(dict.fromkeys(name for verdict in measured for name in verdict.facts))
    if measured:
        rows = [
            [each.file, *(each.facts.get(head, "") for head in heads), str(len(each.problems))]
            for each in measured
        ]
        report.table(["file", *heads, "problems"], rows)
    good = sum(not verdict.problems for verdict in verdicts)
    report.line(f"{good} of {len(verdicts)} files are as they should be ({seconds:.1f} s)")
