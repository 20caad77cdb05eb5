"""The text layer: what is extracted, searched and read aloud from a page is the text that was set.

WeasyPrint gives each glyph the text of its cluster, as it first meets it. Where a script moves, joins or
stacks letters, one glyph stands for several texts and several glyphs share one, and the words behind
them come out wrong. So every cluster is drawn as one glyph of the embedded font, made of all its glyphs,
with a text of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

from handouts.pdf.exact import bidi
from handouts.pdf.exact.bidi import Placed
from handouts.pdf.exact.embed import Cluster, codes

JOINERS = "\u200c\u200d"  # Part of how a word is written; every other invisible character is ours.
MARKS = "".join(c for c in map(chr, range(0x10000)) if unicodedata.category(c).startswith("M"))
NARROW = 110  # thousandths of the type size
EM = 1000  # parts of the type size, in which a page measures along a line


def draw_first_line(stream: Any, textbox: Any, _overflow: Any, _ellipsis: Any, matrix: Any) -> list[Any]:
    """Draw the line of a text box; takes the place of WeasyPrint's function of that name."""
    size, rtl = textbox.style["font_size"], textbox.style.root_style["direction"] == "rtl"
    # A space that stands alone is drawn as well, or two words run together; right to left, those beside it say it.
    if not textbox.text or size <= 0 or (rtl and not textbox.text.strip()):
        return []
    stream.set_text_matrix(*matrix.values)
    line = _line(stream, textbox)
    if rtl:
        parts = list(bidi.in_text_order(line, getattr(textbox, "neighbours", bidi.ALONE)))
    else:
        parts = bidi.split_by_direction(line)
    pen = 0.0
    for part in parts:
        if part[0].cluster.speck:
            stream.set_text_rise(-size)
        for font, run in groupby(part, key=lambda placed: placed.font):
            pen = _show(stream, font, size, list(run), pen)
        if part[0].cluster.speck:
            stream.set_text_rise(0)
    return []


def _show(stream: Any, font: Any, size: float, run: list[Placed], pen: float) -> float:
    """Draw clusters of one font from left to right; return where the pen stands after."""
    known = codes(stream._fonts, font)
    stream.set_font_size(font.hash, size)
    drawn = ""
    for placed in run:
        shift = round(pen - placed.x)
        if shift:
            drawn += f">{shift}<"
            pen -= shift
        drawn += f"{known.code(placed.cluster):04x}"
        pen += known.width(placed.cluster) * EM / font.upem
    stream.show_text(f"<{drawn}>".removeprefix("<>"))
    return pen


def _line(stream: Any, textbox: Any) -> list[Placed]:
    """Return the clusters of a line as they stand, from left to right."""
    from weasyprint.text.ffi import FROM_UNITS, ffi, pango

    layout = textbox.pango_layout
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)  # noqa: FBT003 - a C function
    line, _ = layout.get_first_line()
    text = layout.text.encode()
    found: list[Placed] = []
    pen = 0.0
    run = line.runs[0]
    while run != ffi.NULL:
        item, run = run.data, run.next
        font, size = stream.add_font(item.item.analysis.font)
        found += _Run(item, text, font, size / FROM_UNITS).placed(pen)
        pen += (
            sum(item.glyphs.glyphs[i].geometry.width for i in range(item.glyphs.num_glyphs))
            * EM
            * FROM_UNITS
            / size
        )
    return found


