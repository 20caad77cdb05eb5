"""What signatures are worth: which are believed, what state follows, who is still missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handouts.sources.catalogs import Catalog
from handouts.sources.load import Sources
from handouts.sources.reviews import Signature, signature_row
from handouts.sources.signed_text import Record
from handouts.sources.standing import doubt, is_independent, missing_reviews, state_of, unsigned_state

NOW, THEN = "1" * 32, "0" * 32


def signed(kind: str = "language", reviewer: str = "Ana R", text: str = NOW) -> Signature:
    """Return a signature of the first handout."""
    return Signature("about-ipt", "au", kind, reviewer, "role", ("T. One",), date(2026, 11, 23), text)


def state(
    sources: Sources, counting: list[Signature], *, own: list[Signature] | None = None, tag: str = "es"
) -> str:
    """Return the state of the first handout."""
    handout, catalog = sources.content.handout("about-ipt", "au"), sources.catalogs.get(tag)
    return state_of(handout, catalog, counting if own is None else own, counting, NOW)


@pytest.mark.parametrize("tag", ["es", "en"])
@pytest.mark.parametrize(
    ("signatures", "expected"),
    [
        ([("language", "Ana R"), ("clinical", "Lan Pham")], "approved"),
        ([("language", "Ana R")], "reviewed"),
        ([("clinical", "Lan Pham")], "reviewed"),
        ([("language", "Ana R"), ("clinical", "ana r.")], "reviewed"),
        ([("language", "Ana R"), ("clinical", "An\u0430 R")], "reviewed"),
        ([("language", "A"), ("clinical", "A"), ("language", "B")], "approved"),
        ([("language", "A"), ("clinical", "A"), ("back-translation", "B")], "reviewed"),
        ([("back-translation", "A"), ("patient-test", "B")], "draft"),
        ([], "draft"),
    ],
)
def test_two_people_and_two_kinds_of_review_approve_a_text(
    sources: Sources, signatures: list[tuple[str, str]], expected: str, tag: str
) -> None:
    """One for its language and another one for what it says; the English too."""
    assert state(sources, [signed(*each) for each in signatures], tag=tag) == expected


def test_a_text_changed_after_its_review_is_stale(sources: Sources) -> None:
    """Signed, but not as it is now; one signature of now is enough for it not to be."""
    assert state(sources, [], own=[signed(text=THEN)]) == "stale"
    assert state(sources, [], own=[signed(text=THEN), signed()]) == "draft"


def test_half_a_translation_is_never_approved(sources: Sources) -> None:
    """Whoever signed it: what is missing would print in English."""
    catalog = sources.catalogs["es"]
    half = Catalog(catalog.file, {k: m for k, m in catalog.messages.items() if k != "about-ipt.lead"})
    lacking = replace(sources, catalogs={"es": half})
    assert state(lacking, [signed(), signed("clinical", "Lan Pham")]) == "reviewed"


def test_an_unsigned_text_is_a_draft_or_missing(sources: Sources) -> None:
    """Missing is what nobody has begun to translate."""
    handout = sources.content.handout("about-ipt", "au")
    assert unsigned_state(handout, sources.catalogs["es"]) == "draft"
    assert unsigned_state(handout, Catalog("x.po", {})) == "missing"
    assert unsigned_state(handout, None) == "draft"


@pytest.mark.parametrize(
    "reviewer", ["T. One", "t. one", "T One", "Т. One", "Machine  Draft", "MACHINE DRAFT."]
)
def test_a_translator_is_never_independent(sources: Sources, reviewer: str) -> None:
    """Neither one that the signature names nor one that the locale names, however the name is written."""
    assert is_independent(signed(), sources.locales["es"])
    assert not is_independent(signed(reviewer=reviewer), sources.locales["es"])


@pytest.mark.parametrize(
    ("signatures", "translated", "missing"),
    [
        (
            [],
            True,
            ["a language reviewer who is not the translator", "a clinician who is not the translator"],
        ),
        ([], False, ["a language reviewer", "a clinician"]),
        ([("language", "Lan Pham")], True, ["a clinician other than Lan Pham and the translator"]),
        ([("language", "Lan Pham")], False, ["a clinician other than Lan Pham"]),
        ([("clinical", "Lan Pham")], False, ["a language reviewer other than Lan Pham"]),
        ([("language", "A"), ("language", "B")], False, ["a clinician"]),
        ([("language", "A"), ("clinical", "a.")], False, ["a language reviewer or a clinician other than A"]),
        ([("language", "A"), ("clinical", "B")], True, []),
        ([("patient-test", "A")], False, ["a language reviewer", "a clinician"]),
    ],
)
def test_who_is_still_missing_is_said(
    signatures: list[tuple[str, str]], *, translated: bool, missing: list[str]
) -> None:
    """So that the next person to ask is known by name, or by who it cannot be."""
    assert list(missing_reviews([signed(*each) for each in signatures], translated=translated)) == missing


def test_nothing_is_missing_exactly_where_a_whole_text_is_approved(sources: Sources) -> None:
    """The two answers come from one rule."""
    people, kinds = ("A", "B"), ("language", "clinical", "patient-test")
    one = [signed(kind, name) for kind in kinds for name in people]
    for first in one:
        for second in one:
            approved = state(sources, [first, second]) == "approved"
            assert approved == (not missing_reviews([first, second], translated=True))


def test_a_signature_is_believed_where_its_record_says_the_same() -> None:
    """Among those of other people who signed the same text."""
    record = Record((), (signature_row(signed("clinical", "B")), signature_row(signed())))
    assert doubt(signature_row(signed()), record) is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"reviewer": "Ana S"}, "reviewer: “Ana S” here, “Ana R” in the record"),
        ({"kind": "clinical"}, "kind: “clinical” here, “language” in the record"),
        ({"role": "chief"}, "role: “chief” here"),
        ({"date": date(2026, 11, 24)}, "date: “2026-11-24” here, “2026-11-23” in the record"),
        ({"translators": ("X",)}, "translators: “X” here, “T. One” in the record"),
        ({"region": "nz"}, "region: “nz” here, “au” in the record"),
        ({"handout": "references"}, "handout: “references” here, “about-ipt” in the record"),
    ],
)
def test_a_signature_edited_by_hand_is_found(changed: dict[str, Any], told: str) -> None:
    """Whichever of its values: the record says what it was."""
    fault = doubt(signature_row(replace(signed(), **changed)), Record((), (signature_row(signed()),)))
    assert fault is not None
    assert fault.code == "signature-changed"
    assert told in fault.what


def test_a_signature_without_its_record_is_not_believed() -> None:
    """It may have been copied, or written by hand."""
    fault = doubt(signature_row(signed()), None)
    assert fault is not None
    assert fault.code == "record-missing"
    empty = doubt(signature_row(signed()), Record(()))
    assert empty is not None
    assert empty.what == "its record holds no signature."


def test_a_signature_of_the_old_kind_is_said_to_be_one() -> None:
    """It covered the messages alone: it is no error, and counts no more."""
    fault = doubt(signature_row(signed(text="0" * 16)), None)
    assert fault is not None
    assert (fault.code, fault.severity) == ("signature-of-old-kind", "warning")
