"""Right-to-left lines come back in order, with the numbers, brackets and Latin words in them."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pymupdf
import pypdfium2
import pytest

from handouts.pdf.exact.bidi import Placed, in_text_order
from handouts.pdf.exact.embed import Cluster
from handouts.pdf.exact.neighbours import Neighbours, Way
from handouts.pdf.exact.sides import JOINER, LRM, RLM
from handouts.verify import words
from handouts.verify.extractors import EXTRACTORS
from tests.pdf.exact.pages import page_of_lines
from tests.pdf.exact.sentences import LOCALES, lost, page_of, page_of_sentences, sentence

MIXED = [
    "العلاج بين الأشخاص (IPT) يساعد، وكذلك (Better Access) في 12 إلى 16 أسبوعًا.",
    "نسبة 5.2% من 14,587 شخصًا «Interpersonal» تعني «بين الأشخاص».[1] ثم doi.org ثم هذا",
    "اتصل بالرقم 13 11 14 الآن! هل أنت بخير؟ [التكلفة] NG222 ثم B12 هنا",
    "العلاج (IPT 12 أسبوعا) مفيد لك. راجع COVID-19. راجع B12. راجع CBT/IPT. راجع example.org.",
    "تدوم ٤٥ دقيقة، عام ٢٠٢٦.",
]


def test_numbers_brackets_and_latin_words_keep_their_place_in_arabic(tmp_path: Path) -> None:
    """A phone number, a share, a name in brackets come out as they were written, in every program."""
    file = page_of_lines(MIXED, "ar", "Noto Naskh Arabic", tmp_path)
    for name, extract in EXTRACTORS.items():
        found = extract(file)
        count = words.count("\n".join(MIXED), found, "ar")
        assert (count.lost, count.in_order) == ((), count.words), name
        lines = words.clean(" ".join(page.replace("\n", "¶") for page in found))
        assert "في 12 إلى 16" in lines, name  # and not each on a line of its own
        for whole in (
            "13 11 14",
            "NG222",
            "5.2%",
            "(Better Access)",
            "«بين الأشخاص».[1]",
            "doi.org",
            "(IPT 12",
            "٢٠٢٦.",
        ):
            assert whole in words.clean(" ".join(found)), name


@pytest.mark.parametrize("tag", LOCALES)
def test_a_random_sentence_comes_back_as_it_was_written(tag: str, tmp_path: Path) -> None:
    """Letters, Latin words, both kinds of digits, brackets, quotes, dates and phone numbers, in order, in every program."""
    chance = random.Random(f"sentences in {tag}")
    lines = [sentence(tag, chance) for _ in range(60)]
    file = page_of_sentences(lines, tag, tmp_path)
    for name, extract in EXTRACTORS.items():
        assert lost(lines, extract(file)) == [], name


# What random sentences found once, with what a program did.
FOUND = {
    "ar": [
        "و شخصًا ليلًا[7] دقيقة،؟",  # pdfium: a space where a vowel mark reached over the edge of its run
        "أسبوعا لك: عام.",  # poppler: a colon begins a left-to-right section
        "و مفيد و 2026-11؛ 63% الأشخاص.",  # MuPDF: a percent sign is left to right
        "نسبة (555-0100):.",
    ],
    "ur": ["علاج ‘ہفتے’ علاج."],  # poppler goes back inside a word by less than a fifth of the type size
    "dv": ["އަދި އަހަރު، މިނެޓް:."],  # two signs that are weak from left to right
    "he": ["גם לך “לָכֶם שָׁלוֹם לָכֶם”[5]"],  # pdfium mirrors quotation marks
}


@pytest.mark.parametrize("tag", FOUND)
def test_what_was_lost_once_comes_back(tag: str, tmp_path: Path) -> None:
    """Each sentence is the smallest one of its kind."""
    file = page_of_sentences([*FOUND[tag], "1"], tag, tmp_path)
    for name, extract in EXTRACTORS.items():
        assert lost(FOUND[tag], extract(file)) == [], name


def test_the_law_sees_a_number_that_turned_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard is seen to fail: without marks, programs give numbers in another order."""
    monkeypatch.setattr("handouts.pdf.exact.bidi._pair", lambda *_: iter(()))
    line = "راجع 12 ثم (IPT 16)."
    file = page_of_sentences([line], "ar", tmp_path)
    assert any(line not in words.clean(" ".join(extract(file))) for extract in EXTRACTORS.values())


WORDS = "العلاج مفيد لك في عام"


