"""What is typed into the fields of several parts is saved, each in the font of its part."""

from __future__ import annotations

from io import BytesIO

import pikepdf

from handouts.pdf.joined import joined
from tests.pdf.exact.test_forms import NAMES, filled
from tests.pdf.joining import SHEET, Made


def test_what_is_typed_is_saved_and_read_back(whole: bytes) -> None:
    """In each field of each part, all of which have names of their own, in a font that the document has."""
    with pikepdf.open(BytesIO(filled(whole, NAMES["en"]))) as pdf:
        told = [(str(field.T), str(field.V)) for field in pdf.Root.AcroForm.Fields]
        assert len(told) == len({name for name, _ in told}) > 30
        assert {value for _, value in told} == {NAMES["en"]}
        starts = {name.partition(SHEET)[0] for name, _ in told}
        assert starts == {"", "3/", "4/"}
        for field in pdf.Root.AcroForm.Fields:
            assert field.AP.N.read_bytes().count(b"Tj")
            assert str(field.DA).split()[0] in pdf.Root.AcroForm.DR.Font


def test_arabic_is_typed_in_the_font_of_its_sheet(made: Made) -> None:
    """Also behind four other sheets, whose fonts are called alike: pdfium takes the letters from no other font."""
    sheets = [made["en", SHEET], made["ar", SHEET], made["en", SHEET], made["ar", SHEET]]
    with pikepdf.open(BytesIO(filled(joined(sheets), f"{NAMES['ar']} Zoë"))) as pdf:
        arabic = [field for field in pdf.Root.AcroForm.Fields if str(field.T).startswith(("2/", "4/"))]
        assert len(arabic) > 10
        for field in arabic:
            content, name = field.AP.N.read_bytes(), str(field.DA).split()[0]
            assert content.count(b" Tf") == content.count(name.encode() + b" ") > 0
            assert "Arabic" in str(pdf.Root.AcroForm.DR.Font[name].BaseFont)
