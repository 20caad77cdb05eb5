"""A translated handout becomes HTML or text, by Jinja, from values alone."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal

from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket
from markupsafe import Markup

from handouts import markup
from handouts.memo import memoized
from handouts.model import DIGITS, SOURCE_LANGUAGE, Block, Handout, Locale, Page, Sibling, address_of
from handouts.page.code import code, web_address
from handouts.page.colours import palette
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
from handouts.page.references import Citation, CitationMark, Piece, number_references
from handouts.page.template_problems import asked, template_told
from handouts.page.values import (
    Moment,
    Month,
    Value,
    counter,
    dial,
    file_size,
    in_words,
    month,
    person,
    phone,
    sms,
    value,
    way_to,
    web,
)
from handouts.page.writers import write_message, writer
from handouts.problems import Problem, in_file, refuse
from handouts.sources.catalogs import catalog_file, source_file
from handouts.sources.look import TEMPLATE_FOLDER, Look

CID = "picture@handouts"  # the Content-ID of an e-mail's picture
TEMPLATES = {
    "pdf": "print.html",
    "web": "web.html",
    "email": "email.html",
    "text": "text.txt",
    "eml": "email.html",
}
Filling = Value | Month | Moment | Block | str  # what is put into a message
MOST_COMPILED = 100  # several times the templates there are
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


class _Compiled(BytecodeCache):
    """Keeps what was compiled, so that of a new look only the templates that changed are compiled again."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it has been compiled before from the same text."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template; of all that there ever were only the latest."""
        if len(self.kept) > MOST_COMPILED:
            self.kept.clear()
        self.kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = _Compiled()


@lru_cache(maxsize=2)  # the preview has a new look after every change of a template
def environment(look: Look) -> Environment:
    """Return Jinja for the templates of a look, with autoescape in HTML and every undefined name an error.

    Every template may call `css(name)` for a style sheet, and what makes values of numbers, names and dates.
    """

    def load(name: str) -> tuple[str, str, Callable[[], bool]]:
        return (
            look.template(name),
            f"{TEMPLATE_FOLDER}/{name}",
            lambda: True,
        )  # its file is told where it does not work

    environment = Environment(
        loader=FunctionLoader(load),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=COMPILED,
    )
    given = (value, phone, sms, web, way_to, counter, dial, month, person, groups, parted, markup.plain)
    environment.globals.update({function.__name__: asked(function) for function in given})
    environment.globals["css"] = lambda name: Markup(look.template(name))
    return environment


def fill(look: Look, name: str, **values: Any) -> str:
    """Return a template filled in. Raises SourceError for one that does not work."""
    with template_told():
        return environment(look).get_template(name).render(values)


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
    page = rows[0].page
    drafts = [row.page.state for row in rows if row.page.is_draft]
    page = replace(page, state=drafts[0] if drafts else page.state, personal=None)
    speaker = Speaker(page)
    body = fill(
        look,
        CONTENTS,
        heading=heading,
        rows=rows,
        rendition=page.rendition,
        clinic=next((row.page.clinic for row in rows if row.page.clinic), None),
        words=page.handout.words,
        locale=page.locale,
        points=SIZES[page.rendition.layout],
        is_draft=bool(drafts),
        say=asked(speaker.say),
        show=asked(speaker.show),
        entitle=lambda row: Speaker(row.page).say(row.page.handout.title),
    )
    return compose(page, look).partition("<body")[0] + body


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


class Speaker:
    """Writes the blocks of a page: in the reader's language, marked where they are English, or all in English."""

    def __init__(
        self,
        page: Page,
        *,
        marked: bool = False,
        unfilled: list[Problem] | None = None,
        parting: Collection[str] = (),
    ) -> None:
        self.page, self.marked = page, marked or page.rendition.format == "pdf"
        self.unfilled = unfilled
        self.writer = writer(page.rendition, page.locale, parting)
        self.citations = number_references(page.handout, page.locale)
        self.twins = {block.id: block for block in page.english.blocks()}
        # What a writer has written is escaped; plain text has nothing to escape.
        self.finish = str if page.rendition.format == "text" else Markup

    def say(self, block: Block, **values: Filling) -> str:
        """Return a block for a reader of the locale."""
        return self.finish(self._say(block, self.page.locale.tag, values))

    def say_after(self, block: Block, **values: Filling) -> str:
        """Return a block that follows another on its line; it begins with the space between, which pdfium loses elsewhere."""
        return self.finish(self._say(block, self.page.locale.tag, values, around=" "))

    def say_title(self, block: Block) -> str:
        """Return a translated title, in the brackets that say it is a translation (NLM, Citing Medicine)."""
        return self.finish(self._say(block, self.page.locale.tag, {}, around="[]"))

    def say_english(self, block: Block, **values: Filling) -> str:
        """Return the English twin of a block, for a place that the template marks as English."""
        return self.finish(self._say(self.twins[block.id], SOURCE_LANGUAGE, values))

    @memoized
    def _marks(self, tag: str) -> Mapping[str, CitationMark]:
        locale = self.page.locale if tag == self.page.locale.tag else self.page.source
        return {c.reference.id: CitationMark(c.number, locale.written(c.number)) for c in self.citations}

    def work(self, citation: Citation) -> str:
        """Return a reference, with the work's own language marked on its title where the patterns are in another."""
        plain = self.page.rendition.format == "text"
        parts = []

        def kind(piece: Piece) -> tuple[bool, str]:
            return piece.own and citation.language != citation.lang, piece.href

        for (apart, href), pieces in groupby(citation.pieces, key=kind):
            text = "".join(piece.text for piece in pieces)
            if href:  # plain text has no links: there the whole address is the link
                inner = self.writer.value(Value(href if plain else web(text).text, "ltr", href, "web"))
            else:
                inner = self.writer.text(text)
            parts.append(self.writer.in_language(inner, citation.language) if apart else inner)
        return self.finish("".join(parts))

    def show(self, what: Value) -> str:
        """Return a value that stands by itself."""
        return self.finish(self.writer.value(what))

    def _say(self, block: Block, language: str, values: Mapping[str, Filling], around: str = "") -> str:
        locale = self.page.locale if block.lang == self.page.locale.tag else self.page.source
        given = {name: self._value(what, locale) for name, what in values.items()}
        given |= {name: Value(f"{{{name}}}", "ltr") for name in self._lacking(block, "placeholder", given)}
        text = self._write(block, block.text, given, locale)
        if block.english:
            text += " " + self.writer.foreign(
                self._write(block, block.english, given, self.page.source), "beside"
            )
        said = text if block.lang == language else self.writer.foreign(text, "instead")
        said = f"{around[:1]}{said}{around[1:]}"
        return f'<span data-block="{block.id}">{said}</span>' if self.marked else said

    def _value(self, what: Filling, locale: Locale) -> Value:
        """Return what is put into a text of a locale; a message in the language of that text, if it has been translated."""
        if not isinstance(what, Block):
            return in_words(what, locale)
        own = what if what.lang == locale.tag else self.twins[what.id]
        return Value(own.text, locale.direction if own.lang == locale.tag else self.page.source.direction)

    def _write(self, block: Block, text: str, given: Mapping[str, Value], locale: Locale) -> str:
        """Return a text of a block as the writer writes it."""
        marks = self._marks(locale.tag)
        lacking = {name: CitationMark(0, f"@{name}") for name in self._lacking(block, "citation", marks)}
        marks = {**marks, **lacking} if lacking else marks
        return write_message(text, self.writer, given, marks, locale.line_ends)

    def _lacking(
        self, block: Block, kind: Literal["placeholder", "citation"], given: Iterable[str]
    ) -> list[str]:
        """Return what a block names and nothing fills, and note it. Raises SourceError where nobody takes notes."""
        named = markup.found(block.text, kind) + markup.found(block.english, kind)
        if not named:
            return []
        lacking = [name for name in dict.fromkeys(named) if name not in given]
        if not lacking:
            return lacking
        problems = [self._unfilled(block, kind, name) for name in lacking]
        if self.unfilled is None:
            refuse(problems)
        else:
            self.unfilled += problems
        return lacking

    def _unfilled(self, block: Block, kind: Literal["placeholder", "citation"], name: str) -> Problem:
        """Return the problem of a name in a block that nothing fills, in the file where it was written first."""
        twin = self.twins.get(block.id, block)
        in_source = block.lang == SOURCE_LANGUAGE or name in markup.found(twin.text, kind)
        file = source_file(block.id) if in_source else catalog_file(block.lang)
        written = f"{{{name}}}" if kind == "placeholder" else f"[@{name}]"
        what = f"nothing fills “{written}” here."
        fix = "Take it out, or write the name as the block had it before."
        return in_file(f"unknown-{kind}", file, what, fix, about=block.id)


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


def imprint(page: Page) -> list[tuple[Block, dict[str, Filling]]]:
    """Return the sentences at the end of a page, each with what is put into it.

    They say who wrote it, when it is looked at again, and what people have done about its numbers.
    """
    handout, numbers, words = page.handout, page.numbers, page.handout.words
    told: list[tuple[Block, dict[str, Filling]]] = [
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


def groups(blocks: Iterable[Block]) -> list[tuple[str, list[Block]]]:
    """Return runs of blocks of one kind, so that items share a list and cards a grid."""
    return [(kind, list(run)) for kind, run in groupby(blocks, key=lambda block: block.kind)]


def parted(blocks: Sequence[Block], bilingual: bool) -> tuple[Sequence[Block], Sequence[Block]]:  # noqa: FBT001 - for templates
    """Return the blocks that stay with the heading of a section, and the others: the first paragraph, or a list as a whole.

    On a page with two languages a list is as many pairs as it has items, and the first of them stays.
    """
    ((kind, run), *_) = groups(blocks) or [("", [])]
    first = 1 if bilingual or kind == "paragraph" else len(run)
    return blocks[:first], blocks[first:]
