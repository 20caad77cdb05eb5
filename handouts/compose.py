"""A translated handout becomes HTML or text by Jinja; every value put into text is isolated here, once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from handouts import colours, markup
from handouts.locales import month_name
from handouts.model import (
    SOURCE_LANGUAGE,
    Block,
    Clinic,
    Handout,
    HelpLine,
    Layout,
    Locale,
    Picture,
    Rendition,
    State,
)
from handouts.references import Citation, number_references

TEMPLATES = {"pdf": "print.html", "email": "email.html", "text": "text.txt"}
# Points of running text, and so of the smallest word on the page (UKAAF: clear print 12, large print 16, ideal 18).
SIZES: Mapping[Layout, int] = {"standard": 12, "large-print": 18, "bilingual": 12}
UNIT = 0.7 / 12  # to one unit of a drawing, for each point of text: pictures grow with it
LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"


@dataclass(frozen=True)
class Value:
    """Something put into text that is no message: a number, a name, an address."""

    text: str
    direction: Literal["ltr", "rtl"]
    href: str = ""
    kind: str = "value"


@dataclass(frozen=True)
class Month:
    """A month such as `2026-11`, to be written in the words of the text it is put into."""

    year_month: str


@dataclass(frozen=True)
class Page:
    """Everything one rendition prints."""

    rendition: Rendition
    handout: Handout
    english: Handout
    locale: Locale
    source: Locale
    clinic: Clinic | None
    state: State
    created: str

    @property
    def families(self) -> tuple[str, ...]:
        """The font families of the page: the locale's, then those of its English parts."""
        return tuple(dict.fromkeys((*self.locale.fonts, *self.source.fonts)))


def value(text: str, kind: str = "value", href: str = "") -> Value:
    """Return typed text with the direction of its first letter; without a letter it runs left to right."""
    strong = next((b for b in map(unicodedata.bidirectional, text) if b in {"L", "R", "AL"}), "L")
    return Value(text, "ltr" if strong == "L" else "rtl", href, kind)


def phone(number: str) -> Value:
    """Return a phone number that can be dialled from the page."""
    return Value(number, "ltr", f"tel:{number.replace(' ', '')}", "phone")


def sms(number: str) -> Value:
    """Return a number to send a text message to."""
    return Value(number, "ltr", f"sms:{number.replace(' ', '')}", "phone")


def counter(name: str) -> Value:
    """Return the number of the page, or of all pages, which only the page itself knows."""
    return Value(name, "ltr", kind="counter")


def web(url: str) -> Value:
    """Return a web address as people read it, without the scheme, linked to the whole."""
    return Value(url.removeprefix("https://").removeprefix("www.").rstrip("/"), "ltr", url, "web")


def source_link(citation: Citation) -> Value:
    """Return the DOI of a source as people write it, or its web address, linked."""
    if citation.doi:
        return Value(f"doi:{citation.doi}", "ltr", citation.link, "web")
    return web(citation.url)


class Writer(Protocol):
    """How one format writes the pieces of a message."""

    def text(self, text: str) -> str: ...
    def strong(self, inner: str) -> str: ...
    def emphasis(self, inner: str) -> str: ...
    def link(self, inner: str, href: str) -> str: ...
    def value(self, value: Value) -> str: ...
    def citation(self, number: int) -> str: ...
    def foreign(self, inner: str, kind: str) -> str: ...


class PrintWriter:
    """HTML for paper: a value stands in a `bdi` with its direction written out."""

    def text(self, text: str) -> str:
        return str(escape(text))

    def strong(self, inner: str) -> str:
        return f"<strong>{inner}</strong>"

    def emphasis(self, inner: str) -> str:
        return f"<em>{inner}</em>"

    def link(self, inner: str, href: str) -> str:
        return f'<a href="{escape(href)}">{inner}</a>'

    def value(self, value: Value) -> str:
        if value.kind == "counter":
            return f'<span class="counter-{value.text}"></span>'
        # A bare bdi is not enough: without dir, 13 11 14 prints as 14 11 13 in Arabic.
        inner = f'<bdi dir="{value.direction}" class="{value.kind}">{escape(value.text)}</bdi>'
        return self.link(inner, value.href) if value.href else inner

    def citation(self, number: int) -> str:
        return f'<sup class="cite"><a href="#ref-{number}"><bdi dir="ltr">{number}</bdi></a></sup>'

    def foreign(self, inner: str, kind: str) -> str:
        return f'<span lang="{SOURCE_LANGUAGE}" dir="ltr" class="{kind}">{inner}</span>'


class MailWriter(PrintWriter):
    """HTML for mail: isolating characters, since mail clients drop `bdi` and `dir` on links."""

    def value(self, value: Value) -> str:
        inner = str(escape(isolate(value)))
        if value.kind == "web":
            inner = inner.replace("/", "/<wbr>")  # A long address must not widen a narrow screen.
        return self.link(inner, value.href) if value.href else inner

    def citation(self, number: int) -> str:
        return f" {LRI}[{number}]{PDI}"

    def foreign(self, inner: str, kind: str) -> str:
        # On a line of its own: clients that drop dir would mix the two directions.
        return ("<br>" if kind == "beside" else "") + super().foreign(f"{LRI}{inner}{PDI}", kind)


