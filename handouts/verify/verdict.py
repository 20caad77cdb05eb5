"""What a check is given, a rendition as it was read, and what it leaves, a verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handouts.model import Page
from handouts.page.compose import compose
from handouts.problems import Problem
from handouts.sources.look import Look
from handouts.verify import drawn, tags, typography, words
from handouts.verify.extractors import mupdf

FINDINGS_SHOWN = 3


AGAIN = "Build it again; if that does not help, report this."


@dataclass
class Verdict:
    """What was measured of a rendition, by the heads of the columns it is told in, and what is wrong with it."""

    file: str
    facts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, code: str, what: str, fix: str, examples: list[str]) -> None:
        """Add a problem if there are examples of it; at most three are named."""
        if examples:
            more = f" and {len(examples) - FINDINGS_SHOWN} more" if len(examples) > FINDINGS_SHOWN else ""
            shown = ", ".join(f"“{each}”" for each in examples[:FINDINGS_SHOWN])
            self.problems.append(Problem(code, self.file, f"{what}: {shown}{more}.", fix))


@dataclass(frozen=True)
class Reading:
    """A PDF as it was read: its page as composed, what is drawn on it, what it says of itself."""

    path: Path
    page: Page
    html: Any
    glyphs: list[drawn.Glyph]
    outline: tags.Outline
    lines: list[typography.Line]


def read_rendition(path: Path, page: Page, look: Look) -> Reading:
    """Return a PDF as it was read, beside the page it should be."""
    found, outline = drawn.glyphs(path), tags.read_outline(path)
    html = words.parse_html(compose(page, look, help_early=_has_help_early(path, page)))
    return Reading(path, page, html, found, outline, typography.glyph_lines(found, outline))


def _has_help_early(path: Path, page: Page) -> bool:
    """Whether the help lines stand before the summary, as they do where both do not fit the first page."""
    said = words.clean(" ".join(mupdf(path)))
    headings = (page.handout.words["crisis"], page.handout.summary.heading)
    help_at, summary_at = (said.find(words.clean(heading.text)) for heading in headings)
    return 0 <= help_at < summary_at
