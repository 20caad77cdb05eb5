"""The outline of a shape, by its own lengths."""

from __future__ import annotations

import pytest

from handouts.sources.drawings.geometry import moved, outline_cost, outline_of
from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.values import IDENTITY
from handouts.sources.drawings.viewports import ViewBox
from tests.sources.drawings.conftest import SourceOf

BOX = ViewBox(0, 0, 200, 100)


@pytest.mark.parametrize(
    ("shape", "data"),
    [
        ("<path d='m1 1h2'/>", "M1 1L3 1"),
        ("<path/>", ""),
        ("<rect width='50%' height='50%'/>", "M0 0L100 0L100 50L0 50Z"),
        ("<line x2='10mm' style='x2:1in'/>", "M0 0L96 0"),
        ("<polygon points='1 2 3 4'/>", "M1 2L3 4Z"),
    ],
)
def test_a_shape_has_one_outline(source_of: SourceOf, shape: str, data: str) -> None:
    """Shares are of the drawing it stands in."""
    source = source_of(shape)
    element = source.root[-1]
    assert outline_of(source, element, source.given(element), BOX) == data


def test_an_outline_is_paid_for(source_of: SourceOf) -> None:
    """By its length, and a long one by more."""
    source = source_of("<path d='M0 0h1h1h1h1h1h1h1'/>", units=30)
    element = source.root[-1]
    with pytest.raises(Refusal):
        outline_of(source, element, source.given(element), BOX)
    assert outline_cost("M" * 200_000) > 10 * outline_cost("M" * 20_000)


def test_an_outline_that_is_not_moved_stays_as_it_is() -> None:
    """To the letter."""
    assert moved("M0 0", IDENTITY) == "M0 0"
    assert moved("M0 0", (1, 0, 0, 1, 2, 3)) == "M2 3"
