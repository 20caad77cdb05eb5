"""Path data becomes moves, lines and curves with absolute places."""

from __future__ import annotations

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import parse_path
from hypothesis import given

from handouts.sources.drawings.paths import LONGEST_PATH, outline, path, transformed
from handouts.sources.drawings.refusals import Refusal
from tests.sources.drawings.generated import GOOD_PATHS, PATHS


def bounds(data: str) -> tuple[float, ...]:
    """Return left, top, right and bottom."""
    pen = BoundsPen(None)
    parse_path(data, pen)
    return tuple(round(part, 3) for part in pen.bounds)


@pytest.mark.parametrize(
    ("data", "written"),
    [
        ("", ""),
        ("  \n", ""),
        ("M1,2", "M1 2"),
        ("m1 2 3 4", "M1 2L4 6"),
        ("M1 2h3v4H0V0z", "M1 2L4 2L4 6L0 6L0 0L1 2Z"),
        ("M0 0c1 1 2 2 3 3s2 2 3 3", "M0 0C1 1 2 2 3 3C4 4 5 5 6 6"),
        ("M0 0q3 3 6 0", "M0 0C2 2 4 2 6 0"),
        ("M0 0 1 1z2 2", None),
        ("M0-1-.5.5", "M0 -1L-0.5 0.5"),
        ("M0 0zM1 1", "M0 0ZM1 1"),
        ("M0 0a1 1 0 012 0", "M0 0C0 -0.5522847 0.4477153 -1 1 -1C1.552285 -1 2 -0.5522847 2 0"),
        ("M0 0a0 1 0 1 1 5 5", "M0 0L5 5"),
    ],
)
def test_path_data_is_written_anew(data: str, written: str | None) -> None:
    """Relative places, reflected curves, arcs and their packed flags: all that programs write."""
    if written is None:
        with pytest.raises(Refusal):
            path(data)
    else:
        assert path(data) == written


@pytest.mark.parametrize(
    "data",
    [
        "L0 0",
        "M",
        "M0",
        "M0 0L1",
        "M0 0h",
        "M0 0C1 1 2 2",
        "M0 0a1 1 0 2 1 1 1",
        "M0 0 x",
        "M0 0;",
        "M0 0#",
        "M1e999 0",
        "M0 0L99999999 0",
        "0 0",
    ],
)
def test_path_data_with_a_fault_is_refused(data: str) -> None:
    """SVG draws it up to the fault; a logo that breaks off is not printed."""
    with pytest.raises(Refusal):
        path(data)


def test_the_place_of_a_fault_is_shown() -> None:
    """Not the path from its beginning, which may be long."""
    with pytest.raises(Refusal) as refused:
        path("M0 0" + "L1 1" * 100 + "oops")
    assert "“oops”" in refused.value.what


def test_a_path_may_be_so_long() -> None:
    """WeasyPrint's time grows with the square."""
    assert path("M0 0" + "h1" * (LONGEST_PATH // 2 - 2))
    with pytest.raises(Refusal) as refused:
        path("M0 0" + "h1" * (LONGEST_PATH // 2))
    assert refused.value.code == "drawing-too-large"


@given(GOOD_PATHS)
def test_what_is_written_is_a_path_of_the_same_shape(data: str) -> None:
    """Read again it is the same."""
    written = path(data)
    assert set("".join(c for c in written if c.isalpha())) <= set("MLCZ")
    assert path(written) == written


@given(PATHS)
def test_no_path_data_is_half_read(data: str) -> None:
    """It is a path, or refused."""
    try:
        assert path(path(data)) == path(data)
    except Refusal as refused:
        assert refused.fix  # noqa: PT017 - either will do


@pytest.mark.parametrize(
    ("kind", "given_lengths", "box"),
    [
        ("rect", {"x": 1, "y": 2, "width": 3, "height": 4}, (1, 2, 4, 6)),
        ("rect", {"width": 8, "height": 4, "rx": 9}, (0, 0, 8, 4)),
        ("circle", {"cx": 5, "cy": 6, "r": 2}, (3, 4, 7, 8)),
        ("ellipse", {"rx": 2, "ry": 1}, (-2, -1, 2, 1)),
        ("line", {"x1": 1, "y2": 5}, (0, 0, 1, 5)),
    ],
)
def test_simple_shapes_have_the_bounds_they_say(
    kind: str, given_lengths: dict[str, float], box: tuple[float, ...]
) -> None:
    """As paths, so that there is one kind of shape."""
    assert bounds(outline(kind, given_lengths)) == box


def test_points_are_joined() -> None:
    """A polygon is closed; half a point at the end is left out, and a single one draws nothing."""
    assert outline("polyline", {}, "1,2 3,4 5") == "M1 2L3 4"
    assert outline("polygon", {}, "1 2 3 4 5 6") == "M1 2L3 4L5 6Z"
    assert outline("polygon", {}, "1 2") == ""


@pytest.mark.parametrize("kind", ["rect", "circle", "ellipse"])
def test_a_shape_without_extent_draws_nothing(kind: str) -> None:
    """Nor does one of less than nothing."""
    assert outline(kind, {}) == outline(kind, {"width": -1, "height": 1, "r": -1, "rx": -1, "ry": 1}) == ""


def test_a_path_can_be_moved() -> None:
    """Its points are; it stays a path."""
    assert transformed("M0 0L1 0Z", (2, 0, 0, 2, 10, 20)) == "M10 20L12 20L10 20Z"
