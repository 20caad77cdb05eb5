"""A page as it is signed: everything in it but spaces, the names of blocks, and what styles cannot do to words."""

from __future__ import annotations

import pytest

from handouts.page.reading import read_html, read_plain, said

PAGE = """<!doctype html>
<html lang="es" dir="ltr"><head><title>IPT</title><style>.a { padding: 1mm; display: block }</style></head>
<body>
  <p class="lead"><span data-block="x.lead">Call <strong>now</strong>: <a href="tel:000">000</a></span></p>
  <ul><li style="padding: 1mm; color: red">One</li> <li>Two</li></ul>
</body></html>
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n  <p", "<p"),
        ("</li> <li>", "</li>\n\n<li>"),
        ("Call <strong>", "Call\n   <strong>"),
        ('data-block="x.lead"', 'data-block="y.title"'),
        ("padding: 1mm; display", "padding: 2mm; display"),
        ("padding: 1mm; color", "padding: 2mm; color"),
        ("Call ", "Call\u200b "),
    ],
)
def test_what_nobody_reads_makes_no_other_page(old: str, new: str) -> None:
    """Spaces of the template, names of blocks, marks where a line may end, room around words."""
    assert old in PAGE
    assert read_html(PAGE.replace(old, new)) == read_html(PAGE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("now", "soon"),
        ("tel:000", "tel:111"),
        (">000<", ">111<"),
        ('class="lead"', 'class="lead hidden"'),
        ('class="lead"', 'class="lead" hidden'),
        ('class="lead"', 'class="lead" title="No"'),
        ('lang="es"', 'lang="ar"'),
        ('dir="ltr"', 'dir="rtl"'),
        ("display: block", "display: none"),
        ("color: red", "color: white"),
        ("<strong>now</strong>", "now"),
        ("Call <strong>", "Call<strong>"),
        ("<li>Two</li>", ""),
        ("<li>Two</li>", "<!-- <li>Two</li> -->"),
        ("<style>", '<style media="screen">'),
        ("</ul>", "</ul><template>x</template>"),
        ("</p>", "</p>And more"),
    ],
)
def test_everything_else_does(old: str, new: str) -> None:
    """Words, links, elements, whatever an attribute says, and what a style does to words."""
    assert old in PAGE
    assert read_html(PAGE.replace(old, new, 1)).whole != read_html(PAGE).whole


def test_lines_are_as_they_are_read() -> None:
    """Each by itself, with the addresses that are opened; isolating characters cannot be seen."""
    reading = read_html(PAGE.replace("000<", "\u2066000\u2069<"))
    assert reading.lines == ("IPT", "tel:000", "Call now: 000", "One", "Two")
    assert reading.rules == ((".a", "display: block"),)


def test_plain_text_is_read_line_by_line() -> None:
    """Without empty lines and spaces at the ends."""
    reading = read_plain("Title\n\n- One  two \n")
    assert reading.whole == "Title\n- One two"
    assert reading.lines == ("Title", "One two")


def test_words_of_a_piece_of_html_are_found_in_tags_too() -> None:
    """What an attribute says is said."""
    assert said('<p title="Call us">Now</p> · <a href="/x">') == ["Now", "Call us", "/x"]
