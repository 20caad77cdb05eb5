"""A painted outline as elements of the new drawing; one with a gradient so that every reader's program draws it alike.

WeasyPrint writes a gradient as a tile of the size of the shape, and turns the tile of a gradient with a transform away
from it; poppler (Okular, and what we compare with) draws of such a tile a corner. So the shape goes to where its gradient
is plain, into the middle of a larger tile, and a transform brings both back.
"""

from __future__ import annotations

from dataclasses import replace

from fontTools.pens.boundsPen import BoundsPen, ControlBoundsPen
from fontTools.svgLib.path import parse_path

from handouts.sources.drawings import values
from handouts.sources.drawings.definitions import Definitions, new
from handouts.sources.drawings.geometry import moved
from handouts.sources.drawings.gradients import Gradient, gradient
from handouts.sources.drawings.paints import GRADIENT_PREFIX, Style
from handouts.sources.drawings.source import Source, effect
from handouts.sources.drawings.viewports import ViewBox
from handouts.sources.drawings.xml import Element

SHADED, STOP = 2_500, 150  # units of work to paint a gradient, and for each of its stops


def painted(source: Source, data: str, style: Style, box: ViewBox, definitions: Definitions) -> list[Element]:
    """Return the elements that paint an outline, none where it is not seen. Raises Refusal."""
    fill, stroke = (_resolved(source, paint, data, box, definitions) for paint in (style.fill, style.stroke))
    if not style.width:
        stroke = "none"
    if isinstance(stroke, Gradient):  # WeasyPrint forgets how wide such a line is
        raise effect(
            "a line with a gradient", "Convert it to a shape (Path > Stroke to Path; Object > Expand)."
        )
    line = {} if stroke == "none" else {"stroke": stroke, **style.stroking}
    if isinstance(fill, Gradient):
        made = [_tiled(data, fill, style, definitions)]
        return [*made, new("path", {"d": data, "fill": "none", **line})] if line else made
    if fill == "none" and not line:
        return []
    area = {"fill": fill} if fill == "none" else {"fill": fill, **style.filling}
    return [new("path", {"d": data, **area, **line})]


def _resolved(
    source: Source, paint: str, data: str, box: ViewBox, definitions: Definitions
) -> Gradient | str:
    """Return a colour, “none”, or a gradient in the space of the shape. Raises Refusal."""
    if not paint.startswith(GRADIENT_PREFIX):
        return paint
    found = _looked_up(source, paint.removeprefix(GRADIENT_PREFIX), box, definitions)
    if isinstance(found, str) or not found.boxed:
        return found
    left, top, right, bottom = _bounds(data, BoundsPen)
    if left == right or top == bottom:
        return "none"  # so SVG 2 has it
    whole = (right - left, 0.0, 0.0, bottom - top, left, top)
    return replace(found, matrix=values.times(whole, found.matrix), boxed=False)


def _looked_up(source: Source, key: str, box: ViewBox, definitions: Definitions) -> Gradient | str:
    """Return a gradient of the file, which is read once. Raises Refusal."""
    known = definitions.gradients
    if (key, box) not in known:
        known[key, box] = gradient(source, key, box)
    found = known[key, box]
    source.allowance.spend(0 if isinstance(found, str) else SHADED + STOP * len(found.stops))
    return found


def _tiled(data: str, found: Gradient, style: Style, definitions: Definitions) -> Element:
    """Return a shape filled with a gradient, where the gradient is plain, and the transform that brings it back.

    Two moves that draw nothing make its tile three times as large as the shape, which lies in the middle of it.
    """
    plain = moved(data, values.inverse(found.matrix))
    left, top, right, bottom = _bounds(plain, ControlBoundsPen)
    room = max(right - left, bottom - top)
    left, top, width, height = left - room, top - room, right - left + 2 * room, bottom - top + 2 * room
    there = f"M0 0M{values.number_list((width, height))}{moved(plain, (1, 0, 0, 1, -left, -top))}"
    path = new("path", {"d": there, "fill": definitions.paint(found, left, top), **style.filling})
    back = values.times(found.matrix, (1, 0, 0, 1, left, top))
    return new("g", {"transform": f"matrix({values.number_list(back)})"}, [path])


def _bounds(data: str, pen: type) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of path data of ours."""
    drawn = pen(None)
    parse_path(data, drawn)
    left, top, right, bottom = drawn.bounds
    return left, top, right, bottom
