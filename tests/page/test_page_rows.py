"""The rows of pages: every form of a handout, and the templates they are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from handouts.model import Numbers, Rendition
from handouts.page.page_rows import page_in_state, page_rows, template_rows
from handouts.sources.load import Sources
from handouts.sources.look import Look, Token
from handouts.sources.signed_text import Row


def rows_of(sources: Sources, look: Look, tag: str = "es") -> tuple[Row, ...]:
    """Return the rows of the pages of the first handout."""
    return page_rows(sources, look, "about-ipt", "au", tag)


@pytest.fixture(scope="module")
def before(sources: Sources, look: Look) -> tuple[Row, ...]:
    """Return the rows of the pages as they are."""
    return rows_of(sources, look)


def with_template(look: Look, name: str, change: Callable[[str], str]) -> Look:
    """Return a look with one template changed."""
    changed = change(look.templates[name])
    assert changed != look.templates[name]
    return replace(look, templates={**look.templates, name: changed})


def test_every_form_is_covered_without_a_clinic_and_with_one(
    sources: Sources, look: Look, before: tuple[Row, ...]
) -> None:
    """English has no English beside it."""
    pages = {row[1] for row in before if row[0] == "page"}
    forms = {
        "pdf standard",
        "pdf large-print",
        "pdf bilingual",
        "web standard",
        "email standard",
        "eml standard",
        "text standard",
    }
    short = {f"{form} where room is short" for form in forms if form.startswith("pdf ")}
    assert pages == forms | short | {f"{form} with a clinic" for form in forms}
    english = {row[1] for row in rows_of(sources, look, "en") if row[0] == "page"}
    assert english == {name for name in pages if "bilingual" not in name}


def test_type_colours_and_the_day_are_not_covered(
    sources: Sources, look: Look, before: tuple[Row, ...]
) -> None:
    """Their limits and their contrast are checked; a letter stays what it is."""
    tokens = {name: Token(name, "#000000", "#ffffff", token.on) for name, token in look.tokens.items()}
    spanish = replace(sources.locales["es"], fonts=("Other",), size=1.2, leading=1.6)
    other = replace(sources, locales={**sources.locales, "es": spanish})
    assert rows_of(other, replace(look, tokens=tokens, epoch="2030-01-01T00:00:00Z")) == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("print.css", "padding: 1.4mm 3mm 1.2mm", "padding: 3mm"),
        ("print.css", "/* No one can miss it", "/* Nobody can miss it"),
        ("print.html", "{# A handout on paper.", "{# On paper."),
        ("print.html", '  <p class="draft">', '      <p class="draft">'),
        ("email.css", "margin: 0 0 10px", "margin: 0 0 12px"),
    ],
)
def test_a_change_of_layout_changes_no_row(
    sources: Sources, look: Look, before: tuple[Row, ...], name: str, old: str, new: str
) -> None:
    """Room, comments, spaces."""
    changed = with_template(look, name, lambda text: text.replace(old, new))
    assert rows_of(sources, changed) == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("print.css", ".crisis h2 {", ".crisis { display: none } .crisis h2 {"),
        ("bilingual.css", ".twin {", ".twin { display: none }\n.twin {"),
        ("large-print.css", "h2 {", ".lines { font-size: 1pt } h2 {"),
        ("email.css", ".crisis {", ".crisis { display: none; "),
        ("email.html", "@media all {", "@media all { .crisis { display: none }"),
        ("print.html", "</header>", "<p>Call us</p></header>"),
        (
            "print.html",
            "(lead ~ crisis ~ scan ~ summary ~ formats) if is_early",
            "(lead ~ summary ~ formats) if help_early else (lead ~ crisis ~ scan ~ summary ~ formats) if is_early",
        ),
        (
            "print.html",
            "(lead ~ crisis ~ scan ~ summary ~ formats) if is_early",
            "(lead ~ summary ~ formats) if is_tall else (lead ~ crisis ~ scan ~ summary ~ formats) if is_early",
        ),
        ("parts.html", '<p class="stamp">', '<p class="stamp">Sign here '),
        ("email.html", "{% if picture and", "{% if false and"),
        ("picture.html", "{{ drawing }}", "{{ drawing }} Call us"),
        ("text.txt", '{{ say(words["crisis-call"]) }}', ""),
        ("print.html", "{% if clinic and clinic.phones %}", "{% if clinic and not clinic.phones %}"),
        ("parts.html", "{% if clinic.hours %}", "{% if not clinic.hours %}"),
        (
            "parts.html",
            "{% if clinic.hours %}",
            '{% if clinic.slug == "x" %}Call 1800{% endif %}{% if clinic.hours %}',
        ),
        (
            "text.txt",
            "{% if clinic %}",
            '{% if clinic and clinic.hours == "x" %}Call{% endif %}{% if clinic %}',
        ),
    ],
)
def test_a_change_that_adds_or_hides_words_changes_a_row(
    sources: Sources, look: Look, before: tuple[Row, ...], name: str, old: str, new: str
) -> None:
    """In any form; under any condition."""
    changed = with_template(look, name, lambda text: text.replace(old, new, 1))
    assert rows_of(sources, changed) != before


def test_every_template_of_a_page_has_a_row(look: Look) -> None:
    """Those that one of them takes in, too; those of the preview and of proofs do not."""
    names = {row[1] for row in template_rows(look)}
    assert names == {
        "print.html",
        "parts.html",
        "web.html",
        "web.css",
        "email.html",
        "email.css",
        "text.txt",
        "picture.html",
    }


def test_a_page_beside_its_english_keeps_it_when_approved(sources: Sources) -> None:
    """Safety text stands in both languages there anyway."""

    def with_english(layout: str, state: str) -> bool:
        rendition = Rendition("about-ipt", "es", "au", "", layout, "pdf", "a4", "")  # type: ignore[arg-type]
        page = page_in_state(sources, rendition, state, Numbers())  # type: ignore[arg-type]
        return any(block.english for block in page.handout.blocks())

    assert with_english("standard", "draft")
    assert not with_english("standard", "approved")
    assert with_english("bilingual", "approved")
