"""What a signature covers of the pages themselves: every form of a handout as it would be printed if it were approved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from jinja2 import Environment, meta

from handouts.memory import digest_of_texts
from handouts.model import (
    FORMATS,
    LAYOUTS,
    SOURCE_LANGUAGE,
    Clinic,
    Drawing,
    Locale,
    Numbers,
    Page,
    Rendition,
    State,
)
from handouts.page.compose import PICTURE, TEMPLATES, compose, compose_picture
from handouts.page.reading import SignedReading, read_html, read_plain, said
from handouts.sources.load import Sources
from handouts.sources.look import Look, Token
from handouts.sources.signed_text import DIGEST_OF, Row, kept_value

# A clinic's own details are its own business; this one shows what our templates say around them.
STAND_IN = Clinic(
    "clinic",
    "A clinic",
    "",
    ("000 000", "000 001"),
    ("An address",),
    "https://clinic.example",
    "Hours",
    Drawing(b"", "svg", 1.0, 1.0),
    booking="000 002",
    site="https://clinic.example/handouts",
)
# Numbers are confirmed by signatures of their own, on days of their own: a text is signed as if all were confirmed.
CONFIRMED = Numbers("confirmed", "2026-11")
TALL = 2.0  # a leading with which templates give the page another order, as they do where lines are high
LITERALS = frozenset({"string", "integer", "float"})


def page_in_state(sources: Sources, rendition: Rendition, state: State, numbers: Numbers) -> Page:
    """Return everything a rendition prints in a state, and with what `numbers` says of its numbers. Raises KeyError where the sources lack what it is of.

    The twin of an English page needs no English beside its safety blocks until it is approved; one that has the English
    beside it always has it.
    """
    slug, region, tag = rendition.handout, rendition.region, rendition.locale
    approved = state == "approved" and rendition.layout != "bilingual"
    return Page(
        rendition=rendition,
        handout=sources.translation(slug, region, tag, approved=approved).handout,
        english=sources.content.handout(slug, region),
        locale=sources.locales[tag],
        source=sources.locales[SOURCE_LANGUAGE],
        clinic=sources.content.clinics[rendition.clinic] if rendition.clinic else None,
        state=state,
        numbers=numbers,
    )


def page_rows(sources: Sources, look: Look, slug: str, region: str, tag: str) -> tuple[Row, ...]:
    """Return the rows of every page of a handout for a region in a locale, and of the templates they are made of.

    Type and colours are left out: the contrast of colours and the limits of type are checked. A page is a digest; its
    lines and the rules of its style sheets are rows of their own, each once, so that it can be told what has changed.
    """
    plain = _without_colours(look)
    readings = {}
    for page in _pages(sources, slug, region, tag):
        name = f"{page.rendition.format} {page.rendition.layout}"
        readings[name + (" with a clinic" if page.clinic else "")] = _read(page, plain)
        if page.rendition.format == "pdf" and not page.clinic:
            tall = replace(page, locale=replace(page.locale, leading=TALL))
            readings[f"{name} where room is short"] = _read(tall, plain, help_early=True)
    lines = dict.fromkeys(line for reading in readings.values() for line in reading.lines)
    rules = dict.fromkeys(rule for reading in readings.values() for rule in reading.rules)
    return (
        *(("style", f"{selector} {{ {text} }}") for selector, text in rules),
        *template_rows(look),
        *(("printed", line) for line in lines),
        *(("page", name, _digest(reading.whole)) for name, reading in readings.items()),
    )


def _pages(sources: Sources, slug: str, region: str, tag: str) -> Iterator[Page]:
    """Yield the pages of a handout in every format and layout, as if it were approved: without a clinic, and with one."""
    for form in FORMATS:
        for layout in LAYOUTS:
            if (layout != "standard" and form != "pdf") or (layout == "bilingual" and tag == SOURCE_LANGUAGE):
                continue
            paper = sources.content.regions[region].paper
            rendition = Rendition(slug, tag, region, "", layout, form, paper, "")
            page = page_in_state(sources, rendition, "approved", CONFIRMED)
            page = replace(page, locale=_in_plain_type(page.locale), source=_in_plain_type(page.source))
            yield page
            yield replace(page, clinic=replace(STAND_IN, notes={tag: "A note"}))


def _in_plain_type(locale: Locale) -> Locale:
    """Return a locale whose type is that of no language."""
    return replace(locale, fonts=(f"font-{locale.tag}",), size=1.0, leading=1.34, closest=1.0)


def _without_colours(look: Look) -> Look:
    """Return a look whose colours are their names, on no special day."""
    named = {name: Token(name, f"light-{name}", f"dark-{name}") for name in look.tokens}
    return replace(look, tokens=named, epoch="")


def _read(page: Page, look: Look, *, help_early: bool = False) -> SignedReading:
    """Return the reading of a page, with that of the picture an e-mail holds; also as it is where help lines come early."""
    composed = compose(page, look, help_early=help_early)
    if page.rendition.format == "text":
        return read_plain(composed)
    picture = compose_picture(page, look) if page.rendition.format == "eml" else ""
    return read_html(composed + picture)


def _digest(text: str) -> str:
    return f"{DIGEST_OF}{digest_of_texts([text])}"


def template_rows(look: Look) -> tuple[Row, ...]:
    """Return a row for every template of a page: what it says itself, and the texts and numbers it asks about.

    So words are covered that it says under a condition which none of the pages above meets.
    """
    found = {}
    waiting = [*TEMPLATES.values(), PICTURE]
    while waiting:
        name = waiting.pop(0)
        if name not in found and name in look.templates:
            others, literals = _parsed(look.templates[name], is_css=name.endswith(".css"))
            waiting += others
            found[name] = ("template", name, kept_value("\n".join(literals)))
    return tuple(found.values())


@lru_cache(maxsize=64)
def _parsed(template: str, *, is_css: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the templates that one takes in; and its words, with the texts and numbers it asks about."""
    jinja = Environment()  # noqa: S701 - nothing is rendered by it
    others = meta.find_referenced_templates(jinja.parse(template))
    tokens = list(jinja.lex(template))
    text = "".join(value for _, kind, value in tokens if kind == "data")
    words = [] if is_css else said(re.sub(r"<style\b.*?</style>", "", text, flags=re.DOTALL))
    asked = (value for _, kind, value in tokens if kind in LITERALS)
    return tuple(filter(None, others)), (*words, *asked)
