"""The English content: easy to read, in short lists, with nothing typed in that belongs elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.checks.content import (
    NUMBERS,
    check_blocks,
    check_claims,
    check_colours,
    check_frame,
    check_interpreters,
    check_lists,
    check_readability,
    check_templates,
    grades,
    numbers_named,
    prose,
)
from handouts.model import Block
from handouts.sources.content import Content
from handouts.sources.load import Sources
from handouts.sources.look import TOKENS, Look

HARD = "Interpersonal psychotherapy demonstrates considerable effectiveness notwithstanding heterogeneity."


def with_lead(content: Content, text: str, times: int) -> Content:
    """Return the content with a paragraph put into the first handout some times."""
    draft = content.drafts["about-ipt"]
    blocks = tuple(Block(f"about-ipt.p{n}", text) for n in range(times))
    section = replace(draft.sections[0], blocks=(*draft.sections[0].blocks, *blocks))
    draft = replace(draft, sections=(section, *draft.sections[1:]))
    return replace(content, drafts={"about-ipt": draft})


def test_every_region_says_how_a_caller_gets_an_interpreter(sources: Sources) -> None:
    """In a sentence of its crisis box; one that does not is named."""
    regions = sources.content.regions
    assert list(check_interpreters(regions.values())) == []
    silent = replace(regions["nz"], lines=tuple(replace(line, how=None) for line in regions["nz"].lines))
    (problem,) = check_interpreters([regions["au"], silent])
    assert (problem.code, problem.region) == ("interpreter-missing", "nz")


def test_what_ships_is_easy_to_read(sources: Sources) -> None:
    """Sixth grade or below (AMA), and no sentences that chop, in every region."""
    found = grades(sources.content)
    assert len(found) == len(sources.content.drafts) * len(sources.content.regions)
    assert max(found.values()) <= 6
    assert list(check_readability(sources.content)) == []


@pytest.mark.parametrize(("times", "severity"), [(4, "warning"), (60, "error")])
def test_hard_english_is_told(sources: Sources, times: int, severity: str) -> None:
    """A warning above grade 6, an error above grade 8, with the handout's file."""
    problems = list(check_readability(with_lead(sources.content, HARD, times)))
    assert {(p.code, p.severity, p.file) for p in problems} == {
        ("hard-to-read", severity, "content/handouts/about-ipt.yaml")
    }


def test_an_english_of_very_short_sentences_is_told(sources: Sources) -> None:
    """Below grade 4 a text chops; the warning stops nothing."""
    problems = list(check_readability(with_lead(sources.content, "Go on.", 200)))
    assert {(p.code, p.severity) for p in problems} == {("reads-clipped", "warning")}


def test_the_grade_is_that_of_what_a_reader_reads(sources: Sources) -> None:
    """Running text without marks: the lead, the crisis call, the access of the region; no address."""
    text = "\n".join(prose(sources.content.handout("about-ipt", "au")))
    assert "call now. Call even if you are not sure." in text
    assert "Medicare gives back part of the cost" in text
    assert not set(text) & set("*[]@")


def test_a_long_list_is_told(sources: Sources) -> None:
    """Seven things are what a reader keeps in mind (CDC Clear Communication Index)."""
    assert list(check_lists(sources.content)) == []
    draft = sources.content.drafts["about-ipt"]
    items = tuple(Block(f"about-ipt.i{n}", "x", kind="item") for n in range(8))
    for count, told in ((7, []), (8, ["list-too-long"])):
        long = replace(draft, summary=replace(draft.summary, blocks=items[:count]))
        content = replace(sources.content, drafts={"about-ipt": long})
        assert [p.code for p in check_lists(content)] == told


def test_two_lists_of_a_section_are_not_one(sources: Sources) -> None:
    """Steps, and then questions to tick: a reader keeps each by itself in mind."""
    draft = sources.content.drafts["about-ipt"]
    steps = tuple(Block(f"about-ipt.s{n}", "x", kind="step") for n in range(8))
    ticks = tuple(Block(f"about-ipt.t{n}", "x", kind="tick") for n in range(7))
    for blocks, told in ((steps[:7] + ticks, []), (steps + ticks, ["list-too-long"])):
        both = replace(draft, summary=replace(draft.summary, blocks=blocks))
        content = replace(sources.content, drafts={"about-ipt": both})
        assert [p.code for p in check_lists(content)] == told


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (Block("about-ipt.a", "Ask {name}."), "unknown-placeholder"),
        (Block("region-au.a", "Ask {name}."), "unknown-placeholder"),
        (Block("about-ipt.a", "Call 13 11 14."), "phone-number-typed"),
        (Block("interface.a", "Call 13 11 14."), "phone-number-typed"),
    ],
)
def test_what_belongs_elsewhere_is_told(block: Block, code: str) -> None:
    """A placeholder that no one fills, and a number that no one checks."""
    assert [(p.code, p.about) for p in check_blocks([block], {})] == [(code, block.id)]


@pytest.mark.parametrize(
    "block",
    [
        Block("interface.call", "Call {number}"),
        Block("citation.pages", "pp. {pages}"),
        Block("references.a-title", "ISBN 978 0 19 530941 6"),
        Block("about-ipt.a", "In 2016, 11,434 people took part."),
    ],
)
def test_what_is_filled_or_is_no_phone_number_is_let_alone(block: Block) -> None:
    """The frame's own placeholders, numbers in a reference, years and counts."""
    assert list(check_blocks([block], {})) == []


