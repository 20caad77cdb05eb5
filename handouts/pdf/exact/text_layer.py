"""The text layer: what is extracted, searched and read aloud from a page is the text that was set.

WeasyPrint gives each glyph the text of its cluster, as it first meets it. Where a script moves, joins or
stacks letters, one glyph stands for several texts and several glyphs share one, and the words behind
them come out wrong. So every cluster is drawn as one glyph of the embedded font, made of all its glyphs,
with a text of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby, pairwise
from struct import Struct
from typing import Any

from handouts.characters import JOINERS, WITHOUT_FORMATS
from handouts.pdf.exact import bidi
from handouts.pdf.exact.bidi import Placed
from handouts.pdf.exact.embed import CharacterCodes, Cluster, codes
from handouts.pdf.exact.neighbours import ALONE

EMPTY, UNKNOWN = (
    0x0FFFFFFF,
    0x10000000,
)  # numbers of glyphs that are none (pango-glyph.h): nothing to draw, no font has it
GLYPH = Struct("IiiiI")  # `PangoGlyphInfo`: its number, advance, offsets to the right and down, attributes
NARROW = 110  # thousandths of the type size
EM = 1000  # parts of the type size, in which a page measures along a line


def draw_first_line(stream: Any, textbox: Any, _overflow: Any, _ellipsis: Any, matrix: Any) -> list[Any]:
    """Draw the line of a text box; takes the place of WeasyPrint's function of that name."""
    size = textbox.style["font_size"]
    if not textbox.text or size <= 0:
        return []
    stream.set_text_matrix(*matrix.values)
    runs, width = _runs(textbox, stream)
    drawn: Iterable[Placed]
    if textbox.style.root_style["direction"] == "rtl":
        line = [placed for run in sorted(runs, key=lambda run: run.start) for placed in run.in_text_order()]
        drawn = bidi.in_text_order(line, width, getattr(textbox, "neighbours", ALONE)) if line else ()
    else:
        drawn = [placed for run in runs for placed in run.placed]
    pen = 0.0
    for (font, raised, _), part in groupby(drawn, key=_object):
        if raised:
            stream.set_text_rise(-size * bidi.RISE / EM)
        pen = _show(stream, font, size, part, pen)
        if raised:
            stream.set_text_rise(0)
    return []


def _object(placed: Placed) -> tuple[Any, bool, int]:
    """Return what the clusters of one text object have in common."""
    return placed.font, placed.raised, placed.piece


def _show(stream: Any, font: Any, size: float, run: Iterable[Placed], pen: float) -> float:
    """Draw clusters of one font from left to right; return where the pen stands after."""
    known = codes(stream._fonts, font)
    stream.set_font_size(font.hash, size)
    drawn, is_mark = [], False
    for cluster, _, x, *_ in run:
        shift = round(pen - x)
        if shift:
            # Pdf.js forgets the number that follows a mark of direction, but not a second one.
            drawn.append(f">1 {shift - 1}<" if is_mark else f">{shift}<")
            pen -= shift
        code, advance = known.drawn(cluster)
        drawn.append(code)
        is_mark = _is_unseen(cluster.text)
        pen += advance
    stream.show_text(f"<{''.join(drawn)}>".removeprefix("<>"))
    return pen


def _runs(textbox: Any, stream: Any) -> tuple[list[_Run], float]:
    """Return the runs of a line as they stand, from left to right, and the width of them all."""
    from weasyprint.text.ffi import FROM_UNITS, ffi, pango

    layout = textbox.pango_layout
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)  # noqa: FBT003 - a C function
    line, _ = layout.get_first_line()
    text = layout.text.encode()
    found: list[_Run] = []
    pen = 0.0
    run = line.runs[0]
    while run != ffi.NULL:
        item, run = run.data, run.next
        font, size = stream.add_font(item.item.analysis.font)
        found.append(_Run(item, text, codes(stream._fonts, font), font, size / FROM_UNITS, pen))
        pen += sum(width for _, width, *_ in found[-1].glyphs) * EM * FROM_UNITS / size
    return found, pen


