"""What the preview shows of one handout: its pages and e-mail, English beside them, and what is known of each block."""

from __future__ import annotations

import gc
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handouts.checks.catalogs import check_catalog
from handouts.library.jobs import characters
from handouts.library.plan import page_of
from handouts.mail.inline import inline
from handouts.model import SOURCE_LANGUAGE, Block, Format, Layout, Page, Rendition
from handouts.page.compose import compose
from handouts.page.pictures import drawings
from handouts.pdf import fonts
from handouts.pdf.render import Place
from handouts.problems import Problem
from handouts.sources.load import Sources
from handouts.sources.translate import usable

DOTS = 110 / 72  # pixels to a point: sharp on a usual screen, quick to make
KEPT = 6  # finished sides that are remembered: both languages in all layouts


@dataclass(frozen=True)
class View:
    """What a person looks at."""

    locale: str
    handout: str
    region: str
    layout: Layout


@dataclass(frozen=True)
class Side:
    """A handout in one language: its pages as PNG, where each block stands on them, and its e-mail."""

    locale: str
    pages: tuple[bytes, ...]
    places: tuple[Place, ...]
    email: str


@dataclass(frozen=True)
class Scene:
    """Everything the preview shows of a view. `english` is None where the view is English itself."""

    view: View
    own: Side
    english: Side | None
    blocks: tuple[dict[str, Any], ...]
    problems: tuple[Problem, ...]


class Stage:
    """Makes scenes, and remembers the sides that have not changed. Used by one thread at a time."""

    def __init__(self, root: Path, cache: Path) -> None:
        self.root, self.cache = root, cache
        self.sides: dict[str, Side] = {}

    def scene(self, sources: Sources, view: View, problems: Iterable[Problem]) -> Scene:
        """Return the scene of a view. Raises SourceError, OSError or what the type-setter raises."""
        english = None
        if view.locale != SOURCE_LANGUAGE:
            layout: Layout = "standard" if view.layout == "bilingual" else view.layout
            english = self._side(sources, View(SOURCE_LANGUAGE, view.handout, view.region, layout))
        found = [*problems, *(check_catalog(sources, view.locale) if view.locale in sources.catalogs else ())]
        return Scene(
            view,
            self._side(sources, view),
            english,
            tuple(_blocks(sources, view, found)),
            tuple(problem for problem in found if not problem.about),
        )

    def _side(self, sources: Sources, view: View) -> Side:
        """Return a side, made anew where anything it prints has changed."""
        page, mail = (_page(sources, view, form) for form in ("pdf", "email"))
        html = compose(page, self.root)
        shown = drawings(page, self.root)
        email = inline(compose(mail, self.root, marked=True))
        key = hashlib.sha256("\0".join([repr(view), html, email, repr(shown)]).encode()).hexdigest()
        side = self.sides.pop(key, None) or self._make(sources, page, html, email)
        self.sides[key] = side  # the latest last
        for old in list(self.sides)[:-KEPT]:
            del self.sides[old]
        return side

    def _make(self, sources: Sources, page: Page, html: str, email: str) -> Side:
        from pypdfium2 import PdfDocument

        from handouts.pdf.render import render

        tag = page.locale.tag
        faces = fonts.subset(page.families, {*characters(sources, tag, None), *html}, self.cache / "fonts")
        gc.disable()  # a tenth of the time that a person waits; what is made here is thrown away as a whole
        try:
            pdf = render(html, faces, self.cache / "fonts", drawings(page, self.root))
        finally:
            gc.enable()
        document = PdfDocument(pdf.data)
        try:
            pages = tuple(_png(sheet.render(scale=DOTS).to_pil()) for sheet in document)
        finally:
            document.close()
        return Side(tag, pages, pdf.places, email)


def _png(image: Any) -> bytes:
    """Return a picture as PNG, packed lightly: it goes no farther than this machine."""
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _page(sources: Sources, view: View, form: Format) -> Page:
    """Return the page of a view in a format; e-mail has one layout."""
    layout: Layout = view.layout if form == "pdf" else "standard"
    paper = sources.content.regions[view.region].paper
    return page_of(sources, Rendition(view.handout, view.locale, view.region, "", layout, form, paper, ""))


def _blocks(sources: Sources, view: View, found: Iterable[Problem]) -> Iterable[dict[str, Any]]:
    """Yield what is known of every block of the handout, ready to be JSON."""
    by_block: dict[str, list[Problem]] = {}
    for problem in found:
        by_block.setdefault(problem.about, []).append(problem)
    catalog = sources.catalogs.get(view.locale)
    for block in sources.content.handout(view.handout, view.region).blocks():
        if not block.text:
            continue
        message = catalog.messages.get(block.id) if catalog else None
        yield {
            "id": block.id,
            "note": block.note,
            "english": block.text,
            "safety": block.safety,
            "text": message.text if message else "",
            "previous": message.previous if message else "",
            "state": _state(sources, view.locale, block),
            "where": catalog.where(block.id) if catalog else "",
            "problems": [
                {"what": p.what, "fix": p.fix, "severity": p.severity} for p in by_block.get(block.id, [])
            ],
        }


def _state(sources: Sources, tag: str, block: Block) -> str:
    """Return how far a block is, in a word."""
    if tag not in sources.catalogs:
        return "source"
    message = sources.catalogs[tag].messages.get(block.id)
    if usable(block, message):
        return "translated"
    if message and message.text:
        return "fuzzy"
    return "optional" if block.optional else "missing"
