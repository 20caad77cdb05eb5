"""An SVG file being read: what refers to what, and what was met."""

from __future__ import annotations

import pytest

from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.source import last, tag
from tests.sources.drawings.conftest import SourceOf


def test_an_id_is_that_of_the_first_element(source_of: SourceOf) -> None:
    """As in a browser; one that is not there is refused."""
    source = source_of("<g id='a'/><path id='a'/>")
    assert tag(source.find("a")) == "g"
    with pytest.raises(Refusal) as refused:
        source.find("b")
    assert refused.value.code == "drawing-unknown-reference"


def test_an_element_refers_by_either_name(source_of: SourceOf) -> None:
    """The old one with a prefix, and the plain one."""
    source = source_of("<use xlink:href='#a'/><use href=' #b'/><use/>")
    assert [source.target(element) for element in source.root.iter("{*}use")] == ["a", "b", ""]


@pytest.mark.parametrize("address", ["x.svg#a", "#", "http://example.org", "data:,x", "//x", "javascript:x"])
def test_an_element_refers_to_nothing_else(source_of: SourceOf, address: str) -> None:
    """No file, no site, no data."""
    source = source_of(f"<use href='{address}'/>")
    with pytest.raises(Refusal) as refused:
        source.target(source.root[-1])
    assert refused.value.code == "drawing-refers-outside"


def test_what_is_as_around_is_not_told(source_of: SourceOf) -> None:
    """“inherit” says no more than nothing; the last word counts."""
    source = source_of("<path fill='red' stroke='inherit' style='fill:blue'/>")
    given = source.given(source.root[-1])
    assert last(given, "fill") == "blue"
    assert "stroke" not in given
    assert last(given, "width") == ""


def test_what_is_wrong_is_kept_with_its_line_or_ends_it(source_of: SourceOf) -> None:
    """What is too large is not read on."""
    source = source_of("\n\n<path/>")
    source.note(Refusal("a", "b.", "c."), source.root[-1])
    assert [refusal.line for refusal in source.refusals] == [3]
    with pytest.raises(Refusal):
        source.note(Refusal("drawing-too-large", "b.", "c."), source.root)
