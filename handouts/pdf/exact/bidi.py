"""The text of a right-to-left line, drawn so that extractors keep its order.

Poppler, pdfium and MuPDF each put right-to-left lines back in order by rules of their own, none of which is the
Unicode bidirectional algorithm (UAX 9). What all of them get right is drawn here, in one of three ways (`neighbours.Way`),
with directional marks (RLM, LRM), as narrow as a hair, where a program would turn something round.

- Poppler sorts a line from left to right, then reads from the right: a left-to-right section begins at a Latin letter,
  a digit, a full stop or the like, or an LRM, and takes all that stands on its left, up to an RLM or right-to-left letter.
- pdfium sorts text objects of one baseline, which begin a new one where the font changes, but not across a step
  of the baseline. Then it parts the line where the kind of characters changes (`sides.Side`), reverses the right-to-left
  letters, and the whole order if there are not more left-to-right parts (such as LRM) than right-to-left ones; neutral
  signs that follow right-to-left letters without a left-to-right one between are reversed and mirrored.
- MuPDF keeps the order of drawing, begins a line where the pen jumps, except where the direction changes
  (as from RLM to LRM), and reverses what is drawn from left to right after an RLM or right-to-left letter. The first
  character of a glyph's text decides for all of it.
- pdf.js forgets a glyph whose text ends in a mark of direction, and a space that stands where the pen jumps.

docs/text-layer.md tells what follows from these for a reader.
Terms of UAX 9: a strong character has a direction of its own (letters), a weak one takes some part in it
(digits, marks), a neutral one takes that of its neighbours (spaces, punctuation), a mirrored one is drawn the
other way round in right-to-left text (brackets). The embedding level of a run is even where it is read from left
to right, odd where from right to left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from handouts.characters import JOINERS
from handouts.pdf.exact.embed import Cluster
from handouts.pdf.exact.neighbours import Neighbours, Way
from handouts.pdf.exact.sides import (
    JOINER,
    LRM,
    RLM,
    Side,
    is_arabic_digit,
    is_beyond,
    is_mirrored,
    is_plain_ltr,
    is_rtl,
    is_separator,
    side,
    starts_ltr,
)

HAIR = 8  # thousandths of the type size: poppler takes a gap of 30 for a space
# By which a mark is raised: more than half a hair, or pdfium sorts across it; less than one, or it begins a line.
RISE = 5
NO_JUMP = 250  # thousandths: by less than a fifth of the type size poppler goes back inside a word
MARKS_A_GLYPH = 32  # MuPDF and poppler keep no more
SAME_TEXT_APART = 120  # thousandths: poppler drops the same text less than a tenth of the type size away
IN_MARGIN = 15  # glyphs of marks for which there is room between the foot of a page and the edge of the paper


class Placed(NamedTuple):
    """A cluster on its line: its left edge and its advance in thousandths of the type size, and whether its run is right to left."""

    cluster: Cluster
    font: Any
    x: float
    width: float
    rtl: bool
    raised: bool = False
    piece: int = 0

    @property
    def is_letter(self) -> bool:
        """Whether it is of right-to-left letters and nothing else."""
        return self.rtl and _all_rtl(self.cluster.text)


@lru_cache(maxsize=16384)  # the clusters of several languages
def _all_rtl(text: str) -> bool:
    return all(map(is_rtl, text))


def in_text_order(line: Sequence[Placed], width: float, neighbours: Neighbours) -> Iterator[Placed]:
    """Yield the clusters of a box as they are drawn, with marks; `line` has them in the order of the text.

    `width` is that of the box, in thousandths of the type size.
    """
    drawn = _drawn(line, width, neighbours)
    if not neighbours.balance:
        yield from drawn
        return
    for placed in drawn:
        neighbours.balance.add(placed.cluster.text)
        last = placed
        yield placed
    if neighbours.ends_page:
        yield from _turning(last, width, neighbours.balance.surplus)


def _turning(beside: Placed, width: float, surplus: int) -> Iterator[Placed]:
    """Yield as many right-to-left marks as a page needs, so that poppler takes it for a right-to-left one.

    On the left of the last box of the page, which is `width` wide, then on its right: poppler drops what is not on the paper.
    """
    if surplus < 0:
        return
    # Each ends in one of the other kind, or pdfium would take the line for a right-to-left one as a whole.
    marks = RLM * (MARKS_A_GLYPH - 1) + LRM
    for n in range(surplus // (MARKS_A_GLYPH - 2) + 1):
        x = -(n + 1) * SAME_TEXT_APART if n < IN_MARGIN else width + (n - IN_MARGIN + 1) * SAME_TEXT_APART
        yield _mark(beside, marks, x)


def _drawn(line: Sequence[Placed], width: float, neighbours: Neighbours) -> Iterator[Placed]:
    """Yield the clusters of a box with marks, by the way of its line."""
    if neighbours.way is Way.AS_IT_LOOKS:
        return _as_it_looks(line, neighbours)
    if neighbours.way is Way.IN_TEXT_ORDER and neighbours.mixed:
        return _beyond(line, neighbours)
    return _in_steps(list(_by_words(line, width, neighbours)), neighbours)


def _as_it_looks(line: Sequence[Placed], neighbours: Neighbours) -> Iterator[Placed]:
    """Yield stretches of right-to-left text from left to right, and words and numbers between them.

    Each is a text object of its own: pdfium sorts them from left to right, MuPDF keeps their order.
    """
    after = neighbours.follows
    pieces = list(_pieces(line))
    for n, piece in enumerate(pieces):
        rtl = piece[0].rtl
        # A sign has a mark of its own, which ends the left-to-right section of the mark before it.
        after = after and not (n and pieces[n - 1][0].rtl and _is_sign(piece[0].cluster.text[0]))
        for placed in _stretch(piece, after=after) if rtl else piece:
            yield placed._replace(piece=n)
        goes_on = pieces[n + 1][0].rtl if n + 1 < len(pieces) else neighbours.goes_on
        if rtl and goes_on:  # MuPDF begins a line at a jump, unless the direction changes
            yield _mark(piece[-1], LRM, piece[-1].x - HAIR)._replace(piece=-1)
        after = True


def _pieces(line: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Yield what is drawn as one: of one font and direction, but with what is too narrow for a jump of its own."""
    piece: list[Placed] = []
    for (rtl, _), group in groupby(line, key=lambda placed: (placed.rtl, placed.font)):
        part = list(group)
        if piece and (not rtl or not piece[-1].rtl or sum(placed.width for placed in part) > NO_JUMP):
            yield piece
            piece = []
        piece += part
    yield piece


