"""How the text boxes of a right-to-left page stand to one another: what decides how each of them is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import groupby
from typing import Any

from handouts.pdf.exact.boxes import rtl_lines
from handouts.pdf.exact.sides import (
    RLM,
    Side,
    is_arabic_digit,
    is_beyond,
    is_plain_ltr,
    is_rtl,
    side,
    starts_ltr,
)

BESIDE = 0.25  # of the height of a line: two that share more are one line for pdfium


class Way(Enum):
    """How a line is drawn, so that all programs read it.

    `AS_IT_LOOKS`: right-to-left words, and between them single Latin words and numbers. `IN_TEXT_ORDER`: letters
    above U+FFFF. `BY_WORDS`: every other line, with marks at every space.
    """

    AS_IT_LOOKS, IN_TEXT_ORDER, BY_WORDS = range(3)


@dataclass
class Balance:
    """By how many letters and marks a page that is being drawn leans to the left.

    Right-to-left marks do not count, for poppler drops some, nor letters above U+FFFF, which are neutral for it.
    """

    surplus: int = 0

    def add(self, text: str) -> None:
        """Count a text that is drawn."""
        self.surplus += _surplus(text)


@lru_cache(maxsize=16384)  # the clusters of several languages
def _surplus(text: str) -> int:
    """Return how many more letters of a text lean to the left than to the right."""
    return sum((side(c) is Side.LEFT) - is_rtl(c) for c in text if c != RLM and not is_beyond(c))


@dataclass(frozen=True)
class Neighbours:
    """How a text box stands to the others on its line.

    Whether a right-to-left one is among them; whether the one before it, in the order of the text, is on its
    right, and the one after it on its left; whether there is one before it, and none after it; how the line is
    drawn, and whether right-to-left text follows in another box; to what the page leans, told to its last box.
    """

    mixed: bool = True
    enters_right: bool = True
    leaves_left: bool = True
    follows: bool = False
    is_last: bool = True
    way: Way = Way.BY_WORDS
    goes_on: bool = False
    balance: Balance | None = None
    ends_page: bool = False


ALONE = Neighbours()


def note_neighbours(page: Any) -> None:
    """Give every text box of a right-to-left document its `neighbours`: how it stands to the others on its line."""
    lines = rtl_lines(page)
    balance = Balance()
    for row in _rows(lines):
        # The last box is in the foot of the page, and is not read aloud: there is what turns the page.
        last = next(box for box in reversed(lines[-1][1]) if box.text.strip())
        ends_page = any(box is last for _, texts in row for box in texts)
        way = Way.BY_WORDS if ends_page else _way([texts for _, texts in row])
        for line, texts in row:
            _note(line, texts, way, balance, last)


def _note(line: Any, texts: Sequence[Any], way: Way, balance: Balance, last: Any) -> None:
    """Give the text boxes of a line their `neighbours`."""
    mixed = any(box.style["direction"] == "rtl" for box in texts)
    rtl = line.style["direction"] == "rtl"
    for n, box in enumerate(texts):
        before, after = texts[n - 1] if n else None, texts[n + 1] if n + 1 < len(texts) else None
        runs_on = before is not None and before.position_x < box.position_x
        box.neighbours = Neighbours(
            mixed=mixed,
            enters_right=before.position_x > box.position_x if before else rtl,
            leaves_left=after.position_x < box.position_x if after else rtl and not runs_on,
            follows=before is not None,
            is_last=after is None,
            way=way,
            goes_on=after is not None and _begins_rtl(after),
            balance=balance,
            ends_page=box is last,
        )


def _begins_rtl(box: Any) -> bool:
    return box.style["direction"] == "rtl" and not is_plain_ltr(box.text[0])


def _rows(lines: Sequence[tuple[Any, list[Any]]]) -> list[list[tuple[Any, list[Any]]]]:
    """Return the lines with those that are painted one after the other side by side, which are one line for pdfium."""
    rows: list[list[tuple[Any, list[Any]]]] = []
    for each in lines:
        if rows and _beside(rows[-1][-1][0], each[0]):
            rows[-1].append(each)
        else:
            rows.append([each])
    return rows


def _beside(one: Any, other: Any) -> bool:
    top = max(one.position_y, other.position_y)
    bottom = min(one.position_y + one.height, other.position_y + other.height)
    return bool(bottom - top > BESIDE * min(one.height, other.height))


def _way(lines: Sequence[Sequence[Any]]) -> Way:
    """Return how lines are drawn that are one for pdfium, given their text boxes."""
    letters = [c for texts in lines for box in texts for c in box.text if is_rtl(c) and c.isalpha()]
    if letters and all(map(is_beyond, letters)):
        return Way.IN_TEXT_ORDER
    return Way.AS_IT_LOOKS if all(map(_is_simple, lines)) else Way.BY_WORDS


def _is_simple(texts: Sequence[Any]) -> bool:
    """Whether a line has right-to-left letters, and between them no more than single Latin words and numbers.

    Only those does pdfium not part: letters, or digits with what stands between them, such as 5.2 and 2026-11.
    """
    whole = "".join(box.text for box in texts)
    if not any(map(is_rtl, whole)) or any(is_arabic_digit(c) or (is_rtl(c) and is_beyond(c)) for c in whole):
        return False
    pieces = [box.text.strip() for box in texts if box.style["direction"] == "ltr"]
    return all(
        set(map(side, piece)) in ({Side.LEFT}, {Side.WEAK}) for piece in (*pieces, *_ltr_pieces(whole))
    )


def _ltr_pieces(text: str) -> Iterator[str]:
    """Yield what runs from left to right between right-to-left letters: from the first letter or digit to the last."""
    for rtl, group in groupby(text, key=is_rtl):
        letters = "".join(group)
        at = [n for n, letter in enumerate(letters) if starts_ltr(letter)]
        if at and not rtl:
            yield letters[at[0] : at[-1] + 1]
