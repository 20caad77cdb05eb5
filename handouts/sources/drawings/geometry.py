"""The outline of one shape of a file, by its own lengths."""

from __future__ import annotations

from collections.abc import Mapping

from handouts.sources.drawings import values
from handouts.sources.drawings.paths import outline, path, transformed
from handouts.sources.drawings.source import Source, last, tag
from handouts.sources.drawings.values import Matrix
from handouts.sources.drawings.viewports import ViewBox
from handouts.sources.drawings.xml import Element

LENGTHS: Mapping[str, tuple[str, ...]] = {
    "path": (),
    "polyline": (),
    "polygon": (),
    "rect": ("x", "y", "width", "height", "rx", "ry"),
    "circle": ("cx", "cy", "r"),
    "ellipse": ("cx", "cy", "rx", "ry"),
    "line": ("x1", "y1", "x2", "y2"),
}
ACROSS, DOWN = (
    frozenset({"x", "width", "cx", "rx", "x1", "x2"}),
    frozenset({"y", "height", "cy", "ry", "y1", "y2"}),
)
FIGURE = 8  # units of work for a figure of path data: WeasyPrint reads it, looks for its bounds, writes it


def outline_of(source: Source, element: Element, given: dict[str, list[str]], box: ViewBox) -> str:
    """Return the path data of a shape, “” for one that draws nothing. Raises Refusal."""
    kind = tag(element)
    if kind == "path":
        data = path(last(given, "d"))
    else:
        lengths = {
            name: measure_shape(name, last(given, name), box) for name in LENGTHS[kind] if last(given, name)
        }
        data = outline(kind, lengths, last(given, "points"))
    source.allowance.spend(outline_cost(data))
    return data


def outline_cost(data: str) -> int:
    """Return the work of drawing path data once."""
    # WeasyPrint looks for the bounds of a path by cutting off figure after figure: quadratic, if slowly.
    return len(data) * FIGURE // 8 + len(data) * len(data) // 100_000


def measure_shape(name: str, text: str, box: ViewBox) -> float:
    """Return a length of a shape in px. Raises Refusal."""
    whole = box.width if name in ACROSS else box.height if name in DOWN else box.diagonal
    return values.length(name, text, whole)


def moved(data: str, matrix: Matrix) -> str:
    """Return path data after a transform."""
    return data if matrix == values.IDENTITY else transformed(data, matrix)
