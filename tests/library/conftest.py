"""What the tests of the library share: the project's sources as those of an empty folder, and a small job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handouts.library.cache import cache_folder
from handouts.library.jobs import Job, Made, jobs
from handouts.library.plan import Choice, plan
from handouts.model import Format, Layout
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import our_look


@pytest.fixture
def own(sources: Sources, tmp_path: Path) -> Sources:
    """Return the sources as those of a folder of this test: its cache is empty."""
    return replace(sources, root=tmp_path / "project")


@pytest.fixture
def job(sources: Sources, look: Look) -> Job:
    """Return the job of a text in Spanish."""
    (job,) = jobs(
        sources, look, plan(Approval(sources, our_look()), Choice(("es",), ("about-ipt",), ("text",)))
    )
    return job


@pytest.fixture
def made(job: Job) -> Made:
    """Return what came of that job."""
    return Made(job, b"Hola, 13 11 14", 3)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return an empty cache."""
    return cache_folder(tmp_path)[0]


def the_job(
    sources: Sources, look: Look, form: Format, tag: str = "es", clinic: str = "", layout: Layout = "standard"
) -> Job:
    """Return the job of the first handout in a format."""
    choice = Choice((tag,), ("about-ipt",), (form,), (layout,), clinics=(clinic,) if clinic else ())
    (job,) = jobs(sources, look, plan(Approval(sources, our_look()), choice))
    return job