def test_any_text_may_name_the_emergency_number_of_its_region(sources: Sources) -> None:
    """Every region has one, and the page puts it in; a name beside it is told, with the nearest."""
    filled = numbers_named(sources.content)
    for key in ("about-ipt.short-action", "for-family-and-friends.sooner-call", "region-au.gp"):
        block = Block(key, "Call {emergency}.")
        assert list(check_blocks([block], filled)) == []
        (problem,) = check_blocks([replace(block, text="Call {emergencies}.")], filled)
        assert problem.code == "unknown-placeholder"
        assert problem.fix.startswith("Did you mean “emergency”?")
    for region in sources.content.regions.values():
        assert region.numbers.keys() == NUMBERS
        assert all(region.numbers.values())


@pytest.mark.parametrize(
    "key",
    [
        "about-ipt.title",
        "about-ipt.subtitle",
        "about-ipt.owner",
        "picture-together.alternative",
        "region-au.name",
    ],
)
def test_what_is_written_off_the_page_too_names_no_number(sources: Sources, key: str) -> None:
    """A title is the name of a tab and stands in lists, a picture's words are drawn: nothing would fill it there."""
    filled = numbers_named(sources.content)
    (problem,) = check_blocks([replace(sources.blocks()[key], text="Call {emergency}.")], filled)
    assert problem.code == "unknown-placeholder"


def test_what_is_said_of_a_help_line_may_name_a_line_of_its_region(sources: Sources) -> None:
    """By its id, if it takes calls: the number is put in there. A line of no such id is told, with the nearest."""
    filled = numbers_named(sources.content)
    assert "lifeline" in filled["region-au.interpreter-how"]
    block = Block("region-au.interpreter-how", "Ask for {lifeline}.")
    assert list(check_blocks([block], filled)) == []
    (problem,) = check_blocks([replace(block, text="Ask for {lifelin}.")], filled)
    assert problem.code == "unknown-placeholder"
    assert problem.fix.startswith("Did you mean “lifeline”?")
    (problem,) = check_blocks([replace(block, id="region-au.gp")], filled)
    assert problem.code == "unknown-placeholder"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It works **better** than CBT.", ["better"]),
        ("It is the  Best.", ["best"]),
        ("Less\N{NO-BREAK SPACE}effective, and worse.", ["worse", "less effective"]),
        ("A letter about the best-before date.", ["best"]),
        ("It abets no one.", []),
        ("Studied less than CBT.[@better2020]", []),
    ],
)
def test_a_text_may_not_say_what_it_says_it_never_says(text: str, said: list[str]) -> None:
    """In any case, in bold, over a wide space; the beginning of a word counts, its middle does not, nor a source's id."""
    block = Block(
        "about-ipt.a", text, never=("better", "best", "worse", "less effective"), note="No source says so."
    )
    found = list(check_claims([block]))
    assert [(p.code, p.about, p.severity) for p in found] == [("claim-forbidden", block.id, "error")] * len(
        said
    )
    assert all(f"“{word}”" in problem.what for word, problem in zip(said, found, strict=True))
    assert all("No source says so." in problem.fix for problem in found)
    assert list(check_claims([replace(block, never=())])) == []


def test_a_message_that_a_template_prints_and_that_is_not_there_is_told(look: Look) -> None:
    """With the line in the template; a name that is put together there is left out."""
    template = '{{ say(words["stamp"]) }}\n{{ say(words["stmp"]) }} {{ words["state-" ~ state] }}'
    (problem,) = check_frame({"text.txt": template})
    assert (problem.code, problem.file, problem.line) == ("unknown-message", "templates/text.txt", 2)
    assert problem.fix == "Did you mean “stamp”?"
    assert list(check_frame(look.templates)) == []


@pytest.mark.parametrize(
    "template", ["{{ say( }}", "{% if x %}", "{{ " + "(" * 5000, "{{ " + "9" * 5000 + " }}"]
)
def test_a_template_that_jinja_cannot_read_is_told(look: Look, template: str) -> None:
    """Before anything is made; a style sheet is none."""
    problems = list(check_templates({**look.templates, "print.html": template, "print.css": template}))
    assert [(p.code, p.file) for p in problems] == [("invalid-template", "templates/print.html")]


def test_a_colour_that_a_style_sheet_asks_for_is_there(look: Look) -> None:
    """One that is taken out would print nothing, and say nothing."""
    assert list(check_colours(look)) == []
    tokens = {name: token for name, token in look.tokens.items() if name != "rule"}
    assert [(p.code, p.file) for p in check_colours(replace(look, tokens=tokens))] == [
        ("missing-key", TOKENS)
    ]


@pytest.mark.parametrize(("safety", "severity"), [(True, "error"), (False, "warning")])
def test_a_text_without_a_letter_or_digit_is_told(*, safety: bool, severity: str) -> None:
    """It says nothing; in a safety block that is an error."""
    (problem,) = check_blocks([Block("about-ipt.a", "…", safety=safety)], {})
    assert (problem.code, problem.severity) == ("no-words", severity)
