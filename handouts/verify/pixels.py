"""Two programs draw the same page: where they differ, a reader may miss something."""

from __future__ import annotations

import subprocess
import tempfile
from functools import reduce
from pathlib import Path

from PIL import Image, ImageChops
from pypdfium2 import PdfDocument

DOTS = 100  # an inch
CELL = 8  # dots a side of the squares whose ink is compared
DIFFERENT = 60  # of 255, the mean of a square: smoothing stays below 50, most lost letters are above


def differences(path: Path) -> list[str]:
    """Return the places where poppler and pdfium draw a page differently, as “page 1 at 120, 300 points”."""
    found = []
    with tempfile.TemporaryDirectory() as folder, PdfDocument(path) as document:
        command = ["pdftoppm", "-r", str(DOTS), "-gray", str(path), f"{folder}/page"]
        subprocess.run(command, check=True, capture_output=True)
        for number, (page, file) in enumerate(zip(document, sorted(Path(folder).iterdir()), strict=True), 1):
            one = page.render(scale=DOTS / 72, grayscale=True).to_pil().convert("L")
            with Image.open(file) as other:
                found += [f"page {number} at {x}, {y} points" for x, y in _unlike(one, other.convert("L"))]
    return found


def _unlike(one: Image.Image, other: Image.Image) -> list[tuple[int, int]]:
    """Return the corners of squares with different ink, in points from the upper left."""
    size = min(one.width, other.width), min(one.height, other.height)
    small = one.crop((0, 0, *size)).reduce(CELL)
    # A stroke on the edge of a square may be in it by one program and in the next by the other.
    moved = (ImageChops.offset(other.crop((0, 0, *size)), 0, dots) for dots in (-1, 0, 1))
    difference = reduce(ImageChops.darker, (ImageChops.difference(small, m.reduce(CELL)) for m in moved))
    unlike = [n for n, value in enumerate(difference.tobytes()) if value > DIFFERENT]
    return [
        ((n % difference.width) * CELL * 72 // DOTS, (n // difference.width) * CELL * 72 // DOTS)
        for n in unlike
    ]
