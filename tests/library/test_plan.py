"""A plan says which renditions a choice asks for, and what each of them prints."""

from __future__ import annotations

from handouts.library.plan import Choice, page_of, plan
from handouts.sources.load import Sources


def test_a_page_of_the_manifest_is_the_page_that_was_planned(sources: Sources) -> None:
    """What a rendition prints depends on the rendition alone."""
    pages = plan(sources, Choice(handouts=("about-ipt",), clinic="example"))
    assert pages
    for page in pages:
        assert page_of(sources, page.rendition) == page
