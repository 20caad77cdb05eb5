"""The project's own pictures: shapes, and slots that say one of four things."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.model import Slot
from handouts.sources.drawings.sketches import EMPTY, load_sketches, read_sketch
from tests.conftest import ROOT

COLOURS = ("accent", "ink")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">{}</svg>'


def codes(inner: str) -> list[str]:
    """Return what is wrong with a drawing."""
    sketch, refused = read_sketch(SVG.format(inner).encode(), COLOURS)
    assert (sketch == EMPTY) == bool(refused)
    return [refusal.code for refusal in refused]


def test_a_drawing_is_its_own_text_with_slots_between() -> None:
    """To the letter, so that a page changes only where its drawing does."""
    inner = '\n <g fill="{{ accent }}" transform="{{mirror}}"><path d="M0 0 H9.500"/></g>\n {{ label("you", x(3), 4, "start") }}\n'
    sketch, refused = read_sketch(SVG.format(inner).encode(), COLOURS)
    assert not refused
    assert (sketch.width, sketch.height) == (40, 20)
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">\n '
    assert sketch.parts == (
        f'{head}<g fill="',
        Slot("colour", "accent", line=2),
        '" transform="',
        Slot("mirror", line=2),
        '"><path d="M0 0 H9.500"/></g>\n ',
        Slot("label", "you", 3, 4, turns=True, anchor="start", line=3),
        "\n</svg>",
    )


def test_slots_say_one_of_four_things() -> None:
    """A colour, the mirror, a place, a word."""
    inner = (
        '<circle cx="{{ x(30.5) }}" r="2" fill="{{ ink }}" transform="{{ mirror }}"/>{{ label("a-b",3,-4) }}'
    )
    sketch, refused = read_sketch(SVG.format(inner).encode(), COLOURS)
    assert not refused
    slots = [part for part in sketch.parts if isinstance(part, Slot)]
    assert slots == [
        Slot("place", x=30.5, turns=True, line=1),
        Slot("colour", "ink", line=1),
        Slot("mirror", line=1),
        Slot("label", "a-b", 3, -4, line=1),
    ]
    assert sketch.slots("label") == (slots[3],)


@pytest.mark.parametrize(
    "inner",
    [
        "{{ cycler.__init__.__globals__.os.system('id') }}",
        "{{ 1/0 }}",
        "{{ accnt }}",
        '{{ label("you", 3) }}',
        "{{ label(you, 3, 4) }}",
        '{{ label("you", 3, 4, "end") }}',
        "{{ x(1e9) }}",
        "{{ x(9)|safe }}",
        "{{ }}",
        "{% for a in b %}",
        "{# x #}",
        "{",
        "}}",
        "{{ mirror",
        "{{ {{ mirror }} }}",
    ],
)
def test_whatever_else_stands_in_braces_is_told(inner: str) -> None:
    """It is read, and never run."""
    assert set(codes(inner)) == {"drawing-unknown-slot"}


def test_a_slot_that_is_not_known_is_told_with_its_line_and_the_nearest() -> None:
    """As every misspelled name."""
    _, refused = read_sketch(SVG.format('\n\n<g fill="{{ acent }}"/>').encode(), COLOURS)
    assert [(r.line, r.what, r.fix) for r in refused] == [
        (3, "“{{ acent }}” is not known in a drawing.", "Did you mean “accent”?")
    ]


@pytest.mark.parametrize(
    "inner",
    [
        '<g fill="{{ mirror }}"/>',
        '<g transform="{{ accent }}"/>',
        '<g fill="x{{ accent }}"/>',
        '<path d="M0 0{{ x(3) }}"/>',
        '<g fill="blu"/>',
        '<path d="M0 0L1"/>',
        '<circle r="1em"/>',
    ],
)
def test_a_slot_is_the_whole_value_of_what_it_is_for(inner: str) -> None:
    """And every value is read by its grammar."""
    assert set(codes(inner)) <= {"drawing-invalid-value", "drawing-refers-outside"}
    assert codes(inner)


@pytest.mark.parametrize(
    "inner",
    [
        "<image/>",
        "<text>x</text>",
        "<title>x</title>",
        "<style/>",
        "<script/>",
        "<use/>",
        "x",
        "{{ accent }}",
        '<g style="fill:red"/>',
        '<g id="a"/>',
        '<g onclick="x()"/>',
        '<g xmlns:l="http://www.w3.org/1999/xlink" l:href="#a"/>',
        '<x:g xmlns:x="urn:x"/>',
    ],
)
def test_shapes_and_labels_are_all_there_is(inner: str) -> None:
    """No styles, no ids, no text, nothing that refers to anything."""
    assert set(codes(inner)) == {"drawing-not-plain"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "invalid-xml"),
        ("<svg", "invalid-xml"),
        ("<p/>", "drawing-not-svg"),
        (SVG.replace("0 0 40 20", "1 1 9 9").format(""), "drawing-not-svg"),
        (SVG.replace("0 0 40 20", "0 0 0 9").format(""), "drawing-no-size"),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format("&a;"), "drawing-declares-entities"),
        (SVG.format("\ue000"), "invalid-xml"),
        (SVG.format("<g>" * 300 + "</g>" * 300), "drawing-too-deep"),
    ],
)
def test_what_is_not_an_svg_drawing_is_told(text: str, code: str) -> None:
    """It must be one, begin at 0 0, and declare nothing."""
    sketch, refused = read_sketch(text.encode(), COLOURS)
    assert sketch == EMPTY
    assert [refusal.code for refusal in refused] == [code]


def test_a_prefix_is_read_as_what_it_is_and_not_printed() -> None:
    """Within a web page it would be the name of another element, and nothing would be seen."""
    text = '<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><s:path d="M0 0H9"/></s:svg>'
    sketch, refused = read_sketch(text.encode(), COLOURS)
    assert not refused
    assert sketch.parts == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0H9"/></svg>',
    )


@given(st.text(alphabet="{}% x(1)label\"mirror,accent.-'\n<>/g&;", max_size=40))
def test_no_text_in_a_drawing_makes_it_stumble(inner: str) -> None:
    """It is read as slots and shapes, or told."""
    sketch, refused = read_sketch(SVG.format(inner).encode(), COLOURS)
    assert (sketch == EMPTY) == bool(refused)
    assert not any("{" in part for part in sketch.parts if isinstance(part, str))


def test_drawings_are_loaded_by_name(tmp_path: Path) -> None:
    """One that is refused is told with its file, and stands in empty; an editor's own files are passed over."""
    for name, text in (("b", SVG.format("")), ("a", "<svg"), (".a", "<svg")):
        (tmp_path / f"{name}.svg").write_text(text)
    drawings, problems = load_sketches(tmp_path, tmp_path, COLOURS)
    assert (list(drawings), drawings["a"]) == (["a", "b"], EMPTY)
    assert [(p.file, p.code) for p in problems] == [("a.svg", "invalid-xml")]


@pytest.mark.parametrize("name", ["A", "a b", "a');background:url(x", "ä", 'a"', "a_b"])
def test_a_name_is_of_small_letters_digits_and_hyphens(tmp_path: Path, name: str) -> None:
    """It stands in HTML and CSS; no other file is a drawing."""
    (tmp_path / f"{name}.svg").write_text(SVG.format(""))
    drawings, problems = load_sketches(tmp_path, tmp_path, COLOURS)
    assert not drawings
    assert [p.code for p in problems] == ["invalid-file-name"]


def test_where_the_colours_cannot_be_read_they_are_not_asked_for() -> None:
    """One fault in tokens.toml is one problem."""
    assert not read_sketch(SVG.format('<g fill="{{ accent }}"/>').encode(), ())[1]


def test_the_drawings_that_ship_are_drawings() -> None:
    """Every one of them."""
    drawings, problems = load_sketches(ROOT / "content" / "pictures", ROOT, ("accent", "tint"))
    assert len(drawings) >= 5
    assert problems == []
