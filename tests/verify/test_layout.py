"""A page that is hard to read is refused."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from handouts.library.jobs import characters
from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.page.pictures import drawings
from handouts.pdf.make import typeset_fitting
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.verify import layout, typography
from handouts.verify.layout import allowed, is_half_translated
from handouts.verify.verdict import Reading, Verdict
from tests.conftest import our_look
from tests.verify.judged import judge
from tests.verify.test_typography import PARAGRAPH, letter, outline_of


@pytest.mark.parametrize(
    ("room", "least", "most"),
    [(0.38, 45, 83), (0.42, 45, 75), (0.45, 45, 75), (0.67, 35, 60), (0.9, 25, 45), (1.0, 25, 45)],
)
def test_a_good_line_has_fewer_characters_the_wider_they_are(room: float, least: int, most: int) -> None:
    """45 to 75 of the Latin script, 25 to 45 as wide as high, and between for what is between."""
    assert allowed(room) == (least, most)


def test_a_page_that_is_half_translated_is_known(sources: Sources) -> None:
    """Its English stands in a column that is as wide as another script needs it; that ends with the translation."""
    choice = Choice(("hi",), ("about-ipt",), formats=("pdf",), layouts=("standard",))
    (page,) = plan(Approval(sources, our_look()), choice)
    blocks = iter(range(10_000))
    half = page.handout.map_text(
        lambda block: (
            block
            if next(blocks) % 3
            else replace(block, text="Words that are English still. " * 2, lang="en")
        )
    )
    assert is_half_translated(replace(page, handout=half))
    assert not is_half_translated(page)


@pytest.mark.parametrize(("half", "codes"), [(True, []), (False, ["line-length"])])
def test_lines_of_a_half_translated_page_are_measured_and_not_judged(
    monkeypatch: pytest.MonkeyPatch, *, half: bool, codes: list[str]
) -> None:
    """A whole page with lines of eleven letters is refused; one that is half translated is called so."""
    rows = [letter(0, 700 - 14 * row, 50 + 7 * n) for row in range(30) for n in range(11)]
    outline = outline_of(PARAGRAPH)
    lines = typography.glyph_lines(rows, outline)
    page = SimpleNamespace(rendition=SimpleNamespace(layout="standard"))
    reading = SimpleNamespace(lines=lines, outline=outline, page=page)
    monkeypatch.setattr(layout, "is_half_translated", lambda _: half)
    verdict = Verdict("x.pdf")
    layout.check_lines(verdict, cast("Reading", reading))
    assert [problem.code for problem in verdict.problems] == codes
    assert verdict.facts["characters a line"] == "11 (to 11)" + (", half-translated" if half else "")


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "print.css",
            ".foot { position",
            ".foot { font-size: 9pt; position",
            "type is smaller than 12 points",
        ),
        (
            "print.css",
            "--hang: 39mm",
            "--hang: 8mm",
            "lines have other than",
        ),
        (
            "print.css",
            ".lead { color",
            ".lead { margin-inline-start: -30mm; color",
            "text runs out of the type area",
        ),
        (
            "print.css",
            ".subtitle, .english-title {",
            ".subtitle { margin-block-start: -9mm } .x {",
            "text stands over",
        ),
        (
            "print.css",
            ".summary { background",
            ".summary { margin-block-start: -9mm; background",
            "stands over",
        ),
        ("print.html", '{{ say(words["draft"]) }}', "", "the header or footer is not whole: “page 1”"),
    ],
)
def test_a_page_that_is_set_badly_is_refused(
    sources: Sources, look: Look, shared: Path, tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    """A change of a template that makes a page hard to read does not get through."""
    assert old in look.templates[file]
    spoilt = replace(look, templates={**look.templates, file: look.templates[file].replace(old, new, 1)})
    path = tmp_path / "spoilt.pdf"
    choice = Choice(("en",), ("about-ipt",), formats=("pdf",), layouts=("standard",))
    (page,) = plan(Approval(sources, spoilt), choice)
    pdf = typeset_fitting(
        partial(compose, page, spoilt),
        page.locale,
        page.families,
        characters(sources, "en", None),
        shared / "cache",
        drawings(page, spoilt),
    ).write()
    path.write_bytes(pdf.data)  # whatever the build would have said of it
    assert [p for p in judge(sources, path).problems if says in p.what]
