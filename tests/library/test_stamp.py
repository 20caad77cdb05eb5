"""The stamp of a build: it holds as long as everything is as it was, and never longer."""

from __future__ import annotations

import mmap
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handouts.library import stamp
from handouts.library.stamp import facts, input_facts, loaded_files, read_stamp, write_stamp
from tests.conftest import tries

TICK = (
    0.02  # seconds, more than one tick of the clock of a file system: what is here is settled, see `settle`
)
COMMAND = ("build", "--locale", "en")
SAID = {"rows": [["en"]], "problems": []}


@dataclass(frozen=True)
class Stamped:
    """A small project that was built: its folder, a font beside it."""

    root: Path
    font: Path

    def stamp(self) -> None:
        """Leave the stamp of a build that used the font and made one file."""
        outputs = [str(self.root / "dist" / name) for name in ("manifest.json", "a.txt")]
        write_stamp(self.root, COMMAND, input_facts(self.root), [str(self.font)], outputs, SAID)

    def holds(self) -> bool:
        """Whether the stamp still holds."""
        return read_stamp(self.root, COMMAND) is not None


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if everything had been written long before this program began."""
    monkeypatch.setattr(stamp, "STARTED", time.time() + 100)


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stamped:
    """Return a project that was built."""
    settle(monkeypatch)
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "project"
    for name in (
        "content/a.yaml",
        "content/b.yaml",
        "locales/es/handouts.po",
        "templates/a.css",
        "dist/a.txt",
        "build.py",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (root / "dist/manifest.json").write_text("{}")
    (root / "locales/link").symlink_to("es")
    made = Stamped(root, tmp_path / "font.ttf")
    made.font.write_text("font")
    made.stamp()
    time.sleep(TICK)
    return made


def test_where_nothing_changed_it_says_what_the_build_said(built: Stamped) -> None:
    """As often as it is asked."""
    assert read_stamp(built.root, COMMAND) == SAID
    assert read_stamp(built.root, COMMAND) == SAID


def rewrite(path: Path) -> None:
    """Write other bytes of the same length into the same file, and put its time back."""
    before = path.stat()
    with path.open("r+b") as file:
        file.write(b"X")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def swap(one: Path, other: Path) -> None:
    """Exchange two files of the same size and time."""
    os.utime(one, (1, 1))
    os.utime(other, (1, 1))
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


CHANGES: dict[str, Callable[[Stamped], object]] = {
    "another text of the same length and time": lambda b: rewrite(b.root / "content/a.yaml"),
    "two files exchanged": lambda b: swap(b.root / "content/a.yaml", b.root / "content/b.yaml"),
    "a file more": lambda b: (b.root / "locales/es/reviews.toml").touch(),
    "a file less": lambda b: (b.root / "templates/a.css").unlink(),
    "a folder more": lambda b: (b.root / "locales/fr").mkdir(),
    "a folder of another name": lambda b: (b.root / "locales/es").rename(b.root / "locales/pt"),
    "a link to somewhere else": lambda b: lead_elsewhere(b.root / "locales/link"),
    "the mode of a file": lambda b: (b.root / "content/a.yaml").chmod(0o600),
    "the program": lambda b: rewrite(b.root / "build.py"),
    "an output": lambda b: rewrite(b.root / "dist/a.txt"),
    "an output that is gone": lambda b: (b.root / "dist/a.txt").unlink(),
    "the manifest": lambda b: rewrite(b.root / "dist/manifest.json"),
    "all outputs": lambda b: shutil.rmtree(b.root / "dist"),
    "a font": lambda b: rewrite(b.font),
    "a font that is gone": lambda b: b.font.unlink(),
    "the stamp, cut off": lambda b: put(b, the_stamp(b).read_bytes()[:200]),
    "the stamp, of another kind": lambda b: put(b, b"[]"),
    "the stamp, a folder": lambda b: make_folder(the_stamp(b)),
}


def the_stamp(built: Stamped) -> Path:
    """Return the file of the one stamp."""
    (path,) = (built.root / ".cache/stamps").iterdir()
    return path


def make_folder(path: Path) -> None:
    """Put a folder in the place of a file."""
    path.unlink()
    path.mkdir()


def lead_elsewhere(link: Path) -> None:
    """Have a link lead to another folder."""
    link.unlink()
    link.symlink_to(".")


def put(built: Stamped, data: bytes) -> None:
    """Put something else in the place of a stamp."""
    the_stamp(built).write_bytes(data)


@pytest.mark.parametrize("what", CHANGES)
def test_any_change_takes_it_away(built: Stamped, what: str) -> None:
    """Of what is read, of what was made, of what it was made with, of the stamp."""
    CHANGES[what](built)
    assert not built.holds()


def test_it_answers_to_one_command_line_in_one_place_on_one_day(
    built: Stamped, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signatures and dates of checking are read on a day."""
    assert read_stamp(built.root, ("build", "--locale", "es")) is None
    with monkeypatch.context() as elsewhere:
        elsewhere.chdir(built.root)
        assert not built.holds()
    with monkeypatch.context() as later:
        later.setattr(time, "strftime", lambda _: "2099-01-01")
        assert not built.holds()
    for name in stamp.VARIABLES:
        with monkeypatch.context() as other:
            other.setenv(name, "1")
            assert not built.holds(), name
    assert built.holds()


