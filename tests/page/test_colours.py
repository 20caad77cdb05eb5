"""The contrast between two colours."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.page import colours
from handouts.sources.look import Token
from tests.conftest import tries


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_contrast_is_symmetric_and_bounded(one: str, other: str) -> None:
    """Contrast lies between 1 and 21, whichever colour is named first."""
    assert colours.contrast(one, other) == colours.contrast(other, one)
    assert colours.contrast(one, other) >= 1
    assert colours.contrast(one, other) <= 21


def test_contrast_of_black_on_white_is_21() -> None:
    """The end of the scale (WCAG 2.2)."""
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)


TOKENS = {
    "paper": Token("paper", "#ffffff", "#101010"),
    "accent": Token("accent", "#0b5563", "#8fd0dd", ("paper",)),
}


def test_a_clinics_accent_changes_the_light_scheme_alone() -> None:
    """On a dark screen its colour could not be read: there ours stays."""
    assert colours.palette(TOKENS, "light", "#123456") == {"paper": "#ffffff", "accent": "#123456"}
    assert colours.palette(TOKENS, "dark", "#123456") == {"paper": "#101010", "accent": "#8fd0dd"}
    assert colours.palette(TOKENS, "light") == {"paper": "#ffffff", "accent": "#0b5563"}


def test_every_text_is_held_against_its_own_backgrounds() -> None:
    """What carries no text is held against nothing."""
    (pair,) = colours.pairs(TOKENS, "light", "#ffffff").items()
    assert pair == (("accent", "paper"), 1.0)


@settings(max_examples=tries(10))
@given(colour=st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_the_proposed_colour_can_be_read_on_every_background(colour: str) -> None:
    """One that can be read already stays; black is the last resort, and is hardly ever proposed."""
    grounds = ("#ffffff", "#f7f2e8", "#e8f1f2")
    proposed = colours.nearest_readable(colour, grounds)
    assert min(colours.contrast(proposed, ground) for ground in grounds) >= colours.LEAST_CONTRAST
    if min(colours.contrast(colour, ground) for ground in grounds) >= colours.LEAST_CONTRAST:
        assert proposed == colour
    else:  # as pale as may be: were it nearer to the one that was wanted, it could not be read
        assert min(colours.contrast(proposed, ground) for ground in grounds) < colours.LEAST_CONTRAST + 0.2
