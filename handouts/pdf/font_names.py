"""Fonts that are cut down have names of their own in a file, and one that is there twice is embedded once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def tag_of(font: Any) -> str:
    """Return what begins the name of a font that is cut down, which no other in the file may have (ISO 32000-1, 9.6.4)."""
    return str(font.BaseFont)[1:].partition("+")[0]


def retag(font: Any, taken: set[str]) -> None:
    """Give a font that is cut down a name that no other of the file has; it is `taken` then."""
    tag, plus, rest = str(font.BaseFont)[1:].partition("+")
    while tag in taken:
        tag = _next(tag)
    taken.add(tag)
    (below,) = font.DescendantFonts
    font.BaseFont = below.BaseFont = below.FontDescriptor.FontName = Name(f"/{tag}{plus}{rest}")


def _next(tag: str) -> str:
    """Return the tag after another, as numbers follow each other; after the last comes the first."""
    head, last = tag[:-1], tag[-1]
    if last != LETTERS[-1] or not head:
        return head + LETTERS[(LETTERS.index(last) + 1) % len(LETTERS)]
    return _next(head) + LETTERS[0]


def part_fonts(pdf: Pdf) -> None:
    """Let each font of a file that was several be there once, and have a name of its own."""
    known: dict[Any, Any] = {}
    done = set()
    taken: set[str] = set()
    for fonts in _lists(pdf):
        for name, font in fonts.items():
            if "/DescendantFonts" not in font or font.objgen in done:
                continue
            first = known.setdefault(written_out(font), font)
            if first.objgen == font.objgen:
                done.add(font.objgen)
            else:
                fonts[name] = first
    for font in known.values():
        retag(font, taken)


def _lists(pdf: Pdf) -> Iterator[Any]:
    """Yield each list of fonts by name: of pages, of drawings, of forms."""
    for thing in pdf.objects:
        if isinstance(thing, (Dictionary, Stream)):
            for holder in (thing, thing.get("/Resources"), thing.get("/DR")):
                fonts = holder.get("/Font") if isinstance(holder, (Dictionary, Stream)) else None
                if isinstance(fonts, Dictionary):
                    yield fonts


def written_out(thing: Any) -> Any:
    """Return all that an object holds, also what it refers to, as something that can be compared. No font leads back to itself."""
    if isinstance(thing, Stream):
        return thing.read_raw_bytes(), written_out(thing.stream_dict)
    if isinstance(thing, Dictionary):
        return tuple((key, written_out(thing[key])) for key in sorted(thing.keys()))
    if isinstance(thing, Array):
        return tuple(map(written_out, thing))
    return str(thing)
