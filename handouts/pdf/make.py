"""The one way to a PDF: fonts cut down to what is printed, every character seen to have a glyph, then rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from handouts.model import Locale
from handouts.pdf import fonts
from handouts.pdf.exact.boxes import Filling
from handouts.pdf.render import Pdf, measure_page, render
from handouts.problems import Problem, SourceError, in_file

FOLDER = "fonts"  # of the cache
MOST_SHOWN = 10  # characters that a problem names


def make_pdf(
    html: str,
    locale: Locale,
    families: tuple[str, ...],
    characters: str,
    cache: Path,
    drawings: Mapping[str, bytes] | None = None,
) -> Pdf:
    """Return the PDF of a composed page in a locale, the same bytes for the same input.

    The page is set in `families`, cut down to `characters` and its own, so that pages of a locale share their fonts;
    those are kept in the folder `cache` of this machine. `drawings` are the page's backgrounds by address. Raises SourceError where
    the fonts have no glyph for a character of the page: it would print an empty box.
    """
    missing = fonts.missing_glyphs(html, families)
    if missing:
        raise SourceError([_glyph_problem(locale, families, missing)])
    folder = cache / FOLDER
    faces = fonts.subset(families, {*characters, *html}, folder)
    return render(html, faces, folder, drawings or {})


def make_fitting_pdf(
    compose: Callable[..., str],
    locale: Locale,
    families: tuple[str, ...],
    characters: str,
    cache: Path,
    drawings: Mapping[str, bytes],
) -> Pdf:
    """Return the PDF of a page whose head and foot have the room they need, and whose words stay in their columns.

    `compose` returns the HTML of the page. Mostly that is as it should be; else it is asked again, for a head and a foot that are
    `more_head` and `more_foot` millimetres higher, and for a line to end within the words of the blocks `parting`.
    Raises as `make_pdf` does.
    """
    pdf = make_pdf(compose(), locale, families, characters, cache, drawings)
    head, foot = pdf.margins.head, pdf.margins.foot
    parting = sorted({stray.block for stray in pdf.strays if stray.block})
    if head or foot or parting:
        html = compose(more_head=head, more_foot=foot, parting=parting)
        pdf = make_pdf(html, locale, families, characters, cache, drawings)
    return pdf


def measured(
    html: str,
    locale: Locale,
    families: tuple[str, ...],
    characters: str,
    cache: Path,
    drawings: Mapping[str, bytes],
) -> Filling:
    """Return how the clinic's details fill their box on a composed page, of which the rest may be left out."""
    missing = fonts.missing_glyphs(html, families)
    if missing:
        raise SourceError([_glyph_problem(locale, families, missing)])
    folder = cache / FOLDER
    return measure_page(html, fonts.subset(families, {*characters, *html}, folder), folder, drawings)


def _glyph_problem(locale: Locale, families: Iterable[str], missing: list[str]) -> Problem:
    """Return the problem of characters that the fonts of a locale lack."""
    shown = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing[:MOST_SHOWN])
    more = f" and {len(missing) - MOST_SHOWN} more" if len(missing) > MOST_SHOWN else ""
    return in_file(
        "missing-glyph",
        f"locales/{locale.tag}/locale.toml",
        f"its fonts ({', '.join(families)}) have no glyph for {shown}{more}.",
        "Add a font that has it to “fonts”, or write the text without it.",
    )