def test_no_stamp_holds_the_command_line_it_answers_to(built: Stamped) -> None:
    """Who reads the cache learns no address of a scheduler, and no password that somebody typed: a digest is kept of them."""
    typed = (*COMMAND, "--scheduler", "tcp://10.9.8.7:8786", "--shared", "s3://name:secret@bucket/x")
    write_stamp(built.root, typed, input_facts(built.root), (), (), SAID)
    assert read_stamp(built.root, typed) == SAID
    assert len(kept := list((built.root / ".cache").rglob("*"))) > 2
    for word in (b"10.9.8.7", b"secret", b"--shared", b"bucket"):
        assert not [path for path in kept if path.is_file() and word in path.read_bytes()], word


def test_the_stamp_of_another_command_does_not_answer(built: Stamped) -> None:
    """Copied into its place by hand, it knows what it was for."""
    write_stamp(built.root, ("build",), input_facts(built.root), (), (), {"rows": ["others"]})
    one, other = sorted((built.root / ".cache/stamps").iterdir())
    shutil.copy(one, built.root / "kept")
    shutil.copy(other, one)
    shutil.copy(built.root / "kept", other)
    assert not built.holds()


def test_what_was_written_just_before_leaves_no_stamp(
    built: Stamped, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be written again within the same tick of the file system's clock."""
    the_stamp(built).unlink()
    monkeypatch.setattr(stamp, "STARTED", time.time())
    built.stamp()
    assert not built.holds()
    monkeypatch.setattr(stamp, "STARTED", time.time() + 100)
    built.stamp()
    assert built.holds()


def test_a_library_of_very_many_files_has_none(built: Stamped, monkeypatch: pytest.MonkeyPatch) -> None:
    """To ask for each of a million files would take longer than it saves."""
    the_stamp(built).unlink()
    monkeypatch.setattr(stamp, "MOST_FILES", 3)
    built.stamp()
    assert not built.holds()


def test_a_cache_that_cannot_be_written_costs_time_alone(built: Stamped) -> None:
    """Nothing is raised."""
    shutil.rmtree(built.root / ".cache")
    (built.root / ".cache").touch()
    built.stamp()
    assert not built.holds()


def test_what_the_process_runs_on_is_known() -> None:
    """The interpreter's own libraries, as files that are there."""
    found = loaded_files()
    assert found
    assert all(facts(path) for path in found)


def test_what_it_has_only_read_is_not_what_it_runs_on(tmp_path: Path) -> None:
    """A font in a temporary folder is mapped, too, and gone with its page: a stamp that knew it would hold no more."""
    font = tmp_path / "font.ttf"
    font.write_bytes(b"glyphs")
    with font.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ):
        assert str(font) in Path("/proc/self/maps").read_text(encoding="utf-8")
        assert str(font) not in loaded_files()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=tries(60), deadline=None)
@given(
    path=st.sampled_from(["content/a.yaml", "locales/es/handouts.po", "templates/a.css", "dist/a.txt"]),
    data=st.binary(max_size=30),
    keep_time=st.booleans(),
)
def test_it_holds_no_longer_than_the_bytes_are_the_same(
    built: Stamped,
    path: str,
    data: bytes,
    keep_time: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whatever is written, wherever, with whatever time: a stamp that holds after it would be a lie."""
    file = built.root / path
    before = file.stat()
    built.stamp()
    time.sleep(TICK)
    file.write_bytes(data)
    if keep_time:
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not built.holds()


def test_a_profile_outside_of_the_project_and_what_lies_beside_it_are_watched(
    built: Stamped, tmp_path: Path
) -> None:
    """A changed profile, a new logo, a confirmation more: each is seen."""
    away = tmp_path / "a clinic"
    (away / "confirmed").mkdir(parents=True)
    (away / "north.yaml").write_text("name: North")
    outside = [str(away / name) for name in ("north.yaml", "logo.svg", "confirmed")]
    changes: tuple[Callable[[], object], ...] = (
        lambda: rewrite(away / "north.yaml"),
        (away / "logo.svg").touch,
        (away / "confirmed/north.toml").touch,
    )
    for change in changes:
        write_stamp(built.root, COMMAND, input_facts(built.root), (), (), SAID, outside)
        time.sleep(TICK)
        assert built.holds()
        change()
        assert not built.holds()