def _stretch(text: Sequence[Placed], *, after: bool) -> Iterator[Placed]:
    """Yield right-to-left text as it looks, with marks beside its punctuation, and at an end where no letter stands."""
    drawn: list[Placed] = []
    if after and side(text[0].cluster.text[0]) is not Side.RIGHT:
        # For poppler, where the left-to-right section on the right ends.
        drawn.append(_mark(text[0], RLM, text[0].x + text[0].width - 2 * HAIR))
    for n, placed in enumerate(text):
        letters = placed.cluster.text
        if drawn and all(letter in JOINERS for letter in letters):
            # For pdf.js, which forgets a text that ends in one; left of its letter, as what is reversed.
            drawn[-1] = _told(drawn[-1], letters + drawn[-1].cluster.text)
            continue
        if drawn and side(drawn[-1].cluster.text[0]) is side(letters[0]) is Side.WEAK:
            # For pdfium, which gives two that are weak from left to right.
            drawn.append(_mark(placed, RLM, placed.x + placed.width))
        if is_mirrored(letters[0]):
            # For pdfium, which gives another bracket for it if not in left-to-right text.
            drawn.append(_mark(placed, JOINER + LRM, placed.x + placed.width - HAIR))
        # For pdf.js, which forgets a space at the end of what is drawn.
        at_end = letters[0].isspace() and ((after and not n) or n + 1 == len(text))
        drawn.append(_told(placed, RLM + letters) if at_end or _is_sign(letters[0]) else placed)
    if side(drawn[-1].cluster.text[0]) is not Side.RIGHT:
        # For MuPDF, which takes a sign at which it begins for one of the text before.
        drawn.append(_mark(text[-1], RLM, text[-1].x - HAIR))
    yield from reversed(drawn)


def _is_sign(letter: str) -> bool:
    return is_mirrored(letter) or is_separator(letter)


def _beyond(line: Sequence[Placed], neighbours: Neighbours) -> Iterator[Placed]:
    """Yield letters above U+FFFF in the order of the text: pdfium would put the two halves of each in reverse."""
    if neighbours.follows:
        yield _mark(line[0], LRM, line[0].x + (line[0].width if line[0].rtl else 0) - HAIR, raised=True)
    before: Placed | None = None
    for placed in line:
        if before:
            yield from _turn(before, placed)
        text = placed.cluster.text
        yield _told(placed, _sign_in_text_order(text) if placed.rtl else text)
        before = placed
    if (
        neighbours.is_last or neighbours.goes_on
    ):  # more from left to right than from right to left, for pdfium
        yield _mark(line[-1], LRM, line[-1].x - HAIR)


def _turn(before: Placed, placed: Placed) -> Iterator[Placed]:
    """Yield the marks between two clusters of different fonts or directions."""
    edge = before.x if before.rtl else placed.x + placed.width if placed.rtl else before.x + before.width
    changes = placed.font is not before.font
    if changes:
        yield _told(_mark(before, LRM, edge - HAIR), RLM + LRM if placed.rtl and not before.rtl else LRM)
        yield _mark(placed, LRM, edge - 2 * HAIR, raised=True)
        yield _mark(placed, LRM, edge - 3 * HAIR)
    letter = placed.rtl and is_rtl(placed.cluster.text[0])
    if not letter and (placed.rtl != before.rtl or (placed.rtl and changes)):
        yield _told(_mark(placed, RLM, edge - (4 if changes else 1) * HAIR), RLM + LRM)


