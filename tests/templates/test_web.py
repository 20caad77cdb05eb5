"""Web pages: the same text as on paper, the help lines first, nothing run, nothing fetched, small enough for any phone."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any, Literal

import pytest
from tinyhtml5.parser import HTMLParser

from handouts import markup
from handouts.library.plan import Choice, plan
from handouts.library.siblings import linked
from handouts.model import LAYOUTS, Page, Sibling
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.page.pictures import draw_on_screen
from handouts.page.values import dial
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import LOCALES, Stock, our_look
from tests.templates.test_email import READ_CLOSELY, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

LARGEST = 60_000  # bytes


def with_papers(page: Page) -> Page:
    """Return a page that leads to all that there could be beside it."""
    made = page.rendition
    papers = tuple(
        Sibling(replace(made, format="pdf", layout=layout), page.locale.autonym, "ltr", 12, 999_000)
        for layout in LAYOUTS
    )
    text = Sibling(replace(made, format="text"), page.locale.autonym, "ltr", 0, 999_000)
    return replace(page, siblings=(*papers, text, *page.siblings))


@pytest.fixture(scope="module")
def pages(sources: Sources) -> dict[str, Page]:
    """Return the web pages of every locale, and a clinic's, by file."""
    approval = Approval(sources, our_look())
    choices = (
        Choice(LOCALES, formats=("web",)),
        Choice(("en", "ar"), formats=("web",), clinics=("example",)),
    )
    found = [page for choice in choices for page in linked(plan(approval, choice), [])]
    assert len(found) == len(sources.content.drafts) * (len(LOCALES) + 2)
    return {page.rendition.file: with_papers(page) for page in found}


@pytest.fixture(scope="module")
def composed(pages: dict[str, Page], look: Look) -> dict[str, str]:
    """Return the HTML of them."""
    return {file: compose(page, look) for file, page in pages.items()}


def words(html: str) -> str:
    """Return the words of HTML in their order, with single spaces."""
    uncited = re.sub(r'<sup class="cite">.*?</sup>', "", html.partition("</head>")[2])
    return " ".join(unescape(re.sub(r"<[^>]+>", "", uncited)).split())


