"""Signatures: who may sign what, and what a changed text does to them."""

from __future__ import annotations

from datetime import date

import pytest

from handouts.sources.load import Sources
from handouts.sources.reviews import Signature, review_state
from handouts.sources.signed_text import text_digest
from tests.conftest import Project

SIGNED = """
[[review]]
handout = "about-ipt"
region = "au"
kind = "{kind}"
reviewer = "{reviewer}"
role = "test"
translators = ["machine draft"]
date = 2026-11-23
text = "{text}"
"""


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


def test_only_what_is_approved_is_built_on_request_and_it_prints_no_draft(
    project: Project, sources: Sources
) -> None:
    """`--approved-only` makes what was signed, without DRAFT, and takes earlier drafts away; an edit brings it back."""
    assert project.run("--locale", "es", "--format", "text").code == 0
    large = ("--locale", "es", "--handout", "references", "--format", "eml", "--layout", "large-print")
    assert project.run(*large).code == 0
    assert "DRAFT" in (project.root / "dist/es/about-ipt.txt").read_text(encoding="utf-8")
    text = text_digest(sources.content.handout("about-ipt", "au"), sources.catalogs["es"])
    rows = [SIGNED.format(kind=k, reviewer=r, text=text) for k, r in (("language", "A"), ("clinical", "B"))]
    (project.root / "locales/es/reviews.toml").write_text("".join(rows), encoding="utf-8")
    ran = project.run("--locale", "es", "--format", "text", "--approved-only")
    assert ran.code == 0, ran.err
    assert "2 earlier files that are not approved were removed." in ran.out
    assert not list((project.root / "dist/es").glob("*.eml"))
    made = (project.root / "dist/es/about-ipt.txt").read_text(encoding="utf-8")
    assert "DRAFT" not in made
    assert "Need help right now?" not in made
    assert not (project.root / "dist/es/references.txt").exists()
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En resumen:"')
    assert project.run("--locale", "es", "--format", "text", "--approved-only").code == 1
    assert not (project.root / "dist/es/about-ipt.txt").exists()


def test_an_approved_file_of_another_region_stays(project: Project, sources: Sources) -> None:
    """Asking for what is approved in New Zealand takes nothing away that is approved in Australia."""
    text = text_digest(sources.content.handout("about-ipt", "au"), sources.catalogs["es"])
    rows = [SIGNED.format(kind=k, reviewer=r, text=text) for k, r in (("language", "A"), ("clinical", "B"))]
    (project.root / "locales/es/reviews.toml").write_text("".join(rows), encoding="utf-8")
    want = ("--locale", "es", "--handout", "about-ipt", "--format", "text", "--approved-only")
    assert project.run(*want).code == 0
    assert project.run(*want, "--region", "nz").code == 1
    assert (project.root / "dist/es/about-ipt.txt").exists()


@pytest.mark.parametrize("reviewer", ["T1", " t1 ", "Machine  Draft"])
def test_a_translator_is_known_by_name_in_any_case(sources: Sources, reviewer: str) -> None:
    """Capitals and spaces do not make another person."""
    handout = sources.content.handout("about-ipt", "au")
    signatures = [signature(sources, kind, reviewer) for kind in ("language", "clinical")]
    assert review_state(handout, sources.locales["es"], sources.catalogs["es"], signatures) == "draft"
