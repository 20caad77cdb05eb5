"""The nouns of a handout, and the one traversal of its text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.model import Clinic, Handout, Locale, Place, Sketch, address_of, file_of
from handouts.sources.load import Sources


@pytest.fixture(scope="module")
def handout(sources: Sources) -> Handout:
    """Return the first handout, for Australia."""
    return sources.content.handout("about-ipt", "au")


def test_mapping_with_identity_changes_nothing(handout: Handout) -> None:
    """`map_text(identity)` gives the same handout."""
    assert handout.map_text(lambda block: block) == handout
    assert len(handout.blocks()) > 80


def test_mapping_reaches_every_text(handout: Handout) -> None:
    """What is done to every block is seen in sections, pictures, references, the region, and the frame."""
    loud = handout.map_text(lambda block: replace(block, text=block.text.upper()))
    assert [block.text for block in loud.blocks()] == [block.text.upper() for block in handout.blocks()]
    assert loud.region.lines[0].name.text == handout.region.lines[0].name.text.upper()
    assert loud.references[0].finding.text.isupper()
    assert loud.words["crisis"].text.isupper()


def test_mapping_leaves_the_handout_as_it_was(handout: Handout) -> None:
    """Nouns are frozen: a traversal makes another handout."""
    before = handout.title.text
    handout.map_text(lambda block: replace(block, text=""))
    assert handout.title.text == before


def test_numbers_are_written_in_the_digits_of_the_locale() -> None:
    """Digits inside a text too; everything else stays."""
    hindi = Locale("hi", "hi", "", "", "ltr", "Deva", (), digits="०१२३४५६७८९")
    assert hindi.written(2026) == "२०२६"
    assert hindi.written("p. 14") == "p. १४"


def test_a_web_page_is_published_where_the_output_folder_has_it() -> None:
    """At the address of the gallery and the file of the page; a paper is named where it is not the region's own."""
    clinic = Clinic("north", "North", "au", site="https://clinic.example/handouts")
    assert (
        address_of(clinic, "zh-Hant", "about-ipt")
        == "https://clinic.example/handouts/north/zh-Hant/about-ipt.html"
    )
    assert address_of(replace(clinic, site=""), "en", "about-ipt") == ""
    place = Place("au", "north")
    assert (
        file_of(place, "en", "about-ipt", "pdf", "large-print", "letter")
        == "north/en/about-ipt.large-print.letter.pdf"
    )


def test_what_a_clinic_offers_changes_no_byte_of_a_page() -> None:
    """So it is not in the `repr`, by which pages and facts are told apart."""
    clinic = Clinic("north", "North", "au")
    other = replace(
        clinic, languages=("en",), handouts=("a",), layout="large-print", file="a", home="b", logo_file="c"
    )
    assert repr(clinic) == repr(other)
    assert repr(replace(clinic, notes={"en": "Hello"})) != repr(clinic)
    assert clinic.offers("ar", "any")
    assert not other.offers("ar", "a")


@pytest.mark.parametrize(
    ("width", "height", "is_strip"), [(336, 28, True), (216, 138, False), (40, 10, False)]
)
def test_a_wide_and_low_drawing_is_a_strip(width: float, height: float, is_strip: bool) -> None:  # noqa: FBT001
    """It stands below the text; one that is nearly square stands beside it."""
    assert Sketch(("<svg/>",), width, height).is_strip is is_strip
