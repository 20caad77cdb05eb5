"""A clinic's paper: the handout is laid out once for all clinics, and what is one clinic's own is stamped on it.

Whether a paper is stamped, and its bytes, are decided by its job alone: a clinic that is alone is stamped as well. Its
parts (`page/parts.py`) are laid out by themselves; the form is the page with an empty place for each, as high as it came out.
So clinics share a form where their parts are as high. What no form can be made for is set in full, as every other page is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handouts.breaks import BREAK, JOIN
from handouts.library.forms import Blank, Laid, blank_of
from handouts.library.jobs import Job, Made, Setting
from handouts.library.paper import SNUG, make_paper
from handouts.memory import digest_of_texts
from handouts.model import Clinic, Page
from handouts.page.compose import compose
from handouts.page.parts import apart, blanked
from handouts.page.pictures import drawings, shown_colours
from handouts.pdf.exact.boxes import Filling
from handouts.pdf.stamped import UnstampedError, form_of, stamped
from handouts.problems import SourceError
from handouts.sources.look import Look

if TYPE_CHECKING:
    from handouts.pdf.fonts import Face
    from handouts.pdf.render import Typeset

TINT = "#010203"  # stands on a form for the accent of each clinic; nothing else is drawn in it
MOST_ROUNDS = 3  # until the parts and the form are laid out alike
# Why a paper is set in full.
MISFIT = "something does not fit, or has no letters"
UNSETTLED = "its form is laid out in another way each time"
OTHER_PARTS = "it has other parts than its form"
BROKEN = "a part runs over two pages"


@dataclass(frozen=True)
class ClinicPaper:
    """A clinic's page with what it is made with."""

    page: Page
    clinic: Clinic
    setting: Setting
    look: Look
    cache: Path

    @property
    def rtl(self) -> bool:
        """Whether it is read from right to left."""
        return self.page.locale.direction == "rtl"

    def composed(self, **how: Any) -> str:
        """Return the page in parts, in the colour of forms."""
        page = replace(self.page, clinic=replace(self.clinic, accent=TINT))
        return compose(page, self.look, in_parts=True, **how)


def make_clinic_paper(job: Job, look: Look, cache: Path) -> Made:
    """Return a clinic's paper, stamped or else set in full, and why. Raises SourceError for what does not fit."""
    from handouts.pdf.render import collected_afterwards

    try:
        with collected_afterwards():
            data, pages = _stamped(_of_clinic(job, look, cache))
        return Made(job, data, pages)
    except UnstampedError as reason:
        why = str(reason)
    except SourceError:
        why = MISFIT  # all that is wrong is told of the whole page
    pdf = make_paper(job, look, cache)
    return Made(job, pdf.data, pdf.pages, in_full=why)


def measured_head(job: Job, look: Look, cache: Path) -> Filling:
    """Return how the clinic's box of a paper is filled, before that is made: its parts are laid out by themselves, as snug as they must be.

    An empty filling where they cannot be: why is told when the page is made.
    """
    try:
        return _parts(_of_clinic(job, look, cache), Laid())[2].filling
    except (SourceError, OSError, UnstampedError):
        return Filling()


def _of_clinic(job: Job, look: Look, cache: Path) -> ClinicPaper:
    """Return the clinic's paper that a job asks for. Raises LookupError for a job without a clinic."""
    if job.page.clinic is None or job.setting is None:
        raise LookupError(f"{job.page.rendition.file} has no clinic")
    return ClinicPaper(job.page, job.page.clinic, job.setting, look, cache)


