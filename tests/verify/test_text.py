"""No word, number, header or footer is lost without being told."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.verify.extractors import EXTRACTORS
from handouts.verify.text import check_help, check_sources
from handouts.verify.verdict import Verdict, read_rendition
from tests.verify.judged import judge


def test_words_out_of_order_are_refused(
    built: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that finds every word, and half of them in the wrong place, does not satisfy."""
    plain = EXTRACTORS["pdfium"]
    monkeypatch.setitem(EXTRACTORS, "pdfium", lambda path: plain(path)[::-1])
    problems = {problem.code: problem for problem in judge(sources, built / "en/about-ipt.pdf").problems}
    assert set(problems) == {"words-out-of-order", "number-moved"}
    assert "pdfium finds words out of order" in problems["words-out-of-order"].what


def test_a_number_at_another_place_is_refused_however_few_they_are(
    built: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """“16 to 12” for “12 to 16” is every word, nearly all in order, and no small fault."""
    plain = EXTRACTORS["pdfium"]
    span = re.compile(r"12(\s+to\s+)16")
    assert span.search("".join(plain(built / "en/about-ipt.pdf")))
    monkeypatch.setitem(
        EXTRACTORS, "pdfium", lambda path: [span.sub(r"16\g<1>12", page) for page in plain(path)]
    )
    (problem,) = judge(sources, built / "en/about-ipt.pdf").problems
    assert problem.code == "number-moved"


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


@pytest.mark.parametrize("name", EXTRACTORS)
def test_no_word_may_be_lost_and_a_number_is_told_as_one(
    name: str, built: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the three programs must find all of them, whatever the share of those that it finds."""
    plain = EXTRACTORS[name]
    for old, new, code in (
        ("2003.", "20 03.", "number-lost"),
        ("antidepressants", "anti depressants", "words-lost"),
    ):

        def parted(path: Path, old: str = old, new: str = new) -> list[str]:
            return [page.replace(old, new) for page in plain(path)]

        monkeypatch.setitem(EXTRACTORS, name, parted)
        assert code in {problem.code for problem in judge(sources, built / "en/about-ipt.pdf").problems}


def test_a_source_with_the_number_of_another_is_told(built: Path, sources: Sources, look: Look) -> None:
    """Two sources “5.” would send a reader to the wrong one; that nothing is told of the page as it is, and of both faults."""
    for tag in ("ar", "en"):
        choice = Choice((tag,), ("references",), ("pdf",), ("standard",))
        (page,) = plan(Approval(sources, look), choice)
        file = built.parent / page.rendition.file
        reading, good, misnumbered, missing = (
            read_rendition(file, page, look),
            *(Verdict("x") for _ in range(3)),
        )
        check_sources(good, reading)
        assert good.problems == []
        seventh = next(each for each in reading.html.iter() if each.get("id") == "ref-7")
        seventh.set("id", "ref-5")
        check_sources(misnumbered, reading)
        written = page.locale.written
        assert [problem.code for problem in misnumbered.problems] == ["source-misnumbered"]
        assert f"“{written(7)}.” for {written(5)}." in misnumbered.problems[0].what
        del seventh.attrib["id"]
        check_sources(missing, reading)
        assert [problem.code for problem in missing.problems] == ["source-misnumbered"]


def test_a_step_with_a_wrong_number_is_told(built: Path, sources: Sources, look: Look) -> None:
    """Steps are followed in their order; on a bilingual page each stands by itself, twice."""
    for tag, layout in (("en", "standard"), ("ar", "bilingual")):
        (page,) = plan(Approval(sources, look), Choice((tag,), ("about-ipt",), ("pdf",), (layout,)))  # type: ignore[arg-type]
        reading = read_rendition(built.parent / page.rendition.file, page, look)
        good, wrong = Verdict("x"), Verdict("x")
        check_sources(good, reading)
        assert good.problems == []
        step = next(each for each in reading.html.iterfind(".//ol/li") if not each.get("id"))
        step.set("style", "counter-set: list-item 9")
        check_sources(wrong, reading)
        assert [problem.code for problem in wrong.problems] == ["source-misnumbered"]


def test_a_help_line_after_the_first_page_is_told(built: Path, sources: Sources, look: Look) -> None:
    """Someone in need looks at the first page; one digit less there is none of that number."""
    (page,) = plan(Approval(sources, look), Choice(("ar",), ("about-ipt",), ("pdf",), ("standard",)))
    reading = read_rendition(built.parent / page.rendition.file, page, look)
    good, late = Verdict("x"), Verdict("x")
    check_help(good, reading)
    assert good.problems == []
    check_help(late, replace(reading, glyphs=[replace(each, page=each.page + 1) for each in reading.glyphs]))
    assert [problem.code for problem in late.problems] == ["help-not-on-first-page"]
    assert "13 11 14" in late.problems[0].what
