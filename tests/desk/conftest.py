"""What the tests of the desk share: a desk of a small project, and browsers that use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.desk.answering import Desk
from handouts.desk.application import application
from handouts.desk.counter import Counter
from handouts.desk.password import keep_password
from handouts.desk.record import Record
from handouts.desk.sessions import Door, Sessions
from handouts.library.plan import Choice
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import TODAY
from tests.desk.browsing import HOST, ORIGIN, Browser

BASE = "/" + "t" * 32
PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="session")
def counter(sources: Sources, look: Look, shared: Path) -> Counter:
    """Return a counter of a region, whose cache is that of the run."""
    choice = Choice(regions=("au",))
    return Counter(
        sources.root, shared / "cache", choice, lambda: (sources, look), lambda: TODAY, lambda _: []
    )


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Return a record with nothing in it."""
    made = Record(tmp_path / "given.sqlite3")
    made.open()
    return made


@pytest.fixture
def desk(counter: Counter, record: Record, tmp_path: Path) -> Desk:
    """Return a desk on this machine."""
    return Desk(counter, Sessions(), Door(), tmp_path, frozenset({ORIGIN}), BASE, record=record)


@pytest.fixture
def browser(desk: Desk) -> Browser:
    """Return a browser at a desk on this machine."""
    return Browser(application(desk, [HOST]), BASE)


@pytest.fixture
def stranger(counter: Counter, tmp_path: Path) -> Browser:
    """Return a browser that has not signed in to a desk on a network."""
    file = tmp_path / "password"
    keep_password(file, PASSWORD)
    desk = Desk(counter, Sessions(), Door(), tmp_path, frozenset({ORIGIN}), "", file, is_secure=True)
    return Browser(application(desk, [HOST]))
