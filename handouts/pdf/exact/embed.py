"""Fonts as a PDF embeds them: one glyph for each cluster that is drawn, each with one text.

Takes the place of WeasyPrint's writer of fonts, which gives a glyph one text wherever it is drawn, and
draws a cluster of several glyphs as several.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pydyf
import uharfbuzz as hb

from handouts.pdf.exact.opened import OpenedFont
from handouts.pdf.exact.truetype import Made, with_glyphs

# What a page needs no longer: it names glyphs by number, shaped and placed.
UNUSED = (
    "BASE", "DSIG", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH", "OS/2", "PCLT", "STAT", "VDMX", "VORG",
    "cmap", "gasp", "hdmx", "kern", "meta", "name", "post", "vhea", "vmtx",
)  # fmt: skip
WIDTH_UNITS = 1000  # units of width in a PDF (ISO 32000-1, 9.7.4.3)
SYMBOLIC = 4


class Cluster(NamedTuple):
    """Letters drawn as one: glyphs with their places (x and y in font units), and the text they stand for.

    `advance` is None where it is the glyph's own: one glyph in its place. A `speck` has no glyph, and yet
    something to draw: a square of a thousandth of the type size.
    """

    parts: tuple[tuple[int, int, int], ...]
    text: str
    advance: int | None = None
    speck: bool = False


class CharacterCodes:
    """The numbers by which a page names the clusters of one font, given as they are met."""

    def __init__(self, opened: OpenedFont) -> None:
        self.face, self.outlines = opened.face, opened.outlines
        self.font = hb.Font(self.face)
        self.numbers: dict[Cluster, int] = {}
        self.advances: dict[int, int] = {}
        self._plain: dict[tuple[int, str], Cluster] = {}
        self._drawn: dict[Cluster, tuple[str, float]] = {}

    def plain(self, glyph: int, text: str) -> Cluster:
        """Return the cluster that is one glyph in its place: the same one for the same text."""
        known = self._plain.get((glyph, text))
        if known is None:
            known = self._plain[glyph, text] = Cluster(((glyph, 0, 0),), text)
        return known

    def drawn(self, cluster: Cluster) -> tuple[str, float]:
        """Return a cluster as a page writes it, and by how many thousandths of the type size the pen goes on."""
        found = self._drawn.get(cluster)
        if found is None:
            advance = self.width(cluster) * WIDTH_UNITS / self.face.upem
            found = self._drawn[cluster] = f"{self.code(cluster):04x}", advance
        return found

    def code(self, cluster: Cluster) -> int:
        """Return the number of a cluster; the next one, from 1, when first met."""
        return self.numbers.setdefault(cluster, len(self.numbers) + 1)

    def width(self, cluster: Cluster) -> int:
        """Return the advance of a cluster in font units."""
        return self.advance(cluster.parts[0][0]) if cluster.advance is None else cluster.advance

    def advance(self, glyph: int) -> int:
        """Return the advance of a glyph in font units."""
        if glyph not in self.advances:
            self.advances[glyph] = int(self.font.get_glyph_h_advance(glyph))
        return self.advances[glyph]


def codes(fonts: Mapping[Any, Any], font: Any) -> CharacterCodes:
    """Return the codes of a font, one set for all of WeasyPrint's fonts that are of one file."""
    if not hasattr(font, "codes"):
        first = next(other for other in fonts.values() if other.hash == font.hash)
        if not hasattr(first, "codes"):
            first.codes = CharacterCodes(first.file_content)
        font.codes = first.codes
    found: CharacterCodes = font.codes
    return found


def build_fonts_dictionary(
    pdf: Any, fonts: Mapping[Any, Any], _compress: object, _subset: object, _options: object
) -> Any:
    """Write all fonts of a document; takes the place of WeasyPrint's function of that name."""
    written = pydyf.Dictionary()
    for font in fonts.values():
        known = codes(fonts, font)
        if font.hash not in written and known.numbers:
            written[font.hash] = write_font(pdf, font, known).reference
    return written


