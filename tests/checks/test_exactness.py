"""Numbers, marks and addresses stand in a translation as they stand in the English."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.checks.exactness import EXACT, PHONE_LIKE, numbers_in
from handouts.checks.nouns import Setting
from handouts.model import Block, Locale

PERSIAN = Locale("fa", "fa", "فارسی", "Persian", "rtl", "Arab", ("Noto Naskh Arabic",))


@given(st.lists(st.integers(0, 99_999), max_size=5), st.sampled_from("0٠०۰๐"))
def test_numbers_are_the_same_in_every_digit_script(values: list[int], zero: str) -> None:
    """14,587 and ١٤٥٨٧ are one number."""
    plain = " x ".join(map(str, values))
    own = plain.translate({ord(str(n)): chr(ord(zero) + n) for n in range(10)})
    assert numbers_in(plain) == numbers_in(own)


@pytest.mark.parametrize(
    "written", ["14,587", "14.587", "14 587", "14\u00a0587", "14\u202f587", "14587", "١٤٬٥٨٧"]
)
def test_thousands_may_be_written_as_each_language_does(written: str) -> None:
    """The mark between thousands is the translator's."""
    assert numbers_in(written) == numbers_in("14587")


def test_a_decimal_is_not_a_thousand() -> None:
    """0.65 is 0,65 in Spanish, and neither is 65."""
    assert numbers_in("0.65") == numbers_in("0,65") == numbers_in("۰٫۶۵") == Counter({"0.65": 1})


def test_numbers_in_marks_are_not_counted() -> None:
    """The year in a citation's id is no number of the text."""
    assert numbers_in("IPT helps.[@cuijpers2016] Call {number}.") == Counter()


@pytest.mark.parametrize(
    ("text", "found"), [("13 11 14", True), ("+61 2 5550 0100", True), ("1800 011 511", True),
                        ("11,434", False), ("2016", False), ("1.234567", False), ("12 to 16 weeks", False)],
)  # fmt: skip
def test_what_looks_like_a_phone_number_is_found(text: str, *, found: bool) -> None:
    """Digits in groups, not a count and not a year."""
    assert bool(PHONE_LIKE.search(text)) is found


@pytest.mark.parametrize("text", ["پیامک به {number}", "می‌خواهم {number}"])
def test_a_right_translation_has_no_fault(text: str) -> None:
    """Letters of its own script, joiners where the script is written with them."""
    block = Block("interface.text-message", "Text {number}", safety=True)
    assert [fault for check in EXACT for fault in check(block, text, Setting(PERSIAN))] == []


@pytest.mark.parametrize(
    ("english", "text", "code"),
    [
        ("Call {number}", "{number} {number}", "placeholder-added"),
        ("Call {number}", "تلفن", "placeholder-missing"),
        ("It helps.[@a2016]", "x", "citation-missing"),
        ("It helps.", "x[@a2016]", "citation-added"),
        ("See [it](https://e.org)", "x", "link-missing"),
        ("See it", "[x](https://e.org)", "link-added"),
    ],
)
def test_a_mark_is_neither_lost_nor_added(english: str, text: str, code: str) -> None:
    """An error in every text: a reader would be sent elsewhere, or nowhere."""
    faults = [f for check in EXACT for f in check(Block("a", english), text, Setting(PERSIAN))]
    assert (code, "error") in {(fault.code, fault.severity) for fault in faults}


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        ("…", "no-words", "error"),
        ("\ue000", "invisible-character", "error"),
        ("تلفن\u2028", "invisible-character", "error"),
        ("Call\x1b", "invisible-character", "error"),
        ("Call\r", "invisible-character", "error"),
        ("Ça va".replace("Ç", "C\u0327"), "decomposed-text", "error"),
    ],
)
def test_a_safety_text_is_made_of_words_that_can_be_seen(text: str, code: str, severity: str) -> None:
    """In ASCII too; elsewhere a text without a word is a warning, since it may be meant."""
    faults = [
        f for check in EXACT for f in check(Block("a", "Call now", safety=True), text, Setting(PERSIAN))
    ]
    assert (code, severity) in {(fault.code, fault.severity) for fault in faults}


def test_a_text_without_words_elsewhere_is_looked_at() -> None:
    """What fills a placeholder is a word; a pattern of the reference list may have none."""

    def told(english: str, text: str, *, optional: bool = False) -> list[tuple[str, str]]:
        block = Block("a", english, optional=optional)
        found = [f for check in EXACT for f in check(block, text, Setting(PERSIAN))]
        return [(f.code, f.severity) for f in found if f.code == "no-words"]

    assert told("Now", "…") == [("no-words", "warning")]
    assert told("Page {page}", "{page}") == []
    assert told("{number}th", "{number}.", optional=True) == []


def test_a_phone_number_is_found_behind_zero_width_spaces() -> None:
    """A Khmer keyboard types them with the space bar."""
    khmer = replace(PERSIAN, script="Khmr")
    text = "ហៅ ១៣\u200b១១\u200b១៤\u200b២២"
    faults = [f for check in EXACT for f in check(Block("a", "Call now"), text, Setting(khmer))]
    assert "phone-number-typed" in {fault.code for fault in faults}
