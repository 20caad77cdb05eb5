"""The picture of an e-mail: the summary's drawing with its words, as PNG, since mail clients show no SVG."""

from __future__ import annotations

import io
from pathlib import Path

from handouts.model import Page
from handouts.page.compose import compose_picture
from handouts.page.pictures import IN_MAIL
from handouts.sources.look import Look

PIXEL_RATIO = 2  # pixels of the file to one pixel of the e-mail


def png(page: Page, look: Look, characters: str, cache: Path) -> bytes:
    """Return the picture as PNG, the same bytes for the same input; nothing where the handout has none.

    `characters` are those of the locale; `cache` keeps the fonts. Raises SourceError where the fonts
    have no glyph for one of them.
    """
    from pypdfium2 import PdfDocument

    from handouts.pdf.make import make_pdf

    html = compose_picture(page, look)
    if not html:
        return b""
    with PdfDocument(make_pdf(html, page.locale, page.families, characters, cache).data) as document:
        sheet = document[0]
        image = (
            sheet.render(scale=IN_MAIL * PIXEL_RATIO / sheet.get_width()).to_pil().convert("RGB").quantize(64)
        )
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
