"""Every object of a PDF that has keys is met, also those that stand in others, each once."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Pdf, String

from handouts.pdf.objects import dictionaries


def test_what_stands_in_a_page_or_in_a_link_is_met_too() -> None:
    """A link that stands in its page, and what it does, which stands in the link; one that stands by itself is met once."""
    with Pdf.new() as pdf:
        page = pdf.add_blank_page()
        inside = Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=String("inside")))
        alone = pdf.make_indirect(Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=String("alone"))))
        page.Annots = Array([inside, alone])
        found = [str(each.D) for each in dictionaries(pdf) if "/D" in each]
        links = [each for each in dictionaries(pdf) if each.get("/Subtype") == Name.Link]
    assert sorted(found) == ["alone", "inside"]
    assert len(links) == 2
