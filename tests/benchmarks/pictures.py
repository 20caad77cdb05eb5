"""The pictures of the documents, anew: `python3 -m tests.benchmarks.pictures [FOLDER]` (dist unless given; build it first).

`docs/pages.png` is the first page of `about-ipt` in three languages, `docs/gallery.png` the top of the gallery. Look at them before they are
committed. The picture of the preview is made by hand, and so is that of Poedit.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from pypdfium2 import PdfDocument

from tests.conftest import CHROMIUM, ROOT
from tests.workbench.preview.serving import a_page

DOCS = ROOT / "docs"
TAGS = ("en", "ar", "hi")  # two directions, three scripts
PAGE_WIDTH, GAP, TABLE = 497, 16, "#788087"  # pixels; what the pages lie on
COLOURS = 256  # enough for type and a few tints: a third of the bytes
FINER = 3  # times, at which a page is drawn: its thin lines stay when it is made small
WINDOW, SIZE = (1200, 1150), (1000, 958)  # pixels of a usual window, and of the picture of it


def first_page(file: Path) -> Image.Image:
    """Return the first page of a PDF as a picture."""
    with PdfDocument(file) as document:
        page = document[0]
        drawn: Image.Image = page.render(scale=FINER * PAGE_WIDTH / page.get_width()).to_pil().convert("RGB")
        return drawn.resize((PAGE_WIDTH, drawn.height // FINER), Image.Resampling.LANCZOS)


def beside(pages: Sequence[Image.Image]) -> Image.Image:
    """Return pages beside each other on a table."""
    height = max(page.height for page in pages) + 2 * GAP
    table = Image.new("RGB", (GAP + sum(page.width + GAP for page in pages), height), TABLE)
    left = GAP
    for page in pages:
        table.paste(page, (left, GAP))
        left += page.width + GAP
    return table


def small(picture: Image.Image, file: Path) -> None:
    """Write a picture with few colours."""
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)


def gallery(page: Path, file: Path) -> None:
    """Write a picture of the top of the gallery."""
    with a_page(CHROMIUM) as tab:
        tab.set_viewport_size({"width": WINDOW[0], "height": WINDOW[1]})
        tab.goto(page.as_uri())
        tab.wait_for_function("[...document.images].slice(0, 4).every((each) => each.complete)")
        tab.screenshot(path=file)
    with Image.open(file) as shot:
        small(shot.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS), file)


def main(folder: Path) -> None:
    """Make both, and say where they are."""
    small(beside([first_page(folder / f"au/{tag}/about-ipt.pdf") for tag in TAGS]), DOCS / "pages.png")
    gallery(folder / "au/index.html", DOCS / "gallery.png")
    for name in ("pages.png", "gallery.png"):
        sys.stdout.write(f"docs/{name}  {(DOCS / name).stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if sys.argv[1:] else ROOT / "dist").absolute())
