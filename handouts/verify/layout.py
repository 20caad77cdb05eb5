"""How a page is set: type sizes, line lengths, edges, breaks, and whether two programs draw the same."""

from __future__ import annotations

from collections.abc import Mapping

from handouts.model import Layout, Page
from handouts.verify import pixels, typography
from handouts.verify.verdict import AGAIN, Reading, Verdict

SMALLEST_TYPE: Mapping[Layout, float] = {"standard": 12, "bilingual": 12, "large-print": 16}  # UKAAF


LINE, WIDE_LINE = (45, 75), (25, 45)  # characters; UKAAF, and about half of it for those as wide as high
LATIN = 0.42  # of the type size: what a character takes in the Latin script, spaces included (0.41 to 0.44 by language)
NARROW, WIDE = 0.45, 0.9  # of the type size: the space a character takes in such lines


LONGEST_NAME = 40  # characters

MOST_EMPTY = 0.5  # of a page below its last line

FEWEST_LINES = 20  # lines, for their length to be that of running text


def check_sizes(verdict: Verdict, reading: Reading) -> None:
    """Check that no type is smaller than the layout allows."""
    least = SMALLEST_TYPE[reading.page.rendition.layout]
    verdict.facts["pt"] = f"{min(glyph.size for glyph in reading.glyphs):.1f}"
    small = {glyph.character for glyph in reading.glyphs if glyph.size < least - 0.05}
    verdict.wrong(
        "type-too-small",
        f"type is smaller than {least:g} points",
        "Make it larger in templates/.",
        sorted(small),
    )


def check_lines(verdict: Verdict, reading: Reading) -> None:
    """Check that lines of running text are as long as eyes like them, those of each script by themselves.

    The column is as wide as the locale needs it: on a page that is half translated, the English in it is not judged.
    """
    figures, wrong = [], []
    for lines in typography.full_lines(reading.lines, reading.outline).values():
        found = [line.length for line in lines]
        middle, (least, most) = typography.median(found), allowed(typography.room(lines))
        figures.append(f"{middle} (to {max(found)})")
        if len(found) >= FEWEST_LINES and not least <= middle <= most:
            wrong.append((f"lines have other than {least} to {most} characters", str(middle)))
    if is_half_translated(reading.page):
        figures.append("half-translated")
    elif reading.page.rendition.layout == "standard":
        for what, middle_found in wrong:
            fix = "Set the column narrower or wider in templates/print.css."
            verdict.wrong("line-length", what, fix, [middle_found])
    verdict.facts["characters a line"] = ", ".join(figures)


def allowed(room: float) -> tuple[int, int]:
    """Return the fewest and the most characters of a good line, by the room that one takes, in type sizes.

    The letters of some scripts, as of the Arabic one, are narrower than Latin ones: as many more make the same line.
    """
    share = min(1.0, max(0.0, (room - NARROW) / (WIDE - NARROW)))
    least, most = (
        round(narrow + share * (wide - narrow)) for narrow, wide in zip(LINE, WIDE_LINE, strict=True)
    )
    return least, round(most * max(1, LATIN / room))


def is_half_translated(page: Page) -> bool:
    """Whether some sentence of a page is English because its locale has none; a name may be the same in both."""
    return any(
        block.lang != page.locale.tag and not block.optional and len(block.text) > LONGEST_NAME
        for block in page.handout.blocks()
    )


def check_edges(verdict: Verdict, reading: Reading) -> None:
    """Check that nothing reaches over the edge, and nothing stands on top of something else."""
    fix = "Shorten the text, or give it more room in templates/."
    margins = typography.margin_lines(reading.glyphs)
    outside = typography.outside_margins(reading.lines, reading.outline)
    outside += typography.off_the_sheet(margins, reading.outline)
    verdict.wrong("text-outside-area", "text runs out of the type area", fix, outside)
    verdict.wrong(
        "text-over-text",
        "text stands over text",
        fix,
        typography.collisions([*reading.lines, *margins]),
    )


def check_breaks(verdict: Verdict, reading: Reading) -> None:
    """Check that no line of a paragraph stands alone on a page, no heading at its foot, and no page but the last is half empty."""
    fix = "Keep it together in templates/."
    verdict.wrong(
        "line-alone",
        "a line stands alone",
        fix,
        typography.lonely_lines(reading.lines, reading.outline),
    )
    verdict.wrong(
        "heading-alone",
        "a heading stands at the foot of a page",
        fix,
        typography.stranded_headings(reading.lines, reading.outline),
    )
    shares = typography.empty_shares(reading.lines, reading.outline)[:-1]
    half_empty = [f"page {number}" for number, share in enumerate(shares, 1) if share > MOST_EMPTY]
    verdict.wrong(
        "page-half-empty", "a page ends half empty", "Let what follows part in templates/.", half_empty
    )


def check_pixels(verdict: Verdict, reading: Reading) -> None:
    """Check that poppler and pdfium draw the same page."""
    found = pixels.differences(reading.path)
    verdict.facts["drawn alike"] = "no" if found else "yes"
    verdict.wrong("drawn-differently", "poppler and pdfium draw it differently", AGAIN, found)
