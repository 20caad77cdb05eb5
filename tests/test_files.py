"""Files: what is wrong with one is a problem, and one is written whole or not at all."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts import files
from handouts.files import is_there, read_outside, read_text, write_whole


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


def fifo(path: Path) -> None:
    """Make a pipe that nobody writes into."""
    os.mkfifo(path)


def listening(path: Path) -> None:
    """Make a socket; the name is bound from its folder, since such names are short."""
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(before)


SPECIAL: dict[str, tuple[Callable[[Path], None], str]] = {
    "pipe": (fifo, "a pipe"),
    "socket": (listening, "a socket"),
    "folder": (Path.mkdir, "a folder"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "out of the project"),
    "terminal": (lambda path: path.symlink_to("/dev/tty"), "out of the project"),
    "link in a circle": (lambda path: path.symlink_to(path.name), "leads in a circle"),
    "link to nothing": (lambda path: path.symlink_to("lost"), "leads nowhere"),
    "link outside": (lambda path: path.symlink_to("/etc/passwd"), "out of the project"),
    "link to a folder outside": (lambda path: path.symlink_to("/etc"), "out of the project"),
}


@pytest.mark.parametrize("name", SPECIAL)
def test_what_is_no_file_of_the_project_is_refused_at_once(tmp_path: Path, name: str) -> None:
    """No reading waits for a pipe, a device or a terminal; something is there, so it is not passed over either."""
    make, what = SPECIAL[name]
    path = tmp_path / "project" / "a.txt"
    path.parent.mkdir()
    make(path)
    started = time.monotonic()
    text, (problem,) = read_text(path, path.parent)
    assert time.monotonic() - started < 1
    assert text is None
    assert what in problem.what
    assert problem.file == "a.txt"
    assert is_there(path)


def test_a_link_inside_the_project_is_followed(tmp_path: Path) -> None:
    """Two locales may share a file."""
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "b.txt").symlink_to("a.txt")
    assert read_text(tmp_path / "b.txt", tmp_path) == ("text", [])


def test_a_file_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is larger is refused before it fills the memory; a sparse file as well."""
    monkeypatch.setattr(files, "LARGEST_FILE", 1_000_000)
    for size, told in ((1_000_000, []), (1_000_001, ["file-unreadable"]), (10**12, ["file-unreadable"])):
        with (tmp_path / "a.txt").open("wb") as file:
            file.truncate(size)
        assert [problem.code for problem in read_text(tmp_path / "a.txt", tmp_path)[1]] == told
        assert [problem.code for problem in read_outside(tmp_path / "a.txt")[1]] == told


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/tty"])
def test_a_device_that_a_person_named_is_refused(device: str) -> None:
    """It would never end."""
    data, (problem,) = read_outside(Path(device))
    assert data is None
    assert "a device" in problem.what


def test_a_pipe_that_a_program_writes_into_is_read_to_its_end(tmp_path: Path) -> None:
    """A list of people may come from a program that decrypts it, however slowly."""
    os.mkfifo(tmp_path / "people")

    def write() -> None:
        with (tmp_path / "people").open("wb", buffering=0) as pipe:
            for part in (b"address", b",locale\n" * 20_000):
                pipe.write(part)
                time.sleep(0.05)

    writer = threading.Thread(target=write)
    writer.start()
    data, problems = read_outside(tmp_path / "people")
    writer.join()
    assert (data, problems) == (b"address" + b",locale\n" * 20_000, [])


def test_a_pipe_that_nobody_writes_into_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a moment, in which a program may still begin."""
    monkeypatch.setattr(files, "GREETING", 0.1)
    os.mkfifo(tmp_path / "people")
    data, (problem,) = read_outside(tmp_path / "people")
    assert data is None
    assert "nothing is written into this pipe" in problem.what
