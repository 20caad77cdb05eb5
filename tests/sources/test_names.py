"""Languages and regions are found by what people call them, and never by a guess."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.sources.load import Sources
from handouts.sources.names import also_problems, did_you_mean_named, locales_named


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        *(
            ("Vietnamese", "vi"),
            ("vietnamese", "vi"),
            ("Tiếng Việt", "vi"),
            ("tieng viet", "vi"),
            ("vie", "vi"),
        ),
        *(("cn", "zh-Hans"), ("CN", "zh-Hans"), ("繁體中文", "zh-Hant"), ("Traditional Chinese", "zh-Hant")),
        *(("gr", "el"), ("espanol", "es"), ("العربية", "ar"), ("tl", "fil"), ("es-MX", "es")),
        *(
            ("Tagalog", "fil"),
            ("farsi", "fa"),
            ("Cambodian", "km"),
            ("Panjabi", "pa"),
            ("Castilian", "es"),
            ("Dari", "fa"),
            ("Cantonese", None),
            ("Mandarin", None),
            ("Chinese", None),
            ("中文", None),
            ("uk", None),
            ("Klingon", None),
            ("", None),
            ("-", None),
            ("au", None),
        ),
    ],
)
def test_a_language_is_found_by_its_name(sources: Sources, name: str, tag: str | None) -> None:
    """In English, in its own words, by ISO code; a name of several means none, and Ukrainian is not England's English."""
    assert sources.match(name) == tag


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("uk", "gb"), ("UK", "gb"), ("GBR", "gb"), ("England", "gb"), ("united kingdom", "gb")),
        *(("Australia", "au"), ("AUS", "au"), ("USA", "us"), ("estados unidos", "us"), ("Aotearoa", "nz")),
        *(("France", None), ("fr", None), ("", None), (".", None), ("gbb", None)),
    ],
)
def test_a_region_is_found_by_its_name(sources: Sources, name: str, code: str | None) -> None:
    """By code, by ISO alias, in English, in its languages and in ours."""
    assert sources.match_region(name) == code


def test_every_locale_and_region_is_found_by_its_own_names(sources: Sources) -> None:
    """Whatever is added: its tag or code, its autonym, its English name."""
    for tag, locale in sources.locales.items():
        assert {sources.match(name) for name in (tag, locale.autonym, locale.english_name)} == {tag}
    for code, region in sources.content.regions.items():
        assert {sources.match_region(name) for name in (code, code.upper(), region.name.text)} == {code}


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("United States of America", "Did you mean “us” (United States)?"),
        ("Neuseeland", "Did you mean “nz” (New Zealand)?"),
        ("xx", "Use one of: nz (New Zealand), us (United States)."),
        ("", "Use one of: nz (New Zealand), us (United States)."),
    ],
)
def test_a_name_that_is_not_known_is_answered_with_names(name: str, fix: str) -> None:
    """The nearest, or all of them, beside their codes: who types a name does not know the code."""
    assert did_you_mean_named(name, {"us": "United States", "nz": "New Zealand"}) == fix


def test_a_spoken_language_that_is_written_in_two_ways_is_a_choice(sources: Sources) -> None:
    """Whoever speaks Cantonese or Mandarin may read either script: a person asks, and nothing guesses."""
    for name in ("Cantonese", "Mandarin"):
        assert locales_named(name, sources.locales) == ["zh-Hans", "zh-Hant"]


def test_a_name_that_is_added_in_vain_is_told(sources: Sources) -> None:
    """One that is another locale's own, or its own already, or nothing; what ships has none, and each finds its locale."""
    assert list(also_problems(sources.locales)) == []
    for tag, locale in sources.locales.items():
        assert all(tag in locales_named(name, sources.locales) for name in locale.also)
    spoilt = replace(sources.locales["pa"], also=("Hindi", "PUNJABI", "…", "Panjabi"))
    found = list(also_problems({**sources.locales, "pa": spoilt}))
    assert [(each.locale, each.severity, each.what) for each in found] == [
        ("pa", "warning", "“Hindi” is a name of hi already."),
        ("pa", "warning", "“PUNJABI” is a name of pa already."),
        ("pa", "warning", "“…” has no letter."),
    ]
