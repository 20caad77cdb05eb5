"""What a person sees on the terminal: progress, tables, problems; or JSON for a script."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handouts import colours
from handouts.checks import HARD, TOO_HARD
from handouts.problems import Problem

if TYPE_CHECKING:
    from rich.console import Console

    from handouts.library import Report
    from handouts.machine import Finding
    from handouts.sources import Sources
    from handouts.verify.gate import Verdict


def line(text: str) -> None:
    """Print one line."""
    sys.stdout.write(text + "\n")


def problems(found: Iterable[Problem]) -> None:
    """Print problems to standard error, one a line, errors first, and how many there are."""
    listed = sorted(found, key=lambda p: (p.severity != "error", p.where, p.what))
    for problem in listed:
        mark = "" if problem.severity == "error" else "warning: "
        sys.stderr.write(f"{mark}{problem}\n")
    errors = sum(problem.severity == "error" for problem in listed)
    if errors:
        sys.stderr.write(f"{errors} problem{'s' if errors > 1 else ''} to put right.\n")


def _console() -> Console:
    """Return a console; as wide as it takes where no one looks at a screen."""
    from rich.console import Console

    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=120)


@contextmanager
def progress(total: int, doing: str, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show a progress bar on a terminal; yield what to call with every file that is done."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)

        def tell(file: str) -> None:
            bar.update(task, advance=1, description=file)

        yield tell


def built(result: Report, out: Path, dropped: int, seconds: float, *, as_json: bool) -> None:
    """Print what a build did: a table of locale by handout, or the manifest entries as JSON."""
    if as_json:
        line(json.dumps({"renditions": list(result.entries)}, ensure_ascii=False, indent=1))
        return
    slugs = list(dict.fromkeys(entry["handout"] for entry in result.entries))
    rows: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for entry in result.entries:
        rows.setdefault(entry["locale"], {}).setdefault(entry["handout"], []).append(entry)
    if result.entries:
        _table(
            ["locale", "language", "state", *slugs],
            [
                [
                    tag,
                    next(iter(cells.values()))[0]["autonym"],
                    ", ".join(dict.fromkeys(e["state"] for entries in cells.values() for e in entries)),
                    *(_cell(cells.get(slug, [])) for slug in slugs),
                ]
                for tag, cells in rows.items()
            ],
        )
    same = max(0, len(result.entries) - result.made)
    line(f"{result.made} made, {same} up to date, in {out} ({seconds:.1f} s)")
    problems(problem for problem in result.problems if problem.severity == "warning")
    if dropped:
        line(f"{dropped} earlier files that are not approved were removed.")


def _cell(entries: list[Mapping[str, Any]]) -> str:
    """Return pages and size of one handout in one locale, form by form."""
    forms = []
    for entry in entries:
        name = entry["format"] if entry["layout"] == "standard" else entry["layout"]
        pages = f"{entry['pages']} p " if entry["pages"] else ""
        forms.append(f"{name} {pages}{entry['bytes'] / 1000:.0f} kB")
    return ", ".join(forms)


def _table(heads: list[str], rows: list[list[str]]) -> None:
    """Print a table; on a pipe, plain lines with tabs between."""
    if not sys.stdout.isatty():
        for row in (heads, *rows):
            line("\t".join(row))
        return
    from rich import box
    from rich.table import Table

    table = Table(*heads, box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*row)
    _console().print(table)


def nothing_to_make(pages: list[Any]) -> list[Problem]:
    """Return a problem where a choice asks for nothing there is."""
    if pages:
        return []
    what = "there is nothing of that kind."
    fix = "E-mail and text have the standard layout only; English has no bilingual one."
    return [Problem("--layout", what, fix)]


def nothing_approved(pages: list[Any]) -> list[Problem]:
    """Return a problem where no page may be given out."""
    if pages:
        return []
    fix = "Have it checked and signed (see CONTRIBUTING.md), or leave the option out and get drafts."
    return [Problem("--approved-only", "nothing that you asked for is approved.", fix)]


def figures(grades: Mapping[tuple[str, str], float], contrast: Mapping[tuple[str, str, str], float]) -> None:
    """Print the reading grade of the English and the contrast of the colours."""
    line(f"English, Flesch-Kincaid grade (aim {HARD:.0f}, at most {TOO_HARD:.0f}):")
    slugs = dict.fromkeys(slug for slug, _ in grades)
    regions = list(dict.fromkeys(region for _, region in grades))
    _table(["handout", *regions], [[slug, *(f"{grades[slug, r]:.1f}" for r in regions)] for slug in slugs])
    line(f"Contrast of text on its background (at least {colours.ENOUGH} to 1):")
    _table(
        ["colours", "text", "background", "contrast"],
        [[*pair, f"{ratio:.1f}"] for pair, ratio in contrast.items()],
    )


def status(sources: Sources, region: str, *, as_json: bool) -> None:
    """Print coverage and state of every handout in every locale."""
    rows = [
        _status_row(sources, slug, region, tag) for tag in sources.locales for slug in sources.content.drafts
    ]
    if as_json:
        line(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    heads = ["locale", "language", "handout", "translated", "missing", "fuzzy", "state"]
    _table(heads, [_status_cells(row) for row in rows])


def _status_row(sources: Sources, slug: str, region: str, tag: str) -> dict[str, Any]:
    """Return how far one handout is in one locale."""
    got = sources.translation(slug, region, tag)
    return {
        "locale": tag,
        "autonym": sources.locales[tag].autonym,
        "handout": slug,
        "region": region,
        "state": sources.state(slug, region, tag),
        "messages": got.total,
        "translated": got.total - len(got.missing) - len(got.fuzzy),
        "missing": list(got.missing),
        "fuzzy": list(got.fuzzy),
    }


def _status_cells(row: Mapping[str, Any]) -> list[str]:
    """Return a row of the table: counts instead of lists."""
    share = f"{row['translated']}/{row['messages']} ({100 * row['translated'] // row['messages']}%)"
    counts = [str(len(row["missing"])), str(len(row["fuzzy"]))]
    return [row["locale"], row["autonym"], row["handout"], share, *counts, row["state"]]


def verified(verdicts: Sequence[Verdict], seconds: float, *, as_json: bool) -> None:
    """Print what was measured, file by file, and how many are as they should be; or all of it as JSON."""
    good = sum(not verdict.problems for verdict in verdicts)
    if as_json:
        found = [{"file": v.file, **v.facts, "problems": [str(p) for p in v.problems]} for v in verdicts]
        line(json.dumps({"verdicts": found}, ensure_ascii=False, indent=1))
        return
    measured = [verdict for verdict in verdicts if verdict.facts]
    heads = list(dict.fromkeys(name for verdict in measured for name in verdict.facts))
    if measured:
        rows = [[v.file, *(v.facts.get(head, "") for head in heads), str(len(v.problems))] for v in measured]
        _table(["file", *heads, "problems"], rows)
    line(f"{good} of {len(verdicts)} files are as they should be ({seconds:.1f} s)")


def doctor(findings: Iterable[Finding]) -> None:
    """Print what was looked for on this machine and what was found."""
    _table(["", "what", "found"], [["ok" if f.found else "MISSING", f.what, f.detail] for f in findings])


def updated(changes: Mapping[str, bool]) -> None:
    """Print which catalogs changed."""
    for tag, changed in changes.items():
        line(f"locales/{tag}/handouts.po\t{'brought up to date' if changed else 'was up to date'}")
