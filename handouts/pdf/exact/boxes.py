"""WeasyPrint's boxes, in the order of the source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def walk(box: Any) -> Iterator[Any]:
    """Yield a box and all within it, in the order of the source."""
    box = getattr(box, "_box", box)  # where an absolutely placed box was taken out, a stand-in is left
    yield box
    for child in getattr(box, "children", ()):
        yield from walk(child)
