"""What is sent of a job is what a cache keeps of it, and is believed as little."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.cluster.store import Store
from handouts.cluster.tasks import TASK, Outcome, outcome_of, rendition_of, shared_out
from handouts.library.cache import packed
from handouts.library.crew import cost_of
from handouts.library.jobs import Job, Made
from handouts.library.plan import Choice
from handouts.problems import Problem
from handouts.sources.load import Sources
from tests.cluster.conftest import planned

FAULT = Problem("program-fault", "here", "a fault.", "Report it.")


def test_what_is_sent_is_what_arrives(made: Made, job: Job) -> None:
    """New or not, with its pages; what failed comes with its problems alone. The job is not sent back."""
    for each in (made, replace(made, is_new=False), Made(job, problems=(FAULT,))):
        assert rendition_of(job, outcome_of(each, in_store=False), None) == each
    assert not hasattr(outcome_of(made, in_store=False), "job")


def test_what_lies_in_the_store_is_taken_from_there(made: Made, job: Job, tmp_path: Path) -> None:
    """Its bytes are not sent. Removed by its owner, or damaged: there is nothing."""
    store, outcome = Store(tmp_path.as_uri()), outcome_of(made, in_store=True)
    assert outcome == Outcome(b"", (), is_new=True)
    assert rendition_of(job, outcome, store) is None
    store.keep(made)
    assert rendition_of(job, outcome, store) == made


@pytest.mark.parametrize(
    "spoil", [lambda d: d[:-3], lambda d: d.replace(b"13 11 14", b"13 11 15"), lambda _: b""]
)
def test_what_does_not_arrive_whole_is_not_believed(made: Made, job: Job, spoil: Any) -> None:
    """Half of it, a byte that was changed, or nothing."""
    outcome = outcome_of(made, in_store=False)
    assert rendition_of(job, replace(outcome, kept=spoil(outcome.kept)), None) is None


def test_a_rendition_of_another_job_is_not_believed(made: Made, job: Job) -> None:
    """Nobody is given the page of another clinic."""
    other = replace(job, key="0" * 64)
    assert rendition_of(job, Outcome(packed(replace(made, job=other))), None) is None


@given(st.lists(st.sampled_from(["pdf", "text", "eml"]), max_size=40), st.integers(1, 4))
def test_jobs_are_shared_out_in_parcels_of_one_locale(sources: Sources, forms: list[Any], run: int) -> None:
    """Every job once, in its order; no parcel is longer than a task takes without its last job."""
    page = planned(sources, Choice(("en",), ("about-ipt",), ("text",)))[0]
    todo = [
        Job(
            replace(
                page,
                locale=replace(page.locale, tag=f"x{number // run}"),
                rendition=replace(page.rendition, format=form),
            ),
            str(number),
            "",
        )
        for number, form in enumerate(forms)
    ]
    parcels = list(shared_out(todo, cost_of))
    assert [job for parcel in parcels for job in parcel] == todo
    for parcel in parcels:
        assert len({job.page.locale.tag for job in parcel}) == 1
        assert sum(map(cost_of, parcel[:-1])) < TASK
