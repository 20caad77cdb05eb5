"""Drawings: filled in with colours, mirrored where the locale is, their words laid over them."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from handouts.model import Layout, Page, Picture, Sketch, Slot
from handouts.page.colours import palette
from handouts.sources.look import Look

# Points of running text, and so of the smallest word on the page (UKAAF: clear print 12, large print 16, ideal 18).
SIZES: Mapping[Layout, int] = {"standard": 12, "large-print": 18, "bilingual": 12}
# The rooms in the clinic's box that a logo may fill, as width and height in mm. The box on the standard page has room for
# six lines of 67 mm, in scripts with tall letters for five. A wide logo leaves the first of them shorter, a square one
# the first two, where name and telephone stand, a tall one three by a little.
STANDARD = ((27.0, 6.0), (18.0, 11.0), (4.0, 16.5))
ROOMS: Mapping[Layout, tuple[tuple[float, float], ...]] = {
    "standard": STANDARD,
    "large-print": ((80.0, 15.0), (45.0, 23.0), (14.0, 40.0)),
    "bilingual": STANDARD,
}
IN_MAIL = 240  # pixels that a picture is wide in an e-mail
TAILS = 9  # of these below it, for the tails of the words on its lowest line
UNIT = 0.7 / 12  # to one unit of a drawing, for each point of text: pictures grow with it
ON_SCREEN = 0.06  # of the width of a drawing that the type of its words is high on a screen, as it grows and shrinks with it
TALLEST = 17  # units: as on paper, where it is seen that each word has room
ROOM = 1.8  # from line to line, in type sizes, that the words of a drawing have; where a script needs more, it grows


def draw(picture: Picture, page: Page, shown: Mapping[str, str]) -> Markup:
    """Return a picture as HTML: its drawing, and its words laid over it.

    The words are HTML, because WeasyPrint draws SVG text letter by letter, which takes Arabic and Hindi apart.
    """
    svg = fill(picture.drawing, page, shown)
    words = "".join(_word(picture, slot, page) for slot in picture.drawing.slots("label"))
    # One picture to a listener, who hears the description instead of single words.
    image = f'role="img" lang="{picture.alternative.lang}" aria-label="{escape(picture.alternative.text)}"'
    return Markup(f'<div class="drawing" {image}>{svg}{words}</div>')


def draw_on_screen(picture: Picture, page: Page) -> Markup:
    """Return a picture as SVG that grows with a screen, its words in it as text; its colours are the page's variables."""
    shown = {slot.name: f"var(--{slot.name})" for slot in picture.drawing.slots("colour")}
    words = "".join(_text(picture, slot, page) for slot in picture.drawing.slots("label"))
    image = f'class="drawing" role="img" lang="{picture.alternative.lang}" aria-label="{escape(picture.alternative.text)}"'
    svg = _parts(picture.drawing, page, shown).replace("<svg ", f"<svg {image} ", 1)
    return Markup(svg.replace("</svg>", f"{words}</svg>"))


def icon_on_screen(icon: Sketch, page: Page) -> Markup:
    """Return an icon as SVG that a listener passes over; its colours are the page's variables."""
    shown = {slot.name: f"var(--{slot.name})" for slot in icon.slots("colour")}
    hidden = '<svg class="icon" aria-hidden="true" '
    return Markup(_parts(icon, page, shown).replace("<svg ", hidden, 1))


def _text(picture: Picture, slot: Slot, page: Page) -> str:
    """Return a word of a picture as SVG, which browsers join and order as they do all text."""
    block, locale = picture.labels[slot.name], page.locale
    size = min(TALLEST, ON_SCREEN * picture.drawing.width) * locale.size
    spoken = f'lang="{block.lang}"' + ("" if block.lang == locale.tag else ' direction="ltr"')
    where = f'x="{_place(slot, picture.drawing, page):g}" y="{slot.y:g}" font-size="{size:.3g}"'
    return f'<text {where} text-anchor="{slot.anchor}" {spoken}>{escape(block.text)}</text>'


