"""A new locale: which tags there can be, what is known of a language, and the folder that is made of it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import polib
import pytest

from handouts.model import LineEnds, Locale
from handouts.sources.load import Sources
from handouts.workbench.pseudo import PSEUDO_LOCALES
from handouts.workbench.scaffold import (
    OPTIONS,
    GivenFacts,
    format_tag,
    locale_toml,
    new_locale,
    new_tag_problems,
    write_locale,
)


def known(sources: Sources, tag: str, autonym: str = "", english_name: str = "") -> Locale:
    """Return the locale of a tag of which nothing is lacking."""
    locale, lacking = new_locale(tag, GivenFacts(autonym, english_name), sources.locales)
    assert lacking == []
    return locale


@pytest.mark.parametrize(
    ("written", "tag"),
    [("ZH_hant_hk", "zh-Hant-HK"), ("PT-br", "pt-BR"), ("es-419", "es-419"), ("Ca-VALENCIA", "ca-valencia")],
)
def test_a_tag_is_taken_in_any_case_and_with_underscores(written: str, tag: str) -> None:
    """As RFC 5646 writes it: languages small, scripts with a capital, regions in capitals."""
    assert format_tag(written) == tag


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("greek", "el"),
        ("Samoann", "sm"),
        ("engish", "en"),
        ("gre", "el"),
        ("spa-MX", "es-MX"),
        ("portug", "pt"),
        ("brazilian portuguese", "pt-BR"),
    ],
)
def test_a_tag_that_is_not_one_is_asked_about(sources: Sources, given: str, meant: str) -> None:
    """“Did you mean …?”, by name, by beginning, by a wrong letter, by the longer code."""
    (problem,) = new_tag_problems(given, sources.locales)
    assert f"Did you mean “{meant}”" in problem.fix
    assert problem.where == given


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("zh_hans", "locale-exists"),
        ("und", "tag-not-a-language"),
        ("spa", "tag-not-shortest"),
        ("q", "invalid-tag"),
        ("sw-Latn-XQ-!", "invalid-tag"),
        *((tag, "tag-not-a-language") for tag in PSEUDO_LOCALES),
    ],
)
def test_every_reason_against_a_tag_has_a_code(sources: Sources, given: str, code: str) -> None:
    """There already, no language of people, a longer code than there is, no tag at all."""
    assert [problem.code for problem in new_tag_problems(given, sources.locales)] == [code]


@pytest.mark.parametrize("tag", ["ja", "sw", "pt-BR", "sr_latn"])
def test_the_tag_of_a_language_that_is_not_there_is_free(sources: Sources, tag: str) -> None:
    """Whatever the case, with script or region or without."""
    assert new_tag_problems(tag, sources.locales) == []


@pytest.mark.parametrize(
    ("tag", "facts", "expected"),
    [
        ("ja", (), ("日本語", "Japanese", "ltr", "Noto Sans CJK JP")),
        ("ps", (), ("پښتو", "Pashto", "rtl", "Noto Naskh Arabic")),
        ("prs", ("دری", "Dari"), ("دری", "Dari", "rtl", "Noto Naskh Arabic")),
        ("sm", ("Gagana Sāmoa",), ("Gagana Sāmoa", "Samoan", "ltr", "Noto Sans")),
        ("pt-BR", (), ("português (Brasil)", "Portuguese (Brazil)", "ltr", "Noto Sans")),
    ],
)
def test_what_babel_knows_is_filled_in(
    sources: Sources, tag: str, facts: tuple[str, ...], expected: tuple[str, str, str, str]
) -> None:
    """Names, direction and a font that has the script; what a person gives counts before it."""
    locale = known(sources, tag, *facts)
    assert (locale.autonym, locale.english_name, locale.direction, locale.fonts[0]) == expected


def test_digits_are_those_of_the_language(sources: Sources) -> None:
    """Bengali counts in its own, Japanese and Swahili do not."""
    assert known(sources, "bn").digits == "০১২৩৪৫৬৭৮৯"
    assert known(sources, "ja").digits == known(sources, "sw").digits == "0123456789"


def test_fonts_and_size_are_those_of_a_locale_of_the_same_script(sources: Sources) -> None:
    """What was found right for Arabic is right for Pashto; the parent of a tag comes before all others."""
    alike = sources.locales["ar"]
    pashto = known(sources, "ps")
    assert (pashto.fonts, pashto.size, pashto.leading) == (alike.fonts, alike.size, alike.leading)
    parent = replace(sources.locales["es"], size=1.25)
    variant, _ = new_locale("es-MX", GivenFacts(), {**sources.locales, "es": parent})
    assert variant.size == 1.25


def test_what_babel_does_not_know_is_asked_for(sources: Sources) -> None:
    """Each fact that a person must give is named by its option; nothing is guessed."""
    _, lacking = new_locale("kar", GivenFacts(), sources.locales)
    assert {"--autonym", "--english-name"} <= {problem.where for problem in lacking} <= set(OPTIONS)
    assert {problem.code for problem in lacking} >= {"unknown-language-name"}


def test_a_name_with_an_invisible_character_is_asked_for_again(sources: Sources) -> None:
    """A direction mark in a name would turn the words around it."""
    _, lacking = new_locale("sm", GivenFacts("Gagana\u202e", "Samoan\u200b"), sources.locales)
    assert [(p.where, p.code) for p in lacking] == [
        ("--autonym", "invisible-character"),
        ("--english-name", "invisible-character"),
    ]


def test_a_font_that_is_not_installed_is_asked_for_again(sources: Sources) -> None:
    """The one that was named, or any that has the script."""
    _, lacking = new_locale("sw", GivenFacts(fonts=("No Such Sans",)), sources.locales)
    (problem,) = lacking
    assert (problem.where, problem.code) == ("--font", "font-missing")
    assert "“No Such Sans” is not on this machine" in problem.what


def test_the_folder_of_a_new_locale_is_read_back_as_it_was_meant(sources: Sources, tmp_path: Path) -> None:
    """Every field of locale.toml, also names with quotes in them, and a place for the translators."""
    for locale in (known(sources, "bn"), known(sources, "sm", 'Gagana "Sāmoa"', "Samoan \\ x")):
        data = tomllib.loads(locale_toml(locale))
        assert data.pop("translators") == []
        fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        assert replace(Locale(locale.tag, locale.babel, "", "", "ltr", "", ()), **fields) == locale
        files = list(write_locale(tmp_path, locale, sources.blocks()))
        assert files == [f"locales/{locale.tag}/locale.toml", f"locales/{locale.tag}/handouts.po"]
        assert (tmp_path / files[0]).read_text(encoding="utf-8") == locale_toml(locale)


def test_the_catalog_of_a_new_locale_has_every_message_with_its_note(
    sources: Sources, tmp_path: Path
) -> None:
    """Ids, English, notes, flags for placeholders; nothing is lost that a translator needs."""
    write_locale(tmp_path, known(sources, "sw"), sources.blocks())
    catalog = polib.pofile(str(tmp_path / "locales/sw/handouts.po"))
    assert [entry.msgctxt for entry in catalog] == list(sources.blocks())
    for entry in catalog:
        block = sources.blocks()[entry.msgctxt]
        assert (entry.msgid, entry.comment, entry.msgstr) == (block.text, block.note, "")
        assert ("python-brace-format" in entry.flags) == ("{" in block.text)


def test_a_new_locale_begins_with_the_line_ends_of_its_language(sources: Sources) -> None:
    """They are in its file, each with what it is for, and the file is read as what it was made of."""
    tag = next(tag for tag in sources.line_ends if tag not in sources.locales)
    locale, lacking = new_locale(tag, GivenFacts(), sources.locales, sources.line_ends)
    assert lacking == []
    assert locale.line_ends == sources.line_ends[tag]
    table = tomllib.loads(locale_toml(locale))["line_ends"]
    assert tuple(table["after"]) == locale.line_ends.after
    assert table.get("counted", False) == locale.line_ends.counted
    assert "line_ends" not in locale_toml(replace(locale, line_ends=LineEnds()))
