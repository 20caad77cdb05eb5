"""Drawings: filled in with colours, mirrored where the locale is, their words laid over them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from handouts.model import Layout, Page, Picture
from handouts.page.colours import palette
from handouts.sources.look import Look

# Points of running text, and so of the smallest word on the page (UKAAF: clear print 12, large print 16, ideal 18).
SIZES: Mapping[Layout, int] = {"standard": 12, "large-print": 18, "bilingual": 12}
IN_MAIL = 240  # pixels that a picture is wide in an e-mail
TAILS = 9  # of these below it, for the tails of the words on its lowest line
UNIT = 0.7 / 12  # to one unit of a drawing, for each point of text: pictures grow with it


def draw(picture: Picture, page: Page, shown: Mapping[str, str]) -> Markup:
    """Return a picture as HTML: its drawing, and its words laid over it.

    The drawing is a template: `label(key, x, y, anchor)` writes a word on the line at `y`, centred
    at `x` or starting there; `x(n)` is a place after mirroring, `mirror` the transform of everything
    that has a direction. The words are HTML, because WeasyPrint draws SVG text letter by letter,
    which takes Arabic and Hindi apart.
    """
    labels: list[str] = []
    width, _ = size_of(picture.drawing)
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
        spoken = f'data-block="{block.id}" lang="{block.lang}"' + (
            "" if block.lang == locale.tag else ' dir="ltr"'
        )
        labels.append(f'<span class="label" style="{where}" {spoken}>{escape(block.text)}</span>')
        return ""

    svg = fill(picture.drawing, page, shown, label=label)
    # One picture to a listener, who hears the description instead of single words.
    image = f'role="img" lang="{picture.alternative.lang}" aria-label="{escape(picture.alternative.text)}"'
    return Markup(f'<div class="drawing" {image}>{svg}{"".join(labels)}</div>')


def size_of(drawing: str) -> tuple[float, float]:
    """Return width and height of a drawing, in its own units."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
    return (float(box[1]), float(box[2])) if box else (0.0, 0.0)


def height_in_mail(picture: Picture | None) -> int:
    """Return the pixels that a picture is high in an e-mail; 0 where there is none."""
    if not picture:
        return 0
    width, height = size_of(picture.drawing)
    return round(IN_MAIL * height / width) + TAILS


@lru_cache(maxsize=64)  # the same few drawings on every page, in every language
def _template(drawing: str) -> Template:
    """Return a drawing as a template."""
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(drawing)


def fill(drawing: str, page: Page, shown: Mapping[str, str], **more: Callable[..., str]) -> str:
    """Return a drawing filled in: colours by name, and mirrored where the locale runs right to left."""
    width, height = size_of(drawing)
    mirrored = page.locale.direction == "rtl"
    unit = UNIT * SIZES[page.rendition.layout]
    sized = f'<svg width="{width * unit:g}pt" height="{height * unit:g}pt" '
    return (
        _template(drawing.replace("<svg ", sized, 1))
        .render(
            **more,
            **shown,
            x=lambda n: width - n if mirrored else n,
            mirror=f"translate({width:g} 0) scale(-1 1)" if mirrored else "translate(0 0)",
        )
        .strip()
    )


def drawings(page: Page, look: Look) -> dict[str, bytes]:
    """Return the drawings that carry no meaning of their own, by the address the page gives them.

    They are backgrounds, so that a screen reader passes over them.
    """
    shown = shown_colours(page, look)
    icons = {f"icon:{name}": fill(svg, page, shown) for name, svg in page.handout.icons.items()}
    if page.clinic and page.clinic.logo:
        icons["logo:"] = re.sub(r"^.*?(?=<svg)", "", page.clinic.logo, flags=re.DOTALL)
    return {address: svg.encode() for address, svg in icons.items()}


def shown_colours(page: Page, look: Look) -> dict[str, str]:
    """Return the colours of a page by name, with the clinic's accent."""
    return palette(look.tokens, "light", page.clinic.accent if page.clinic else "")