class _Run:
    """A run of Pango's: glyphs of one font and one embedding level."""

    def __init__(self, item: Any, text: bytes, font: Any, size: float) -> None:
        self.item, self.font = item, font
        self.start = item.item.offset
        self.text = text[self.start : self.start + item.item.length]
        self.rtl = bool(item.item.analysis.level % 2)
        self.em = EM / size  # from Pango's units to thousandths
        self.units = font.upem / size  # from Pango's units to those of the font

    def placed(self, pen: float) -> Iterator[Placed]:
        """Yield the clusters of the run, the first of which stands at `pen`."""
        at = self._starts()
        ends = dict(pairwise(sorted({*at, len(self.text)})))
        for begin, members in groupby(range(len(at)), key=at.__getitem__):
            glyphs, width = self._glyphs(members)
            text = "".join(c for c in self.text[begin : ends[begin]].decode() if _is_text(c))
            if self.rtl:
                yield from self._rtl_cluster(glyphs, text, width, pen, begin)
            elif glyphs and text:
                yield from self._ltr_cluster(glyphs, text, width, pen, begin)
            pen += width * self.em

    def _starts(self) -> list[int]:
        """Return for every glyph where the text of its cluster begins, marks in the cluster they are drawn with.

        Left to right, a mark belongs to the letter before it. Right to left, to the mark before it.
        """
        clusters = self.item.glyphs.log_clusters
        at = [clusters[i] for i in range(self.item.glyphs.num_glyphs)]
        first, *rest = sorted(set(at))
        kept = [first, *(n for n in rest if not self._follows(n))]
        return [max(n for n in kept if n <= begin) for begin in at]

    def _follows(self, at: int) -> bool:
        """Whether the character there is drawn with the one before it."""
        before, letter = self.text[:at].decode()[-1], self.text[at:].decode()[0]
        if self.rtl:
            return _is_mark(before) and _is_mark(letter)
        return letter in JOINERS or _is_mark(letter)

    def _glyphs(self, members: Any) -> tuple[list[tuple[int, int, int]], int]:
        """Return the glyphs of a cluster with their places in Pango's units, and the advance of them all."""
        from weasyprint.text.ffi import pango

        pen, glyphs = 0, []
        for i in members:
            glyph = self.item.glyphs.glyphs[i]
            if glyph.glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG and glyph.glyph != pango.PANGO_GLYPH_EMPTY:
                raise ValueError(f"no font of the page has a glyph for {self.text.decode()!r}")
            if glyph.glyph != pango.PANGO_GLYPH_EMPTY:
                glyphs.append((glyph.glyph, pen + glyph.geometry.x_offset, -glyph.geometry.y_offset))
            pen += glyph.geometry.width
        return glyphs, pen

    def _place(
        self,
        glyphs: list[tuple[int, int, int]],
        text: str,
        width: int,
        pen: float,
        begin: int,
        *,
        made: bool = False,
    ) -> Placed:
        """Return a cluster in its place: a glyph as it is, where it stands on the line, or one made of glyphs."""
        direction = bidi.direction_of(text, rtl=self.rtl)
        if len(glyphs) == 1 and glyphs[0][2] == 0 and width and not made:
            cluster = Cluster(((glyphs[0][0], 0, 0),), text)
            return Placed(
                cluster,
                self.font,
                pen + glyphs[0][1] * self.em,
                width * self.em,
                self.start + begin,
                direction,
            )
        placed = tuple((glyph, round(x * self.units), round(y * self.units)) for glyph, x, y in glyphs)
        cluster = Cluster(placed, text, round(width * self.units))
        return Placed(cluster, self.font, pen, width * self.em, self.start + begin, direction)

    def _ltr_cluster(
        self, glyphs: list[tuple[int, int, int]], text: str, width: int, pen: float, begin: int
    ) -> Iterator[Placed]:
        """Yield a left-to-right cluster; what follows its first mark is the text of a narrow blank after it.

        Pdf.js takes a glyph whose text holds a mark for one without width, and poppler two glyphs less
        than a tenth of the type size apart for one that was drawn twice.
        """
        at = next((n for n, letter in enumerate(text) if unicodedata.category(letter) == "Mn"), 0)
        if not at:
            yield self._place(glyphs, text, width, pen, begin)
            return
        narrow = min(round(NARROW / self.em), width // 2)
        yield self._place(glyphs, text[:at], width - narrow, pen, begin, made=True)
        yield self._blank(text[at:], narrow, pen + (width - narrow) * self.em, begin)

    def _blank(self, text: str, width: int, pen: float, begin: int) -> Placed:
        """Return a glyph that draws nothing."""
        cluster = Cluster((), text, round(width * self.units))
        direction = bidi.direction_of(text, rtl=self.rtl)
        return Placed(cluster, self.font, pen, width * self.em, self.start + begin, direction)

    def _rtl_cluster(
        self, glyphs: list[tuple[int, int, int]], text: str, width: int, pen: float, begin: int
    ) -> Iterator[Placed]:
        """Yield a right-to-left cluster letter by letter from left to right, since programs turn round whole lines.

        Marks are drawn as one, before their letter. Of letters that share a glyph, each has its share of
        the width, and the first draws all of it.
        """
        letters, marks = text.rstrip(MARKS), text[len(text.rstrip(MARKS)) :]
        if marks and len(glyphs) > bool(letters):
            shown = glyphs[: -len(letters)] if letters else glyphs
            yield self._place(shown, marks[::-1], 0, pen, begin)
            glyphs = glyphs[len(shown) :]
        else:
            letters = text
        if not letters:
            return
        share = width // len(letters)
        for n, letter in enumerate(reversed(letters[1:])):
            yield self._blank(letter, share, pen + n * share * self.em, begin)
        before = share * (len(letters) - 1)
        shown = [(glyph, x - before, y) for glyph, x, y in glyphs]
        yield self._place(shown, letters[0], width - before, pen + before * self.em, begin, made=before > 0)


def _is_text(letter: str) -> bool:
    """Whether a character belongs in the text: breaks and marks of direction that we put in do not."""
    return letter in JOINERS or unicodedata.category(letter) != "Cf"


def _is_mark(letter: str) -> bool:
    """Whether a character is written above, below or around another."""
    return unicodedata.category(letter).startswith("M")
