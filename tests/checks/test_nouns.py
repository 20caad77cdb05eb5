"""What the checks take for a word and for a mark, in any script."""

from __future__ import annotations

import pytest

from handouts.checks.nouns import PLACEHOLDERS, TITLE_WORD, warning


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Does IPT help? Don’t wait, O'Neill.", ["Does", "IPT", "help", "Don’t", "wait", "O'Neill"]),
        ("Llame al 13 11 14 hoy_mismo", ["Llame", "al", "hoy", "mismo"]),
        ("هل يساعد؟ 11,434", ["هل", "يساعد"]),
        ("'quoted' – 90", ["quoted"]),
    ],
)
def test_words_are_letters_with_apostrophes_inside(text: str, words: list[str]) -> None:
    """Digits, marks and underscores part words; an apostrophe belongs to one only between letters."""
    assert TITLE_WORD.findall(text) == words


def test_marks_are_what_a_translator_must_leave_as_it_is() -> None:
    """A placeholder, a citation and where a link leads; not the words of the link, and no other brackets."""
    text = "Call {phone} [now](https://www.example.org/a).[@cuijpers2016] (or {Phone}, [later])"
    assert PLACEHOLDERS.findall(text) == ["{phone}", "](https://www.example.org/a)", "[@cuijpers2016]"]
    assert PLACEHOLDERS.sub("", text) == "Call  [now. (or {Phone}, [later])"


def test_a_warning_stops_nothing() -> None:
    """What may be right is told, with its kind and its cure."""
    fault = warning("two-spaces", "two spaces stand here.", "Remove one.")
    assert (fault.code, fault.what, fault.fix) == ("two-spaces", "two spaces stand here.", "Remove one.")
    assert fault.severity == "warning"
