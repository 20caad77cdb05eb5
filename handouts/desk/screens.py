"""The pages of the desk: its own words in the language of whoever works at it, handouts in that of their readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from handouts.desk.counter import Key, Stock
from handouts.library.personal import FIELDS, LONGEST_NOTE
from handouts.mail.addresses import LONGEST_NAME
from handouts.model import SOURCE_LANGUAGE, Block, Layout, Locale, Rendition
from handouts.page.filling import fill
from handouts.problems import Problem

FRAME_WORDS = ("draft", "page", "web-standard", "web-large-print", "web-bilingual")
LIMITS = {"name": LONGEST_NAME, "clinician": LONGEST_NAME, "note": LONGEST_NOTE}  # characters


@dataclass(frozen=True)
class Words:
    """The words of the desk in a locale, and those of the frame of every handout that it borrows."""

    locale: Locale
    blocks: Mapping[str, Block]

    def text(self, key: str, **values: object) -> str:
        """Return a text, with numbers in the digits of the locale."""
        shown = {name: self.locale.written(v) if isinstance(v, int) else v for name, v in values.items()}
        return self.blocks[key].text.format(**shown)

    def say(self, key: str, **values: object) -> Markup:
        """Return a text for a page; one that is not translated says that it is English."""
        text = escape(self.text(key, **values))
        if self.blocks[key].lang == self.locale.tag:
            return text
        return Markup('<bdi lang="{}" dir="ltr">{}</bdi>').format(SOURCE_LANGUAGE, text)


@dataclass(frozen=True)
class Typed:
    """What was typed for a personal copy, to be shown again with what is wrong with it. None of it is in the repr."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()

    def value(self, name: str) -> str:
        """Return what was typed into a field."""
        return self.values.get(name, "")

    @property
    def first_fault(self) -> str:
        """The first field, as they stand on the page, in which something is wrong: there one begins to correct."""
        wrong = {each.where for each in self.problems}
        return next((name for name in FIELDS if name in wrong), "")

    def faults(self, name: str) -> list[str]:
        """Return what is wrong with a field, in English: in a basket each handout may say something of its own."""
        found = (f"{each.what} {each.fix}" for each in self.problems if each.where == name)
        return list(dict.fromkeys(found))


def words_of(stock: Stock, tag: str) -> Words:
    """Return the words of the desk in a locale; English where there is none of that tag."""
    sources = stock.sources
    own = tag if tag in sources.locales else SOURCE_LANGUAGE
    slug, region = next(iter(sources.content.drafts)), stock.place.region
    frame = sources.translation(slug, region, own).handout.words
    blocks = {**{key: frame[key] for key in FRAME_WORDS}, **sources.desk_words(own)}
    return Words(sources.locales[own], blocks)


def screen(stock: Stock, name: str, words: Words, base: str, **values: Any) -> str:
    """Return a page of the desk from the template `desk-NAME.html`; `base` is the address that all others are below."""
    clinic = stock.sources.content.clinics.get(stock.place.clinic)
    region = stock.sources.content.regions[stock.place.region]
    return fill(
        stock.look,
        f"desk-{name}.html",
        words=words,
        say=words.say,
        text=words.text,
        base=base,
        back="→" if words.locale.direction == "rtl" else "←",
        place=clinic.name if clinic else region.name.text,
        locales=stock.sources.locales,
        **values,
    )


def languages(stock: Stock) -> list[tuple[Locale, Block | None]]:
    """Return the languages of a place, each with what its speaker says of it, if that is translated."""
    slug, region = next(iter(stock.sources.content.drafts)), stock.place.region
    shown = []
    for tag in stock.locales():
        said = stock.sources.translation(slug, region, tag).handout.words["web-speak"]
        shown.append((stock.sources.locales[tag], said if said.lang == tag else None))
    return shown


@dataclass(frozen=True)
class ShownHandout:
    """A handout of the place in a language."""

    slug: str
    layout: Layout
    title: Block
    english: str
    is_draft: bool


def shown_handout(stock: Stock, rendition: Rendition) -> ShownHandout:
    """Return what a list shows of a handout."""
    page = stock.job(rendition).page
    english = page.english.title.text
    return ShownHandout(rendition.handout, rendition.layout, page.handout.title, english, page.is_draft)


def shown_handouts(stock: Stock, tag: str) -> list[ShownHandout]:
    """Return the handouts in a locale, each in the layout to begin with."""
    keys = [(tag, slug, stock.layouts(tag, slug)[0]) for slug in stock.handouts(tag)]
    return [shown_handout(stock, stock.papers[key]) for key in keys]


def shown_basket(stock: Stock, keys: Sequence[Key]) -> list[tuple[Locale, ShownHandout]]:
    """Return what is in a basket; what the place has no more is left out."""
    renditions = [stock.papers[key] for key in keys if key in stock.papers]
    return [(stock.sources.locales[each.locale], shown_handout(stock, each)) for each in renditions]
