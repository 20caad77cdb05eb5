"""WeasyPrint's boxes: all of a page in the order of the source, and where those of interest stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

MM = 25.4 / 96  # millimetres of a CSS pixel
SLACK = 0.5  # of the type size: overhanging letters reach over the edge of their column
SLOT = "data-slot"  # names the box of a page that each copy fills by itself
CLEAR = 1.0  # millimetres between the head of a page and its text
UNPRINTED = 4.2  # millimetres at the edge of a sheet, where many printers do not print


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


def shown_box(box: Any) -> Any:
    """Return a box itself; where an absolutely placed one was taken out, a stand-in is left in its place."""
    return getattr(box, "_box", box)


def walk_boxes(box: Any) -> Iterator[Any]:
    """Yield a box and all within it, in the order of the source."""
    waiting = [box]
    while waiting:
        here = shown_box(waiting.pop())
        yield here
        waiting += getattr(here, "children", ())[::-1]


def rtl_lines(page: Any) -> list[tuple[Any, list[Any]]]:
    """Return the lines of a right-to-left page that hold text, each with its text boxes, in the order of the source.

    A line within another, as a word of a picture is, is a line of its own, and its boxes are not those of the other.
    Of a page from left to right nothing.
    """
    from weasyprint.formatting_structure.boxes import LineBox, TextBox

    every = [box for box in walk_boxes(page_box(page)) if isinstance(box, LineBox)]
    if not every or every[0].style.root_style["direction"] != "rtl":
        return []
    lines = (
        (line, [box for box in _own_boxes(line) if isinstance(box, TextBox) and box.text]) for line in every
    )
    return [(line, texts) for line, texts in lines if any(box.text.strip() for box in texts)]


def _own_boxes(box: Any) -> Iterator[Any]:
    """Yield the boxes within a line, without those of lines within it."""
    from weasyprint.formatting_structure.boxes import LineBox

    for child in map(shown_box, getattr(box, "children", ())):
        if not isinstance(child, LineBox):
            yield child
            yield from _own_boxes(child)


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
    """Return how the first box of a class is filled; as empty where there is no such box."""
    for box in (box for page in document.pages for box in page_box(page).descendants()):
        if name in _classes(box):
            bottom = box.content_box_y() + box.height
            ends = [b.position_y + b.height for b in box.descendants() if type(b).__name__ == "LineBox"]
            lines: dict[str, int] = {}
            for part in box.descendants():
                for each in _classes(part) if part.element_tag == "p" else ():
                    here = sum(type(child).__name__ == "LineBox" for child in getattr(part, "children", ()))
                    lines[each] = lines.get(each, 0) + here
            over = max(ends, default=bottom) - bottom
            return Filling(round(over * MM, 1) if over > 1 else 0.0, lines)
    return Filling()


@dataclass(frozen=True)
class Slot:
    """Where a box of a name stands that is filled on each copy: its page from 0, left and top of its edge, and the height of its content, in CSS pixels.

    `line` is how high one of its lines is. `is_whole` says that all of it stands on that page, `is_drawn` that there is more in it
    than text: a frame, a ground, a picture.
    """

    name: str
    page: int
    left: float
    top: float
    height: float
    line: float
    is_whole: bool = True
    is_drawn: bool = False


def slots(document: Any) -> tuple[Slot, ...]:
    """Return where each element with a `data-slot` stands, named by its value, in the order of the source."""
    from weasyprint.text.line_break import strut

    found: dict[str, Slot] = {}
    for number, page in enumerate(map(page_box, document.pages)):
        for box in walk_boxes(page):
            name = box.element.get(SLOT) if box.element is not None and hasattr(box.element, "get") else ""
            if not name or box.element_tag.partition("::")[1]:
                continue
            if name not in found:
                line = strut(box.style)[0]
                place = box.border_box_x(), box.border_box_y(), box.height
                is_drawn = any(map(_draws, walk_boxes(box)))
                found[name] = Slot(name, number, *place, line, is_drawn=is_drawn)
            elif found[name].page != number:
                found[name] = replace(found[name], is_whole=False)
    return tuple(found.values())


def _draws(box: Any) -> bool:
    """Whether more is drawn of a box than its text."""
    from weasyprint.formatting_structure.boxes import ReplacedBox

    framed = any(getattr(box, f"border_{side}_width", 0) for side in ("top", "right", "bottom", "left"))
    return bool(framed or getattr(box, "background", None) or isinstance(box, ReplacedBox))


def slot_of(found: Iterable[Slot], name: str) -> Slot:
    """Return the slot of a name. Raises LookupError where there is none."""
    for each in found:
        if each.name == name:
            return each
    raise LookupError(f"no box of the page is called {name}: it is missing from templates/print.html")


def _classes(box: Any) -> list[str]:
    """Return the classes of the element that a box is of."""
    return (box.element.get("class") or "").split() if box.element is not None else []


@dataclass(frozen=True)
class Stray:
    """A piece of text that reaches out of its column or its page: in which marked block it stands, if in any, and its page from 1."""

    block: str
    text: str
    page: int

    @property
    def word(self) -> str:
        """Return the word that is too wide, with the marks for breaking lines that it was laid out with."""
        return max(self.text.split(" "), key=len)


def strays(document: Any, attribute: str) -> Iterator[Stray]:
    """Yield every piece of text that reaches over an edge of the box around its lines, of its drawing, or of its page.

    Blocks are named by the value of the attribute of their elements.
    """
    for number, page in enumerate(map(page_box, document.pages), start=1):
        bottom = page.content_box_y() + page.height
        for child in page.children:
            in_margin = hasattr(child, "at_keyword")
            for block, text in _outside(child, _edges(child), "", attribute, inf if in_margin else bottom):
                yield Stray(block, text, number)


def _edges(box: Any) -> tuple[float, float]:
    """Return where the content of a box begins and ends across the page."""
    left = box.content_box_x()
    return left, left + box.width


def _outside(
    box: Any, column: tuple[float, float], block: str, attribute: str, bottom: float
) -> Iterator[tuple[str, str]]:
    """Yield each text within a box that reaches out of its column or below its page, with the block it is of."""
    from weasyprint.formatting_structure.boxes import BlockContainerBox

    box = shown_box(box)
    if box.element is not None and hasattr(box.element, "get"):
        block = box.element.get(attribute) or block
    if hasattr(box, "text") and not box.element_tag.endswith("::marker"):  # which hangs beside the text
        slack = SLACK * box.style["font_size"]
        across = column[0] - slack <= box.position_x and box.position_x + box.width <= column[1] + slack
        if box.text.strip() and not (across and box.position_y + box.height <= bottom + 2 * slack):
            yield block, box.text.strip()
    # A box that is as wide as its words, such as that of a number, widens no column; a word of a drawing has the drawing for its own.
    if isinstance(box, BlockContainerBox) and "label" not in _classes(box):
        left, right = _edges(box)
        column = max(left, column[0]), min(right, column[1])
    for child in getattr(box, "children", ()):
        yield from _outside(child, column, block, attribute, bottom)


@dataclass(frozen=True)
class Margins:
    """By how many millimetres the head and the foot of the pages are higher than there is room for."""

    head: float = 0.0
    foot: float = 0.0


def margins(document: Any) -> Margins:
    """Return what the head and the foot of the pages lack, with a little room before the text and before the edge."""
    lacking = {"@top-center": -inf, "@bottom-center": -inf}
    for page in map(page_box, document.pages):
        for box in page.children:
            if getattr(box, "at_keyword", "") in lacking:
                high = sum(child.margin_height() for child in box.children) - box.height
                lacking[box.at_keyword] = max(lacking[box.at_keyword], high)
    head, foot = lacking["@top-center"] * MM + CLEAR, lacking["@bottom-center"] * MM + UNPRINTED
    return Margins(*(round(max(0.0, each), 1) for each in (head, foot)))
