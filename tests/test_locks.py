"""Locks: one process at a time, nothing left behind, and nothing touched that is not ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from handouts.locks import locked
from tests.conftest import ROOT

COUNT = """
import sys
from pathlib import Path
from handouts.locks import locked
folder = Path(sys.argv[1])
for _ in range(100):
    with locked(folder / ".lock"):
        number = folder / "number"
        number.write_text(str(int(number.read_text()) + 1))
"""


def test_processes_take_turns_and_leave_nothing_behind(tmp_path: Path) -> None:
    """Four processes that add one a hundred times make four hundred; without the lock some are lost."""
    (tmp_path / "number").write_text("0", encoding="utf-8")
    running = [subprocess.Popen([sys.executable, "-c", COUNT, tmp_path], cwd=ROOT) for _ in range(4)]
    assert [each.wait(60) for each in running] == [0] * 4
    assert (tmp_path / "number").read_text(encoding="utf-8") == "400"
    assert [path.name for path in tmp_path.iterdir()] == ["number"]


def test_who_waits_in_vain_is_told_and_does_not_wait_for_ever(tmp_path: Path) -> None:
    """A process that is held up does not hold up all others for good; the one that has the lock keeps it."""
    with locked(tmp_path / ".lock"):
        with (
            pytest.raises(TimeoutError, match="another run of this program"),
            locked(tmp_path / ".lock", 0.1),
        ):
            pass
        assert (tmp_path / ".lock").stat().st_mode & 0o777 == 0o600
    with locked(tmp_path / ".lock", 0.1):
        pass


@pytest.mark.parametrize("kind", ["link", "dangling link", "fifo", "folder"])
def test_what_lies_in_the_place_of_a_lock_is_not_touched(tmp_path: Path, kind: str) -> None:
    """No link is followed, no pipe waited for: the lock is refused at once."""
    victim, lock = tmp_path / "victim", tmp_path / "lock"
    victim.write_text("precious", encoding="utf-8")
    victim.chmod(0o640)
    match kind:
        case "link":
            lock.symlink_to(victim)
        case "dangling link":
            lock.symlink_to(tmp_path / "new")
        case "fifo":
            os.mkfifo(lock)
        case "folder":
            lock.mkdir()
    with pytest.raises(OSError, match=r"."), locked(lock, 0.1):
        pass
    assert victim.read_text(encoding="utf-8") == "precious"
    assert victim.stat().st_mode & 0o777 == 0o640
    assert not (tmp_path / "new").exists()
    assert os.path.lexists(lock)


def test_a_lock_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who made it could hold it for ever."""
    (tmp_path / "lock").touch()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(PermissionError, match="not ours"), locked(tmp_path / "lock", 0.1):
        pass


def test_a_lock_left_by_a_process_that_was_killed_is_taken_over(tmp_path: Path) -> None:
    """The system lets go of it; the file alone holds nobody up."""
    (tmp_path / "lock").touch(0o600)
    with locked(tmp_path / "lock", 0.1):
        pass
    assert not (tmp_path / "lock").exists()
