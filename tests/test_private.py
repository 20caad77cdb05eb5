"""Nothing of ours lies in a shared folder where another user could find it, plant it, or keep it from us."""

from __future__ import annotations

import ast
import hashlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from handouts import private
from handouts.problems import SourceError
from tests.conftest import ROOT, Project
from tests.test_design import modules

SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/run")  # noqa: S108 - these are what must not be used
GUESSED = {
    "gettempdir",
    "gettempdirb",
    "gettempprefix",
    "mktemp",
    "tempdir",
}  # of tempfile: they lead to names made by hand
SHOW = """
import os, signal, sys, tempfile
from handouts.private import own_folder
from handouts.stopping import StoppedError, stop_in_order
stop_in_order()
try:
    with own_folder() as folder:
        print(folder, tempfile.gettempdir(), flush=True)
        sign = getattr(signal, sys.argv[1], None)
        if sign:
            os.kill(os.getpid(), sign)
except StoppedError as error:
    sys.exit(128 + error.number)
"""


def shared_places(tree: ast.Module) -> list[str]:
    """Return what a module says of folders that all users share."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [place for place in SHARED if node.value == place or node.value.startswith(f"{place}/")]
        if isinstance(node, ast.Attribute) and node.attr in GUESSED:
            found.append(node.attr)
        if isinstance(node, ast.ImportFrom) and node.module == "tempfile":
            found += [alias.name for alias in node.names if alias.name in GUESSED]
    return found


def test_no_module_makes_a_name_in_a_shared_folder() -> None:
    """Only one module knows where the shared folders are; what others ask of tempfile has a name of chance."""
    known = modules()
    door = known.pop("handouts/private.py")
    assert {"gettempdir", "/tmp"} <= set(shared_places(door))  # noqa: S108 - the rule sees something
    assert {name: shared_places(tree) for name, tree in known.items() if shared_places(tree)} == {}


@pytest.mark.parametrize(
    "line",
    [
        'Path(tempfile.gettempdir()) / f"handouts-{os.getuid()}.lock"',
        'open("/tmp/handouts.conf", "w")',
        "from tempfile import mktemp",
        'lock = "/dev/shm/handouts"',
    ],
)
def test_a_name_that_can_be_guessed_is_found(line: str) -> None:
    """The rule is seen to refuse what there was before, and its like."""
    assert shared_places(ast.parse(line))


def shown(base: Path, sign: str = "") -> tuple[int, list[Path]]:
    """Run a process that has a folder of its own, and may end by a signal; return its code and what it said."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW, sign],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(base)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, [Path(part) for part in done.stdout.split()]


def test_a_run_has_a_folder_that_is_its_own(tmp_path: Path) -> None:
    """Its name is new each time, nobody else may look inside, libraries use it, and it is gone at the end."""
    before = tempfile.gettempdir()
    (tmp_path / "base").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(tmp_path / "base"))
        patch.setattr(tempfile, "tempdir", None)
        names = []
        for _ in range(2):
            with private.own_folder() as folder:
                names.append(folder.name)
                assert folder.parent == tmp_path / "base"
                assert stat.S_IMODE(folder.stat().st_mode) == 0o700
                assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(folder)
                assert private.lasting_folder() == folder.parent
                with private.outside():
                    assert os.environ["TMPDIR"] == str(folder.parent)
                (folder / "some").mkdir()
            assert os.environ["TMPDIR"] == str(tmp_path / "base")
        assert len(set(names)) == 2
        assert not list((tmp_path / "base").iterdir())
    assert tempfile.gettempdir() == before


@pytest.mark.parametrize("sign", ["SIGTERM", "SIGHUP"])
def test_a_run_that_is_told_to_end_leaves_nothing(tmp_path: Path, sign: str) -> None:
    """Whoever ends it in order, its folder goes with it."""
    code, (folder, _) = shown(tmp_path, sign)
    assert code == 128 + getattr(signal, sign)
    assert folder.parent == tmp_path
    assert not list(tmp_path.iterdir())


def test_what_a_killed_run_left_the_next_one_removes_and_nothing_else(tmp_path: Path) -> None:
    """A folder that is in use, another's, or only looks like ours, stays."""
    _, (left, _) = shown(tmp_path, "SIGKILL")
    assert left.is_dir()
    alike, linked = tmp_path / f"{private.PREFIX}photos__", tmp_path / f"{private.PREFIX}linked__"
    alike.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / private.IN_USE).touch()
    linked.symlink_to(tmp_path / "elsewhere")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(tmp_path))
        patch.setattr(tempfile, "tempdir", None)
        with private.own_folder() as used:
            assert not left.exists()
            shown(tmp_path)
            assert used.is_dir()
    assert alike.is_dir()
    assert (tmp_path / "elsewhere" / private.IN_USE).exists()


def test_a_folder_where_others_can_exchange_ours_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one is taken: XDG_RUNTIME_DIR, then the usual ones; without any, a problem says what to do."""
    loose, own = tmp_path / "loose", tmp_path / "own"
    for folder, mode in ((loose, 0o777), (own, 0o700)):
        folder.mkdir()
        folder.chmod(mode)
    assert private.is_sound(own)
    assert not private.is_sound(loose)
    assert not private.is_sound(tmp_path / "lost")
    loose.chmod(0o1777)
    assert private.is_sound(loose)
    loose.chmod(0o777)
    monkeypatch.setattr(tempfile, "tempdir", str(loose))
    monkeypatch.setattr(private, "USUAL", ())
    monkeypatch.setenv(private.RUNTIME, str(own))
    with private.own_folder() as folder:
        assert folder.parent == own
    monkeypatch.setattr(tempfile, "tempdir", str(loose))
    monkeypatch.delenv(private.RUNTIME)
    with pytest.raises(SourceError) as refused, private.own_folder():
        pass
    assert [problem.code for problem in refused.value.problems] == ["temporary-folder-unsafe"]
    monkeypatch.setattr(tempfile, "tempdir", None)


def plant(base: Path, out: Path, victim: Path) -> None:
    """Put links under the names that earlier versions used, and that a stranger could guess."""
    digest = hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:16]
    names = [f"handouts-{os.getuid()}-{digest}.lock", f"handouts-fontconfig-{os.getuid()}", private.PREFIX]
    for name in names:
        (base / name).symlink_to(victim)


def test_links_planted_in_the_shared_folder_change_nothing(project: Project, tmp_path: Path) -> None:
    """A build writes through none of them, is not kept waiting, and leaves nothing there."""
    base, victim, out = tmp_path / "shared", tmp_path / "victim", project.root / "dist"
    base.mkdir()
    victim.write_text("precious", encoding="utf-8")
    plant(base, out, victim)
    planted = sorted(base.iterdir())
    ran = project.run("--locale", "en", "--handout", "about-ipt", "--jobs", "2", TMPDIR=str(base))
    assert ran.code == 0, ran.err
    assert victim.read_text(encoding="utf-8") == "precious"
    assert sorted(base.iterdir()) == planted
    assert not list(out.rglob(".*"))


def test_a_read_only_project_leaves_nothing_behind(cold_project: Project, tmp_path: Path) -> None:
    """What takes the place of its cache goes when the run ends."""
    base = tmp_path / "shared"
    base.mkdir()
    (cold_project.root / ".cache").write_text(
        "in the way", encoding="utf-8"
    )  # not even root can write a folder here
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "pdf", "--layout", "standard")
    ran = cold_project.run(*want, "--jobs", "2", TMPDIR=str(base))
    assert ran.code == 0, ran.err
    assert "the cache cannot be written" in ran.err
    assert not list(base.iterdir())
