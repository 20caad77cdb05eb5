"""What the tests of a cluster share: a small job, as those of the library have it, and processes of this machine as a cluster."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handouts.cluster.client import connected
from handouts.cluster.crew import ClusterCrew
from handouts.library.jobs import Job, jobs
from handouts.library.plan import Choice, plan
from handouts.model import Page
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.cluster.processes import Processes, started
from tests.conftest import copied, our_look
from tests.library.conftest import job, made

__all__ = ["job", "made"]


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Start a scheduler with two workers; a test that ends some of them starts others."""
    folder = tmp_path_factory.mktemp("cluster") / "project"
    copied(folder, tags=("en",))
    with started(folder, 2) as found:
        yield found


@pytest.fixture
def crew(processes: Processes, look: Look) -> Iterator[ClusterCrew]:
    """Greet the workers, for pages without fonts."""
    with connected(processes.address, look, ()) as found:
        yield found


def planned(sources: Sources, choice: Choice) -> list[Page]:
    """Return the pages of a choice."""
    return plan(Approval(sources, our_look()), choice)


def jobs_of(sources: Sources, choice: Choice) -> list[Job]:
    """Return its jobs."""
    return jobs(sources, our_look(), planned(sources, choice))
