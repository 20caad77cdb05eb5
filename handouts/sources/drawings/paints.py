"""How shapes are filled and stroked: every property by its own grammar, inherited here, written anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from handouts.sources.drawings import values
from handouts.sources.drawings.gradients import GRADIENTS
from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.source import Source, effect, tag
from handouts.sources.drawings.viewports import ViewBox
from handouts.sources.drawings.xml import Element

PAINT_FUNCTION = re.compile(r"\s*+[a-z-]++\([^()]*+\)\s*+", re.ASCII)
DASHES = 50
FINE = 2_000  # dashes on the diagonal: more are no line, and hang the program of a reader
MITER = 4.0
GRADIENT_PREFIX = "gradient "  # before the id of a gradient, so that no id is a colour

ReadPaint = Callable[[str, str], str]


@dataclass(frozen=True)
class Style:
    """How a shape is painted: a colour, “none”, or `GRADIENT_PREFIX` and the id of a gradient; and the attributes of either."""

    fill: str = "#000000"
    stroke: str = "none"
    filling: Mapping[str, str] = field(default_factory=dict)
    stroking: Mapping[str, str] = field(default_factory=dict)

    @property
    def width(self) -> float:
        """The width of the stroke; 1 where nothing is said (SVG 2, 13.5)."""
        return float(self.stroking.get("stroke-width", 1))


def styled(
    source: Source, element: Element, given: Mapping[str, list[str]], box: ViewBox, colour: str, around: Style
) -> Style:
    """Return the style of an element in another one; what cannot be read is kept as a refusal."""

    def paint(name: str, text: str) -> str:
        return _paint(source, name, text, colour)

    def width(name: str, text: str) -> str:
        return values.written(max(0.0, values.length(name, text, box.diagonal)))

    def dashes(name: str, text: str) -> str:
        return _dashes(name, text, box)

    def offset(name: str, text: str) -> str:
        return values.written(values.length(name, text, box.diagonal))

    def read(reads: Mapping[str, ReadPaint]) -> dict[str, str]:
        found = {
            name: source.attempt(partial(_first, one, name, given[name]), element)
            for name, one in reads.items()
            if name in given
        }
        return {name: text for name, text in found.items() if text is not None}

    paints = read({"fill": paint, "stroke": paint})
    lengths: Mapping[str, ReadPaint] = {
        "stroke-width": width,
        "stroke-dasharray": dashes,
        "stroke-dashoffset": offset,
    }
    return Style(
        paints.get("fill", around.fill),
        paints.get("stroke", around.stroke),
        {**around.filling, **read(FILLING)},
        {**around.stroking, **read({**lengths, **STROKING})},
    )


def _first(read: ReadPaint, name: str, texts: list[str]) -> str:
    """Return the last value that can be read: a function that is not known (`color(…)`) leaves the one before it."""
    *earlier, text = texts
    try:
        return read(name, text)
    except Refusal:
        if not earlier or not PAINT_FUNCTION.fullmatch(text) or "url" in text.lower():
            raise
        return _first(read, name, earlier)


def _paint(source: Source, name: str, text: str, colour: str) -> str:
    """Return a colour, “none”, or `GRADIENT_PREFIX` and the id of a gradient. Raises Refusal."""
    key, rest = values.reference(name, text)
    if not key or (key not in source.ids and rest):
        return values.colour(name, rest, colour)
    kind = tag(source.find(key))
    if kind not in GRADIENTS:
        raise effect(f"a fill that is not a plain gradient ({kind or 'of another program'})")
    return f"{GRADIENT_PREFIX}{key}"


def _dashes(name: str, text: str, box: ViewBox) -> str:
    """Return the dashes of a line, “none” for a whole one. Raises Refusal."""
    if text.strip() == "none":
        return "none"
    parts = re.split(r"[\s,]+", text.strip())
    if len(parts) > DASHES:
        raise values.unreadable(name, text)
    lengths = [values.length(name, part, box.diagonal) for part in parts]
    if min(lengths) < 0:
        raise values.unreadable(name, text)
    if sum(lengths) == 0:
        return "none"
    if sum(lengths) * FINE < box.diagonal:
        raise effect("a line of dashes too fine to be seen", "Draw it as a whole line.")
    return values.number_list(lengths)


def _share(name: str, text: str) -> str:
    return values.written(round(values.share(name, text), 4))


def _miter(name: str, text: str) -> str:
    limit = values.number(name, text)
    return values.written(limit if limit >= 1 else MITER)


FILLING: Mapping[str, ReadPaint] = {"fill-rule": values.one_of("nonzero", "evenodd"), "fill-opacity": _share}
STROKING: Mapping[str, ReadPaint] = {
    "stroke-opacity": _share,
    "stroke-linecap": values.one_of("butt", "round", "square"),
    "stroke-linejoin": values.one_of("miter", "round", "bevel"),
    "stroke-miterlimit": _miter,
}
