"""Where a line may end, in every script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.breaks import (
    BREAK,
    JOIN,
    LONGEST_SYLLABLE,
    SYLLABLE,
    is_unspaced,
    kept_spaces,
    parted_word,
    segments,
    with_breaks,
    without_breaks,
)
from handouts.model import LineEnds
from handouts.pieces import letters_in
from handouts.verify.extractors import mupdf

LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=BREAK + JOIN + SYLLABLE)


@given(st.text(LETTERS, max_size=40), st.sampled_from(["en", "ar", "th", "ko", "zh"]))
def test_marks_come_off_again(text: str, tag: str) -> None:
    """Nothing but marks is put in, and taking them out gives the text back."""
    assert without_breaks(with_breaks(text, tag)) == text


@given(st.text(LETTERS, min_size=1, max_size=60), st.sampled_from(["de", "fi", "ta", "ar", "xx"]))
def test_a_word_too_long_for_any_line_can_be_parted_and_put_together(text: str, tag: str) -> None:
    """Nothing but places for the end of a line is put in, and no piece between two of them is long."""
    parted = parted_word(text, tag)
    assert without_breaks(parted) == text
    pieces = re.split(f"[{BREAK}{SYLLABLE}]", parted)
    assert max(len(letters_in(piece)) for piece in pieces) <= LONGEST_SYLLABLE


@pytest.mark.parametrize(
    ("tag", "word", "parted"),
    [
        ("de", "Zusammenhänge", "Zusam-men-hänge"),  # three letters stay
        ("fi", "vuorovaikutus", "v|u|o|r|o|v|a|i|k|u|t|u|s"),  # pyphen has no patterns
        ("de", "xxxxxxxxxxxxx", "|".join("xxxxxxxxxxxxx")),
        ("ta", "\u0b95\u0bcd\u0bb7\u0bc0" * 4, "|".join(["\u0b95\u0bcd\u0bb7\u0bc0"] * 4)),  # stacked
        ("fi", f"a-{JOIN}bcdefghijklm", f"a|-{JOIN}b|" + "|".join("cdefghijklm")),
    ],
)
def test_a_long_word_is_parted_as_its_language_does(tag: str, word: str, parted: str) -> None:
    """At its syllables, with a hyphen, where the patterns are known; else anywhere, but between no two that are one sign."""
    assert parted_word(word, tag).replace(SYLLABLE, "-").replace(BREAK, "|") == parted


@given(st.text(LETTERS, min_size=1, max_size=40))
def test_segments_are_the_whole_text(text: str) -> None:
    """No letter is lost between two pieces, also outside of the basic plane."""
    assert "".join(segments(text, "en")) == text


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
    """A reader would take “well-” for a word cut in two."""
    assert with_breaks("well-being", "en") == f"well-{JOIN}being"
    assert with_breaks("a.gov/our-work", "en") == f"a.{JOIN}gov/our-{JOIN}work"
    assert with_breaks("2016;173(7):680-7.", "en").count(JOIN) >= 3


def test_korean_lines_end_at_spaces() -> None:
    """A word is easier to read on one line, though Unicode lets it be parted at every syllable."""
    assert with_breaks("우울증 치료", "ko") == f"우{JOIN}울{JOIN}증 치{JOIN}료"


@pytest.mark.parametrize("text", ["11,434", "odds ratio 0.65", "13 11 14", "Hello there"])
def test_a_number_and_plain_words_need_no_mark(text: str) -> None:
    """Pango does not part them by itself; with a mark inside a number it would, in Thai."""
    assert with_breaks(text, "en") == text


def test_scripts_without_spaces_are_known() -> None:
    """Thai, Khmer, Lao and Burmese; not Chinese, whose every character may end a line."""
    assert all(map(is_unspaced, "กកກက"))
    assert not any(map(is_unspaced, "a漢ہह"))


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        (LineEnds(after=("w", "i")), "pomaga w_rozmowie i_w_zmianie. W_domu"),
        (LineEnds(after=("a",)), "l’a dit, un-a b, data x"),
        (LineEnds(after=("«",), before=("»", ":", "!")), "vous «_aide_» et «mot»_: non, l’«_aide_»_!"),
        (LineEnds(after=("p. ej.",)), "sí, p._ej._esto"),
        (LineEnds(units=("Kč",)), "1_000_000_Kč a Kč 5 Kčx"),
        (LineEnds(counted=True), "v roce 2016_bylo 500_lidí, 8._kapitola, 21._6._2013. Pak"),
        (LineEnds(), "11_434 osób, 50_%, 5_mg, 1_234_567, 12 345 678 910 111 213, 2016 100, 12 mgs"),
        (LineEnds(), "٥٠_٪ ११_४३४"),
    ],
)
def test_a_line_ends_at_no_space_that_the_language_keeps(rules: LineEnds, text: str) -> None:
    """Behind a word, before a mark, between a number and its unit; whole words, in any case; a row of numbers may part."""
    plain = text.replace("_", " ")
    assert kept_spaces(plain, rules) == {at for at, letter in enumerate(text) if letter == "_"}


def test_a_row_of_kept_spaces_may_part() -> None:
    """However many one-letter words follow each other, they leave no column."""
    text = "w " * 40 + "domu"
    kept = kept_spaces(text, LineEnds(after=("w",)))
    assert (
        max(len(part) for part in "".join("_" if at in kept else c for at, c in enumerate(text)).split()) < 20
    )


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
    _check_line_ends(examples / f"dist/au/{tag}/about-ipt{layout}.pdf")


def test_no_line_of_the_shipped_chinese_begins_with_what_closes(built: Path) -> None:
    """The same for the locale that ships."""
    _check_line_ends(built / "zh-Hans/about-ipt.pdf")


def _check_line_ends(file: Path) -> None:
    lines = [line.strip() for page in mupdf(file) for line in page.splitlines() if line.strip()]
    wide = [line for line in lines if any("\u2e80" < c < "\uffef" for c in line)]
    assert len(wide) > 40
    assert [line for line in wide if line[0] in NO_START] == []
    assert [line for line in wide if line[-1] in NO_END] == []
