"""How a page is set: type sizes, line lengths, edges, breaks, and whether two programs draw the same."""

from __future__ import annotations

from collections.abc import Mapping

from handouts.model import Layout
from handouts.verify import pixels, typography
from handouts.verify.verdict import AGAIN, Reading, Verdict

SMALLEST_TYPE: Mapping[Layout, float] = {"standard": 12, "bilingual": 12, "large-print": 16}  # UKAAF


LINE, WIDE_LINE = range(45, 76), range(25, 46)  # characters; UKAAF, and half of it for wide ones


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
    """Check that lines of running text are as long as eyes like them."""
    figures = []
    for wide, allowed in ((False, LINE), (True, WIDE_LINE)):
        found = typography.lengths(reading.lines, reading.outline, wide=wide)
        middle = typography.median(found)
        figures += [f"{middle} (to {max(found)})"] if found else []
        if (
            reading.page.rendition.layout == "standard"
            and len(found) >= FEWEST_LINES
            and middle not in allowed
        ):
            what = f"lines have other than {allowed.start} to {allowed.stop - 1} characters"
            verdict.wrong(
                "line-length",
                what,
                "Set the column narrower or wider in templates/print.css.",
                [str(middle)],
            )
    verdict.facts["characters a line"] = ", ".join(figures)


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
    """Check that no line of a paragraph stands alone on a page, and no heading at its foot."""
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


def check_pixels(verdict: Verdict, reading: Reading) -> None:
    """Check that poppler and pdfium draw the same page."""
    found = pixels.differences(reading.path)
    verdict.facts["drawn alike"] = "no" if found else "yes"
    verdict.wrong("drawn-differently", "poppler and pdfium draw it differently", AGAIN, found)
