"""A screen reader is told what every piece of a page is, in its language, and nothing twice."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import outloud
import pikepdf
import pydyf
import pytest
from outloud.model import Document

from handouts.model import SOURCE_LANGUAGE
from handouts.pdf.exact.tags import TagTree
from handouts.verify.standards import standards_findings
from handouts.verify.words import parse_html
from tests.pdf.exact.pages import FILES, read_aloud, tags


@pytest.mark.parametrize("file", FILES)
def test_an_expert_finds_nothing(built: Path, file: str) -> None:
    """What no validator sees is right too: headers, link texts, list labels."""
    with pikepdf.open(built / file) as pdf:
        alternatives = [str(tag.Alt) for tag in tags(pdf) if tag.S == "/Figure"]
    assert standards_findings(built / file, alternatives) == []
    assert sum(run.status == "ran" for run in outloud.check(str(built / file)).runs) > 30


@pytest.mark.parametrize("file", [f for f in FILES if not f.startswith(f"{SOURCE_LANGUAGE}/")])
def test_english_is_spoken_as_english(built: Path, file: str) -> None:
    """The title of a work in the reference list is read by an English voice, what is said of it by the reader's own."""
    spoken = read_aloud(built / file)
    titles = [
        piece for piece in spoken if "a comprehensive" in piece.text or "negative effects" in piece.text
    ]
    assert len(titles) >= 2
    assert {piece.language for piece in titles} == {SOURCE_LANGUAGE}
    headings = {piece.language for piece in spoken if piece.roles[-1] == "H1"}
    assert headings == {file.split("/", maxsplit=1)[0]}


@pytest.mark.parametrize("file", FILES)
def test_header_and_footer_are_not_read(built: Path, file: str) -> None:
    """The band and the foot of a page are artifacts of pagination; nothing of them is in the text."""
    document = Document(str(built / file))
    for number, sheet in enumerate(document.pdf.pages):
        kinds = [
            str(operands[1].Subtype)
            for operands, operator in ((i.operands, i.operator) for i in pikepdf.parse_content_stream(sheet))
            if str(operator) == "BDC" and operands[0] == "/Artifact" and operands[1].Type == "/Pagination"
        ]
        assert set(kinds) == {"/Header", "/Footer"}
        beside = "".join(run.text for run in document.content(number).artifact_runs())
        assert "2026-11" in beside
    assert "2026-11" not in "".join(piece.text for piece in read_aloud(built / file))


@pytest.mark.parametrize("file", [f for f in FILES if f.endswith("about-ipt.pdf")])
def test_pictures_are_described(built: Path, file: str) -> None:
    """A picture has a description, and says where on the page it is."""
    with pikepdf.open(built / file) as pdf:
        figures = [tag for tag in tags(pdf) if tag.S == "/Figure"]
        assert len(figures) == 3
        for figure in figures:
            assert len(str(figure.Alt)) > 10
            left, bottom, right, top = map(float, figure.A.BBox)
            _, _, width, height = map(float, pdf.pages[0].MediaBox)
            assert 0 < left < right < width
            assert 0 < bottom < top < height


@pytest.mark.parametrize("file", FILES)
def test_links_say_where_they_lead(built: Path, file: str) -> None:
    """A link is one link, with words of its own and a name for it."""
    with pikepdf.open(built / file) as pdf:
        links = [(n, link) for n, sheet in enumerate(pdf.pages) for link in sheet.get("/Annots", [])]
        assert len(links) > 4
        assert len({(n, tuple(map(float, link.Rect))) for n, link in links}) == len(links)
        for _, link in links:
            assert re.search(r"\w", str(link.Contents))
            assert not str(link.Contents).startswith("ref-")
        assert all(sheet.Tabs == "/S" for sheet in pdf.pages)


@pytest.mark.parametrize("file", FILES)
def test_headings_and_lists_have_their_parts(built: Path, file: str) -> None:
    """Headings descend step by step and are all bookmarks; an item is a label and a body."""
    with pikepdf.open(built / file) as pdf:
        found = tags(pdf)
        levels = [int(str(tag.S)[2:]) for tag in found if re.fullmatch(r"/H\d", str(tag.S))]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(lower - higher <= 1 for higher, lower in pairwise(levels))
        with pdf.open_outline() as outline:
            assert len(levels) == 1 + len(outline.root[0].children)
        for item in (tag for tag in found if tag.S == "/LI"):
            assert [str(kid.S) for kid in item.K] in (["/Lbl", "/LBody"], ["/LBody"])
        labelled = [tag for tag in found if tag.S == "/L" and any(item.K[0].S == "/Lbl" for item in tag.K)]
        assert labelled
        assert all(tag.A.ListNumbering in {"/Disc", "/Decimal"} for tag in labelled)


def test_a_paragraph_stands_in_its_language() -> None:
    """A tag says its language where it is not that of the tag above, and only there."""
    root = parse_html(
        '<html lang="ar"><body><p>1<span>2</span></p>'
        '<p lang="en">3<em>4</em><span lang="ar">5<bdi lang="ar">6</bdi></span></p></body></html>'
    )
    tree = TagTree(pydyf.PDF(), root)
    made = {element.text: tree.tag(element) for element in root.iter() if element.text}
    assert made["1"] is made["2"]
    assert "Lang" not in made["1"]
    assert made["3"] is made["4"]
    assert made["3"]["Lang"].string == "en"
    assert made["5"] is made["6"]
    assert (made["5"]["S"], made["5"]["Lang"].string) == ("/Span", "ar")


def test_an_element_without_a_tag_is_refused() -> None:
    """An element nobody thought of stops the page, rather than being read as nothing."""
    root = parse_html("<body><aside>1</aside></body>")
    with pytest.raises(ValueError, match="<aside> has no tag in a PDF yet"):
        TagTree(pydyf.PDF(), root).tag(root[1][0])
