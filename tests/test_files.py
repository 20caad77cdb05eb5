"""Files: what is wrong with one is a problem, and one is written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.files import read_bytes, read_outside, read_text, write_whole


def test_a_text_is_read_without_its_byte_order_mark(tmp_path: Path) -> None:
    """Notepad writes one; it belongs to no text."""
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfcaf\xc3\xa9\n")
    assert read_text(tmp_path / "a.txt", tmp_path) == ("café\n", [])


def test_a_file_of_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    """The line is that of the first byte that is not UTF-8."""
    (tmp_path / "a.txt").write_bytes(b"one\ntwo\nth\xe9ee\n")
    text, (problem,) = read_text(tmp_path / "a.txt", tmp_path)
    assert text is None
    assert (problem.code, problem.where) == ("file-not-utf8", "a.txt:3")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """One that is missing, and a folder of its name."""
    (tmp_path / "folder").mkdir()
    for name, code in (("lost/a.txt", "file-missing"), ("folder", "file-unreadable")):
        text, (problem,) = read_text(tmp_path / name, tmp_path)
        assert text is None
        assert (problem.code, problem.file) == (code, name)


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    """What lies outside the project is not printed, whoever linked it in."""
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (root / "a.txt").symlink_to(tmp_path / "secret.txt")
    text, (problem,) = read_text(root / "a.txt", root)
    assert text is None
    assert "it leads out of the project" in problem.what


def test_a_file_that_a_person_named_may_lie_anywhere(tmp_path: Path) -> None:
    """Its bytes come back as they are."""
    (tmp_path / "people.csv").write_bytes(b"\xff\xfea")
    assert read_outside(tmp_path / "people.csv") == (b"\xff\xfea", [])


@pytest.mark.parametrize(
    ("name", "code", "what"),
    [
        ("lost.csv", "file-missing", "there is no such file."),
        (".", "file-unreadable", "this is a folder, not a file."),
        ("a\0b", "file-unreadable", "the file cannot be read: no file can have such a name."),
    ],
)
def test_a_wrong_name_is_told(tmp_path: Path, name: str, code: str, what: str) -> None:
    """A name that was mistyped, a folder, and what cannot be a name."""
    data, (problem,) = read_outside(tmp_path / name)
    assert data is None
    assert (problem.code, problem.what) == (code, what)


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    """Others may read it; a private one only its owner."""
    for name, private, mode in (("a/b/open", False, 0o644), ("a/b/private", True, 0o600)):
        write_whole(tmp_path / name, b"data", private=private)
        assert (tmp_path / name).read_bytes() == b"data"
        assert (tmp_path / name).stat().st_mode & 0o777 == mode


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """What was there stays, and no temporary file is left beside it."""
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "kept").write_text("old")
    with pytest.raises(OSError, match="taken"):
        write_whole(tmp_path / "taken", b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert (tmp_path / "taken" / "kept").read_text() == "old"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """Its size is asked for first."""
    path = tmp_path / "logo.png"
    path.write_bytes(b"12345")
    assert read_bytes(path, tmp_path, 5) == (b"12345", [])
    with path.open("r+b") as file:
        file.truncate(10**12)  # a hole: no disk has so much
    data, (problem,) = read_bytes(path, tmp_path, 5)
    assert (data, problem.code, problem.file) == (None, "file-too-large", "logo.png")


def test_a_link_in_a_circle_is_told(tmp_path: Path) -> None:
    """It leads nowhere."""
    (tmp_path / "a.svg").symlink_to("b.svg")
    (tmp_path / "b.svg").symlink_to("a.svg")
    data, (problem,) = read_bytes(tmp_path / "a.svg", tmp_path)
    assert (data, problem.code) == (None, "file-unreadable")
