"""Blocks, sections and pictures, as content files write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.model import Block, Picture
from handouts.sources.blocks import BlockReader
from handouts.sources.drawings.sketches import EMPTY
from handouts.sources.frame import NOTHING

KNOWN = {"call": NOTHING}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'


def reader(folder: Path, **files: str) -> BlockReader:
    """Return a reader of a project that has these files in its content, by name without its ending."""
    (folder / "content/pictures").mkdir(parents=True)
    for name, text in files.items():
        (folder / f"content/{name}.yaml").write_text(text, encoding="utf-8")
    return BlockReader(folder)


def test_a_block_may_be_a_text_alone(tmp_path: Path) -> None:
    """Its key in the file is its id."""
    blocks = reader(tmp_path, interface="call: Call now").messages(
        "interface", "content/interface.yaml", KNOWN
    )
    assert blocks == {"call": Block("interface.call", "Call now")}


def test_a_block_has_all_that_its_file_says(tmp_path: Path) -> None:
    """Text, note, kind, safety, icon and limit."""
    text = "call:\n  text: Call\n  note: A verb.\n  kind: card\n  safety: true\n  icon: phone\n  limit: 9\n"
    (block,) = (
        reader(tmp_path, interface=text).messages("interface", "content/interface.yaml", KNOWN).values()
    )
    assert block == Block("interface.call", "Call", "card", "A verb.", safety=True, icon="phone", limit=9)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Call **now", "mark-not-closed"),
        ("Call {Name}", "mark-not-closed"),
        ("See [this](http://example.org)", "address-not-allowed"),
        ("See [this](javascript:x)", "address-not-allowed"),
        ("13 \u202e11 14", "invisible-character"),
        ("Call <b>now</b>", "html-in-text"),
        ("This &amp; that", "html-in-text"),
    ],
)
def test_a_text_that_would_print_wrongly_is_told(tmp_path: Path, text: str, code: str) -> None:
    """At its line."""
    read = reader(tmp_path, interface=f"# one\ncall: {text}")
    read.messages("interface", "content/interface.yaml", KNOWN)
    assert {(p.code, p.line) for p in read.problems} == {(code, 2)}


def test_an_id_is_valid_and_stands_once(tmp_path: Path) -> None:
    """Translations hang on it: the second one is told with the place of the first."""
    read = reader(tmp_path, interface="Call Now: a\n", other="call: a\n")
    read.messages("interface", "content/interface.yaml", {"Call Now": NOTHING})
    for _ in range(2):
        read.messages("interface", "content/other.yaml", KNOWN)
    assert [p.code for p in read.problems] == ["invalid-id", "duplicate-id"]
    assert "it stands at content/other.yaml:1 too" in read.problems[1].what


def test_citations_are_kept_to_be_looked_up(tmp_path: Path) -> None:
    """With their place, for the references are read later."""
    read = reader(tmp_path, interface="a: One.[@x1]\nb: Two.[@x1][@y2]")
    read.messages("interface", "content/interface.yaml", {"a": NOTHING, "b": NOTHING})
    assert [(place.line, ids) for place, ids in read.cited] == [(1, ("x1",)), (2, ("x1", "y2"))]


@pytest.mark.parametrize("name", ["My Clinic", "interface", "region-au", "Über"])
def test_a_file_name_that_would_be_no_id_is_told(tmp_path: Path, name: str) -> None:
    """Ids begin with it, and some beginnings are taken."""
    read = reader(tmp_path, **{name: "a: b"})
    assert [path.stem for path in read.files(".")] == [name]
    assert [p.code for p in read.problems] == ["invalid-file-name"]


def test_a_folder_without_files_is_told_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    """A name that begins with a dot is an editor's."""
    read = reader(tmp_path, **{".draft": "a: b"})
    assert read.files(".") == []
    assert [(p.code, p.file) for p in read.problems] == [("empty-folder", "content/.")]


