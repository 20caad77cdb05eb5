"""What keeps the text of a right-to-left page in order for programs that take it out.

Poppler, pdfium and MuPDF each put such lines back in order in a way of their own, and none of the ways
is that of Unicode. What all of them get right is drawn here: parts of one direction, in the order of
the text, the letters of each from left to right, one letter a glyph; and beside them marks of
direction, as thin as a hair.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal

from handouts.pdf.exact.boxes import walk
from handouts.pdf.exact.embed import Cluster

Side = Literal["", "left", "right", "sign"]

# The speck is no plain space: pdfium takes the width of one for how far words are apart.
LRM, RLM, SPECK = "\u200e", "\u200f", "\u00a0"
HAIR = 2  # thousandths of the type size
TILT = 32  # marks in one glyph: MuPDF keeps no more
APART = 120  # thousandths: poppler takes the same text less than a tenth away for a shadow
SIGNS = frozenset({"Pe", "Pf", "Pi", "Ps"})  # brackets and quotation marks, which pdfium turns round
WEAK = frozenset(
    {"EN", "ES", "ET"}
)  # digits and what is written with them, which MuPDF lets run left to right
KINDS = {"L": "letter", **dict.fromkeys(("AN", "BN", "CS", "EN", "ES", "ET", "NSM"), "weak")}
LEFTWARD = frozenset({"L", "EN", "AN"})


@dataclass(frozen=True)
class Placed:
    """A cluster on its line: place and width in thousandths of the type size, and where its text begins.

    `side` is whence it runs; a `sign` stands in right-to-left text, and by itself.
    """

    cluster: Cluster
    font: Any
    place: float
    width: float
    at: int
    side: Side


@dataclass(frozen=True)
class Neighbours:
    """How a text box stands to the others on its line.

    Whether it begins and ends the line; whether it is the first and the last of those that run left to right
    together; whether others run right to left; whether there is white space before and after it; and
    how many marks the page still needs, so that poppler takes it for a right-to-left one.
    """

    begins: bool = True
    ends: bool = True
    opens: bool = True
    closes: bool = True
    mixed: bool = False
    spaced: tuple[bool, bool] = (True, True)
    tilt: int = 0


ALONE = Neighbours()


def note(page: Any) -> None:
    """Note in every text box of a page how it stands to the others on its line, where the document runs right to left."""
    from weasyprint.formatting_structure.boxes import LineBox, TextBox

    boxes = [box for box in walk(page._page_box) if isinstance(box, TextBox) and box.text.strip()]
    if not boxes or boxes[0].style.root_style["direction"] != "rtl":
        return
    for line in (box for box in walk(page._page_box) if isinstance(box, LineBox)):
        texts = [box for box in walk(line) if isinstance(box, TextBox)]
        rightward = [box.style["direction"] == "rtl" for box in texts]
        for n, box in enumerate(texts):
            box.neighbours = Neighbours(
                begins=n == 0,
                ends=n == len(texts) - 1,
                opens=n == 0 or rightward[n - 1],
                closes=n == len(texts) - 1 or rightward[n + 1],
                mixed=any(rightward),
                spaced=(
                    n == 0 or texts[n - 1].text[-1:].isspace(),
                    n == len(texts) - 1 or texts[n + 1].text[:1].isspace(),
                ),
            )
    letters = [unicodedata.bidirectional(letter) for box in boxes for letter in box.text]
    surplus = letters.count("L") - letters.count("R") - letters.count("AL")
    if surplus > -4 * len(boxes):
        # In the last box, which is in the foot of the page and is not read aloud.
        boxes[-1].neighbours = replace(boxes[-1].neighbours, tilt=surplus + 4 * len(boxes))


def side(text: str, *, right: bool) -> Side:
    """Return whence a cluster runs by its text and by the run it is in."""
    sign = unicodedata.category(text[0]) in SIGNS or unicodedata.bidirectional(text[0]) in WEAK
    return "sign" if right and sign else "right" if right else "left"


def plain(line: list[Placed]) -> list[list[Placed]]:
    """Return the parts of a line of one direction, as they stand from left to right."""
    return [list(part) for _, part in groupby(line, key=lambda placed: placed.side)]


def arranged(line: list[Placed], beside: Neighbours) -> Iterator[list[Placed]]:
    """Yield the parts of a line in the order of the text, with what keeps them in it."""
    parts: list[list[Placed]] = []
    for placed in line:
        if parts and placed.side != "sign" and parts[-1][0].side == placed.side:
            parts[-1].append(placed)
        else:
            parts.append([placed])
    parts.sort(key=lambda part: min(placed.at for placed in part))
    parts = _spaced(_embraced(parts), beside)
    if beside.begins:
        yield [_mark(line[0], SPECK, 0)]
    for n in range(0, beside.tilt, TILT):
        yield [_mark(line[0], RLM * TILT, n // TILT * APART)]
    for n, part in enumerate(parts):
        before, after = parts[n - 1] if n else [], parts[n + 1] if n + 1 < len(parts) else []
        parted = _is_phrase(part) and _stands_apart(before, after, beside)
        if parted:
            yield [_mark(part[0], SPECK, part[0].place)]
        yield from _marked(part, _side(before), _side(after), beside)
        if parted:  # not in the same place: pdfium leaves out what seems drawn twice
            yield [_mark(part[-1], SPECK, part[-1].place + part[-1].width)]


def _side(part: list[Placed]) -> Side:
    return part[0].side if part else ""


def _embraced(parts: list[list[Placed]]) -> list[list[Placed]]:
    """Return parts with a Latin phrase in brackets as one left-to-right part, which looks the same."""
    found: list[list[Placed]] = []
    n = 0
    while n < len(parts):
        three = parts[n : n + 3]
        if [_side(part) for part in three] == ["sign", "left", "sign"] and _is_pair(*three):
            (opening,), inside, (closing,) = three
            first = replace(_said(closing, opening.cluster.text), side="left")
            last = replace(_said(opening, closing.cluster.text), side="left")
            found.append([first, *inside, last])
            n += 3
        else:
            found.append(parts[n])
            n += 1
    return found


def _spaced(parts: list[list[Placed]], beside: Neighbours) -> list[list[Placed]]:
    """Return parts with the white space between them in the text of a letter, too.

    Pdf.js forgets a space where a line jumps back; not one that is in a letter's text, if not in front.
    """
    found = []
    for n, part in enumerate(parts):
        before = _reads(parts[n - 1])[-1] if n else " " * (not beside.begins and beside.spaced[0])
        after = (
            _reads(parts[n + 1])[0] if n + 1 < len(parts) else " " * (not beside.ends and beside.spaced[1])
        )
        if _side(part) == "right":
            last = part[-1]
            spaced = not n and before.isspace() and _runs_right(last.cluster.text[0])
            found.append([*part[:-1], _said(last, last.cluster.text + " ")] if spaced else part)
            continue
        said = list(part)
        # Both or none: pdfium puts one in place of the other.
        if _side(part) == "left" and before.isspace() and after.isspace():
            said[0] = _said(said[0], f"{LRM} {said[0].cluster.text}")
            said[-1] = _said(said[-1], f"{said[-1].cluster.text} ")
        found.append(said)
    return found


def _reads(part: list[Placed]) -> str:
    """Return the first and the last character of a part, as it is read."""
    first, last = (part[-1], part[0]) if _side(part) == "right" else (part[0], part[-1])
    return first.cluster.text[0] + last.cluster.text[-1]


def _said(placed: Placed, text: str) -> Placed:
    return replace(placed, cluster=replace(placed.cluster, text=text))


def _is_pair(opening: list[Placed], inside: list[Placed], closing: list[Placed]) -> bool:
    """Whether two signs are brackets, drawn as mirror images, around a phrase."""
    signs = [placed.cluster.text[0] for placed in (*opening, *closing)]
    pair = [unicodedata.category(sign) for sign in signs]
    return (
        _is_phrase(inside) and all(map(unicodedata.mirrored, signs)) and pair in (["Ps", "Pe"], ["Pi", "Pf"])
    )


def _is_phrase(part: list[Placed]) -> bool:
    """Whether a part is of several pieces from left to right, as “doi.org” or “NG222”, which pdfium would put in reverse."""
    text = "".join(placed.cluster.text for placed in part).strip(f"{LRM} ")
    kinds = [kind for kind, _ in groupby(text, key=_kind)]
    return part[0].side == "left" and len(kinds) > 1 and "letter" in kinds


def _kind(letter: str) -> str:
    """Return what pdfium takes a character for; where that changes it parts a text."""
    return KINDS.get(unicodedata.bidirectional(letter), "neutral")


def _stands_apart(before: list[Placed], after: list[Placed], beside: Neighbours) -> bool:
    """Whether white space is on both sides of a part that stands among right-to-left ones."""
    spaced = (
        _reads(before)[-1].isspace() if before else beside.spaced[0],
        _reads(after)[0].isspace() if after else beside.spaced[1],
    )
    return all(spaced) and (beside.mixed or "right" in {_side(before), _side(after)})


def _marked(part: list[Placed], before: Side, after: Side, beside: Neighbours) -> Iterator[list[Placed]]:
    """Yield a part with the marks it needs.

    Poppler gives a number or a Latin word all that stands on its left up to the next strong letter, and
    takes what stands on its right away. Pdfium turns signs round unless what it met before runs left to
    right, and passes over what draws nothing. MuPDF breaks a line where it jumps without a change of
    direction.
    """
    first, last = part[0], part[-1]
    start, end = first.place, last.place + last.width
    if last.side == "sign":
        if before != "right":
            yield [_mark(last, RLM, end - HAIR)]
        yield [_mark(last, LRM, start - HAIR)]
        yield [_mark(last, RLM, start - HAIR), *part, _mark(last, LRM, end - HAIR)]
        if after != "right":
            yield [_mark(last, RLM, start - 2 * HAIR)]
    elif last.side == "right":
        yield list(_fenced(part))
    else:
        if not before and beside.opens:
            yield [_mark(first, LRM, start - HAIR)]
            yield [_mark(first, RLM, start - 3 * HAIR)]
        opening = [] if _runs_left(first.cluster.text[0]) else [_mark(first, LRM, start - HAIR)]
        open_ended = not _runs_left(last.cluster.text.rstrip()[-1:] or " ") and (after or beside.closes)
        yield [*opening, *_joined(part), *([_mark(last, LRM, end)] if open_ended else [])]


def _fenced(part: list[Placed]) -> Iterator[Placed]:
    """Yield a right-to-left part with a mark at its ends, and left of a weak character, unless a letter is there."""
    previous = ""
    for placed in part:
        letter = placed.cluster.text[0]
        if not _runs_right(previous) and not _runs_right(letter):
            yield _mark(placed, RLM, placed.place - HAIR)
        yield placed
        previous = letter
    if not _runs_right(previous):
        yield _mark(part[-1], RLM, part[-1].place + part[-1].width - 2 * HAIR)


def _joined(part: list[Placed]) -> Iterator[Placed]:
    """Yield a left-to-right part, the groups of a number joined: pdfium would put them in reverse."""
    for before, placed, after in zip([part[0], *part], part, [*part[1:], part[-1]], strict=False):
        around = before.cluster.text[-1] + after.cluster.text[0]
        joins = placed.cluster.text == " " and around.isdecimal()
        yield _said(placed, "\u00a0") if joins else placed


def _runs_right(letter: str) -> bool:
    return bool(letter) and unicodedata.bidirectional(letter) in {"R", "AL"}


def _runs_left(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in LEFTWARD


def _mark(beside: Placed, text: str, place: float) -> Placed:
    """Return a mark in a line: of direction, drawing nothing, or a speck that no one sees, for pdfium does."""
    thin = round(HAIR * beside.font.upem / 1000)
    cluster = Cluster((), text, thin, speck=text == SPECK)
    return replace(beside, cluster=cluster, place=place, width=HAIR)
