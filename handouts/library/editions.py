"""A clinic's paper: the handout is laid out once for all clinics, and what is one clinic's own is stamped on it.

What decides whether a paper is stamped, and its bytes, is its job alone: a clinic that is alone is stamped as well. Its
parts (`page/parts.py`) are laid out by themselves; the form is a page with an empty place for each, as high as it came out.
So clinics share a form where their parts are as high, which a few heights are. What cannot be stamped is set in full.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handouts.library.forms import Blank, Laid, blank_of
from handouts.library.jobs import Job, Made, Setting
from handouts.library.paper import SNUG, make_paper
from handouts.memory import digest_of_texts
from handouts.model import Page
from handouts.page.compose import compose
from handouts.page.parts import apart, blanked, most_from_left
from handouts.page.pictures import drawings, shown_colours
from handouts.pdf.exact.boxes import Filling
from handouts.pdf.stamped import UnstampedError, form_of, stamped
from handouts.problems import SourceError
from handouts.sources.look import Look

if TYPE_CHECKING:
    from handouts.pdf.fonts import Face
    from handouts.pdf.render import Typeset

TINT = "#010203"  # the accent of a form, which is no colour of ours
MOST_ROUNDS = 3  # until the parts and the form are laid out alike


def make_edition(job: Job, look: Look, cache: Path) -> Made:
    """Return a clinic's paper, stamped or else set in full, which it says. Raises SourceError for what does not fit."""
    from handouts.pdf.render import collected_afterwards

    try:
        with collected_afterwards(of_old=False):
            return _stamped(job, look, cache)
    except UnstampedError as reason:
        why = str(reason)
    except SourceError:
        why = "something does not fit, or has no letters"  # all of it is told of the whole page
    pdf = make_paper(job, look, cache)
    return Made(job, pdf.data, pdf.pages, in_full=why)


def measured_head(job: Job, look: Look, cache: Path) -> Filling:
    """Return how the clinic's box of a paper is filled, before that is made: its parts are laid out by themselves, as snug as they must be.

    An empty filling where they cannot be: why is told when the page is made.
    """
    try:
        return _parts(job, look, cache, Laid())[2].filling
    except (SourceError, OSError, UnstampedError):
        return Filling()


def _stamped(job: Job, look: Look, cache: Path) -> Made:
    """Return a clinic's paper, stamped. Raises UnstampedError for one that is to be set in full."""
    laid, heights, first = Laid(), dict[str, str](), ""
    for _ in range(MOST_ROUNDS):
        snug, html, parts = _parts(job, look, cache, laid)
        if parts.filling.over or parts.strays:
            raise UnstampedError("something does not fit")
        heights |= {slot.name: f"{slot.height:.4f}" for slot in parts.slots}
        first = html if laid == Laid() else first
        blank = _blank(job, look, cache, snug, first, heights)
        if blank.laid == laid:
            break
        laid = blank.laid
    else:
        raise UnstampedError("the page is laid out in another way with each of its forms")
    form, written = blank.form, parts.write()
    if form is None or {each.name for each in form.slots} != {each.name for each in written.slots}:
        raise UnstampedError("the page has other parts than its form")
    if not all(each.is_whole for each in (*form.slots, *written.slots)):
        raise UnstampedError("a part of it runs over two pages")
    accent = shown_colours(job.page, look)["accent"]
    identity = hashlib.sha256(written.data).hexdigest()[:32]
    data = stamped(form, written.data, written.slots, drawn=True, tint=accent, identity=identity)
    return Made(job, data, blank.pages)


def _composed(page: Page, look: Look, **how: Any) -> str:
    """Return a page in parts, in the colour of forms."""
    assert page.clinic
    return compose(replace(page, clinic=replace(page.clinic, accent=TINT)), look, in_parts=True, **how)


def _parts(job: Job, look: Look, cache: Path, laid: Laid) -> tuple[int, str, Typeset]:
    """Return how snug the clinic's box is, the page composed so, and its parts laid out by themselves.

    Raises UnstampedError for what no form has room for, and SourceError for letters that no font has.
    """
    from handouts.pdf.make import FOLDER
    from handouts.pdf.render import typeset

    page = job.page
    rtl = page.locale.direction == "rtl"
    accent = shown_colours(page, look)["accent"]
    shown = {name: data for name, data in _logo(page).items()}
    for snug in SNUG:
        html = _composed(page, look, snug=snug, help_early=laid.help_early, parting=laid.parting)
        if rtl and most_from_left(html):
            raise UnstampedError("much of it is read from left to right")
        alone = apart(html, accent, rtl=rtl)
        parts = typeset(alone, _faces(job, alone, cache), cache / FOLDER, shown)
        if not parts.filling.over:
            break
    return snug, html, parts


def _logo(page: Page) -> Mapping[str, bytes]:
    """Return the drawings of a clinic's parts, by the address the page gives them."""
    logo = page.clinic.logo if page.clinic else None
    return {"logo:": logo.data} if logo else {}


def _faces(job: Job, html: str, cache: Path) -> tuple[Face, ...]:
    """Return the fonts of a clinic's parts: those of its locale, or where these lack a letter whole ones, which need no room in the cache.

    Raises SourceError for letters that no font has.
    """
    from handouts.pdf import fonts
    from handouts.pdf.make import FOLDER, refuse_missing

    assert job.setting
    families = job.page.families
    if set(html) <= _letters(job.setting):
        return _cut(families, job.setting.characters, cache / FOLDER)
    refuse_missing(html, job.page.locale, families)
    return fonts.whole(families)


@lru_cache(maxsize=4)
def _letters(setting: Setting) -> frozenset[str]:
    """Return the characters that need no look at the fonts."""
    return frozenset(setting.characters) | {"\n"}


@lru_cache(maxsize=4)
def _cut(families: tuple[str, ...], characters: str, folder: Path) -> tuple[Face, ...]:
    """Return the fonts of a locale, looked up once in a process."""
    from handouts.pdf import fonts

    return fonts.subset(families, characters, folder)


def _blank(job: Job, look: Look, cache: Path, snug: int, first: str, heights: Mapping[str, str]) -> Blank:
    """Return the form of a page whose parts are so high; `first` is the page as it is composed before it is laid out."""
    assert job.setting
    page, rtl = job.page, job.page.locale.direction == "rtl"

    def composed(**how: Any) -> str:
        return blanked(_composed(page, look, snug=snug, **how), heights, rtl=rtl)

    known = repr(sorted(heights.items()))
    key = digest_of_texts([job.setting.digest, blanked(first, heights, rtl=rtl), known])
    return blank_of(cache, key, lambda: _laid_out(job, look, cache, composed))


def _laid_out(job: Job, look: Look, cache: Path, composed: Any) -> Blank:
    """Return the form that a page is laid out as; how it was laid out at last, where that needs parts that were not measured."""
    from handouts.pdf.make import make_fitting_pdf

    assert job.setting
    assert job.page.clinic
    page, last = job.page, Laid()

    def noted(**how: Any) -> str:
        nonlocal last
        last = Laid(how.get("help_early", False), tuple(how.get("parting", ())))
        return str(composed(**how))

    tinted = replace(page, clinic=replace(page.clinic, accent=TINT, logo=None))
    try:
        pdf = make_fitting_pdf(
            noted, page.locale, page.families, job.setting.characters, cache, drawings(tinted, look)
        )
    except KeyError:
        return Blank(None, last)
    if pdf.strays:
        raise UnstampedError("something does not fit")
    return Blank(form_of(pdf.data, pdf.slots, TINT), last, pdf.pages)
