"""The command `doctor`: everything is looked for, what is lacking comes with the one command."""

from __future__ import annotations

import pytest

from handouts.cli import machine
from tests.conftest import Project


def test_a_machine_that_has_everything_is_well(project: Project) -> None:
    """Python, packages, libraries, and a font for every locale."""
    ran = project.call("doctor")
    assert ran.code == 0, ran.err
    rows = [line.split("\t") for line in ran.out.splitlines()[1:]]
    assert {row[0] for row in rows} == {"ok"}
    assert len(rows) > 10


def test_what_is_missing_is_told_with_its_cure(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the table and as a problem; exit 1."""
    monkeypatch.setattr(machine, "LIBRARIES", (("libnowhere.so.0", "Nothing", "libnowhere0"),))
    ran = project.call("doctor")
    assert ran.code == 1
    assert "MISSING\tNothing\tlibnowhere.so.0" in ran.out
    assert "this machine: Nothing is missing (libnowhere.so.0). Run: make system" in ran.err


def test_it_looks_at_the_machine_also_where_the_sources_are_broken(project: Project) -> None:
    """Both are told: whoever asks the doctor does not know what is wrong."""
    (project.root / "locales/el/locale.toml").write_text("autonym = ", encoding="utf-8")
    ran = project.call("doctor")
    assert ran.code == 1
    assert "locales/el/locale.toml" in ran.err
    assert "ok\tPython" in ran.out
