"""A page is the same tree however it is read: as XML where it is well-formed, else by the rules of HTML."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import tinyhtml5
import weasyprint
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.library.plan import Choice, plan
from handouts.model import LAYOUTS, Layout
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.pdf.exact import reading
from handouts.pdf.exact.reading import BLOCKS, INLINES, SHAPES, document
from handouts.pdf.sheets import parted
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import SPREAD, our_look, tries

AROUND = ("html", "head", "body")  # space between these belongs to no page
DECLARED = ("{http://www.w3.org/2000/xmlns/}xmlns", "xmlns")  # which HTML keeps as an attribute


def shape(element: Any) -> tuple[Any, ...]:
    """Return all that an element holds, comments left out."""
    pieces, text = [], element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            pieces += [text, shape(child)]
            text = ""
        text += child.tail or ""
    kept = [
        p.strip() if isinstance(p, str) else p for p in (*pieces, text) if not isinstance(p, str) or p.strip()
    ]
    attributes = {name: value for name, value in element.attrib.items() if name not in DECLARED}
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
    """Each handout, for a clinic whose pages have a code, and without one; an English one has no bilingual layout."""
    content = sources.content
    clinic = replace(content.clinics["example"], site="https://clinic.example/handouts")
    sources = replace(sources, content=replace(content, clinics={"example": clinic}))
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
    assert sum('class="code"' in text for text in texts) == len(texts) // 2
    wanted = [shape(by_html(text)) for text in texts]
    monkeypatch.setattr(weasyprint.tinyhtml5, "parse", None)  # whoever asks for it now fails
    assert [shape(tree_of(text)) for text in texts] == wanted


TAGS = (
    *BLOCKS, *INLINES, *SHAPES, "html", "head", "body", "title", "meta", "table", "tr", "td", "caption", "b", "i", "small", "nobr",
    "button", "form", "select", "option", "pre", "textarea", "script", "style", "dl", "dd", "ruby", "rt", "h4", "main", "P", "Div",
    "math", "desc", "foreignObject", "hr", "input", "wbr", "unknown", "template",
)  # fmt: skip
WORDS = (
    "a",
    " ",
    "\n",
    "x &amp; y",
    "1 &lt; 2",
    "b > c",
    "&#39;",
    "&nbsp;",
    "<!-- c -->",
    "<![CDATA[d]]>",
    "<?e?>",
    "</p>",
    "é",
    "]]",
)
ATTRIBUTES = ("", ' class="a"', " title='b c'", ' id="a>b"', ' xmlns="http://www.w3.org/2000/svg"', " bare", ' viewBox="0 0 1 1"',
    ' onClick="x"', ' xml:lang="en"', ' title="&quot;/&gt;"', ' lang=""', ' title="b\nc"')  # fmt: skip


def written(tag: str, attribute: str, inner: str, way: int) -> str:
    """Return an element as somebody may write it: with an end, or without one, or as XML ends what is empty."""
    return (f"<{tag}{attribute}>{inner}</{tag}>", f"<{tag}{attribute}/>", f"<{tag}{attribute}>{inner}")[way]


ELEMENTS = st.recursive(
    st.sampled_from((*WORDS[:5] * 10, *WORDS)),
    lambda inner: st.builds(
        written,
        st.sampled_from((*sorted({*BLOCKS, *INLINES}) * 12, *TAGS)),
        st.sampled_from((*ATTRIBUTES[:3] * 12, *ATTRIBUTES)),
        st.lists(inner, max_size=3).map("".join),
        st.sampled_from((*[0] * 30, 1, 2)),
    ),
    max_leaves=8,
)
DRAWN_IN = (
    "{}",
    "{}",
    '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>',
    "<svg>{}</svg>",
    "<p>{}</p>",
    "<ul><li>{}</li></ul>",
)
PAGES = (
    "<!doctype html>\n<html>\n<head>\n<title>t</title>\n</head>\n<body>\n{}\n</body>\n</html>",
    "<html><head><meta name='a'>{}</head><body></body></html>", "<html>{}</html>", "{}", "<html><head></head><body>a</body>{}</html>",
    "<!DOCTYPE html SYSTEM 'a'><html><head></head><body>{}</body></html>",
)  # fmt: skip


@settings(max_examples=tries(1000), deadline=None)
@given(
    page=st.sampled_from((PAGES[0], PAGES[0], PAGES[0], *PAGES)),
    around=st.sampled_from(DRAWN_IN),
    inner=st.lists(ELEMENTS, max_size=3).map("".join),
)
def test_whatever_is_written_is_the_tree_that_html_makes_of_it(page: str, around: str, inner: str) -> None:
    """What HTML would move, end or spell in another way is read by its own rules: a drawing without its namespace was lost once."""
    text = page.format(around.format(inner))
    assert shape(tree_of(text)) == shape(by_html(text))


@pytest.mark.parametrize(
    "text",
    [
        "<p>left open <b>twice",
        "<!doctype html><p>a&nbsp;b &amp c",
        "<p title=bare>a<br>b</p><p>c",
        "<p>a\x0cb</p>",
        "<ul><li>one<li>two</ul>",
        "<html><head></head><body><svg><path d='M0 0'/></svg></body></html>",
        "<html><head></head><body><p>a<div>b</div></p></body></html>",
        "<html><head></head><body><span/>a</body></html>",
        "",
    ],
)
def test_what_is_no_xml_is_read_by_the_rules_of_html(text: str) -> None:
    """A page that a template has spoilt is laid out as it was before there was the quicker way."""
    assert reading._by_xml(text) is None
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
