"""What is made for the preview: pages, places and e-mail of a handout, and what is known of each block."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PIL import Image

from handouts.page.approval import Approval
from handouts.problems import Problem
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.workbench.preview.rendering import BlockDetails, Column, Preview, Renderer, View, _blocks
from tests.workbench.altered import with_message

pytestmark = pytest.mark.xdist_group("preview-rendering")
VIEW = View("es", "about-ipt", "au", "standard")


@dataclass(frozen=True)
class Rendered:
    """One renderer, and the previews it made before and after a change of the Spanish."""

    renderer: Renderer
    before: Preview
    after: Preview


@pytest.fixture(scope="module")
def rendered(sources: Sources, look: Look, shared: Path) -> Rendered:
    """Render Spanish beside English, change a message, and render again."""
    renderer = Renderer(shared / "cache")
    before = renderer.preview(sources, look, VIEW, [])
    changed = with_message(sources, "es", "about-ipt.short", text="En <b>resumen")
    told = Problem("some-fault", "somewhere", "it is odd.", "Mend it.")
    return Rendered(renderer, before, renderer.preview(changed, look, VIEW, [told]))


def test_a_block_with_a_placeholder_that_nothing_fills_is_shown_with_its_problem(
    sources: Sources, look: Look, shared: Path
) -> None:
    """One slip in the words around the text does not blank the page."""
    content = sources.content
    call = replace(content.words["crisis-call"], text="Call {nobody} now")
    spoilt = replace(sources, content=replace(content, words={**content.words, "crisis-call": call}))
    preview = Renderer(shared / "cache").preview(spoilt, look, VIEW, [])
    assert preview.own.pages
    (block,) = (block for block in preview.blocks if block.id == "interface.crisis-call")
    assert block.english == "Call {nobody} now"
    assert ("unknown-placeholder", "content/interface.yaml") in {(p.code, p.file) for p in block.problems}


def details(sources: Sources, block_id: str, *problems: Problem, tag: str = "es") -> BlockDetails:
    """Return what is known of a block of the first handout in Spanish."""
    view = View(tag, "about-ipt", "au", "standard")
    (found,) = (block for block in _blocks(sources, view, problems) if block.id == block_id)
    return found


def test_a_preview_is_the_pages_and_the_e_mail_with_english_beside(rendered: Rendered) -> None:
    """Pictures of pages higher than wide; the places of blocks on them, as parts of the page."""
    preview = rendered.before
    assert preview.english
    for column, tag in ((preview.own, "es"), (preview.english, "en")):
        assert column.locale == tag
        for page in column.pages:
            with Image.open(io.BytesIO(page)) as picture:
                assert picture.format == "PNG"
                assert picture.height > picture.width > 600
        assert {place.page for place in column.places} == set(range(1, len(column.pages) + 1))
        assert all(0 <= edge <= 1 for p in column.places for edge in (p.left, p.top, p.width, p.height))
        assert 'data-block="about-ipt.lead"' in column.email
    assert "about-ipt.lead" in {place.block for place in preview.own.places}
    assert preview.problems == ()


def test_what_has_not_changed_is_not_made_again(rendered: Rendered) -> None:
    """A save of the Spanish leaves the English column as it is."""
    assert rendered.after.english is rendered.before.english
    assert rendered.after.own is not rendered.before.own
    assert rendered.after.own.pages[0] != rendered.before.own.pages[0]
    assert set(map(id, rendered.renderer.columns.values())) == {
        id(rendered.before.own),
        id(rendered.after.own),
        id(rendered.after.english),
    }


def test_a_faulty_text_is_shown_with_its_problems(rendered: Rendered) -> None:
    """Those of a block stand at the block, all others over the page."""
    (block,) = (block for block in rendered.after.blocks if block.id == "about-ipt.short")
    assert [problem.about for problem in block.problems] == ["about-ipt.short"]
    assert "holds HTML" in block.problems[0].what
    assert [problem.code for problem in rendered.after.problems] == ["some-fault"]


def test_english_has_no_english_beside_it_and_bilingual_pages_have_the_standard_ones(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """What stands beside is what is compared with, in its own best layout."""
    made: list[View] = []

    class Asked(Renderer):
        def _column(self, approval: Approval, view: View, unfilled: list[Problem]) -> object:  # type: ignore[override]
            made.append(view)
            return Column(view.locale, (), (), "")

    renderer = Asked(tmp_path)
    assert renderer.preview(sources, look, View("en", "about-ipt", "au", "large-print"), []).english is None
    renderer.preview(sources, look, View("es", "about-ipt", "au", "bilingual"), [])
    assert [(view.locale, view.layout) for view in made] == [
        ("en", "large-print"),
        ("es", "bilingual"),
        ("en", "standard"),
    ]


def test_a_clinic_stands_on_its_pages_and_what_does_not_fit_is_told(
    sources: Sources, look: Look, shared: Path
) -> None:
    """In both languages; pages are shown all the same, so that one sees what to shorten."""
    clinic = replace(sources.content.clinics["example"], address=("A long way down the road",) * 9)
    content = replace(sources.content, clinics={**sources.content.clinics, "example": clinic})
    view = replace(VIEW, clinic="example")
    preview = Renderer(shared / "cache").preview(replace(sources, content=content), look, view, [])
    assert preview.english
    for column in (preview.own, preview.english):
        assert column.pages
        assert clinic.name in column.email
    assert [(each.code, each.file) for each in preview.problems] == [("clinic-too-long", clinic.file)]


def test_every_block_with_a_text_is_told_once(sources: Sources) -> None:
    """In the order in which they stand in the handout."""
    told = [block.id for block in _blocks(sources, VIEW, [])]
    blocks = sources.content.handout("about-ipt", "au").blocks()
    assert told == [block.id for block in blocks if block.text]
    assert len(told) > 50


def test_a_block_says_how_far_it_is(sources: Sources) -> None:
    """Translated, fuzzy or changed in English, missing, optional; in English there is nothing to do."""
    lead = "about-ipt.lead"
    assert details(sources, lead).state == "translated"
    assert details(with_message(sources, "es", lead, fuzzy=True), lead).state == "fuzzy"
    assert details(with_message(sources, "es", lead, source="Other English."), lead).state == "fuzzy"
    assert details(with_message(sources, "es", lead, text=""), lead).state == "missing"
    assert details(sources, lead, tag="en").state == "source"
    optional = next(
        b.id for b in sources.content.handout("about-ipt", "au").blocks() if b.optional and b.text
    )
    assert details(with_message(sources, "es", optional, text=""), optional).state == "optional"


def test_a_block_says_all_that_a_translator_needs(sources: Sources) -> None:
    """Note, English, safety, translation, the English it was made from, the line to edit, and its own problems."""
    own = Problem("own-fault", "somewhere", "it is odd.", "Mend it.", about="about-ipt.lead")
    other = Problem("other-fault", "somewhere", "it is odd.", "Mend it.", about="about-ipt.short")
    changed = with_message(sources, "es", "about-ipt.lead", fuzzy=True, previous="Old English.")
    block, found = changed.blocks()["about-ipt.lead"], details(changed, "about-ipt.lead", own, other)
    message = changed.catalogs["es"].messages["about-ipt.lead"]
    assert (found.note, found.english, found.safety) == (block.note, block.text, block.safety)
    assert (found.text, found.previous) == (message.text, "Old English.")
    assert found.where == f"locales/es/handouts.po:{message.line}"
    assert found.problems == (own,)
