"""What the preview shows of one handout: its pages and e-mail, English beside them, and what is known of each block."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from handouts.checks.catalogs import check_catalog
from handouts.library.jobs import characters
from handouts.library.paper import overfull_problem, snugly
from handouts.library.plan import page_of
from handouts.mail.inline import compose_for_mail
from handouts.model import SOURCE_LANGUAGE, Block, Format, Layout, Page, Rendition
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.page.pictures import drawings
from handouts.pdf.exact.boxes import BlockBox
from handouts.problems import Problem
from handouts.serving.pictures import page_pictures
from handouts.sources.catalogs import Message
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.sources.translate import usable

if TYPE_CHECKING:
    from handouts.pdf.render import Typeset

COLUMNS_KEPT = 6  # both languages in all layouts

BlockState = Literal["source", "translated", "fuzzy", "optional", "missing"]


@dataclass(frozen=True)
class View:
    """What a person looks at: a handout as a clinic of the region prints it, or the region without one."""

    locale: str
    handout: str
    region: str
    layout: Layout
    clinic: str = ""


@dataclass(frozen=True)
class Column:
    """A handout in one language: its pages as PNG, where each block stands on them, its e-mail as HTML, and what does not fit."""

    locale: str
    pages: tuple[bytes, ...]
    places: tuple[BlockBox, ...]
    email: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class BlockDetails:
    """What a translator is told about a block.

    `text` is its translation and `previous` the English that a fuzzy one was made from, both empty where there is
    none. `where` is the line of the catalog to edit. `state` is `source` where the handout is shown in English.
    """

    id: str
    note: str
    english: str
    safety: bool
    text: str
    previous: str
    state: BlockState
    where: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Preview:
    """Everything that is shown of a view. `english` is None where `own` is English; `problems` are those of no block."""

    own: Column
    english: Column | None
    blocks: tuple[BlockDetails, ...]
    problems: tuple[Problem, ...]


class Renderer:
    """Makes previews, and keeps the columns that have not changed. Used by one thread at a time."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.columns: dict[str, Column] = {}

    def preview(self, sources: Sources, look: Look, view: View, problems: Iterable[Problem]) -> Preview:
        """Return the preview of a view; `problems` are those met in reading the sources.

        Raises SourceError, OSError or what WeasyPrint raises.
        """
        approval, unfilled = Approval(sources, look), list[Problem]()
        own, english = self._column(approval, view, unfilled), None
        if view.locale != SOURCE_LANGUAGE:
            layout: Layout = "standard" if view.layout == "bilingual" else view.layout
            beside = View(SOURCE_LANGUAGE, view.handout, view.region, layout, view.clinic)
            english = self._column(approval, beside, unfilled)
        problems = tuple(problems)
        told = {(problem.code, problem.about) for problem in problems}
        found = [
            *problems,
            *own.problems,
            *(each for each in dict.fromkeys(unfilled) if (each.code, each.about) not in told),
            *(check_catalog(sources, view.locale) if view.locale in sources.catalogs else ()),
        ]
        unplaced = tuple(problem for problem in found if not problem.about)
        return Preview(own, english, tuple(_blocks(sources, view, found)), unplaced)

    def _column(self, approval: Approval, view: View, unfilled: list[Problem]) -> Column:
        """Return a column, made anew where anything it shows has changed; what nothing fills is added to `unfilled`."""
        look = approval.look
        page, mail = (_page(approval, view, form) for form in ("pdf", "email"))
        composed, shown = partial(compose, page, look, unfilled=unfilled), drawings(page, look)
        html = composed()
        email = compose_for_mail(mail, look, marked=True, unfilled=unfilled)
        key = hashlib.sha256("\0".join([repr(view), html, email, repr(shown)]).encode()).hexdigest()
        column = self.columns.pop(key, None) or self._make_column(
            approval.sources, page, composed, shown, email
        )
        self.columns[key] = column  # the latest last
        for old in list(self.columns)[:-COLUMNS_KEPT]:
            del self.columns[old]
        return column

    def _make_column(
        self,
        sources: Sources,
        page: Page,
        composed: Callable[..., str],
        shown: Mapping[str, bytes],
        email: str,
    ) -> Column:
        """Return a column with pages rendered now."""
        from handouts.pdf.make import typeset_fitting
        from handouts.pdf.render import collected_afterwards

        letters = characters(sources, page.locale.tag, page.clinic)

        def laid_out(snug: int) -> Typeset:
            html = partial(composed, snug=snug)
            return typeset_fitting(html, page.locale, page.families, letters, self.cache, shown)

        with collected_afterwards():
            pdf = snugly(page, laid_out).write()
        problems = (overfull_problem(page, pdf.filling),) if pdf.filling.over else ()
        return Column(page.locale.tag, tuple(page_pictures(pdf.data)), pdf.places, email, problems)


def _page(approval: Approval, view: View, form: Format) -> Page:
    """Return the page of a view in a format; e-mail has one layout."""
    layout: Layout = view.layout if form == "pdf" else "standard"
    paper = approval.sources.content.regions[view.region].paper
    made = Rendition(view.handout, view.locale, view.region, view.clinic, layout, form, paper, "")
    return page_of(approval, made)


def _blocks(sources: Sources, view: View, found: Iterable[Problem]) -> Iterator[BlockDetails]:
    """Yield what is known of every block of the handout that has a text."""
    by_block: dict[str, list[Problem]] = {}
    for problem in found:
        by_block.setdefault(problem.about, []).append(problem)
    catalog = sources.catalogs.get(view.locale)
    for block in sources.content.handout(view.handout, view.region).blocks():
        if not block.text:
            continue
        message = catalog.messages.get(block.id) if catalog else None
        yield BlockDetails(
            id=block.id,
            note=block.note,
            english=block.text,
            safety=block.safety,
            text=message.text if message else "",
            previous=message.previous if message else "",
            state=_block_state(block, message) if catalog else "source",
            where=catalog.where(block.id) if catalog else "",
            problems=tuple(by_block.get(block.id, ())),
        )


def _block_state(block: Block, message: Message | None) -> BlockState:
    """Return how far a block is that has to be translated."""
    if usable(block, message):
        return "translated"
    if message and message.text:
        return "fuzzy"
    return "optional" if block.optional else "missing"