def _stamped(paper: ClinicPaper) -> tuple[bytes, int]:
    """Return a stamped paper, and how many pages it has. Raises UnstampedError for one that is to be set in full."""
    laid, heights, first = Laid(), dict[str, str](), ""
    for _ in range(MOST_ROUNDS):
        snug, html, parts = _parts(paper, laid)
        if parts.filling.over or parts.strays:
            raise UnstampedError(MISFIT)
        heights |= {slot.name: f"{slot.height:.4f}" for slot in parts.slots}
        first = first or html
        blank = _blank(paper, snug, (first, html), heights)
        if blank.laid == laid:
            break
        laid = blank.laid
    else:
        raise UnstampedError(UNSETTLED)
    form, written = blank.form, parts.write()
    if form is None or {each.name for each in form.slots} != {each.name for each in written.slots}:
        raise UnstampedError(OTHER_PARTS)
    if not all(each.is_whole for each in (*form.slots, *written.slots)):
        raise UnstampedError(BROKEN)
    accent = shown_colours(paper.page, paper.look)["accent"]
    identity = hashlib.sha256(written.data).hexdigest()[:32]
    return stamped(form, written.data, written.slots, drawn=True, tint=accent, identity=identity), blank.pages


def _parts(paper: ClinicPaper, laid: Laid) -> tuple[int, str, Typeset]:
    """Return how snug the clinic's box is, the page composed so, and its parts laid out by themselves.

    Raises SourceError for letters that no font has.
    """
    from handouts.pdf.make import FOLDER
    from handouts.pdf.render import typeset

    accent, logo = shown_colours(paper.page, paper.look)["accent"], paper.clinic.logo
    shown: Mapping[str, bytes] = {"logo:": logo.data} if logo else {}
    for snug in SNUG:
        html = paper.composed(snug=snug, help_early=laid.help_early, parting=laid.parting)
        alone = apart(html, accent, rtl=paper.rtl)
        parts = typeset(alone, _faces(paper, alone), paper.cache / FOLDER, shown)
        if not parts.filling.over:
            break
    return snug, html, parts


def _faces(paper: ClinicPaper, html: str) -> tuple[Face, ...]:
    """Return the fonts of a clinic's parts: those of its locale, or where they lack a letter whole ones, which need no room in the cache.

    Raises SourceError for letters that no font has.
    """
    from handouts.pdf import fonts
    from handouts.pdf.make import FOLDER, refuse_missing

    families = paper.page.families
    own = _own(paper.setting)
    if own.issuperset(html):
        return fonts.subset(families, own, paper.cache / FOLDER)
    refuse_missing(html, paper.page.locale, families)
    return fonts.whole(families)


@lru_cache(maxsize=4)
def _own(setting: Setting) -> frozenset[str]:
    """Return the characters of a locale, with those by which lines are broken on paper."""
    return frozenset(setting.characters) | {"\n", BREAK, JOIN}


def _blank(paper: ClinicPaper, snug: int, pages: tuple[str, str], heights: Mapping[str, str]) -> Blank:
    """Return the form of a page whose parts are so high.

    `pages` are the page as it is composed before it is laid out, and as its parts were measured last: how many letters of
    the form stand for those of a part is in both, and may be another where the help lines have come early.
    """

    def composed(**how: Any) -> str:
        return blanked(paper.composed(snug=snug, **how), heights, rtl=paper.rtl)

    page = replace(paper.page, clinic=replace(paper.clinic, accent=TINT, logo=None))
    shown = drawings(page, paper.look)
    known = repr((sorted(heights.items()), sorted(shown.items())))
    blanks = (blanked(html, heights, rtl=paper.rtl) for html in pages)
    key = digest_of_texts([paper.setting.digest, *blanks, known])
    return blank_of(paper.cache, key, lambda: _laid_out(paper, composed, shown))


def _laid_out(paper: ClinicPaper, composed: Callable[..., str], shown: Mapping[str, bytes]) -> Blank:
    """Return the form that a page is laid out as; where that needs parts that were not measured, how it was laid out, and no form."""
    from handouts.pdf.make import typeset_fitting

    page, last = paper.page, Laid()

    def noted(**how: Any) -> str:
        nonlocal last
        last = Laid(how.get("help_early", False), tuple(how.get("parting", ())))
        return composed(**how)

    characters = paper.setting.characters
    try:
        laid_out = typeset_fitting(noted, page.locale, page.families, characters, paper.cache, shown)
    except KeyError:
        return Blank(None, last)
    if laid_out.strays:
        raise UnstampedError(MISFIT)
    pdf = laid_out.write()
    return Blank(form_of(pdf.data, pdf.slots, TINT), last, pdf.pages)
