"""E-mail HTML: whole in one file, right in every client's limits, readable in a real browser."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from handouts.mail.lint import lint
from handouts.sources.glossary import telling
from handouts.sources.load import Sources
from tests.conftest import HANDOUTS, NODE, SPREAD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FIRST_LINE = 250  # characters that a list of mail may show of an e-mail
READ_CLOSELY = ["en", "ar", "zh-Hans", "hi"]
# What clients drop or refuse, from the measurements in CONTRIBUTING.md: none of it may stand in the body.
DROPPED = re.compile(
    r"<(bdi|svg|img|section|article|header|footer|nav|main|figure|script|form)\b|aria-|\bhidden\b|display:\s*(flex|grid)"
    r"|\drem\b|var\(|-inline-|-block-|text-align:\s*start|!important|border-radius|data:|;height:|\"height:| height="
)


def test_clients_show_every_email_as_it_is_meant(emails: dict[str, str]) -> None:
    """Nothing that they drop, refuse or clip is in an e-mail of any locale, a clinic's too."""
    assert {name: lint(page) for name, page in emails.items() if lint(page)} == {}


def seen(html: str) -> str:
    """Return the words of an e-mail in the order in which a mail program shows them."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<body")[2].partition(">")[2])).split())


@pytest.mark.parametrize("part", ["email", "text"])
def test_what_a_list_of_mail_shows_tells_nothing_of_an_illness(
    emails: dict[str, str], texts: dict[str, str], sources: Sources, part: str
) -> None:
    """In both parts, of every locale: 250 characters of a letter, then the crisis box; and in the title of the page."""
    found = {name: seen(page) for name, page in emails.items()} if part == "email" else texts
    for name, shown in found.items():
        tag = name.split("/")[-2]
        words = sources.translation("about-ipt", "au", tag).handout.words
        letter, crisis, _ = " ".join(shown.split()).partition(words["crisis"].text)
        assert crisis
        assert telling(sources.glossary, letter, tag) == [], name
        own = letter.partition(words["mail-intro"].text)[2]
        assert len(words["mail-intro"].text + own) >= FIRST_LINE, name
    for page in emails.values():
        title = page.partition("<title>")[2].partition("</title>")[0]
        assert telling(sources.glossary, title) == []


@pytest.mark.parametrize("tag", SPREAD)
@pytest.mark.parametrize("slug", HANDOUTS)
def test_the_file_stays_inside_every_clients_limits(built: Path, tag: str, slug: str) -> None:
    """At most 90 kB (Gmail clips at 102), styles at most 8 kB, nothing fetched, nothing that clients drop."""
    html = (built / tag / f"{slug}.email.html").read_text(encoding="utf-8")
    head, body = html.split("<body", 1)
    assert len(html.encode()) <= 90_000
    assert sum(len(s.encode()) for s in re.findall(r"<style>(.*?)</style>", head, re.DOTALL)) <= 8_000
    assert "style=" in body
    assert not DROPPED.search(body), DROPPED.search(body)
    assert set(re.findall(r'(?:href|src)="([a-z]+):', html)) <= {"https", "tel", "sms"}
    assert "<link" not in html
    assert "url(" not in html


@pytest.mark.parametrize("tag", SPREAD)
def test_language_and_direction_are_written_on_every_table(built: Path, sources: Sources, tag: str) -> None:
    """Gmail strips html and body: the wrapper, every table and every cell say lang and dir themselves."""
    body = (built / tag / "about-ipt.email.html").read_text(encoding="utf-8").split("<body", 1)[1]
    wrappers = re.findall(r"<(?:table|td)\b[^>]*>", body) + re.findall(r"<div\b[^>]*>", body)
    assert len(wrappers) > 20
    for wrapper in wrappers:
        assert f'lang="{tag}"' in wrapper
        assert f'dir="{sources.locales[tag].direction}"' in wrapper


@pytest.mark.parametrize("tag", SPREAD)
def test_the_text_stands_alone_with_the_crisis_numbers_first(built: Path, sources: Sources, tag: str) -> None:
    """A reader without HTML meets the numbers before anything else, and every part of the handout."""
    text = (built / tag / "about-ipt.txt").read_text(encoding="utf-8")
    region = sources.content.regions["au"]
    got = sources.translation("about-ipt", "au", tag).handout
    for line in region.lines:
        assert 0 < text.index(line.call) < text.index(got.title.text)
    for section in got.sections:
        assert section.heading.text in text
    assert "10.1176/appi.ajp.2015.15091141" in text


AXE = NODE / "node_modules/axe-core/axe.min.js"
STRIPPED = """() => {
  document.querySelectorAll('style').forEach(e => e.remove());
  for (const e of [document.documentElement, document.body]) [...e.attributes].forEach(a => e.removeAttribute(a.name));
}"""
READ = """() => ({
  wide: document.documentElement.scrollWidth,
  directions: [...document.querySelectorAll('h1, h2, td, th, p, ul, li')].map(e =>
    [e.closest('[lang]').lang, getComputedStyle(e).direction]),
  broken: [...document.querySelectorAll('a[href^="tel:"], a[href^="sms:"]')]
    .filter(e => new Set([...e.getClientRects()].map(r => Math.round(r.top))).size !== 1).map(e => e.textContent),
  turned: [...document.querySelectorAll('a span')].filter(e => { const next = e.nextElementSibling;
    if (!next) return false; const [a, b] = [e, next].map(x => x.getBoundingClientRect());
    return a.top === b.top && b.left < a.left }).map(e => e.textContent),
  aligned: [...new Set([...document.querySelectorAll('h2')].map(e => getComputedStyle(e).textAlign))],
})"""
# Without dir too: what each cell is by its style alone.
CELLS = """() => {
  document.querySelectorAll('[dir]').forEach(e => e.removeAttribute('dir'));
  return [...new Set([...document.querySelectorAll('td')].map(e => getComputedStyle(e).direction))];
}"""
CONTRASTS = """() => {
  const light = c => { const v = c.map(x => x / 255).map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
                       return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2] };
  const parse = s => s.match(/[\\d.]+/g).map(Number);
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
                        if (c.length < 4 || c[3] > 0) return c.slice(0, 3) } return [255, 255, 255] };
  const out = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) { const node = walker.currentNode; if (!node.textContent.trim()) continue;
    const pair = [light(parse(getComputedStyle(node.parentElement).color).slice(0, 3)), light(ground(node.parentElement))].sort((a, b) => a - b);
    out.push([(pair[1] + 0.05) / (pair[0] + 0.05), node.textContent.trim().slice(0, 40)]) }
  return out;
}"""


def opened(browser: Browser, path: Path, **options: Any) -> Page:
    """Open an e-mail as a client with style sheets shows it."""
    page = browser.new_page(**options)
    page.goto(path.as_uri())
    return page


def wrong_directions(read: dict[str, Any], tag: str, direction: str) -> list[list[str]]:
    """Return the pieces that run the wrong way: what is in another language than the page is in Latin letters."""
    assert len(read["directions"]) > 50
    return [[lang, way] for lang, way in read["directions"] if way != (direction if lang == tag else "ltr")]


def faint(page: Page) -> list[list[Any]]:
    """Return the words of a page that stand out less than 4.5 to 1 from what is behind them."""
    measured: list[list[Any]] = page.evaluate(CONTRASTS)
    assert len(measured) > 50
    return [each for each in measured if each[0] < 4.5]


def violations(page: Page) -> list[str]:
    """Return what axe-core finds on a page against WCAG, levels A and AA."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(
        "run => axe.run(document, {runOnly: run})", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    )
    assert len(result["passes"]) > 8
    return [f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in result["violations"]]


