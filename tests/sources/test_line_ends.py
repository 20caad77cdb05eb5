"""The rules by which spaces are kept: read from a locale, or from those that a new locale begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.model import LineEnds
from handouts.sources.line_ends import line_ends, load_line_ends, rules_of
from handouts.sources.toml import parse_toml
from tests.conftest import ROOT


def test_a_table_is_its_rules() -> None:
    """What is not named is not kept."""
    table = parse_toml('after = ["a", "p. ej."]\nunits = ["Kč"]\ncounted = true', "x.toml")
    assert line_ends(table) == LineEnds(("a", "p. ej."), (), ("Kč",), counted=True)
    assert table.problems == []
    assert line_ends(parse_toml("", "x.toml")) == LineEnds()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('afer = ["a"]', "unknown-key"),
        ('after = "a"', "list-expected"),
        ("after = [1]", "text-expected"),
        ('after = [""]', "text-empty"),
        ('after = [" a"]', "text-untrimmed"),
        ('after = ["a\\u200b"]', "invisible-character"),
        ('after = ["a word that is much too long to be kept"]', "invalid-line-end"),
        ('counted = "yes"', "flag-expected"),
    ],
)
def test_a_rule_that_keeps_nothing_is_told(text: str, code: str) -> None:
    """A misspelled key, what is no list, what is no word, a text too long to be one."""
    table = parse_toml(text, "x.toml")
    line_ends(table)
    assert [problem.code for problem in table.problems] == [code]


def test_the_rules_that_ship_are_sound() -> None:
    """Each is read without a problem; a locale of a country has those of its language."""
    rules, problems = load_line_ends(ROOT)
    assert problems == []
    assert len(rules) >= 5
    some = next(iter(rules))
    assert rules_of(f"{some}-XX", rules) == rules[some] != LineEnds()
    assert rules_of("en", rules) == LineEnds()


def test_there_may_be_no_rules(tmp_path: Path) -> None:
    """A file that is missing gives none, and one that is broken says so."""
    assert load_line_ends(tmp_path) == ({}, [])
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales/line-ends.toml").write_text("[xx\n", encoding="utf-8")
    rules, problems = load_line_ends(tmp_path)
    assert rules == {}
    assert [problem.code for problem in problems] == ["invalid-toml"]
