"""The password of a desk is kept as a hash that only its owner can read, and anything else in its file is told."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from handouts.desk.password import LEAST, MOST, is_password, keep_password, password_fault, read_password

GOOD = "correct horse battery staple"


def test_a_password_is_kept_as_a_hash_and_known_again(tmp_path: Path) -> None:
    """The file is for its owner alone; another password is not it."""
    path = tmp_path / "desk" / "password"
    keep_password(path, GOOD)
    kept, problems = read_password(path)
    assert problems == []
    assert GOOD not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert is_password(kept, GOOD)
    assert not is_password(kept, f"{GOOD} ")
    assert not is_password(kept, GOOD * MOST)


@pytest.mark.parametrize("password", ["", "short", "x" * (LEAST - 1), "a" * 40, "ab" * 20, "x" * (MOST + 1)])
def test_a_weak_password_is_refused(password: str) -> None:
    """Too short, too long, or a few letters again and again."""
    assert password_fault(password)
    assert not password_fault(GOOD)


def test_a_file_that_holds_no_password_is_told(tmp_path: Path) -> None:
    """None, a folder, plain text, or one that others can read: each is a problem with its file, and none is used."""
    plain, open_to_all, binary = tmp_path / "plain", tmp_path / "open", tmp_path / "binary"
    plain.write_text(GOOD, encoding="utf-8")
    plain.chmod(0o600)
    binary.write_bytes(b"\xff\xfe")
    binary.chmod(0o600)
    keep_password(open_to_all, GOOD)
    open_to_all.chmod(0o644)
    found = [read_password(path) for path in (tmp_path / "none", tmp_path, plain, open_to_all, binary)]
    assert [kept for kept, _ in found] == [""] * 5
    codes = [problem.code for _, problems in found for problem in problems]
    assert codes == [
        "password-missing",
        "password-unreadable",
        "password-invalid",
        "password-open",
        "password-unreadable",
    ]
    assert not is_password("no hash", GOOD)
