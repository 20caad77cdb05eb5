"""What a machine lacks: looked for where it is used, and told with the one command that brings it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from handouts import dependencies
from handouts.cli import machine
from handouts.sources.load import Sources
from tests.conftest import ROOT


def without(monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
    """Make this machine one that lacks some programs."""
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name in programs else which(name))


def test_packages_are_those_of_pyproject(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is lacking is named with its version; setup brings it."""
    monkeypatch.setattr(dependencies, "lacking", lambda extra="": [] if extra else ["polib 1.2.0"])
    found = machine.machine_findings(sources.locales.values())
    (problem,) = machine.missing(found)
    assert problem.code == "missing-on-machine"
    assert "polib 1.2.0" in problem.what
    assert problem.fix == "Run: make setup"


def test_every_font_is_listed_with_the_locales_that_need_it(sources: Sources) -> None:
    """In regular and bold; those of several locales once."""
    fonts = [
        each for each in machine.machine_findings(sources.locales.values()) if each.what.startswith("font ")
    ]
    assert len({each.what for each in fonts}) == len(fonts) > 3
    assert all(each.found for each in fonts)
    assert any("ar" in each.detail.split() or "ar," in each.detail for each in fonts)


def test_without_fontconfig_no_font_is_looked_for(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program that finds them is what is missing."""
    without(monkeypatch, "fc-list")
    lost = [each for each in machine.machine_findings(sources.locales.values()) if not each.found]
    assert [each.detail for each in lost] == ["fc-list"]


def test_a_library_that_is_missing_keeps_a_pdf_from_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told before anything is begun."""
    assert machine.library_problems() == []
    monkeypatch.setattr(machine, "LIBRARIES", (("libnowhere.so.0", "Nothing", "libnowhere0"),))
    (problem,) = machine.library_problems()
    assert problem.fix == "Run: make system"


def test_where_make_cannot_install_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make system` knows Debian's packages only; on another system it would do nothing."""
    monkeypatch.setattr(machine, "LIBRARIES", (("libnowhere.so.0", "Nothing", "libnowhere0"),))
    without(monkeypatch, "dpkg-query")
    (problem,) = machine.library_problems()
    assert "package manager" in problem.fix
    assert "libnowhere0" in problem.fix


def test_a_font_that_a_locale_names_and_no_one_has_is_told_at_its_file(sources: Sources) -> None:
    """Once, however often the locale is printed."""
    spanish = replace(sources.locales["es"], fonts=("Noto Sans", "No Such Sans"))
    (problem,) = machine.font_problems([spanish, spanish])
    assert (problem.code, problem.file, problem.locale) == ("font-missing", "locales/es/locale.toml", "es")
    assert "“No Such Sans”" in problem.what


def test_reading_back_needs_its_own_packages_and_poppler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the extra `verify`, each with the command that brings them."""
    assert machine.verify_problems() == []
    monkeypatch.setattr(
        dependencies, "lacking", lambda extra="": ["pikepdf 10.17.0"] if extra == "verify" else []
    )
    without(monkeypatch, "pdftotext")
    problems = machine.verify_problems()
    assert {problem.fix for problem in problems} == {"Run: make setup-verify"}
    assert ["pikepdf 10.17.0" in problems[0].what, "pdftotext" in problems[1].what] == [True, True]


def test_no_one_is_sent_round_in_a_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package is installed and does not bring what it should, `make system` would do nothing."""
    monkeypatch.setattr(machine, "LIBRARIES", (("libnowhere.so.0", "Nothing", "one two"),))
    for said, fix in (
        ("install ok installed\n", "Run: make system"),
        ("install ok installed\n" * 2, "sudo apt-get install --reinstall one two"),
    ):
        done = subprocess.CompletedProcess([], 0, stdout=said)
        monkeypatch.setattr(subprocess, "run", lambda *_, done=done, **__: done)
        monkeypatch.setattr(shutil, "which", lambda name: name)
        (problem,) = machine.library_problems()
        assert fix in problem.fix


def test_without_dpkg_make_system_says_which_systems_work(tmp_path: Path) -> None:
    """And goes on: whoever has installed what is needed by another way is not held up."""
    for name in ("make", "sh", "id"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    command = ["make", "-C", str(ROOT), "system", f"PYTHON={sys.executable}"]
    done = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for part in ("Debian 12 and 13", "Ubuntu", "WSL", "build.py doctor"):
        assert part in done.stdout
