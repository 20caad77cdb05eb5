"""Where a drawing begins, how large it is, and how one is placed in another."""

from __future__ import annotations

import pytest

from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.viewports import ViewBox, overall, placed, view_box


@pytest.mark.parametrize(
    ("given", "box"),
    [
        ({"viewBox": "0 0 40 20"}, ViewBox(0, 0, 40, 20)),
        ({"viewBox": " -5,-6 ,7 8", "width": "9mm", "height": "1em"}, ViewBox(-5, -6, 7, 8)),
        ({"width": "40", "height": "20px"}, ViewBox(0, 0, 40, 20)),
        ({"width": "1in", "height": "72pt"}, ViewBox(0, 0, 96, 96)),
    ],
)
def test_the_box_is_the_view_box_or_made_from_width_and_height(given: dict[str, str], box: ViewBox) -> None:
    """From any origin."""
    assert overall(given) == box


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"width": "100%", "height": "100%"},
        {"width": "40"},
        {"width": "0", "height": "9"},
        {"viewBox": "0 0 0 9"},
        {"viewBox": "0 0 9 -9"},
        {"viewBox": "0 0 1300 100"},
        {"width": "1", "height": "40"},
    ],
)
def test_a_box_of_nothing_or_like_a_line_is_refused(given: dict[str, str]) -> None:
    """It would be printed as nothing, or as a hair."""
    with pytest.raises(Refusal) as refused:
        overall(given)
    assert refused.value.code == "drawing-no-size"


def test_a_view_box_has_four_numbers() -> None:
    """No more and no less."""
    with pytest.raises(Refusal):
        view_box("0 0 1 1 1")


@pytest.mark.parametrize(
    ("align", "matrix"),
    [
        ("", (2, 0, 0, 2, 20, 0)),
        ("none", (6, 0, 0, 2, 0, 0)),
        ("xMinYMin", (2, 0, 0, 2, 0, 0)),
        ("xMaxYMax meet", (2, 0, 0, 2, 40, 0)),
        ("xMidYMin slice", (6, 0, 0, 6, 0, 0)),
        ("xMidYMax slice", (6, 0, 0, 6, 0, -40)),
    ],
)
def test_a_drawing_in_a_drawing_is_placed_as_it_says(align: str, matrix: tuple[float, ...]) -> None:
    """Ten by ten into sixty by twenty (SVG 2, 8.6)."""
    assert placed(ViewBox(0, 0, 10, 10), 60, 20, align) == pytest.approx(matrix)


def test_an_unheard_of_place_is_refused() -> None:
    """WeasyPrint would read letters of it."""
    with pytest.raises(Refusal):
        placed(ViewBox(0, 0, 1, 1), 1, 1, "xMiddleYTop")
