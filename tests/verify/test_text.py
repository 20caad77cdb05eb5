"""No word, number, header or footer is lost without being told."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from handouts.sources.load import Sources
from handouts.verify.extractors import EXTRACTORS
from tests.verify.judged import judge


def test_words_out_of_order_are_refused(
    built: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that finds every word, and half of them in the wrong place, does not satisfy."""
    plain = EXTRACTORS["pdfium"]
    monkeypatch.setitem(EXTRACTORS, "pdfium", lambda path: plain(path)[::-1])
    (problem,) = judge(sources, built / "en/about-ipt.pdf").problems
    assert "pdfium finds words out of order" in problem.what


def test_a_number_that_turned_round_is_refused(built: Path, sources: Sources, tmp_path: Path) -> None:
    """A phone number that is drawn in another order does not get through, whatever its text says."""
    with pikepdf.open(built / "en/about-ipt.pdf") as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            table = font.ToUnicode.read_bytes()
            font.ToUnicode.write(
                table.replace(b"<0034>", b"<xxxx>")
                .replace(b"<0033>", b"<0034>")
                .replace(b"<xxxx>", b"<0033>")
            )
        pdf.save(tmp_path / "turned.pdf")
    problems = judge(sources, tmp_path / "turned.pdf").problems
    assert [p for p in problems if "a number is not drawn whole and in its order: “13 11 14”" in p.what]


def test_a_lost_number_is_told_however_few_words_are_lost(
    built: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MuPDF may miss one word in a hundred, and no number at all."""
    plain = EXTRACTORS["MuPDF"]
    monkeypatch.setitem(
        EXTRACTORS, "MuPDF", lambda path: [page.replace("2003.", "20 03.") for page in plain(path)]
    )
    (problem,) = judge(sources, built / "en/about-ipt.pdf").problems
    assert problem.code == "number-lost"
    monkeypatch.setitem(
        EXTRACTORS,
        "MuPDF",
        lambda path: [page.replace("antidepressants", "anti depressants", 1) for page in plain(path)],
    )
    assert judge(sources, built / "en/about-ipt.pdf").problems == []
