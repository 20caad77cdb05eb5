"""The contrast between two colours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.page import colours


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_contrast_is_symmetric_and_bounded(one: str, other: str) -> None:
    """Contrast lies between 1 and 21, whichever colour is named first."""
    assert colours.contrast(one, other) == colours.contrast(other, one)
    assert colours.contrast(one, other) >= 1
    assert colours.contrast(one, other) <= 21


def test_contrast_of_black_on_white_is_21() -> None:
    """The end of the scale (WCAG 2.2)."""
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
