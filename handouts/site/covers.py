"""Covers: a small picture of the first page of a PDF, kept by the digest of the PDF."""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import suppress
from pathlib import Path

from PIL import Image

from handouts.files import keep_newest, write_whole

WIDTH = 320  # pixels: twice as many as the gallery shows, for fine screens
COLOURS = 24
FOLDER = "covers"  # of the cache
MOST_KEPT = 1500


def cover_of(pdf: Path, sha256: str, cache: Path, *, drawing: bool = True) -> bytes | None:
    """Return the cover of a PDF as PNG, from the cache or drawn and kept now.

    The same PDF gives the same bytes. None where the file is not the one of that digest, or cannot be drawn, or is not to be.
    """
    kept = cache / FOLDER / f"{sha256}-{WIDTH}-{COLOURS}"
    with suppress(OSError):
        head, _, data = kept.read_bytes().partition(b"\n")
        if head.decode("ascii", "replace") == hashlib.sha256(data).hexdigest():
            os.utime(kept)  # what was used last goes last
            return data
    if not drawing:
        return None
    try:
        data = pdf.read_bytes()
    except OSError:
        return None
    picture = draw_cover(data) if hashlib.sha256(data).hexdigest() == sha256 else None
    if picture:
        with suppress(OSError):  # a cache that cannot be written costs time, nothing else
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_whole(kept, hashlib.sha256(picture).hexdigest().encode() + b"\n" + picture)
    return picture


def draw_cover(pdf: bytes) -> bytes | None:
    """Return the first page of a PDF as PNG, None where it is none."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        with PdfDocument(pdf) as document:
            page = document[0]
            drawn = page.render(scale=2 * WIDTH / page.get_width()).to_pil().convert("RGB")
    except PdfiumError:
        return None
    # Drawn twice as large and made smaller, small words look like words.
    size = (WIDTH, round(WIDTH * drawn.height / drawn.width))
    small = drawn.resize(size, Image.Resampling.LANCZOS).quantize(COLOURS)
    written = io.BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()


def prune_covers(cache: Path, used: int) -> None:
    """Remove the covers that were used longest ago, beyond what is worth keeping; never one of so many that were used now."""
    keep_newest(cache / FOLDER, max(MOST_KEPT, used))
