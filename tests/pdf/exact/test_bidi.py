"""Right-to-left lines come back in order, with the numbers, brackets and Latin words in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.verify import words
from handouts.verify.extractors import EXTRACTORS
from tests.pdf.exact.pages import page_of_lines

# WeasyPrint leaves its colour profile open when it writes PDF/A.
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


MIXED = [
    "العلاج بين الأشخاص (IPT) يساعد، وكذلك (Better Access) في 12 إلى 16 أسبوعًا.",
    "نسبة 5.2% من 14,587 شخصًا «Interpersonal» تعني «بين الأشخاص».[1] ثم doi.org ثم هذا",
    "اتصل بالرقم 13 11 14 الآن! هل أنت بخير؟ [التكلفة] NG222 ثم B12 هنا",
]


def test_numbers_brackets_and_latin_words_keep_their_place_in_arabic(tmp_path: Path) -> None:
    """A phone number, a share, a name in brackets come out as they were written, in every program."""
    file = page_of_lines(MIXED, "ar", "Noto Naskh Arabic", tmp_path)
    for name, extract in EXTRACTORS.items():
        found = extract(file)
        count = words.count("\n".join(MIXED), found, "ar")
        assert (count.lost, count.in_order) == ((), count.words), name
        text = words.clean(" ".join(found))
        lines = words.clean(" ".join(page.replace("\n", "¶") for page in found))
        assert "في 12 إلى 16" in lines, name  # and not each on a line of its own
        for whole in ("13 11 14", "NG222", "5.2%", "(Better Access)", "«بين الأشخاص».[1]", "doi.org"):
            assert whole in text, name
