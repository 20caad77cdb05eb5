"""The command `status`: how far each locale is, on the terminal and as a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from handouts.cli import options, report
from handouts.problems import refuse


@click.command("status")
@click.argument("tags", nargs=-1)
@options.region
@options.out("dist")
@options.as_json
@click.pass_obj
def command(root: Path, tags: tuple[str, ...], region: str, out: Path, as_json: bool) -> None:
    """Show how far each locale is: coverage, state, who reviewed what and when, what is stale and why."""
    from handouts.cli.reading import read
    from handouts.library.manifest import folder_problems
    from handouts.library.plan import Choice, chosen_locales, unknown_names
    from handouts.workbench import status

    sources, problems = read(root)
    refuse([*problems, *unknown_names(sources, Choice(region=region, locales=tags))])
    refuse(folder_problems(root, out))
    rows = status.rows(sources, region, chosen_locales(sources, tags))
    page = status.save(status.page(sources, rows, region), out)
    if as_json:
        report.line(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    heads = ["locale", "language", "handout", "translated", "missing", "fuzzy", "state", "reviews"]
    report.table(heads, map(_cells, rows))
    for row in rows:
        for review in row["reviews"]:
            for change in review["changed"]:
                report.line(f"{row['locale']} {row['handout']}\t{change['id']}\t{change['what']}")
    report.line(f"As a page: {page}")


def _cells(row: Mapping[str, Any]) -> list[str]:
    """Return a row of the table: counts instead of lists."""
    share = f"{row['translated']}/{row['messages']} ({100 * row['translated'] // row['messages']}%)"
    counts = [str(len(row["missing"])), str(len(row["fuzzy"]))]
    reviews = [
        f"{r['kind']} {r['date']} {r['reviewer']}" + (f" (does not count: {r['why']})" if r["why"] else "")
        for r in row["reviews"]
    ]
    names = [row["locale"], row["autonym"], row["handout"]]
    return [*names, share, *counts, row["state"], "; ".join(reviews) or "none"]
