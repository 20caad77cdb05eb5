"""The elements of an SVG file, one after the other → the elements of the new drawing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from handouts.sources.drawings import values
from handouts.sources.drawings.clips import Clip, clip, mask
from handouts.sources.drawings.definitions import Definitions, new
from handouts.sources.drawings.geometry import LENGTHS, measure_shape, outline_cost, outline_of
from handouts.sources.drawings.paints import Style, styled
from handouts.sources.drawings.paths import outline
from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.shading import painted
from handouts.sources.drawings.source import Source, effect, last, loop, tag
from handouts.sources.drawings.values import Matrix
from handouts.sources.drawings.viewports import ViewBox, placed, view_box
from handouts.sources.drawings.xml import SVG, Element

VISIT = 250  # units of work for an element, whatever it is
CUT = 1_000  # for what is seen through a clip path, or through itself
DEEP = 40  # groups in groups, also those that `use` brings along

# Not drawn where they stand: what others refer to, and what programs note for themselves.
UNSEEN_ELEMENTS = frozenset(
    (
        "clipPath", "color-profile", "cursor", "defs", "desc", "filter", "font", "font-face", "hatch", "linearGradient",
        "marker", "mask", "mesh", "meshgradient", "metadata", "pattern", "radialGradient", "solidcolor", "stop", "style",
        "symbol", "title", "view",
    )
)  # fmt: skip
# Told before anything is drawn (`svg.read_svg`).
ACTIVE = frozenset(
    (
        "script",
        "foreignObject",
        "animate",
        "animateColor",
        "animateMotion",
        "animateTransform",
        "set",
        "discard",
    )
)
OUTLINES = "Convert it to paths (Inkscape: Path > Object to Path; Illustrator: Type > Create Outlines)."
# WeasyPrint sets the text of a drawing letter by letter, and in the fonts of the page: no logo looks like that.
CHANGE = {
    **dict.fromkeys(("text", "tspan", "textPath", "flowRoot"), ("text", OUTLINES)),
    "image": ("a picture of pixels", "Export the whole logo as PNG instead."),
    "a": ("a link", "Remove the link, and keep what is drawn in it."),
}
EFFECTS = ("filter", "marker", "marker-start", "marker-mid", "marker-end", "mix-blend-mode")
NO_EFFECT = frozenset({"", "none", "normal"})


@dataclass(frozen=True)
class Around:
    """What an element has from those around it: what shares are of, how it is painted, what it is used by."""

    box: ViewBox
    style: Style = field(default_factory=Style)
    colour: str = "#000000"
    visible: bool = True
    used: tuple[str, ...] = ()
    depth: int = 0


@dataclass(frozen=True)
class Drawn:
    """An element of the file where it is drawn: what it is told, what it has from around, its transform."""

    element: Element
    given: dict[str, list[str]]
    around: Around
    matrix: Matrix = values.IDENTITY


@dataclass(frozen=True)
class Part:
    """A part of the new drawing, and the work of drawing it."""

    element: Element
    cost: int


class DrawingTree:
    """Makes the elements of the new drawing."""

    def __init__(self, source: Source) -> None:
        self.source, self.definitions = source, Definitions(source.allowance)

    def element(self, element: Element, around: Around) -> Part | None:
        """Return what an element draws, None where it draws nothing; what is wrong with it is kept as a refusal."""
        self.source.allowance.spend(VISIT)
        name = tag(element)
        if not name or name in UNSEEN_ELEMENTS or name in ACTIVE:
            return None
        if around.depth > DEEP:
            raise Refusal("drawing-too-deep", f"groups are nested more than {DEEP} deep.", "Ungroup them.")
        if name in CHANGE or name not in {*LENGTHS, "g", "svg", "use"}:
            self._refuse(element, name)
            return None
        return self.source.attempt(lambda: self._known(element, name, around), element)

    def _refuse(self, element: Element, name: str) -> None:
        """Keep the refusal of an element that cannot be printed; an empty text is none."""
        what, fix = CHANGE.get(name, (f"“{name[:40]}”", "Export it as plain SVG, or as PNG."))
        if fix != OUTLINES or "".join(element.itertext()).strip():
            self.source.note(Refusal("drawing-not-plain", f"the drawing holds {what}.", fix), element)

    def _known(self, element: Element, name: str, around: Around) -> Part | None:
        """Return what an element draws. Raises Refusal."""
        given = self.source.given(element)
        matrix = values.transform("transform", last(given, "transform"))
        if last(given, "display") == "none" or values.is_flat(matrix):
            return None
        place = Drawn(element, given, self.within(element, given, around), matrix)
        draw = {"g": self._children, "use": self._use, "svg": self._inner}.get(name, self._shape)
        return draw(place)

    def within(self, element: Element, given: dict[str, list[str]], around: Around) -> Around:
        """Return what an element hands on to those in it. Raises Refusal."""
        colour = values.colour("color", last(given, "color") or "currentColor", around.colour)
        seen = last(given, "visibility")
        visible = seen not in {"hidden", "collapse"} if seen else around.visible
        style = styled(self.source, element, given, around.box, colour, around.style)
        return replace(around, depth=around.depth + 1, colour=colour, visible=visible, style=style)

    def _shape(self, place: Drawn) -> Part | None:
        box = place.around.box
        data = outline_of(self.source, place.element, place.given, box)
        if not data or not place.around.visible:
            return None
        made = painted(self.source, data, place.around.style, box, self.definitions)
        if not made:
            return None
        cost = len(made) * (outline_cost(data) + VISIT)
        self.source.allowance.spend(cost)
        lone = len(made) == 1 and made[0].tag == f"{SVG}path"
        return self.seen(Part(made[0] if lone else new("g", {}, made), cost), place)

    def _children(self, place: Drawn) -> Part | None:
        return self.group(place.element, place)

    def group(self, content: Iterable[Element], place: Drawn) -> Part | None:
        """Return elements as one group. Raises Refusal."""
        parts = [part for child in content if (part := self.element(child, place.around))]
        if not parts:
            return None
        made = new("g", {}, [part.element for part in parts])
        return self.seen(Part(made, sum(part.cost for part in parts)), place)

    def _use(self, place: Drawn) -> Part | None:
        """Return what is used, written out at its place."""
        key = self.source.target(place.element)
        if not key:
            return None
        if key in place.around.used:
            raise loop(key)
        target = self.source.find(key)
        x, y = (measure_shape(name, last(place.given, name) or "0", place.around.box) for name in ("x", "y"))
        around = replace(place.around, used=(*place.around.used, key))
        there = replace(place, around=around, matrix=values.times(place.matrix, (1, 0, 0, 1, x, y)))
        if tag(target) not in {"symbol", "svg"}:
            return self.group([target], there)
        self.source.allowance.spend(VISIT)
        own = self.source.given(target)
        own |= {name: texts for name, texts in place.given.items() if name in {"width", "height"}}
        part = self._inner(Drawn(target, own, self.within(target, own, around)))
        return self.seen(Part(new("g", {}, [part.element]), part.cost), there) if part else None

    def _inner(self, place: Drawn) -> Part | None:
        """Return a drawing in the drawing, or a symbol: placed, and cut off at its edge."""
        given = place.given
        x, y, width, height = (
            measure_shape(name, last(given, name) or usual, place.around.box)
            for name, usual in (("x", "0"), ("y", "0"), ("width", "100%"), ("height", "100%"))
        )
        if width <= 0 or height <= 0:
            return None
        box, inside = ViewBox(0, 0, width, height), values.IDENTITY
        if last(given, "viewBox"):
            box = view_box(last(given, "viewBox"))
            inside = placed(box, width, height, last(given, "preserveAspectRatio"))
        part = self.group(place.element, Drawn(place.element, {}, replace(place.around, box=box), inside))
        if not part:
            return None
        cut = {}
        if last(given, "overflow") != "visible":
            cut = {
                "clip-path": self.definitions.clip(
                    Clip((outline("rect", {"width": width, "height": height}),))
                )
            }
        there = replace(place, matrix=values.times(place.matrix, (1, 0, 0, 1, x, y)))
        return self.seen(Part(new("g", {}, [new("g", cut, [part.element])]), part.cost), there)

    def seen(self, part: Part, place: Drawn) -> Part | None:
        """Return a part as it is seen through its masks, its opacity and its transform; None where none of it is."""
        for name in EFFECTS:
            if last(place.given, name) not in NO_EFFECT:
                self.source.note(effect(f"“{name}”"), place.element)
        made = part.element
        for name, read in (("mask", mask), ("clip-path", clip)):
            key, _ = values.reference(name, last(place.given, name) or "none")
            if key:
                cut = read(self.source, key, place.around.box)
                self.source.allowance.spend(sum(map(outline_cost, cut.outlines)) + CUT)
                if not all(cut.outlines):
                    return None
                made = new("g", {"clip-path": self.definitions.clip(cut)}, [made])
        opacity = values.share("opacity", last(place.given, "opacity") or "1")
        if opacity < 1:
            made.set("opacity", values.written(round(opacity, 4)))
            self.source.allowance.spend(part.cost + CUT)
        if place.matrix != values.IDENTITY:
            made.set("transform", f"matrix({values.number_list(place.matrix)})")
        return Part(made, part.cost)
