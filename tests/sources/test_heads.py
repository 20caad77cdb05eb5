"""What people call the columns: each word names one of them, in any language, case and spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.sources.heads import COLUMNS, HEADS_FILE, load_heads, plain
from handouts.sources.toml import read_toml
from tests.conftest import LOCALES, ROOT


def test_the_words_of_this_project_are_right_and_name_one_column_each() -> None:
    """Every column has a head of its own in every language of the project."""
    heads, problems = load_heads(ROOT)
    assert not problems
    assert set(heads.columns.values()) == set(COLUMNS)
    assert len(heads.columns) > 100
    tables = read_toml(ROOT / HEADS_FILE, ROOT).fields((), COLUMNS)
    for column in COLUMNS:
        known = {tag for tag, words in tables[column].entries() if words.items()}
        assert set(LOCALES) - known == set(), column


@pytest.mark.parametrize(
    ("head", "column"),
    [("E-mail Address", "address"), (" E-Mail-Adresse ", "address"), ("SPRACHE", "locale"), ("Correo electrónico", "address"),
     ("ｅｍａｉｌ", "address"), ("שפה", "שפה"), ("", ""), ("Remarks on it", "remarks on it"), ("name", "name")],
)  # fmt: skip
def test_a_head_names_a_column_or_none(head: str, column: str) -> None:
    """Case, width, spaces and signs do not count; what is not known stays as it is."""
    assert load_heads(ROOT)[0].column(head) == column


def test_without_the_file_the_columns_have_their_own_names(tmp_path: Path) -> None:
    """A project may do without."""
    heads, problems = load_heads(tmp_path)
    assert not problems
    assert list(heads.columns.values()) == list(COLUMNS)


@pytest.mark.parametrize(
    ("text", "code"),
    [('[name]\nen = ["Language"]\n[locale]\nen = ["language"]', "head-of-two-columns"), ("[nmae]\nen = []", "unknown-key"),
     ('[name]\nen = "name"', "list-expected"), ("[name", "invalid-toml"), ("[name]\nen = [1]", "text-expected")],
)  # fmt: skip
def test_a_file_that_is_not_right_is_told(tmp_path: Path, text: str, code: str) -> None:
    """By its line; a word of two columns would send to the wrong cell."""
    (tmp_path / "locales").mkdir()
    (tmp_path / HEADS_FILE).write_text(text, encoding="utf-8")
    assert [problem.code for problem in load_heads(tmp_path)[1]] == [code]


def test_marks_of_a_script_are_part_of_its_words() -> None:
    """Vowels of Hindi and Khmer are letters to their readers."""
    assert plain("नाम") != plain("नम")
