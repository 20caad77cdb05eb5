"""The gallery shows what the manifest lists, in words that staff read, by languages in their own names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from tinyhtml5.parser import HTMLParser

from handouts.library.manifest import ManifestEntry, entries_with_files
from handouts.model import Place
from handouts.page.approval import Approval
from handouts.site.gallery import gallery_pages, shown_places
from handouts.site.pack import local_links
from tests.conftest import Stock


def entries(stock: Stock) -> list[ManifestEntry]:
    """Return what the manifest of a library lists."""
    return list(entries_with_files(stock.out).values())


def moved(listed: Iterable[ManifestEntry], place: Place) -> list[ManifestEntry]:
    """Return the same entries as those of another place."""
    found = []
    for each in listed:
        file = f"{place.folder}/{each.rendition.file.partition('/')[2]}"
        made = replace(each.rendition, region=place.region, clinic=place.clinic, file=file)
        found.append(replace(each, rendition=made))
    return found


def words(html: str) -> str:
    """Return what a page says."""
    body = html.partition("<body")[2].partition("<script")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", "<" + body).split())


def test_a_language_is_found_by_its_own_name_and_in_english(stocked: Stock) -> None:
    """In the order of the English names, which a receptionist knows; each says itself what its speakers say."""
    (place,) = shown_places(stocked.approval, entries(stocked), ())
    assert [(each.autonym, each.english_name) for each in place.languages] == [
        ("العربية", "Arabic"),
        ("简体中文", "Chinese (Simplified)"),
        ("English", "English"),
        ("हिन्दी", "Hindi"),
    ]
    said = {each.tag: each.speak for each in place.languages}
    assert said["ar"] == "أتكلم العربية."
    assert len(set(said.values())) == 4


def test_every_form_is_named_with_its_pages_and_size_what_is_printed_first(stocked: Stock) -> None:
    """English has no English beside it."""
    (place,) = shown_places(stocked.approval, entries(stocked), ())
    names = ["Print", "Large print", "With the English beside it", "Read on the screen", "Plain text"]
    by_tag = {each.tag: each.handouts[0] for each in place.languages}
    assert [form.name for form in by_tag["ar"].forms] == names
    assert [form.name for form in by_tag["en"].forms] == [n for n in names if "English" not in n]
    assert [form.pages for form in by_tag["ar"].forms] == [1, 1, 1, 0, 0]
    assert re.fullmatch(r"[0-9]+ kB", by_tag["ar"].forms[0].size)


def test_a_paper_that_is_not_the_usual_one_is_named(stocked: Stock) -> None:
    """Both lie there: nobody prints the wrong one."""
    own = entries_with_files(stocked.out)["au/en/about-ipt.pdf"]
    other = replace(own, rendition=replace(own.rendition, paper="letter", file="au/en/about-ipt.letter.pdf"))
    (place,) = shown_places(stocked.approval, [own, other], ())
    assert {form.name for form in place.languages[0].handouts[0].forms} == {"Print", "Print (Letter paper)"}


def test_it_leads_to_what_is_listed_and_nowhere_else(stocked: Stock) -> None:
    """Every form of every handout, by relative links; no e-mail, as that is sent by other means."""
    listed = entries(stocked)
    eml = replace(listed[0].rendition, format="eml", file="au/ar/about-ipt.eml")
    pages = gallery_pages(stocked.approval, [*listed, replace(listed[0], rendition=eml)], ())
    assert set(pages) == {"index.html", "au/index.html"}
    for file, html in pages.items():
        assert set(local_links(file, html)) == {each.rendition.file for each in listed}
        assert re.findall(r'(?:href|src)="[a-z]+:[^"]*"', html) == ['href="data:,"']


def test_where_there_are_several_places_the_first_page_is_a_choice(stocked: Stock) -> None:
    """A clinic by its name, in its colour; each place leads back, and shows nothing of another."""
    clinic = replace(stocked.approval.sources.content.clinics["example"], accent="#552200")
    content = replace(stocked.approval.sources.content, clinics={"example": clinic})
    approval = Approval(replace(stocked.approval.sources, content=content), stocked.approval.look)
    listed = entries(stocked)
    pages = gallery_pages(approval, [*listed, *moved(listed, Place("au", "example"))], ())
    assert set(local_links("index.html", pages["index.html"])) == {"au/index.html", "example/index.html"}
    assert "Example Clinic Australia" in words(pages["index.html"])
    for folder in ("au", "example"):
        links = set(local_links(f"{folder}/index.html", pages[f"{folder}/index.html"]))
        assert {link.split("/")[0] for link in links} == {folder, "index.html"}
    assert "--accent: #552200" in pages["example/index.html"]
    assert "#552200" not in pages["au/index.html"]


def test_drafts_are_told_in_words_beside_each_and_above_all(stocked: Stock) -> None:
    """How many there are; of one that is checked, neither word is said of the other."""
    listed = entries(stocked)
    page = words(gallery_pages(stocked.approval, listed, ())["au/index.html"])
    assert "DRAFT All 8 handouts are drafts" in page
    assert page.count("DRAFT not checked yet") == 8
    checked = [
        replace(e, state="approved") if e.rendition.file.startswith("au/ar/about") else e for e in listed
    ]
    page = words(gallery_pages(stocked.approval, checked, ())["au/index.html"])
    assert "DRAFT 7 of 8 handouts are drafts" in page
    assert (page.count("DRAFT not checked yet"), page.count("✓ Checked")) == (7, 1)
    approved = [replace(e, state="approved") for e in listed]
    page = words(gallery_pages(stocked.approval, approved, ())["au/index.html"])
    assert (page.count("DRAFT"), page.count("✓ Checked")) == (1, 8)  # how to print says what the word means


def test_half_a_draft_is_a_draft(stocked: Stock) -> None:
    """Where the forms of a handout differ, the gallery says what is safe."""
    listed = entries(stocked)
    listed = [replace(e, state="approved") if e.rendition.format == "pdf" else e for e in listed]
    (place,) = shown_places(stocked.approval, listed, ())
    assert place.drafts == 8


@pytest.mark.parametrize("lost", ["handout", "locale", "region", "clinic", "catalog"])
def test_what_the_sources_no_longer_have_is_shown_as_far_as_it_is_known(stocked: Stock, lost: str) -> None:
    """Another build may have left it, or its file cannot be read today: nothing fails, and nothing is left out."""
    approval, listed = stocked.approval, entries(stocked)
    sources, content = approval.sources, approval.sources.content
    if lost == "handout":
        drafts = {slug: d for slug, d in content.drafts.items() if slug != "about-ipt"}
        sources = replace(sources, content=replace(content, drafts=drafts))
    elif lost == "locale":
        sources = replace(sources, locales={t: v for t, v in sources.locales.items() if t != "zh-Hans"})
    elif lost == "catalog":
        sources = replace(sources, catalogs={})
    elif lost == "region":
        listed = moved(listed, Place("xx"))
    else:
        listed = moved(listed, Place("au", "gone"))
    (place,) = shown_places(Approval(sources, approval.look), listed, ())
    assert [len(each.handouts) for each in place.languages] == [2, 2, 2, 2]
    assert [each.english_name for each in place.languages][1] == "Chinese (Simplified)"
    assert place.name == {"region": "xx", "clinic": "gone"}.get(lost, "Australia")


def test_a_handout_without_a_cover_has_a_sheet_with_its_title(stocked: Stock) -> None:
    """A picture stands where there is one."""
    listed = entries(stocked)
    covers = {"au/covers/ar.about-ipt.png"}
    html = gallery_pages(stocked.approval, listed, covers)["index.html"]
    assert re.findall(r'<img src="([^"]+)"', html) == ["au/covers/ar.about-ipt.png"]
    assert html.count('class="sheet"') == 7


def test_the_pages_are_html_without_a_fault(stocked: Stock) -> None:
    """As the parser of the standard reads it; every id is there once, every link within the page leads somewhere."""
    listed = entries(stocked)
    pages = gallery_pages(stocked.approval, [*listed, *moved(listed, Place("au", "example"))], ())
    for html in pages.values():
        parser = HTMLParser()
        parser.parse(html)
        assert parser.errors == []
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
        assert set(re.findall(r'(?:labelledby|for)="([^"]+)"', html)) <= set(ids)


def test_nothing_that_a_person_wrote_becomes_html(stocked: Stock) -> None:
    """The title of a handout, the name of a clinic."""
    evil = '<img src=x onerror="alert(1)">'
    clinic = replace(stocked.approval.sources.content.clinics["example"], name=evil)
    content = replace(stocked.approval.sources.content, clinics={"example": clinic})
    approval = Approval(replace(stocked.approval.sources, content=content), stocked.approval.look)
    listed = [replace(e, title=evil, autonym=evil) for e in moved(entries(stocked), Place("au", "example"))]
    for html in gallery_pages(approval, listed, ()).values():
        assert "<img" not in html
        assert "&lt;img" in html


def test_without_anything_to_open_there_is_no_gallery(stocked: Stock) -> None:
    """An output folder of e-mails alone."""
    mails = [replace(e, rendition=replace(e.rendition, format="email")) for e in entries(stocked)]
    assert gallery_pages(stocked.approval, mails, ()) == {}
