"""The picture of an e-mail: what stands in the drawing on paper, as a PNG."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from handouts.library.plan import Choice, plan
from handouts.mail.picture import PIXEL_RATIO, png
from handouts.model import Page
from handouts.page.approval import Approval
from handouts.page.compose import compose_picture
from handouts.page.pictures import IN_MAIL, height_in_mail
from handouts.problems import SourceError
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import our_look


@pytest.fixture
def page(sources: Sources) -> Page:
    """Return the e-mail of a handout whose summary has a picture, in Hindi."""
    pages = plan(Approval(sources, our_look()), Choice(("hi",), formats=("eml",), layouts=("standard",)))
    return next(page for page in pages if page.handout.summary.picture)


def test_the_sheet_holds_the_picture_and_nothing_else(page: Page, look: Look) -> None:
    """Its words are in the page's language and fonts; a listener hears its description."""
    html, picture = compose_picture(page, look), page.handout.summary.picture
    assert picture
    assert all(label.text in html for label in picture.labels.values())
    assert f'aria-label="{picture.alternative.text}"' in html
    assert page.handout.lead.text not in html
    assert "Noto Sans Devanagari" in html


def test_a_picture_is_sharp_and_as_high_as_the_email_says(page: Page, look: Look, tmp_path: Path) -> None:
    """Two pixels to one, in the proportions that the `img` element states; it is not blank."""
    data = png(page, look, "", tmp_path)
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "PNG"
        assert image.width == IN_MAIL * PIXEL_RATIO
        assert image.height == height_in_mail(page.handout.summary.picture) * PIXEL_RATIO
        assert len(image.convert("RGB").getcolors(1000) or []) > 8
    assert len(data) < 60_000


def test_a_handout_without_a_picture_has_none(page: Page, look: Look, tmp_path: Path) -> None:
    """And nothing is made."""
    bare = replace(page, handout=replace(page.handout, summary=replace(page.handout.summary, picture=None)))
    assert png(bare, look, "", tmp_path) == b""
    assert not list(tmp_path.iterdir())


def test_a_word_without_a_glyph_is_refused(page: Page, look: Look, tmp_path: Path) -> None:
    """As on paper: no picture is sent with an empty box in it."""
    lacking = replace(page, locale=replace(page.locale, fonts=page.source.fonts))
    with pytest.raises(SourceError) as refused:
        png(lacking, look, "", tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["missing-glyph"]
