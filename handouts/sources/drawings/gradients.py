"""Gradients: chains of references resolved, every length read, every transform applied."""

from __future__ import annotations

from dataclasses import dataclass

from handouts.sources.drawings import values
from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.source import LOOPS, Source, effect, last, loop, tag
from handouts.sources.drawings.values import Matrix
from handouts.sources.drawings.viewports import ViewBox
from handouts.sources.drawings.xml import Element

STOPS = 100
LINEAR_GRADIENT, RADIAL_GRADIENT = GRADIENTS = ("linearGradient", "radialGradient")
PLACES = {  # where nothing is said (SVG 2, 14.2)
    LINEAR_GRADIENT: {"x1": "0%", "y1": "0%", "x2": "100%", "y2": "0%"},
    RADIAL_GRADIENT: {"cx": "50%", "cy": "50%", "r": "50%", "fr": "0%"},
}
ALONG_X, ALONG_Y = frozenset({"x1", "x2", "cx", "fx"}), frozenset({"y1", "y2", "cy", "fy"})


@dataclass(frozen=True)
class Stop:
    """A colour at a place from 0 to 1; how much of it is seen, 0 to 1."""

    place: float
    colour: str
    opacity: float


@dataclass(frozen=True)
class Gradient:
    """A gradient with nothing left to look up, in a space that `matrix` leads out of.

    `points` are start and end of a linear one, centre and focus of a radial one; `radii` those at centre and focus.
    `boxed` says that the space is the box of what is painted, from 0 to 1.
    """

    kind: str
    points: tuple[tuple[float, float], tuple[float, float]]
    radii: tuple[float, float]
    stops: tuple[Stop, ...]
    matrix: Matrix
    boxed: bool

    def attributes(self, left: float, top: float) -> dict[str, str]:
        """Return the attributes of its element, in a space whose origin is at `left`, `top` of its own."""
        (x1, y1), (x2, y2) = ((x - left, y - top) for x, y in self.points)
        if self.kind == LINEAR_GRADIENT:
            numbers = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
        else:
            numbers = {"cx": x1, "cy": y1, "r": self.radii[0], "fx": x2, "fy": y2, "fr": self.radii[1]}
        return {name: values.written(values.bounded(name, number)) for name, number in numbers.items()}


def gradient(source: Source, key: str, box: ViewBox) -> Gradient | str:
    """Return the gradient of an id, or the one colour that it comes to (“none” for none). Raises Refusal."""
    chain = _chain(source, key)
    told: dict[str, str] = {}
    for element in reversed(chain):
        told |= {name: texts[-1] for name, texts in source.given(element).items()}
    if told.get("spreadMethod", "pad").strip() != "pad":
        raise effect("a gradient that repeats (spreadMethod)")
    stops = next((found for found in (_stops(source, each) for each in chain) if found), ())
    matrix = values.transform("gradientTransform", told.get("gradientTransform", ""))
    if not stops or values.is_flat(matrix):
        return "none"
    kind, boxed = tag(chain[0]), told.get("gradientUnits", "").strip() != "userSpaceOnUse"
    points, radii = _places(kind, told, None if boxed else box)
    point = radii[0] <= 0 if kind == RADIAL_GRADIENT else points[0] == points[1]
    if len(stops) == 1 or point:
        return stops[-1].colour  # so SVG 2 has it
    return Gradient(kind, points, radii, stops, matrix, boxed)


def _chain(source: Source, key: str) -> list[Element]:
    """Return a gradient and those it refers to. Raises Refusal where one is missing, or the chain has no end."""
    found: list[Element] = []
    while key:
        element = source.find(key)
        if tag(element) not in GRADIENTS:
            what = f"“#{key}” is not a gradient, but “{tag(element) or element.tag[:40]}”."
            raise Refusal("drawing-unknown-reference", what, "Export the drawing again as plain SVG.")
        if element in found or len(found) > LOOPS:
            raise loop(key)
        found.append(element)
        key = source.target(element)
    return found


def _places(
    kind: str, told: dict[str, str], box: ViewBox | None
) -> tuple[tuple[tuple[float, float], tuple[float, float]], tuple[float, float]]:
    """Return points and radii: in px, or, without a box, as shares of what is painted. Raises Refusal."""

    def place(name: str, text: str) -> float:
        whole = 1.0
        if box:
            whole = box.width if name in ALONG_X else box.height if name in ALONG_Y else box.diagonal
        return values.length(name, text, whole)

    at = {name: place(name, told.get(name, usual)) for name, usual in PLACES[kind].items()}
    if kind == LINEAR_GRADIENT:
        return ((at["x1"], at["y1"]), (at["x2"], at["y2"])), (0.0, 0.0)
    focus = {name: place(name, told[name]) if name in told else at[f"c{name[1]}"] for name in ("fx", "fy")}
    inner = max(0.0, min(at["fr"], 0.99 * at["r"]))  # a ring without width has no colour
    return ((at["cx"], at["cy"]), (focus["fx"], focus["fy"])), (at["r"], inner)


def _stops(source: Source, element: Element) -> tuple[Stop, ...]:
    """Return the stops that stand in a gradient, each at or after the one before it. Raises Refusal."""
    stops: list[Stop] = []
    for child in element:
        if tag(child) != "stop":
            continue
        source.allowance.spend(20)
        if len(stops) == STOPS:
            raise Refusal("drawing-too-large", f"a gradient has more than {STOPS} stops.", "Simplify it.")
        given = source.given(child)
        current = values.colour("color", last(given, "color") or "black")
        colour = values.colour("stop-color", last(given, "stop-color") or "black", current)
        place = values.share("offset", last(given, "offset") or "0")
        opacity = values.share("stop-opacity", last(given, "stop-opacity") or "1")
        if colour == "none":
            colour, opacity = "#000000", 0.0
        stops.append(Stop(max(place, stops[-1].place if stops else 0.0), colour, opacity))
    return tuple(stops)
