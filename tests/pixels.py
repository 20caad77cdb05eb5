"""Two PDFs beside each other, as they look."""

from __future__ import annotations

from PIL import ImageChops
from pypdfium2 import PdfDocument


def differing(one: bytes, other: bytes, tolerance: int = 0) -> list[int]:
    """Return the pages that look different, from 0: of which some channel of a pixel differs by more than the tolerance, of 255."""
    with PdfDocument(one) as ours, PdfDocument(other) as theirs:
        assert len(ours) == len(theirs)
        pairs = [
            tuple(page.render(scale=1.5).to_pil().convert("RGB") for page in pair)
            for pair in zip(ours, theirs, strict=True)
        ]
    differences = [
        ImageChops.difference(a, b).point(lambda value: max(0, value - tolerance)) for a, b in pairs
    ]
    return [n for n, difference in enumerate(differences) if difference.getbbox()]
