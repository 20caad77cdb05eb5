"""The structure tree of a PDF is read back as a screen reader is told it."""

from __future__ import annotations

from pathlib import Path

from handouts.verify import tags
from handouts.verify.tags import NUMBERED


def test_the_tree_says_roles_languages_and_pictures(built: Path) -> None:
    """Parents come first, a language holds for all below, a picture has its description."""
    outline = tags.read_outline(built / "ar/about-ipt.pdf")
    assert outline.tags[0].roles == ("Document",)
    assert outline.language == "ar"
    assert {tag.language for tag in outline.tags} == {"ar", "en"}
    assert all(tag.alternative for tag in outline.tags if tag.roles[-1] == "Figure")
    assert any(NUMBERED in tag.roles for tag in outline.tags)


def test_pieces_links_and_pages_are_told(built: Path) -> None:
    """Every piece that is painted is read aloud once; a link has a name and leads somewhere; pages have a type area."""
    outline = tags.read_outline(built / "en/about-ipt.pdf")
    assert sorted(outline.order) == sorted(outline.painted)
    assert len(set(outline.order)) == len(outline.order) > 100
    assert all(link.name and link.resolves for link in outline.links)
    assert len(outline.areas) == len(outline.sheets) >= 2
    for (left, bottom, right, top), sheet in zip(outline.areas, outline.sheets, strict=True):
        assert sheet[0] < left < right < sheet[2]
        assert sheet[1] < bottom < top < sheet[3]
