"""Every PDF can be read aloud as it was meant, keeps PDF/UA-1 and PDF/A-2a, and says so."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import outloud
import pikepdf
import pydyf
import pytest
from outloud.model import Document

from handouts.library.plan import Choice, plan
from handouts.model import SOURCE_LANGUAGE
from handouts.page import compose
from handouts.pdf.exact import claims as conformance
from handouts.pdf.exact.tags import Tree
from handouts.sources.load import Sources
from handouts.verify.standards import broken_rules, findings
from handouts.verify.words import MARGINS, clean, parse
from tests.conftest import ROOT, SPREAD

FILES = [
    f"{tag}/{handout.stem}.pdf"
    for tag in SPREAD
    for handout in sorted((ROOT / "content" / "handouts").glob("*.yaml"))
]


@dataclass(frozen=True)
class Spoken:
    """A piece of text as a screen reader meets it: the tags above it, its language, its words."""

    roles: tuple[str, ...]
    language: str
    text: str


def read_aloud(path: Path) -> list[Spoken]:
    """Return everything that is tagged, in the order of the tag tree."""
    document = Document(str(path))
    words: dict[tuple[int, int], str] = {}
    for number in range(len(document.pages)):
        for run in document.content(number).runs:
            if run.mcid is not None and not run.artifact:
                words[number, run.mcid] = words.get((number, run.mcid), "") + run.text
    root = document.pdf.Root

    def visit(tag: Any, roles: tuple[str, ...], language: str, at: int) -> Iterator[Spoken]:
        roles, language = (*roles, str(tag.S)[1:]), str(tag.get("/Lang", language))
        at = document.page_index[tag.Pg.objgen] if "/Pg" in tag else at
        for kid in tag.K:
            if isinstance(kid, int):
                yield Spoken(roles, language, clean(words.get((at, kid), "")))
            elif kid.get("/Type") == "/MCR":
                yield Spoken(
                    roles, language, clean(words.get((document.page_index[kid.Pg.objgen], kid.MCID), ""))
                )
            elif "/S" in kid:
                yield from visit(kid, roles, language, at)

    found = list(visit(root.StructTreeRoot.K[0], (), str(root.Lang), 0))
    assert len(found) > 50
    return found


def tags(pdf: pikepdf.Pdf) -> list[Any]:
    """Return every tag, parents first."""

    def visit(tag: Any) -> Iterator[Any]:
        yield tag
        for kid in tag.K:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from visit(kid)

    return list(visit(pdf.Root.StructTreeRoot.K[0]))


@pytest.mark.parametrize("file", FILES)
def test_keeps_both_standards(built: Path, file: str) -> None:
    """No rule of PDF/UA-1 or of PDF/A-2a is broken."""
    assert broken_rules(built / file) == []


@pytest.mark.parametrize("file", FILES)
def test_claims_both_standards(built: Path, file: str) -> None:
    """The metadata claims both, and can be read without unpacking."""
    with pikepdf.open(built / file) as pdf:
        metadata = pdf.Root.Metadata
        claim = metadata.read_raw_bytes().decode()
        assert "/Filter" not in metadata
        assert 'pdfaid:part="2" pdfaid:conformance="A"' in claim
        assert 'pdfuaid:part="1"' in claim
        assert pdf.Root.Lang == file.split("/", maxsplit=1)[0]
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


@pytest.mark.parametrize("file", FILES)
def test_an_expert_finds_nothing(built: Path, file: str) -> None:
    """What no validator sees is right too: headers, link texts, list labels."""
    with pikepdf.open(built / file) as pdf:
        alternatives = [str(tag.Alt) for tag in tags(pdf) if tag.S == "/Figure"]
    assert findings(built / file, alternatives) == []
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
            for operands, operator in pikepdf.parse_content_stream(sheet)
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
        assert len(figures) == 2
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


@pytest.mark.parametrize("file", FILES)
def test_bullets_are_painted_where_they_stand(built: Path, file: str) -> None:
    """A bullet or number comes before its item in the page's own stream, too: that is what is copied."""
    with pikepdf.open(built / file) as pdf:
        items = [tag for tag in tags(pdf) if tag.S == "/LI" and tag.K[0].S == "/Lbl"]
        assert items
        for label, body in (item.K for item in items):
            first = next((kid for kid in body.K if isinstance(kid, int)), None)
            assert first is None or label.K[0] < first


