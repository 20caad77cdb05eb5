"""A handout becomes HTML or text from values alone: the page, and how everything looks."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from handouts import markup
from handouts.library.plan import Choice, plan
from handouts.model import FORMATS, Format
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import LOCALES, SPREAD, our_look
from tests.page.conftest import Planned

OPEN = re.compile(r"\{\{|\{%|\{[a-z-]+\}|\bNone\b|\bUndefined\b")


@pytest.mark.parametrize("region", ["au", "gb", "us", "ca", "nz"])
@pytest.mark.parametrize("form", ["text", "email"])
def test_every_region_composes_in_every_locale(
    sources: Sources, look: Look, region: str, form: Format
) -> None:
    """All numbers of the health system are there, and no placeholder is left open."""
    pages = plan(Approval(sources, our_look()), Choice(formats=(form,), regions=(region,)))
    assert len(pages) == len(sources.content.drafts) * len(LOCALES)
    numbers = [n for line in sources.content.regions[region].lines for n in (line.call, line.text) if n]
    assert numbers
    for page in pages:
        composed = compose(page, look).replace("\N{NO-BREAK SPACE}", " ")
        assert not OPEN.search(re.sub(r"<style.*?</style>", "", composed, flags=re.DOTALL)), page.rendition
        assert all(number in composed for number in numbers), page.rendition


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("tag", ["ar", "el", "zh-Hans"])
def test_the_crisis_box_says_how_to_call_with_an_interpreter(
    sources: Sources, planned: Planned, look: Look, form: Format, tag: str
) -> None:
    """Call the interpreters first, and ask for the help line: with its number, which the text itself does not hold."""
    (line,) = (line for line in planned(tag, form).handout.region.lines if line.how)
    lifeline = sources.content.regions["au"].lines[0]
    assert line.kind == "interpreter"
    assert line.how
    assert line.how.safety
    before, _, after = markup.plain(line.how.text).partition("{lifeline}")
    shown = re.sub("<[^>]+>|[\u2066-\u2069\u200b]", "", compose(planned(tag, form), look))
    shown = shown.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")
    assert f"{before}{lifeline.call}{after}" in html.unescape(shown)


def test_plain_text_has_one_line_a_number(planned: Planned, look: Look) -> None:
    """A Greek “;” between two numbers would be a question mark."""
    lines = compose(planned("el", "text"), look).splitlines()
    numbers = [line for line in lines if "13 11 14" in line and len(line) < 40]  # the two ways to Lifeline
    assert len(numbers) == 2
    assert not any(";" in line or line.count("13 11 14") > 1 for line in numbers)


@pytest.mark.parametrize("form", FORMATS)
def test_a_page_ends_once_and_text_has_no_gaps(planned: Planned, look: Look, form: Format) -> None:
    """One line end at the end; in plain text at most one empty line."""
    composed = compose(planned("ar", form), look)
    assert composed == composed.strip() + "\n"
    assert form != "text" or "\n\n\n" not in composed


def test_words_are_escaped(planned: Planned, look: Look) -> None:
    """Whatever an owner or a title holds, it is text."""
    page = planned("en")
    composed = compose(
        replace(page, handout=replace(page.handout, owner=replace(page.handout.owner, text="<b>A & B</b>"))),
        look,
    )
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in composed
    assert "<b>A" not in composed


@pytest.mark.parametrize("form", FORMATS)
def test_only_an_approved_page_does_not_say_draft(planned: Planned, look: Look, form: Format) -> None:
    """In every format; whatever the state is but approved, the notice stands."""
    page = planned("en", form)
    notice = page.handout.words["draft"].text
    assert page.state == "draft"
    assert notice in compose(page, look)
    assert notice in compose(replace(page, state="reviewed"), look)
    assert notice not in compose(replace(page, state="approved"), look)


def test_the_date_of_a_page_is_that_of_its_edition_or_of_source_date_epoch(
    planned: Planned, look: Look
) -> None:
    """It is what the PDF says of itself; the day of the build is nowhere."""
    assert '<meta name="dcterms.created" content="2026-11-01">' in compose(planned("en"), look)
    dated = compose(planned("en"), replace(look, epoch="2023-11-14T22:13:20Z"))
    assert dated.count("2023-11-14T22:13:20Z") == 2


def test_a_clinic_is_printed_in_its_own_colour(sources: Sources, planned: Planned, look: Look) -> None:
    """Name, phone and accent are the clinic's; the other formats have its name too."""
    clinic = replace(sources.content.clinics["example"], accent="#123456")
    for form in FORMATS:
        page = replace(planned("en", form), clinic=clinic)
        assert clinic.name in compose(page, look)
    assert "--accent: #123456;" in compose(replace(planned("en"), clinic=clinic), look)


