"""Lines side by side on a right-to-left page stand at heights at which poppler reads each as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from handouts.pdf import fonts
from handouts.pdf.exact.levels import POOL, POOLS, REACH, Level, levelled
from handouts.pdf.render import render
from handouts.verify.extractors import poppler
from handouts.verify.words import clean

SIZE = 12.0
WORDS = 4  # in a line
FARTHEST = 5.0  # points


class Word(NamedTuple):
    """A word as poppler sorts it: its line, its baseline, where it begins."""

    line: int
    base: float
    left: float

    @property
    def pool(self) -> int:
        """Return the number of its pool."""
        return int(self.base // POOL)


def taken_out(levels: Sequence[Level]) -> list[list[int]]:
    """Return the lines that poppler makes of lines of words, each by the numbers of the lines its words are of.

    As TextBlock::coalesce in poppler's TextOutputDev.cc does it, where all of them are one block.
    """
    words = [
        Word(n, level.base, level.left + k * (level.right - level.left) / WORDS)
        for n, level in enumerate(levels)
        for k in range(WORDS)
    ]
    lines = []
    while words:
        top = min(word.pool for word in words)
        first = min((w for w in words if w.pool < top + POOLS), key=lambda w: (w.left, w.pool))
        line = [first]
        words.remove(first)
        while near := [w for w in words if abs(w.base - first.base) <= REACH * SIZE]:
            heads = [min(w.left for w in near if w.pool == pool) for pool in {w.pool for w in near}]
            after = min(near, key=lambda w: w.left)
            if min(heads) < line[-1].left or after.line != first.line:
                break
            line.append(after)
            words.remove(after)
        lines.append([word.line for word in line])
    return lines


@st.composite
def columns(draw: st.DrawFn) -> list[Level]:
    """Return the lines of some columns, each column with leading of its own."""
    lines = []
    for column in range(draw(st.integers(2, 3))):
        base = draw(st.floats(40, 60))
        leading = draw(st.floats(13.5, 24))
        for _ in range(draw(st.integers(1, 5))):
            left = 30 + column * 150 + draw(st.floats(0, 60))
            lines.append(Level(base, left, 30 + column * 150 + 120, SIZE))
            base += leading
    return lines


def test_a_line_between_two_on_its_left_would_come_out_word_by_word() -> None:
    """The line on the right begins before the one on the left is looked at, and ends at once for it: so it was in a Persian list."""
    above, right, left = (
        Level(504.30, 498.5, 559.0, SIZE),
        Level(519.78, 329.4, 559.0, SIZE),
        Level(520.62, 34.0, 276.0, SIZE),
    )
    assert taken_out([above, right, left]).count([1]) >= WORDS - 1
    now = levelled([above, right, left])
    assert taken_out(now) == [[0] * WORDS, [2] * WORDS, [1] * WORDS]
    assert now[0].base == 504.30
    assert max(abs(line.base - was) for line, was in zip(now, (504.30, 519.78, 520.62), strict=True)) < 1


@given(columns())
def test_every_line_comes_out_whole(lines: list[Level]) -> None:
    """Whatever the columns are, poppler reads each line as one, and none is moved by half its type size."""
    now = levelled(lines)
    for n, came in enumerate(taken_out(now)):
        assert len(came) == WORDS, (n, came)
    assert max(abs(after.base - before.base) for before, after in zip(lines, now, strict=True)) < FARTHEST


def test_lines_of_one_column_and_lines_at_one_height_stay_where_they_are() -> None:
    """Nothing is moved that poppler reads."""
    column = [Level(41 + 15.3 * n, 300, 500, SIZE) for n in range(9)]
    twins = [Level(line.base, 30, 250, SIZE) for line in column]
    assert levelled([*column, *twins]) == [*column, *twins]


PAGE = """<html lang="fa" dir="rtl"><title>x</title><style>@page {{ margin: 10mm }} p {{ line-height: 15.48pt; margin: 0 }}
div {{ display: table; width: 100% }} .own, .twin {{ display: table-cell; vertical-align: top; width: 60% }}
.twin {{ direction: ltr; width: 35%; padding-top: 1.9pt }}</style>
<body style="font: 12pt 'Noto Sans Arabic', 'Noto Sans'">{rows}</body></html>"""
ROW = """<p style="margin-top: {gap}pt">{long}</p><p>درمان</p>
<div><p class=own>این مرورِ {number} نفر، میان گفت‌وگو</p><p class=twin>trials with people found</p></div>"""


def test_poppler_reads_a_number_beside_a_line_at_another_height(tmp_path: Path) -> None:
    """A right-to-left page with an English line nearly level with each number: every number comes out whole."""
    numbers = [f"۳۴٬۲{n}" for n in range(10, 25)]
    long = "بررسی کارآزمایی‌های " * 5
    rows = "".join(ROW.format(gap=6 + 0.2 * n, number=each, long=long) for n, each in enumerate(numbers))
    faces = fonts.subset(("Noto Sans Arabic", "Noto Sans"), rows, tmp_path)
    file = tmp_path / "page.pdf"
    file.write_bytes(render(PAGE.format(rows=rows), faces, tmp_path, {}).data)
    said = clean(" ".join(poppler(file)))
    assert [number for number in numbers if number not in said] == []
