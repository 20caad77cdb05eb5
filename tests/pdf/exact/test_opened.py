"""Whole fonts are read once, kept while there is room for them, and the same for the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
import weasyprint

from handouts.pdf import fonts
from handouts.pdf.exact import opened as opened_fonts
from handouts.pdf.exact.install import install
from handouts.pdf.exact.opened import opened, opened_once
from tests.pdf.exact.pages import page_of_lines


def test_the_file_of_a_face_is_read_once_for_all_documents_that_are_set_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Chinese one has 16 MB, and a copy for a person is set in whole fonts: what is opened is kept."""
    install()
    read: list[object] = []
    plain = weasyprint.text.fonts.get_hb_object_data

    def counted(face: object) -> bytes:
        read.append(face)
        file: bytes = plain(face)
        return file

    monkeypatch.setattr(weasyprint.pdf.fonts, "get_hb_object_data", opened_once(counted))
    for _ in range(3):
        page_of_lines(["直骨"], "zh-Hant", "Noto Sans CJK TC", tmp_path)
    assert len(read) == 1


def test_of_the_same_bytes_one_font_is_open_and_of_few_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents name their faces anew; a worker that goes from locale to locale keeps the last ones, as many as fit."""
    whole = Path(fonts.installed()["Noto Sans", 400].path).read_bytes()
    first = opened(whole)
    assert opened(bytes(bytearray(whole))) is first
    assert first.outlines == "TrueType"
    monkeypatch.setattr(opened_fonts, "MOST_OPENED", 3 * len(whole))
    second, third = opened(whole + b"2"), opened(whole + b"3")
    assert opened(whole + b"2") is second
    opened(whole + b"4")
    assert opened(whole + b"2") is second
    assert opened(whole + b"3") is not third
