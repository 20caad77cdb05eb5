"""Style sheets are parsed once, and mean beside a page what they mean in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from handouts.pdf import sheets
from handouts.pdf.fonts import subset
from handouts.pdf.render import render, typeset

PAGE = '<html lang="en"><head><title>x</title>{}</head><body style="font-family: Noto Sans">{}</body></html>'
ITEMS = '<ol class="c"><li data-block="a">a</li></ol>'


def placed(styles: str, body: str, folder: Path) -> float:
    """Return where the block of a page begins, as a part of the page's width."""
    faces = subset(["Noto Sans"], "a", folder)
    return typeset(PAGE.format(styles, body), faces, folder, {}).places[0].left


def read(styles: str, folder: Path) -> str:
    """Return what can be read on a page with a list."""
    faces = subset(["Noto Sans"], "aQ.1 •", folder)
    with PdfDocument(render(PAGE.format(styles, ITEMS), faces, folder, {}).data) as document:
        return str(document[0].get_textpage().get_text_range())


def test_the_style_sheets_of_a_page_are_taken_out_of_its_head() -> None:
    """All of them, in order; what stands in the text is left alone, and so is everything else."""
    styles = "<style>p {\n  color: red }</style><style>b { color: blue }</style>"
    page, texts = sheets.parted(PAGE.format(styles, "<p>x <style>i {}</style></p>"))
    assert page == PAGE.format("", "<p>x <style>i {}</style></p>")
    assert texts == ["p {\n  color: red }", "b { color: blue }"]
    assert sheets.parted("<p>x</p>") == ("<p>x</p>", [])


@pytest.mark.parametrize(
    ("styles", "body"),
    [
        ("p { margin-left: 9mm } p { margin-left: 3mm }", '<p data-block="a">a</p>'),
        ("p.c { margin-left: 3mm } p { margin-left: 9mm }", '<p class="c" data-block="a">a</p>'),
        ("p { margin-left: 9mm }", '<p style="margin-left: 3mm" data-block="a">a</p>'),
        ("p { margin-left: 3mm !important }", '<p style="margin-left: 9mm" data-block="a">a</p>'),
    ],
)
def test_what_takes_precedence_does_so_in_one_sheet_and_in_two(
    styles: str, body: str, tmp_path: Path
) -> None:
    """The later rule, the more specific one, an element's own style, what is important: as CSS has it, over that of the browser."""
    first, _, second = styles.partition("} ")
    whole = placed(f"<style>body, p {{ margin: 0 }} {styles}</style>", body, tmp_path)
    apart = placed(f"<style>body, p {{ margin: 0 }} {first}}}</style><style>{second}</style>", body, tmp_path)
    none = placed("<style>body, p { margin: 0 }</style>", body.replace("style=", "title="), tmp_path)
    assert whole == apart
    assert 0.01 < whole - none < 0.02  # three millimetres of two hundred and ten


def test_a_sheet_is_parsed_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two pages share what is parsed, with the counters that it defines; of very many sheets the first are let go."""
    own = "@counter-style own { system: cyclic; symbols: Q; suffix: ' ' } .c { list-style: own }"
    assert ["Q" in read(f"<style>{own}</style>", tmp_path) for _ in range(2)] == [True, True]
    first = sheets.parsed(own, None)
    assert sheets.parsed(own, None) is first
    monkeypatch.setattr(sheets, "MOST_KEPT", 1)
    sheets.parsed("p { color: red }", None)
    assert sheets.parsed(own, None) is not first


def test_a_page_has_no_counters_of_another(tmp_path: Path) -> None:
    """What the sheets of one page define is not known in the next."""
    own, used = (
        "<style>@counter-style own { system: cyclic; symbols: Q }</style>",
        "<style>.c { list-style: own }</style>",
    )
    assert "Q" in read(own + used, tmp_path)
    assert "Q" not in read(used, tmp_path)


def test_a_sheet_that_imports_is_refused_each_time(tmp_path: Path) -> None:
    """Nothing is fetched for a page, and what was refused is not kept as if it were whole."""
    html = PAGE.format("<style>@import 'https://example.org/a.css';</style>", "x")
    for _ in range(2):
        with pytest.raises(PermissionError, match="was refused"):
            render(html, (), tmp_path, {})
