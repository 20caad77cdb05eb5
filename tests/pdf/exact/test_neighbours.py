"""How a line is drawn depends on what stands on it, and on the line beside it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from handouts.pdf.exact.neighbours import Balance, Way, _rows, _way


def box(text: str, direction: str = "rtl") -> Any:
    """Return a text box as far as this is about it."""
    return SimpleNamespace(text=text, style={"direction": direction})


@pytest.mark.parametrize(
    ("texts", "way"),
    [
        (["علاج مفيد لك."], Way.AS_IT_LOOKS),
        (["علاج (", "IPT", ") في 12 إلى 16 أسبوعا، 5.2%"], Way.AS_IT_LOOKS),
        (["علاج COVID-19 هنا"], Way.BY_WORDS),
        (["اتصل بالرقم 13 11 14"], Way.BY_WORDS),
        (["عام ٢٠٢٦"], Way.BY_WORDS),
        (["Better Access"], Way.BY_WORDS),
        (["\U0001e90b\U0001e932 13 11 14 IPT؟"], Way.IN_TEXT_ORDER),
        (["علاج \U0001e90b"], Way.BY_WORDS),
    ],
)
def test_a_line_of_words_and_single_numbers_needs_no_marks_at_its_spaces(texts: list[str], way: Way) -> None:
    """What pdfium would part, and what MuPDF takes for letters, makes a line that is marked at every space."""
    assert _way([list(map(box, texts))]) is way


def test_what_is_isolated_must_be_one_word_or_number_as_a_whole() -> None:
    """A bracket inside of a left-to-right box is part of it."""
    assert _way([[box("ثم "), box("[1]", "ltr")]]) is Way.BY_WORDS
    assert _way([[box("ثم "), box("000", "ltr")]]) is Way.AS_IT_LOOKS


def test_an_english_line_beside_decides_for_both() -> None:
    """Pdfium takes lines of two columns that are painted one after the other for one line."""
    arabic, english = [box("علاج مفيد")], [box("It has helped", "ltr")]
    assert _way([arabic, english]) is Way.BY_WORDS


def test_lines_are_beside_one_another_if_they_share_more_than_an_edge() -> None:
    """A line below is another row; one in the next column at the same height is not."""

    def line(top: float) -> Any:
        return SimpleNamespace(position_y=top, height=20.0)

    first, beside, below = ((line(top), [box("א")]) for top in (0, 3, 20))
    assert [len(row) for row in _rows([first, beside, below])] == [2, 1]


def test_a_page_leans_by_its_letters_and_marks() -> None:
    """Right-to-left marks are not counted, since poppler drops some, nor letters above U+FFFF, which it takes for neutral ones."""
    balance = Balance()
    balance.add("abc א\u200e\u200f\u200f\U0001e90b1.")
    assert balance.surplus == 3
