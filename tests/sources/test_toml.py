"""TOML files: read whole, or told with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.sources.toml import read_toml


def test_a_toml_file_is_a_mapping(tmp_path: Path) -> None:
    """What it holds comes back; there is nothing to tell."""
    (tmp_path / "a.toml").write_text('a = 1\nb = ["x"]\n')
    assert read_toml(tmp_path / "a.toml", tmp_path) == ({"a": 1, "b": ["x"]}, [])


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a = 1\nb =\n", 2, "invalid-toml"),
        ('a = "open', 0, "invalid-toml"),
        ("a = " + "9" * 5000, 0, "invalid-toml"),
        ("a = " + "[" * 5000, 0, "invalid-toml"),
    ],
)
def test_a_file_that_is_not_toml_is_told(tmp_path: Path, text: str, line: int, code: str) -> None:
    """The line is data, and not in the sentence too."""
    (tmp_path / "a.toml").write_text(text)
    data, (problem,) = read_toml(tmp_path / "a.toml", tmp_path)
    assert data is None
    assert (problem.code, problem.line) == (code, line)
    assert "at line" not in problem.what


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """Nothing is not the same as an empty file."""
    data, (problem,) = read_toml(tmp_path / "a.toml", tmp_path)
    assert data is None
    assert problem.code == "file-missing"
