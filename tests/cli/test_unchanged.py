"""A build that finds everything as it was answers at once, with what the last one said."""

from __future__ import annotations

import errno
import io
import json
import subprocess
import sys
import time

import pytest

from handouts.cli.unchanged import answer_if_unchanged
from handouts.library import stamp
from tests.conftest import ROOT, Project

BUILD = ("--locale", "en", "--format", "text", "--handout", "about-ipt")


@pytest.fixture
def done(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a project that was built, as if it had been written long before."""
    project.leave_only("en", "es")
    monkeypatch.setattr(stamp, "STARTED", time.time() + 100)
    monkeypatch.chdir(project.root)
    for more in ((), ("--json",)):
        assert project.call(*BUILD, *more).code == 0
    return project


def test_it_says_what_a_whole_build_says(done: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The same table, the same notes; nothing made, all of it up to date; debugging or not."""
    whole = done.call(*BUILD).out.splitlines()
    for more in ((), ("--debug",)):
        assert answer_if_unchanged(done.root, (*BUILD, *more)) == 0
        said = capsys.readouterr().out.splitlines()
        assert [line.partition(", in")[0] for line in said] == [line.partition(", in")[0] for line in whole]
    assert any(line.startswith("0 made, 1 up to date") for line in said)


def test_as_json_too(done: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The same document."""
    whole = json.loads(done.call(*BUILD, "--json").out)
    assert answer_if_unchanged(done.root, (*BUILD, "--json")) == 0
    assert json.loads(capsys.readouterr().out) == whole


@pytest.mark.parametrize("words", [("check",), ("--locale", "es"), (), ("--help",)])
def test_another_command_is_not_answered(done: Project, words: tuple[str, ...]) -> None:
    """Only what was built in just these words."""
    assert answer_if_unchanged(done.root, words) is None


def test_an_edited_message_is_made(done: Project) -> None:
    """The build itself answers then."""
    done.edit("content/handouts/about-ipt.yaml", "edition: 2026-11", "edition: 2026-12")
    assert answer_if_unchanged(done.root, BUILD) is None


def test_a_build_that_failed_leaves_nothing(done: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """What went wrong is told again, by a whole build."""
    done.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En <b>resumen</b>"')
    assert done.call("--locale", "es", "--format", "text").code == 1
    assert answer_if_unchanged(done.root, ("--locale", "es", "--format", "text")) is None
    assert capsys.readouterr().out == ""


class Full(io.StringIO):
    """A stream on a full disk."""

    def flush(self) -> None:
        """Fail as it does."""
        raise OSError(errno.ENOSPC, "No space left on device")


class Gone(io.StringIO):
    """A pipe that nobody reads any more."""

    def flush(self) -> None:
        """Fail as it does."""
        raise BrokenPipeError


@pytest.mark.parametrize(("stream", "code"), [(None, None), (Full(), None), (Gone(), 141)])
def test_where_it_cannot_be_printed_the_build_says_so(
    done: Project, monkeypatch: pytest.MonkeyPatch, stream: object, code: int | None
) -> None:
    """Closed, or on a full disk: a whole build follows, which tells it; a reader that has gone needs none."""
    monkeypatch.setattr(sys, "stdout", stream)
    assert answer_if_unchanged(done.root, BUILD) == code
    if sys.stdout is not stream:
        sys.stdout.close()


def test_nothing_heavy_is_imported_for_it() -> None:
    """Its answer comes before the command line, the sources and the page are even loaded."""
    code = "import sys, handouts.cli.unchanged; print(sorted({'click', 'jinja2', 'weasyprint', 'babel', 'polib', 'yaml', 'lxml'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
