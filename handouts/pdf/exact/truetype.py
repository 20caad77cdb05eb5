"""Glyphs made of others, added to a TrueType font: behind those that are there, whose bytes stay as they are.

Offsets and sizes are those of the tables in the OpenType specification (https://learn.microsoft.com/typography/opentype/spec).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from struct import pack, pack_into, unpack, unpack_from
from typing import NamedTuple

WHOLE = 0xB1B0AFBA  # the sum of a font's words, less what makes it so (`checkSumAdjustment`)
# Of a part: its place is two words, from the origin, on the grid; and another part follows.
PLACED, MORE = 0x1 | 0x2 | 0x4, 0x20
LAST_SHORT = 0x1FFFE  # the last place in `glyf` that short offsets reach


class Made(NamedTuple):
    """A glyph to add: its advance, its parts (a glyph and its place), in font units; or a square of a certain side."""

    advance: int
    parts: tuple[tuple[int, int, int], ...] = ()
    square: int = 0


class _Drawn(NamedTuple):
    """The bytes of a glyph, and the box around it: left, bottom, right, top."""

    data: bytes = b""
    box: tuple[int, int, int, int] = (0, 0, 0, 0)


def with_glyphs(font: bytes, made: Sequence[Made]) -> bytes:
    """Return a font with glyphs added, numbered on from its own. Raises struct.error for a place outside of what a font can say."""
    tables = _tables(font)
    places = _places(tables)
    drawn = [_drawn(each, tables["glyf"], places) for each in made]
    at = places[-1]
    for each in drawn:
        at += len(each.data)
        places.append(at)
    tables["glyf"] = tables["glyf"][: places[-1 - len(made)]] + b"".join(each.data for each in drawn)
    is_long = at > LAST_SHORT or any(place % 2 for place in places)
    offsets = places if is_long else [place // 2 for place in places]
    tables["loca"] = pack(f">{len(places)}{'I' if is_long else 'H'}", *offsets)
    tables["hmtx"] = _metrics(tables) + b"".join(
        pack(">Hh", one.advance, each.box[0]) for one, each in zip(made, drawn, strict=True)
    )
    tables["head"] = _head(tables["head"], _boxes(tables["glyf"], places), is_long=is_long)
    tables["hhea"] = _hhea(tables["hhea"], made, len(places) - 1)
    tables["maxp"] = _maxp(tables["maxp"], made, len(places) - 1)
    return _assembled(font[:4], tables)


def _tables(font: bytes) -> dict[str, bytes]:
    """Return the tables of a font by their tags."""
    found: dict[str, bytes] = {}
    for n in range(unpack_from(">H", font, 4)[0]):
        tag, _, at, size = unpack_from(">4sIII", font, 12 + 16 * n)
        found[tag.decode("latin-1")] = font[at : at + size]
    return found


def _places(tables: Mapping[str, bytes]) -> list[int]:
    """Return where each glyph begins in `glyf`, and where the last one ends."""
    (is_long,), loca = unpack_from(">h", tables["head"], 50), tables["loca"]
    (count,) = unpack_from(">H", tables["maxp"], 4)
    if is_long:
        return list(unpack_from(f">{count + 1}I", loca))
    return [2 * place for place in unpack_from(f">{count + 1}H", loca)]


def _metrics(tables: Mapping[str, bytes]) -> bytes:
    """Return the advance and the left edge of each glyph, those written out that have the advance of the one before."""
    (full,), (count,) = unpack_from(">H", tables["hhea"], 34), unpack_from(">H", tables["maxp"], 4)
    hmtx = tables["hmtx"]
    advance = hmtx[4 * full - 4 : 4 * full - 2]
    edges = (hmtx[at : at + 2] for at in range(4 * full, 4 * full + 2 * (count - full), 2))
    return hmtx[: 4 * full] + b"".join(advance + edge for edge in edges)


def _drawn(made: Made, glyf: bytes, places: Sequence[int]) -> _Drawn:
    """Return a glyph as it is written."""
    if made.square:
        side = made.square
        outline = pack(">HH4B8h", 3, 0, *(1,) * 4, 0, 0, side, 0, 0, side, 0, -side)
        return _written(1, (0, 0, side, side), outline)
    parts, boxes = b"", []
    for n, (glyph, x, y) in enumerate(made.parts, start=1):
        parts += pack(">HHhh", PLACED | MORE * (n < len(made.parts)), glyph, x, y)
        if places[glyph] < places[glyph + 1]:
            left, bottom, right, top = unpack_from(">4h", glyf, places[glyph] + 2)
            boxes.append((left + x, bottom + y, right + x, top + y))
    if not boxes:
        return _Drawn()
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return _written(-1, (min(lefts), min(bottoms), max(rights), max(tops)), parts)


def _written(contours: int, box: tuple[int, int, int, int], outline: bytes) -> _Drawn:
    """Return a glyph with its head, filled up to whole words."""
    data = pack(">5h", contours, *box) + outline
    return _Drawn(data + bytes(-len(data) % 4), box)


def _boxes(glyf: bytes, places: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Return the boxes around all glyphs that draw something."""
    return [unpack_from(">4h", glyf, at + 2) for at, end in pairwise(places) if at < end]


