"""The command `schemas`: what editors need to complete and check the YAML files that people write."""

from __future__ import annotations

from pathlib import Path

import click

from handouts.cli import report


@click.command("schemas")
@click.pass_obj
def command(root: Path) -> None:
    """Write a JSON Schema for each kind of YAML file, made of the same table that reads them, into docs/schemas."""
    from handouts.files import write_whole
    from handouts.workbench.schemas import schema_files

    for file, text in schema_files().items():
        write_whole(root / file, text.encode())
        report.line(f"{file}\twritten")