def faults(html: str) -> list[str]:
    """Return what is wrong with the HTML of a page: as the parser of the standard reads it, and its ids and their links."""
    parser = HTMLParser()
    parser.parse(html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    used = [*re.findall(r'href="#([^"]+)"', html), *re.findall(r'labelledby="([^"]+)"', html)]
    found = [f"{code} {details}" for _, code, details in parser.errors]
    found += [f"twice: {each}" for each in sorted({each for each in ids if ids.count(each) > 1})]
    found += [f"nowhere: {each}" for each in sorted(set(used) - set(ids))]
    return found + [f"asks for {each}" for each in fetched(html)]


def fetched(html: str) -> list[str]:
    """Return what a page would ask for when it is opened: an icon that is empty is none."""
    found = re.findall(
        r'\ssrc="[^"]*"|<link\b[^>]*>|url\([^)]*\)|@import[^;]*|<(?:script|iframe|object)\b', html
    )
    return [each for each in found if each != '<link rel="icon" href="data:,">']


def test_every_page_is_small_and_without_a_fault(composed: dict[str, str]) -> None:
    """In every locale, with everything that it can lead to: at most 60 kB, valid, nothing fetched, nothing run."""
    assert {file: len(html.encode()) for file, html in composed.items() if len(html.encode()) > LARGEST} == {}
    assert {file: fetched(html) for file, html in composed.items() if fetched(html)} == {}
    # All are made of one template: each locale with one handout, and each handout in one locale.
    some = {file: html for file, html in composed.items() if "about-ipt" in file or "/ar/" in file}
    assert {file: faults(html) for file, html in some.items() if faults(html)} == {}


@pytest.mark.parametrize(
    ("what", "fault"),
    [
        ("<p><b></p></b>", "unexpected-end-tag"),
        ('<p id="crisis">', "twice: crisis"),
        ('<a href="#nowhere">', "nowhere: nowhere"),
        ('<img src="x.png">', "asks for"),
        ("<script>", "asks for"),
        ('<link rel="stylesheet" href="x.css">', "asks for"),
        ("<style>p { background: url(x.png) }</style>", "asks for"),
    ],
)
def test_a_fault_is_found(composed: dict[str, str], what: str, fault: str) -> None:
    """Each of them is seen, or the test above would guard nothing."""
    spoilt = composed["au/en/about-ipt.html"].replace("<main>", f"<main>{what}", 1)
    assert any(fault in found for found in faults(spoilt))


def test_language_and_direction_are_those_of_the_locale(
    composed: dict[str, str], pages: dict[str, Page]
) -> None:
    """On the page, and on each link to another language."""
    for file, html in composed.items():
        page = pages[file]
        assert f'<html lang="{page.locale.tag}" dir="{page.locale.direction}">' in html
        others = {each for each in page.siblings if each.rendition.locale != page.locale.tag}
        for each in others:
            tag = each.rendition.locale
            assert f'hreflang="{tag}" lang="{tag}" dir="{each.direction}">{each.autonym}</a>' in html


def test_the_help_lines_come_first_and_every_number_can_be_dialled(
    composed: dict[str, str], pages: dict[str, Page]
) -> None:
    """Before the title, in the region's order; each number is a link that dials or writes to it, and to no other."""
    for file, html in composed.items():
        region = pages[file].handout.region
        box = html.partition('<section class="crisis"')[2].partition("</section>")[0]
        assert html.index(box) < html.index("<h1>")
        ways = [number for line in region.lines for _, number in dial(line)]
        at = [
            box.index(f'<a href="{way.href}"><bdi dir="ltr" class="phone">{way.text}</bdi></a>')
            for way in ways
        ]
        assert at == sorted(at)
        assert {*re.findall(r'href="((?:tel|sms):[^"]+)"', box)} == {way.href for way in ways}


def test_a_page_says_all_that_the_handout_says(composed: dict[str, str], pages: dict[str, Page]) -> None:
    """Every block of it, word by word; so does the imprint, and where its sources are, they can be gone to."""
    for file, html in composed.items():
        page, said = pages[file], words(html)
        handout = page.handout
        sections = [handout.summary, *handout.sections]
        blocks = [handout.title, handout.subtitle, handout.lead, *(s.heading for s in sections)]
        blocks += [block for section in sections for block in section.blocks]
        for section in sections:
            if section.picture:
                blocks += [section.picture.caption, *section.picture.labels.values()]
                assert f'aria-label="{section.picture.alternative.text}"' in html
        for block in blocks:
            for piece in re.split(r"\[@[^\]]+\]|\{[a-z-]+\}", markup.plain(block.text)):
                assert " ".join(piece.split()) in said, (file, block.id)
        assert handout.words["about-this"].text in said
        assert set(re.findall(r'href="#(ref-\d+)"', html)) <= set(re.findall(r'id="(ref-\d+)"', html))


def test_draft_is_said_until_the_page_is_approved(sources: Sources, look: Look) -> None:
    """In both languages, at the top; then nowhere."""
    (page,) = plan(Approval(sources, look), Choice(("ar",), ("about-ipt",), ("web",)))
    draft, approved = compose(page, look), compose(replace(page, state="approved"), look)
    own = page.handout.words["draft"].text
    assert draft.index(own) < draft.index("DRAFT: this text") < draft.index("<main>")
    assert own not in approved
    assert "DRAFT" not in approved


def test_the_words_of_a_picture_are_text_that_stays_in_it(pages: dict[str, Page]) -> None:
    """Where the page runs from right to left the drawing is mirrored, and its words change sides with it."""
    english, arabic = pages["au/en/about-ipt.html"], pages["au/ar/about-ipt.html"]
    places = []
    for page, mirrored in ((english, "translate(0 0)"), (arabic, "translate(216 0) scale(-1 1)")):
        picture = page.handout.summary.picture
        assert picture is not None
        svg = str(draw_on_screen(picture, page))
        assert svg.count("<text ") == len(picture.labels) == 2
        assert mirrored in svg
        assert "var(--accent)" in svg
        assert "#" not in svg
        places.append([int(x) for x in re.findall(r'<text x="(\d+)"', svg)])
    assert [sum(pair) for pair in zip(*places, strict=True)] == [216, 216]


def test_a_clinic_is_named_at_the_top(composed: dict[str, str]) -> None:
    """With its telephone, in the colour that is its own on a light screen."""
    html = composed["example/ar/about-ipt.html"]
    head = html.partition('<header class="head">')[2].partition("</header>")[0]
    assert "Example Clinic" in head
    assert 'href="tel:0255500100"' in head


LOOKED_AT = """() => ({
  wide: document.documentElement.scrollWidth,
  small: [...document.querySelectorAll('.dial a, .languages a, .forms a, .tongues a, .turn, #i-speak a, .bar a')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < 36).map(e => e.textContent),
  broken: [...document.querySelectorAll('.dial a')].filter(e => e.getClientRects().length !== 1).map(e => e.textContent),
})"""


def looked_at(tab: Tab, asked: list[str]) -> dict[tuple[str, int], list[Any]]:
    """Return what is wrong with the page that a tab shows, in light and dark, on a small phone and on a desk."""
    wrong: dict[tuple[str, int], list[Any]] = {}
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        for width in (320, 1280):
            tab.set_viewport_size({"width": width, "height": 800})
            tab.emulate_media(color_scheme=scheme)
            seen = tab.evaluate(LOOKED_AT)
            found = [*seen["small"], *seen["broken"], *violations(tab), *asked]
            if found or seen["wide"] > width:
                wrong[scheme, width] = [*found, seen["wide"]]
    return wrong


def opened(browser: Browser, address: str, asked: list[str]) -> Tab:
    """Open a page, and note all that it asks for beside files."""
    tab = browser.new_page(bypass_csp=True)
    tab.on(
        "request", lambda each: None if each.url.startswith(("file:", "data:")) else asked.append(each.url)
    )
    tab.on("console", lambda said: asked.append(said.text))
    tab.on("pageerror", lambda error: asked.append(str(error)))
    tab.goto(address)
    return tab


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.parametrize("tag", READ_CLOSELY)
def test_axe_finds_nothing_and_nothing_overflows(browser: Browser, stocked: Stock, tag: str) -> None:
    """In light and dark, at 320 and 1280 pixels; what is touched is high enough, no number is on two lines, nothing is fetched."""
    asked: list[str] = []
    tab = opened(browser, (stocked.out / f"au/{tag}/about-ipt.html").as_uri(), asked)
    assert looked_at(tab, asked) == {}
    tab.close()
