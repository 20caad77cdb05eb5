"""What a list of mail shows: the words that tell of an illness are known in every locale, and stand in none of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts import markup
from handouts.checks.first_lines import check_first_lines
from handouts.sources.glossary import telling
from handouts.sources.load import Sources
from tests.conftest import LOCALES


def test_the_letter_of_every_locale_tells_nothing(sources: Sources) -> None:
    """Nor does the subject."""
    assert list(check_first_lines(sources)) == []


@pytest.mark.parametrize("tag", LOCALES)
def test_what_the_handout_is_about_is_known_to_tell(sources: Sources, tag: str) -> None:
    """Its title, its first words and the crisis box are found, or the law guards nothing."""
    handout = sources.translation("about-ipt", "au", tag).handout
    for block in (handout.title, handout.subtitle, handout.words["crisis-call"]):
        assert telling(sources.glossary, markup.plain(block.text), tag), block.id
    whole = " ".join(block.text for block in handout.blocks())
    assert len(telling(sources.glossary, whole, tag)) >= 5


def test_a_word_that_tells_is_told_by_file_and_message(sources: Sources) -> None:
    """In the English, at the message of its id; the button at the end may say what it leads to."""
    words = dict(sources.content.words)
    for key in ("mail-subject", "mail-button"):
        words[key] = replace(words[key], text=f"{words[key].text} Therapy")
    spoiled = replace(sources, content=replace(sources.content, words=words))
    (problem,) = check_first_lines(spoiled)
    assert (problem.code, problem.about, problem.severity) == (
        "first-line-tells",
        "interface.mail-subject",
        "error",
    )
