"""Two programs draw the same page, and a lost letter shows."""

from __future__ import annotations

from PIL import Image

from handouts.verify import pixels


def test_a_lost_letter_is_seen_in_the_pixels() -> None:
    """A letter that one program draws and the other does not shows; a hair's difference of smoothing does not."""
    blank = Image.new("L", (200, 200), 255)
    letter_there = blank.copy()
    letter_there.paste(0, (64, 64, 72, 72))
    assert pixels._unlike(blank, letter_there) == [(46, 46)]
    smoothed = blank.copy()
    smoothed.paste(215, (64, 64, 72, 72))
    assert pixels._unlike(blank, smoothed) == []


def test_a_stroke_a_little_lower_is_no_difference() -> None:
    """A headline on the edge of a square may be drawn in it by one program and in the next by the other; a lost one is seen."""
    blank = Image.new("L", (200, 200), 255)
    high, low = blank.copy(), blank.copy()
    high.paste(0, (0, 60, 200, 64))
    low.paste(0, (0, 62, 200, 66))
    assert pixels._unlike(high, low) == []
    low.paste(0, (0, 62, 200, 72))
    assert pixels._unlike(blank, low)
