"""Lines end where ICU says, in every script, and the marks that say so are not part of the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.breaks import BREAK, JOIN, with_breaks, without_breaks
from handouts.verify.extractors import mupdf


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf")), max_size=40))
def test_marks_for_line_ends_change_no_letter(text: str) -> None:
    """What is put in for the ends of lines can be taken out again, and nothing else was touched."""
    assert without_breaks(with_breaks(text, "en")) == text


@pytest.mark.parametrize(
    ("tag", "text", "marked"),
    [
        ("km", "ខ្ញុំចង់និយាយ ok", ["ខ្ញុំ", "ចង់និយាយ ok"]),
        ("th", "ฉันไม่สบายใจ", ["ฉัน", "ไม่", "สบายใจ"]),
        ("lo", "ຂ້ອຍຢາກລົມ", ["ຂ້ອຍ", "ຢາກ", "ລົມ"]),
        ("en", "a 😀 word", ["a 😀 word"]),
    ],
)
def test_lines_end_between_words_of_the_dictionary(tag: str, text: str, marked: list[str]) -> None:
    """Khmer, Lao, Burmese and Thai have no spaces between words: a dictionary says where a line may end."""
    assert with_breaks(text, tag).split(BREAK) == marked


def test_no_line_ends_behind_a_hyphen() -> None:
    """A hyphen at the end of a line reads as a word cut in two, and is lost when text is taken out."""
    assert with_breaks("short-term", "en") == f"short-{JOIN}term"
    assert with_breaks("a.gov/our-work", "en") == f"a.{JOIN}gov/our-{JOIN}work"
    assert with_breaks("2016;173(7):680-7.", "en").count(JOIN) >= 3


# Kinsoku (JIS X 4051) and its like: what may not begin a line, and what may not end one.
NO_START = set("、。，．：；？！）」』】〉》〕ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョ々・％”’")


NO_END = set("（「『【〈《〔“‘")


@pytest.mark.parametrize(
    ("tag", "layout"),
    [("ja", ""), ("ja", ".large-print"), ("ja", ".bilingual"), ("zh-Hant", ""), ("ko", "")],
)
def test_no_line_begins_with_what_closes_or_ends_with_what_opens(
    examples: Path, tag: str, layout: str
) -> None:
    """Punctuation and small kana stay with the character before, brackets with the one after."""
    _check_line_ends(examples / f"dist/{tag}/about-ipt{layout}.pdf")


def test_no_line_of_the_shipped_chinese_begins_with_what_closes(built: Path) -> None:
    """The same for the locale that ships."""
    _check_line_ends(built / "zh-Hans/about-ipt.pdf")


def _check_line_ends(file: Path) -> None:
    lines = [line.strip() for page in mupdf(file) for line in page.splitlines() if line.strip()]
    wide = [line for line in lines if any("\u2e80" < c < "\uffef" for c in line)]
    assert len(wide) > 40
    assert [line for line in wide if line[0] in NO_START] == []
    assert [line for line in wide if line[-1] in NO_END] == []
