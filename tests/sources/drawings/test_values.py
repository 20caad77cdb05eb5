"""Values are read by their grammar, and written anew."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.sources.drawings import values
from handouts.sources.drawings.refusals import Refusal


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        ("5", 5),
        (" +.5e1 ", 5),
        ("1in", 96),
        ("72pt", 96),
        ("25.4mm", 96),
        ("2.54CM", 96),
        ("6pc", 96),
        ("50%", 30),
    ],
)
def test_a_length_comes_to_pixels(text: str, pixels: float) -> None:
    """By CSS; a share is one of the whole."""
    assert values.length("x", text, 60) == pytest.approx(pixels)


@pytest.mark.parametrize(
    "text", ["", "x", "1 2", "1em", "1e", "٣", "nan", "inf", "1e999", "0x9", "1;", "50%"]
)
def test_what_is_no_length_is_refused(text: str) -> None:
    """Also one that depends on a font, and a share of nothing."""
    with pytest.raises(Refusal):
        values.length("x", text)


def test_numbers_may_stand_close() -> None:
    """As programs write them, where a sign or a second point sets them apart."""
    assert values.numbers_of("points", "1-2+3,4 .5.5 ,1e-1") == [1, -2, 3, 4, 0.5, 0.5, 0.1]
    with pytest.raises(Refusal):
        values.numbers_of("points", "1 2 three")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("#0B5563", "#0b5563"),
        ("#abc", "#aabbcc"),
        ("#12345680", "#12345680"),
        ("Rebeccapurple", "#663399"),
        ("rgb(11,85,99)", "#0b5563"),
        ("rgba(10%, 20%, 40%, 0.5)", "#1a336680"),
        ("hsl(120 100% 25%)", "#008000"),
        ("none", "none"),
        ("transparent", "none"),
        ("currentColor", "#010203"),
        ("#0b5563 icc-color(cmyk, 1, 2, 3, 4)", "#0b5563"),
    ],
)
def test_a_colour_is_written_in_one_way(text: str, written: str) -> None:
    """Whichever way a program wrote it."""
    assert values.colour("fill", text, "#010203") == written


@pytest.mark.parametrize(
    "text",
    ["", "#12", "blu", "rgb(1,2)", "color(display-p3 1 0 0)", "red;", "url(#a)", "expression(1)", "\\72 ed"],
)
def test_what_is_no_colour_is_refused(text: str) -> None:
    """It would else print as black."""
    with pytest.raises(Refusal):
        values.colour("fill", text)


def test_a_reference_leads_to_an_id_of_the_same_file() -> None:
    """With or without quotes, and with what is to be used where there is none."""
    assert values.reference("fill", "url(#a)") == ("a", "")
    assert values.reference("fill", " URL( '#a-b_c.1'  ) red ") == ("a-b_c.1", "red")
    assert values.reference("fill", 'url("#a.b") red') == ("a.b", "red")
    assert values.reference("fill", "red") == ("", "red")


@pytest.mark.parametrize(
    "text",
    [
        "url(a.svg#a)",
        "url(//x)",
        "URL(data:,x)",
        "u\\rl(#a)",
        "url(#a",
        "url(#a'b)",
        "url()",
        "image-set(url(x))",
    ],
)
def test_every_other_address_is_refused_as_one(text: str) -> None:
    """In any spelling."""
    with pytest.raises(Refusal) as refused:
        values.reference("fill", text)
    assert refused.value.code == "drawing-refers-outside"


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("", (3, 4)),
        ("translate(10)", (13, 4)),
        ("translate(10px, 20px)", (13, 24)),
        ("scale(2)", (6, 8)),
        ("scale(2,-1) translate(1 1)", (8, -5)),
        ("rotate(90)", (-4, 3)),
        ("rotate(90deg 3 3)", (2, 3)),
        ("skewX(45)", (7, 4)),
        ("matrix(1,2,3,4,5,6)", (20, 28)),
    ],
)
def test_transforms_come_to_one_matrix(text: str, point: tuple[float, float]) -> None:
    """The last one is applied first (SVG 2, 8.5)."""
    a, b, c, d, e, f = values.transform("transform", text)
    assert (a * 3 + c * 4 + e, b * 3 + d * 4 + f) == pytest.approx(point)


@pytest.mark.parametrize(
    "text",
    [
        "spin(3)",
        "translate(1 2 3)",
        "rotate(1 2)",
        "scale()",
        "matrix(1)",
        "scale(1",
        "scale(x)",
        "scale(1e300)",
    ],
)
def test_what_is_no_transform_is_refused(text: str) -> None:
    """With a wrong number of values too: WeasyPrint would take what it finds."""
    with pytest.raises(Refusal):
        values.transform("transform", text)


MATRICES = st.tuples(*[st.floats(-9, 9) for _ in range(6)]).filter(
    lambda m: abs(m[0] * m[3] - m[1] * m[2]) > 1e-3
)


@given(MATRICES)
def test_an_inverse_undoes(matrix: values.Matrix) -> None:
    """What is moved there and back is where it was."""
    assert values.times(matrix, values.inverse(matrix)) == pytest.approx(values.IDENTITY, abs=1e-6)
    assert not values.is_flat(matrix)


@given(st.floats(-values.LARGEST_COORDINATE, values.LARGEST_COORDINATE))
def test_a_number_is_written_without_an_exponent(number: float) -> None:
    """And read back as what it was, to seven digits."""
    text = values.written(number)
    assert "e" not in text
    assert math.isclose(float(text), number, rel_tol=1e-6, abs_tol=1e-9)


def test_a_value_is_shown_in_short() -> None:
    """Of a long one, as much as is needed to find it."""
    what = values.unreadable("d", "x" * 1000).what
    assert len(what) < 80
