"""The one way to a PDF: no character prints as an empty box, and fonts are made once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from handouts.model import Locale
from handouts.pdf import make
from handouts.pdf.exact.boxes import Margins
from handouts.pdf.make import MOST_SHOWN, make_pdf, typeset_fitting
from handouts.problems import SourceError
from handouts.sources.load import Sources

HTML = '<html lang="{}"><title>x</title><body style="font-family: Noto Sans"><p data-block="p">{}</p></body></html>'
LATIN = ("Noto Sans",)


@pytest.fixture
def hindi(sources: Sources) -> Locale:
    """Return a locale whose fonts lack its script."""
    return replace(sources.locales["hi"], fonts=LATIN)


def test_a_character_without_a_glyph_stops_the_page(hindi: Locale, tmp_path: Path) -> None:
    """The problem names the characters, the fonts, and the file that lists them; nothing is made."""
    with pytest.raises(SourceError) as refused:
        make_pdf(HTML.format("hi", "नमस्ते"), hindi, LATIN, "", tmp_path)
    (problem,) = refused.value.problems
    assert (problem.code, problem.file, problem.locale) == ("missing-glyph", "locales/hi/locale.toml", "hi")
    assert "its fonts (Noto Sans) have no glyph for" in problem.what
    assert "न (U+0928)" in problem.what
    assert not list(tmp_path.iterdir())


def test_of_many_characters_some_are_named(hindi: Locale, tmp_path: Path) -> None:
    """A problem is a sentence, not a character map."""
    many = "".join(map(chr, range(0x4E00, 0x4E00 + MOST_SHOWN + 5)))
    with pytest.raises(SourceError) as refused:
        make_pdf(HTML.format("hi", many), hindi, LATIN, "", tmp_path)
    what = refused.value.problems[0].what
    assert what.count("U+") == MOST_SHOWN
    assert what.endswith("and 5 more.")


def test_pages_with_the_same_characters_share_their_fonts(sources: Sources, tmp_path: Path) -> None:
    """They are kept in the cache; the same input gives the same bytes, with and without it."""
    spanish, letters = sources.locales["es"], "Hola, adiós"
    first = make_pdf(HTML.format("es", "Hola"), spanish, LATIN, letters, tmp_path)
    fonts = sorted(tmp_path.rglob("*.otf"))
    assert fonts
    other = make_pdf(HTML.format("es", "adiós"), spanish, LATIN, letters, tmp_path)
    assert sorted(tmp_path.rglob("*.otf")) == fonts
    assert other.data != first.data
    for font in fonts:
        font.unlink()
    assert make_pdf(HTML.format("es", "Hola"), spanish, LATIN, letters, tmp_path) == first
    assert {place.block for place in first.places} == {"p"}
    with PdfDocument(first.data) as document:
        assert document[0].get_textpage().get_text_range() == "Hola"
        assert first.pages == len(document) == 1


RUNNING = """<html lang="en"><head><title>x</title><style>
@page {{ size: a4; margin: {head}mm 13mm {foot}mm; @top-center {{ content: element(band) }} @bottom-center {{ content: element(foot) }} }}
@page :nth(2) {{ margin-bottom: {second}mm }}
.band {{ position: running(band) }} .foot {{ position: running(foot) }} body {{ font-family: Noto Sans }}
</style></head><body><div class="band">{band}</div><div class="foot">{page}</div>
<header>Text</header>{text}</body></html>"""


@pytest.mark.parametrize(
    ("band", "page", "text", "laid_out"),
    [
        ("Head", "Foot", "", 1),
        ("Head<br>" * 9, "Foot", "", 1),
        ("Head", "Foot<br>" * 9, "", 1),
        # Where another page than the first has less room for it.
        ("Head", "Foot<br>" * 9, '<p style="break-before: page">x</p>', 2),
    ],
)
def test_a_text_is_laid_out_once_whatever_its_head_and_foot_need(
    sources: Sources,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    band: str,
    page: str,
    text: str,
    laid_out: int,
) -> None:
    """Their room is measured on a page that holds nothing else, which takes a tenth of the time."""
    whole: list[bool] = []
    plain = make.typeset_page

    def noted(html: str, *rest: object) -> object:
        whole.append("Text" in html)
        return plain(html, *rest)  # type: ignore[arg-type]

    def composed(more_head: float = 0, more_foot: float = 0, **more: object) -> str:
        assert not any(more.values())
        return RUNNING.format(
            head=9 + more_head, foot=9 + more_foot, second=4 + more_foot, band=band, page=page, text=text
        )

    monkeypatch.setattr(make, "typeset_page", noted)
    found = typeset_fitting(composed, sources.locales["en"], LATIN, "", tmp_path, {})
    assert found.margins == Margins()
    assert sum(whole) == laid_out
