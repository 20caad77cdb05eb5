"""A translated handout becomes HTML or text, by Jinja, from values alone."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from handouts.model import DIGITS, SOURCE_LANGUAGE, Block, Handout, Page, Sibling, address_of
from handouts.page.code import code, web_address
from handouts.page.colours import palette
from handouts.page.filling import fill, groups
from handouts.page.parts import begins, ends
from handouts.page.pictures import (
    IN_MAIL,
    SIZES,
    draw,
    draw_on_screen,
    height_in_mail,
    icon_on_screen,
    logo_size,
    shown_colours,
)
from handouts.page.speaker import PlaceholderValue, Speaker
from handouts.page.template_problems import asked
from handouts.page.values import (
    Moment,
    Value,
    file_size,
    month,
    phone,
)
from handouts.problems import Problem
from handouts.sources.look import Look

CID = "picture@handouts"  # the Content-ID of an e-mail's picture
TEMPLATES = {
    "pdf": "print.html",
    "web": "web.html",
    "email": "email.html",
    "text": "text.txt",
    "eml": "email.html",
}
PICTURE = "picture.html"  # the picture of an e-mail, by itself


def compose(
    page: Page,
    look: Look,
    *,
    marked: bool = False,
    unfilled: list[Problem] | None = None,
    snug: int = 0,
    more_head: float = 0.0,
    more_foot: float = 0.0,
    parting: Collection[str] = (),
    help_early: bool = False,
    room: int = 0,
    in_parts: bool = False,
) -> str:
    """Return the HTML of a page, or its text, whole and ready to render.

    On paper every block stands between tags that name it, so that it can be found on the finished
    page; in an e-mail only where it is `marked`, for the preview. A placeholder or citation of a block that nothing
    fills raises SourceError; where a list `unfilled` is given it is printed as it is written, and its problem added there.
    The details in the clinic's box are `snug`: 0 as usual, 1 in lines that stand closer, 2 in the smallest type that is
    allowed as well. The head and the foot of every page are by `more_head` and `more_foot` millimetres higher than usual.
    A line may end within the words `parting`, which are those of a message as they are laid out. Raises SourceError
    for a template that does not work. The help lines stand before the summary where they are to come early. The box of a
    personal copy has `room` for as many lines; without a person and with room the page is the form of such copies. What is the
    clinic's own on paper stands between marks if it is wanted `in_parts` (`parts.py`).
    """
    context = _context(page, look, Speaker(page, marked=marked, unfilled=unfilled, parting=parting))
    context |= {
        "snug": snug,
        "more_head": more_head,
        "more_foot": more_foot,
        "help_early": help_early,
        "room": room,
        "begins": lambda name: Markup(begins(name) if in_parts else ""),
        "ends": lambda name: Markup(ends(name) if in_parts else ""),
    }
    composed = fill(look, TEMPLATES[page.rendition.format], **context)
    if page.rendition.format == "text":
        composed = re.sub(r"\n{3,}", "\n\n", composed)
    return composed.strip() + "\n"


PERSONAL = "personal.html"  # what is stamped on a form
CONTENTS = "contents.html"  # what comes before several handouts
SEVERAL = {
    "eml": "email-several.html",
    "email": "email-several.html",
    "text": "text-several.txt",
}  # an e-mail that brings them


def compose_personal(page: Page, look: Look) -> str:
    """Return the body of a page that holds the box of a personal copy and nothing else: the head is that of the handout's page."""
    speaker = Speaker(page)
    return fill(
        look,
        PERSONAL,
        rendition=page.rendition,
        locale=page.locale,
        personal=page.personal,
        words=page.handout.words,
        region=page.handout.region,
        moment=Moment,
        say=asked(speaker.say),
        show=asked(speaker.show),
    )


@dataclass(frozen=True)
class Row:
    """A handout among several, as the page before them tells it: its page, how many sheets it has, the place it begins at."""

    page: Page
    pages: int
    place: str


def compose_contents(heading: Block, rows: Sequence[Row], look: Look) -> str:
    """Return the page that comes before several handouts and leads to each, set as the first of them is.

    Its words are in the locale of the first, each title in its own. If any of the handouts is a draft, it says so at its
    top, as they do. Raises SourceError for a template that does not work.
    """
    page = replace(_in_front(rows[0].page, rows), personal=None)
    return compose(page, look).partition("<body")[0] + fill(
        look, CONTENTS, **_telling(heading, rows, page, look)
    )


def compose_letter(page: Page, heading: Block, rows: Sequence[Row], look: Look) -> str:
    """Return the HTML or the text of an e-mail whose PDF is several handouts: the letter, the help lines, and the title of each.

    `page` is that of the first as an e-mail or as text; with its `personal` the letter says that the PDF is one person's,
    and no more. A draft among them is told as in `compose_contents`. Raises SourceError for a template that does not work.
    """
    page = _in_front(page, rows)
    return fill(look, SEVERAL[page.rendition.format], **_telling(heading, rows, page, look)).strip() + "\n"


def _in_front(page: Page, rows: Sequence[Row]) -> Page:
    """Return a page that comes before several handouts: a draft where one of them is."""
    drafts = [row.page.state for row in rows if row.page.is_draft]
    return replace(page, state=drafts[0] if drafts else page.state)


