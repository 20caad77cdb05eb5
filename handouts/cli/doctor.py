"""The command `doctor`: what this machine lacks, and the one command that cures it."""

from __future__ import annotations

from pathlib import Path

import click

from handouts.cli import report


@click.command("doctor")
@click.pass_obj
def command(root: Path) -> int:
    """Say what this machine lacks, and the one command that cures it."""
    from handouts.cli import machine
    from handouts.cli.reading import read

    sources, _, problems = read(root)
    found = machine.machine_findings(sources.locales.values())
    report.table(["", "what", "found"], [["ok" if f.found else "MISSING", f.what, f.detail] for f in found])
    return report.ended([*problems, *machine.missing(found)], as_json=False)
