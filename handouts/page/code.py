"""The code on the first page of a paper: it leads to the same handout on the web, and holds nothing but that address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup, escape

from handouts.model import Layout, Page, address_of
from handouts.page.values import Value
from handouts.sources.drawings.xml import SVG

# Millimetres that the code itself is wide, without the quiet zone around it.
SIDES: Mapping[Layout, float] = {"standard": 20.0, "bilingual": 20.0, "large-print": 26.0}
QUIET = 4  # modules of white around it (ISO/IEC 18004)


def web_address(page: Page) -> Value | None:
    """Return the address of the same handout on the web, as it is read and typed; None where its gallery is not published."""
    made = page.rendition
    address = address_of(page.clinic, made.locale, made.handout) if page.clinic else ""
    return Value(address.removeprefix("https://"), "ltr", address, "web") if address else None


def code(page: Page) -> Markup:
    """Return the code as an SVG in a box of its size, nothing where there is no address; a listener hears what it is for."""
    to = web_address(page)
    if not to:
        return Markup()
    modules, svg = _drawn(to.href)
    side = round(SIDES[page.rendition.layout] * (modules + 2 * QUIET) / modules, 2)
    svg = svg.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" width="{side}mm" height="{side}mm" ', 1)
    said = page.handout.words["scan-code"]
    image = f'role="img" lang="{said.lang}" aria-label="{escape(said.text)}"'
    return Markup(f'<div class="code" style="width: {side}mm" {image}>{svg}</div>')


@lru_cache(maxsize=64)  # a handout has one address in three layouts, and a signature is of a stand-in's
def _drawn(address: str) -> tuple[int, str]:
    """Return how many modules wide the code of an address is, and its drawing."""
    import segno  # few pages have a code

    # Of level M at least; segno takes a better one where that needs no more room.
    symbol = segno.make(address, error="m", micro=False)
    drawn = symbol.svg_inline(border=QUIET, omitsize=True, svgclass=None, lineclass=None)
    return int(symbol.symbol_size(border=0)[0]), drawn