def _telling(heading: Block, rows: Sequence[Row], page: Page, look: Look) -> dict[str, Any]:
    """Return what a page before several handouts may use: what each page may, and the handouts."""
    form = page.rendition.format
    pages = {row.place: replace(row.page, rendition=replace(row.page.rendition, format=form)) for row in rows}
    return {
        **_context(page, look, Speaker(page)),
        "heading": heading,
        "listed": rows,
        "clinic": next((row.page.clinic for row in rows if row.page.clinic), None),
        "is_draft": any(row.page.is_draft for row in rows),
        "picture": "",
        "entitle": lambda row: Speaker(pages[row.place]).say(row.page.handout.title),
    }


def compose_picture(page: Page, look: Look) -> str:
    """Return the HTML of a sheet that holds the summary's picture and nothing else; nothing where there is none."""
    picture = page.handout.summary.picture
    if not picture:
        return ""
    shown = shown_colours(page, look)
    return fill(
        look,
        PICTURE,
        locale=page.locale,
        drawing=draw(picture, page, shown),
        families=page.families,
        colours=shown,
        title=picture.alternative.text,
        ratio=height_in_mail(picture) / IN_MAIL,
    )


def _context(page: Page, look: Look, speaker: Speaker) -> dict[str, Any]:
    """Return what the templates may use: the page's nouns, ways to say them, and how they look."""
    shown = shown_colours(page, look)
    return {
        "handout": page.handout,
        "english": page.english,
        "locale": page.locale,
        "clinic": page.clinic,
        "region": page.handout.region,
        "line_numbers": {line.id: phone(line.call) for line in page.handout.region.lines if line.call},
        "own_note": own_note(page),
        "code": code(page) if page.rendition.format == "pdf" else "",
        "web_address": web_address(page),
        "words": page.handout.words,
        "citations": speaker.citations,
        "cited_here": lambda ids: [c for c in speaker.citations if c.reference.id in ids],
        "personal": page.personal,
        "moment": Moment,
        "rendition": page.rendition,
        "state": page.state,
        "imprint": imprint(page),
        "created": look.created(page.english.edition),
        "is_source": page.locale.tag == SOURCE_LANGUAGE,
        "is_draft": page.is_draft,
        "bilingual": page.rendition.layout == "bilingual",
        "has_fields": page.handout.has_fields,
        "step_numbers": step_numbers(page.handout),
        "say": asked(speaker.say),
        "say_after": asked(speaker.say_after),
        "say_title": asked(speaker.say_title),
        "say_english": asked(speaker.say_english),
        "show": asked(speaker.show),
        "work": asked(speaker.work),
        "siblings": page.siblings,
        "address": lambda sibling: address(page, sibling),
        "published": lambda sibling: published(page, sibling),
        "file_size": lambda sibling: size_of(page, sibling),
        **_appearance(page, look, shown),
    }


def own_note(page: Page) -> Value | None:
    """Return what a clinic says in its own words to a reader of the locale, in the direction of that; None where it says nothing."""
    text = page.clinic.notes.get(page.locale.tag, "") if page.clinic else ""
    return Value(text, page.locale.direction, kind="note") if text else None


def imprint(page: Page) -> list[tuple[Block, dict[str, PlaceholderValue]]]:
    """Return the sentences at the end of a page, each with what is put into it.

    They say who wrote it, when it is looked at again, and what people have done about its numbers.
    """
    handout, numbers, words = page.handout, page.numbers, page.handout.words
    told: list[tuple[Block, dict[str, PlaceholderValue]]] = [
        (words["imprint"], {"owner": handout.owner, "date": month(handout.review_by)})
    ]
    if numbers.state == "confirmed":
        told.append((words["numbers-confirmed"], {"date": month(numbers.since)}))
        return told
    told.append((words["numbers-read"], {"date": month(*handout.region.read)}))
    return [*told, (words[f"numbers-{numbers.state}"], {})]


def _appearance(page: Page, look: Look, shown: Mapping[str, str]) -> dict[str, Any]:
    """Return what the templates may use of type, sides, pictures and colours."""
    rtl, on_screen = page.locale.direction == "rtl", page.rendition.format == "web"
    return {
        "families": page.families,
        "source_fonts": page.source.fonts,
        "english_leading": page.source.leading,
        "points": SIZES[page.rendition.layout],
        "native_digits": page.locale.digits if page.locale.digits != DIGITS else "",
        "start": "right" if rtl else "left",
        "end": "left" if rtl else "right",
        "draw": lambda p: draw_on_screen(p, page) if on_screen else draw(p, page, shown),
        "icon": lambda name: icon_on_screen(page.handout.icons[name], page),
        "logo_size": logo_size(page),
        "picture": CID if page.rendition.format == "eml" else "",
        "picture_height": height_in_mail(page.handout.summary.picture),
        "colours": shown,
        "dark": palette(look.tokens, "dark"),
    }


@asked
def address(page: Page, sibling: Sibling) -> str:
    """Return where a sibling lies, as a page links to it."""
    return posixpath.relpath(sibling.rendition.file, posixpath.dirname(page.rendition.file))


@asked
def size_of(page: Page, sibling: Sibling) -> str:
    """Return how large a sibling of a page is, in the words of its locale."""
    return file_size(sibling.size, page.locale)


@asked
def published(page: Page, sibling: Sibling) -> str:
    """Return the public address of a sibling of a page, which is a web page in another language."""
    made = sibling.rendition
    return address_of(page.clinic, made.locale, made.handout) if page.clinic else ""


def step_numbers(handout: Handout) -> dict[str, int]:
    """Return the number of each step by its id: from one in every run of steps, however a page parts them."""
    lists = (handout.summary.blocks, *(each.blocks for each in handout.sections), handout.region.access)
    runs = (run for blocks in lists for kind, run in groups(blocks) if kind == "step")
    return {block.id: number for run in runs for number, block in enumerate(run, start=1)}
