"""The painting order: text and pictures are painted in the order of the source, above everything else.

WeasyPrint paints as CSS asks: floats first, then lines, then what is placed. What is painted last is
extracted, copied and searched last, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pydyf

from handouts.pdf.exact.boxes import page_box, walk_boxes

SCALE = b"0.75 0 0 0.75 0 0 cm"  # points in a CSS pixel
HEADER_TAG, FOOTER_TAG = "/Header", "/Footer"


def with_own_state(plain: Any) -> Any:
    """Return what marks content as `plain` does, and lets it set its own colour and font, so that it can be moved."""

    @contextmanager
    def marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
        stream._current_color = stream._current_alpha = stream._current_font = stream._old_font = None
        with plain(stream, box, tag):
            yield

    return marked


def paint_in_order(stream: Any, order: Mapping[int, int]) -> None:
    """Move all that a page says to its end: header, then pieces by their place in the source, then footer.

    `order` gives the place of every marked piece by its number.
    """
    found: list[tuple[tuple[int, int], list[Any]]] = []
    rest: list[Any] = []
    items = stream.stream
    at = 0
    while at < len(items):
        piece = _piece(items, at)
        place = _place(items[at + 1], order) if piece else None
        if piece and place is not None:
            found.append((place, piece))
            at += len(piece)
        else:
            rest.append(items[at])
            at += 1
    found.sort(key=lambda each: each[0])
    stream.stream = [*rest, b"q", SCALE, *(item for _, piece in found for item in piece), b"Q"]


def join_markers(page: Any) -> None:
    """Put the bullet or number of an item into the item's first line, where it stands.

    WeasyPrint paints them after everything else, and there they are copied and searched.
    """
    for item in list(walk_boxes(page_box(page))):
        marker, *rest = getattr(item, "children", None) or [item]
        if marker.is_outside_marker:
            (own,) = marker.children
            line = next(
                (box for child in rest for box in walk_boxes(child) if isinstance(box, type(own))), None
            )
            if line:
                for box in own.children:
                    # Level to the hair, or pdfium takes the two for two lines.
                    box.position_y = line.position_y + line.baseline - box.baseline
                line.children = [*own.children, *line.children]
                item.children = rest


def _piece(items: list[Any], at: int) -> list[Any]:
    """Return the marked piece that begins here, or nothing."""
    if at + 2 >= len(items) or items[at + 2] != b"BDC":
        return []
    end = items.index(b"EMC", at) + 1
    piece = items[at:end]
    return piece if piece.count(b"BDC") == 1 else []


def _place(properties: Any, order: Mapping[int, int]) -> tuple[int, int] | None:
    """Return where a piece goes by what its mark says; None for one that stays."""
    if not isinstance(properties, pydyf.Dictionary):
        return None
    if properties.get("MCID") in order:
        return 1, order[properties["MCID"]]
    return {HEADER_TAG: (0, 0), FOOTER_TAG: (2, 0)}.get(properties.get("Subtype"))
