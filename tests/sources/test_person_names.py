"""Names of reviewers: one person under every spelling that looks the same, and what is no name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.sources.person_names import has_letter, is_same_person, name_faults


@pytest.mark.parametrize(
    "other",
    [
        "Ana R.",
        "ANA  R",
        " ana r",
        "Ana\u00a0R",
        "Ana-R",
        "\u0410na R",
        "An\u0430 R",
        "\u0391na R",
        "Ａｎａ　Ｒ",
        "𝐀𝐧𝐚 𝐑",
        "A\u0301na R",
        "Ána R",
        "Ana R\u200b",
        "A\u00adna R",
        "Ana \u2060R",
        "Ana R\u3164",
        "\u2066Ana R\u2069",
        "“Ana R”",
    ],
)
def test_what_looks_the_same_is_one_person(other: str) -> None:
    """Case, spaces, marks, accents, letters of other scripts and what cannot be seen make no other person."""
    assert is_same_person("Ana R", other)
    assert is_same_person(other, "Ana R")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AIice Wong", "Alice Wong"),
        ("НЕLEN", "Helen"),
        ("Tom 1", "Tom l"),
        ("Jose Gil", "JOSÉ GIL"),
        ("O'Brien", "O’Brien"),
        ("Søren", "Soren"),
        ("محمّد", "محمد"),
    ],
)
def test_letters_that_look_alike_are_one_in_either_case(one: str, other: str) -> None:
    """A capital I is a small l, a Cyrillic capital a Latin one."""
    assert is_same_person(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana R", "Anna R"),
        ("Ana R", "Una R"),
        ("Lan Pham", "Lan Phan"),
        ("Иван", "Ivan"),
        ("राम", "रूम"),
        ("李小龙", "李小明"),
        ("김영희", "김영호"),
        ("สมชาย", "สมหญิง"),
    ],
)
def test_other_letters_are_another_person(one: str, other: str) -> None:
    """In every script, with its vowels."""
    assert not is_same_person(one, other)


@given(st.text(min_size=1))
def test_everyone_is_the_same_person_as_themselves(name: str) -> None:
    """However the name is encoded, and in whatever case."""
    for form in ("NFC", "NFD", "NFKC"):
        assert is_same_person(name, unicodedata.normalize(form, name))


@pytest.mark.parametrize("name", ["...", "🙂", "7", "-", "\u3164"])
def test_a_name_has_a_letter(name: str) -> None:
    """Or it could be anyone's."""
    assert not has_letter(name)
    assert "invalid-name" in [fault.code for fault in name_faults(name)]


@pytest.mark.parametrize("name", ["\u0410na R", "Ivan\u043eva", "Ρaul", "Ana \u0430R"])
def test_a_word_in_two_alphabets_is_told(name: str) -> None:
    """Nobody types it so by chance; the word is named."""
    assert [fault.code for fault in name_faults(name)] == ["mixed-scripts"]


@pytest.mark.parametrize(
    "name",
    [
        "Ana R.",
        "dr_c2",
        "山田 はなこ",
        "太郎Tanaka",
        "김영희",
        "李小龙",
        "Lê Thị Hồng",
        "محمد علی",
        "Андрей",
        "नेहा शर्मा",
        "Анна (Anna)",
    ],
)
def test_names_of_every_script_are_names(name: str) -> None:
    """Also Japanese ones, which are written in three."""
    assert list(name_faults(name)) == []