def glyphs_of(string: Any) -> tuple[list[int], list[tuple[int, int, int, int]]]:
    """Return for each glyph of a run where the text of its cluster begins, and its number, advance and offsets.

    All at once: one by one is a fifth of the time of drawing a page.
    """
    from weasyprint.text.ffi import ffi

    count = string.num_glyphs
    if not count:
        return [], []
    data = ffi.buffer(string.glyphs, count * GLYPH.size)
    return ffi.unpack(string.log_clusters, count), [found[:4] for found in GLYPH.iter_unpack(data)]


class _Run:
    """A run of Pango's: glyphs of one font and one embedding level."""

    def __init__(
        self, item: Any, text: bytes, known: CharacterCodes, font: Any, size: float, pen: float
    ) -> None:
        self.known, self.font = known, font
        self.clusters, self.glyphs = glyphs_of(item.glyphs)
        self.start = item.item.offset
        self.text = text[self.start : self.start + item.item.length]
        self.rtl = bool(item.item.analysis.level % 2)
        self.pen = pen
        self.em = EM / size  # from Pango's units to thousandths
        self.units = font.upem / size  # from Pango's units to those of the font
        self.placed = list(self._clusters(pen))

    def in_text_order(self) -> list[Placed]:
        """Return the clusters in the order of the text."""
        if not self.rtl:
            return self.placed
        return self._inside(list(self._stacked(self._widened(self.placed[::-1]))))

    def _inside(self, line: list[Placed]) -> list[Placed]:
        """Return the clusters of a right-to-left run, those without width at its end within it.

        Pdfium takes what reaches over its edge, beside what stands there, for a space.
        """
        lacks = self.pen - line[-1].x if line else 0
        at = next((n for n in reversed(range(len(line))) if line[n].width >= 2 * bidi.HAIR), -1)
        if lacks <= 0 or at < 0 or line[at].width < NARROW + lacks:
            return line
        letter, hairs = line[at], line[at + 1 :]
        moved = [self._moved(hair, hair.x + lacks, hair.width) for hair in hairs]
        return [*line[:at], self._moved(letter, letter.x + lacks, letter.width - lacks), *moved]

    def _widened(self, line: list[Placed]) -> list[Placed]:
        """Return the clusters of a right-to-left run, letters that are narrow with some of the width of one beside them.

        In Nastaliq some have next to none; programs drop a letter that stands where the same one stood.
        """
        line = list(line)
        for n, placed in enumerate(line):
            lacks = NARROW - placed.width
            if not placed.is_letter or lacks <= 0:
                continue
            for at, edge in ((n + 1, placed.x - lacks), (n - 1, placed.x)):
                other = line[at] if 0 <= at < len(line) else None
                if other and other.is_letter and other.width >= NARROW + lacks:
                    start = other.x if at > n else other.x + lacks
                    line[at] = self._moved(other, start, other.width - lacks)
                    line[n] = self._moved(placed, edge, NARROW)
                    break
        return line

    def _moved(self, placed: Placed, x: float, width: float) -> Placed:
        """Return a cluster that begins elsewhere and has another width, and is drawn where it was."""
        units = round((placed.x - x) * self.font.upem / EM)
        glyphs = tuple((glyph, at + units, y) for glyph, at, y in placed.cluster.parts)
        advance = round(width * self.font.upem / EM)
        cluster = placed.cluster._replace(parts=glyphs, advance=advance)
        return placed._replace(cluster=cluster, x=x, width=width)

    def _stacked(self, line: list[Placed]) -> Iterator[Placed]:
        """Yield the clusters of a right-to-left run, those without width that stand at one place side by side.

        Poppler sorts by left edges. There is room for the marks that stand before each.
        """
        before: Placed | None = None
        for placed in line:
            here = placed
            if before and here.width < 2 * bidi.HAIR and here.x > before.x - 3 * bidi.HAIR:
                room = 3 if before.width < 2 * bidi.HAIR else 1
                here = self._moved(here, before.x - room * bidi.HAIR, here.width)
            yield here
            before = here

    def _clusters(self, pen: float) -> Iterator[Placed]:
        """Yield the clusters of the run from left to right, the first of which stands at `pen`."""
        at = self._starts()
        ends = dict(pairwise(sorted({*at, len(self.text)})))
        texts = {begin: self.text[begin : ends[begin]].decode().translate(WITHOUT_FORMATS) for begin in {*at}}
        n = 0
        while n < len(at):
            first, begin = n, at[n]
            while n < len(at) and at[n] == begin:
                n += 1
            text = texts[begin]
            glyphs, width = self._members(first, n)
            if len(text) == 1 and width and glyphs and not _is_mark(text):  # most are
                yield self._place(glyphs, text, width, pen)
            elif self.rtl:
                yield from self._rtl_cluster(glyphs, text, width, pen)
            elif glyphs and text:
                yield from self._ltr_cluster(glyphs, text, width, pen)
            pen += width * self.em

    def _starts(self) -> list[int]:
        """Return for every glyph where the text of its cluster begins, marks in the cluster they are drawn with.

        Left to right, a mark belongs to the letter before it. Right to left, to the mark before it.
        """
        if not _has_followers(self.text):
            return self.clusters
        edges = sorted({*self.clusters, len(self.text)})
        starts: dict[int, int] = {}
        before, last = "", 0
        for edge, end in pairwise(edges):
            part = self.text[edge:end].decode()
            starts[edge] = starts[last] if before and self._follows(part[0], before) else edge
            before, last = part[-1], edge
        return [starts[begin] for begin in self.clusters]

    def _follows(self, letter: str, before: str) -> bool:
        """Whether a character is drawn with the one before it."""
        if self.rtl:
            return _is_mark(before) and _is_mark(letter)
        return letter in JOINERS or _is_mark(letter)

    def _members(self, first: int, end: int) -> tuple[list[tuple[int, int, int]], int]:
        """Return the glyphs of a cluster with their places in Pango's units, and the advance of them all."""
        pen, glyphs = 0, []
        for glyph, width, right, down in self.glyphs[first:end]:
            if glyph != EMPTY:
                if glyph & UNKNOWN:
                    raise ValueError(f"no font of the page has a glyph for {self.text.decode()!r}")
                glyphs.append((glyph, pen + right, -down))
            pen += width
        return glyphs, pen

    def _place(
        self, glyphs: list[tuple[int, int, int]], text: str, width: int, pen: float, *, made: bool = False
    ) -> Placed:
        """Return a cluster in its place: a glyph as it is, where it stands on the line, or one made of several."""
        if (
            len(glyphs) == 1
            and glyphs[0][2] == 0
            and width
            and not made
            and not self._differs(glyphs[0], width)
        ):
            cluster = self.known.plain(glyphs[0][0], text)
            return Placed(cluster, self.font, pen + glyphs[0][1] * self.em, width * self.em, self.rtl)
        placed = tuple((glyph, round(x * self.units), round(y * self.units)) for glyph, x, y in glyphs)
        cluster = Cluster(placed, text, round(width * self.units))
        return Placed(cluster, self.font, pen, width * self.em, self.rtl)

    def _differs(self, glyph: tuple[int, int, int], width: int) -> bool:
        """Whether a right-to-left glyph reaches over its place, or has not the width of its place: marks stand at its edges."""
        return self.rtl and (glyph[1] < 0 or abs(self.known.advance(glyph[0]) - width * self.units) > 1)

    def _blank(self, text: str, width: int, pen: float) -> Placed:
        """Return a glyph that draws nothing."""
        return self._place([], text, width, pen)

    def _ltr_cluster(
        self, glyphs: list[tuple[int, int, int]], text: str, width: int, pen: float
    ) -> Iterator[Placed]:
        """Yield a left-to-right cluster; from its first mark on, its text is that of narrow blanks after it.

        Pdf.js takes a glyph whose text holds a mark for one without width. Poppler spreads the characters of a
        glyph over its width, and from version 25 drops one that begins less than a tenth of the type size from the
        same character before it, as in the end of one cluster and the beginning of the next: so the last
        character has a blank of its own.
        """
        at = _first_mark(text)
        if not at:
            yield self._place(glyphs, text, width, pen)
            return
        blanks = [part for part in (text[at:-1], text[-1:]) if part]
        narrow = min(round(NARROW / self.em), width // (len(blanks) + 1))
        drawn = width - narrow * len(blanks)
        yield self._place(glyphs, text[:at], drawn, pen, made=True)
        for n, part in enumerate(blanks):
            yield self._blank(part, narrow, pen + (drawn + n * narrow) * self.em)

    def _rtl_cluster(
        self, glyphs: list[tuple[int, int, int]], text: str, width: int, pen: float
    ) -> Iterator[Placed]:
        """Yield a right-to-left cluster letter by letter from left to right, since programs reverse words.

        Marks are drawn as one, before their letter. Of letters that share a glyph, each has its share of
        the width, and the first draws all of it.
        """
        letters = _without_marks(text)
        marks = text[len(letters) :]
        above: list[tuple[int, int, int]] = []
        if marks and len(glyphs) > bool(letters):
            above = glyphs[: -len(letters)] if letters else glyphs
            glyphs = glyphs[len(above) :]
        else:
            letters, marks = text, ""
        placed = list(self._letters(glyphs, letters, width, pen))
        if marks:
            yield self._hair(above, marks, pen, min([pen, *(each.x for each in placed)]))
        yield from placed

    def _letters(
        self, glyphs: list[tuple[int, int, int]], letters: str, width: int, pen: float
    ) -> Iterator[Placed]:
        """Yield the letters that share glyphs, from left to right."""
        if not letters:
            return
        if not width:
            yield self._hair(glyphs, letters, pen, pen)
            return
        share = width // len(letters)
        for n, letter in enumerate(reversed(letters[1:])):
            yield self._blank(letter, share, pen + n * share * self.em)
        before = share * (len(letters) - 1)
        shown = [(glyph, x - before, y) for glyph, x, y in glyphs]
        yield self._place(shown, letters[0], width - before, pen + before * self.em, made=before > 0)

    def _hair(self, glyphs: list[tuple[int, int, int]], text: str, pen: float, edge: float) -> Placed:
        """Return what has no width as a glyph of a hair's, left of an edge.

        Poppler sorts by left edges, and takes what stands at the same one for another line.
        """
        x = edge - bidi.HAIR
        moved = [(glyph, at + round((pen - x) / self.em), y) for glyph, at, y in glyphs]
        return self._place(moved, text, round(bidi.HAIR / self.em), x, made=True)


@lru_cache(maxsize=16384)  # the clusters of several languages
def _first_mark(text: str) -> int:
    """Return where the first mark without width stands in the text of a cluster; 0 where there is none."""
    return next((n for n, letter in enumerate(text) if unicodedata.category(letter) == "Mn"), 0)


@lru_cache(maxsize=16384)
def _has_followers(text: bytes) -> bool:
    """Whether a character in a text may be drawn with the one before it."""
    return not text.isascii() and any(letter in JOINERS or _is_mark(letter) for letter in text.decode())


@lru_cache(maxsize=16384)
def _without_marks(text: str) -> str:
    """Return the text of a cluster without the marks at its end, those above U+FFFF left where they are."""
    end = len(text)
    while end and text[end - 1] <= "\uffff" and _is_mark(text[end - 1]):
        end -= 1
    return text[:end]


@lru_cache(maxsize=16384)
def _is_unseen(text: str) -> bool:
    """Whether there is nothing in a text but marks of direction and the like."""
    return not text.translate(WITHOUT_FORMATS)


@lru_cache(maxsize=16384)
def _is_mark(letter: str) -> bool:
    """Whether a character is written above, below or around another."""
    return unicodedata.category(letter).startswith("M")
