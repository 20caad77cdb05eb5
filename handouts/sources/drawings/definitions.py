"""What the new drawing defines for its shapes: gradients and clip paths, each once, under ids of our own."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from handouts.sources.drawings import values
from handouts.sources.drawings.clips import Clip
from handouts.sources.drawings.gradients import Gradient, Stop
from handouts.sources.drawings.refusals import Allowance
from handouts.sources.drawings.viewports import ViewBox
from handouts.sources.drawings.xml import SVG, Element

NAMESPACE = SVG[1:-1]
DEFINED = 5_000  # units of work: WeasyPrint looks through the whole drawing for an id


def new(kind: str, attributes: dict[str, str], children: Iterable[Element] = ()) -> Element:
    """Return an element of the new drawing."""
    element = etree.Element(SVG + kind, attributes, nsmap={None: NAMESPACE})
    element.extend(children)
    return element


class Definitions:
    """The gradients and clip paths of a new drawing, in the order in which they were asked for."""

    def __init__(self, allowance: Allowance) -> None:
        self.allowance = allowance
        self.known: dict[tuple[object, ...], str] = {}
        self.gradients: dict[tuple[str, ViewBox], Gradient | str] = {}  # of the file, as they were read
        self.elements: list[Element] = []

    def paint(self, gradient: Gradient, left: float, top: float) -> str:
        """Return the paint of a gradient, from an origin: `url(#d1)`."""
        attributes = {"gradientUnits": "userSpaceOnUse", **gradient.attributes(left, top)}
        known = (gradient.kind, *attributes.values(), gradient.stops)
        return self._defined(known, gradient.kind, attributes, map(_stop, gradient.stops))

    def clip(self, clip: Clip) -> str:
        """Return the `clip-path` of outlines that lie in each other: `url(#d2)`."""
        outside = ""
        for number in range(len(clip.outlines), 0, -1):
            part = clip.outlines[number - 1 :]
            attributes = {"clip-path": outside} if outside else {}
            outside = self._defined(part, "clipPath", attributes, [new("path", {"d": part[0]})])
        return outside

    def _defined(
        self, what: tuple[object, ...], kind: str, attributes: dict[str, str], children: Iterable[Element]
    ) -> str:
        """Return the address of a definition, which is made where it is new."""
        if what not in self.known:
            self.allowance.spend(DEFINED)
            self.known[what] = key = f"d{len(self.known) + 1}"
            self.elements.append(new(kind, {"id": key, **attributes}, children))
        return f"url(#{self.known[what]})"


def _stop(stop: Stop) -> Element:
    seen = {} if stop.opacity == 1 else {"stop-opacity": values.written(round(stop.opacity, 4))}
    return new("stop", {"offset": values.written(round(stop.place, 4)), "stop-color": stop.colour, **seen})
