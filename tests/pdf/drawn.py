"""What was really drawn on a page, read back by pdfium."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path

from pypdfium2 import PdfDocument, raw


@dataclass(frozen=True)
class Glyph:
    """One character: its page (from 0), its box and its line in points from the lower left corner, its type size."""

    page: int
    character: str
    left: float
    bottom: float
    right: float
    top: float
    line: float
    size: float


def glyphs(path: Path) -> list[Glyph]:
    """Return every visible character of a PDF, in the order of its text layer."""
    found = []
    document = PdfDocument(path)
    for number, page in enumerate(document):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            character = chr(raw.FPDFText_GetUnicode(text, index))
            if character.isspace() or character == "\0":
                continue
            left, bottom, right, top = text.get_charbox(index)
            line = _line(text, index)
            found.append(Glyph(number, character, left, bottom, right, top, line, _size(text, index)))
        text.close()
        page.close()
    document.close()
    return found


def _line(text: object, index: int) -> float:
    """Return the height of the line a character stands on."""
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y))
    return y.value


def _size(text: object, index: int) -> float:
    """Return the type size as it stands on the page: the font's size times the scale of its matrix."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))
    scale: float = (matrix.c**2 + matrix.d**2) ** 0.5
    return round(raw.FPDFText_GetFontSize(text, index) * scale, 2)


def drawn_lines(path: Path) -> list[str]:
    """Return the characters of every line from left to right, as the eye meets them, spaces left out."""
    rows: dict[tuple[int, int], list[tuple[float, str]]] = {}
    for glyph in glyphs(path):
        rows.setdefault((glyph.page, round(glyph.line)), []).append((glyph.left, glyph.character))
    return ["".join(c for _, c in sorted(row)) for row in rows.values()]