@pytest.mark.parametrize("slug", ["about-ipt", "references"])
def test_is_read_in_the_order_of_the_source(built: Path, sources: Sources, slug: str) -> None:
    """What the tag tree says is what the HTML says, every letter, in its order."""
    choice = Choice(locales=(SOURCE_LANGUAGE,), handouts=(slug,), formats=("pdf",), layouts=("standard",))
    (page,) = plan(sources, choice)
    body = parse(compose.compose(page, ROOT))[1]
    wanted = [
        text
        for element in body
        if element.get("class") not in MARGINS
        for text in (*element.itertext(), element.tail or "")
    ]
    got = [piece.text for piece in read_aloud(built / page.rendition.file) if "Lbl" not in piece.roles]
    assert clean("".join("".join(got).split())) == clean("".join("".join(wanted).split()))


def test_a_paragraph_stands_in_its_language() -> None:
    """A tag says its language where it is not that of the tag above, and only there."""
    root = parse(
        '<html lang="ar"><body><p>1<span>2</span></p>'
        '<p lang="en">3<em>4</em><span lang="ar">5<bdi lang="ar">6</bdi></span></p></body></html>'
    )
    tree = Tree(pydyf.PDF(), root)
    made = {element.text: tree.tag(element) for element in root.iter() if element.text}
    assert made["1"] is made["2"]
    assert "Lang" not in made["1"]
    assert made["3"] is made["4"]
    assert made["3"]["Lang"].string == "en"
    assert made["5"] is made["6"]
    assert (made["5"]["S"], made["5"]["Lang"].string) == ("/Span", "ar")


def test_an_element_without_a_tag_is_refused() -> None:
    """An element nobody thought of stops the page, rather than being read as nothing."""
    root = parse("<body><aside>1</aside></body>")
    with pytest.raises(ValueError, match="<aside> has no tag in a PDF yet"):
        Tree(pydyf.PDF(), root).tag(root[1][0])


def test_another_weasyprint_is_refused() -> None:
    """The version is asked for, since a function of it is replaced that may change without notice."""
    with pytest.raises(RuntimeError, match=r"WeasyPrint 70\.0 is needed .* this is 70\.1"):
        conformance.install(SimpleNamespace(__version__="70.1"))


def test_the_length_of_a_stream_is_right_whatever_it_ends_in() -> None:
    """A stream that ends in a carriage return is not taken for one byte shorter."""
    text = b"\f"
    assert zlib.compress(text, 9).endswith(b"\r")
    written = conformance._data(pydyf.Stream([text], compress=True))
    length = re.search(rb"/Length (\d+)", written)
    assert length
    content = written.partition(b"stream\n")[2].removesuffix(b"\nendstream")
    assert not content.endswith(b"\r")
    assert len(content) == int(length[1])
    assert zlib.decompressobj().decompress(content) == text


def drop_language(pdf: pikepdf.Pdf) -> None:
    """Forget the language of the document."""
    del pdf.Root.Lang


def drop_alternative(pdf: pikepdf.Pdf) -> None:
    """Forget what a picture shows."""
    del next(tag for tag in tags(pdf) if tag.S == "/Figure").Alt


def drop_name(pdf: pikepdf.Pdf) -> None:
    """Forget what a link is called."""
    del pdf.pages[0].Annots[0].Contents


def skip_heading(pdf: pikepdf.Pdf) -> None:
    """Leave a level out."""
    next(tag for tag in tags(pdf) if tag.S == "/H2").S = pikepdf.Name.H4


@pytest.mark.parametrize("spoil", [drop_language, drop_alternative, drop_name, skip_heading])
def test_the_validator_sees_what_it_is_there_for(
    built: Path, tmp_path: Path, spoil: Callable[[pikepdf.Pdf], None]
) -> None:
    """The guard is seen to fail: a good PDF with one fault put in is refused."""
    with pikepdf.open(built / SOURCE_LANGUAGE / "about-ipt.pdf") as pdf:
        spoil(pdf)
        pdf.save(tmp_path / "spoiled.pdf")
    assert broken_rules(tmp_path / "spoiled.pdf")
