"""Pseudo-locales and proofs: for those who look before a translation is there, and for those who check it on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts import markup
from handouts.sources.load import Sources
from handouts.verify.extractors import mupdf
from handouts.verify.standards import broken_rules, findings
from handouts.workbench.pseudo import LONGER, PSEUDO, accent, mirror, with_pseudo
from tests.conftest import Project


def test_both_print_on_demand_and_are_never_in_a_library(project: Project) -> None:
    """They are made when asked for, say what they are, and are drafts; no folder, no part of a usual build."""
    ran = project.run(
        "--locale", "en-XA", "--locale", "ar-XB", "--handout", "about-ipt", "--layout", "standard"
    )
    assert ran.code == 0, ran.err
    rows = json.loads((project.root / "dist/manifest.json").read_text(encoding="utf-8"))["renditions"]
    assert {(row["locale"], row["direction"]) for row in rows} == {("en-XA", "ltr"), ("ar-XB", "rtl")}
    text = (project.root / "dist/ar-XB/about-ipt.txt").read_text(encoding="utf-8")
    assert "13 11 14" in text
    assert not (project.root / "locales/en-XA").exists()
    assert "en-XA" not in project.run("status", "--json").out


def test_every_message_is_changed_and_keeps_its_marks(sources: Sources) -> None:
    """Placeholders, citations and bold parts are those of the English, or the page could not be made."""
    both = with_pseudo(sources, PSEUDO)
    for tag in PSEUDO:
        for block in sources.blocks().values():
            if block.optional:
                continue
            text = both.catalogs[tag].messages[block.id].text
            for kind in ("placeholder", "citation"):
                assert markup.found(text, kind) == markup.found(block.text, kind)  # type: ignore[arg-type]
            assert len(markup.found(text, "strong")) == len(markup.found(block.text, "strong"))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12))
def test_a_word_with_a_vowel_is_made_longer_by_what_a_translation_may_need(word: str) -> None:
    """40 % longer where there is a vowel to lengthen; no letter is left plain."""
    assert len(accent(word)) == (round(len(word) * LONGER) if set(word) & set("aeiouy") else len(word))
    assert not accent(word).isascii() or not set(word) & set("aeiouy")
    assert len(mirror(word)) == len(word)
    assert not mirror(word).isascii()


def findings_of_a_proof(path: Path) -> list[str]:
    """Return what an expert finds, without what it cannot know of a table that runs over pages (TBL-014)."""
    return [finding for finding in findings(path, []) if not finding.startswith("TBL-014")]


@pytest.mark.parametrize(
    ("tag", "handout"), [("ar", "about-ipt"), ("hi", "references"), ("zh-Hant", "about-ipt")]
)
def test_a_proof_has_every_message_and_keeps_both_standards(
    project: Project, sources: Sources, tag: str, handout: str
) -> None:
    """English, translation, block, remarks, signature; a table to a screen reader too."""
    ran = project.run("proof", tag, handout)
    assert ran.code == 0, ran.err
    path = project.root / f"proofs/{tag}/{handout}.au.proof.pdf"
    assert broken_rules(path) == []
    assert findings_of_a_proof(path) == []
    text = " ".join(mupdf(path)).replace("-\n", "-").replace(".\n", ".")
    for block in sources.content.handout(handout, "au").blocks():
        if block.text and not block.optional:
            assert block.id in text
    assert sources.text_digest(handout, "au", tag) in text


def test_a_proof_of_the_source_is_refused(project: Project) -> None:
    """English beside itself checks nothing."""
    ran = project.run("proof", "en", "about-ipt")
    assert ran.code == 1
    assert "translated from" in ran.err
