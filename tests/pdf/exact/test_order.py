"""What a page says is painted in the order in which it is read."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from handouts.library.plan import Choice, plan
from handouts.model import SOURCE_LANGUAGE
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.verify.words import MARGINS, clean, parse_html
from tests.conftest import our_look
from tests.pdf.exact.pages import FILES, read_aloud, tags


@pytest.mark.parametrize("file", FILES)
def test_bullets_are_painted_where_they_stand(built: Path, file: str) -> None:
    """A bullet or number comes before its item in the page's own stream, too: that is what is copied."""
    with pikepdf.open(built / file) as pdf:
        items = [tag for tag in tags(pdf) if tag.S == "/LI" and tag.K[0].S == "/Lbl"]
        assert items
        for label, body in (item.K for item in items):
            first = next((kid for kid in body.K if isinstance(kid, int)), None)
            assert first is None or label.K[0] < first


@pytest.mark.parametrize("slug", ["about-ipt", "references"])
def test_is_read_in_the_order_of_the_source(built: Path, sources: Sources, look: Look, slug: str) -> None:
    """What the tag tree says is what the HTML says, every letter, in its order."""
    choice = Choice(locales=(SOURCE_LANGUAGE,), handouts=(slug,), formats=("pdf",), layouts=("standard",))
    (page,) = plan(Approval(sources, our_look()), choice)
    body = parse_html(compose(page, look))[1]
    wanted = [
        text
        for element in body
        if element.get("class") not in MARGINS
        for text in (*element.itertext(), element.tail or "")
    ]
    got = [piece.text for piece in read_aloud(built.parent / page.rendition.file) if "Lbl" not in piece.roles]
    assert clean("".join("".join(got).split())) == clean("".join("".join(wanted).split()))
