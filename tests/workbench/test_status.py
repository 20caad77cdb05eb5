"""Status: how far a handout is in a locale, what each signature is worth today, as JSON and as a page."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.sources.reviews import Signature
from handouts.workbench import signing
from handouts.workbench.status import (
    HandoutStatus,
    ReviewStatus,
    all_statuses,
    as_json,
    handout_status,
    status_page,
    write_status_page,
)
from tests.conftest import LOCALES
from tests.workbench.altered import with_message, with_signatures, written_to


@pytest.fixture(scope="module")
def signature(sources: Sources) -> Signature:
    """Return a language review of the Spanish text as it is."""
    return signing.new_signature(
        sources,
        "es",
        handout="about-ipt",
        region="au",
        kind="language",
        reviewer="R. Reader",
        role="accredited translator",
        translators=(),
        date=date(2026, 11, 20),
    )


def status_of(sources: Sources) -> HandoutStatus:
    """Return the status of the first handout in Spanish."""
    return handout_status(sources, "about-ipt", "au", "es")


def test_every_handout_has_a_status_in_every_locale_or_in_those_asked_for(sources: Sources) -> None:
    """In the order of the locales, then of the handouts."""
    handouts = list(sources.content.drafts)
    found = all_statuses(sources, "au")
    assert [(each.locale, each.handout) for each in found] == [
        (tag, handout) for tag in sources.locales for handout in handouts
    ]
    assert [each.locale for each in all_statuses(sources, "au", ["ar"])] == ["ar"] * len(handouts)


def test_missing_and_fuzzy_messages_are_named_and_not_counted_as_translated(sources: Sources) -> None:
    """What prints in English is not translated, whatever the catalog holds."""
    whole = status_of(sources)
    assert (whole.missing, whole.fuzzy, whole.translated) == ((), (), whole.messages)
    gaps = with_message(sources, "es", "about-ipt.short", text="")
    gaps = with_message(gaps, "es", "about-ipt.lead", fuzzy=True)
    found = status_of(gaps)
    assert (found.missing, found.fuzzy) == (("about-ipt.short",), ("about-ipt.lead",))
    assert found.translated == whole.messages - 2


def test_a_signature_of_the_text_as_it_is_counts(sources: Sources, signature: Signature) -> None:
    """It says who reviewed what, and when."""
    (review,) = status_of(with_signatures(sources, "es", signature)).reviews
    assert review == ReviewStatus(
        "language", "R. Reader", "accredited translator", date(2026, 11, 20), counts=True, why="", changed=()
    )


def test_a_signature_for_another_region_is_of_another_text(sources: Sources, signature: Signature) -> None:
    """It is not told here at all."""
    assert status_of(with_signatures(sources, "es", replace(signature, region="us"))).reviews == ()


def test_a_signature_by_a_translator_does_not_count(sources: Sources, signature: Signature) -> None:
    """One that got into the file by hand is told, with the reason."""
    own = replace(signature, reviewer=sources.locales["es"].translators[0])
    (review,) = status_of(with_signatures(sources, "es", own)).reviews
    assert (review.counts, review.why) == (False, "the reviewer translated it")


def test_an_edited_message_makes_a_signature_stale_and_is_named(
    sources: Sources, signature: Signature, tmp_path: Path
) -> None:
    """With the text as it was signed and as it is; without the record, only that it changed."""
    edited = with_message(sources, "es", "about-ipt.short", text="En resumen.")
    there = with_signatures(written_to(edited, tmp_path), "es", signature)
    (review,) = status_of(there).reviews
    assert (review.why, review.changed) == ("the text changed since; it was not kept", ())
    signing.add_signature(written_to(sources, tmp_path), "es", signature)
    status = status_of(there)
    assert status.state == "stale"
    (review,) = status.reviews
    assert (review.counts, review.why) == (False, "1 message changed since")
    (change,) = review.changed
    assert (change.id, change.before[1], change.now[1]) == ("about-ipt.short", "En resumen", "En resumen.")


def test_the_json_has_the_fields_of_the_dataclasses(
    sources: Sources, signature: Signature, tmp_path: Path
) -> None:
    """Names, lists and days as scripts have known them."""
    edited = with_message(sources, "es", "about-ipt.short", text="En resumen.")
    signing.add_signature(written_to(sources, tmp_path), "es", signature)
    status = status_of(with_signatures(written_to(edited, tmp_path), "es", signature))
    (told,) = json.loads(as_json([status]))
    assert list(told) == [field.name for field in fields(HandoutStatus)]
    assert told["translators"] == list(status.translators)
    (review,) = told["reviews"]
    assert list(review) == ["kind", "reviewer", "role", "date", "counts", "why", "changed"]
    assert review["date"] == "2026-11-20"
    assert review["changed"] == [
        {
            "id": "about-ipt.short",
            "what": "the translation changed",
            "before": ["In short", "En resumen"],
            "now": ["In short", "En resumen."],
        }
    ]
    assert "español" in as_json([status])  # as it is read, not escaped


def test_the_page_is_whole_and_names_every_locale(
    sources: Sources, look: Look, signature: Signature, tmp_path: Path
) -> None:
    """One file, nothing fetched, every locale by its own name, every review, every message that changed."""
    signing.add_signature(written_to(sources, tmp_path), "es", signature)
    edited = with_message(sources, "es", "about-ipt.short", text="En resumen.")
    stale = status_of(with_signatures(written_to(edited, tmp_path), "es", signature))
    page = status_page(sources, look, [*all_statuses(sources, "au"), stale], "au")
    assert "http" not in page
    for tag in LOCALES:
        assert f'lang="{tag}"' in page
    assert "R. Reader" in page
    assert "1 message changed since" in page
    assert '<del lang="es" dir="auto">En resumen</del>' in page
    path = write_status_page(page, tmp_path / "out")
    assert path == tmp_path / "out/status.html"
    assert path.read_text(encoding="utf-8") == page
