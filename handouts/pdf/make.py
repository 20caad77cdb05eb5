"""The one way to a PDF: fonts cut down to what is printed, every character seen to have a glyph, then rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from handouts.model import Locale
from handouts.pdf import fonts
from handouts.pdf.render import Pdf, Typeset, collected_afterwards, has_fields, typeset
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
    with collected_afterwards():
        return typeset_page(html, locale, families, characters, cache, drawings or {}).write()


def make_fitting_pdf(
    compose: Callable[..., str],
    locale: Locale,
    families: tuple[str, ...],
    characters: str,
    cache: Path,
    drawings: Mapping[str, bytes],
) -> Pdf:
    """Return the PDF of a page that fits. Takes and raises what `typeset_fitting` does."""
    with collected_afterwards():
        return typeset_fitting(compose, locale, families, characters, cache, drawings).write()


def typeset_fitting(
    compose: Callable[..., str],
    locale: Locale,
    families: tuple[str, ...],
    characters: str,
    cache: Path,
    drawings: Mapping[str, bytes],
) -> Typeset:
    """Return a page laid out so that its head and foot have the room they need, and its words stay in their columns.

    `compose` returns the HTML of the page. If that does not fit, it is called once more, for a head and a foot that are
    `more_head` and `more_foot` millimetres higher, and for lines that may end within the words of the blocks `parting`.
    Raises as `make_pdf` does.
    """
    page = typeset_page(compose(), locale, families, characters, cache, drawings)
    head, foot = page.margins.head, page.margins.foot
    parting = sorted({stray.block for stray in page.strays if stray.block})
    if not (head or foot or parting):
        return page
    html = compose(more_head=head, more_foot=foot, parting=parting)
    return typeset_page(html, locale, families, characters, cache, drawings)


def typeset_page(
    html: str,
    locale: Locale,
    families: tuple[str, ...],
    characters: str,
    cache: Path,
    drawings: Mapping[str, bytes],
) -> Typeset:
    """Return a composed page laid out in its own fonts and not written. Takes and raises what `make_pdf` does."""
    missing = fonts.missing_glyphs(html, families)
    if missing:
        raise SourceError([_glyph_problem(locale, families, missing)])
    folder = cache / FOLDER
    letters = {*characters, *html}
    faces = fonts.subset(families, letters, folder)
    # One types more letters than are printed.
    writing = fonts.writing(families, letters, folder) if has_fields(html) else None
    return typeset(html, faces, folder, drawings, writing)


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
