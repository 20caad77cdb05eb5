"""What is stamped on a form stands there as if it had been laid out with the page: drawn, tagged, read, in fonts of its own."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from handouts.pdf import fonts
from handouts.pdf.exact.boxes import SLOT
from handouts.pdf.render import Pdf, render
from handouts.pdf.stamped import Form, form_of, stamped
from handouts.verify.extractors import mupdf
from handouts.verify.tags import read_outline

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
    assert whole.slot
    return form_of(whole.data, whole.slot)


@pytest.fixture(scope="module")
def copy(form: Form, folder: Path) -> bytes:
    """Return the form with something stamped on it."""
    stamp = made(STAMP, folder)
    assert stamp.slot
    return stamped(form, stamp.data, stamp.slot)


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
    assert stamp.slot
    assert stamped(form, stamp.data, stamp.slot) == copy
    with pikepdf.open(BytesIO(form.data)) as before, pikepdf.open(BytesIO(copy)) as after:
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
        assert "/Filter" not in after.Root.Metadata
        assert dict(before.docinfo) == dict(after.docinfo)


def test_a_page_without_the_box_is_no_form(folder: Path) -> None:
    """A template that lost its box is a fault of the program, not a page without a name."""
    plain, boxed = made("<p>Before</p>", folder), made(STAMP, folder)
    assert plain.slot is None
    assert boxed.slot
    with pytest.raises(LookupError):
        form_of(plain.data, boxed.slot)
