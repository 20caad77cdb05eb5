"""The heights of lines side by side on a right-to-left page: lines are moved a little where poppler would split one.

Poppler sorts the words of a block into pools of four points by their baselines. A line begins with the leftmost word of the
four topmost pools, and goes on with words within half a type size of its height; it ends at once where one of those stands
on its left. That is so if the line on the left is in a lower pool than the four that were looked at. Then the line becomes
as many lines as it has words, and from right to left a number such as 34,285 is taken out in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handouts.pdf.exact.boxes import rtl_lines

POINTS = 0.75  # in a CSS pixel
POOL = 4.0  # points
POOLS = 4  # that poppler looks at for where a line begins
REACH = 0.5  # of the type size: words as far above or below belong to a line
CLEAR = 0.15  # points from the edge of a pool: marks of direction are raised by less
MOST_MOVES, BOTH_WAYS = 100, 50  # on a page, and how many of them up or down


@dataclass(frozen=True)
class Level:
    """A line as poppler sees it: its baseline from the top of the page, its edges and its type size, in points."""

    base: float
    left: float
    right: float
    size: float

    @property
    def pool(self) -> int:
        """Return the pool of its words."""
        return int(self.base // POOL)

    @property
    def first_pool(self) -> int:
        """Return the pool of its marks, which are raised: that of its words, or the one above."""
        return int((self.base - CLEAR / 2) // POOL)


def level_lines(page: Any) -> None:
    """Move lines of a right-to-left page so that poppler splits none because of another on its left."""
    lines = rtl_lines(page)
    levels = [_level(line, texts) for line, texts in lines]
    for (line, _), was, now in zip(lines, levels, levelled(levels), strict=True):
        if now.base != was.base:
            line.translate(0, (now.base - was.base) / POINTS)


def _level(line: Any, every: Sequence[Any]) -> Level:
    texts = [box for box in every if box.text.strip()]
    return Level(
        (line.position_y + line.baseline) * POINTS,
        min(box.position_x for box in texts) * POINTS,
        max(box.position_x + box.width for box in texts) * POINTS,
        max(box.style["font_size"] for box in texts) * POINTS,
    )


def levelled(levels: Sequence[Level]) -> list[Level]:
    """Return the lines at heights at which poppler takes none of them apart.

    One line is moved for each that would be, by a sixth of the type size at most: that on the left, or that on the right,
    to the pool of the other or out of its reach, whichever is nearest.
    """
    now = list(levels)
    for n in range(MOST_MOVES):
        apart = next(_taken_apart(now), None)
        if apart is None:
            break
        right, left = apart
        moves = zip((right, left) * 2, _moves(now[right], now[left]), strict=True)
        # Where one move undoes another, all go down from then on.
        at, by = min((m for m in moves if n < BOTH_WAYS or m[1] > 0), key=lambda move: abs(move[1]))
        now[at] = replace(now[at], base=now[at].base + by)
    return now


def _moves(right: Level, left: Level) -> tuple[float, float, float, float]:
    """Return by how much the right and the left line can be moved to one pool, and by how much out of reach."""
    away = left.base - right.base - REACH * right.size - CLEAR
    down = left.pool * POOL + CLEAR - right.base
    up = (right.first_pool + 1) * POOL - CLEAR / 2 - left.base
    return down, up, away, -away


def _taken_apart(levels: Sequence[Level]) -> Iterator[tuple[int, int]]:
    """Yield each line that poppler would take apart, whatever else is in its block, and the line on the left that is why."""
    for r, right in enumerate(levels):
        for n, left in enumerate(levels):
            below = left.pool > right.first_pool and left.base - right.base <= REACH * right.size
            if below and left.left < right.left and _begins_early(right, left, levels):
                yield r, n


def _begins_early(right: Level, left: Level, levels: Sequence[Level]) -> bool:
    """Whether a line on the right may begin before the one on the left is looked at: where another is above, not on its left."""
    return any(
        right.first_pool - POOLS < above.pool
        and above.first_pool <= left.pool - POOLS
        and above.right > right.left
        for above in levels
    )
