"""Every check on the sources, and whose problems they are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from handouts.checks.every import check_glossary, check_reviews, check_sources, concerning, true_faults
from handouts.library.remembered import Remembered
from handouts.problems import Problem, in_file
from handouts.sources.load import Sources
from handouts.sources.reviews import Signature, signature_row
from handouts.sources.signed_text import Record
from tests.checks.conftest import Spoil
from tests.conftest import our_look


def codes(sources: Sources, *tags: str) -> set[str]:
    """Return the codes of all problems of some sources."""
    return {problem.code for problem in check_sources(sources, our_look(), tags)}


def test_what_ships_has_no_problem(sources: Sources) -> None:
    """No error and no warning, in any locale."""
    assert codes(sources) == set()


def test_every_check_is_made(sources: Sources, spoilt: Spoil) -> None:
    """One fault for each is found in one go."""
    loaded = spoilt({"about-ipt.lead": "La IPT <b>ayuda</b>."})
    content = loaded.content
    draft = content.drafts["about-ipt"]
    block = replace(
        draft.lead, kind="item", text="Call 13 11 14, {name}. " + "Interpersonal heterogeneity " * 40
    )
    summary = replace(draft.summary, blocks=(block,) * 8)
    drafts = {"about-ipt": replace(draft, lead=block, summary=summary)}
    pale = replace(content.clinics["example"], accent="#ffffff")
    content = replace(content, drafts=drafts, clinics={"example": pale})
    signature = Signature("gone", "au", "language", "r", "role", ("t",), date(2026, 11, 23), "0" * 16)
    unused = replace(loaded.glossary[0], words=re.compile("zzz"))
    spoilt_all = replace(loaded, content=content, signatures={"es": (signature,)}, glossary=(unused,))
    assert codes(spoilt_all) >= {
        "hard-to-read", "list-too-long", "unknown-placeholder", "phone-number-typed",
        "low-contrast", "glossary-term-unused", "message-not-in-source", "unknown-handout",
    }  # fmt: skip
    assert sources.content.drafts["about-ipt"] is draft


def test_catalogs_of_other_locales_are_left_out(spoilt: Spoil) -> None:
    """Whoever asks for one locale waits for that one alone."""
    loaded = spoilt({"about-ipt.lead": "La IPT <b>ayuda</b>."})
    assert "html-in-text" in codes(loaded, "es")
    assert codes(loaded, "el") == set()


def test_what_takes_long_is_checked_once_until_something_in_it_changes(
    sources: Sources, tmp_path: Path
) -> None:
    """The English and the templates; a fault in a template is told each time, and gone once it is mended."""
    look = our_look()
    spoilt = replace(look, templates={**look.templates, "text.txt": "{% if %}"})
    memory = Remembered(tmp_path, look)
    for each, found in (
        (look, set()),
        (spoilt, {"invalid-template"}),
        (spoilt, {"invalid-template"}),
        (look, set()),
    ):
        assert {problem.code for problem in check_sources(sources, each, ["es"], memory)} == found
    kept = len(list(memory.folder.iterdir()))
    check_sources(sources, look, ["es"], memory)
    check_sources(sources, spoilt, ["es"], memory)
    # The English, the names of locales, two sets of templates, a catalog and its messages.
    assert len(list(memory.folder.iterdir())) == kept == 6


def test_problems_of_other_locales_are_left_out() -> None:
    """What touches all of them stays: content, the glossary, the machine."""
    spanish = in_file("x", "locales/es/handouts.po", "", "", line=3)
    arabic = in_file("x", "locales/ar/reviews.toml", "", "", item="review 1")
    shared = [in_file("x", "locales/glossary.yaml", "", ""), Problem("x", "--locale", "", "")]
    assert concerning([spanish, arabic, *shared], ["es"]) == [spanish, *shared]
    assert concerning([spanish, arabic, *shared], ["e"]) == shared
    assert concerning([spanish, arabic, *shared], None) == [spanish, arabic, *shared]


def test_what_is_wrong_with_a_clinic_concerns_what_is_made_for_it() -> None:
    """And nothing else; None is all of them."""
    north, south = (in_file("x", f"content/clinics/{name}.yaml", "", "") for name in ("north", "south"))
    assert concerning([north, south], ["es"]) == []
    assert concerning([north, south], ["es"], ["north"]) == [north]
    assert concerning([north, south], None, None) == [north, south]


def test_a_term_that_no_text_has_is_told(sources: Sources) -> None:
    """And stems for a locale that does not exist; both are warnings."""
    term = sources.glossary[0]
    gone = replace(term, name="gone", words=re.compile("zzz"), stems={"ess": ("x",)})
    claims = tuple(term for term in sources.glossary if term.is_claim)
    problems = list(check_glossary(replace(sources, glossary=(term, gone, *claims))))
    assert [(p.code, p.severity) for p in problems] == [
        ("glossary-term-unused", "warning"), ("unknown-locale", "warning"),
    ]  # fmt: skip
    assert problems[1].fix == "Did you mean “es”?"


def test_a_claim_that_no_block_forbids_is_told_and_one_that_the_glossary_lacks(sources: Sources) -> None:
    """Without stems nothing in a translation is held against what the English may never say."""
    assert list(check_glossary(sources)) == []
    claims = [term for term in sources.glossary if term.is_claim]
    assert claims
    without = tuple(term for term in sources.glossary if term is not claims[0])
    found = list(check_glossary(replace(sources, glossary=without)))
    assert found
    assert {(p.code, p.severity) for p in found} == {("claim-not-in-glossary", "warning")}
    idle = replace(claims[0], words=re.compile("zzz"))
    codes = {p.code for p in check_glossary(replace(sources, glossary=(*sources.glossary, idle)))}
    assert codes == {"glossary-term-unused"}


@pytest.mark.parametrize(
    ("handout", "region", "told"),
    [
        ("about-ipt", "au", []),
        ("abuot-ipt", "au", ["unknown-handout"]),
        ("about-ipt", "uk", ["unknown-region"]),
    ],
)
def test_a_signature_is_of_a_handout_and_a_region(
    sources: Sources, handout: str, region: str, told: list[str]
) -> None:
    """A slip of the pen would leave a text a draft, and no one would know why."""
    signature = Signature(handout, region, "language", "r", "role", ("t",), date(2026, 11, 23), "0" * 32)
    records = {"es": {"0" * 32: Record((), (signature_row(signature),))}}
    problems = list(check_reviews(replace(sources, signatures={"es": (signature,)}, records=records)))
    assert [(p.code, p.file) for p in problems] == [(code, "locales/es/reviews.toml") for code in told]


@pytest.mark.parametrize(
    ("text", "reviewer", "code", "severity"),
    [
        ("0" * 16, "Ana", "signature-of-old-kind", "warning"),
        ("1" * 32, "Ana", "record-missing", "error"),
        ("0" * 32, "Ann", "signature-changed", "error"),
    ],
)
def test_a_signature_that_is_not_what_was_signed_is_told(
    sources: Sources, text: str, reviewer: str, code: str, severity: str
) -> None:
    """With whose it is and of what; one of the old kind is no error."""
    signed = Signature("about-ipt", "au", "language", "Ana", "role", ("t",), date(2026, 11, 23), "0" * 32)
    there = replace(signed, text=text, reviewer=reviewer)
    records = {"es": {"0" * 32: Record((), (signature_row(signed),))}}
    (problem,) = check_reviews(replace(sources, signatures={"es": (there,)}, records=records))
    assert (problem.code, problem.severity, problem.file) == (code, severity, "locales/es/reviews.toml")
    assert f"language review of about-ipt by {reviewer}, 2026-11-23" in problem.where


def test_beside_what_cannot_be_read_only_the_true_fault_is_told() -> None:
    """Not what is missing because of it; what is wrong in another language, or with another clinic, is told all the same."""
    broken = in_file("invalid-yaml", "content/regions/au.yaml", "this is not valid YAML.", "Look at it.")
    lost = in_file("interpreter-unsaid", "content/regions/au.yaml", "no line says how.", "Say it.")
    other = in_file("too-long", "content/handouts/a.yaml", "it is long.", "Say it in less.")
    hint = in_file("unknown", "locales/es/handouts.po", "nothing has it.", "Update.", severity="warning")
    of_none = in_file("unknown", "locales/glossary.yaml", "no text has it.", "Remove it.", severity="warning")
    of_language = in_file("invalid-toml", "locales/ar/locale.toml", "this is not valid TOML.", "Look at it.")
    catalog = in_file("invalid-po", "locales/es/handouts.po", "this is not valid PO.", "Look at it.")
    assert true_faults([broken], [lost, other, hint, of_none]) == [broken, other]
    assert true_faults([of_language, of_none], [hint]) == [of_language, hint]
    assert true_faults([catalog], [hint, of_none]) == [catalog, hint, of_none]
    assert true_faults([of_none], [hint]) == [of_none, hint]