def _word(picture: Picture, slot: Slot, page: Page) -> str:
    """Return a word of a picture as HTML, at its place."""
    locale, points = page.locale, SIZES[page.rendition.layout]
    block, size, unit = picture.labels[slot.name], points * locale.size, _unit(page, picture.drawing)
    at, width = _place(slot, picture.drawing, page), picture.drawing.width
    if slot.anchor == "middle":
        room = 2 * min(at, width - at)
        place = f"left: {(at - room / 2) * unit:g}pt; width: {room * unit:g}pt; text-align: center"
    elif locale.direction == "rtl":
        place = f"right: {(width - at) * unit:g}pt"
    else:
        place = f"left: {at * unit:g}pt"
    where = f"top: {slot.y * unit - size:g}pt; font-size: {size:g}pt; {place}"
    # The picture may be described in another language, so a word always states its own.
    spoken = f'data-block="{block.id}" lang="{block.lang}"' + (
        "" if block.lang == locale.tag else ' dir="ltr"'
    )
    return f'<span class="label" style="{where}" {spoken}>{escape(block.text)}</span>'


def _unit(page: Page, drawing: Sketch) -> float:
    """Return how many points of the page one unit of a drawing is."""
    has_words = page.rendition.format == "pdf" and drawing.slots("label")
    grown = max(1.0, page.locale.leading / ROOM) if has_words else 1.0
    return UNIT * SIZES[page.rendition.layout] * grown


def _place(slot: Slot, drawing: Sketch, page: Page) -> float:
    """Return a place across, after mirroring."""
    return drawing.width - slot.x if slot.turns and page.locale.direction == "rtl" else slot.x


def height_in_mail(picture: Picture | None) -> int:
    """Return the pixels that a picture is high in an e-mail; 0 where there is none."""
    if not picture:
        return 0
    return round(IN_MAIL * picture.drawing.height / picture.drawing.width) + TAILS


def fill(drawing: Sketch, page: Page, shown: Mapping[str, str]) -> str:
    """Return a drawing filled in: colours by name, and mirrored where the locale runs right to left.

    Its words are left out.
    """
    unit = _unit(page, drawing)
    size = f'<svg width="{drawing.width * unit:g}pt" height="{drawing.height * unit:g}pt" '
    return _parts(drawing, page, shown).replace("<svg ", size, 1)


def _parts(drawing: Sketch, page: Page, shown: Mapping[str, str]) -> str:
    """Return the SVG of a drawing with what stands in its slots."""
    return "".join(p if isinstance(p, str) else _filled(p, drawing, page, shown) for p in drawing.parts)


def _filled(slot: Slot, drawing: Sketch, page: Page, shown: Mapping[str, str]) -> str:
    """Return what stands in a slot."""
    match slot.kind:
        case "colour":
            return shown[slot.name]
        case "mirror":
            rtl = page.locale.direction == "rtl"
            return f"translate({drawing.width:g} 0) scale(-1 1)" if rtl else "translate(0 0)"
        case "place":
            return f"{_place(slot, drawing, page):g}"
        case "label":
            return ""


def logo_size(page: Page) -> tuple[float, float] | None:
    """Return the width and height in mm of the clinic's logo on a page, or None where there is none.

    It keeps its shape, and fills the room of the box in which it is largest.
    """
    logo = page.clinic.logo if page.clinic else None
    if not logo:
        return None
    rooms = ROOMS[page.rendition.layout]
    scale = max(min(width / logo.width, height / logo.height) for width, height in rooms)
    return round(logo.width * scale, 2), round(logo.height * scale, 2)


def drawings(page: Page, look: Look) -> dict[str, bytes]:
    """Return the drawings that carry no meaning of their own, by the address the page gives them.

    They are backgrounds, so that a screen reader passes over them.
    """
    shown = shown_colours(page, look)
    found = {f"icon:{name}": fill(icon, page, shown).encode() for name, icon in page.handout.icons.items()}
    if page.clinic and page.clinic.logo:
        found["logo:"] = page.clinic.logo.data
    return found


def shown_colours(page: Page, look: Look) -> dict[str, str]:
    """Return the colours of a page by name, with the clinic's accent."""
    return palette(look.tokens, "light", page.clinic.accent if page.clinic else "")