def _sign_in_text_order(text: str) -> str:
    """Return the text of a cluster in right-to-left text, a sign with marks after which pdfium goes on from left to right."""
    if is_separator(text[0]):
        return f"{RLM}{LRM}{text}"
    return text if is_beyond(text[0]) or not is_rtl(text[0]) else f"{text}{LRM}"


def _told(placed: Placed, text: str) -> Placed:
    """Return a cluster as it is drawn, with another text."""
    return placed._replace(cluster=placed.cluster._replace(text=text))


def _in_steps(drawn: Sequence[Placed], neighbours: Neighbours) -> Iterator[Placed]:
    """Yield what is drawn in the order of the text with a step before each text object, across which pdfium does not sort."""
    pen = drawn[0].x
    if neighbours.follows:  # pdfium takes a gap between text objects for a space, and none in one
        yield _mark(drawn[0], LRM, pen - HAIR, raised=True)
    for before, placed in zip([drawn[0], *drawn], drawn, strict=False):
        if before.font is not placed.font:
            yield _mark(before, LRM, pen - 3 * HAIR)
            yield _mark(placed, LRM, pen - 2 * HAIR, raised=True)
            yield _mark(placed, LRM, pen - HAIR)
        yield placed
        pen = placed.x + placed.width


def _by_words(line: Sequence[Placed], width: float, neighbours: Neighbours) -> Iterator[Placed]:
    """Yield the segments of a line in the order of the text, those that are no right-to-left words behind marks."""
    if not neighbours.mixed:
        yield from _ltr_line(line, neighbours)
        return
    entry = width if neighbours.enters_right else 0.0
    yield _mark(line[0], LRM, entry - HAIR)
    inside = neighbours.follows and not neighbours.enters_right  # a left-to-right text goes on
    for is_word, segment in groupby(line, key=lambda placed: placed.is_letter):
        if is_word:
            word = list(segment)[::-1]
            yield from word
            yield _mark(word[-1], LRM, word[-1].x + word[-1].width - HAIR)
        else:
            yield from _marked(list(segment), inside=inside)
        inside = False
    if neighbours.leaves_left:
        yield from _pair(line[-1], -2 * HAIR)
    else:
        yield _mark(line[-1], LRM, width - 3 * HAIR)


def _marked(segment: list[Placed], *, inside: bool) -> Iterator[Placed]:
    """Yield what stands between two right-to-left words: every piece that is drawn from left to right behind marks.

    There are none before the first one, if it is `inside` of a piece that another box began.
    """
    before: Placed | None = None
    for n, placed in enumerate(segment):
        if placed.rtl and placed.cluster.text == " ":
            # With a mark in one glyph: pdf.js forgets a space that stands alone where the pen jumps.
            yield _mark(placed, RLM, placed.x - HAIR)
            yield _told(placed, f"{LRM} ")
            before = placed
            continue
        if before is None or before.rtl or placed.rtl:
            if placed.rtl or before or not inside:
                yield from _pair(placed, placed.x)
        elif any(map(is_arabic_digit, (before.cluster.text[-1], placed.cluster.text[0]))):
            yield _mark(placed, LRM, placed.x - HAIR)  # MuPDF takes them for right-to-left letters
        yield placed
        ends = n + 1 == len(segment) or segment[n + 1].rtl
        if not placed.rtl and ends and not is_plain_ltr(placed.cluster.text[-1]):
            yield _mark(placed, LRM, placed.x + placed.width - 3 * HAIR)
        before = placed


def _pair(beside: Placed, x: float) -> Iterator[Placed]:
    """Yield the marks that end a right-to-left section at a place, and begin a left-to-right one."""
    yield _mark(beside, RLM, x - 2 * HAIR)
    yield _mark(beside, LRM, x - HAIR)


def _ltr_line(line: Sequence[Placed], neighbours: Neighbours) -> Iterator[Placed]:
    """Yield a box of a line that runs from left to right as a whole, fenced for poppler, which reads it from the right."""
    if not neighbours.follows:
        # For MuPDF the first one is left to right, for poppler the one on the left right to left, for pdfium two of three.
        yield _mark(line[0], LRM + JOINER + LRM, line[0].x - 2 * HAIR)
        yield _mark(line[0], RLM, line[0].x - 3 * HAIR)
        yield _mark(line[0], LRM, line[0].x - HAIR)
    yield from line
    last = line[-1]
    if neighbours.is_last and not _ends_ltr(last.cluster.text):
        yield _mark(last, LRM, last.x + last.width)


def _ends_ltr(text: str) -> bool:
    return any(map(starts_ltr, text.rstrip()[-1:]))


def _mark(beside: Placed, text: str, x: float, *, raised: bool = False) -> Placed:
    """Return directional marks as a glyph, in the font of the cluster beside it; a raised one draws a speck."""
    cluster = Cluster((), text, round(HAIR * beside.font.upem / 1000), speck=raised)
    return beside._replace(cluster=cluster, x=x, width=HAIR, raised=raised)
