"""A catalog as a whole: what ships is clean, and one message is held against another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handouts.checks import catalogs
from handouts.checks.catalogs import (
    check_catalog,
    check_catalogs,
    check_consistency,
    check_patterns,
    coverage,
    usual_length,
)
from handouts.checks.nouns import Setting
from handouts.checks.wording import own_faults
from handouts.model import Block
from handouts.problems import Fault
from handouts.sources.catalogs import Catalog, Message
from handouts.sources.load import Sources
from tests.checks.conftest import Spoil
from tests.conftest import LOCALES
from tests.memory import KeptAsJson

Pair = tuple[Block, Message]


def pair(number: int, english: str, text: str) -> Pair:
    """Return a block and its translation, in line `number` of its file."""
    name = f"a.{number}"
    return Block(name, english), Message(name, english, text, line=number)


def catalog_of(*pairs: Pair) -> Catalog:
    """Return a Spanish catalog of some translations."""
    return Catalog("locales/es/handouts.po", {message.id: message for _, message in pairs})


@pytest.mark.parametrize("tag", [tag for tag in LOCALES if tag != "en"])
def test_what_ships_has_no_fault_and_no_warning(sources: Sources, tag: str) -> None:
    """Every shipped catalog is complete and clean, every term of the glossary is where it should be."""
    assert [str(problem) for problem in check_catalog(sources, tag)] == []
    assert len({term.name for term in sources.glossary if tag in term.stems}) >= 15
    ready, total = coverage(sources, [tag])[tag]
    assert ready == total > 100


def test_one_fault_among_many_messages_is_found(spoilt: Spoil) -> None:
    """In the locale that was asked for, and in no other."""
    loaded = spoilt({"about-ipt.lead": "La IPT <b>ayuda</b>."})
    found = [p for p in check_catalogs(loaded, ["es", "el"]) if p.severity == "error"]
    assert [(p.code, p.about, p.locale) for p in found] == [("html-in-text", "about-ipt.lead", "es")]
    assert found[0].line == loaded.catalogs["es"].line("about-ipt.lead") > 0
    assert str(found[0]) == (
        f"locales/es/handouts.po:{found[0].line} (about-ipt.lead): the translation holds HTML. "
        "Write plain words; use **strong** as the English does."
    )
    assert check_catalogs(loaded, ["el"]) == []


def test_of_an_edited_catalog_only_the_edited_message_is_checked_again(
    sources: Sources, spoilt: Spoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is found is the same as without a memory, also of messages that were wrong before."""
    checked: list[str] = []

    def noted(block: Block, text: str, setting: Setting) -> Iterator[Fault]:
        checked.append(block.id)
        return own_faults(block, text, setting)

    memory, wrong = KeptAsJson(), {"about-ipt.lead": "La IPT <b>ayuda</b>."}
    check_catalogs(spoilt(wrong), ["es"], memory)
    monkeypatch.setattr(catalogs, "own_faults", noted)
    edited = spoilt({**wrong, "about-ipt.subtitle": "Y <i>esto</i>."})
    found = check_catalogs(edited, ["es"], memory)
    assert checked == ["about-ipt.subtitle"]
    assert found == check_catalogs(edited, ["es"])
    assert {"about-ipt.lead", "about-ipt.subtitle"} <= {problem.about for problem in found}
    # Other terms may find other faults.
    checked.clear()
    check_catalogs(replace(edited, glossary=edited.glossary[1:]), ["es"], memory)
    assert len(checked) > 100


def test_a_message_that_the_source_does_not_have_is_told(sources: Sources) -> None:
    """`locale update` makes it obsolete."""
    catalog = sources.catalogs["es"]
    more = {**catalog.messages, "about-ipt.gone": Message("about-ipt.gone", "Gone", "Ido", line=9)}
    loaded = replace(sources, catalogs={"es": replace(catalog, messages=more)})
    (problem,) = check_catalog(loaded, "es")
    assert (problem.code, problem.severity, problem.line) == ("message-not-in-source", "warning", 9)


def test_the_same_english_in_two_ways_is_told() -> None:
    """The end mark and the case of a word are no second way."""
    pairs = [pair(1, "Close", "Cerca"), pair(2, "close.", "cerca"), pair(3, "Close", "Cercano")]
    found = list(check_consistency(pairs, catalog_of(*pairs)))
    assert [(p.code, p.line, p.severity) for p in found] == [("translated-in-two-ways", 3, "warning")]


def test_one_text_for_two_is_told() -> None:
    """A reader could not tell one ring of the circle from the other; a name kept in both is none."""
    pairs = [pair(1, "Close", "Cerca"), pair(2, "Less close", "Cerca"), pair(3, "IPT", "IPT")]
    found = list(check_consistency(pairs, catalog_of(*pairs)))
    assert [(p.code, p.about) for p in found] == [("same-text-for-two", "a.2")]


@pytest.mark.parametrize(("ready", "told"), [(0, False), (1, True), (2, False)])
def test_patterns_are_translated_all_or_none(ready: int, *, told: bool) -> None:
    """With some of them the list would be written in two ways."""
    pairs = [pair(number, f"pattern {number}", "x" * (number <= ready)) for number in (1, 2)]
    blocks = {block.id: replace(block, optional=True) for block, _ in pairs}
    found = list(check_patterns(blocks, catalog_of(*pairs)))
    assert [(p.code, p.about) for p in found] == [("patterns-incomplete", "a.2")] * told


def test_the_usual_length_is_known_from_enough_messages() -> None:
    """The median of translated to English length; of a few texts, and of short ones, nothing is said."""
    long = pair(1, "x" * 20, "y" * 30)
    assert usual_length([long] * 20) == 1.5
    assert usual_length([long] * 19) == 0.0
    assert usual_length([pair(1, "x" * 19, "y" * 30)] * 30) == 0.0


def test_coverage_counts_what_may_be_printed(sources: Sources) -> None:
    """A fuzzy message prints in English; the source has no coverage, nor has a locale that is not there."""
    catalog = sources.catalogs["es"]
    messages = {**catalog.messages}
    messages["about-ipt.lead"] = replace(messages["about-ipt.lead"], fuzzy=True)
    loaded = replace(sources, catalogs={"es": replace(catalog, messages=messages)})
    counts = coverage(loaded, ["en", "es", "xq"])
    assert list(counts) == ["es"]
    assert counts["es"][0] == counts["es"][1] - 1
