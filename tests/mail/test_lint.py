"""What caniemail cannot see: a good e-mail has nothing of it, and each thing is named where it stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handouts.mail.lint import lint

WAY = 'lang="en" dir="ltr"'
GOOD = f"""<!DOCTYPE html><html {WAY}><head><meta charset="utf-8"><title>t</title>
<style>@media all {{ .dark-ink {{ color: #fff !important }} }}</style></head><body style="margin: 0;">
<div {WAY} style="direction: ltr;text-align: left;">
<table {WAY} role="presentation" style="direction: ltr;"><tbody><tr>
<td {WAY} style="direction: ltr;font-family: 'Noto Sans', Arial;line-height: 1.4;border: 1px solid;">
<p>Call <a href="tel:131114">13 11 14</a>, <a href="sms:131114">text</a>, <a href="https://example.org">read</a>,
<a href="mailto:a@example.org">write</a>. “data:” and position: fixed are words here.</p>
<img src="cid:circle@handouts" alt="A circle." width="10" height="10"></td></tr></tbody></table>
</div></body></html>"""


def put(what: str) -> Callable[[str], str]:
    """Return what puts something into the paragraph."""
    return lambda html: html.replace("<p>Call", f"<p>{what}Call")


def change(old: str, new: str) -> Callable[[str], str]:
    """Return what changes something of the page."""

    def spoil(html: str) -> str:
        assert old in html
        return html.replace(old, new, 1)

    return spoil


def style(what: str) -> Callable[[str], str]:
    """Return what gives the paragraph a style."""
    return change("<p>", f'<p style="{what}">')


def sheet(what: str) -> Callable[[str], str]:
    """Return what adds to the style sheet."""
    return change("</style>", f"{what}</style>")


SPOILT = {
    "<svg>: clients show no drawing": put("<svg></svg>"),
    "<script>: clients run nothing": put("<script>let a = '<p>'</script>"),
    "<form>: a form does not come back": put("<form></form>"),
    "<input>: a form": put("<input>"),
    "<link>: nothing may be fetched": change("<title>", '<link rel="stylesheet" href="https://x.org"><title>'),
    "<iframe>: nothing may be fetched": put('<iframe src="https://x.org"></iframe>'),
    "<section>: clients drop it": put("<section></section>"),
    "<bdi>: clients drop it": put("<bdi>x</bdi>"),
    "<wbr>: clients drop it": put("<wbr>"),
    "<p onclick>: clients run nothing": change("<p>", '<p onclick="a()">'),
    "<p aria-hidden>: clients drop it": change("<p>", '<p aria-hidden="true">'),
    "<p hidden>: clients drop it": change("<p>", "<p hidden>"),
    "<a dir>: clients drop it": change("<a ", '<a dir="ltr" '),
    "<img src> (“https://x.org/a.png”): nothing may be fetched": change(
        "cid:circle@handouts", "https://x.org/a.png"
    ),
    "<img src> (“data:image/png;base64,AA”)": change("cid:circle@handouts", "data:image/png;base64,AA"),
    "<img src> (“//x.org/a.png”)": change("cid:circle@handouts", "//x.org/a.png"),
    "<img srcset>": change("<img ", '<img srcset="a.png 2x" '),
    "<td background>": change("<td ", '<td background="https://x.org/a.png" '),
    "<img>: it lacks alt, height": change(' alt="A circle." width="10" height="10"', ' width="10"'),
    "<a href> (“http://example.org”): a link leads to https": change("https://example", "http://example"),
    "<a href> (“javascript:a()”)": change("https://example.org", "javascript:a()"),
    "<a href> (“#top”)": change("https://example.org", "#top"),
    "<a>: a link leads nowhere": change(' href="tel:131114"', ""),
    "<meta http-equiv> (“refresh”)": change("<title>", '<meta http-equiv="refresh" content="0"><title>'),
    "a comment (“[if mso]>x<![endif]”)": put("<!--[if mso]>x<![endif]-->"),
    "a comment (“nothing but a word”)": put("<!-- nothing but a word -->"),
    "if !mso": put("<![if !mso]>"),  # newer Pythons take it for a comment, brackets and all
    "<div>: without lang": change(f"<div {WAY}", '<div dir="ltr"'),
    "<td>: without dir": change(f"<td {WAY}", '<td lang="en"'),
    "<table>: without lang": change(f"<table {WAY}", '<table dir="ltr"'),
    "<td>: its style must say “direction: ltr” too": change("direction: ltr;font", "font"),
    "<div>: its style must say “direction: rtl” too": change('<div lang="en" dir="ltr"', '<div lang="ar" dir="rtl"'),
    "no div with lang and dir stands around everything": change(f"<div {WAY}", f"<p>x</p><div {WAY}"),
    '<table>: it has heads, or role="presentation"': change(' role="presentation"', ""),
    "<th>: without scope": change("<tbody><tr>", f'<tbody><tr><th {WAY} style="direction: ltr">x</th>'),
    "a style sheet or a table is not closed": change("</table>", ""),
    "“position: absolute”: clients drop it": style("position: absolute"),
    "“float: left”: clients drop it": style("color: red;float:left"),
    "“display: flex”": style("display: flex"),
    "“display: none”": style("display:none"),
    "“height: 3px”": style("height: 3px"),
    "“border-radius: 3px”": style("border-radius: 3px"),
    "“margin-inline-start: 3px”": style("margin-inline-start: 3px"),
    "“text-align: start”": style("text-align: start"),
    "“font-size: 1.2rem”": style("font-size: 1.2rem"),
    "“color: red !important”": style("color: red !important"),
    "var(): clients know no such thing": style("color: var(--ink)"),
    "<p style>: url(): clients know no such thing, or would fetch it": style("background: url(https://x.org)"),
    "<style>: url(): clients": sheet("p { background: url('data:image/png;base64,AA') }"),
    "<style>: “--ink: red”": sheet("p { --ink: red }"),
    "<style>: “position: fixed”": sheet("p { color: red; position: fixed }"),
    "<style>: “display: grid”": sheet("p { display: grid }"),
    "<style>: @import: nothing may be fetched": sheet("@import 'https://x.org/a.css';"),
    "<style>: @font-face: nothing may be fetched": sheet("@font-face { font-family: x }"),
    "<style>: a rule with @ inside another": sheet("@media all { @media print { p { color: red } } }"),
    "<style>: a brace is not closed": sheet("p { color: red"),
    "<style>: a backslash": sheet("p { color: r\\65 d }"),
    "<style>: “<” in a style sheet": sheet("<!-- p { color: red }"),
    "it holds the control character U+0085": put("\x85"),
    "it holds the control character U+0081": put("&#x81;"),
    "clip it above 90,000": put("x" * 90_000),
    "Gmail drops them above 8,000": sheet("p { color: red } " * 500),
}  # fmt: skip


def test_a_good_page_has_nothing() -> None:
    """What is spoilt below is without fault before; so is every e-mail that ships (tests/templates)."""
    assert lint(GOOD) == []


@pytest.mark.parametrize("says", SPOILT)
def test_each_thing_is_named(says: str) -> None:
    """One fault in a good page is named in a sentence, with its line if it has one."""
    found = lint(SPOILT[says](GOOD))
    assert [sentence for sentence in found if says in sentence], found
    assert len(found) <= 2
    assert all(sentence.endswith(".") for sentence in found)


def test_the_line_is_told() -> None:
    """A fault is found again in the file: by the line that its element begins in."""
    assert lint(put("<svg></svg>")(GOOD)) == [
        "line 6: <svg>: clients show no drawing that stands in the text."
    ]


def test_of_two_attributes_the_first_counts() -> None:
    """A second lang or dir does not hide that the first one is wrong."""
    (found,) = lint(GOOD.replace(f"<td {WAY}", '<td lang="en" dir="auto" dir="ltr"'))
    assert "<td>: without dir" in found