class TextWriter:
    """Plain text: no markup; values isolated by characters where the text runs right to left."""

    def __init__(self, direction: str) -> None:
        self.direction = direction

    def text(self, text: str) -> str:
        return text

    def strong(self, inner: str) -> str:
        return inner

    def emphasis(self, inner: str) -> str:
        return inner

    def link(self, inner: str, href: str) -> str:
        return f"{inner} ({self.value(Value(href, 'ltr'))})"

    def value(self, value: Value) -> str:
        return value.text if self.direction == value.direction == "ltr" else isolate(value)

    def citation(self, number: int) -> str:
        return " " + self.value(Value(f"[{number}]", "ltr"))

    def foreign(self, inner: str, kind: str) -> str:
        return self.value(Value(f"({inner})" if kind == "beside" else inner, "ltr"))


def _value(given: Value | Month | str, locale: Locale) -> Value:
    """Return what is put into a text in a locale, a month in its words."""
    if isinstance(given, Month):
        return Value(month_name(given.year_month, locale), locale.direction)
    return value(given) if isinstance(given, str) else given


def isolate(value: Value) -> str:
    """Return the value between isolating characters, so that nothing around it changes its order."""
    return f"{LRI if value.direction == 'ltr' else RLI}{value.text}{PDI}"


def writer(rendition: Rendition, locale: Locale) -> Writer:
    """Return the writer of a rendition's format."""
    if rendition.format == "text":
        return TextWriter(locale.direction)
    return MailWriter() if rendition.format == "email" else PrintWriter()


def write(text: str, to: Writer, values: Mapping[str, Value], numbers: Mapping[str, int]) -> str:
    """Return a message as the writer writes it: escaped first, then marked up, values put in."""

    def node(each: markup.Node) -> str:
        inner = "".join(map(node, each.children))
        match each.kind:
            case "text":
                return to.text(each.value)
            case "strong":
                return to.strong(inner)
            case "emphasis":
                return to.emphasis(inner)
            case "link":
                return to.link(inner, each.value)
            case "placeholder":
                return to.value(values[each.value])
            case "citation":
                return to.citation(numbers[each.value])

    return "".join(map(node, markup.parse(text)))


def compose(page: Page, root: Path) -> str:
    """Return the HTML of a page, or its text, whole and ready to render."""
    template = _environment(root).get_template(TEMPLATES[page.rendition.format])
    composed = template.render(_context(page, root))
    if page.rendition.format == "text":
        composed = re.sub(r"\n{3,}", "\n\n", composed)
    return composed.strip() + "\n"


@cache
def _environment(root: Path) -> Environment:
    """Return Jinja with autoescape in HTML and every undefined name an error."""
    environment = Environment(
        loader=FileSystemLoader(root / "templates"),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        value=value, phone=phone, sms=sms, web=web, counter=counter, source_link=source_link, groups=groups
    )
    return environment


def _context(page: Page, root: Path) -> dict[str, Any]:
    """Return what the templates may use: the page's nouns, and `say`, which prints a block."""
    to = writer(page.rendition, page.locale)
    citations = number_references(page.handout.references)
    numbers = {c.reference.id: c.number for c in citations}

    twins = {block.id: block for block in page.english.blocks()}

    def ready(block: Block, language: str, values: Mapping[str, Value | Month | str]) -> str:
        locale = page.locale if block.lang == page.locale.tag else page.source
        given = {k: _value(v, locale) for k, v in values.items()}
        text = write(block.text, to, given, numbers)
        if block.english:
            text += " " + to.foreign(write(block.english, to, given, numbers), "beside")
        return text if block.lang == language else to.foreign(text, "instead")

    finish = str if page.rendition.format == "text" else Markup

    def say(block: Block, **values: Value | Month | str) -> str:
        """Return a block in the reader's language, marked where it is English."""
        return finish(ready(block, page.locale.tag, values))

    def say_english(block: Block, **values: Value | Month | str) -> str:
        """Return a block of the English handout, for a place that is marked as English by the template."""
        return finish(ready(block, SOURCE_LANGUAGE, values))

    def show(what: Value) -> str:
        """Return a value that stands by itself."""
        return finish(to.value(what))

    shown = _shown(page, root)
    return {
        "page": page,
        "handout": page.handout,
        "english": page.english,
        "locale": page.locale,
        "region": page.handout.region,
        "clinic": page.clinic,
        "words": page.handout.words,
        "english_words": page.english.words,
        "rendition": page.rendition,
        "state": page.state,
        "families": page.families,
        "source_fonts": page.source.fonts,
        "created": page.created,
        "is_source": page.locale.tag == SOURCE_LANGUAGE,
        "is_draft": page.state != "approved",
        "end": "left" if page.locale.direction == "rtl" else "right",
        "start": "right" if page.locale.direction == "rtl" else "left",
        "citations": citations,
        "cited_here": lambda ids: [c for c in citations if c.reference.id in ids],
        "say": say,
        "say_english": say_english,
        "show": show,
        "month": Month,
        "twin": lambda block: twins[block.id],
        "bilingual": page.rendition.layout == "bilingual",
        "points": SIZES[page.rendition.layout],
        "draw": lambda picture: draw(picture, page, shown),
        "dial": dial,
        "colours": shown,
        "dark": colours.palette(colours.load_tokens(root), "dark"),
        "css": lambda name: Markup((root / "templates" / name).read_text(encoding="utf-8")),
    }


