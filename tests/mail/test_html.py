"""E-mail HTML: whole in one file, right in every client's limits, readable in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from handouts.sources import Sources
from tests.conftest import BROWSER_ARGUMENTS, CHROMIUM, SPREAD

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HANDOUTS = ["about-ipt", "references"]
# What clients drop or refuse, from the measurements in CONTRIBUTING.md: none of it may stand in the body.
DROPPED = re.compile(
    r"<(bdi|svg|img|section|article|header|footer|nav|main|figure|script|form)\b|aria-|\bhidden\b|display:\s*(flex|grid)"
    r"|\drem\b|var\(|-inline-|-block-|text-align:\s*start|!important|border-radius|data:|;height:|\"height:| height="
)


@pytest.mark.parametrize("tag", SPREAD)
@pytest.mark.parametrize("slug", HANDOUTS)
def test_the_file_stays_inside_every_clients_limits(built: Path, tag: str, slug: str) -> None:
    """At most 90 kB (Gmail clips at 102), styles at most 8 kB, nothing fetched, nothing that clients drop."""
    html = (built / tag / f"{slug}.html").read_text(encoding="utf-8")
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
    body = (built / tag / "about-ipt.html").read_text(encoding="utf-8").split("<body", 1)[1]
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGUMENTS)
        yield running
        running.close()


STRIPPED = """() => {
  document.querySelectorAll('style').forEach(e => e.remove());
  for (const e of [document.documentElement, document.body]) [...e.attributes].forEach(a => e.removeAttribute(a.name));
}"""
READ = """() => ({
  wide: document.documentElement.scrollWidth,
  directions: [...new Set([...document.querySelectorAll('h1, h2, td, ul')].map(e => getComputedStyle(e).direction))],
  aligned: [...new Set([...document.querySelectorAll('h2')].map(e => getComputedStyle(e).textAlign))],
})"""
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


@pytest.mark.browser
@pytest.mark.parametrize("tag", SPREAD)
def test_the_page_holds_with_its_head_stripped(
    browser: Browser, built: Path, sources: Sources, tag: str
) -> None:
    """Without style sheets and without html and body attributes, direction holds and nothing overflows at 320 px."""
    for width in (320, 360, 1200):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto((built / tag / "about-ipt.html").as_uri())
        page.evaluate(STRIPPED)
        read: dict[str, Any] = page.evaluate(READ)
        direction = sources.locales[tag].direction
        assert read["wide"] <= width
        assert read["directions"] == [direction]
        assert read["aligned"] == ["right" if direction == "rtl" else "left"]
        page.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_every_word_can_be_read_in_light_and_dark(
    browser: Browser, built: Path, tag: str, scheme: str
) -> None:
    """The contrast of every word on what is really behind it is 4.5 to 1 or better."""
    page = browser.new_page(color_scheme=scheme)
    page.goto((built / tag / "about-ipt.html").as_uri())
    measured: list[list[Any]] = page.evaluate(CONTRASTS)
    assert len(measured) > 50
    assert min(measured)[0] >= 4.5, min(measured)
    page.close()
