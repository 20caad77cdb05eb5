"""What the tests of the command line share: a running SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import smtp_server
from tests.smtp_server import SmtpServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SmtpServer]:
    """Run the server for one test."""
    with smtp_server.running(tmp_path / "server") as running:
        yield running