@pytest.mark.parametrize("form", ["pdf", "web"])
def test_every_question_for_a_visit_has_a_box_to_tick(sources: Sources, look: Look, form: Format) -> None:
    """A reader marks what matters to them on paper: in every handout that has questions, and one box for each of two languages' words."""
    for page in plan(Approval(sources, look), Choice(("ar", "en"), formats=(form,))):
        blocks = [block for section in page.handout.sections for block in section.blocks]
        ticks = [page.handout.slug] * sum(block.kind == "tick" for block in blocks)
        lists = re.findall(r'<ul class="items ticks">(.*?)</ul>', compose(page, look), re.DOTALL)
        twice = 2 if page.rendition.layout == "bilingual" else 1
        assert sum(found.count("<li>") for found in lists) == len(ticks) * twice, page.rendition.file
        assert bool(ticks) is (page.handout.slug != "references")


@pytest.mark.parametrize("form", FORMATS)
def test_steps_are_numbered_in_every_form(sources: Sources, look: Look, form: Format) -> None:
    """One, two, three in the digits of the locale, also where each step stands beside its English, and no step is lost."""
    for page in plan(Approval(sources, look), Choice(("en", "fa"), ("about-ipt",), formats=(form,))):
        steps = [b for section in page.handout.sections for b in section.blocks if b.kind == "step"]
        assert len(steps) > 2
        composed, written = compose(page, look), page.locale.written
        if page.rendition.layout == "bilingual":
            found = re.findall(r'class="steps"><li style="[^"]*counter-set: list-item (\d)"', composed)
            assert found == [str(n) for n in range(1, len(steps) + 1) for _ in range(2)]
        elif form == "pdf":
            (listed,) = re.findall(r'<ol class="steps drawn">(.*?)</ol>', composed)
            assert listed.count("<li") == len(steps)
        else:
            before = {"web": r'<span class="number">{}\.</span><svg', "text": r"^{}\. "}.get(
                form, r'"text">{}\. '
            )
            for number in range(1, len(steps) + 1):
                assert re.search(before.format(written(number)), composed, re.MULTILINE), number


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_read_while_a_page_is_composed(
    planned: Planned, look: Look, form: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file, no clock, no environment: the same page and look give the same text, wherever and whenever."""
    pages = [planned(tag, form) for tag in SPREAD]
    before = [compose(page, look) for page in pages]  # libraries have read their own data by now

    def refuse(name: str) -> Callable[..., Any]:
        def refused(*arguments: object, **_: object) -> None:
            raise AssertionError(f"{name} was called while a page was composed: {arguments[:1]}")

        return refused

    for module, name in (("builtins", "open"), ("io", "open"), ("os", "open"), ("os", "getenv")):
        monkeypatch.setattr(f"{module}.{name}", refuse(name))
    for name in ("time", "monotonic", "localtime", "gmtime"):
        monkeypatch.setattr(time, name, refuse(name))
    after = [compose(page, look) for page in pages]
    monkeypatch.undo()
    assert after == before
