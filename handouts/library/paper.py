"""A page becomes a PDF that fits its paper, or the problem of what does not fit its box, its column or its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.characters import shown as as_shown
from handouts.library.jobs import Job
from handouts.model import SOURCE_LANGUAGE, Page
from handouts.page.compose import compose
from handouts.page.pictures import drawings
from handouts.pdf.exact.boxes import Filling, Stray
from handouts.problems import Problem, SourceError, counted, in_file
from handouts.sources.catalogs import catalog_file, source_file
from handouts.sources.look import Look

if TYPE_CHECKING:
    from handouts.pdf.render import Pdf, Typeset

STAMP = "interface.stamp"  # what an empty box of a clinic says
SNUG = (0, 1, 2)  # how the details stand in the clinic's box: as usual, in close lines, in small type too


def make_paper(job: Job, look: Look, cache: Path, room: int = 0) -> Pdf:
    """Return the PDF of a page; with `room` for so many lines the form of its personal copies.

    Raises SourceError where a text does not fit into its box, its column or its page.
    """
    from handouts.pdf.render import collected_afterwards

    with collected_afterwards():
        return _made(job, look, cache, room)


def _made(job: Job, look: Look, cache: Path, room: int) -> Pdf:
    """Do it; all that it has laid out is garbage when it returns."""
    from handouts.pdf.make import typeset_fitting

    page = job.page
    shown = drawings(page, look)

    def laid_out(snug: int) -> Typeset:
        composed = partial(compose, page, look, snug=snug, room=room)
        return typeset_fitting(composed, page.locale, page.families, job.characters, cache, shown)

    made = snugly(page, laid_out)
    if made.filling.over:
        raise SourceError([overfull_problem(page, made.filling)])
    if made.strays:
        raise SourceError(stray_problems(page, made.strays))
    return made.write()


def snugly(page: Page, lay_out: Callable[[int], Typeset]) -> Typeset:
    """Return a page laid out with the details in its clinic's box as usual, or as snug as they must be; the last where none fits."""
    for snug in SNUG if page.clinic else SNUG[:1]:
        laid_out = lay_out(snug)
        if not laid_out.filling.over:
            break
    return laid_out


def stray_problems(page: Page, strays: Iterable[Stray]) -> list[Problem]:
    """Return a problem for each block of which a text reaches out of its column or its page."""
    english = {block.id: block for block in page.english.blocks()}
    problems = []
    for block, found in groupby(sorted(strays, key=lambda each: each.block), key=lambda each: each.block):
        first, made = next(found), page.rendition
        what = f"“{as_shown(first.text)}” reaches out of its column on page {first.page} ({made.layout})."
        if not block:  # a value: of a clinic, of a region, of a reference
            fix = "Write it shorter in the clinic, the region or the reference that it is of."
            problems.append(Problem("text-outside-column", made.file, what, fix, locale=made.locale))
            continue
        in_source = page.locale.tag == SOURCE_LANGUAGE or block not in english
        file = source_file(block) if in_source else catalog_file(page.locale.tag)
        problems.append(in_file("text-outside-column", file, what, "Say it in shorter words.", about=block))
    return problems


def overfull_problem(page: Page, found: Filling) -> Problem:
    """Return the problem of what does not fit into the clinic's box, with its size and which of the details are long."""
    tag, clinic = page.locale.tag, page.clinic
    if clinic:
        layout = page.rendition.layout
        what = (
            f"the details do not fit their box in locale {tag}, {layout}: they run out by {found.over:g} mm."
        )
        lines = {part.removeprefix("clinic-"): count for part, count in found.lines.items()}
        long = [
            f"{part} ({counted(n, 'line')})"
            for part, n in sorted(lines.items(), key=lambda e: -e[1])
            if n > 1
        ]
        fix = f"Shorten {', '.join(long) or 'the longest of them, or leave one out'}: the box has room for about six lines, in the smallest type that is allowed."
        return replace(in_file("clinic-too-long", clinic.file, what, fix), clinic=clinic.slug)
    file = source_file(STAMP) if tag == SOURCE_LANGUAGE else f"locales/{tag}/handouts.po"
    what = f"the words in the clinic's empty box do not fit in locale {tag}."
    return in_file("message-too-long", file, what, f"Shorten the message {STAMP}.", about=STAMP)