def write_font(pdf: Any, font: Any, known: CharacterCodes) -> Any:
    """Write a composite font (ISO 32000-1, 9.7) and return its dictionary; `font` has its name and measures."""
    data, glyphs = _file(known)
    kind, key = ("0", "FontFile3") if known.outlines == "CFF" else ("2", "FontFile2")
    extra = {"Subtype": "/OpenType"} if known.outlines == "CFF" else {"Length1": len(data)}
    widths = {
        code: round(known.width(c) * WIDTH_UNITS / known.face.upem, 2) for c, code in known.numbers.items()
    }
    descriptor = {
        "Type": "/FontDescriptor",
        "FontName": font.name,
        "FontFamily": pydyf.String(font.family),
        "Flags": SYMBOLIC,
        "FontBBox": pydyf.Array((0, font.descent, max(widths.values()), font.ascent)),
        "ItalicAngle": 0,
        "Ascent": font.ascent,
        "Descent": font.descent,
        "CapHeight": font.ascent,
        "StemV": font.stemv,
        key: _add(pdf, pydyf.Stream([data], pydyf.Dictionary(extra), compress=True)).reference,
    }
    collection = {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
    descendant = {
        "Type": "/Font",
        "Subtype": f"/CIDFontType{kind}",
        "BaseFont": font.name,
        "CIDSystemInfo": pydyf.Dictionary(collection),
        "W": _widths(widths),
        "FontDescriptor": _add(pdf, pydyf.Dictionary(descriptor)).reference,
    }
    if known.outlines == "TrueType":
        table = b"".join(glyphs.get(code, 0).to_bytes(2, "big") for code in range(len(known.numbers) + 1))
        descendant["CIDToGIDMap"] = _add(pdf, pydyf.Stream([table], compress=True)).reference
    whole = {
        "Type": "/Font",
        "Subtype": "/Type0",
        "BaseFont": font.name,
        "Encoding": "/Identity-H",
        "DescendantFonts": pydyf.Array([_add(pdf, pydyf.Dictionary(descendant)).reference]),
        "ToUnicode": _add(pdf, _to_unicode(known.numbers)).reference,
    }
    return _add(pdf, pydyf.Dictionary(whole))


def _add(pdf: Any, thing: Any) -> Any:
    pdf.add_object(thing)
    return thing


def _widths(widths: Mapping[int, float]) -> Any:
    """Return the widths by code, those of neighbours in one array."""
    found = pydyf.Array()
    for code in sorted(widths):
        if code - 1 not in widths:
            found.extend((code, pydyf.Array()))
        found[-1].append(widths[code])
    return found


def _to_unicode(numbers: Mapping[Cluster, int]) -> Any:
    """Return the table from codes to text (ISO 32000-1, 9.10.3)."""
    rows = [
        f"<{code:04x}> <{cluster.text.encode('utf-16-be').hex()}>"
        for cluster, code in sorted(numbers.items(), key=lambda item: item[1])
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    for some in (rows[n : n + 100] for n in range(0, len(rows), 100)):
        lines += [f"{len(some)} beginbfchar", *some, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return pydyf.Stream([line.encode() for line in lines], compress=True)


def _file(known: CharacterCodes) -> tuple[bytes, dict[int, int]]:
    """Return the font file with the glyphs that are drawn and no others, and the glyph of every code."""
    wish = hb.SubsetInput()
    wish.glyph_set.update({glyph for cluster in known.numbers for glyph, _, _ in cluster.parts})
    wish.drop_table_tag_set.update(int.from_bytes(tag.encode().ljust(4), "big") for tag in UNUSED)
    wish.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.DESUBROUTINIZE
    plan = hb.SubsetPlan(known.face, wish)
    data = bytes(plan.execute().blob.data)
    new = dict(plan.old_to_new_glyph_mapping)
    if known.outlines == "CFF":
        return _by_codes(data, known, new), {}
    glyphs: dict[int, int] = {}
    made: dict[Made, int] = {}
    count = hb.Face(data).glyph_count
    for cluster, code in known.numbers.items():
        if cluster.advance is None:
            glyphs[code] = new[cluster.parts[0][0]]
            continue
        parts = tuple((new[glyph], x, y) for glyph, x, y in cluster.parts)
        drawing = Made(cluster.advance, parts, _side(known.face.upem) if cluster.speck else 0)
        glyphs[code] = made.setdefault(drawing, count + len(made))
    return (with_glyphs(data, list(made)) if made else data), glyphs


def _side(upem: int) -> int:
    """Return the side of a speck in font units."""
    return max(1, round(upem / WIDTH_UNITS))


def _speck(pen: Any, upem: int) -> None:
    side = _side(upem)
    pen.moveTo((0, 0))
    for corner in ((0, side), (side, side), (side, 0)):
        pen.lineTo(corner)
    pen.closePath()


def _by_codes(data: bytes, known: CharacterCodes, new: Mapping[int, int]) -> bytes:
    """Return the outlines of a CFF font by the codes of a page, `new` being the numbers of the glyphs in it.

    A CFF font has no table from codes to glyphs in a PDF: a code is taken for a character id or for the number of a
    glyph, so they are all one (ISO 32000-1, 9.7.4.2). One glyph with two texts is there twice.
    """
    # Most pages have no such font, and this reads half of fontTools.
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), recalcTimestamp=False, recalcBBoxes=False)  # which takes a third longer
    top = font["CFF "].cff.topDictIndex[0]
    drawn = [top.CharStrings[name] for name in top.charset]
    families = list(top.FDSelect.gidArray) if hasattr(top, "FDSelect") else []
    private = top.FDArray[0].Private if families else top.Private
    glyphs, chosen = drawn[:1], families[:1]
    for cluster in known.numbers:
        plain = cluster.advance is None
        glyph = new[cluster.parts[0][0]] if plain else 0
        glyphs.append(drawn[glyph] if plain else _composed(cluster, known, new, drawn, private))
        chosen.append(families[glyph] if plain and families else 0)
    top.charset = [".notdef", *(f"cid{code:05}" for code in range(1, len(glyphs)))]
    top.CharStrings.charStrings = dict(zip(top.charset, glyphs, strict=True))
    top.CharStrings.charStringsAreIndexed = False
    if families:
        top.FDSelect.gidArray = chosen
    widths = [font["hmtx"][font.getGlyphOrder()[0]][0], *map(known.width, known.numbers)]
    font["hmtx"].metrics = {name: (width, 0) for name, width in zip(top.charset, widths, strict=True)}
    font.setGlyphOrder(top.charset)
    return _saved(font)


def _composed(
    cluster: Cluster, known: CharacterCodes, new: Mapping[int, int], drawn: Sequence[Any], private: Any
) -> Any:
    """Return a cluster drawn as one outline, from the glyphs that it is made of."""
    from fontTools.misc.transform import Offset
    from fontTools.pens.t2CharStringPen import T2CharStringPen
    from fontTools.pens.transformPen import TransformPen

    pen = T2CharStringPen(known.width(cluster) - private.nominalWidthX, None)
    if cluster.speck:
        _speck(pen, known.face.upem)
    for glyph, x, y in cluster.parts:
        drawn[new[glyph]].draw(TransformPen(pen, Offset(x, y)))
    return pen.getCharString(private, ())


def _saved(font: Any) -> bytes:
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()
