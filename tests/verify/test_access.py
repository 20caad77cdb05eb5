"""What a screen reader gets is checked: languages, links, the order of reading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from handouts.verify.access import check_links, check_order
from handouts.verify.tags import LinkTag, Outline
from handouts.verify.verdict import Verdict

OUTLINE = Outline(
    "",
    "",
    shows_title=True,
    tags=(),
    links=(),
    areas=(),
    sheets=(),
    order=((0, 1), (0, 2)),
    painted=((0, 1), (0, 2)),
)


def codes(check: Any, outline: Outline) -> list[str]:
    """Return the codes of the problems that a check finds in an outline."""
    verdict = Verdict(str(Path("x.pdf")))
    check(verdict, SimpleNamespace(outline=outline))
    return [problem.code for problem in verdict.problems]


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        (LinkTag(0, "Lifeline", "tel:131114", resolves=True), False),
        (LinkTag(0, " ", "tel:131114", resolves=True), True),
        (LinkTag(0, "Lifeline", "http://example.org", resolves=True), True),
        (LinkTag(0, "Lifeline", "nowhere", resolves=False), True),
    ],
)
def test_a_link_has_a_name_and_leads_somewhere(link: LinkTag, *, wrong: bool) -> None:
    """A link without a name, into nothing, or by a scheme that is not ours is broken."""
    assert codes(check_links, replace(OUTLINE, links=(link,))) == ["link-broken"] * wrong


def test_what_is_painted_is_read_in_its_order_and_whole() -> None:
    """Another order is one fault, a piece that is not read aloud another."""
    assert codes(check_order, OUTLINE) == []
    assert codes(check_order, replace(OUTLINE, painted=((0, 2), (0, 1)))) == ["painting-order"]
    assert "painted-not-read" in codes(check_order, replace(OUTLINE, painted=((0, 1), (0, 2), (0, 3))))
