"""The command `check`: every problem in what people wrote, the grade of the English, the contrast of the colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from handouts.cli import options, report
from handouts.problems import Problem


@click.command("check")
@click.argument("tags", nargs=-1)
@click.option("--claims", "of_claims", is_flag=True, help="Print each sentence beside what it rests on.")
@options.clinics("What is wrong with this clinic too, or with the profile at this path; may be repeated.")
@options.as_json
@click.pass_obj
def command(
    root: Path, tags: tuple[str, ...], of_claims: bool, clinics: tuple[str, ...], as_json: bool
) -> int:
    """Check content, catalogs and reviews; with a locale, that one. Print every problem, the English grade and the contrast.

    With --claims, print instead what each sentence of the English rests on, for the clinician who signs.
    """
    from handouts.checks.catalogs import coverage
    from handouts.checks.claims import supports
    from handouts.checks.content import grades
    from handouts.checks.contrast import contrast_figures
    from handouts.cli.reading import check, read
    from handouts.library.plan import Choice, chosen_locales, unknown_names

    sources, look, unread = read(root, tags, clinics)
    problems = [
        *check(sources, look, unread, tags, clinics if tags or clinics else None),
        *unknown_names(sources, Choice(locales=tags, clinics=clinics)),
    ]
    told = {"claims": list(map(vars, supports(sources.content)))} if of_claims else {}
    if of_claims and not as_json:
        report.table(
            ["block", "sentence", "rests on", "what was found"], [[*row.values()] for row in told["claims"]]
        )
    elif sources.is_whole and not as_json:
        if not tags:
            _print_grades(grades(sources.content))
            _print_contrast(contrast_figures(look.tokens))
        _print_coverage(coverage(sources, chosen_locales(sources, tags)), problems)
    code = report.ended(problems, as_json=as_json, **told)
    if not code and not as_json:
        report.line("No errors.")
    return code


def _print_grades(grades: Mapping[tuple[str, str], float]) -> None:
    """Print the reading grade of the English, by handout and region."""
    from handouts.checks.readability import CLIPPED, HARD, TOO_HARD

    report.line(f"English, Flesch-Kincaid grade (aim {CLIPPED:.0f} to {HARD:.0f}, at most {TOO_HARD:.0f}):")
    regions = list(dict.fromkeys(region for _, region in grades))
    slugs = dict.fromkeys(slug for slug, _ in grades)
    rows = [[slug, *(f"{grades[slug, region]:.1f}" for region in regions)] for slug in slugs]
    report.table(["handout", *regions], rows)


def _print_contrast(contrast: Mapping[tuple[str, str, str], float]) -> None:
    """Print the contrast of every pair of text and background."""
    from handouts.page.colours import LEAST_CONTRAST

    report.line(f"Contrast of text on its background (at least {LEAST_CONTRAST} to 1):")
    rows = [[*pair, f"{ratio:.1f}"] for pair, ratio in contrast.items()]
    report.table(["colours", "text", "background", "contrast"], rows)


def _print_coverage(counts: Mapping[str, tuple[int, int]], problems: Sequence[Problem]) -> None:
    """Print, for every locale, how much is translated, and how many errors and warnings it has."""
    rows = []
    for tag, (ready, total) in counts.items():
        own = [problem.severity for problem in problems if problem.locale == tag]
        rows.append([tag, f"{ready}/{total}", str(own.count("error")), str(own.count("warning"))])
    report.table(["locale", "translated", "errors", "warnings"], rows)
