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
