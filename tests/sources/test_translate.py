"""A handout in a locale, and what of it prints in English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from handouts.model import Block, Handout
from handouts.sources.catalogs import Catalog, Message
from handouts.sources.load import Sources
from handouts.sources.translate import translate, usable

Made = Callable[..., Catalog]


def test_extracting_and_translating_meet_the_same_words_in_the_same_order(
    handout: Handout, sources: Sources, catalog_of: Made
) -> None:
    """What a translator is given is what is translated, block by block."""
    got = translate(handout, catalog_of(handout), sources.locales["es"], approved=True)
    texts = [block.text for block in handout.blocks() if block.text]
    assert [block.text for block in got.handout.blocks() if block.text] == [f"x {text}" for text in texts]
    assert (got.missing, got.fuzzy) == ((), ())
    assert got.total == sum(not block.optional for block in handout.blocks() if block.text)


def test_what_cannot_be_printed_prints_in_english_and_says_so(
    handout: Handout, sources: Sources, catalog_of: Made
) -> None:
    """A missing, fuzzy or outdated message prints the English, marked as English."""
    messages = dict(catalog_of(handout).messages)
    gone, fuzzy, old = "about-ipt.lead", "about-ipt.title", "about-ipt.subtitle"
    del messages[gone]
    messages[fuzzy] = replace(messages[fuzzy], fuzzy=True)
    messages[old] = replace(messages[old], source="another English")
    got = translate(handout, Catalog("x.po", messages), sources.locales["ar"], approved=False)
    assert got.missing == (gone,)
    assert set(got.fuzzy) == {fuzzy, old}
    assert got.handout.lead == handout.lead
    assert got.handout.title.lang == "en"
    assert got.handout.series.lang == "ar"


def test_an_unapproved_safety_block_carries_its_english(
    handout: Handout, sources: Sources, catalog_of: Made
) -> None:
    """Until a translation is approved, crisis text prints in both languages."""
    for approved in (False, True):
        got = translate(handout, catalog_of(handout), sources.locales["ar"], approved=approved).handout
        safe = [b for b in got.blocks() if b.safety]
        assert len(safe) >= 8
        assert all(bool(block.english) is not approved for block in safe)
        assert not any(block.english for block in got.blocks() if not block.safety)


def test_the_same_words_are_still_english(handout: Handout, sources: Sources, catalog_of: Made) -> None:
    """The name of a service that is kept is read aloud in English."""
    got = translate(handout, catalog_of(handout, "{}"), sources.locales["es"], approved=False).handout
    assert {block.lang for block in got.blocks() if not block.optional} == {"en"}
    assert not any(block.english for block in got.blocks())


@pytest.mark.parametrize(("tag", "own"), [("es", True), ("ar", False)])
def test_patterns_of_references_are_not_mixed(
    handout: Handout, sources: Sources, catalog_of: Made, tag: str, *, own: bool
) -> None:
    """All are the translator's or none is; and none where the works run in another direction."""
    catalog, locale = catalog_of(handout), sources.locales[tag]
    langs = {p.lang for p in translate(handout, catalog, locale, approved=True).handout.patterns.values()}
    assert langs == {tag if own else "en"}
    lost = next(block.id for block in handout.patterns.values())
    rest = Catalog("x.po", {k: m for k, m in catalog.messages.items() if k != lost})
    got = translate(handout, rest, locale, approved=True)
    assert {p.lang for p in got.handout.patterns.values()} == {"en"}
    assert got.missing == ()


def test_the_english_is_whole(handout: Handout, sources: Sources) -> None:
    """Without a catalog there is nothing to translate, and nothing is missing."""
    got = translate(handout, None, sources.locales["en"], approved=False)
    assert (got.handout, got.missing, got.fuzzy) == (handout, (), ())
    assert got.total > 80


@pytest.mark.parametrize(
    ("message", "right"),
    [
        (Message("a", "One", "Uno"), True),
        (Message("a", "One", ""), False),
        (Message("a", "One", "Uno", fuzzy=True), False),
        (Message("a", "Another", "Uno"), False),
        (None, False),
    ],
)
def test_a_message_is_printed_for_the_english_it_was_made_from(
    message: Message | None, *, right: bool
) -> None:
    """Translated, not fuzzy, and of this English."""
    assert usable(Block("a", "One"), message) is right
