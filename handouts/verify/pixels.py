"""Two programs draw the same page: where they differ, a reader may miss something."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter
from pypdfium2 import PdfDocument

DOTS = 100  # an inch
CELL = 8  # dots a side of the squares whose ink is compared
DIFFERENT = (
    20  # of 255, the mean of a square: what is drawn alike stays below 10, most lost letters are above
)
# Poppler and pdfium round the place of a letter each in its own way: by how many dots one may stand elsewhere.
SHIFTS = tuple((across, down) for down in (0, -2, -1, 1, 2) for across in (0, -1, 1))


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
    one, other = (image.crop((0, 0, *size)) for image in (one, other))
    around_one, around_other = (image.filter(ImageFilter.MinFilter(3)) for image in (one, other))
    difference = Image.new("L", (-(-one.width // CELL), -(-one.height // CELL)), 255)
    for shift in SHIFTS:
        theirs, around_theirs = (ImageChops.offset(image, *shift) for image in (other, around_other))
        here = ImageChops.lighter(_lacking(one, around_theirs), _lacking(theirs, around_one))
        # Of every square the place counts at which the two are most alike.
        difference = ImageChops.darker(difference, here)
        if max(difference.tobytes()) <= DIFFERENT:
            return []
    unlike = [n for n, value in enumerate(difference.tobytes()) if value > DIFFERENT]
    return [
        ((n % difference.width) * CELL * 72 // DOTS, (n // difference.width) * CELL * 72 // DOTS)
        for n in unlike
    ]


def _lacking(ink: Image.Image, around: Image.Image) -> Image.Image:
    """Return how much ink of a picture, square by square, has none beside it in another, of which each dot is as dark as those around it."""
    return ImageChops.subtract(around, ink).reduce(CELL)
