"""The proof: every message beside its English, for a person who checks it with a pen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handouts import markup
from handouts.page.approval import Approval
from handouts.problems import SourceError
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.verify.extractors import mupdf
from handouts.verify.standards import broken_rules, standards_findings
from handouts.workbench.proof import (
    ENGLISH_CHANGED,
    NOT_TRANSLATED,
    ProofRequest,
    compose_proof,
    make_proof,
)
from tests.workbench.altered import with_message


def request(tag: str = "es", handout: str = "about-ipt") -> ProofRequest:
    """Return the request of a proof for Australia on its paper."""
    return ProofRequest(tag, handout, "au", "a4")


def line_of(html: str, block_id: str) -> str:
    """Return the row of one block; what can break its id over lines is taken out."""
    whole = html.replace("&#8203;", "").replace("\u200b", "")
    (row,) = (row for row in whole.split("<tr>") if f'<td class="id">{block_id}<' in row)
    return row


def test_a_proof_is_named_by_what_it_is_of() -> None:
    """So that proofs for two regions do not write over each other."""
    assert request().file == "es/about-ipt.au.proof.pdf"


def test_every_message_stands_beside_its_english(sources: Sources, look: Look) -> None:
    """One row each, with its id and note, and “safety” where a person in danger reads it."""
    html = compose_proof(Approval(sources, look), request("es"))
    blocks = [b for b in sources.content.handout("about-ipt", "au").blocks() if b.text and not b.optional]
    assert len(blocks) > 50
    for block in blocks:
        row = line_of(html, block.id)
        assert ('<p class="flag">safety</p>' in row) == block.safety
        assert ('<p class="note">' in row) == bool(block.note)
    assert f"all {len(blocks)} lines" in html
    lead = line_of(html, "about-ipt.lead")
    assert "IPT can help you feel better" in lead
    assert '<p lang="es" dir="ltr">La' in lead.replace("\u2060", "")


def test_what_is_missing_or_out_of_date_says_so(sources: Sources, look: Look) -> None:
    """An old translation is shown with the remark; where there is none, the remark alone."""
    gaps = with_message(sources, "es", "about-ipt.short", text="")
    gaps = with_message(gaps, "es", "about-ipt.lead", fuzzy=True)
    html = compose_proof(Approval(gaps, look), request())
    assert NOT_TRANSLATED in line_of(html, "about-ipt.short")
    assert "<p lang" not in line_of(html, "about-ipt.short")
    assert ENGLISH_CHANGED in line_of(html, "about-ipt.lead")
    assert "<p lang" in line_of(html, "about-ipt.lead")
    whole = compose_proof(Approval(sources, look), request())
    assert NOT_TRANSLATED not in whole
    assert ENGLISH_CHANGED not in whole


def test_placeholders_and_citations_show_by_name_and_nothing_can_be_followed(
    sources: Sources, look: Look
) -> None:
    """A checker sees {phone} and which reference is meant; on paper there are no links."""
    html = compose_proof(Approval(sources, look), request())
    blocks = sources.content.handout("about-ipt", "au").blocks()
    named = [b for b in blocks if not b.optional and markup.found(b.text, "placeholder")]
    cited = [b for b in blocks if not b.optional and markup.found(b.text, "citation")]
    assert named
    assert cited
    for block in named:
        for name in markup.found(block.text, "placeholder"):
            assert line_of(html, block.id).count(f'<bdi dir="ltr">{{{name}}}</bdi>') == 2
    for block in cited:
        for reference in markup.found(block.text, "citation"):
            assert line_of(html, block.id).count(f"[@{reference}]") == 2 * block.text.count(f"[@{reference}]")
    assert "<a " not in html


def test_a_number_of_the_region_shows_as_it_will_be_printed(sources: Sources, look: Look) -> None:
    """A proof is of one region, and who signs it sees the number; in both languages."""
    html = compose_proof(Approval(sources, look), request(handout="for-family-and-friends"))
    line = line_of(html, "for-family-and-friends.sooner-first")
    assert (line.count("000</bdi>"), "tel:" in line) == (2, False)


def test_a_proof_says_which_text_it_is_of(sources: Sources, look: Look) -> None:
    """Its digest is the one that a signature of this text has."""
    assert Approval(sources, look).digest("about-ipt", "au", "es") in compose_proof(
        Approval(sources, look), request()
    )


def test_a_character_without_a_glyph_is_refused(sources: Sources, look: Look, tmp_path: Path) -> None:
    """Nobody checks empty boxes; the problem names the file that lists the fonts."""
    locale = replace(sources.locales["zh-Hant"], fonts=sources.source.fonts)
    bare = replace(sources, locales={**sources.locales, "zh-Hant": locale})
    with pytest.raises(SourceError) as refused:
        make_proof(Approval(bare, look), request("zh-Hant"), tmp_path)
    (problem,) = refused.value.problems
    assert (problem.file, problem.locale) == ("locales/zh-Hant/locale.toml", "zh-Hant")
    assert "no glyph for" in problem.what


@pytest.mark.parametrize(
    ("tag", "handout"), [("ar", "about-ipt"), ("hi", "references"), ("zh-Hant", "about-ipt")]
)
def test_a_proof_on_paper_has_every_message_and_keeps_both_standards(
    sources: Sources, look: Look, tmp_path: Path, shared: Path, tag: str, handout: str
) -> None:
    """English, translation, block, remarks, signature; a table to a screen reader too."""
    path = tmp_path / "proof.pdf"
    path.write_bytes(make_proof(Approval(sources, look), request(tag, handout), shared / "cache"))
    assert broken_rules(path) == []
    # An expert cannot know of a table that runs over pages (TBL-014).
    assert [finding for finding in standards_findings(path, []) if not finding.startswith("TBL-014")] == []
    text = " ".join(mupdf(path)).replace("-\n", "-").replace(".\n", ".")
    for block in sources.content.handout(handout, "au").blocks():
        if block.text and not block.optional:
            assert block.id in text
    assert Approval(sources, look).digest(handout, "au", tag) in text
