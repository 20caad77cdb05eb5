"""A plan says which renditions a choice asks for, and what each of them prints."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.library.plan import Choice, chosen_locales, page_of, plan, unknown_names
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from tests.conftest import our_look


def files(sources: Sources, choice: Choice) -> list[str]:
    """Return the files of a plan."""
    return [page.rendition.file for page in plan(Approval(sources, our_look()), choice)]


def test_a_page_of_the_manifest_is_the_page_that_was_planned(sources: Sources) -> None:
    """What a rendition prints depends on the rendition alone."""
    pages = plan(Approval(sources, our_look()), Choice(handouts=("about-ipt",), clinic="example"))
    assert pages
    for page in pages:
        assert page_of(Approval(sources, our_look()), page.rendition) == page


def test_without_a_wish_everything_is_made(sources: Sources) -> None:
    """Every handout, locale and format; PDFs in every layout, but English beside English."""
    made = files(sources, Choice(locales=("en", "es"), handouts=("about-ipt",)))
    names = ("about-ipt.pdf", "about-ipt.html", "about-ipt.txt", "about-ipt.eml", "about-ipt.large-print.pdf")
    assert sorted(made) == sorted(
        [*(f"{tag}/{name}" for tag in ("en", "es") for name in names), "es/about-ipt.bilingual.pdf"]
    )
    assert len(plan(Approval(sources, our_look()), Choice())) == len(sources.locales) * 2 * 6 - 2


def test_a_layout_that_is_named_is_that_of_an_email_too(sources: Sources) -> None:
    """Its PDF is then the large one; HTML and text have no layout."""
    choice = Choice(("es",), ("about-ipt",), layouts=("large-print",))
    assert files(sources, choice) == ["es/about-ipt.large-print.pdf", "es/about-ipt.large-print.eml"]


@pytest.mark.parametrize(
    ("region", "paper", "file"),
    [
        ("au", None, "en/about-ipt.pdf"),
        ("au", "a4", "en/about-ipt.pdf"),
        ("au", "letter", "en/about-ipt.letter.pdf"),
        ("us", None, "en/about-ipt.pdf"),
        ("us", "a4", "en/about-ipt.a4.pdf"),
    ],
)
def test_a_file_names_its_paper_where_it_is_not_the_regions(
    sources: Sources, region: str, paper: str | None, file: str
) -> None:
    """So that one on other paper does not write over it."""
    choice = Choice(("en",), ("about-ipt",), ("pdf",), ("standard",), region=region, paper=paper)  # type: ignore[arg-type]
    assert files(sources, choice) == [file]
    (page,) = plan(Approval(sources, our_look()), choice)
    assert page.rendition.paper == (paper or sources.content.regions[region].paper)


def test_a_page_is_of_its_region_and_clinic(sources: Sources) -> None:
    """Its help lines and its box on top."""
    (page,) = plan(
        Approval(sources, our_look()),
        Choice(("en",), ("about-ipt",), ("text",), region="us", clinic="example"),
    )
    assert page.handout.region.code == "us"
    assert page.clinic == sources.content.clinics["example"]


def test_a_reader_is_served_by_the_nearest_locale_and_once(sources: Sources) -> None:
    """Mexican Spanish and Spanish are one wish; without a wish all are chosen."""
    assert chosen_locales(sources, ("es-MX", "es", "zh-TW")) == ["es", "zh-Hant"]
    assert chosen_locales(sources, ()) == list(sources.locales)


def test_every_unknown_name_is_told_with_the_nearest(sources: Sources) -> None:
    """All in one go, each with the option that gave it."""
    choice = Choice(("xq",), ("abuot-ipt",), region="uk", clinic="exmple")
    found = {problem.where: problem for problem in unknown_names(sources, choice)}
    assert {where: problem.code for where, problem in found.items()} == {
        "--locale": "unknown-locale",
        "--handout": "unknown-handout",
        "--region": "unknown-region",
        "--clinic": "unknown-clinic",
    }
    assert "Did you mean “about-ipt”?" in found["--handout"].fix
    assert unknown_names(sources, Choice(clinic="example")) == []


def test_a_locale_that_cannot_be_read_is_not_called_unknown(sources: Sources) -> None:
    """It has said itself what is wrong with it."""
    assert unknown_names(replace(sources, broken=frozenset({"xq"})), Choice(locales=("xq",))) == []
