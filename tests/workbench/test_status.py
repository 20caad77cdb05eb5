"""Status: how far a handout is in a locale, what each signature is worth today, as JSON and as a page."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from handouts.page.approval import SOURCE_UNSIGNED, Approval
from handouts.sources.load import Sources
from handouts.workbench import signing
from handouts.workbench.contact_status import contact_statuses
from handouts.workbench.status import (
    HandoutStatus,
    ReviewStatus,
    all_statuses,
    handout_status,
    status_page,
    statuses_json,
    write_status_page,
)
from tests.conftest import LOCALES, Project, our_look
from tests.signed import TODAY, approve, loaded, signature, with_records, with_signatures
from tests.workbench.altered import with_message


@pytest.fixture(scope="module")
def approval(sources: Sources) -> Approval:
    """Return the project, unsigned."""
    return Approval(sources, our_look())


@pytest.fixture
def edited(project: Project) -> Approval:
    """Return the project after two people signed the Spanish text, and a number and a word were changed."""
    approve(project.root)
    project.edit("content/regions/au.yaml", 'call: "13 11 14"', 'call: "13 11 15"')
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En resumen:"')
    return loaded(project.root)


def status_of(approval: Approval, region: str = "au") -> HandoutStatus:
    """Return the status of the first handout in Spanish."""
    return handout_status(approval, "about-ipt", region, "es")


def test_every_handout_has_a_status_in_every_locale_or_in_those_asked_for(approval: Approval) -> None:
    """In the order of the locales, then of the handouts."""
    sources = approval.sources
    handouts = list(sources.content.drafts)
    found = all_statuses(approval, "au")
    assert [(each.locale, each.handout) for each in found] == [
        (tag, handout) for tag in sources.locales for handout in handouts
    ]
    assert [each.locale for each in all_statuses(approval, "au", ["ar"])] == ["ar"] * len(handouts)


def test_missing_and_fuzzy_messages_are_named_and_not_counted_as_translated(approval: Approval) -> None:
    """What prints in English is not translated, whatever the catalog holds."""
    whole, sources = status_of(approval), approval.sources
    assert (whole.missing, whole.fuzzy, whole.translated) == ((), (), whole.messages)
    gaps = with_message(sources, "es", "about-ipt.short", text="")
    gaps = with_message(gaps, "es", "about-ipt.lead", fuzzy=True)
    found = status_of(replace(approval, sources=gaps))
    assert (found.missing, found.fuzzy) == (("about-ipt.short",), ("about-ipt.lead",))
    assert found.translated == whole.messages - 2


def test_a_signature_of_the_text_as_it_is_counts(approval: Approval) -> None:
    """It says who reviewed what, and when; and who is needed beside them."""
    found = status_of(with_signatures(approval, "es", signature(approval, role="accredited translator")))
    assert found.reviews == (
        ReviewStatus(
            "language", "Ana R", "accredited translator", date(2026, 11, 20), counts=True, why="", changed=()
        ),
    )
    assert (found.state, found.again) == ("reviewed", ())
    assert found.needs == ("a clinician other than Ana R and the translator",)


def test_an_approved_text_waits_for_its_english_and_then_for_nobody(approval: Approval) -> None:
    """Two people have signed it."""
    two = (signature(approval), signature(approval, kind="clinical"))
    signed = with_signatures(approval, "es", *two)
    found = status_of(signed)
    assert (found.state, found.needs, found.again) == ("approved", (SOURCE_UNSIGNED,), ())
    english = (signature(approval, "en"), signature(approval, "en", kind="clinical"))
    assert status_of(with_signatures(signed, "en", *english)).needs == ()


def test_an_untranslated_text_needs_translating_first(approval: Approval) -> None:
    """Then people who did not translate it."""
    gaps = replace(approval, sources=with_message(approval.sources, "es", "about-ipt.short", text=""))
    assert status_of(gaps).needs == (
        "1 message to translate",
        "a language reviewer who is not the translator",
        "a clinician who is not the translator",
    )


def test_a_signature_holds_for_its_region_alone(approval: Approval) -> None:
    """For another one it is not told as a review, but that there is one."""
    signed = with_signatures(approval, "es", signature(approval))
    there = status_of(signed, "us")
    assert (there.reviews, there.state, there.elsewhere) == ((), "draft", ("au",))
    assert status_of(signed).elsewhere == ()


def test_a_signature_by_a_translator_does_not_count(approval: Approval) -> None:
    """One that got into the file by hand is told, with the reason."""
    own = signature(approval, reviewer=approval.sources.locales["es"].translators[0])
    (review,) = status_of(with_signatures(approval, "es", own)).reviews
    assert (review.counts, review.why) == (False, "the reviewer translated it")


def test_a_signature_of_the_old_kind_does_not_count_and_is_no_error(approval: Approval) -> None:
    """It covered the messages alone."""
    old = replace(signature(approval), text="0123456789abcdef")
    found = status_of(with_records(approval, "es", (old,), {}))
    assert found.state == "stale"
    assert found.reviews[0].why == "it is from a version of this program in which a signature covered less"


def test_a_signature_changed_by_hand_does_not_count(project: Project) -> None:
    """It is told what it says, and what its record says."""
    approve(project.root)
    project.edit("locales/es/reviews.toml", "Lan Pham", "Lan Phan")
    found = status_of(loaded(project.root))
    assert found.state == "reviewed"
    assert found.reviews[1].why == (
        "it is not what was signed: reviewer: “Lan Phan” here, “Lan Pham” in the record"
    )


def test_changed_values_are_told_with_who_must_sign_again(edited: Approval) -> None:
    """From what to what, by the name of the value; every signature of the earlier text is stale."""
    status = status_of(edited)
    assert status.state == "stale"
    assert [review.why for review in status.reviews] == ["2 values changed since"] * 2
    assert [str(change) for change in status.reviews[0].changed] == [
        "about-ipt.short: En resumen → En resumen:",
        "region-au.lifeline.call: 13 11 14 → 13 11 15",
    ]
    assert status.again == ("Ana R (language)", "Lan Pham (clinical)")
    assert len(status.needs) == 2


def test_who_has_signed_again_need_not_do_so(project: Project, edited: Approval) -> None:
    """The earlier signature stays in the file."""
    signing.add_signature(edited, "es", signature(edited, reviewer="ANA R."), TODAY)
    status = status_of(loaded(project.root))
    assert status.state == "reviewed"
    assert status.again == ("Lan Pham (clinical)",)


def test_the_json_has_the_fields_of_the_dataclasses(edited: Approval) -> None:
    """Names, lists and days as scripts have known them."""
    status = status_of(edited)
    (told,) = json.loads(statuses_json([status]))
    assert list(told) == [field.name for field in fields(HandoutStatus)]
    assert told["translators"] == list(status.translators)
    review = told["reviews"][0]
    assert list(review) == ["kind", "reviewer", "role", "date", "counts", "why", "changed"]
    assert review["date"] == "2026-11-20"
    assert review["changed"] == [
        {
            "id": "about-ipt.short",
            "what": "the translation changed",
            "before": ["In short", "En resumen"],
            "now": ["In short", "En resumen:"],
        },
        {"id": "region-au.lifeline.call", "what": "changed", "before": ["13 11 14"], "now": ["13 11 15"]},
    ]
    assert "español" in statuses_json([status])  # as it is read, not escaped


def test_the_page_is_whole_and_names_every_locale(edited: Approval, tmp_path: Path) -> None:
    """One file, nothing fetched, every locale by its own name, every review, every value that changed."""
    page = status_page(edited, all_statuses(edited, "au"), contact_statuses(edited, "au", TODAY), "au")
    assert "http" not in page
    for tag in LOCALES:
        assert f'lang="{tag}"' in page
    for words in (
        "Ana R",
        "2 values changed since",
        '<del lang="es" dir="auto">En resumen</del>',
        '<ins lang="en" dir="auto">13 11 15</ins>',
        "To sign again: Ana R (language), Lan Pham (clinical).",
        "Still missing: a language reviewer who is not the translator; a clinician who is not the translator.",
    ):
        assert words in page
    path = write_status_page(page, tmp_path / "out")
    assert path == tmp_path / "out/status.html"
    assert path.read_text(encoding="utf-8") == page


def test_the_command_says_what_changed_and_who_is_missing(project: Project, edited: Approval) -> None:
    """As lines of a pipe; and that all of it is for one region."""
    ran = project.run("status", "es")
    assert ran.code == 0
    for line in (
        "es about-ipt\tregion-au.lifeline.call: 13 11 14 → 13 11 15",
        "es about-ipt\tto sign again: Ana R (language), Lan Pham (clinical)",
        "All of this is for the region au alone: numbers and access differ in others.",
    ):
        assert line in ran.out.splitlines()
