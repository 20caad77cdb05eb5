"""What a person sees on the terminal: progress, tables, problems; or JSON for a script."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handouts.checks.readability import HARD, TOO_HARD
from handouts.page import colours
from handouts.problems import Problem, in_order

if TYPE_CHECKING:
    from rich.console import Console

    from handouts.cli.machine import Finding
    from handouts.library.build import Report
    from handouts.library.manifest import ManifestEntry
    from handouts.model import Locale
    from handouts.sources.reviews import Signature
    from handouts.verify.gate import Verdict
    from handouts.workbench.scaffold import GivenFacts
    from handouts.workbench.status import HandoutStatus


def line(text: str) -> None:
    """Print one line."""
    sys.stdout.write(text + "\n")


def problems(found: Iterable[Problem]) -> None:
    """Print problems to standard error, one a line, errors first, and how many there are."""
    listed = in_order(found)
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
    from handouts.library.manifest import row_of

    if as_json:
        line(json.dumps({"renditions": list(map(row_of, result.entries))}, ensure_ascii=False, indent=1))
        return
    slugs = list(dict.fromkeys(entry.rendition.handout for entry in result.entries))
    rows: dict[str, dict[str, list[ManifestEntry]]] = {}
    for entry in result.entries:
        rows.setdefault(entry.rendition.locale, {}).setdefault(entry.rendition.handout, []).append(entry)
    if result.entries:
        table(
            ["locale", "language", "state", *slugs],
            [
                [
                    tag,
                    next(iter(cells.values()))[0].autonym,
                    ", ".join(dict.fromkeys(e.state for entries in cells.values() for e in entries)),
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


def _cell(entries: list[ManifestEntry]) -> str:
    """Return pages and size of one handout in one locale, form by form."""
    forms = []
    for entry in entries:
        rendition = entry.rendition
        name = rendition.format if rendition.layout == "standard" else rendition.layout
        pages = f"{entry.pages} p " if entry.pages else ""
        forms.append(f"{name} {pages}{entry.size / 1000:.0f} kB")
    return ", ".join(forms)


def table(heads: list[str], rows: list[list[str]]) -> None:
    """Print a table; on a pipe, plain lines with tabs between."""
    if not sys.stdout.isatty():
        for row in (heads, *rows):
            line("\t".join(row))
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads, box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*map(Text, row))  # as it is: a bracket in a name is no style
    _console().print(table)


def nothing_to_make(pages: list[Any]) -> list[Problem]:
    """Return a problem where a choice asks for nothing there is."""
    if pages:
        return []
    what = "there is nothing of that kind."
    fix = "E-mail and text have the standard layout only; English has no bilingual one."
    return [Problem("nothing-kind", "--layout", what, fix)]


def nothing_approved(pages: list[Any]) -> list[Problem]:
    """Return a problem where no page may be given out."""
    if pages:
        return []
    fix = "Have it checked and signed (see CONTRIBUTING.md), or leave the option out and get drafts."
    return [
        Problem("nothing-asked-approved", "--approved-only", "nothing that you asked for is approved.", fix)
    ]


def no_proof(locale: Locale) -> list[Problem]:
    """Return a problem: the source needs no proof beside itself."""
    what = f"{locale.english_name} is what everything is translated from."
    return [
        Problem(
            "what-everything-translated",
            "locale",
            what,
            "Name a translation, as in: python build.py proof es about-ipt",
        )
    ]


def figures(grades: Mapping[tuple[str, str], float], contrast: Mapping[tuple[str, str, str], float]) -> None:
    """Print the reading grade of the English and the contrast of the colours."""
    line(f"English, Flesch-Kincaid grade (aim {HARD:.0f}, at most {TOO_HARD:.0f}):")
    slugs = dict.fromkeys(slug for slug, _ in grades)
    regions = list(dict.fromkeys(region for _, region in grades))
    table(["handout", *regions], [[slug, *(f"{grades[slug, r]:.1f}" for r in regions)] for slug in slugs])
    line(f"Contrast of text on its background (at least {colours.ENOUGH} to 1):")
    table(
        ["colours", "text", "background", "contrast"],
        [[*pair, f"{ratio:.1f}"] for pair, ratio in contrast.items()],
    )


def status(found: Sequence[HandoutStatus], page: Path, *, as_json: bool) -> None:
    """Print coverage, state and reviews of every handout in every locale, and where the page is."""
    from handouts.workbench import status as statuses

    if as_json:
        line(statuses.as_json(found))
        return
    heads = ["locale", "language", "handout", "translated", "missing", "fuzzy", "state", "reviews"]
    table(heads, [_status_cells(each) for each in found])
    for each in found:
        for review in each.reviews:
            for change in review.changed:
                line(f"{each.locale} {each.handout}\t{change.id}\t{change.what}")
    line(f"As a page: {page}")


def _status_cells(each: HandoutStatus) -> list[str]:
    """Return a row of the table: counts instead of lists."""
    share = f"{each.translated}/{each.messages} ({100 * each.translated // each.messages}%)"
    counts = [str(len(each.missing)), str(len(each.fuzzy))]
    reviews = [
        f"{r.kind} {r.date} {r.reviewer}" + (f" (does not count: {r.why})" if r.why else "")
        for r in each.reviews
    ]
    names = [each.locale, each.autonym, each.handout]
    return [*names, share, *counts, each.state, "; ".join(reviews) or "none"]


def asked(given: GivenFacts, lacking: Sequence[Problem]) -> GivenFacts:
    """Ask a person at the terminal for what is lacking; return all that is given then."""
    import click

    from handouts.workbench.scaffold import OPTIONS

    for problem in lacking:
        line(f"{problem.what} {problem.fix}")
        answer = click.prompt(problem.where.removeprefix("--")).strip()
        fact = OPTIONS[problem.where]
        answers: dict[str, Any] = {fact: (answer,) if fact == "fonts" else answer}
        given = replace(given, **answers)
    return given


def added(locale: Locale, files: Iterable[str]) -> None:
    """Print what a new locale is made of, and the next three steps."""
    for file in files:
        line(f"{file}\tmade")
    tag = locale.tag
    line(
        f"{locale.autonym} ({locale.english_name}), {locale.direction}, printed in {', '.join(locale.fonts)}."
    )
    line("Next:")
    line(
        f"1. Translate: open locales/{tag}/handouts.po in Poedit, and write your name into locales/{tag}/locale.toml."
    )
    line(f"2. See it as you write: python build.py preview {tag}")
    line(f"3. Check and print: python build.py check {tag} && python build.py --locale {tag}")


def checked(counts: Mapping[str, tuple[int, int]], found: Sequence[Problem]) -> None:
    """Print, for every locale, how much is translated, and how many errors and warnings it has."""
    rows = []
    for tag, (ready, total) in counts.items():
        own = [p.severity for p in found if p.where.startswith(f"locales/{tag}/")]
        rows.append([tag, f"{ready}/{total}", str(own.count("error")), str(own.count("warning"))])
    table(["locale", "translated", "errors", "warnings"], rows)


def serving(address: str) -> None:
    """Print where the preview is, at once."""
    line(address)
    line("Open this address in your browser. It works on this machine only. Stop with Ctrl+C.")
    sys.stdout.flush()


def signed(signature: Signature, tag: str, state: str, files: Iterable[str]) -> None:
    """Print what was signed, and what the state is now."""
    line(
        f"{signature.handout} ({signature.region}) in {tag}: {signature.kind} review by {signature.reviewer}."
    )
    for file in files:
        line(f"{file}\twritten")
    line(f"State: {state}.")


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
        table(["file", *heads, "problems"], rows)
    line(f"{good} of {len(verdicts)} files are as they should be ({seconds:.1f} s)")


def doctor(findings: Iterable[Finding]) -> None:
    """Print what was looked for on this machine and what was found."""
    table(["", "what", "found"], [["ok" if f.found else "MISSING", f.what, f.detail] for f in findings])


def updated(changes: Mapping[str, bool]) -> None:
    """Print which catalogs changed."""
    for tag, changed in changes.items():
        line(f"locales/{tag}/handouts.po\t{'brought up to date' if changed else 'was up to date'}")
