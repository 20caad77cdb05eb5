"""How hard an English text is to read."""

from __future__ import annotations

import pytest

from handouts.checks.readability import grade, syllable_count


def test_longer_sentences_and_words_read_harder() -> None:
    """The grade tells plain text from hard text."""
    plain = grade(["We can help you. You can call us."])
    hard = grade(
        ["Interpersonal psychotherapy demonstrates considerable effectiveness notwithstanding heterogeneity."]
    )
    assert plain < 3
    assert hard > 12


def test_the_grade_is_that_of_the_formula() -> None:
    """0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al. 1975): 4 words, 5 syllables."""
    assert grade(["You meet a doctor."]) == round(0.39 * 4 + 11.8 * 5 / 4 - 15.59, 1)


def test_a_list_item_without_a_full_stop_is_a_sentence() -> None:
    """Two short items read as two short sentences, not as one long one."""
    assert grade(["You sleep badly", "You feel sad"]) == grade(["You sleep badly. You feel sad."])


@pytest.mark.parametrize("texts", [[], [""], ["…"]])
def test_no_words_have_no_grade(texts: list[str]) -> None:
    """Nothing to read is not hard to read."""
    assert grade(texts) == 0.0


@pytest.mark.parametrize(
    ("word", "count"),
    [("call", 1), ("people", 2), ("therapy", 3), ("relationship", 4), ("2016", 1), ("make", 1)],
)
def test_syllables_are_counted(word: str, count: int) -> None:
    """A silent e is none; a number counts as one."""
    assert syllable_count(word) == count
