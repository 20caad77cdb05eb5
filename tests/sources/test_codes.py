"""The table of codes for OpenEMR: empty until a clinician signs, and in the names that OpenEMR looks for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from handouts.sources.codes import CODES_FILE, Code, Codes, load_codes
from handouts.sources.load import Sources
from tests.conftest import TODAY


def test_what_ships_is_empty(sources: Sources) -> None:
    """It names the languages that OpenEMR looks for, and no code."""
    assert sources.codes.rows == ()
    assert set(sources.codes.languages) <= set(sources.locales)


def test_a_file_has_no_capitals() -> None:
    """OpenEMR looks for it in small letters."""
    row = Code("about-ipt", "SNOMED", "35489007", "a", "b", date(2026, 11, 27), "")
    assert row.file("EN") == "documents/education/snomed_35489007_en.pdf"


def test_without_the_file_there_are_no_codes(tmp_path: Path) -> None:
    """And nothing is wrong."""
    assert load_codes(tmp_path, {}, TODAY) == (Codes(), [])


def test_what_is_no_table_is_told(tmp_path: Path) -> None:
    """With its file."""
    path = tmp_path / CODES_FILE
    path.parent.mkdir(parents=True)
    path.write_text("codes = 3", encoding="utf-8")
    _, problems = load_codes(tmp_path, {}, TODAY)
    assert [(p.code, p.file) for p in problems] == [("unknown-key", CODES_FILE)]
