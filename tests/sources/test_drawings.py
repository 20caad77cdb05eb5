"""Drawings: shapes only, nothing that fetches or runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.sources.drawings import drawing_fault, load_drawings
from tests.conftest import ROOT

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


@pytest.mark.parametrize("inner", ["", '<g><path d="M0 0h9"/></g>', '<rect fill="{{ accent }}"/>'])
def test_plain_shapes_are_a_drawing(inner: str) -> None:
    """Colours and words may come later, as in a template."""
    assert drawing_fault(SVG.format(inner)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<svg",
        "<p>text</p>",
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        SVG.replace("0 0 9 9", "1 1 9 9").format(""),
        "<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format("&a;"),
        '<?xml-stylesheet href="https://e.org"?>' + SVG.format(""),
    ],
)
def test_what_is_not_an_svg_drawing_is_told(text: str) -> None:
    """It must be one, begin at 0 0, and declare nothing."""
    fault = drawing_fault(text)
    assert fault
    assert fault.code == "drawing-invalid"


@pytest.mark.parametrize(
    "inner",
    [
        '<image href="https://e.org/a.png"/>',
        "<script>alert(1)</script>",
        "<style>@import url(a)</style>",
        '<a href="https://e.org"/>',
        '<path onclick="alert(1)"/>',
        '<path fill="url(#a)"/>',
        '<path style="background: \\75rl(a)"/>',
        '<foreignObject xmlns="http://www.w3.org/1999/xhtml"/>',
    ],
)
def test_what_links_embeds_runs_or_fetches_is_told(inner: str) -> None:
    """A handout holds nothing from elsewhere."""
    fault = drawing_fault(SVG.format(inner))
    assert fault
    assert fault.code == "drawing-not-plain"


def test_drawings_are_loaded_by_name(tmp_path: Path) -> None:
    """A faulty one is told with its file; an editor's own files are passed over."""
    for name, text in (("b", SVG.format("")), ("a", "<svg"), (".a", "<svg")):
        (tmp_path / f"{name}.svg").write_text(text)
    drawings, problems = load_drawings(tmp_path, tmp_path)
    assert list(drawings) == ["a", "b"]
    assert [(p.file, p.code) for p in problems] == [("a.svg", "drawing-invalid")]


def test_the_drawings_that_ship_are_plain() -> None:
    """Every one of them."""
    drawings, problems = load_drawings(ROOT / "content" / "pictures", ROOT)
    assert len(drawings) >= 5
    assert problems == []