def test_right_to_left_words_are_copied_and_searched_as_they_were_set(tmp_path: Path) -> None:
    """A line of words holds no mark of direction: a phrase is found by the programs' own search."""
    file = page_of_sentences([WORDS, "ثم IPT هنا (مفيد لك جدا)، راجع طبيبك الآن", "نعم"], "ar", tmp_path)
    opening: Any = pymupdf.open
    with pypdfium2.PdfDocument(file) as document, opening(file) as opened:
        text = document[0].get_textpage()
        assert WORDS in text.get_text_range()
        for phrase in ("العلاج مفيد لك", "لك في عام", "مفيد لك جدا", "راجع طبيبك الآن"):
            assert text.search(phrase).get_next(), phrase
            assert opened[0].search_for(phrase), phrase
    for name, extract in EXTRACTORS.items():
        assert WORDS in extract(file)[0], name


BEYOND = {
    "ff": (
        "Noto Sans Adlam",
        "𞤋𞤲𞥆𞤢𞤥𞤢 𞤢𞥄𞤣𞤫𞥅𞤶𞤭 𞤬𞤮𞤬 𞤨𞤮𞤼𞤭.",
        "𞤋𞤲𞥆𞤢𞤥𞤢 IPT 𞤢𞥄𞤣𞤫𞥅𞤶𞤭 (𞤬𞤮𞤬 IPT 12), 𞤬𞤮𞤬: 5.2% 𞤨𞤮𞤼𞤭 COVID-19.",
        "𞤋𞤲𞥆𞤢𞤥𞤢 𞥑𞥒 «𞤬𞤮𞤬» Better Access! 𞤬𞤮𞤬⹁ 𞤬𞤮𞤬؟",
    ),
    "rhg": ("Noto Sans Hanifi Rohingya", "𐴌𐴟𐴇𐴥𐴝𐴚𐴒𐴙𐴝 𐴁𐴠𐴒𐴧𐴟𐴕.", "𐴁𐴠𐴒𐴧𐴟𐴕 𐴁𐴠𐴒 (IPT 𐴁𐴠)!"),
}


@pytest.mark.parametrize("tag", BEYOND)
def test_letters_above_the_first_plane_are_whole_in_every_program(tag: str, tmp_path: Path) -> None:
    """Pdfium sees each as two: it loses none, with Latin words, numbers and brackets between them."""
    family, *lines = BEYOND[tag]
    file = page_of([*lines, "1"], tag, family, tmp_path)  # as the foot of a page is its last line
    for name, extract in EXTRACTORS.items():
        text = words.clean(" ".join(extract(file)))
        assert [line for line in lines if line not in text] == [], name


FONT = SimpleNamespace(upem=1000)


def placed(text: str, x: float, *, rtl: bool = True) -> Placed:
    """Return a letter half as wide as its type is high."""
    return Placed(Cluster(((1, 0, 0),), text), FONT, x, 500, rtl)


def drawn(line: list[Placed], neighbours: Neighbours = Neighbours()) -> str:  # noqa: B008 - frozen
    """Return the text of a line as it is drawn."""
    return "".join(each.cluster.text for each in in_text_order(line, 5000, neighbours))


def test_a_word_is_drawn_from_left_to_right_and_words_in_the_order_of_the_text() -> None:
    """Programs reverse a right-to-left word; a number stands behind it in the drawing as in the text."""
    line = [placed("א", 1500), placed("ב", 1000), placed("1", 0, rtl=False), placed("2", 500, rtl=False)]
    text = drawn(line).replace(LRM, "").replace(RLM, "")
    assert text == "בא12"
    assert f"{RLM}{LRM}12" in drawn(line)


def test_a_line_of_words_is_drawn_as_it_looks() -> None:
    """Words and spaces from left to right without a mark; a sign that programs take for a number has one on its left."""
    line = [placed(letter, 1500 - 500 * n) for n, letter in enumerate("א ב.")]
    assert drawn(line, Neighbours(way=Way.AS_IT_LOOKS)) == f"{RLM}.ב א"


def test_a_line_from_left_to_right_is_drawn_as_it_stands() -> None:
    """An English line of a right-to-left page has marks at its ends, for poppler, and none inside."""
    line = [placed(letter, 500 * n, rtl=False) for n, letter in enumerate("ab.")]
    assert drawn(line, Neighbours(mixed=False)).strip(LRM + RLM + JOINER) == "ab."


def test_there_are_more_parts_from_left_to_right_than_from_right_to_left() -> None:
    """Or pdfium would put the whole line in reverse."""
    for line in ([placed("א", 0)], [placed("א", 500), placed(".", 0)], [placed("(", 500), placed("א", 0)]):
        kinds = "".join("R" if c in {RLM, "א"} else "L" if c == LRM else "" for c in drawn(line))
        parts = [kind for kind, before in zip(kinds, " " + kinds, strict=False) if kind != before]
        assert parts.count("L") > parts.count("R")
