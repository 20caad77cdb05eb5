"""A page is the same tree however it is read: as XML where it is well-formed, else by the rules of HTML."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
import tinyhtml5
import weasyprint

from handouts.library.plan import Choice, plan
from handouts.model import LAYOUTS, Layout
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.pdf.exact.reading import document
from handouts.pdf.sheets import parted
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import SPREAD, our_look

AROUND = ("html", "head", "body")  # space between these belongs to no page
DECLARED = "{http://www.w3.org/2000/xmlns/}xmlns"  # which HTML keeps as an attribute


def shape(element: Any) -> tuple[Any, ...]:
    """Return all that an element holds, comments left out."""
    pieces, text = [], element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            pieces += [text, shape(child)]
            text = ""
        text += child.tail or ""
    kept = [piece for piece in (*pieces, text) if not isinstance(piece, str) or piece.strip()]
    attributes = {name: value for name, value in element.attrib.items() if name != DECLARED}
    return (element.tag, attributes, *(kept if element.tag in AROUND else [*pieces, text]))


def tree_of(text: str) -> Any:
    """Return the tree that is laid out."""
    return document(text, None, "handout:").etree_element


def by_html(text: str) -> Any:
    """Return the tree by the rules of HTML."""
    return tinyhtml5.parse(text, namespace_html_elements=False)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_page_is_well_formed_and_the_same_tree_by_both(
    sources: Sources, look: Look, monkeypatch: pytest.MonkeyPatch, layout: Layout
) -> None:
    """Each handout, for a clinic and without one; an English one has no bilingual layout."""
    pages = [
        page
        for clinics in ((), ("example",))
        for page in plan(
            Approval(sources, our_look()),
            Choice(SPREAD, formats=("pdf",), layouts=(layout,), clinics=clinics),
        )
    ]
    assert pages
    texts = [parted(compose(page, look))[0] for page in pages]
    wanted = [shape(by_html(text)) for text in texts]
    monkeypatch.setattr(weasyprint.tinyhtml5, "parse", None)  # whoever asks for it now fails
    assert [shape(tree_of(text)) for text in texts] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "<p>left open <b>twice",
        "<!doctype html><p>a&nbsp;b &amp c",
        "<p title=bare>a<br>b</p><p>c",
        "<p>a\x0cb</p>",
        "<ul><li>one<li>two</ul>",
        "",
    ],
)
def test_what_is_no_xml_is_read_by_the_rules_of_html(text: str) -> None:
    """A page that a template has spoilt is laid out as it was before there was the quicker way."""
    with pytest.raises(ET.ParseError):
        ET.fromstring(text)  # noqa: S314 - ours
    assert shape(tree_of(text)) == shape(by_html(text))


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE HTML>\n<html><head><meta charset='utf-8'><link rel=\"a\" href='b'/></head><body>a<br>b<hr/></body></html>",
        "<html><head></head><body><p title='1 &lt; 2 &gt; 0'>&#39;&quot;<wbr>x</p><!-- a --> b</body></html>",
    ],
)
def test_elements_that_hold_nothing_need_no_end(text: str) -> None:
    """Closed or not, with whatever in their attributes."""
    assert shape(tree_of(text)) == shape(by_html(text))


def test_a_document_has_all_that_weasyprint_asks_of_its_own() -> None:
    """A new version that keeps more of a page fails here."""
    ours = document("<p>a</p>", None, "handout:")
    theirs = weasyprint.HTML(string="<p>a</p>", base_url="handout:")
    assert vars(ours).keys() == vars(theirs).keys()
    assert (ours.base_url, ours.media_type) == (theirs.base_url, theirs.media_type)