@pytest.mark.parametrize(("month", "right"), [("2026-11", True), ("2026-13", False), ("Nov 26", False)])
def test_a_month_is_a_year_and_a_number(tmp_path: Path, month: str, *, right: bool) -> None:
    """Anything else is told."""
    read = reader(tmp_path, a=month)
    value = read.month(read.read(tmp_path / "content/a.yaml"))
    assert (value == month) is right
    assert [p.code for p in read.problems] == ([] if right else ["invalid-month"])


SECTION = """
id: what
heading: What is it?
picture: mood
sources: [a2016]
blocks:
- id: first
  kind: card
  icon: tea
  text: Tea.
"""


def test_a_section_has_heading_blocks_and_picture(tmp_path: Path) -> None:
    """The heading has the section's id; what it cites is kept to be looked up."""
    read = reader(tmp_path, a=SECTION)
    empty = Block("picture-mood.caption", "")
    mood = Picture("mood", EMPTY, empty, empty, {})
    section = read.section("tea", read.read(tmp_path / "content/a.yaml"), {"mood": mood}, {"tea": EMPTY})
    assert read.problems == []
    assert (section.heading.id, section.picture, section.sources) == ("tea.what", mood, ("a2016",))
    assert section.blocks == (Block("tea.first", "Tea.", "card", icon="tea"),)
    assert ("a2016",) in [ids for _, ids in read.cited]


def test_a_picture_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The section's picture, and the icon of a block."""
    read = reader(tmp_path, a=SECTION)
    read.section("tea", read.read(tmp_path / "content/a.yaml"), {}, {})
    assert [(p.code, p.line) for p in read.problems] == [("unknown-picture", 7), ("unknown-picture", 4)]


def test_pictures_have_words_and_icons_have_none(tmp_path: Path) -> None:
    """A drawing without words is an icon; words without a drawing are told."""
    words = "{}:\n  alternative: A tree.\n  caption: Tree\n  labels:\n    leaf: Leaf\n"
    read = reader(tmp_path, **{"pictures/pictures": words.format("tree") + words.format("bush")})
    leaf = SVG.replace("/>", '>{{ label("leaf", 3, 4) }}</svg>')
    for name, text in (("tree", leaf), ("dot", SVG)):
        (tmp_path / f"content/pictures/{name}.svg").write_text(text)
    pictures, icons = read.pictures()
    assert list(icons) == ["dot"]
    assert pictures["tree"].labels["leaf"].id == "picture-tree.leaf"
    assert [p.code for p in read.problems] == ["picture-without-drawing"]


def test_words_and_their_places_in_a_drawing_go_together(tmp_path: Path) -> None:
    """A word without a place would vanish, a place without a word would be empty: each is told where it stands."""
    words = "tree:\n  alternative: A tree.\n  caption: Tree\n  labels:\n    leaf: Leaf\n    root: Root\n"
    read = reader(tmp_path, **{"pictures/pictures": words})
    for name, label in (("tree", "leaf"), ("bush", "twig")):
        svg = SVG.replace("/>", f'>\n{{{{ label("{label}", 3, 4) }}}}{{{{ label("lef", 3, 4) }}}}</svg>')
        (tmp_path / f"content/pictures/{name}.svg").write_text(svg)
    read.pictures()
    told = {(p.code, p.file.rpartition("/")[2], p.line) for p in read.problems}
    assert told == {
        ("label-not-placed", "pictures.yaml", 6),
        ("unknown-label", "tree.svg", 2),
        ("unknown-label", "bush.svg", 2),
    }
    assert any("“leaf”" in problem.fix for problem in read.problems)


def test_a_drawing_that_is_refused_has_not_lost_its_words_too(tmp_path: Path) -> None:
    """One fault is one problem."""
    words = "tree:\n  alternative: A tree.\n  caption: Tree\n  labels:\n    leaf: Leaf\n"
    read = reader(tmp_path, **{"pictures/pictures": words})
    (tmp_path / "content/pictures/tree.svg").write_text("<svg")
    read.pictures()
    assert [p.code for p in read.problems] == ["invalid-xml"]
