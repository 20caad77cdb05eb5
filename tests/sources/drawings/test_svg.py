"""An SVG file becomes a new drawing, or every reason why not."""

from __future__ import annotations

import pytest

from handouts.sources.drawings.svg import read_svg
from tests.sources.drawings.hostile import svg


def test_the_drawing_is_written_from_nothing() -> None:
    """Of a file with everything that programs note for themselves, a path is left."""
    data = svg(
        "<title>x</title><metadata><r:RDF xmlns:r='urn:r'/></metadata><s:namedview xmlns:s='urn:s' onfocus2=''/>"
        "<g id='layer1' class='k' data-name='x'><!-- x --><?x?></g>",
        attributes="viewBox='-1 -1 9 9' version='1.1' xml:space='preserve' id='x'",
    )
    drawing, refused = read_svg(data.replace(b" onfocus2=''", b""))
    assert not refused
    assert drawing
    assert drawing.data.decode() == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 9 9" width="9" height="9">'
        '<g><path d="M0 0L9 0L9 9L0 9Z" fill="#000000"/></g></svg>'
    )
    assert (drawing.width, drawing.height, drawing.kind) == (9, 9, "svg")


def test_what_the_root_says_is_kept() -> None:
    """Figma writes fill="none" there."""
    drawing, _ = read_svg(
        svg("<path d='M0 0H9V9Z' fill='red'/>", attributes='viewBox="0 0 9 9" fill="none" opacity=".5"')
    )
    assert drawing
    assert drawing.data.count(b"<path") == 1
    assert b'<g opacity="0.5">' in drawing.data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html/>", "drawing-not-svg"),
        (b"<svg viewBox='0 0 9 9'/>", "drawing-not-svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>", "drawing-empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing-no-size"),
        (svg("<set attributeName='x'/>"), "drawing-active"),
        (svg("<path onfocus='x'/>"), "drawing-active"),
    ],
)
def test_what_is_no_drawing_is_refused(data: bytes, code: str) -> None:
    """With nothing to print."""
    drawing, refused = read_svg(data)
    assert drawing is None
    assert [refusal.code for refusal in refused] == [code]


def test_a_drawing_that_is_refused_is_not_also_empty() -> None:
    """One fault, one cure."""
    _, refused = read_svg(b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><text>x</text></svg>")
    assert [refusal.code for refusal in refused] == ["drawing-not-plain"]
