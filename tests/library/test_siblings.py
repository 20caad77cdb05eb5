"""A web page leads to what lies beside it: all of that, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.library.build import build
from handouts.library.crew import ThisMachine
from handouts.library.manifest import ManifestEntry, entries_with_files, withdraw
from handouts.library.outdated import UNMADE
from handouts.library.plan import Choice
from handouts.library.siblings import WebPages, linked
from handouts.model import SHOWN_FORMATS, Place
from handouts.problems import Problem
from handouts.site.pack import local_links
from tests.conftest import STOCKED, Stock

WEB = Choice(STOCKED.locales, ("about-ipt",), ("web",))
TORN = "{% if locale.tag == 'hi' %}{{ nobody_gives_this }}{% endif %}"


def led_to(stock: Stock, tag: str) -> list[str]:
    """Return what the page of a locale leads to, the gallery apart."""
    file = f"au/{tag}/about-ipt.html"
    links = local_links(file, (stock.out / file).read_text(encoding="utf-8"))
    return [link for link in links if not link.endswith("index.html")]


def languages(stock: Stock, tag: str) -> set[str]:
    """Return the languages that the page of a locale leads to."""
    return {link.split("/")[1] for link in led_to(stock, tag)} - {tag}


def test_a_page_leads_to_its_papers_its_text_and_its_other_languages(stocked: Stock) -> None:
    """In this order; English first among the languages, and no page to itself."""
    papers = ("pdf", "large-print.pdf", "bilingual.pdf", "txt")
    own = [f"au/ar/about-ipt.{end}" for end in papers]
    assert led_to(stocked, "ar") == [*own, *(f"au/{tag}/about-ipt.html" for tag in ("en", "hi", "zh-Hans"))]
    assert led_to(stocked, "en")[:3] == [
        f"au/en/about-ipt.{end}" for end in ("pdf", "large-print.pdf", "txt")
    ]


def test_pages_and_size_are_those_of_the_files(stocked: Stock) -> None:
    """In the words of the locale."""
    html = (stocked.out / "au/en/about-ipt.html").read_text(encoding="utf-8")
    entry = entries_with_files(stocked.out)["au/en/about-ipt.txt"]
    shown = re.sub(r"<[^>]+>|\s+", " ", html)
    assert "Pages: 1 ·" in re.sub(" +", " ", shown)
    assert f"Plain text {round(entry.size / 1000)} kB" in re.sub(" +", " ", shown)


def test_a_build_of_one_locale_leaves_the_others_true(stock: Stock) -> None:
    """A language that comes is led to from all pages, one that goes from none; the others' own files stay."""
    gone, _ = withdraw(stock.out, [f for f in entries_with_files(stock.out) if f.startswith("au/hi/")])
    assert len(gone) == 10
    stock.build(Choice(("ar",), ("about-ipt",), ("text",)))
    assert languages(stock, "zh-Hans") == {"ar", "en"}
    stock.build(Choice(("hi",), ("about-ipt",), ("web",)))
    assert languages(stock, "zh-Hans") == {"ar", "en", "hi"}
    assert languages(stock, "hi") == {"ar", "en", "zh-Hans"}
    assert [link for link in led_to(stock, "hi") if "/hi/" in link] == []


def test_a_page_that_cannot_be_made_is_led_to_by_none(stock: Stock) -> None:
    """It goes, as any rendition that fails; the others are made without it."""
    look = stock.approval.look
    torn = replace(look, templates={**look.templates, "web.html": TORN + look.templates["web.html"]})
    pages = stock.pages(WEB)
    report = build(stock.approval.sources, torn, pages, stock.out, 1, lambda _: None)
    assert {problem.code for problem in report.problems} == {"invalid-template"}
    assert ("au/hi/about-ipt.html", UNMADE) in {(each.file, each.why) for each in report.removed}
    assert languages(stock, "ar") == {"en", "zh-Hans"}


def test_what_an_error_touches_is_left_as_it_was(stock: Stock) -> None:
    """The page of a locale whose catalog is broken is not made again; it is led to as long as it is there."""
    entries = entries_with_files(stock.out)
    error = Problem("broken", "here", "it is broken.", "Mend it.", locale="hi")

    def made(*errors: Problem) -> set[str]:
        web = WebPages(
            stock.approval,
            (),
            frozenset([Place("au")]),
            errors,
            stock.approval.sources.root / ".cache",
            ThisMachine(1),
        )
        return {each.job.page.rendition.locale for each in web.made_of(entries)}

    assert made() == {"en", "ar", "hi", "zh-Hans"}
    assert made(error) == {"en", "ar", "zh-Hans"}
    assert made(replace(error, severity="warning")) == made()


def test_a_page_whose_words_do_not_pass_the_checks_is_left_as_it_was(stock: Stock) -> None:
    """A build of English does not put down the Hindi page with a number that a translator has typed into the crisis box."""
    sources = stock.approval.sources
    catalog = sources.catalogs["hi"]
    message = catalog.messages["interface.crisis-call"]
    typed = replace(message, text=f"{message.text} 13 11 15")
    changed = replace(catalog, messages={**catalog.messages, message.id: typed})
    wrong = replace(sources, catalogs={**sources.catalogs, "hi": changed})
    before = (stock.out / "au/hi/about-ipt.html").read_bytes()
    spoilt = Stock(replace(stock.approval, sources=wrong), stock.out)
    withdraw(
        stock.out, ["au/ar/about-ipt.txt", "au/hi/about-ipt.txt"]
    )  # so that there is something to say anew
    spoilt.build(Choice(("en",), ("about-ipt",), ("web",)))
    assert (stock.out / "au/hi/about-ipt.html").read_bytes() == before
    assert "about-ipt.txt" not in str(led_to(stock, "ar"))


def test_another_place_is_not_led_to(stock: Stock) -> None:
    """The numbers of another region are no other form of these."""
    stock.build(Choice(("en",), ("about-ipt",), SHOWN_FORMATS, regions=("nz",)))
    html = (stock.out / "nz/en/about-ipt.html").read_text(encoding="utf-8")
    assert {link.split("/")[0] for link in local_links("nz/en/about-ipt.html", html)} == {"nz"}
    assert languages(stock, "en") == {"ar", "hi", "zh-Hans"}


@pytest.mark.parametrize("kept", ["own", "other"])
def test_of_two_papers_it_leads_to_the_regions_own(stocked: Stock, kept: str) -> None:
    """And to the other one where that is all there is."""
    (page,) = (p for p in stocked.pages(WEB) if p.locale.tag == "en")
    entries: Mapping[str, ManifestEntry] = entries_with_files(stocked.out)
    own = entries["au/en/about-ipt.pdf"]
    other = replace(own, rendition=replace(own.rendition, paper="letter", file="au/en/about-ipt.letter.pdf"))
    (found,) = linked([page], [other, own] if kept == "own" else [other])
    assert [each.rendition.paper for each in found.siblings] == ["a4" if kept == "own" else "letter"]


def test_what_has_not_changed_is_taken_from_the_cache(stock: Stock) -> None:
    """The same pages beside the same files: nothing is made, and nothing is written."""
    path: Path = stock.out / "au/ar/about-ipt.html"
    before = path.stat().st_mtime_ns
    assert stock.build(WEB).made == 0
    assert path.stat().st_mtime_ns == before
