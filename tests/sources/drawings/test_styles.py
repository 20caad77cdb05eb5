"""Style attributes and style sheets, as far as drawing programs use them."""

from __future__ import annotations

import pytest

from handouts.sources.drawings.refusals import Allowance, Refusal
from handouts.sources.drawings.styles import properties, read_declarations, sheet, without_comments
from handouts.sources.drawings.xml import read_xml
from tests.sources.drawings.hostile import svg


def told(css: str, element: str) -> dict[str, list[str]]:
    """Return what a path is told."""
    root = read_xml(svg(f"<style>{css}</style>{element}"))
    return properties(root[-1], sheet(root), Allowance(10_000))


def test_declarations_are_names_and_values() -> None:
    """Names in small letters; empty ones between semicolons say nothing."""
    assert list(read_declarations(" FILL : Red ;; -inkscape-x: a:b ; ")) == [
        ("fill", "Red"),
        ("-inkscape-x", "a:b"),
    ]


@pytest.mark.parametrize("css", ["fill", "fill:red;}", "\\66ill:red", "1a:b", "fill:url(data:a;base64,b)"])
def test_what_is_no_declaration_is_refused(css: str) -> None:
    """Escapes too: no program needs them."""
    with pytest.raises(Refusal) as refused:
        list(read_declarations(css))
    assert refused.value.code == "drawing-invalid-style"


def test_comments_are_dropped() -> None:
    """Also those of HTML, and one without an end."""
    assert without_comments("a/* b */c<!--d-->/* e").split() == ["a", "c", "d"]


def test_the_nearer_word_counts() -> None:
    """An attribute, then names, classes and ids of a style sheet, then the element's own style (CSS Cascade)."""
    css = "path{fill:b} #i{fill:d} .c{fill:c}"
    assert told(css, "<path fill='a' class='x c' id='i' style='fill:e'/>")["fill"] == [
        "a",
        "b",
        "c",
        "d",
        "e",
    ]


def test_rules_reach_what_they_name() -> None:
    """Lists, names with classes, and everything; no other."""
    css = ".a,.b{fill:1} path.a.b{fill:2} g{fill:3} *{fill:0} rect.a{fill:4}"
    assert told(css, "<path class='b'/>")["fill"] == ["0", "1"]
    assert told(css, "<path class='a b'/>")["fill"] == ["0", "1", "1", "2"]
    assert told(css, "<circle/>")["fill"] == ["0"]


@pytest.mark.parametrize(
    "css",
    [
        "g path{a:b}",
        "a>b{}",
        "a:hover{}",
        "[x]{}",
        "@media print{a{b:c}}",
        "@import 'x';",
        "a{b:c",
        "a{b:{c}}",
        "{}",
    ],
)
def test_a_sheet_that_says_more_is_refused_with_its_line(css: str) -> None:
    """It is not half understood."""
    with pytest.raises(Refusal) as refused:
        sheet(read_xml(svg(f"\n<style>{css.replace('>', '&gt;')}</style>")))
    assert (refused.value.code, refused.value.line) == ("drawing-invalid-style", 2)


def test_a_sheet_of_another_language_is_refused() -> None:
    """There is no other that would be drawn."""
    with pytest.raises(Refusal):
        sheet(read_xml(svg("<style type='text/less'>a{b:c}</style>")))


def test_many_rules_for_many_elements_are_paid_for() -> None:
    """So that no file makes it go through them for ever."""
    root = read_xml(svg("<style>" + "*{a:b}" * 500 + "</style><path/>"))
    with pytest.raises(Refusal):
        properties(root[-1], sheet(root), Allowance(900))
