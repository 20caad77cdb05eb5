"""The pages of a PDF as pictures, for a screen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

RESOLUTION = 110 / 72  # pixels to a point: sharp on a usual screen, quick to make


def page_pictures(pdf: bytes) -> Iterator[bytes]:
    """Yield the pages of a PDF as PNG."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(pdf)
    try:
        for page in document:
            yield _png(page.render(scale=RESOLUTION).to_pil())
    finally:
        document.close()


def _png(image: Any) -> bytes:
    """Return a picture as PNG, packed lightly: it does not go far."""
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=1)
    return written.getvalue()
