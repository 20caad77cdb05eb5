"""Every job has its result: from the cache, or made and kept; the longest work first, locale by locale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from handouts.library.cache import cache_folder, cached
from handouts.library.crew import ThisMachine
from handouts.library.finish import finish
from handouts.library.jobs import Job, Made, jobs
from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.workers import Lost


class Hears:
    """Makes nothing, and writes down in which order it was asked."""

    def __init__(self, result: Any) -> None:
        self.asked: list[str] = []
        self.result = result

    def run_each(
        self,
        function: Callable[[Job, Look, Path], Any],
        todo: Sequence[Job],
        look: Look,
        cache: Path,
        cost: Callable[[Job], float],
    ) -> Iterator[tuple[Job, Any]]:
        """Return the same for every job."""
        self.asked += [f"{job.page.rendition.format} {job.page.locale.tag}" for job in todo]
        return ((job, self.result) for job in todo)


def test_what_was_made_is_kept_and_found_again(own: Sources, look: Look, job: Job) -> None:
    """The second time nobody is asked for it."""
    cache, _ = cache_folder(own.root)
    (made,) = finish([job], look, cache, ThisMachine(1))
    assert (made.is_new, made.failed) == (True, False)
    nobody = Hears(None)
    (found,) = finish([job], look, cache, nobody)
    assert (found.data, found.is_new, nobody.asked) == (made.data, False, [])


def test_the_longest_comes_first_and_locales_stay_together(own: Sources, look: Look) -> None:
    """English before the others, also of several places: the pages of a locale have their fonts in common."""
    choice = Choice(("ar", "en", "es"), ("about-ipt",), ("pdf", "text"), ("standard",), ("au", "gb"))
    crew = Hears(Lost("slow"))
    cache, _ = cache_folder(own.root)
    made = list(finish(jobs(own, look, plan(Approval(own, look), choice)), look, cache, crew))
    assert crew.asked[:6] == ["pdf en", "pdf en", "pdf ar", "pdf ar", "pdf es", "pdf es"]
    assert {problem.code for each in made for problem in each.problems} == {"worker-slow"}


def test_nothing_is_made_for_a_clinic_whose_details_do_not_fit(own: Sources, look: Look, job: Job) -> None:
    """That was told before; what failed is not kept."""
    cache, _ = cache_folder(own.root)
    crew = Hears(Made(job, problems=()))
    clinic = replace(job, page=replace(job.page, rendition=replace(job.page.rendition, clinic="unfit")))
    (made,) = finish([clinic], look, cache, crew, {"unfit"})
    assert made.failed
    assert crew.asked == []
    assert cached(cache, clinic) is None


def test_what_another_machine_lost_names_that_machine(own: Sources, look: Look, job: Job) -> None:
    """One of many may have less memory than the others."""
    cache, _ = cache_folder(own.root)
    (made,) = finish([job], look, cache, Hears(Lost("killed", "tcp://10.0.0.9:1")))
    (problem,) = made.problems
    assert problem.where == job.page.rendition.file
    assert problem.fix.endswith("It was made by the worker tcp://10.0.0.9:1.")
    (made,) = finish([job], look, cache, Hears(Lost("killed")))
    assert "worker" not in made.problems[0].fix
