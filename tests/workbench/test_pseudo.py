"""Pseudo-locales: every message is changed in what a layout feels, and in nothing else."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from handouts import markup
from handouts.pdf import fonts
from handouts.sources.load import Sources
from handouts.workbench.pseudo import (
    EXPANSION,
    PSEUDO_LOCALES,
    accent,
    transliterate,
    with_pseudo_locales,
)


def test_every_message_is_changed_and_keeps_its_marks(sources: Sources) -> None:
    """Placeholders, citations and bold parts are those of the English, or the page could not be made."""
    both = with_pseudo_locales(sources, PSEUDO_LOCALES)
    kinds: tuple[markup.NodeKind, ...] = ("placeholder", "citation")
    for tag in PSEUDO_LOCALES:
        for block in sources.blocks().values():
            if block.optional:
                continue
            text = both.catalogs[tag].messages[block.id].text
            assert text != block.text or not any(map(str.isalpha, block.text))
            for kind in kinds:
                assert markup.found(text, kind) == markup.found(block.text, kind)
            assert len(markup.found(text, "strong")) == len(markup.found(block.text, "strong"))


def test_each_is_set_like_the_locale_of_its_language(sources: Sources) -> None:
    """One runs each way; their fonts have every letter that they use."""
    both = with_pseudo_locales(sources, PSEUDO_LOCALES)
    assert {both.locales[tag].direction for tag in PSEUDO_LOCALES} == {"ltr", "rtl"}
    for tag, pseudo in PSEUDO_LOCALES.items():
        locale = both.locales[tag]
        assert locale.english_name == pseudo.english_name
        words = "".join(message.text for message in both.catalogs[tag].messages.values())
        assert words
        assert fonts.missing_glyphs(words, (*locale.fonts, *sources.source.fonts)) == []


def test_only_those_asked_for_are_added_and_only_where_they_can_be(sources: Sources) -> None:
    """The sources themselves stay as they are; without the locale of its language there is none."""
    first, second = PSEUDO_LOCALES
    assert set(with_pseudo_locales(sources, [first]).locales) == {*sources.locales, first}
    assert set(with_pseudo_locales(sources, ["es", "xx-XC"]).locales) == set(sources.locales)
    assert not set(PSEUDO_LOCALES) & set(sources.locales)
    language = second.split("-", maxsplit=1)[0]
    less = {tag: locale for tag, locale in sources.locales.items() if tag.split("-")[0] != language}
    assert set(with_pseudo_locales(replace(sources, locales=less), PSEUDO_LOCALES).locales) == {*less, first}


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12))
def test_a_word_with_a_vowel_is_made_longer_by_what_a_translation_may_need(word: str) -> None:
    """40 % longer where there is a vowel to lengthen; no letter is left plain but q, which has no accented form."""
    has_vowel = bool(set(word) & set("aeiouy"))
    assert len(accent(word)) == (round(len(word) * EXPANSION) if has_vowel else len(word))
    assert not any(letter.isascii() for letter in accent(word) if letter != "q")
    assert len(transliterate(word)) == len(word)
    assert not any(letter.isascii() for letter in transliterate(word))
