"""Finished files go to disk whole or not at all."""

from __future__ import annotations

from pathlib import Path

from handouts.library.deliver import deliver, remove


def test_a_file_that_is_the_same_is_left_alone(tmp_path: Path) -> None:
    """Its time stays, so that whoever copies the folder copies only what changed."""
    assert deliver(tmp_path, "es/a.txt", b"one") == []
    path = tmp_path / "es/a.txt"
    before = path.stat()
    assert deliver(tmp_path, "es/a.txt", b"one") == []
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino
    assert deliver(tmp_path, "es/a.txt", b"two") == []
    assert path.read_bytes() == b"two"


def test_what_is_private_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    """Also where it lay there before and others could."""
    deliver(tmp_path, "a.eml", b"one")
    for data in (b"one", b"two"):
        (tmp_path / "a.eml").chmod(0o644)
        deliver(tmp_path, "a.eml", data, private=True)
        assert (tmp_path / "a.eml").stat().st_mode & 0o777 == 0o600


def test_what_the_disk_refuses_is_a_problem(tmp_path: Path) -> None:
    """With the file as data; the others go on."""
    (tmp_path / "es").write_text("a file where a folder should be", encoding="utf-8")
    (problem,) = deliver(tmp_path, "es/a.txt", b"one")
    assert (problem.code, problem.file) == ("file-not-writable", str(tmp_path / "es/a.txt"))
    assert f"“{tmp_path / 'es'}” is not a folder" in problem.what
    assert problem.fix == "Move it away, or choose another folder with --out."


def test_files_are_removed_and_what_is_gone_is_no_problem(tmp_path: Path) -> None:
    """A folder in the place of a file is one."""
    deliver(tmp_path, "a.txt", b"one")
    assert remove(tmp_path, ["a.txt", "gone.txt"]) == []
    assert not (tmp_path / "a.txt").exists()
    (tmp_path / "b.txt").mkdir()
    (problem,) = remove(tmp_path, ["b.txt"])
    assert problem.code == "file-not-writable"
    assert "a folder has the same name" in problem.what


def test_no_link_is_followed_out_of_the_output_folder(tmp_path: Path) -> None:
    """A folder that is one is told, and what lies behind it stays; a file that is one is replaced."""
    out, away = tmp_path / "dist", tmp_path / "away"
    away.mkdir()
    (away / "a.txt").write_bytes(b"mine")
    (out / "au").mkdir(parents=True)
    (out / "au/es").symlink_to(away)
    (problem,) = deliver(out, "au/es/a.txt", b"two")
    assert (problem.code, problem.where) == ("folder-is-link", str(out / "au/es"))
    assert remove(out, ["au/es/a.txt"]) == []
    (out / "b.txt").symlink_to(away / "a.txt")
    for data in (b"mine", b"two"):
        assert deliver(out, "b.txt", data) == []
        assert not (out / "b.txt").is_symlink()
    assert (away / "a.txt").read_bytes() == b"mine"


def test_the_output_folder_may_be_a_link_itself(tmp_path: Path) -> None:
    """To a large disk, or to where a web server looks."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "dist").symlink_to(tmp_path / "disk")
    assert deliver(tmp_path / "dist", "es/a.txt", b"one") == []
    assert (tmp_path / "disk/es/a.txt").read_bytes() == b"one"
