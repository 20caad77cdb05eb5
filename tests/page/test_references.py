"""The reference list: in English as citeproc-js has it, elsewhere by the translator's patterns."""

from __future__ import annotations

import dataclasses
import json

import pytest
from babel import Locale as BabelLocale

from handouts.page.references import Patterns, cite, number_references
from handouts.sources.load import Sources
from handouts.sources.translate import translate
from tests.conftest import ROOT

GOLDEN = ROOT / "tests/golden/references.nlm.txt"


def english(sources: Sources) -> Patterns:
    """Return the patterns of the source."""
    texts = {name: block.text for name, block in sources.content.patterns.items()}
    return Patterns(texts, BabelLocale.parse("en"))


def test_english_is_what_citeproc_makes_of_every_reference(sources: Sources) -> None:
    """Every reference of ours, and made-up ones of other kinds, letter for letter (made by tests/node/golden.mjs)."""
    made_up = json.loads((ROOT / "tests/golden/references.json").read_text(encoding="utf-8"))
    items = [*(each.item for each in sources.content.references.values()), *made_up]
    ours = ["".join(piece.text for piece in cite(item, english(sources))) for item in items]
    golden = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert len(golden) >= 15
    assert ours == golden


WITH_PATTERNS = ["el", "es", "fil", "it", "ru", "vi"]


@pytest.mark.parametrize("tag", WITH_PATTERNS)
def test_a_locale_with_all_patterns_writes_references_in_its_own_way(sources: Sources, tag: str) -> None:
    """Order, marks and words are the translator's; names, titles, numbers and the DOI stay what they are."""
    handout = sources.translation("references", "au", tag).handout
    cited = {c.reference.id: c for c in number_references(handout, sources.locales[tag])}
    plain = {
        c.reference.id: c
        for c in number_references(sources.content.handout("references", "au"), sources.source)
    }
    assert {c.lang for c in cited.values()} == {tag}
    assert cited["nice2022"].text != plain["nice2022"].text
    for citation in cited.values():
        item = citation.reference.item
        assert item["title"].rstrip(".") in [piece.text for piece in citation.pieces if piece.own]
        assert str(item["issued"]["date-parts"][0][0]) in citation.text
        if "DOI" in item:
            assert citation.pieces[-1].href == f"https://doi.org/{item['DOI']}"
        assert "{" not in citation.text
        assert "  " not in citation.text


@pytest.mark.parametrize("tag", ["ar", "zh-Hans", "th", "fa"])
def test_a_locale_without_patterns_has_them_in_the_works_own_form(sources: Sources, tag: str) -> None:
    """Right to left, or where no one has translated the patterns, a work is cited as it cites itself."""
    handout = sources.translation("references", "au", tag).handout
    assert {c.lang for c in number_references(handout, sources.locales[tag])} == {"en"}
    assert not sources.translation("references", "au", tag).missing


def test_one_pattern_missing_leaves_all_in_english(sources: Sources) -> None:
    """All or nothing: a list half in one way and half in another is wrong in both."""
    catalog = sources.catalogs["es"]
    messages = {
        **catalog.messages,
        "citation.pages": dataclasses.replace(catalog.messages["citation.pages"], text=""),
    }
    handout = sources.content.handout("references", "au")
    halved = dataclasses.replace(catalog, messages=messages)
    got = translate(handout, halved, sources.locales["es"], approved=False)
    assert {c.lang for c in number_references(got.handout, sources.locales["es"])} == {"en"}
    assert got.missing == ()