def dial(line: HelpLine) -> list[tuple[str, Value]]:
    """Return the ways to reach a help line: the message to print and the number in it."""
    if line.call and line.call == line.text:
        return [("call-or-text", phone(line.call))]
    ways = [("call", phone(line.call))] if line.call else []
    return [*ways, ("text-message", sms(line.text))] if line.text else ways


def groups(blocks: Iterable[Block]) -> list[tuple[str, list[Block]]]:
    """Return runs of blocks of one kind, so that items share a list and cards a grid."""
    return [(kind, list(run)) for kind, run in groupby(blocks, key=lambda block: block.kind)]


def draw(picture: Picture, page: Page, shown: Mapping[str, str]) -> Markup:
    """Return a picture as HTML: its drawing, and its words laid over it.

    The drawing is a template: `label(key, x, y, anchor)` writes a word on the line at `y`, centred
    at `x` or starting there; `x(n)` is a place after mirroring, `mirror` the transform of everything
    that has a direction. The words are HTML, because WeasyPrint draws SVG text letter by letter,
    which takes Arabic and Hindi apart.
    """
    labels: list[str] = []
    width, _ = _size(picture.drawing)
    locale, points = page.locale, SIZES[page.rendition.layout]
    unit = UNIT * points

    def label(key: str, at: float, y: float, anchor: str = "middle") -> str:
        block, size = picture.labels[key], points * locale.size
        room = 2 * min(at, width - at)
        place = {
            "middle": f"left: {(at - room / 2) * unit:g}pt; width: {room * unit:g}pt; text-align: center",
            "start": f"right: {(width - at) * unit:g}pt"
            if locale.direction == "rtl"
            else f"left: {at * unit:g}pt",
        }[anchor]
        where = f"top: {y * unit - size:g}pt; font-size: {size:g}pt; {place}"
        # The picture may be described in another language, so a word always states its own.
        spoken = f'lang="{block.lang}"' + ("" if block.lang == locale.tag else ' dir="ltr"')
        labels.append(f'<span class="label" style="{where}" {spoken}>{escape(block.text)}</span>')
        return ""

    svg = fill(picture.drawing, page, shown, label=label)
    # One picture to a listener, who hears the description instead of single words.
    image = f'role="img" lang="{picture.alternative.lang}" aria-label="{escape(picture.alternative.text)}"'
    return Markup(f'<div class="drawing" {image}>{svg}{"".join(labels)}</div>')


def _size(drawing: str) -> tuple[float, float]:
    """Return width and height of a drawing, in its own units."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
    return (float(box[1]), float(box[2])) if box else (0.0, 0.0)


def fill(drawing: str, page: Page, shown: Mapping[str, str], **more: Callable[..., str]) -> str:
    """Return a drawing filled in: colours by name, and mirrored where the locale runs right to left."""
    width, height = _size(drawing)
    mirrored = page.locale.direction == "rtl"
    unit = UNIT * SIZES[page.rendition.layout]
    sized = f'<svg width="{width * unit:g}pt" height="{height * unit:g}pt" '
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(
        drawing.replace("<svg ", sized, 1)
    )
    return template.render(
        **more,
        **shown,
        x=lambda n: width - n if mirrored else n,
        mirror=f"translate({width:g} 0) scale(-1 1)" if mirrored else "translate(0 0)",
    ).strip()


def drawings(page: Page, root: Path) -> dict[str, bytes]:
    """Return the drawings that carry no meaning of their own, by the address the page gives them.

    They are backgrounds, so that a screen reader passes over them.
    """
    shown = _shown(page, root)
    icons = {f"icon:{name}": fill(svg, page, shown) for name, svg in page.handout.icons.items()}
    if page.clinic and page.clinic.logo:
        icons["logo:"] = re.sub(r"^.*?(?=<svg)", "", page.clinic.logo, flags=re.DOTALL)
    return {address: svg.encode() for address, svg in icons.items()}


def _shown(page: Page, root: Path) -> dict[str, str]:
    """Return the colours of a page, with the clinic's accent."""
    return colours.palette(colours.load_tokens(root), "light", page.clinic.accent if page.clinic else "")
