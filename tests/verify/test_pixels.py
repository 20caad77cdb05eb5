"""Two programs draw the same page, and a lost letter shows."""

from __future__ import annotations

import pytest
from PIL import Image

from handouts.verify import pixels


def test_a_lost_letter_is_seen_in_the_pixels() -> None:
    """A letter that one program draws and the other does not shows; a hair's difference of smoothing does not."""
    blank = Image.new("L", (200, 200), 255)
    letter_there = blank.copy()
    letter_there.paste(0, (64, 64, 72, 72))
    assert pixels._unlike(blank, letter_there) == [(46, 46)]
    smoothed = blank.copy()
    smoothed.paste(240, (64, 64, 72, 72))
    assert pixels._unlike(blank, smoothed) == []


def pages_with(*strokes: tuple[int, int, int, int]) -> Image.Image:
    """Return a picture of a page with strokes on it, each by its edges."""
    page = Image.new("L", (200, 200), 255)
    for stroke in strokes:
        page.paste(0, stroke)
    return page


STEMS = [(left, 70, left + 2, 84) for left in range(20, 180, 5)]


@pytest.mark.parametrize("shift", [(0, 2), (1, -2), (-1, 1), (1, 0)])
def test_a_letter_a_little_elsewhere_is_no_difference(shift: tuple[int, int]) -> None:
    """Each program rounds the place of a letter in its own way: by two dots up or down, so it was in Thai, or by one across."""
    across, down = shift
    moved = [(a + across, b + down, c + across, d + down) for a, b, c, d in STEMS]
    assert pixels._unlike(pages_with(*STEMS), pages_with(*moved)) == []


@pytest.mark.parametrize("dot", [(100, 64, 102, 67), (50, 89, 53, 92)])
def test_a_dot_that_is_lost_among_letters_is_seen(dot: tuple[int, int, int, int]) -> None:
    """A dot makes another letter in many scripts; wherever the rest stands, it has no ink beside it."""
    lost = pages_with(*((a + 1, b + 2, c + 1, d + 2) for a, b, c, d in STEMS))
    assert pixels._unlike(pages_with(*STEMS, dot), lost)
    assert pixels._unlike(lost, pages_with(*STEMS, dot))
