"""Three programs take the text out of a PDF, page by page."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from handouts.verify import extractors
from handouts.verify.extractors import EXTRACTORS


@pytest.mark.parametrize("name", EXTRACTORS)
def test_every_page_has_its_own_text(name: str, built: Path) -> None:
    """What stands on a page is found on that page, and on no other."""
    pages = EXTRACTORS[name](built / "en/about-ipt.pdf")
    with pypdfium2.PdfDocument(built / "en/about-ipt.pdf") as document:
        assert len([page for page in pages if page.strip()]) == len(document)
    assert "Interpersonal" in pages[0]
    assert pages[0] != pages[1]


@pytest.mark.parametrize("name", EXTRACTORS)
def test_what_is_no_pdf_raises(name: str, tmp_path: Path) -> None:
    """A file that cannot be read is an error, not an empty text."""
    (tmp_path / "garbled.pdf").write_bytes(b"%PDF-1.7 no")
    with pytest.raises(Exception, match=r"(?i)pdf|document|exit status"):
        EXTRACTORS[name](tmp_path / "garbled.pdf")


def test_a_program_says_its_version() -> None:
    """A table of figures names the programs they are of: poppler reads otherwise in another version."""
    versions = extractors.extractor_versions()
    assert set(versions) == set(EXTRACTORS)
    assert all(version[0].isdecimal() and "." in version for version in versions.values())
