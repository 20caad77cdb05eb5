"""The text of a right-to-left line, drawn so that extractors keep its order.

Poppler, pdfium and MuPDF each put right-to-left lines back in order by rules of their own, none of which is the
Unicode bidirectional algorithm (UAX 9). What all of them get right is drawn here: segments in the order of the
text, the letters of a right-to-left word from left to right, everything else character by character; and before
each segment that is no such word directional marks (RLM, LRM), as narrow as a hair.

- Poppler sorts a line from left to right, then reads from the right: a left-to-right section begins at a Latin letter,
  a digit or an LRM, and takes all that stands on its left, up to an RLM or right-to-left letter.
- pdfium sorts text objects of one baseline, which begin a new one where the font changes, but not across a step
  of the baseline. Then it parts the line where the kind of characters changes, reverses the right-to-left
  letters, and the whole order if there are not more left-to-right parts (such as LRM) than right-to-left ones; what
  follows right-to-left letters without a left-to-right one is reversed and mirrored.
- MuPDF keeps the order of drawing, begins a line where the pen jumps, except where the direction changes
  (as from RLM to LRM), and reverses what is drawn from left to right after an RLM or right-to-left letter.

Terms of UAX 9: a strong character has a direction of its own (letters), a weak one takes some part in it
(digits, marks), a neutral one takes that of its neighbours (spaces, punctuation), a mirrored one is drawn the
other way round in right-to-left text (brackets). The embedding level of a run is even where it is read from left
to right, odd where from right to left.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from handouts.pdf.exact.boxes import page_box, walk_boxes
from handouts.pdf.exact.embed import Cluster

LRM, RLM, JOINER = "\u200e", "\u200f", "\u2060"
HAIR = 8  # thousandths of the type size: poppler takes a gap of 30 for a space
# By which a mark is raised: more than half a hair, or pdfium sorts across it; less than one, or it begins a line.
RISE = 5
# In a mark: poppler takes a page with fewer of these than of LRM and Latin letters for a left-to-right one.
MARKS_OF_A_TURN = 5
MARKS_A_GLYPH = 32  # MuPDF keeps no more
SAME_TEXT_APART = 120  # thousandths: poppler drops the same text less than a tenth of the type size away
# With which poppler begins a left-to-right section.
STARTS_LTR = frozenset({"L", "EN", "AN"})


@dataclass(frozen=True)
class Placed:
    """A cluster on its line: its left edge and its advance in thousandths of the type size, and whether its run is right to left."""

    cluster: Cluster
    font: Any
    x: float
    width: float
    rtl: bool
    raised: bool = False

    @property
    def is_letter(self) -> bool:
        """Whether it is of right-to-left letters and nothing else."""
        return self.rtl and all(map(_is_rtl, self.cluster.text))


@dataclass(frozen=True)
class Neighbours:
    """How a text box stands to the others on its line.

    Whether a right-to-left one is among them; whether the one before it, in the order of the text, is on its
    right, and the one after it on its left; whether there is one before it, and none after it; and how many
    right-to-left marks the page still needs, so that poppler takes it for a right-to-left one.
    """

    mixed: bool = True
    enters_right: bool = True
    leaves_left: bool = True
    follows: bool = False
    is_last: bool = True
    rtl_marks: int = 0


ALONE = Neighbours()


def note_neighbours(page: Any) -> None:
    """Give every text box of a right-to-left document its `neighbours`: how it stands to the others on its line."""
    from weasyprint.formatting_structure.boxes import LineBox, TextBox

    boxes = [box for box in walk_boxes(page_box(page)) if isinstance(box, TextBox) and box.text.strip()]
    if not boxes or boxes[0].style.root_style["direction"] != "rtl":
        return
    for line in (box for box in walk_boxes(page_box(page)) if isinstance(box, LineBox)):
        texts = [box for box in walk_boxes(line) if isinstance(box, TextBox) and box.text]
        mixed = any(box.style["direction"] == "rtl" for box in texts)
        rtl = line.style["direction"] == "rtl"
        for n, box in enumerate(texts):
            before, after = texts[n - 1] if n else None, texts[n + 1] if n + 1 < len(texts) else None
            goes_on = before is not None and before.position_x < box.position_x
            box.neighbours = Neighbours(
                mixed=mixed,
                enters_right=before.position_x > box.position_x if before else rtl,
                leaves_left=after.position_x < box.position_x if after else rtl and not goes_on,
                follows=before is not None,
                is_last=after is None,
            )
    letters = [unicodedata.bidirectional(letter) for box in boxes for letter in box.text]
    surplus = letters.count("L") - letters.count("R") - letters.count("AL")
    if surplus > -4 * len(boxes):
        # In the last box, which is in the foot of the page and is not read aloud.
        boxes[-1].neighbours = replace(boxes[-1].neighbours, rtl_marks=surplus + 4 * len(boxes))


def in_text_order(line: Sequence[Placed], width: float, neighbours: Neighbours) -> Iterator[Placed]:
    """Yield the clusters of a box as they are drawn, with marks; `line` has them in the order of the text.

    `width` is that of the box, in thousandths of the type size.
    """
    drawn = list(_with_marks(line, width, neighbours))
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
    for n in range(0, neighbours.rtl_marks, MARKS_A_GLYPH):
        yield _mark(drawn[-1], RLM * MARKS_A_GLYPH, -(n // MARKS_A_GLYPH + 1) * SAME_TEXT_APART)
    if neighbours.rtl_marks:
        yield _mark(drawn[-1], LRM, -SAME_TEXT_APART + HAIR)


def _with_marks(line: Sequence[Placed], width: float, neighbours: Neighbours) -> Iterator[Placed]:
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
            yield _mark(placed, RLM * MARKS_OF_A_TURN, placed.x - HAIR)
            yield replace(placed, cluster=replace(placed.cluster, text=f"{LRM} "))
            before = placed
            continue
        if before is None or before.rtl or placed.rtl:
            if placed.rtl or before or not inside:
                yield from _pair(placed, placed.x)
        elif "AN" in map(unicodedata.bidirectional, (before.cluster.text[-1], placed.cluster.text[0])):
            yield _mark(placed, LRM, placed.x - HAIR)  # MuPDF takes them for right-to-left letters
        yield placed
        ends = n + 1 == len(segment) or segment[n + 1].rtl
        if not placed.rtl and ends and not _is_plain_ltr(placed.cluster.text[-1]):
            yield _mark(placed, LRM, placed.x + placed.width - 3 * HAIR)
        before = placed


def _pair(beside: Placed, x: float) -> Iterator[Placed]:
    """Yield the marks that end a right-to-left section at a place, and begin a left-to-right one."""
    yield _mark(beside, RLM * MARKS_OF_A_TURN, x - 2 * HAIR)
    yield _mark(beside, LRM, x - HAIR)


def _ltr_line(line: Sequence[Placed], neighbours: Neighbours) -> Iterator[Placed]:
    """Yield a box of a line that runs from left to right as a whole, fenced for poppler, which reads it from the right."""
    if not neighbours.follows:
        # For MuPDF the first one is left to right, for poppler the one on the left right to left, for pdfium two of three.
        yield _mark(line[0], LRM + JOINER + LRM, line[0].x - 2 * HAIR)
        yield _mark(line[0], RLM * min(MARKS_A_GLYPH, len(line)), line[0].x - 3 * HAIR)
        yield _mark(line[0], LRM, line[0].x - HAIR)
    yield from line
    last = line[-1]
    if neighbours.is_last and not _starts_ltr(last.cluster.text.rstrip()[-1:]):
        yield _mark(last, LRM, last.x + last.width)


def _is_rtl(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in {"R", "AL"}


def _starts_ltr(letter: str) -> bool:
    return bool(letter) and unicodedata.bidirectional(letter) in STARTS_LTR


def _is_plain_ltr(letter: str) -> bool:
    """Whether all programs take a character for a left-to-right one; MuPDF takes Arabic-Indic digits for letters."""
    return unicodedata.bidirectional(letter) in {"L", "EN"}


def _mark(beside: Placed, text: str, x: float, *, raised: bool = False) -> Placed:
    """Return directional marks as a glyph, in the font of the cluster beside it; a raised one draws a speck."""
    cluster = Cluster((), text, round(HAIR * beside.font.upem / 1000), speck=raised)
    return replace(beside, cluster=cluster, x=x, width=HAIR, raised=raised)
