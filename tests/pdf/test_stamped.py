"""What is stamped on a form stands there as if it had been laid out with the page: drawn, tagged, read, in fonts of its own."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from handouts.pdf import fonts
from handouts.pdf.exact.boxes import SLOT
from handouts.pdf.render import Pdf, render
from handouts.pdf.stamped import Form, UnstampedError, form_of, stamped
from handouts.verify.extractors import mupdf
from handouts.verify.tags import read_outline
from tests.pixels import differing

FAMILY = "Noto Sans"
BOX = f'<div {SLOT}="box" style="height: 60px; line-height: 20px">%s</div>'
STAMP = BOX % '<p>Zoë</p><p lang="fr">À <strong>bientôt</strong></p>'


def made(body: str, folder: Path) -> Pdf:
    """Return the PDF of some HTML."""
    faces = fonts.subset((FAMILY,), f"{body}0123456789", folder)
    style = f"<style>html {{ font: 16px/1.25 '{FAMILY}' }}</style>"
    return render(
        f'<html lang="en"><head><title>x</title>{style}</head><body>{body}</body></html>', faces, folder, {}
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for fonts."""
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture(scope="module")
def form(folder: Path) -> Form:
    """Return the form of a page with text before and after its box."""
    whole = made(f"<p>Before</p>{BOX % '<p>nothing yet</p>'}<p>After</p>", folder)
    return form_of(whole.data, whole.slots)


@pytest.fixture(scope="module")
def copy(form: Form, folder: Path) -> bytes:
    """Return the form with something stamped on it."""
    stamp = made(STAMP, folder)
    return stamped(form, stamp.data, stamp.slots)


def said(data: bytes, folder: Path) -> list[str]:
    """Return the words of the first page, in the order in which they are drawn."""
    file = folder / "page.pdf"
    file.write_bytes(data)
    return mupdf(file)[0].split()


def test_a_form_says_nothing_in_its_box(form: Form, folder: Path) -> None:
    """What stood there when it was laid out is gone, from the tags as well."""
    assert said(form.data, folder) == ["Before", "After"]
    outline = read_outline(folder / "page.pdf")
    assert sorted(outline.order) == sorted(outline.painted)
    assert [tag.pieces for tag in outline.tags if tag.roles[-1] == "Div"] == [()]


def test_a_stamp_is_read_where_its_box_stands(copy: bytes, folder: Path) -> None:
    """By programs that take the text and by screen readers, in its own language."""
    assert said(copy, folder) == ["Before", "Zoë", "À", "bientôt", "After"]
    outline = read_outline(folder / "page.pdf")
    assert outline.order == outline.painted
    assert len(set(outline.order)) == len(outline.order)
    told = [(tag.roles[-2:], tag.language) for tag in outline.tags if tag.pieces]
    assert told == [
        (("Document", "P"), "en"), (("Div", "P"), "en"), (("Div", "P"), "fr"), (("Document", "P"), "en")
    ]  # fmt: skip


def test_every_mark_leads_to_its_tag(copy: bytes) -> None:
    """A screen reader that begins at a place on the page finds the tag of it."""
    with pikepdf.open(BytesIO(copy)) as pdf:
        page = pdf.pages[0]
        _, owners = pdf.Root.StructTreeRoot.ParentTree.Nums
        marks = [
            int(operands[1].MCID)
            for each in pikepdf.parse_content_stream(page)
            for operands, operator in [(each.operands, each.operator)]
            if str(operator) == "BDC" and "/MCID" in operands[1]
        ]
        assert len(marks) == len(set(marks)) > 4
        for mark in marks:
            assert mark in list(owners[mark].K)
            assert owners[mark].Pg.objgen == page.obj.objgen


def test_a_stamp_brings_fonts_of_its_own(copy: bytes) -> None:
    """Two subsets of one font have two names (ISO 32000-1, 9.6.4), all of them embedded."""
    with pikepdf.open(BytesIO(copy)) as pdf:
        found = list(pdf.pages[0].Resources.Font.values())
        names = [str(font.BaseFont) for font in found]
        assert len(names) == len(set(names)) == 3  # regular on the page; regular and bold in the stamp
        for font, name in zip(found, names, strict=True):
            (below,) = font.DescendantFonts
            assert str(below.BaseFont) == str(below.FontDescriptor.FontName) == name
            assert "/FontFile2" in below.FontDescriptor


