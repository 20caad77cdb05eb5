"""Several PDFs of ours are one: all that each says, leads to and asks is there, in its own language, under names of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from pypdfium2 import PdfDocument

from handouts.pdf.joined import Part, joined, page_count, ready_to_print
from handouts.verify.extractors import EXTRACTORS, mupdf
from handouts.verify.standards import broken_rules
from handouts.verify.tags import read_outline
from tests.conftest import tries
from tests.pdf.joining import CHOSEN, SHEET, Made, spoilt


def texts(data: bytes, folder: Path, program: str) -> list[str]:
    """Return the text of each page as a program finds it."""
    file = folder / "read.pdf"
    file.write_bytes(data)
    return [text for text in EXTRACTORS[program](file) if text.strip()]


@pytest.mark.parametrize("program", EXTRACTORS)
def test_every_page_says_what_it_said(whole: bytes, parts: list[Part], tmp_path: Path, program: str) -> None:
    """In each program that takes the text out of a PDF."""
    said = [text for part in parts for text in texts(part.data, tmp_path, program)]
    assert len(said) == sum(page_count(part.data) for part in parts)
    assert texts(whole, tmp_path, program) == said


def test_the_whole_is_in_order(whole: bytes, parts: list[Part], tmp_path: Path) -> None:
    """Both standards are kept, and claimed; nothing needs a repair; the same parts give the same bytes."""
    file = tmp_path / "whole.pdf"
    file.write_bytes(whole)
    assert broken_rules(file) == []
    assert joined(parts) == whole
    with pikepdf.open(file) as pdf:
        assert pdf.check_pdf_syntax() == []
        metadata = pdf.Root.Metadata.read_bytes()
        assert b'pdfaid:part="2"' in metadata
        assert b'pdfuaid:part="1"' in metadata
        assert str(pdf.docinfo["/Title"]) == " · ".join(dict.fromkeys(part.title for part in parts))
        assert "/Subject" not in pdf.docinfo
        assert b"dc:description" not in metadata


def test_every_part_is_tagged_in_its_language(whole: bytes, parts: list[Part], tmp_path: Path) -> None:
    """Below one document, read in the order in which it is painted, as in the part alone."""
    file = tmp_path / "read.pdf"
    alone = []
    for part in parts:
        file.write_bytes(part.data)
        alone += [(each.roles[1:], each.language) for each in read_outline(file).tags[1:]]
    file.write_bytes(whole)
    found = read_outline(file)
    assert found.order == found.painted
    assert [(each.roles[2:], each.language) for each in found.tags[1:] if len(each.roles) > 2] == alone
    tops = [each for each in found.tags if len(each.roles) == 2]
    assert [(each.roles, each.language) for each in tops] == [
        (("Document", "Part"), part.language) for part in parts
    ]


def test_every_mark_link_and_field_leads_to_its_tag(whole: bytes) -> None:
    """A screen reader that begins at a place on a page finds the tag of it; the next free number is told."""
    with pikepdf.open(BytesIO(whole)) as pdf:
        tree = pdf.Root.StructTreeRoot
        owners = pikepdf.NumberTree(tree.ParentTree)
        met = set()
        for page in pdf.pages:
            met.add(int(page.StructParents))
            for mark, owner in enumerate(owners[int(page.StructParents)]):
                assert owner is None or mark in [k if isinstance(k, int) else k.get("/MCID") for k in owner.K]
            for each in page.get("/Annots", ()):
                met.add(int(each.StructParent))
                kids = [kid for kid in owners[int(each.StructParent)].K if not isinstance(kid, int)]
                assert each.objgen in [kid.Obj.objgen for kid in kids if "/Obj" in kid]
        assert met == set(owners)
        assert tree.ParentTreeNextKey == max(owners) + 1
        assert len(met) > 60


def test_every_link_leads_where_it_led(whole: bytes, parts: list[Part], tmp_path: Path) -> None:
    """To an address, or to a place in its own part, though both copies of one handout call theirs the same."""
    file = tmp_path / "read.pdf"
    with pikepdf.open(BytesIO(whole)) as pdf:
        names = dict(pikepdf.NameTree(pdf.Root.Names.Dests))
        pages = [page.obj.objgen for page in pdf.pages]
        start, led = 0, 0
        for part in parts:
            stop = start + page_count(part.data)
            for page in pdf.pages[start:stop]:
                for link in page.Annots:
                    if "/Dest" in link:
                        led += 1
                        assert names[str(link.Dest)][0].objgen in pages[start:stop]
            start = stop
        assert led > 4
    file.write_bytes(whole)
    found = [(each.page, each.name) for each in read_outline(file).links]
    alone = []
    start = 0
    for part in parts:
        file.write_bytes(part.data)
        alone += [(each.page + start, each.name) for each in read_outline(file).links]
        start += page_count(part.data)
    assert found == alone


def test_fonts_have_names_of_their_own_and_are_there_once(whole: bytes) -> None:
    """Two subsets of one font have two names (ISO 32000-1, 9.6.4); those of the handout that is there twice are the same."""
    with pikepdf.open(BytesIO(whole)) as pdf:
        fonts = {
            font.objgen: font for page in pdf.pages for font in page.Resources.Font.values()
        }  # those of the fields beside
        names = [str(font.BaseFont) for font in fonts.values()]
        assert len(names) == len(set(names)) > 5
        for font in fonts.values():
            (below,) = font.DescendantFonts
            assert str(font.BaseFont) == str(below.BaseFont) == str(below.FontDescriptor.FontName)
        first, last = pdf.pages[0].Resources.Font, pdf.pages[-1].Resources.Font
        assert {f.objgen for f in first.values()} == {f.objgen for f in last.values()}
        written = [font.objgen for font in pdf.Root.AcroForm.DR.Font.values()]
        assert len(written) == 2


@settings(max_examples=tries(8), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=[Phase.generate])  # fmt: skip
@given(order=st.lists(st.sampled_from(CHOSEN), min_size=1, max_size=5))
def test_any_parts_in_any_order_are_all_there(made: Made, shared: Path, order: list[tuple[str, str]]) -> None:
    """Their pages, their text, their languages, and their fields."""
    chosen = [made[each] for each in order]
    whole = joined(chosen)
    assert page_count(whole) == sum(page_count(part.data) for part in chosen)
    file = shared / "law-joined.pdf"
    said: list[str] = []
    fields = 0
    for part in chosen:
        file.write_bytes(part.data)
        said += mupdf(file)
        fields += len(read_outline(file).fields)
    file.write_bytes(whole)
    outline = read_outline(file)
    assert mupdf(file) == said
    assert [each.language for each in outline.tags if len(each.roles) == 2] == [tag for tag, _ in order]
    assert len({field.name for field in outline.fields}) == fields
    assert all(field.told and field.read for field in outline.fields)


def _claimless(pdf: Any) -> None:
    """Take the claim of PDF/A out."""
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        del metadata["pdfaid:part"]


def test_a_claim_that_one_part_does_not_make_is_gone(made: Made) -> None:
    """With the colours that PDF/A asks for; the other claim stays."""
    one = made["en", SHEET]
    for order in ((0, 1), (1, 0)):
        two = [one, replace(one, data=spoilt(one.data, _claimless))]
        with pikepdf.open(BytesIO(joined([two[n] for n in order]))) as pdf:
            metadata = pdf.Root.Metadata.read_bytes()
            assert b"pdfaid:part" not in metadata
            assert b"pdfuaid:part" in metadata
            assert "/OutputIntents" not in pdf.Root


def _with_names(pdf: Any) -> None:
    """Give a tag a name, a cell the names of its heads, a link an action, a field a field below it."""
    tag = pdf.Root.StructTreeRoot.K[0]
    tag.ID, tag.A = String("cell"), Dictionary(O=Name.Table, Headers=Array([String("cell")]))
    link = next(each for each in pdf.pages[0].Annots if "/Dest" in each)
    link.A = Dictionary(S=Name.GoTo, D=link.Dest)
    del link.Dest
    fields = pdf.Root.AcroForm.Fields
    child = fields[0]
    above = pdf.make_indirect(Dictionary(T=String("above"), FT=child.FT, DA=child.DA, Kids=Array([child])))
    child.Parent = above
    fields[0] = above


def test_other_ways_to_name_are_known(made: Made) -> None:
    """Links that act, tags and cells with names, fields below others: each name is that of its part."""
    part = replace(made["en", SHEET], data=spoilt(made["en", SHEET].data, _with_names))
    with pikepdf.open(BytesIO(joined([part, part]))) as pdf:
        one, two = pdf.Root.StructTreeRoot.K[0].K
        assert [str(one.ID), str(two.ID)] == ["cell", "2/cell"]
        assert [str(each.A.Headers[0]) for each in (one, two)] == ["cell", "2/cell"]
        acts = [each.A for page in pdf.pages for each in page.Annots if "/A" in each]
        places = [str(act.D) for act in acts if act.S == "/GoTo"]
        assert len(places) == 2
        assert set(places) <= {str(name) for name in pikepdf.NameTree(pdf.Root.Names.Dests)}
        assert places[1] == f"2/{places[0]}"
        above = [field for field in pdf.Root.AcroForm.Fields if "/Kids" in field]
        assert [str(field.T) for field in above] == ["above", "2/above"]
        assert str(above[0].Kids[0].T) == str(above[1].Kids[0].T)


def _set(key: str) -> Callable[[Any], None]:
    """Return what puts something unknown into the catalog."""
    return lambda pdf: pdf.Root.__setitem__(key, Dictionary())


def _acts(pdf: Any) -> None:
    """Let a link run a script."""
    pdf.pages[0].Annots[0].A = Dictionary(S=Name.JavaScript, JS=String("x"))


def _two_tops(pdf: Any) -> None:
    """Let the tags stand below two."""
    tree = pdf.Root.StructTreeRoot
    tree.K = Array([tree.K[0], tree.K[0]])


def _untyped(pdf: Any) -> None:
    """Take the fonts of the form."""
    del pdf.Root.AcroForm.DR


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_set("/PageLabels"), "it has /PageLabels"),
        (_set("/OCProperties"), "it has /OCProperties"),
        (lambda pdf: pdf.Root.StructTreeRoot.__setitem__("/RoleMap", Dictionary()), "it has /RoleMap"),
        (lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"), "it has no tags"),
        (lambda pdf: pdf.pages[0].__setitem__("/AA", Dictionary()), "it has /AA"),
        (_acts, "it has /JavaScript"),
        (_two_tops, "its tags are not below one"),
        (_untyped, "its form has no fonts"),
    ],
)
def test_what_cannot_be_joined_is_refused(made: Made, spoil: Callable[[Any], None], told: str) -> None:
    """First or last, with what is the matter and which part it is."""
    good = made["en", SHEET]
    bad = replace(good, data=spoilt(good.data, spoil))
    for parts, number in (([bad, good], 1), ([good, bad], 2)):
        with pytest.raises(ValueError, match=f"^part {number} cannot be joined: .*{told}"):
            joined(parts)


def test_what_is_no_pdf_is_refused(made: Made) -> None:
    """Nothing at all, a text, one with a password, one that is locked without one."""
    with pytest.raises(ValueError, match="no PDF to join"):
        joined([])
    for password, told in (("x", "cannot be opened"), ("", "is encrypted")):
        locked = BytesIO()
        with pikepdf.open(BytesIO(made["en", SHEET].data)) as pdf:
            pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user=password))
        with pytest.raises(ValueError, match=told):
            ready_to_print(locked.getvalue())
    with pytest.raises(ValueError, match="part 1 cannot be joined: it has been joined before"):
        joined([Part(joined([made["en", SHEET]]), "x", "en")])
    with pytest.raises(ValueError, match="part 2 cannot be opened as a PDF"):
        joined([made["en", SHEET], Part(b"%PDF-1.7\nno", "x", "en")])


def test_one_that_is_ready_to_print_is_otherwise_the_same(whole: bytes, tmp_path: Path) -> None:
    """It asks for the print dialog, and so does not claim PDF/A, which forbids that; pixels, text, tags, fields stay."""
    ready = ready_to_print(whole)
    assert ready == ready_to_print(whole)
    outlines = []
    for data in (whole, ready):
        (tmp_path / "x.pdf").write_bytes(data)
        outlines.append((read_outline(tmp_path / "x.pdf"), mupdf(tmp_path / "x.pdf")))
    assert outlines[0] == outlines[1]
    with pikepdf.open(BytesIO(whole)) as before, pikepdf.open(BytesIO(ready)) as after:
        assert after.Root.OpenAction == Dictionary(S=Name.Named, N=Name.Print)
        assert set(after.Root.keys()) == {*before.Root.keys(), "/OpenAction"}
        assert b"pdfaid:part" not in after.Root.Metadata.read_bytes()
        assert b"pdfuaid:part" in after.Root.Metadata.read_bytes()
        assert dict(before.docinfo) == dict(after.docinfo)
    with PdfDocument(whole) as before, PdfDocument(ready) as after:
        assert len(before) == len(after)
        for one, other in zip(before, after, strict=True):
            assert one.render(scale=0.5).to_numpy().tobytes() == other.render(scale=0.5).to_numpy().tobytes()
