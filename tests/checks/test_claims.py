"""Claims: every sentence rests on something that a clinician can look at, or claims nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.checks.claims import check_support, cited_sentences, claims, supports
from handouts.model import Block
from handouts.sources.content import Content
from handouts.sources.load import Sources


def with_block(content: Content, block: Block) -> Content:
    """Return the content with one more block in the first handout."""
    draft = content.drafts["about-ipt"]
    section = replace(draft.sections[0], blocks=(*draft.sections[0].blocks, block))
    draft = replace(draft, sections=(section, *draft.sections[1:]))
    return replace(content, drafts={**content.drafts, "about-ipt": draft})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It helps.[@a] It is short.", [("It helps.", ("a",)), ("It is short.", ())]),
        ("It helps.[@a][@b]", [("It helps.", ("a", "b"))]),
        ("It helps[@a]. It is short.[@b]", [("It helps.", ("a",)), ("It is short.", ("b",))]),
        ("**Bold.** Then {name} comes.[@a]", [("Bold.", ()), ("Then {name} comes.", ("a",))]),
        ("Does it help? Ask.[@a]", [("Does it help?", ()), ("Ask.", ("a",))]),
        ("About 5.2% of people did.[@a]", [("About 5.2% of people did.", ("a",))]),
        ("", []),
    ],
)
def test_a_citation_is_of_the_sentence_it_stands_behind(
    text: str, found: list[tuple[str, tuple[str, ...]]]
) -> None:
    """Within it or after its full stop, one or several; a number is no end of a sentence."""
    assert cited_sentences(text) == found


def test_every_sentence_that_ships_rests_on_something(sources: Sources) -> None:
    """A reference, a page, the text that the first handout was made from; or it asks, or claims nothing."""
    content = sources.content
    assert list(check_support(content)) == []
    found = claims(content)
    assert {claim.block.partition(".")[0] for claim in found} >= {*content.drafts, "region-us"}
    assert sum(claim.rests_on != claim.basis for claim in found) >= 8
    assert sum(claim.is_question for claim in found) >= 8


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (Block("about-ipt.new", "It cures everyone."), ["claim-without-source"]),
        (Block("about-ipt.new", "It helps.[@cuijpers2016] It cures everyone."), ["claim-without-source"]),
        (Block("about-ipt.new", "It helps.[@cuijpers2016] Does it?"), []),
        (Block("about-ipt.new", "It helps.", basis=("seed",)), []),
        (Block("about-ipt.new", "It helps.", basis=("cuijpers2016", "https://example.org/ipt")), []),
        (Block("about-ipt.new", "It helps.", basis=("cuijpers2061",)), ["unknown-basis"]),
        (Block("about-ipt.new", "It helps.", basis=("http://example.org",)), ["unknown-basis"]),
        (Block("about-ipt.new", "It helps.[@cuijpers2016]", basis=("cuijpers2061",)), ["unknown-basis"]),
    ],
)
def test_a_claim_without_a_source_is_listed(sources: Sources, block: Block, told: list[str]) -> None:
    """Sentence by sentence: one citation does not stand for the whole paragraph."""
    problems = list(check_support(with_block(sources.content, block)))
    assert [problem.code for problem in problems] == told
    assert {problem.about for problem in problems} <= {"about-ipt.new"}


def test_a_sentence_stands_beside_what_its_source_found(sources: Sources) -> None:
    """Once for each source, in the words that are printed beside it; what claims nothing is left out."""
    content = sources.content
    found = supports(with_block(content, Block("about-ipt.new", "It cures everyone.")))
    (first, second) = (each for each in found if each.sentence.startswith("On the whole it helps"))
    assert (first.rests_on, second.rests_on) == ("cuijpers2016", "cohen2024")
    assert first.found == content.references["cuijpers2016"].finding.text
    assert not any(each.sentence.endswith("?") or each.rests_on == "nothing" for each in found)
    assert [each.found for each in found if each.block == "about-ipt.new"] == ["nothing is named"]