def test_nothing_else_of_a_stamp_is_taken(form: Form, copy: bytes, folder: Path) -> None:
    """Neither its title nor its metadata; the same input gives the same bytes, and the form is not changed."""
    stamp = made(STAMP, folder)
    assert stamped(form, stamp.data, stamp.slots) == copy
    with pikepdf.open(BytesIO(form.data)) as before, pikepdf.open(BytesIO(copy)) as after:
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
        assert "/Filter" not in after.Root.Metadata
        assert dict(before.docinfo) == dict(after.docinfo)


def test_a_page_without_the_box_is_no_form(folder: Path) -> None:
    """A template that lost its box is a fault of the program, not a page without a name."""
    plain, boxed = made("<p>Before</p>", folder), made(STAMP, folder)
    assert plain.slots == ()
    with pytest.raises(LookupError):
        form_of(plain.data, boxed.slots)


# Two boxes far from each other, the second of which draws: a frame, a link, a picture that is told of, and one that is not.
DRAWN = (
    '<p>Before</p><div style="height: 300px"></div>'
    f'<div {SLOT}="second" style="border: 2px solid #112233; height: 90px">%s</div><p>After</p>'
)
PICTURE = (
    '<div role="img" aria-label="A square" style="width: 20px">'
    '<svg width="20px" height="20px" viewBox="0 0 2 2"><rect width="2" height="2" fill="#112233"/></svg></div>'
)
SECOND = f'<p><a href="https://clinic.example">Zoë</a></p>{PICTURE}'
TINT, OTHER = "#112233", "#7a1f5c"


def drawn(folder: Path, words: str = SECOND) -> tuple[Form, bytes]:
    """Return a form in a colour of its own, and the form with a stamp that draws, in another colour."""
    blank = made(
        (DRAWN % "<p>x</p>")
        .replace("border:", "visibility: hidden; border:")
        .replace("<p>x", '<p style="visibility: visible">x'),
        folder,
    )
    form = form_of(blank.data, blank.slots, TINT)
    alone = (
        (DRAWN % words)
        .replace("Before", "")
        .replace("After", "")
        .replace(TINT, OTHER)
        .replace("300px", "100px")
    )
    stamp = made(alone, folder)
    return form, stamped(form, stamp.data, stamp.slots, drawn=True, tint=OTHER, identity="a" * 32)


def test_what_a_stamp_draws_stands_as_on_the_whole_page(folder: Path) -> None:
    """Its frame and its pictures too, in the colour of the copy, to the pixel; and the file has the identity it was given."""
    _, data = drawn(folder)
    whole = made((DRAWN % SECOND).replace(TINT, OTHER), folder)
    assert differing(data, whole.data) == []
    with pikepdf.open(BytesIO(data)) as pdf:
        assert next(bytes(each) for each in pdf.trailer.ID) == b"a" * 32


def test_a_link_and_a_picture_are_found_where_they_were_moved_to(folder: Path) -> None:
    """A link can be clicked there and leads to its tag; a picture says what it shows, and where."""
    _, data = drawn(folder)
    whole = made((DRAWN % SECOND).replace(TINT, OTHER), folder)
    with pikepdf.open(BytesIO(data)) as ours, pikepdf.open(BytesIO(whole.data)) as theirs:
        places = []
        for pdf in (ours, theirs):
            (link,) = pdf.pages[0].Annots
            numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
            tag = numbers[numbers.index(link.StructParent) + 1]
            assert [kid.Obj.objgen for kid in tag.K if isinstance(kid, pikepdf.Dictionary)] == [link.objgen]
            figure = next(
                each
                for each in pdf.objects
                if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
            )
            assert str(figure.Alt) == "A square"
            places.append([[float(n) for n in box] for box in (link.Rect, figure.A.BBox)])
        for one, other in zip(*places, strict=True):
            assert one == pytest.approx(other, abs=0.02)


def test_what_stands_where_it_does_on_the_paper_is_not_moved(folder: Path) -> None:
    """A pattern of a page begins at the edge of the paper: such a page is to be set in full."""
    tiled = '<div style="height: 30px; background: url(icon:a) repeat; background-size: 5px">a</div>'
    form, _ = drawn(folder)
    faces = fonts.subset((FAMILY,), "abc xyz", folder)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"><rect width="2" height="2"/></svg>'
    html = f"<html lang=\"en\"><head><title>x</title><style>html {{ font-family: '{FAMILY}' }}</style></head><body>{DRAWN % tiled}</body></html>"
    stamp = render(html.replace("Before", "a").replace("After", "b"), faces, folder, {"icon:a": svg})
    with pytest.raises(UnstampedError):
        stamped(form, stamp.data, stamp.slots, drawn=True, tint=OTHER)