def _head(head: bytes, boxes: Sequence[tuple[int, int, int, int]], *, is_long: bool) -> bytes:
    """Return the table with the box around all glyphs, and with the kind of the offsets.

    The box is that of the glyphs that are there: where one is very large, poppler sets type to whole pixels.
    """
    written = bytearray(head)
    lefts, bottoms, rights, tops = zip(*(boxes or [(0, 0, 0, 0)]), strict=True)
    pack_into(">4h", written, 36, min(lefts), min(bottoms), max(rights), max(tops))
    pack_into(">h", written, 50, is_long)
    return bytes(written)


def _hhea(hhea: bytes, made: Sequence[Made], count: int) -> bytes:
    """Return the table with the widest advance, and with how many glyphs have one written."""
    written = bytearray(hhea)
    pack_into(">H", written, 10, max(unpack_from(">H", hhea, 10)[0], *(each.advance for each in made)))
    pack_into(">H", written, 34, count)
    return bytes(written)


def _maxp(maxp: bytes, made: Sequence[Made], count: int) -> bytes:
    """Return the table with how many glyphs there are, and with room for the largest that can be made of those."""
    points, contours, all_points, all_contours = unpack_from(">4H", maxp, 6)
    parts, depth = unpack_from(">2H", maxp, 28)
    most = max(len(each.parts) for each in made)
    written = bytearray(maxp)
    pack_into(">3H", written, 4, count, max(points, 4), max(contours, 1))
    together = (max(points, all_points) * max(most, 1), max(contours, all_contours) * max(most, 1))
    pack_into(">2H", written, 10, *(min(each, 0xFFFF) for each in together))
    pack_into(">2H", written, 28, max(parts, most), depth + 1)
    return bytes(written)


def _assembled(version: bytes, tables: Mapping[str, bytes]) -> bytes:
    """Return tables as a font, in the order of their tags, each with its checksum."""
    tables = {**tables, "head": tables["head"][:8] + bytes(4) + tables["head"][12:]}
    power = len(tables).bit_length() - 1
    search = 16 << power
    front = version + pack(">4H", len(tables), search, power, 16 * len(tables) - search)
    at, directory, body = 12 + 16 * len(tables), b"", b""
    for tag, table in sorted(tables.items()):
        whole = table + bytes(-len(table) % 4)
        directory += pack(">4sIII", tag.encode("latin-1"), _sum(whole), at + len(body), len(table))
        body += whole
    font = bytearray(front + directory + body)
    head = at + sum(len(table) + -len(table) % 4 for tag, table in tables.items() if tag < "head")
    pack_into(">I", font, head + 8, (WHOLE - _sum(bytes(font))) & 0xFFFFFFFF)
    return bytes(font)


def _sum(data: bytes) -> int:
    """Return the sum of the words of some bytes, as a word."""
    words: tuple[int, ...] = unpack(f">{len(data) // 4}I", data)
    return sum(words) & 0xFFFFFFFF
