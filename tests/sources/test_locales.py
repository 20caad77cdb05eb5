"""Locales: what printing needs of a language, and which locale serves a reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.model import Locale
from handouts.problems import Problem
from handouts.sources.load import Sources
from handouts.sources.locales import (
    babel_name,
    likely,
    load_locale,
    load_locales,
    match_locale,
    month_name,
)
from tests.conftest import LOCALES

TAGS = st.from_regex(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", fullmatch=True)
RIGHT = """
autonym = "español"
english_name = "Spanish"
direction = "ltr"
script = "Latn"
fonts = ["Noto Sans"]
size = 1
leading = 1.4
digits = "0123456789"
translators = []
"""


def load(folder: Path, text: str, tag: str = "es") -> tuple[Locale | None, list[Problem]]:
    """Load a locale of that text."""
    (folder / f"locales/{tag}").mkdir(parents=True)
    (folder / f"locales/{tag}/locale.toml").write_text(text, encoding="utf-8")
    return load_locale(folder, tag)


def test_a_locale_is_its_file(tmp_path: Path) -> None:
    """With the name Babel has for it."""
    locale, problems = load(tmp_path, RIGHT)
    assert problems == []
    assert locale == Locale(
        "es", "es", "español", "Spanish", "ltr", "Latn", ("Noto Sans",), 1, 1.4, "0123456789"
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("direction", "directon", "unknown-key"),
        ("script", "#", "missing-key"),
        ('"ltr"', '"left"', "unknown-choice"),
        ('"español"', "1", "text-expected"),
        ('"español"', '""', "text-empty"),
        ('"español"', '"esp\\u200bañol"', "invisible-character"),
        ('["Noto Sans"]', '"Noto Sans"', "list-expected"),
        ('["Noto Sans"]', "[]", "invalid-names"),
        ('["Noto Sans"]', "[1]", "text-expected"),
        ('["Noto Sans"]', '[" "]', "text-untrimmed"),
        ("size = 1", "size = true", "number-out-of-range"),
        ("size = 1", 'size = "x"', "number-out-of-range"),
        ("size = 1", "size = 10", "number-out-of-range"),
        ("size = 1", "size = nan", "number-out-of-range"),
        ("leading = 1.4", "leading = 0.9", "number-out-of-range"),
        ("leading = 1.4", "leading = 1.4\nclosest = 0.9", "number-out-of-range"),
        ("0123456789", "012345678", "invalid-digits"),
        ("0123456789", "abcdefghij", "invalid-digits"),
        ("0123456789", "01234५६७८९", "invalid-digits"),
        ("size = 1", "size =", "invalid-toml"),
        ('"Latn"', '"Latin"', "invalid-script"),
        ('["Noto Sans"]', "['Noto\"; } body { }']", "invalid-names"),
    ],
)
def test_a_value_that_would_print_wrongly_is_told(tmp_path: Path, old: str, new: str, code: str) -> None:
    """The locale is left out: no page is set in the wrong font, direction or digits."""
    assert old in RIGHT
    locale, problems = load(tmp_path, RIGHT.replace(old, new, 1))
    assert locale is None
    assert problems[0].code == code
    assert {(p.file, p.locale) for p in problems} == {("locales/es/locale.toml", "es")}


@pytest.mark.parametrize("tag", ["spanish_es", "ES", "e", "zh-hans"])
def test_a_folder_has_a_tag_for_its_name(tmp_path: Path, tag: str) -> None:
    """In the usual case: files and links are named after it."""
    assert [p.code for p in load(tmp_path, RIGHT, tag)[1]] == ["invalid-tag"]


def test_the_source_comes_first_and_must_be_there(tmp_path: Path) -> None:
    """One locale that is broken leaves the others."""
    load(tmp_path, RIGHT)
    load(tmp_path, "x", "ar")
    locales, problems = load_locales(tmp_path)
    assert list(locales) == ["es"]
    assert [p.code for p in problems] == ["source-locale-missing", "invalid-toml"]
    load(tmp_path, RIGHT, "en")
    assert list(load_locales(tmp_path)[0]) == ["en", "es"]


def test_what_ships_is_read(sources: Sources) -> None:
    """Every folder is a locale."""
    assert set(sources.locales) == set(LOCALES)
    assert next(iter(sources.locales)) == "en"


@given(TAGS, st.sets(TAGS, max_size=8))
def test_a_locale_is_never_matched_across_scripts(tag: str, available: set[str]) -> None:
    """A reader gets the same language in the same script, or nothing."""
    found = match_locale(tag, available)
    assert found is None or likely(found) == likely(tag)
    assert found in {None, *available}


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("es-MX", "es"),
        ("es_mx", "es"),
        ("en-NZ", "en"),
        ("fa-AF", "fa"),
        ("pa-Arab", None),
        ("sr", None),
    ],
)
def test_locales_match_as_people_expect(sources: Sources, tag: str, found: str | None) -> None:
    """China and Singapore read Simplified, Taiwan and Hong Kong Traditional; no one is given another script."""
    assert match_locale(tag, sources.locales) == found


@pytest.mark.parametrize(
    ("tag", "name"), [("zh-Hant", "zh_Hant"), ("es-MX", "es_MX"), ("prs", "en"), ("sm", "en")]
)
def test_babel_names_the_nearest_locale(tag: str, name: str) -> None:
    """English where it knows none."""
    assert babel_name(tag) == name


def test_a_month_is_written_in_the_words_and_digits_of_the_locale(sources: Sources) -> None:
    """Gregorian, also where another calendar is in use."""
    assert month_name("2026-11", sources.locales["en"]) == "November 2026"
    assert month_name("2026-11", sources.locales["es"]) == "noviembre de 2026"
    assert "२०२६" in month_name("2026-11", sources.locales["ne"])
    assert month_name("2026-11", sources.locales["th"]) == "พฤศจิกายน ค.ศ. 2026"
