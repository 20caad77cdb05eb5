"""A plan says which renditions a choice asks for, and what each of them prints."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.library.plan import Choice, chosen_locales, page_of, plan, renditions, touches, unknown_names
from handouts.page.approval import Approval
from handouts.problems import in_file
from handouts.sources.load import Sources
from tests.conftest import HANDOUTS, our_look


def files(sources: Sources, choice: Choice) -> list[str]:
    """Return the files of a plan."""
    return [page.rendition.file for page in plan(Approval(sources, our_look()), choice)]


def test_a_page_of_the_manifest_is_the_page_that_was_planned(sources: Sources) -> None:
    """What a rendition prints depends on the rendition alone."""
    pages = plan(Approval(sources, our_look()), Choice(handouts=("about-ipt",), clinics=("example",)))
    assert pages
    for page in pages:
        assert page_of(Approval(sources, our_look()), page.rendition) == page


def test_without_a_wish_everything_is_made(sources: Sources) -> None:
    """Every handout, locale and format; PDFs in every layout, but English beside English."""
    made = files(sources, Choice(locales=("en", "es"), handouts=("about-ipt",)))
    names = (
        "about-ipt.pdf",
        "about-ipt.html",
        "about-ipt.email.html",
        "about-ipt.txt",
        "about-ipt.eml",
        "about-ipt.large-print.pdf",
    )
    assert sorted(made) == sorted(
        [*(f"au/{tag}/{name}" for tag in ("en", "es") for name in names), "au/es/about-ipt.bilingual.pdf"]
    )
    assert len(plan(Approval(sources, our_look()), Choice())) == (len(sources.locales) * 7 - 1) * len(
        sources.content.drafts
    )


def test_a_layout_that_is_named_is_that_of_an_email_too(sources: Sources) -> None:
    """Its PDF is then the large one; HTML and text have no layout."""
    choice = Choice(("es",), ("about-ipt",), layouts=("large-print",))
    assert files(sources, choice) == ["au/es/about-ipt.large-print.pdf", "au/es/about-ipt.large-print.eml"]


@pytest.mark.parametrize(
    ("region", "paper", "file"),
    [
        ("au", None, "au/en/about-ipt.pdf"),
        ("au", "a4", "au/en/about-ipt.pdf"),
        ("au", "letter", "au/en/about-ipt.letter.pdf"),
        ("us", None, "us/en/about-ipt.pdf"),
        ("us", "a4", "us/en/about-ipt.a4.pdf"),
    ],
)
def test_a_file_names_its_paper_where_it_is_not_the_regions(
    sources: Sources, region: str, paper: str | None, file: str
) -> None:
    """So that one on other paper does not write over it."""
    choice = Choice(("en",), ("about-ipt",), ("pdf",), ("standard",), regions=(region,), paper=paper)  # type: ignore[arg-type]
    assert files(sources, choice) == [file]
    (page,) = plan(Approval(sources, our_look()), choice)
    assert page.rendition.paper == (paper or sources.content.regions[region].paper)


def test_a_page_is_of_its_place(sources: Sources) -> None:
    """A clinic brings its own help lines, a region has an empty box; each place has a folder, side by side."""
    clinics = {
        **sources.content.clinics,
        "north": replace(sources.content.clinics["example"], slug="north", region="gb"),
    }
    own = replace(sources, content=replace(sources.content, clinics=clinics))
    text = Choice(("en",), ("about-ipt",), ("text",), clinics=("north", "example", "north"))
    north, example = plan(Approval(own, our_look()), text)
    assert (north.handout.region.code, north.clinic) == ("gb", clinics["north"])
    assert (example.handout.region.code, example.clinic) == ("au", clinics["example"])
    assert [page.rendition.file for page in (north, example)] == [
        "north/en/about-ipt.txt",
        "example/en/about-ipt.txt",
    ]
    regions = plan(
        Approval(own, our_look()), replace(text, clinics=(), regions=("uk", "Australia", "England"))
    )
    assert [(page.rendition.file, page.clinic) for page in regions] == [
        ("gb/en/about-ipt.txt", None),
        ("au/en/about-ipt.txt", None),
    ]


def test_a_region_that_is_not_that_of_the_clinics_is_told(sources: Sources) -> None:
    """Each that a clinic is not in, and each that no clinic is in; one that agrees is fine."""
    assert unknown_names(sources, Choice(clinics=("example",), regions=("Australia",))) == []
    found = unknown_names(sources, Choice(clinics=("example",), regions=("uk",)))
    assert [problem.code for problem in found] == ["clinic-of-another-region", "region-without-clinic"]
    (problem,) = unknown_names(sources, Choice(clinics=("example",), regions=("au", "us")))
    assert "United States (us)" in problem.what


def test_a_reader_is_served_by_the_nearest_locale_and_once(sources: Sources) -> None:
    """Mexican Spanish and Spanish are one wish; without a wish all are chosen."""
    assert chosen_locales(sources, ("es-MX", "es", "zh-TW")) == ["es", "zh-Hant"]
    assert chosen_locales(sources, ()) == list(sources.locales)


def test_every_unknown_name_is_told_with_the_nearest(sources: Sources) -> None:
    """All in one go, each with the option that gave it."""
    choice = Choice(("xq",), ("abuot-ipt",), regions=("gbb",), clinics=("exmple",))
    found = {problem.where: problem for problem in unknown_names(sources, choice)}
    assert {where: problem.code for where, problem in found.items()} == {
        "--locale": "unknown-locale",
        "--handout": "unknown-handout",
        "--region": "unknown-region",
        "--clinic": "unknown-clinic",
    }
    assert "Did you mean “about-ipt”?" in found["--handout"].fix
    assert unknown_names(sources, Choice(clinics=("example",))) == []


def test_a_locale_that_cannot_be_read_is_not_called_unknown(sources: Sources) -> None:
    """It has said itself what is wrong with it."""
    assert unknown_names(replace(sources, broken=frozenset({"xq"})), Choice(locales=("xq",))) == []


def test_a_problem_touches_what_is_of_all_that_it_names(sources: Sources) -> None:
    """Of its locale, clinic, region and handout, as far as its file is of one; one of no such file touches everything."""
    choice = Choice(("en", "es"), HANDOUTS, ("text",), clinics=("example",))
    asked = [*renditions(sources, choice), *renditions(sources, replace(choice, clinics=(), regions=("gb",)))]

    def touched(file: str) -> set[str]:
        problem = in_file("x", file, "Wrong.", "Mend it.")
        return {each.file for each in asked if touches(problem, each)}

    assert len(touched("content/interface.yaml")) == len(asked) == 8
    for file, part in (
        ("locales/es/handouts.po", "/es/"),
        ("locales/es/reviews.toml", "/es/"),
        ("content/clinics/example.yaml", "example/"),
        ("content/regions/gb.yaml", "gb/"),
        ("content/handouts/references.yaml", "/references."),
    ):
        assert touched(file) == {each.file for each in asked if part in each.file} != set()
    assert touched("locales/fr/handouts.po") == touched("content/clinics/other.yaml") == set()


def test_what_has_no_region_yet_is_not_planned(sources: Sources) -> None:
    """A clinic whose region could not be read: that has been told."""
    clinic = replace(sources.content.clinics["example"], region="")
    own = replace(sources, content=replace(sources.content, clinics={"example": clinic}))
    assert renditions(own, Choice(clinics=("example",))) == []


def offering(sources: Sources, **offered: object) -> Sources:
    """Return the sources with what the example clinic offers."""
    clinic = replace(sources.content.clinics["example"], **offered)  # type: ignore[arg-type] # fields of a clinic
    return replace(sources, content=replace(sources.content, clinics={"example": clinic}))


def test_of_a_clinic_only_what_it_offers_is_made(sources: Sources) -> None:
    """A language or a handout that it does not offer is told where somebody names it."""
    some = offering(sources, languages=("en", "es"), handouts=("about-ipt",))
    choice = Choice(formats=("text",), clinics=("example",))
    assert files(some, choice) == ["example/en/about-ipt.txt", "example/es/about-ipt.txt"]
    assert unknown_names(some, choice) == []
    named = replace(choice, locales=("ar", "es"), handouts=("references",))
    assert [p.code for p in unknown_names(some, named)] == ["locale-not-offered", "handout-not-offered"]


def test_an_email_holds_the_layout_that_its_clinic_begins_with(sources: Sources) -> None:
    """But English has no English beside it; another that is named goes before."""
    some = offering(sources, layout="bilingual", handouts=("about-ipt",))
    choice = Choice(("en", "es"), formats=("eml",), clinics=("example",))
    assert files(some, choice) == ["example/en/about-ipt.eml", "example/es/about-ipt.bilingual.eml"]
    large = replace(choice, locales=("es",), layouts=("large-print",))
    assert files(some, large) == ["example/es/about-ipt.large-print.eml"]
