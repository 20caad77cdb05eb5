"""A plan says which renditions a choice asks for, and what each of them prints."""

from __future__ import annotations

from handouts.library.plan import Choice, page_of, plan
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from tests.conftest import our_look


def test_a_page_of_the_manifest_is_the_page_that_was_planned(sources: Sources) -> None:
    """What a rendition prints depends on the rendition alone."""
    pages = plan(Approval(sources, our_look()), Choice(handouts=("about-ipt",), clinic="example"))
    assert pages
    for page in pages:
        assert page_of(Approval(sources, our_look()), page.rendition) == page
