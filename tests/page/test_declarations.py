"""Which rules of a style sheet count for a signature: all that could take a word from a page or change it."""

from __future__ import annotations

import pytest

from handouts.page.declarations import HARMLESS, declarations, rules


@pytest.mark.parametrize(
    "declaration",
    [
        "padding: 3mm 5mm",
        "margin: 0 auto",
        "margin-block: 2.5mm",
        "gap: 1.6mm",
        "border: 1.2mm solid var(--alert)",
        "border-radius: 2mm",
        "break-inside: avoid",
        "widows: 2",
        "font-weight: 700",
        "line-height: 1.3",
        "line-height: var(--close)",
        "text-align: start",
        "vertical-align: top",
    ],
)
def test_a_change_of_room_and_lines_unsigns_nothing(declaration: str) -> None:
    """A rule of such declarations alone is no rule."""
    assert rules(f".crisis {{ {declaration} }}") == ()
    assert declarations(declaration) == ""
    assert rules(f".crisis {{ {declaration}; display: block }}") == ((".crisis", "display: block"),)


@pytest.mark.parametrize(
    "declaration",
    [
        "display: none",
        "visibility: hidden",
        "content: none",
        "position: absolute",
        "position: running(band)",
        "opacity: 0",
        "color: var(--paper)",
        "background: var(--alert)",
        "background-color: red",
        "font-size: 0",
        "font: 0/0 a",
        "font-family: Wingdings",
        "width: 0",
        "height: 0",
        "max-height: 0",
        "overflow: hidden",
        "clip-path: inset(50%)",
        "transform: scale(0)",
        "float: left",
        "order: 2",
        "text-indent: -999px",
        "text-transform: uppercase",
        "text-decoration: line-through",
        "direction: rtl",
        "unicode-bidi: bidi-override",
        "letter-spacing: -1em",
        "white-space: nowrap",
        "list-style: none",
        "--close: 0",
        "all: unset",
        "margin: -30mm",
        "margin-left: 300mm",
        "margin-left: calc(1mm - 300mm)",
        "padding-left: 100%",
        "border-left: 300mm solid",
        "line-height: 0",
        "line-height: 0.5",
        "line-height: 1px",
        "vertical-align: 500mm",
        "not-known-yet: 1",
    ],
)
def test_whatever_could_take_a_word_away_counts(declaration: str) -> None:
    """Also a harmless property where it goes too far, and one that no one knows."""
    name, _, value = declaration.partition(": ")
    assert rules(f".crisis {{ {declaration} }}") == ((".crisis", f"{name}: {value}"),)
    assert declarations(declaration) == declaration


@pytest.mark.parametrize(
    ("css", "found"),
    [
        ("@media print { .a { display: none } }", (("@media print .a", "display: none"),)),
        ("@media print { .a { padding: 1mm } }", ()),
        (
            "@page { margin: 10mm; @top-center { content: element(band) } }",
            (("@page @top-center", "content: element(band)"),),
        ),
        ("@page :first { size: 1mm 1mm }", (("@page :first", "size: 1mm 1mm"),)),
        ("@page { size: a4 }", ()),
        (".a { .b { display: none } }", ((".a .b", "display: none"),)),
        ('@import "x.css";', (('@import "x.css"', ""),)),
        ("@font-face { font-family: x }", (("@font-face", "font-family: x"),)),
        ("@supports (color: red) { .a { color: red } }", (("@supports (color: red) .a", "color: red"),)),
        (".a { color: red !important }", ((".a", "color: red !important"),)),
        ("/* .a { color: red } */ .b/* x */ { padding: 0 }", ()),
        (".a::before { content: 'Call' }", ((".a::before", 'content: "Call"'),)),
        (".a { COLOR: red }", ((".a", "color: red"),)),
        (".a, .b\n{ display :\n none }", ((".a, .b", "display: none"),)),
    ],
)
def test_rules_are_found_wherever_they_stand(css: str, found: tuple[tuple[str, str], ...]) -> None:
    """In media, pages, other rules; comments and spaces make no difference."""
    assert rules(css) == found


@pytest.mark.parametrize("css", ["}", ".a { color red }", ".a", "@media { } }", ".a { color: red"])
def test_what_is_no_css_is_not_passed_over(css: str) -> None:
    """A bracket that is lost changes what the rules behind it do."""
    assert rules(css)


def test_the_list_of_what_is_harmless_is_short_and_names_no_colour_and_no_size() -> None:
    """Who adds to it must say why."""
    assert len(HARMLESS) < 100
    never = (
        "color",
        "background",
        "display",
        "content",
        "font-size",
        "width",
        "height",
        "font-family",
        "opacity",
    )
    assert not set(never) & set(HARMLESS)
