"""Where a drawing begins and how large it is; how one drawing is placed in a part of another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot, sqrt

from handouts.sources.drawings import values
from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.values import Matrix

SMALLEST_BOX = 0.01
MOST_RATIO = 12  # times as long as wide: longer is a line on paper
ALIGN = re.compile(r"\s*+(none|x(Min|Mid|Max)Y(Min|Mid|Max))(?:\s++(meet|slice))?\s*+", re.ASCII)
ALIGNMENTS = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}


@dataclass(frozen=True)
class ViewBox:
    """A rectangle of a drawing, in its own units."""

    x: float
    y: float
    width: float
    height: float

    @property
    def diagonal(self) -> float:
        """What shares of neither width nor height are of (SVG 2, 8.9)."""
        return hypot(self.width, self.height) / sqrt(2)


def view_box(text: str) -> ViewBox:
    """Return a viewBox from any origin. Raises Refusal for one that is none, or that holds nothing."""
    given = values.numbers_of("viewBox", text)
    if len(given) != 4:  # noqa: PLR2004 - x, y, width, height
        raise values.unreadable("viewBox", text)
    if min(given[2:]) < SMALLEST_BOX:
        raise _no_size(f"the viewBox is {values.written(given[2])} wide and {values.written(given[3])} high.")
    return ViewBox(*given)


def overall(given: Mapping[str, str]) -> ViewBox:
    """Return the box of a whole drawing: its viewBox, else one made from width and height. Raises Refusal."""
    if given.get("viewBox"):
        box = view_box(given["viewBox"])
    else:
        width, height = (given.get(name, "") for name in ("width", "height"))
        if not width or not height or "%" in width + height:
            raise _no_size("the drawing has no viewBox, and no width and height to make one from.")
        box = ViewBox(0, 0, values.length("width", width), values.length("height", height))
        if min(box.width, box.height) < SMALLEST_BOX:
            raise _no_size(f"the drawing is {width} wide and {height} high.")
    if not 1 / MOST_RATIO <= box.width / box.height <= MOST_RATIO:
        what = (
            f"the drawing is {values.written(box.width)} by {values.written(box.height)}: a line, not a logo."
        )
        raise Refusal("drawing-no-size", what, "Set its page to the size of what is drawn.")
    return box


def _no_size(what: str) -> Refusal:
    return Refusal(
        "drawing-no-size",
        what,
        "Set the page to the size of what is drawn (Inkscape: Edit > Resize Page to Selection) and export it again.",
    )


def placed(box: ViewBox, width: float, height: float, align: str) -> Matrix:
    """Return the transform that places a viewBox into a width and a height (SVG 2, 8.2). Raises Refusal."""
    found = ALIGN.fullmatch(align or "xMidYMid")
    if not found:
        raise values.unreadable("preserveAspectRatio", align)
    across, down = width / box.width, height / box.height
    if found[1] != "none":
        across = down = max(across, down) if found[4] == "slice" else min(across, down)
    left = (width - box.width * across) * ALIGNMENTS[found[2] or "Min"]
    top = (height - box.height * down) * ALIGNMENTS[found[3] or "Min"]
    return (across, 0, 0, down, left - box.x * across, top - box.y * down)
