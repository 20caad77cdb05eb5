"""What the tests of the command line share: an SMTP server, and a copy of the project that keeps what is made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import smtp_server
from tests.conftest import ROOT, Project
from tests.smtp_server import SmtpServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SmtpServer]:
    """Run the server for one test."""
    with smtp_server.running(tmp_path / "server") as running:
        yield running


@pytest.fixture
def warm(project: Project) -> Project:
    """Give the copy this project's cache: for tests of what is done with e-mails, not of how they are made."""
    (ROOT / ".cache").mkdir(exist_ok=True)
    (project.root / ".cache").symlink_to(ROOT / ".cache")
    return project
