"""How shapes are filled and stroked."""

from __future__ import annotations

import pytest

from handouts.sources.drawings.paints import GRADIENT_PREFIX, Style, styled
from handouts.sources.drawings.viewports import ViewBox
from tests.sources.drawings.conftest import SourceOf

BOX = ViewBox(0, 0, 100, 100)


def read(source_of: SourceOf, attributes: str, around: Style | None = None) -> tuple[Style, list[str]]:
    """Return the style of a path, and the codes of what is wrong with it."""
    source = source_of(f"<linearGradient id='g'/><pattern id='p'/><path {attributes}/>")
    element = source.root[-1]
    style = styled(source, element, source.given(element), BOX, "#010203", around or Style())
    return style, [refusal.code for refusal in source.refusals]


def test_properties_are_written_anew(source_of: SourceOf) -> None:
    """Colours, shares, lengths and words."""
    style, wrong = read(
        source_of,
        "fill='RED' fill-opacity='50%' fill-rule='evenodd' stroke='currentColor' stroke-width='1mm' stroke-linecap='round'"
        " stroke-dasharray='5,10%' stroke-miterlimit='0' stroke-opacity='2'",
    )
    assert not wrong
    assert (style.fill, style.stroke, style.filling) == (
        "#ff0000",
        "#010203",
        {"fill-opacity": "0.5", "fill-rule": "evenodd"},
    )
    assert style.stroking == {
        "stroke-width": "3.779528",
        "stroke-dasharray": "5 10",
        "stroke-linecap": "round",
        "stroke-miterlimit": "4",
        "stroke-opacity": "1",
    }
    assert style.width == pytest.approx(3.78, abs=0.01)


def test_what_is_not_said_is_as_around(source_of: SourceOf) -> None:
    """And what is said takes its place."""
    around, _ = read(source_of, "fill='red' stroke='blue' stroke-width='3' fill-rule='evenodd'")
    inner, _ = read(source_of, "stroke='none' stroke-linecap='round'", around)
    assert (inner.fill, inner.stroke, inner.filling) == ("#ff0000", "none", {"fill-rule": "evenodd"})
    assert inner.stroking == {"stroke-width": "3", "stroke-linecap": "round"}


def test_a_gradient_is_known_by_its_id(source_of: SourceOf) -> None:
    """A colour beside it is used where there is no such gradient."""
    assert read(source_of, "fill='url(#g) red'")[0].fill == f"{GRADIENT_PREFIX}g"
    assert read(source_of, "fill='url(#x) red'")[0].fill == "#ff0000"
    assert read(source_of, "fill='url(#x)'")[1] == ["drawing-unknown-reference"]
    assert read(source_of, "fill='url(#p)'")[1] == ["drawing-not-plain"]


def test_a_function_that_is_not_known_leaves_the_value_before_it(source_of: SourceOf) -> None:
    """As Figma writes colours for wide screens; by itself it is refused."""
    style, wrong = read(source_of, "fill='#0b5563' style='fill:color(display-p3 0.1 0.3 0.4)'")
    assert (style.fill, wrong) == ("#0b5563", [])
    assert read(source_of, "style='fill:color(display-p3 0.1 0.3 0.4)'")[1] == ["drawing-invalid-value"]
    assert read(source_of, "fill='red' style='fill:url(x)'")[1] == ["drawing-refers-outside"]


@pytest.mark.parametrize(
    ("dashes", "written", "code"),
    [
        ("none", "none", None),
        ("0 0", "none", None),
        ("1,2 3", "1 2 3", None),
        ("1e-9", None, "drawing-not-plain"),
        ("-1", None, "drawing-invalid-value"),
        ("1 x", None, "drawing-invalid-value"),
        ("1 " * 60, None, "drawing-invalid-value"),
    ],
)
def test_dashes_are_few_and_can_be_seen(
    source_of: SourceOf, dashes: str, written: str | None, code: str | None
) -> None:
    """A line of a million dashes hangs the program of a reader."""
    style, wrong = read(source_of, f"stroke-dasharray='{dashes}'")
    assert style.stroking.get("stroke-dasharray") == written
    assert wrong == ([code] if code else [])


def test_every_value_that_cannot_be_read_is_told(source_of: SourceOf) -> None:
    """All at once."""
    _, wrong = read(source_of, "fill='blu' stroke-width='x' stroke-linejoin='soft' fill-opacity='much'")
    assert wrong == ["drawing-invalid-value"] * 4
