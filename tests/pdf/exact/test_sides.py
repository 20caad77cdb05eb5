"""How each program takes a character, as it was measured."""

from __future__ import annotations

import pytest

from handouts.pdf.exact.sides import (
    LRM,
    RLM,
    Side,
    is_arabic_digit,
    is_beyond,
    is_mirrored,
    is_plain_ltr,
    is_rtl,
    is_separator,
    side,
    starts_ltr,
)


@pytest.mark.parametrize(
    ("letters", "taken"),
    [
        ("aÄж" + LRM, Side.LEFT),
        ("אבش" + RLM, Side.RIGHT),
        ("1٣۴.,%-/\u00a0\u0651", Side.WEAK),
        (" ()«!–", Side.NEUTRAL),
    ],
)
def test_pdfium_knows_four_kinds(letters: str, taken: Side) -> None:
    """Digits and what stands between them are one kind: so 5.2 stays whole, and COVID-19 does not."""
    assert {side(letter) for letter in letters} == {taken}


def test_letters_digits_and_signs_are_told_apart() -> None:
    """Digits of Arabic are neither letters nor plain digits; a full stop parts digits; a letter may be above U+FFFF."""
    assert [is_rtl(c) for c in "אش\U0001e90ba1 "] == [True, True, True, False, False, False]
    assert [is_arabic_digit(c) for c in "٣۴3"] == [True, False, False]
    assert [is_plain_ltr(c) for c in "a3٣"] == [True, True, False]
    assert [starts_ltr(c) for c in "a3٣."] == [True, True, True, False]
    assert [is_separator(c) for c in ".،%-!"] == [True, True, True, True, False]
    assert [is_beyond(c) for c in "\uffff\U00010000"] == [False, True]


def test_pdfium_mirrors_quotation_marks_as_it_does_brackets() -> None:
    """In right-to-left text it gives another one for each of them."""
    assert all(map(is_mirrored, "()[]«»“”‘’"))
    assert not any(map(is_mirrored, "'\"!،"))
