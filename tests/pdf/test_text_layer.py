"""The text behind the glyphs is the text that was set, in scripts that move, stack and join letters."""

from __future__ import annotations

import subprocess
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from handouts.sources import Sources
from tests.conftest import ROOT


def words_by_poppler(path: Path) -> list[str]:
    """Return the words that pdftotext finds."""
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True)
    return clean(done.stdout)


def words_by_pdfium(path: Path) -> list[str]:
    """Return the words that pdfium finds."""
    with PdfDocument(path) as document:
        return clean(" ".join(page.get_textpage().get_text_range() for page in document))


def clean(text: str) -> list[str]:
    """Return the words of a text, composed, without marks that no one sees."""
    seen = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    return seen.split()


def wanted(sources: Sources, tag: str) -> Counter[str]:
    """Return the words of the running text of the first handout, as its catalog says them."""
    handout = sources.translation("about-ipt", "au", tag).handout
    texts = [b.text for section in handout.sections for b in section.blocks]
    plain = [word for text in texts for word in clean(text) if not set(word) & set("*[]{}-/–")]
    return Counter(plain)


@pytest.mark.parametrize("tag", [p.name for p in sorted((ROOT / "locales").iterdir())])
def test_the_words_of_a_handout_are_found_in_its_pdf(built: Path, sources: Sources, tag: str) -> None:
    """A reader who searches, copies or listens gets the words: all by poppler where the page runs left to right."""
    if (
        sources.locales[tag].direction == "rtl"
        or " " not in sources.translation("about-ipt", "au", tag).handout.lead.text
    ):
        pytest.skip("marks above Arabic letters, and text without spaces, are not measured by words yet")
    words = wanted(sources, tag)
    assert sum(words.values()) > 150
    file = built / tag / "about-ipt.pdf"
    for found, least in ((words_by_poppler(file), 0.995), (words_by_pdfium(file), 0.98)):
        lost = words - Counter(found)
        assert sum(lost.values()) <= (1 - least) * sum(words.values()), lost
