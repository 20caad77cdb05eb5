"""The text of a right-to-left line, drawn so that extractors keep its order.

A page holds glyphs in visual order. Poppler, pdfium and MuPDF each reverse right-to-left lines by rules of
their own, none of which is the Unicode bidirectional algorithm (UAX 9). What all of them get right is drawn
here: parts of one direction, in the order of the text, the glyphs of each from left to right, one letter a
glyph; and beside them directional marks (LRM, RLM), as thin as a hair.

Terms of UAX 9: a strong character has a direction of its own (letters), a weak one takes some part in it
(digits and what is written with them), a neutral one takes that of its neighbours (spaces, punctuation),
a mirrored one is drawn the other way round in right-to-left text (brackets). The embedding level of a run
is even where it is read from left to right, odd where from right to left.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal

from handouts.pdf.exact.boxes import page_box, walk
from handouts.pdf.exact.embed import Cluster

Direction = Literal["", "ltr", "rtl", "alone"]

# The speck is no plain space: pdfium takes the width of one for how far words are apart.
LRM, RLM, SPECK = "\u200e", "\u200f", "\u00a0"
HAIR = 2  # thousandths of the type size
MARKS_A_GLYPH = 32  # MuPDF keeps no more
APART = 120  # thousandths: poppler drops the same text less than a tenth of the type size away
PAIRED = frozenset({"Pe", "Pf", "Pi", "Ps"})  # brackets and quotation marks, which pdfium mirrors
# Digits and what is written with them, which MuPDF takes for left-to-right text.
WEAK = frozenset({"EN", "ES", "ET"})
KINDS = {"L": "letter", **dict.fromkeys(("AN", "BN", "CS", "EN", "ES", "ET", "NSM"), "weak")}
RUNS_LTR = frozenset({"L", "EN", "AN"})


@dataclass(frozen=True)
class Placed:
    """A cluster on its line: its left edge and its advance in thousandths of the type size, and where its text begins.

    `direction` is that of its run; a weak or paired character of a right-to-left run is drawn `alone`.
    """

    cluster: Cluster
    font: Any
    x: float
    width: float
    start: int
    direction: Direction


@dataclass(frozen=True)
class Neighbours:
    """How a text box stands to the others on its line.

    Whether it begins and ends the line; whether it is the first and the last of a row of left-to-right ones;
    whether there is a right-to-left one; whether there is white space before and after it; and how many
    right-to-left marks the page still needs, so that poppler takes it for a right-to-left one.
    """

    begins: bool = True
    ends: bool = True
    opens: bool = True
    closes: bool = True
    mixed: bool = False
    spaced: tuple[bool, bool] = (True, True)
    rtl_marks: int = 0


ALONE = Neighbours()


def note_neighbours(page: Any) -> None:
    """Give every text box of a right-to-left document its `neighbours`: how it stands to the others on its line."""
    from weasyprint.formatting_structure.boxes import LineBox, TextBox

    boxes = [box for box in walk(page_box(page)) if isinstance(box, TextBox) and box.text.strip()]
    if not boxes or boxes[0].style.root_style["direction"] != "rtl":
        return
    for line in (box for box in walk(page_box(page)) if isinstance(box, LineBox)):
        texts = [box for box in walk(line) if isinstance(box, TextBox)]
        rtl = [box.style["direction"] == "rtl" for box in texts]
        for n, box in enumerate(texts):
            box.neighbours = Neighbours(
                begins=n == 0,
                ends=n == len(texts) - 1,
                opens=n == 0 or rtl[n - 1],
                closes=n == len(texts) - 1 or rtl[n + 1],
                mixed=any(rtl),
                spaced=(
                    n == 0 or texts[n - 1].text[-1:].isspace(),
                    n == len(texts) - 1 or texts[n + 1].text[:1].isspace(),
                ),
            )
    letters = [unicodedata.bidirectional(letter) for box in boxes for letter in box.text]
    surplus = letters.count("L") - letters.count("R") - letters.count("AL")
    if surplus > -4 * len(boxes):
        # In the last box, which is in the foot of the page and is not read aloud.
        boxes[-1].neighbours = replace(boxes[-1].neighbours, rtl_marks=surplus + 4 * len(boxes))


def direction_of(text: str, *, rtl: bool) -> Direction:
    """Return the direction of a cluster, by its text and by that of the run it is in."""
    alone = unicodedata.category(text[0]) in PAIRED or unicodedata.bidirectional(text[0]) in WEAK
    return "alone" if rtl and alone else "rtl" if rtl else "ltr"


def split_by_direction(line: list[Placed]) -> list[list[Placed]]:
    """Return the parts of a line that are each of one direction, in visual order."""
    return [list(part) for _, part in groupby(line, key=lambda placed: placed.direction)]


def in_text_order(line: list[Placed], neighbours: Neighbours) -> Iterator[list[Placed]]:
    """Yield the parts of a line in the order of the text, with the marks that keep extractors to it."""
    parts: list[list[Placed]] = []
    for placed in line:
        if parts and placed.direction != "alone" and parts[-1][0].direction == placed.direction:
            parts[-1].append(placed)
        else:
            parts.append([placed])
    parts.sort(key=lambda part: min(placed.start for placed in part))
    parts = _with_spaces(_with_brackets(parts), neighbours)
    if neighbours.begins:
        yield [_mark(line[0], SPECK, 0)]
    for n in range(0, neighbours.rtl_marks, MARKS_A_GLYPH):
        yield [_mark(line[0], RLM * MARKS_A_GLYPH, n // MARKS_A_GLYPH * APART)]
    for n, part in enumerate(parts):
        before, after = parts[n - 1] if n else [], parts[n + 1] if n + 1 < len(parts) else []
        parted = _is_phrase(part) and _stands_apart(before, after, neighbours)
        if parted:
            yield [_mark(part[0], SPECK, part[0].x)]
        yield from _with_marks(part, _direction(before), _direction(after), neighbours)
        if parted:  # not in the same place: pdfium leaves out what seems drawn twice
            yield [_mark(part[-1], SPECK, part[-1].x + part[-1].width)]


def _direction(part: list[Placed]) -> Direction:
    return part[0].direction if part else ""


def _with_brackets(parts: list[list[Placed]]) -> list[list[Placed]]:
    """Return parts with a Latin phrase in brackets as one left-to-right part, which looks the same."""
    found: list[list[Placed]] = []
    n = 0
    while n < len(parts):
        three = parts[n : n + 3]
        if [_direction(part) for part in three] == ["alone", "ltr", "alone"] and _is_pair(*three):
            (opening,), inside, (closing,) = three
            first = replace(_with_text(closing, opening.cluster.text), direction="ltr")
            last = replace(_with_text(opening, closing.cluster.text), direction="ltr")
            found.append([first, *inside, last])
            n += 3
        else:
            found.append(parts[n])
            n += 1
    return found


def _with_spaces(parts: list[list[Placed]], neighbours: Neighbours) -> list[list[Placed]]:
    """Return parts with the white space between them in the text of a letter, too.

    Pdf.js forgets a space where a line jumps back; not one that is in a letter's text, if not in front.
    """
    found = []
    for n, part in enumerate(parts):
        before = _ends(parts[n - 1])[-1] if n else " " * (not neighbours.begins and neighbours.spaced[0])
        after = (
            _ends(parts[n + 1])[0]
            if n + 1 < len(parts)
            else " " * (not neighbours.ends and neighbours.spaced[1])
        )
        if _direction(part) == "rtl":
            last = part[-1]
            spaced = not n and before.isspace() and _is_rtl(last.cluster.text[0])
            found.append([*part[:-1], _with_text(last, last.cluster.text + " ")] if spaced else part)
            continue
        spaced_part = list(part)
        # Both or none: pdfium puts one in place of the other.
        if _direction(part) == "ltr" and before.isspace() and after.isspace():
            spaced_part[0] = _with_text(spaced_part[0], f"{LRM} {spaced_part[0].cluster.text}")
            spaced_part[-1] = _with_text(spaced_part[-1], f"{spaced_part[-1].cluster.text} ")
        found.append(spaced_part)
    return found


def _ends(part: list[Placed]) -> str:
    """Return the first and the last character of a part, as it is read."""
    first, last = (part[-1], part[0]) if _direction(part) == "rtl" else (part[0], part[-1])
    return first.cluster.text[0] + last.cluster.text[-1]


def _with_text(placed: Placed, text: str) -> Placed:
    return replace(placed, cluster=replace(placed.cluster, text=text))


def _is_pair(opening: list[Placed], inside: list[Placed], closing: list[Placed]) -> bool:
    """Whether a phrase stands between two mirrored characters that are a pair, such as brackets."""
    around = [placed.cluster.text[0] for placed in (*opening, *closing)]
    pair = [unicodedata.category(each) for each in around]
    return (
        _is_phrase(inside) and all(map(unicodedata.mirrored, around)) and pair in (["Ps", "Pe"], ["Pi", "Pf"])
    )


def _is_phrase(part: list[Placed]) -> bool:
    """Whether a part is of several pieces from left to right, as “doi.org” or “NG222”, which pdfium would put in reverse."""
    text = "".join(placed.cluster.text for placed in part).strip(f"{LRM} ")
    kinds = [kind for kind, _ in groupby(text, key=_kind)]
    return part[0].direction == "ltr" and len(kinds) > 1 and "letter" in kinds


def _kind(letter: str) -> str:
    """Return what pdfium takes a character for; where that changes it parts a text."""
    return KINDS.get(unicodedata.bidirectional(letter), "neutral")


def _stands_apart(before: list[Placed], after: list[Placed], neighbours: Neighbours) -> bool:
    """Whether white space is on both sides of a part that stands among right-to-left ones."""
    spaced = (
        _ends(before)[-1].isspace() if before else neighbours.spaced[0],
        _ends(after)[0].isspace() if after else neighbours.spaced[1],
    )
    return all(spaced) and (neighbours.mixed or "rtl" in {_direction(before), _direction(after)})


def _with_marks(
    part: list[Placed], before: Direction, after: Direction, neighbours: Neighbours
) -> Iterator[list[Placed]]:
    """Yield a part with the marks it needs.

    Poppler gives a number or a Latin word all that stands on its left up to the next strong letter, and
    takes what stands on its right away. Pdfium mirrors brackets unless what it met before runs left to
    right, and passes over what draws nothing. MuPDF breaks a line where it jumps without a change of
    direction.
    """
    first, last = part[0], part[-1]
    start, end = first.x, last.x + last.width
    if last.direction == "alone":
        if before != "rtl":
            yield [_mark(last, RLM, end - HAIR)]
        yield [_mark(last, LRM, start - HAIR)]
        yield [_mark(last, RLM, start - HAIR), *part, _mark(last, LRM, end - HAIR)]
        if after != "rtl":
            yield [_mark(last, RLM, start - 2 * HAIR)]
    elif last.direction == "rtl":
        yield list(_rtl_with_marks(part))
    else:
        if not before and neighbours.opens:
            yield [_mark(first, LRM, start - HAIR)]
            yield [_mark(first, RLM, start - 3 * HAIR)]
        opening = [] if _is_ltr(first.cluster.text[0]) else [_mark(first, LRM, start - HAIR)]
        open_ended = not _is_ltr(last.cluster.text.rstrip()[-1:] or " ") and (after or neighbours.closes)
        yield [*opening, *_with_joined_groups(part), *([_mark(last, LRM, end)] if open_ended else [])]


def _rtl_with_marks(part: list[Placed]) -> Iterator[Placed]:
    """Yield a right-to-left part with a mark at its ends, and left of a weak character, unless a letter is there."""
    previous = ""
    for placed in part:
        letter = placed.cluster.text[0]
        if not _is_rtl(previous) and not _is_rtl(letter):
            yield _mark(placed, RLM, placed.x - HAIR)
        yield placed
        previous = letter
    if not _is_rtl(previous):
        yield _mark(part[-1], RLM, part[-1].x + part[-1].width - 2 * HAIR)


def _with_joined_groups(part: list[Placed]) -> Iterator[Placed]:
    """Yield a left-to-right part, the groups of a number joined: pdfium would put them in reverse."""
    for before, placed, after in zip([part[0], *part], part, [*part[1:], part[-1]], strict=False):
        around = before.cluster.text[-1] + after.cluster.text[0]
        joins = placed.cluster.text == " " and around.isdecimal()
        yield _with_text(placed, "\u00a0") if joins else placed


def _is_rtl(letter: str) -> bool:
    return bool(letter) and unicodedata.bidirectional(letter) in {"R", "AL"}


def _is_ltr(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in RUNS_LTR


def _mark(beside: Placed, text: str, x: float) -> Placed:
    """Return a mark in a line: of direction, drawing nothing, or a speck that no one sees, for pdfium does."""
    thin = round(HAIR * beside.font.upem / 1000)
    cluster = Cluster((), text, thin, speck=text == SPECK)
    return replace(beside, cluster=cluster, x=x, width=HAIR)
