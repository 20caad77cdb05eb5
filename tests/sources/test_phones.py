"""Phone numbers as people write them: taken as they stand, dialled digit by digit, and never guessed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.sources.phones import FEWEST_DIGITS, LONGEST_TYPED, MOST_DIGITS, dialled, number_within

BETWEEN = (" ", "-", ".", " - ", "\u00a0", "\u2013")


@pytest.mark.parametrize(
    ("typed", "tel"),
    [
        ("(03) 9876 5432", "0398765432"),
        ("020-7946-0018", "02079460018"),
        ("212.555.0100", "2125550100"),
        ("+1 (212) 555-0100", "+12125550100"),
        ("(+61) 3 9876 5432", "+61398765432"),
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("+44(0)2079460018", "+442079460018"),
        ("(0)20 7946 0018", "02079460018"),
        ("000", "000"),
        ("13 11 14", "131114"),
        ("1-800-TALK", "18008255"),
        ("1 800 GO FEDEX", "18004633339"),
        ("13HEALTH", "13432584"),
        ("03 9876 5432 x12", "0398765432;ext=12"),
        ("03 9876 5432, Ext. 12", "0398765432;ext=12"),
        ("03 9876 5432 extension 12", "0398765432;ext=12"),
        ("03 9876 5432 (ext 12)", "0398765432;ext=12"),
    ],
)
def test_a_number_is_dialled_as_it_is_typed(typed: str, tel: str) -> None:
    """Its digits in their order, the trunk zero left out after a country's code, letters as keys, the extension apart."""
    assert dialled(typed) == tel


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "+", "12", "TALK", "1234567890123456", "03 9876 5432 / 5433", "03 9876 5432, 03 9876 5433"),
        *("000 OR 112", "000 AND 112", "13 11 14 (day)", "Tel: 13 11 14", "tel:131114", "1-800-talk", "1-8OO-2738"),
        *("((03)) 9876", "(03 9876", "03) 9876", "03 9876 ext", "13 11 14 A", "03\u202e9876", "٠٣ ٩٨٧٦", "０３ 9876"),
    ],
)  # fmt: skip
def test_what_may_mean_something_else_is_no_number(typed: str) -> None:
    """Two numbers, words among digits, digits of other scripts, brackets left open: a person must say what is dialled."""
    assert dialled(typed) == ""


@given(st.lists(st.text("0123456789", min_size=1, max_size=5), min_size=1, max_size=4), st.data())
def test_every_digit_is_dialled_once_and_in_order(groups: list[str], data: st.DataObject) -> None:
    """Whatever stands between the groups, and whichever of them is in brackets."""
    shown = [f"({group})" if data.draw(st.booleans()) else group for group in groups]
    typed = shown[0] + "".join(data.draw(st.sampled_from(BETWEEN)) + group for group in shown[1:])
    digits = "".join(groups)
    assert dialled(typed) == (digits if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS else "")


@pytest.mark.untraced
@pytest.mark.parametrize("part", ["1", "1 ", "(", "A", "1A", "1 - ", ",", "(1)"])
def test_no_text_takes_long(part: str) -> None:
    """What is longer than any number is none, and nothing is tried again and again."""
    begun = time.process_time()
    assert dialled(part * 30_000) == ""
    assert dialled((part * LONGEST_TYPED)[: LONGEST_TYPED - 1] + "!") == ""
    assert time.process_time() - begun < 0.1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 02 5550 0100 today", "02 5550 0100"),
        ("call (02)5550-0100", "02)5550-0100"),
        ("13 11 14", "13 11 14"),
        ("+44 20 7946 0018", "+44 20 7946 0018"),
        ("٠٢ ٥٥٥٠ ٠١٠٠", "٠٢ ٥٥٥٠ ٠١٠٠"),
        ("०२५५५००१००", "०२५५५००१००"),
        ("closed 24.12.2026–6.1.2027", ""),
        ("since 2026-11-27, 9:00–17:00, room 1204", ""),
        ("from 2026–2027", ""),
        ("12 to 16 weeks", ""),
    ],
)
def test_a_number_to_ring_is_found_in_a_text(text: str, found: str) -> None:
    """In the digits of any script; days, years and hours are none."""
    assert number_within(text) == found
