"""A sheet to write on can be filled in on a screen: fields over its lines, named, told and reached in the order of the text."""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from handouts.library.plan import Choice, plan
from handouts.model import Page
from handouts.page.approval import Approval
from handouts.pdf import fonts
from handouts.pdf.exact.forms import SUBSET, field_name
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.verify.access import check_fields
from handouts.verify.standards import broken_rules
from handouts.verify.tags import read_outline
from handouts.verify.verdict import Verdict
from tests.conftest import printed
from tests.pdf.exact.pages import read_aloud

HANDOUT = "my-relationships"
NAMES: Mapping[str, str] = {
    "en": "Zoë, Jan Müller",
    "ar": "أمي وصديقتي ليلى",
    "zh-Hans": "妈妈和王老师",
}  # what people write, by locale


def choice(tag: str) -> Choice:
    """Return the choice of the sheet in a locale."""
    return Choice((tag,), (HANDOUT,), ("pdf",), ("standard",))


@pytest.fixture(scope="module")
def sheets(sources: Sources, look: Look, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Return the sheet in each of the locales."""
    cache = tmp_path_factory.mktemp("cache")
    return {tag: printed(sources, look, cache, choice(tag)) for tag in NAMES}


@pytest.fixture
def page(sources: Sources, look: Look) -> Page:
    """Return what the English sheet is to say."""
    (found,) = plan(Approval(sources, look), choice("en"))
    return found


def filled(data: bytes, text: str) -> bytes:
    """Return a PDF as pdfium saves it after a person has typed a text into every field."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    form, typed = document.formenv.raw, (text + "\0").encode("utf-16-le")
    letters = (ctypes.c_ushort * (len(typed) // 2)).from_buffer_copy(typed)
    for sheet in document:
        pdfium.FORM_OnAfterLoadPage(sheet, form)
        for n in range(pdfium.FPDFPage_GetAnnotCount(sheet)):
            annotation = pdfium.FPDFPage_GetAnnot(sheet, n)
            if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET:
                assert pdfium.FORM_SetFocusedAnnot(form, annotation)
                pdfium.FORM_ReplaceSelection(form, sheet, letters)
                pdfium.FORM_ForceToKillFocus(form)
            pdfium.FPDFPage_CloseAnnot(annotation)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("tag", NAMES)
def test_what_is_typed_is_saved_and_read_back(sheets: Mapping[str, bytes], page: Page, tag: str) -> None:
    """In three scripts, in every field, under the id of its block."""
    with pikepdf.open(BytesIO(filled(sheets[tag], NAMES[tag]))) as pdf:
        told = {str(field.T): str(field.V) for field in pdf.Root.AcroForm.Fields}
        assert told == dict.fromkeys((field_name(block.id) for block in page.handout.fields), NAMES[tag])
        assert len(told) > 5
        assert all(field.AP.N.read_bytes().count(b"Tj") for field in pdf.Root.AcroForm.Fields)


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_what_is_typed_is_in_the_font_of_the_sheet(sheets: Mapping[str, bytes], tag: str) -> None:
    """Whatever fonts a machine has, its own letters and Latin are seen: pdfium takes them from no other font."""
    with pikepdf.open(BytesIO(filled(sheets[tag], f"{NAMES[tag]} Zoë"))) as pdf:
        (ours,) = (
            name for name, font in pdf.Root.AcroForm.DR.Font.items() if f"{SUBSET}+" in str(font.BaseFont)
        )
        for field in pdf.Root.AcroForm.Fields:
            content = field.AP.N.read_bytes()
            assert content.count(b" Tf") == content.count(ours.encode() + b" ")


@pytest.mark.parametrize("tag", NAMES)
def test_no_code_of_a_font_stands_for_nothing(sheets: Mapping[str, bytes], tag: str) -> None:
    """No ToUnicode holds U+0000, in the font of the fields either; both standards are kept."""
    with pikepdf.open(BytesIO(sheets[tag])) as pdf:
        tables = [
            o.ToUnicode.read_bytes()
            for o in pdf.objects
            if isinstance(o, pikepdf.Dictionary) and "/ToUnicode" in o
        ]
        assert len(tables) > 2
        assert not any(b"<0000>\n" in table.split(b"endcodespacerange")[1] for table in tables)
        assert b"> <>" not in b"".join(tables)


def test_both_standards_are_kept(sheets: Mapping[str, bytes], tmp_path: Path) -> None:
    """PDF/UA-1 and PDF/A-2a, and nothing asks a viewer to make appearances anew."""
    file = tmp_path / "sheet.pdf"
    file.write_bytes(sheets["ar"])
    assert broken_rules(file) == []
    with pikepdf.open(file) as pdf:
        assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_tab_goes_as_the_text_does(sheets: Mapping[str, bytes], page: Page, tmp_path: Path) -> None:
    """Pages are gone through in the order of the tags, and each field comes after its label, before what follows it."""
    file = tmp_path / "sheet.pdf"
    file.write_bytes(sheets["en"])
    outline = read_outline(file)
    assert outline.tabs
    assert [field.name for field in outline.fields] == [field_name(block.id) for block in page.handout.fields]
    assert not any("." in field.name for field in outline.fields)
    said = dict(zip(outline.order, (piece.text for piece in read_aloud(file)), strict=True))
    labels = [
        " ".join(" ".join(said[piece] for piece in before.pieces).split())
        for before, tag in pairwise(outline.tags)
        if tag.roles[-1] == "Form"
    ]
    assert labels == [field.tooltip for field in outline.fields] == [b.text for b in page.handout.fields]


def _without(key: str) -> Callable[[Any], None]:
    """Return what takes a key from the first field."""

    def spoil(pdf: Any) -> None:
        del pdf.Root.AcroForm.Fields[0][key]

    return spoil


def _untagged(pdf: Any) -> None:
    """Take the first field out of the tree."""
    for tag in pdf.objects:
        if isinstance(tag, pikepdf.Dictionary) and tag.get("/S") == "/Form":
            tag.K = pikepdf.Array()
            return


def _turned(pdf: Any) -> None:
    """Let two fields change their places."""
    fields = pdf.Root.AcroForm.Fields
    fields[0].T, fields[1].T = fields[1].T, fields[0].T


def _untold(pdf: Any) -> None:
    """Take the first field from the list of the document."""
    del pdf.Root.AcroForm.Fields[0]


def _other_tabs(pdf: Any) -> None:
    """Let the Tab key go row by row."""
    pdf.pages[0].Tabs = pikepdf.Name.R


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        (lambda _: None, []),
        (_without("/TU"), ["field-differs"]),
        (_without("/T"), ["field-differs"]),
        (_without("/AP"), ["field-not-tagged"]),
        (_untagged, ["field-differs", "field-not-tagged"]),
        (_turned, ["field-differs"]),
        (_untold, ["field-not-tagged"]),
        (_other_tabs, ["tab-order"]),
    ],
)
def test_a_sheet_whose_field_is_spoilt_is_refused(
    sheets: Mapping[str, bytes], page: Page, tmp_path: Path, spoil: Callable[[Any], None], codes: list[str]
) -> None:
    """One without a name, a tooltip, an appearance, a place in the tree or in the list, or out of order."""
    file = tmp_path / "sheet.pdf"
    with pikepdf.open(BytesIO(sheets["en"])) as pdf:
        spoil(pdf)
        with warnings.catch_warnings(action="ignore"):  # of a field that no list has
            pdf.save(file)
    verdict = Verdict(file.name)
    check_fields(verdict, _Read(page, read_outline(file)))  # type: ignore[arg-type]
    assert [problem.code for problem in verdict.problems] == codes


class _Read:
    """As much of a reading as the check of fields asks for."""

    def __init__(self, page: Page, outline: Any) -> None:
        self.page, self.outline = page, outline


@pytest.mark.parametrize(
    ("families", "letters", "has", "is_whole"),
    [
        (("Noto Sans",), "Ab", "Zëőấ’", False),
        (("Noto Sans",), "Abễ", "Zëőấ’", True),
        (("Noto Naskh Arabic", "Noto Sans"), "ليل", "Aëấ’بپ،٣", True),
        (("Noto Sans CJK SC", "Noto Sans"), "妈妈", "Aë妈", False),
    ],
)
def test_one_types_more_letters_than_are_printed(
    tmp_path: Path, families: tuple[str, ...], letters: str, has: str, *, is_whole: bool
) -> None:
    """Latin of Europe, and the whole script of the page where a file has room for it; else what the pages hold."""
    import uharfbuzz as hb

    found = fonts.writing(families, letters, tmp_path)
    assert set(map(ord, has)) <= set(hb.Face(found.file).unicodes)
    assert found.is_whole == is_whole
