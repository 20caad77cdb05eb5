"""A font that is cut down has a name that no other of the file has; what is the same is embedded once."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from handouts.pdf.font_names import part_fonts, retag, tag_of


def font(pdf: Pdf, name: str, data: bytes) -> pikepdf.Object:
    """Return a font of a name and of some bytes."""
    descriptor = Dictionary(FontName=Name(f"/{name}"), FontFile2=pikepdf.Stream(pdf, data))
    below = Dictionary(BaseFont=Name(f"/{name}"), FontDescriptor=descriptor)
    return pdf.make_indirect(Dictionary(BaseFont=Name(f"/{name}"), DescendantFonts=Array([below])))


def test_a_name_that_is_taken_gets_the_next_tag() -> None:
    """As many as there may be, in all three places; the rest of the name stays."""
    with Pdf.new() as pdf:
        taken: set[str] = set()
        fonts = [font(pdf, "ABCDEZ+Noto-Sans", b"x") for _ in range(60)] + [
            font(pdf, "ZZZZZZ+Noto-Sans", b"x")
        ]
        for each in [*fonts, font(pdf, "ZZZZZZ+Noto-Sans", b"x")]:
            retag(each, taken)
            assert each.BaseFont == each.DescendantFonts[0].FontDescriptor.FontName
        assert len(taken) == 62
        assert [tag_of(each) for each in fonts[:3]] == ["ABCDEZ", "ABCDFA", "ABCDFB"]
        assert "AAAAAA" in taken
        assert str(fonts[1].BaseFont) == "/ABCDFA+Noto-Sans"


def test_the_same_font_is_embedded_once() -> None:
    """Whoever names it; one with other bytes stays, under a name of its own; others are let be."""
    with Pdf.new() as pdf:
        fonts = [font(pdf, "AAAAAA+Noto-Sans", data) for data in (b"x", b"x", b"y")]
        plain = pdf.make_indirect(Dictionary(BaseFont=Name.Helvetica))
        for each in fonts:
            page = pdf.add_blank_page()
            page.Resources = Dictionary(Font=Dictionary(F=each, P=plain))
        part_fonts(pdf)
        found = [page.Resources.Font.F for page in pdf.pages]
        assert found[0].objgen == found[1].objgen != found[2].objgen
        assert [tag_of(each) for each in found] == ["AAAAAA", "AAAAAA", "AAAAAB"]
