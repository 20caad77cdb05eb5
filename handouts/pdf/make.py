"""The one way to a PDF: fonts cut down to what is printed, every character seen to have a glyph, then rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from handouts.characters import has_words
from handouts.model import Locale
from handouts.pdf import fonts
from handouts.pdf.exact.boxes import Margins
from handouts.pdf.render import Pdf, Typeset, collected_afterwards, has_fields, typeset
from handouts.problems import Problem, SourceError, in_file

FOLDER = "fonts"  # of the cache
HELP = "interface.crisis"  # the heading of the help lines
MOST_SHOWN = 10  # characters that a problem names
MOST_REMEMBERED = 64  # heads and feet


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


def typeset_fitting(
    compose: Callable[..., str],
    locale: Locale,
    families: tuple[str, ...],
    characters: str,
    cache: Path,
    drawings: Mapping[str, bytes],
) -> Typeset:
    """Return a page laid out so that its head and foot have the room they need, and its words stay in their columns.

    `compose` returns the HTML of the page. What its head and foot lack is measured on a page that holds nothing else; then it
    is called again, for a head and a foot that are `more_head` and `more_foot` millimetres higher. If that does not fit, it is
    called once more, also for lines that may end within the words `parting`, and for help lines that come before the summary
    (`help_early`) where they would not stand on the first page. A page whose clinic's details run out of their box does not
    fit whatever is done: it is returned as it was laid out first. Raises as `make_pdf` does.
    """

    def typeset_whole(html: str) -> Typeset:
        return typeset_page(html, locale, families, characters, cache, drawings)

    html = compose()
    faces = _faces(html, locale, families, characters, cache)
    lacking = _lacking(_without_text(html), faces, cache / FOLDER, tuple(drawings.items()))
    head, foot = lacking.head, lacking.foot
    page = typeset_whole(compose(more_head=head, more_foot=foot) if head or foot else html)
    if page.filling.over:
        return page
    parting = sorted({stray.word for stray in page.strays if stray.block and has_words(stray.word)})
    # Such as the numbers of a hundred pages, which need more room than the one that was measured.
    lacking = page.margins
    is_late = _is_help_late(page)
    if not (lacking.head or lacking.foot or parting or is_late):
        return page
    more = {"more_head": head + lacking.head, "more_foot": foot + lacking.foot, "parting": parting}
    page = typeset_whole(compose(**more, help_early=is_late))
    if is_late or not _is_help_late(page):
        return page
    return typeset_whole(
        compose(**more, help_early=True)
    )  # what has changed since has pushed them off the first page


def _is_help_late(page: Typeset) -> bool:
    """Whether the help lines begin after the first page."""
    return any(place.block == HELP and place.page > 1 for place in page.places)


def _without_text(html: str) -> str:
    """Return a page without its name, that ends where its text begins: the head and the foot of every page come before."""
    named, style, running = html.partition("<header")[0].partition("<style")
    return named.partition("<title")[0] + style + running + "</body></html>"


@lru_cache(maxsize=MOST_REMEMBERED)  # handouts of a locale have one head and one foot
def _lacking(
    running: str, faces: tuple[fonts.Face, ...], folder: Path, drawings: tuple[tuple[str, bytes], ...]
) -> Margins:
    """Return what the head and the foot of a page lack that holds nothing else."""
    return typeset(running, faces, folder, dict(drawings)).margins


def typeset_page(
    html: str,
    locale: Locale,
    families: tuple[str, ...],
    characters: str,
    cache: Path,
    drawings: Mapping[str, bytes],
) -> Typeset:
    """Return a composed page laid out in its own fonts and not written. Takes and raises what `make_pdf` does."""
    faces, folder = _faces(html, locale, families, characters, cache), cache / FOLDER
    # One types more letters than are printed.
    writing = fonts.writing(families, {*characters, *html}, folder) if has_fields(html) else None
    return typeset(html, faces, folder, drawings, writing)


def _faces(
    html: str, locale: Locale, families: tuple[str, ...], characters: str, cache: Path
) -> tuple[fonts.Face, ...]:
    """Return the fonts of a page, cut down. Raises SourceError where they lack a character of it."""
    refuse_missing(html, locale, families)
    return fonts.subset(families, {*characters, *html}, cache / FOLDER)


def refuse_missing(html: str, locale: Locale, families: tuple[str, ...]) -> None:
    """Raise SourceError where the fonts of a page lack a character of it."""
    missing = fonts.missing_glyphs(html, families)
    if missing:
        raise SourceError([_glyph_problem(locale, families, missing)])


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
