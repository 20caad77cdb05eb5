"""The code on the first page: read from the paper, it leads to the web page of the same handout in the same language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pytest
import zxingcpp
from pypdfium2 import PdfDocument

from handouts.characters import WITHOUT_FORMATS
from handouts.library.jobs import jobs
from handouts.library.make import make_rendition
from handouts.library.plan import Choice, plan
from handouts.model import Layout, Page
from handouts.page.approval import Approval
from handouts.page.code import SIDES, code, web_address
from handouts.page.compose import compose
from handouts.sources.load import Sources
from handouts.sources.look import Look

SITE = "https://handouts.north-example.example/ipt"
# Each layout, on a page from left to right and on another; each script, and the other direction in two of them.
CHOSEN = [
    ("ar", "standard"),
    ("ar", "bilingual"),
    ("en", "standard"),
    ("en", "large-print"),
    ("hi", "large-print"),
    ("zh-Hant", "bilingual"),
]
MODULES_AROUND = 4
DOTS = 300  # to an inch


def published(sources: Sources, site: str = SITE) -> Sources:
    """Return the sources with the address of the example clinic's gallery."""
    clinic = replace(sources.content.clinics["example"], site=site)
    return replace(sources, content=replace(sources.content, clinics={"example": clinic}))


def page_in(sources: Sources, look: Look, tag: str, layout: Layout = "standard", form: str = "pdf") -> Page:
    """Return a page of the example clinic."""
    choice = Choice((tag,), ("your-sessions",), (form,), (layout,), clinics=("example",))  # type: ignore[arg-type] # a format
    (page,) = plan(Approval(sources, look), choice)
    return page


@dataclass(frozen=True)
class Read:
    """A finished PDF: what was read of it by a camera's eyes on the first page, and where."""

    data: bytes
    image: Any
    found: Any

    def millimetres(self) -> float:
        """Return how wide the code is."""
        place = self.found.position
        return float(abs(place.top_right.x - place.top_left.x)) * 25.4 / DOTS


@pytest.fixture(scope="module", params=CHOSEN, ids="-".join)
def printed(
    request: pytest.FixtureRequest, sources: Sources, look: Look, shared: Path
) -> tuple[Page, Page, Read]:
    """Make a PDF, and read the code on its first page; with it comes the web page that the gallery publishes."""
    tag, layout = request.param
    with_site = published(sources)
    page = page_in(with_site, look, tag, layout)
    (job,) = jobs(with_site, look, [page])
    made = make_rendition(job, look, shared / "cache")
    assert made.problems == ()
    with PdfDocument(made.data) as document:
        image = document[0].render(scale=DOTS / 72, grayscale=True).to_pil()
    (found,) = zxingcpp.read_barcodes(image)
    return page, page_in(with_site, look, tag, form="web"), Read(made.data, image, found)


def test_a_phone_reads_the_address_at_which_the_gallery_has_the_page(
    printed: tuple[Page, Page, Read],
) -> None:
    """In all layouts, in three scripts and from right to left; on the first page, where the draft has most to say."""
    _, on_web, read = printed
    assert read.found.text == f"{SITE}/{on_web.rendition.file}"
    assert read.found.format == zxingcpp.BarcodeFormat.QRCode
    assert read.found.ec_level in {"M", "Q", "H"}


def test_it_is_large_enough_and_has_white_around_it(printed: tuple[Page, Page, Read]) -> None:
    """At least 20 mm without the four modules of white that it needs."""
    page, _, read = printed
    assert read.millimetres() >= 20 - 0.3  # half a dot and the edge between two
    assert read.millimetres() == pytest.approx(SIDES[page.rendition.layout], abs=0.3)
    place, image = read.found.position, read.image
    modules = 33 + 4 * ((len(read.found.text) > 62) + (len(read.found.text) > 84))
    wide = (place.top_right.x - place.top_left.x) / modules * MODULES_AROUND - 2
    left, top = place.top_left.x, place.top_left.y
    right, bottom = place.bottom_right.x, place.bottom_right.y
    for box in (
        (left - wide, top - wide, right + wide, top - 3),
        (left - wide, bottom + 3, right + wide, bottom + wide),
        (left - wide, top - wide, left - 3, bottom + wide),
        (right + 3, top - wide, right + wide, bottom + wide),
    ):
        assert image.crop(box).getextrema()[0] > 250


def test_it_is_described_and_its_address_stands_in_words(printed: tuple[Page, Page, Read]) -> None:
    """A figure in the tree of tags for who listens, and the address for who has no phone."""
    page, on_web, read = printed
    said = page.handout.words["scan-code"].text
    with pikepdf.open(BytesIO(read.data)) as pdf:
        figures = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
        assert [str(each.Alt) for each in figures].count(said) == 1
        links = [str(a.A.URI) for p in pdf.pages for a in p.get("/Annots", []) if "/A" in a and "/URI" in a.A]
    assert f"{SITE}/{on_web.rendition.file}" in links
    with PdfDocument(read.data) as document:
        words = "".join("".join(p.get_textpage().get_text_range().split()) for p in document)
        words = words.translate(WITHOUT_FORMATS)  # marks of direction
    assert f"{SITE}/{on_web.rendition.file}".removeprefix("https://") in words


def test_without_an_address_there_is_no_code(sources: Sources, look: Look) -> None:
    """And no room for one."""
    page = page_in(sources, look, "en")
    assert web_address(page) is None
    assert code(page) == ""
    assert 'class="scan"' not in compose(page, look)


def test_it_holds_nothing_but_the_address(sources: Sources, look: Look) -> None:
    """No query, no fragment: nothing that could be about a person."""
    to = web_address(page_in(published(sources), look, "en"))
    assert to
    parts = urlsplit(to.href)
    assert (parts.scheme, parts.query, parts.fragment, parts.username) == ("https", "", "", None)


def test_a_web_page_says_where_it_is_published(sources: Sources, look: Look) -> None:
    """By the address that the code leads to."""
    page = page_in(published(sources), look, "ar", form="web")
    assert f'<link rel="canonical" href="{SITE}/{page.rendition.file}">' in compose(page, look)
