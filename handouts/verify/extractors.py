"""Programs that take the text out of a PDF, as a reader's search, copy or screen reader does."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any


def poppler(path: Path) -> list[str]:
    """Return the text of every page by poppler (Evince, Okular), which orders it by the look of the page."""
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace").split("\f")


def pdfium(path: Path) -> list[str]:
    """Return the text of every page by pdfium (Chrome, Edge)."""
    from pypdfium2 import PdfDocument

    found = []
    with PdfDocument(path) as document:
        for page in document:
            text = page.get_textpage()
            found.append(text.get_text_range())
            text.close()
            page.close()
    return found


def mupdf(path: Path) -> list[str]:
    """Return the text of every page by MuPDF (SumatraPDF, many phones)."""
    import pymupdf

    opened: Any = pymupdf.open
    with opened(path) as document:
        return [page.get_text() for page in document]


def extractor_versions() -> dict[str, str]:
    """Return the version of each program: what one finds in a PDF, another version of it may not."""
    import pymupdf
    import pypdfium2

    said = subprocess.run(["pdftotext", "-v"], capture_output=True, check=True, text=True).stderr
    found = re.search(r"version (\S+)", said)
    return {
        "poppler": found[1] if found else "unknown",
        "pdfium": str(pypdfium2.PDFIUM_INFO).partition("@")[0],
        "MuPDF": pymupdf.mupdf_version,
    }


EXTRACTORS: dict[str, Callable[[Path], list[str]]] = {"poppler": poppler, "pdfium": pdfium, "MuPDF": mupdf}
