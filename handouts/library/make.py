"""One job becomes the bytes of a rendition, or the problem that kept it from being made."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.characters import shown as as_shown
from handouts.crashes import crash_problem
from handouts.library.cache import cached, keep
from handouts.library.jobs import Job, Made
from handouts.mail.inline import compose_for_mail
from handouts.mail.picture import png
from handouts.model import SOURCE_LANGUAGE, Page
from handouts.page.compose import CID, compose
from handouts.page.pictures import drawings
from handouts.pdf.exact.boxes import Filling, Stray
from handouts.problems import Problem, SourceError, counted, in_file
from handouts.sources.catalogs import catalog_file, source_file
from handouts.sources.look import Look

if TYPE_CHECKING:
    from handouts.pdf.render import Pdf

STAMP = "interface.stamp"  # what an empty box of a clinic says
SNUG = (0, 1, 2)  # how the details stand in the clinic's box: as usual, in close lines, in small type too
NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
# Codes of the problems of a rendition whose machine refused: the disk is full, and will be for the next one; all else.
NO_ROOM_CODE, NOT_MADE = "no-room", "rendition-not-made"


def make_rendition(job: Job, look: Look, cache: Path) -> Made:
    """Return a finished rendition. Whatever goes wrong comes back as a problem, so that others go on.

    Raises MemoryError, which who limits the memory of a process tells, and ModuleNotFoundError: it would be so with every other.
    """
    file = job.page.rendition.file
    try:
        return _make(job, look, cache)
    except SourceError as error:
        return Made(job, problems=error.problems)
    except (MemoryError, ModuleNotFoundError):
        raise
    except OSError as error:
        what = f"it could not be made: {error.strerror or error}."
        code, fix = NOT_MADE, "Run: python3 build.py doctor"
        if error.errno in NO_ROOM:
            code, fix = NO_ROOM_CODE, "Make room on the disk and in the temporary folder."
        return Made(job, problems=(Problem(code, file, what, fix),))
    except Exception as error:  # noqa: BLE001 - one rendition that fails must not stop the others
        return Made(job, problems=(crash_problem(file, error, cache, message=str(error)),))


def _make(job: Job, look: Look, cache: Path) -> Made:
    """Return a finished rendition. Raises SourceError for what its sources must put right."""
    match job.page.rendition.format:
        case "text" | "email":
            return Made(job, compose_for_mail(job.page, look).encode())
        case "web":
            return Made(job, compose(job.page, look).encode())
        case "eml":
            return _make_email(job, look, cache)
        case "pdf":
            pdf = make_paper(job, look, cache)
            return Made(job, pdf.data, pdf.pages)


def make_paper(job: Job, look: Look, cache: Path, room: int = 0) -> Pdf:
    """Return the PDF of a page; with `room` for so many lines the form of its personal copies.

    Raises SourceError where a text does not fit into its box, its column or its page.
    """
    from handouts.pdf.make import make_fitting_pdf

    page = job.page
    shown = drawings(page, look)

    def made(snug: int) -> Pdf:
        composed = partial(compose, page, look, snug=snug, room=room)
        return make_fitting_pdf(composed, page.locale, page.families, job.characters, cache, shown)

    pdf = snugly(page, made)
    if pdf.filling.over:
        raise SourceError([overfull_problem(page, pdf.filling)])
    if pdf.strays:
        raise SourceError(stray_problems(page, pdf.strays))
    return pdf


def snugly(page: Page, make: Callable[[int], Pdf]) -> Pdf:
    """Return the PDF of a page with the details in its clinic's box as usual, or as snug as they must be; the last where none fits."""
    for snug in SNUG if page.clinic else SNUG[:1]:
        pdf = make(snug)
        if not pdf.filling.over:
            break
    return pdf


def measured_head(job: Job, look: Look, cache: Path) -> Filling:
    """Return how the clinic's box of a PDF is filled, before that is made: its head alone is laid out, as snug as it must be.

    An empty filling where the head cannot be made: why is told when the page is.
    """
    from handouts.pdf.make import typeset_page

    page = job.page
    try:
        for snug in SNUG:
            head = compose(page, look, snug=snug).partition("</header>")[0] + "</header></body></html>"
            shown = drawings(page, look)
            laid_out = typeset_page(head, page.locale, page.families, job.characters, cache, shown)
            found = laid_out.filling
            if not found.over:
                break
    except (SourceError, OSError):
        return Filling()
    return found


def _make_email(job: Job, look: Look, cache: Path) -> Made:
    """Return an e-mail to no one yet, with its PDF and text from the cache, or made and kept now."""
    parts = []
    for part in job.parts:
        made = cached(cache, part)
        if made is None:
            made = make_rendition(part, look, cache)
            if made.failed:
                return Made(job, problems=made.problems)
            keep(cache, made)
        parts.append(made.data)
    pdf, text = parts
    return Made(job, email_of(job.page, look, job.characters, cache, pdf, text.decode()))


def email_of(page: Page, look: Look, characters: str, cache: Path, pdf: bytes, text: str) -> bytes:
    """Return the e-mail of a page to no one yet, which holds this PDF and this text; nothing of it is kept.

    `characters` are those of its locale, for the picture. Raises SourceError where it cannot be made.
    """
    from handouts.mail.message import Contents, unsent_email

    contents = Contents(
        subject=page.handout.words["mail-subject"].text,
        language=page.locale.tag,
        text=text,
        html=compose_for_mail(page, look),
        pdf=pdf,
        picture=png(page, look, characters, cache),
        cid=CID,
    )
    return unsent_email(contents)


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
