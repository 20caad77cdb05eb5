"""The command `schemas` writes what editors need."""

from __future__ import annotations

from handouts.sources.written import WRITTEN
from tests.conftest import Project


def test_the_command_writes_them(project: Project) -> None:
    """Into the folder that the files name."""
    ran = project.call("schemas")
    assert ran.code == 0
    assert {p.name for p in (project.root / "docs/schemas").iterdir()} == {
        f"{name}.schema.json" for name in WRITTEN
    }
