"""What the tests of joined PDFs share: parts, and these as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.library.plan import Choice
from handouts.pdf.joined import Part, joined
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import printed
from tests.pdf.joining import CHOSEN, SHEET, Made


@pytest.fixture(scope="session")
def made(sources: Sources, look: Look, shared: Path) -> Made:
    """Return four handouts in four scripts, two of them with fields."""
    return {
        (tag, slug): Part(
            printed(sources, look, shared / "cache", Choice((tag,), (slug,), ("pdf",))),
            sources.translation(slug, "au", tag).handout.title.text,
            tag,
        )
        for tag, slug in CHOSEN
    }


@pytest.fixture(scope="session")
def parts(made: Made) -> list[Part]:
    """Return what a basket may hold: one handout twice, and another in another language."""
    return [made["en", SHEET], made["hi", "four-areas"], made["ar", SHEET], made["en", SHEET]]


@pytest.fixture(scope="session")
def whole(parts: list[Part]) -> bytes:
    """Return these as one."""
    return joined(parts)
