"""The pages of the desk: words in the language of whoever works at it, and names of handouts in their own."""

from __future__ import annotations

import pytest

from handouts.desk import screens
from handouts.desk.counter import Counter
from handouts.problems import Problem
from handouts.sources.frame import DESK
from tests.conftest import LOCALES


@pytest.mark.parametrize("tag", LOCALES)
def test_every_word_of_the_desk_is_there_in_every_locale(counter: Counter, tag: str) -> None:
    """In its own language, and numbers in its own digits."""
    words = screens.words_of(counter.stock(), tag)
    english = {key for key in DESK if words.blocks[key].lang != tag}
    catalog = counter.stock().sources.catalogs.get(tag)
    # A word that is the same in both is English, and said to be.
    same = {
        key for key in english if catalog and catalog.messages[f"desk.{key}"].text == words.blocks[key].text
    }
    assert english == same
    assert words.locale.written(12) in words.text("page", page=12, pages=12)


def test_a_word_that_is_not_translated_says_that_it_is_english(counter: Counter) -> None:
    """So that a screen reader says it in English; no word is ever markup."""
    from dataclasses import replace

    words = screens.words_of(counter.stock(), "ar")
    english = replace(words.blocks["print"], text="<Print>", lang="en")
    mixed = replace(words, blocks={**words.blocks, "print": english})
    assert mixed.say("print") == '<bdi lang="en" dir="ltr">&lt;Print&gt;</bdi>'
    assert mixed.say("save") == mixed.text("save")


def test_a_basket_shows_what_there_still_is(counter: Counter) -> None:
    """A handout that the place has no more is left out."""
    shown = screens.shown_basket(
        counter.stock(), [("vi", "about-ipt", "standard"), ("vi", "gone", "standard")]
    )
    assert [(locale.tag, each.slug, each.layout) for locale, each in shown] == [
        ("vi", "about-ipt", "standard")
    ]


def test_what_was_typed_is_shown_again_and_is_in_no_repr() -> None:
    """A log of the program may hold a repr."""
    typed = screens.Typed({"name": "Ana"}, (Problem("x", "name", "it is wrong.", "Mend it."),))
    assert (typed.value("name"), typed.value("note"), typed.faults("note")) == ("Ana", "", [])
    assert typed.faults("name") == ["it is wrong. Mend it."]
    assert "Ana" not in repr(typed)
