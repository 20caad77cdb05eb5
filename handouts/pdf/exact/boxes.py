"""WeasyPrint's boxes: all of a page in the order of the source, and where those of interest stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
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


def walk(box: Any) -> Iterator[Any]:
    """Yield a box and all within it, in the order of the source."""
    box = getattr(box, "_box", box)  # where an absolutely placed box was taken out, a stand-in is left
    yield box
    for child in getattr(box, "children", ()):
        yield from walk(child)


def places(document: Any, attribute: str) -> Iterator[Place]:
    """Yield where the elements stand that have an attribute, named by its value: line by line, in the order of the source."""
    for number, page in enumerate(map(page_box, document.pages), start=1):
        width, height = page.margin_width(), page.margin_height()
        for box in walk(page):
            element = box.element
            block = element.get(attribute) if element is not None and hasattr(element, "get") else None
            if block and box.width and box.height and getattr(box, "children", None) != []:
                edges = (box.border_box_x() / width, box.border_box_y() / height)
                size = (box.border_width() / width, box.border_height() / height)
                yield Place(block, number, *(round(part, 4) for part in (*edges, *size)))


def is_overfull(document: Any, name: str) -> bool:
    """Whether a line of the first page's box of a class ends below that box, which has a fixed size."""
    for box in page_box(document.pages[0]).descendants():
        if box.element is not None and name in (box.element.get("class") or "").split():
            bottom = box.content_box_y() + box.height
            return any(b.position_y + b.height > bottom + 1 for b in box.descendants() if hasattr(b, "text"))
    return False
