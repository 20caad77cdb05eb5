"""One machine makes things by the interface that a cluster has too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handouts.library.crew import ThisMachine, cost_of, cost_of_head
from handouts.library.jobs import Job
from handouts.sources.look import Look
from handouts.workers import Lost
from tests.items import killed_in_arabic


def process_of(job: Job, look: Look, cache: Path) -> tuple[int, str, str]:
    """Return which process this is, and what it was given."""
    return os.getpid(), look.code, str(cache)


@pytest.mark.parametrize(("cost", "here"), [(0.5, True), (5.0, False)])
def test_what_is_little_is_made_by_this_process(job: Job, look: Look, cost: float, *, here: bool) -> None:
    """More is made by others, which are given the same."""
    results = ThisMachine(2).run_each(process_of, [job, job], look, Path("kept"), lambda _: cost)
    for each, (process, code, cache) in (pair for pair in results if not isinstance(pair[1], Lost)):  # type: ignore[misc]
        assert (each, code, cache) == (job, look.code, "kept")
        assert (process == os.getpid()) is here


def test_a_text_costs_little_of_what_a_paper_does(job: Job) -> None:
    """And so does a head that is only measured."""
    assert cost_of(job) < cost_of_head(job) < 1


def test_what_is_not_deadly_has_its_result(job: Job, look: Look) -> None:
    """The function is called with the job, the look and the cache."""
    results = ThisMachine(1).run_each(killed_in_arabic, [job], look, Path("kept"), cost_of)
    assert list(results) == [(job, job.page.rendition.file)]
