"""WeasyPrint's boxes: all of a page in the order of the source, and where those of interest stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MM = 25.4 / 96  # millimetres of a CSS pixel


@dataclass(frozen=True)
class BlockBox:
    """Where a marked block, or one line of it, stands: page from 1, and parts of the page's width and height."""

    block: str
    page: int
    left: float
    top: float
    width: float
    height: float


def page_box(page: Any) -> Any:
    """Return the outermost box of a rendered page, which holds its content and its margin boxes."""
    return page._page_box


def walk_boxes(box: Any) -> Iterator[Any]:
    """Yield a box and all within it, in the order of the source."""
    box = getattr(box, "_box", box)  # where an absolutely placed box was taken out, a stand-in is left
    yield box
    for child in getattr(box, "children", ()):
        yield from walk_boxes(child)


def places(document: Any, attribute: str) -> Iterator[BlockBox]:
    """Yield where the elements stand that have an attribute, named by its value: line by line, in the order of the source."""
    for number, page in enumerate(map(page_box, document.pages), start=1):
        width, height = page.margin_width(), page.margin_height()
        for box in walk_boxes(page):
            element = box.element
            block = element.get(attribute) if element is not None and hasattr(element, "get") else None
            if block and box.width and box.height and getattr(box, "children", None) != []:
                edges = (box.border_box_x() / width, box.border_box_y() / height)
                size = (box.border_width() / width, box.border_height() / height)
                yield BlockBox(block, number, *(round(part, 4) for part in (*edges, *size)))


@dataclass(frozen=True)
class Filling:
    """How a box of a fixed size is filled: by how many millimetres its lines end below it, and how many lines each part has.

    The parts are named by the classes of the paragraphs.
    """

    over: float = 0.0
    lines: Mapping[str, int] = field(default_factory=dict)


def filling(document: Any, name: str) -> Filling:
    """Return how the first page's box of a class is filled; as empty where there is no such box."""
    for box in page_box(document.pages[0]).descendants():
        if name in _classes(box):
            bottom = box.content_box_y() + box.height
            ends = [b.position_y + b.height for b in box.descendants() if hasattr(b, "text")]
            lines: dict[str, int] = {}
            for part in box.descendants():
                for each in _classes(part) if part.element_tag == "p" else ():
                    here = sum(type(child).__name__ == "LineBox" for child in getattr(part, "children", ()))
                    lines[each] = lines.get(each, 0) + here
            over = max(ends, default=bottom) - bottom
            return Filling(round(over * MM, 1) if over > 1 else 0.0, lines)
    return Filling()


def _classes(box: Any) -> list[str]:
    """Return the classes of the element that a box is of."""
    return (box.element.get("class") or "").split() if box.element is not None else []