@pytest.mark.browser
@pytest.mark.parametrize("slug", HANDOUTS)
@pytest.mark.parametrize("tag", SPREAD)
def test_the_page_holds_with_its_head_stripped(
    browser: Browser, built: Path, sources: Sources, tag: str, slug: str
) -> None:
    """With and without style sheets and html and body attributes, direction holds and nothing overflows at 320 px.

    No phone number is on two lines, and the pieces of an address follow each other from left to right.
    """
    direction = sources.locales[tag].direction
    page = opened(browser, built / tag / f"{slug}.email.html")
    for strip in ("() => {}", STRIPPED):
        page.evaluate(strip)
        for width in (1200, 360, 320):
            page.set_viewport_size({"width": width, "height": 800})
            read: dict[str, Any] = page.evaluate(READ)
            assert read["wide"] <= width
            assert wrong_directions(read, tag, direction) == []
            assert (read["broken"], read["turned"]) == ([], [])
            assert read["aligned"] == ["right" if direction == "rtl" else "left"]
    assert page.evaluate(CELLS) == [direction]
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tag", READ_CLOSELY)
def test_every_word_can_be_read_in_light_and_dark(
    browser: Browser, built: Path, tag: str, scheme: Any
) -> None:
    """The contrast of every word on what is really behind it is 4.5 to 1 or better."""
    page = opened(browser, built / tag / "about-ipt.email.html", color_scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body.firstElementChild).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    assert faint(page) == []
    page.evaluate(STRIPPED)
    assert faint(page) == []
    page.close()


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tag", READ_CLOSELY)
def test_axe_finds_nothing(browser: Browser, built: Path, tag: str, scheme: Any) -> None:
    """What axe-core knows of WCAG 2.1, levels A and AA, is kept, in light and in dark."""
    page = opened(browser, built / tag / "about-ipt.email.html", color_scheme=scheme)
    assert violations(page) == []
    page.close()


@pytest.mark.browser
@pytest.mark.node
def test_what_makes_a_page_hard_to_read_is_seen(browser: Browser, built: Path) -> None:
    """A cell that turned round, a wide word, faint words and a nameless picture are each found by the tests above."""
    page = opened(browser, built / "ar/about-ipt.email.html", viewport={"width": 320, "height": 800})
    page.evaluate("document.querySelector('td').style.direction = 'ltr'")
    assert wrong_directions(page.evaluate(READ), "ar", "rtl") == [["ar", "ltr"]]
    page.evaluate("""() => {
      const two = document.querySelectorAll('a span:first-child:not(:only-child)')[0].parentElement;
      two.replaceChildren(...[...two.children].reverse()); two.style = 'font-size: 4px; direction: rtl';
      document.querySelector('a').textContent = '1 '.repeat(90);
    }""")
    read = page.evaluate(READ)
    assert (len(read["broken"]), len(read["turned"])) == (1, 2)
    page.evaluate("document.querySelector('p').append('x'.repeat(80))")
    assert page.evaluate(READ)["wide"] > 320
    page.evaluate("[...document.querySelectorAll('p')].at(-1).style.color = '#999'")
    page.evaluate(
        "[...document.querySelectorAll('p')].at(-1).querySelectorAll('*').forEach(e => e.style.color = '#999')"
    )
    assert {round(ratio, 1) for ratio, _ in faint(page)} == {2.8}
    page.evaluate("document.querySelector('p').append(document.createElement('img'))")
    assert [each.split(":")[0] for each in violations(page)] == ["color-contrast", "image-alt"]
    page.close()
