"""OpenEMR's local content: files by signed code and language, in the names that it looks for; nothing without a signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from handouts.library.manifest import entries_with_files
from handouts.model import Place
from handouts.page.approval import Approval
from handouts.site.openemr import openemr_files
from handouts.sources.codes import Code, Codes
from tests.conftest import TODAY, Stock


def with_codes(stock: Stock, *rows: Code, languages: tuple[str, ...] = ("en",)) -> Approval:
    """Return the stock's sources with these codes."""
    return Approval(replace(stock.approval.sources, codes=Codes(languages, rows)), stock.approval.look)


def row(handout: str, code: str = "F32.1") -> Code:
    """Return a signed row."""
    return Code(handout, "ICD10", code, "Lan Pham", "psychologist", date(2026, 11, 27), "0" * 32)


def found(stock: Stock, approval: Approval) -> tuple[dict[str, bytes], list[str]]:
    """Return the files for OpenEMR and the codes of the problems."""
    entries = entries_with_files(stock.out)
    files = {file: (stock.out / file).read_bytes() for file in entries}
    made, problems = openemr_files(approval, Place("au"), entries.values(), files)
    return made, [problem.code for problem in problems]


def test_a_file_is_called_as_openemr_looks_for_it(stocked: Stock) -> None:
    """In small letters, in the languages it knows; each is the standard paper."""
    made, problems = found(stocked, with_codes(stocked, row("about-ipt"), row("about-ipt", "F33-x")))
    assert problems == []
    assert set(made) == {
        "documents/education/icd10_f32.1_en.pdf", "documents/education/icd10_f33-x_en.pdf",
    }  # fmt: skip
    paper = (stocked.out / "au/en/about-ipt.pdf").read_bytes()
    assert set(made.values()) == {paper}


def test_without_a_signed_code_there_is_nothing_to_offer(stocked: Stock) -> None:
    """Nor where no handout has one in a language that OpenEMR looks for."""
    assert found(stocked, with_codes(stocked)) == ({}, ["no-codes"])
    assert found(stocked, with_codes(stocked, row("gone"))) == ({}, ["no-codes"])
    assert found(stocked, with_codes(stocked, row("about-ipt"), languages=("xx",))) == ({}, ["no-codes"])
    assert TODAY
