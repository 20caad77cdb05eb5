"""What was really drawn on a page, read back by pdfium."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pypdfium2 import PdfDocument, raw


@dataclass(frozen=True)
class Glyph:
    """One character: its page (from 0), its box and its line in points from the lower left corner, its type size.

    `mark` is the number of the tagged piece it belongs to, -1 for none.
    """

    page: int
    character: str
    left: float
    bottom: float
    right: float
    top: float
    line: float
    size: float
    mark: int = -1


def glyphs(path: Path) -> list[Glyph]:
    """Return every visible character of a PDF, in the order of its text layer."""
    found: list[Glyph] = []
    document = PdfDocument(path)
    for number, page in enumerate(document):
        text = page.get_textpage()
        found += _page_glyphs(number, text)
        text.close()
        page.close()
    document.close()
    return found


def _page_glyphs(number: int, text: Any) -> Iterator[Glyph]:
    for index in range(text.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(text, index))
        if character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}:
            continue
        left, bottom, right, top = text.get_charbox(index)
        drawn = raw.FPDFText_GetTextObject(text, index)
        mark = raw.FPDFPageObj_GetMarkedContentID(drawn) if drawn else -1
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y))
        yield Glyph(number, character, left, bottom, right, top, y.value, _size(text, index), mark)


def _size(text: Any, index: int) -> float:
    """Return the type size as it stands on the page: the font's size times the scale of its matrix."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))
    scale: float = (matrix.c**2 + matrix.d**2) ** 0.5
    size: float = raw.FPDFText_GetFontSize(text, index)
    return round(size * scale, 2)


def drawn_lines(found: list[Glyph]) -> list[str]:
    """Return the characters of every line from left to right, as the eye meets them.

    Spaces between words are left out; a space stands where the line has a gap as wide as its type is high.
    """
    rows: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in found:
        rows.setdefault((glyph.page, round(glyph.line)), []).append(glyph)
    return [_row(sorted(row, key=lambda g: g.left)) for row in rows.values()]


def _row(row: list[Glyph]) -> str:
    gaps = [after.left - before.right > after.size for before, after in pairwise(row)]
    return "".join(glyph.character + " " * gap for glyph, gap in zip(row, [*gaps, False], strict=True))
