"""Signatures: what a row must say, who may sign what, and what a changed text does to them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from handouts.sources.catalogs import Catalog
from handouts.sources.load import Sources
from handouts.sources.reviews import (
    Signature,
    is_independent,
    load_signatures,
    name_key,
    review_state,
    row_faults,
)
from handouts.sources.signed_text import text_digest

TODAY = date(2026, 11, 26)
ROW: dict[str, Any] = {
    "handout": "about-ipt",
    "region": "au",
    "kind": "language",
    "reviewer": "r1",
    "role": "accredited translator",
    "translators": ["t1"],
    "date": date(2026, 11, 23),
    "text": "0123456789abcdef",
}


def signature(
    sources: Sources, kind: str, reviewer: str = "r1", tag: str = "es", **changed: str
) -> Signature:
    """Return a signature of the Spanish handout as it stands."""
    text = text_digest(sources.content.handout("about-ipt", "au"), sources.catalogs.get(tag))
    row = {"handout": "about-ipt", "region": "au", "text": text, **changed}
    return Signature(
        **row, kind=kind, reviewer=reviewer, role="", translators=("t1",), date=date(2026, 11, 23)
    )


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["language", "clinical"], "approved"),
        (["language"], "reviewed"),
        (["clinical"], "reviewed"),
        (["back-translation"], "draft"),
        ([], "draft"),
    ],
)
def test_two_kinds_of_review_make_a_translation_approved(
    sources: Sources, kinds: list[str], expected: str
) -> None:
    """A language review and a clinical review of the same text approve it; one of them is half way."""
    signatures = [signature(sources, kind, f"r{n}") for n, kind in enumerate(kinds)]
    handout = sources.content.handout("about-ipt", "au")
    got = review_state(handout, sources.locales["es"], sources.catalogs["es"], signatures)
    assert got == expected


def test_a_translator_cannot_approve_their_own_work(sources: Sources) -> None:
    """A signature by one of the translators does not count."""
    handout = sources.content.handout("about-ipt", "au")
    signatures = [signature(sources, "language", "t1"), signature(sources, "clinical", "machine draft")]
    assert review_state(handout, sources.locales["es"], sources.catalogs["es"], signatures) == "draft"


def test_a_text_changed_after_its_review_is_stale(sources: Sources) -> None:
    """A signature of another text leaves the handout stale."""
    handout = sources.content.handout("about-ipt", "au")
    signatures = [signature(sources, kind, text="0" * 16) for kind in ("language", "clinical")]
    assert review_state(handout, sources.locales["es"], sources.catalogs["es"], signatures) == "stale"


def test_a_review_is_of_one_region(sources: Sources) -> None:
    """Numbers and access differ by region: a review for Australia says nothing of New Zealand."""
    handout = sources.content.handout("about-ipt", "nz")
    signatures = [signature(sources, kind) for kind in ("language", "clinical")]
    assert review_state(handout, sources.locales["es"], sources.catalogs["es"], signatures) == "draft"


@pytest.mark.parametrize("reviewer", ["T1", " t1 ", "Machine  Draft"])
def test_a_translator_is_known_by_name_in_any_case(sources: Sources, reviewer: str) -> None:
    """Capitals and spaces do not make another person."""
    handout = sources.content.handout("about-ipt", "au")
    signatures = [signature(sources, kind, reviewer) for kind in ("language", "clinical")]
    assert review_state(handout, sources.locales["es"], sources.catalogs["es"], signatures) == "draft"


def test_an_unsigned_text_is_a_draft(sources: Sources) -> None:
    """Without a signature the state is draft; without a translation it is missing."""
    handout, spanish = sources.content.handout("about-ipt", "au"), sources.locales["es"]
    assert review_state(handout, spanish, sources.catalogs["es"], ()) == "draft"
    assert review_state(handout, spanish, Catalog("x.po", {}), ()) == "missing"
    assert review_state(handout, sources.locales["en"], None, ()) == "draft"


def test_two_reviews_are_by_two_people(sources: Sources) -> None:
    """One person who checks language and content is half way, however the name is written."""
    handout = sources.content.handout("about-ipt", "au")
    signatures = [signature(sources, "language", "Ana  R"), signature(sources, "clinical", "ana r")]
    assert review_state(handout, sources.locales["es"], sources.catalogs["es"], signatures) == "reviewed"


def test_the_english_needs_a_clinician_alone(sources: Sources) -> None:
    """There is no translation of it to be checked."""
    handout, english = sources.content.handout("about-ipt", "au"), sources.locales["en"]
    clinical, language = (signature(sources, kind, tag="en") for kind in ("clinical", "language"))
    assert review_state(handout, english, None, [clinical]) == "approved"
    assert review_state(handout, english, None, [language]) == "draft"


def test_half_a_translation_is_never_approved(sources: Sources) -> None:
    """Whoever signed it: what is missing would print in English."""
    handout, catalog = sources.content.handout("about-ipt", "au"), sources.catalogs["es"]
    half = Catalog(catalog.file, {k: m for k, m in catalog.messages.items() if k != "about-ipt.lead"})
    text = text_digest(handout, half)
    signatures = [signature(sources, kind, f"r{kind}", text=text) for kind in ("language", "clinical")]
    assert review_state(handout, sources.locales["es"], half, signatures) == "reviewed"


def test_a_reviewer_is_independent_of_all_translators(sources: Sources) -> None:
    """Of those that the signature names, and of those that the locale names."""
    spanish = sources.locales["es"]
    assert is_independent(signature(sources, "language", "Ana"), spanish)
    assert not is_independent(signature(sources, "language", "t1"), spanish)
    assert not is_independent(signature(sources, "language", spanish.translators[0].upper()), spanish)


def test_names_are_compared_as_people_read_them() -> None:
    """Case, spaces and the encoding of accents do not make another person."""
    assert name_key(" Jose\u0301  Gil ") == name_key("JOSÉ GIL")
    assert name_key("Ana") != name_key("Anna")


def test_a_row_as_it_should_be_has_no_fault() -> None:
    """Also one of tomorrow, which it is already where the reviewer lives."""
    assert row_faults(ROW, TODAY) == []
    assert row_faults({**ROW, "date": date(2026, 11, 27)}, TODAY) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "clinicall"}, "unknown-choice"),
        ({"kind": ["clinical"]}, "text-expected"),
        ({"reviewer": "."}, "invalid-name"),
        ({"reviewer": "B\x7fob"}, "invisible-character"),
        ({"role": 1}, "text-expected"),
        ({"text": "yes"}, "invalid-digest"),
        ({"text": 1234567890123456}, "text-expected"),
        ({"date": "23/11/2026"}, "invalid-date"),
        ({"date": datetime(2026, 11, 23)}, "invalid-date"),  # noqa: DTZ001 - as TOML may have it
        ({"date": date(2026, 11, 28)}, "date-in-future"),
        ({"translators": "t1"}, "list-expected"),
        ({"translators": [1]}, "text-expected"),
        ({"reviewr": "r1"}, "unknown-key"),
    ],
)
def test_a_row_that_says_too_little_is_told(changed: dict[str, Any], code: str) -> None:
    """A signature that cannot be read does not count, and no one is left in doubt why."""
    assert [fault.code for fault in row_faults({**ROW, **changed}, TODAY)] == [code]


@pytest.mark.parametrize("key", list(ROW))
def test_every_key_of_a_row_is_needed(key: str) -> None:
    """Who, what, when and of which text."""
    faults = row_faults({k: v for k, v in ROW.items() if k != key}, TODAY)
    assert [(fault.code, fault.what) for fault in faults] == [("missing-key", f"the key “{key}” is missing.")]


REVIEW = """
[[review]]
handout = "about-ipt"
region = "au"
kind = "language"
reviewer = "r1"
role = "accredited translator"
translators = ["t1"]
date = 2026-11-23
text = "0123456789abcdef"
"""


def test_signatures_are_read_in_the_order_of_their_file(tmp_path: Path) -> None:
    """A row with a fault is told with its line and left out; a locale without the file has none."""
    (tmp_path / "locales/es").mkdir(parents=True)
    rows = REVIEW + REVIEW.replace("language", "languag") + REVIEW.replace("r1", "r3")
    (tmp_path / "locales/es/reviews.toml").write_text(rows)
    signatures, problems = load_signatures(tmp_path, ["es", "ar"], TODAY)
    assert [s.reviewer for s in signatures["es"]] == ["r1", "r3"]
    assert signatures["es"][0].translators == ("t1",)
    assert signatures["ar"] == ()
    assert [(p.where, p.locale) for p in problems] == [("locales/es/reviews.toml:15", "es")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("review = 1", "list-expected"),
        ("review = [1]", "mapping-expected"),
        ("[[reviews]]", "unknown-key"),
        ("x =", "invalid-toml"),
    ],
)
def test_a_file_that_is_no_list_of_signatures_is_told(tmp_path: Path, text: str, code: str) -> None:
    """Nothing in it counts."""
    (tmp_path / "locales/es").mkdir(parents=True)
    (tmp_path / "locales/es/reviews.toml").write_text(text)
    signatures, problems = load_signatures(tmp_path, ["es"], TODAY)
    assert signatures == {"es": ()}
    assert [p.code for p in problems] == [code]
