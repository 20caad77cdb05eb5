"""Clip paths, and the masks that are no more than that, as one outline.

WeasyPrint leaves the transform of one child of a clip path to the next, and paints masks by a box that it does not
know: so their shapes are put into one path here, with every transform applied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from handouts.sources.drawings import values
from handouts.sources.drawings.geometry import LENGTHS, measure_shape, moved, outline_of
from handouts.sources.drawings.paths import outline
from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.source import LOOPS, Source, effect, last, loop, tag
from handouts.sources.drawings.values import Matrix
from handouts.sources.drawings.viewports import ViewBox
from handouts.sources.drawings.xml import Element

WHITE = "#ffffff"


@dataclass(frozen=True)
class Clip:
    """Outlines that lie one in another: what is drawn is seen within all of them."""

    outlines: tuple[str, ...]


@dataclass(frozen=True)
class _Inside:
    """What a shape of a clip path has from around it."""

    matrix: Matrix
    rule: str
    colour: str
    masking: bool
    used: tuple[str, ...] = ()


def clip(source: Source, key: str, box: ViewBox) -> Clip:
    """Return what a `clip-path` refers to. Raises Refusal for one that WeasyPrint would not draw as it is meant."""
    outlines: list[str] = []
    met: list[str] = []
    while key:
        if key in met or len(met) == LOOPS:
            raise loop(key)
        met.append(key)
        element = _named(source, key, "clipPath")
        given = source.given(element)
        if last(given, "clipPathUnits") == "objectBoundingBox":
            raise effect("a clip path with sizes of what is clipped (objectBoundingBox)")
        rule = last(given, "clip-rule") or source.root.get("clip-rule", "")
        inside = _Inside(values.transform("transform", last(given, "transform")), rule, "", masking=False)
        outlines.append("".join(_shapes(source, element, inside, box)))
        key, _ = values.reference("clip-path", last(given, "clip-path") or "none")
    return Clip(tuple(outlines))


def mask(source: Source, key: str, box: ViewBox) -> Clip:
    """Return a mask of white shapes, which is a clip path. Raises Refusal for every other one."""
    element = _named(source, key, "mask")
    given = source.given(element)
    if last(given, "maskContentUnits") == "objectBoundingBox":
        raise _shading()
    colour = values.colour("fill", last(given, "fill") or "black")
    inside = _Inside(values.IDENTITY, "", colour, masking=True)
    shape = "".join(_shapes(source, element, inside, box))
    if last(given, "maskUnits") != "userSpaceOnUse":
        return Clip((shape,))  # the box of what is masked, and a tenth around it, cuts nothing off
    usual = {"x": "-10%", "y": "-10%", "width": "120%", "height": "120%"}
    region = {name: measure_shape(name, last(given, name) or text, box) for name, text in usual.items()}
    return Clip((shape, outline("rect", region)))


def _named(source: Source, key: str, kind: str) -> Element:
    """Return the element of an id. Raises Refusal where it is missing or of another kind."""
    element = source.find(key)
    if tag(element) != kind:
        what = f"“#{key}” is not a {kind}, but “{tag(element) or element.tag[:40]}”."
        raise Refusal("drawing-unknown-reference", what, "Export the drawing again as plain SVG.")
    return element


def _shapes(source: Source, element: Element, inside: _Inside, box: ViewBox) -> Iterator[str]:
    """Yield the outlines of the shapes in a clip path or a mask. Raises Refusal."""
    for child in element:
        source.allowance.spend(30)
        kind = tag(child)
        if kind in LENGTHS or kind == "use" or (kind == "g" and inside.masking):
            yield from _shape(source, child, kind, inside, box)
        elif kind == "text":
            raise effect("text as a clip path", "Convert it to paths.")


def _shape(source: Source, element: Element, kind: str, inside: _Inside, box: ViewBox) -> Iterator[str]:
    given = source.given(element)
    if last(given, "display") == "none" or last(given, "visibility") in {"hidden", "collapse"}:
        return
    matrix = values.times(inside.matrix, values.transform("transform", last(given, "transform")))
    own = replace(inside, matrix=matrix, rule=last(given, "clip-rule") or inside.rule)
    if last(given, "clip-path") not in {"", "none"} or last(given, "mask") not in {"", "none"}:
        raise effect("a clip path with clip paths in it")
    if inside.masking:
        own = replace(own, colour=_white(given, inside.colour, kind))
    if kind == "g":
        yield from _shapes(source, element, own, box)
    elif kind == "use":
        yield from _used(source, element, given, own, box)
    else:
        data = outline_of(source, element, given, box)
        rule = own.rule if not inside.masking else last(given, "fill-rule")
        if rule == "evenodd" and data.count("M") > 1:
            raise effect("a clip path with holes (evenodd)")
        yield moved(data, matrix)


def _used(
    source: Source, element: Element, given: dict[str, list[str]], inside: _Inside, box: ViewBox
) -> Iterator[str]:
    """Yield the outline of a shape that is used from elsewhere."""
    key = source.target(element)
    if not key:
        return
    if key in inside.used:
        raise loop(key)
    target = source.find(key)
    if tag(target) not in {*LENGTHS, "use", "g"}:
        raise effect(f"“{tag(target)}” as a clip path")
    x, y = (measure_shape(name, last(given, name) or "0", box) for name in ("x", "y"))
    there = replace(inside, matrix=values.times(inside.matrix, (1, 0, 0, 1, x, y)), used=(*inside.used, key))
    yield from _shape(source, target, tag(target), there, box)


def _white(given: dict[str, list[str]], around: str, kind: str) -> str:
    """Return the fill of a shape in a mask. Raises Refusal where it would let through anything but all."""
    fill = values.colour("fill", last(given, "fill")) if last(given, "fill") else around
    seen = all(values.share(name, last(given, name) or "1") == 1 for name in ("opacity", "fill-opacity"))
    if not seen or (last(given, "stroke") or "none") != "none" or (kind in LENGTHS and fill != WHITE):
        raise _shading()
    return fill


def _shading() -> Refusal:
    return effect("a mask that lets through a part of the colour")
