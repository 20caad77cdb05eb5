"""What a page says: in which language, marked or not, and nothing that is left open."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from handouts.library.plan import Choice, page_of, plan
from handouts.model import FORMATS, Format
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.page.speaker import Speaker
from handouts.problems import Problem, SourceError
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import our_look
from tests.page.conftest import Planned


def test_blocks_are_named_on_paper_and_in_an_email_where_it_is_asked(planned: Planned, look: Look) -> None:
    """The preview finds a block on the page; an e-mail that is sent says nothing of it."""
    assert 'data-block="about-ipt.lead"' in compose(planned("es"), look)
    assert "data-block" not in compose(planned("es", "email"), look)
    assert 'data-block="about-ipt.lead"' in compose(planned("es", "email"), look, marked=True)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("tag", ["en", "es"])
def test_a_placeholder_that_nothing_fills_stops_the_page_and_is_told(
    planned: Planned, look: Look, form: Format, tag: str
) -> None:
    """With the block and the file it was written in: the English if it is there, else the catalog."""
    page = planned(tag, form)
    words = page.handout.words
    spoilt = replace(words["about-this"], text="{nobody} and [@nothing]")
    broken = replace(page, handout=replace(page.handout, words={**words, "about-this": spoilt}))
    with pytest.raises(SourceError) as refused:
        compose(broken, look)
    file = "content/interface.yaml" if tag == "en" else "locales/es/handouts.po"
    told = [(p.code, p.file, p.about) for p in refused.value.problems]
    assert told == [("unknown-placeholder", file, "interface.about-this")]
    assert "“{nobody}”" in refused.value.problems[0].what
    unfilled: list[Problem] = []
    shown = re.sub("<[^>]*>|[\u2066-\u2069]", "", compose(broken, look, unfilled=unfilled))
    assert "{nobody} and" in shown
    assert "@nothing" in shown
    assert {(p.code, p.about) for p in unfilled} == {
        ("unknown-placeholder", "interface.about-this"),
        ("unknown-citation", "interface.about-this"),
    }


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("tag", "region"), [("en", "gb"), ("ar", "us"), ("hi", "nz"), ("zh-Hans", "au")])
def test_a_text_that_names_the_emergency_number_has_that_of_its_region(
    sources: Sources, look: Look, form: Format, tag: str, region: str
) -> None:
    """In every format, by itself in a text that is read from the right; on a screen and on paper it can be dialled."""
    choice = Choice((tag,), ("for-family-and-friends",), (form,), ("standard",), regions=(region,))
    (page,) = plan(Approval(sources, our_look()), choice)
    number = page.handout.region.numbers["emergency"]
    (step,) = (b for s in page.handout.sections for b in s.blocks if b.id.endswith("sooner-first"))
    assert "{emergency}" in step.text
    said = Speaker(page).say(step)
    shown = re.sub("<[^>]*>|[\u2066-\u2069]", "", said)
    for text in (step.text, step.english):  # in a draft the English stands beside what is for safety
        assert text.format(emergency=number) in shown
    assert (f'href="tel:{number}"' in said) == (form != "text")
    assert said in compose(page, look)


def test_a_missing_text_is_english_and_says_so(sources: Sources, look: Look) -> None:
    """A reader, a voice and a search program are told where the language changes."""
    catalog = sources.catalogs["ar"]
    messages = {key: message for key, message in catalog.messages.items() if key != "about-ipt.lead"}
    bare = replace(sources, catalogs={**sources.catalogs, "ar": replace(catalog, messages=messages)})
    (page,) = plan(Approval(bare, our_look()), Choice(("ar",), ("about-ipt",), ("pdf",), ("standard",)))
    lead = page.english.lead.text
    html = compose(page_of(Approval(bare, our_look()), page.rendition), look)
    assert f'<span lang="en" dir="ltr" class="instead">{lead}</span>' in html


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", ["", "Call", "{nothing} {number}", "**", "[@nobody]", "{family}[@x]"])
def test_no_message_keeps_a_page_from_being_composed(
    planned: Planned, look: Look, form: Format, text: str
) -> None:
    """What nothing fills is told by check, and shown as it is written: the preview shows the block with what is wrong."""
    page = planned("en", form)
    spoilt = replace(page, handout=page.handout.map_text(lambda block: replace(block, text=text)))
    composed = compose(spoilt, look, unfilled=[])
    assert "[@nobody]" not in text or "[@nobody]" in composed
