"""A worker says what it has, and makes what it is given as a local build makes it."""

from __future__ import annotations

import asyncio
import errno
import multiprocessing
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import distributed
import pytest

from handouts.cluster import worker as cluster_worker
from handouts.cluster.greeting import heard
from handouts.cluster.store import Store
from handouts.cluster.tasks import Answer, Outcome, Task, WorkerInput, rendition_of
from handouts.cluster.worker import MOST_POSTS, greet, greeted, name_of, rest, work
from handouts.library.cache import cached, packed
from handouts.library.jobs import Job, Made, jobs
from handouts.library.make import make_rendition
from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.workers import Lost
from tests.items import failing_in_arabic, killed_in_arabic

HERE = "tcp://here:1"


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let this process be a worker that keeps things in an empty folder; return that."""
    monkeypatch.setattr(distributed, "get_worker", lambda: SimpleNamespace(address=HERE))
    yield tmp_path / "scratch"
    for name in list(cluster_worker._posts):
        rest(name)


def answer_to(name: str, task: Task) -> Answer:
    """Return what the worker says to a task."""
    address, sent = work(name, pickle.dumps(task))
    assert address == HERE
    assert sent
    found = pickle.loads(sent)  # noqa: S301 - our own
    assert isinstance(found, Answer)
    return found


def given_to(worker: Path, look: Look, store: Store | None = None, probe: str = "") -> str:
    """Greet the worker; return the name of what it was given."""
    data = pickle.dumps(WorkerInput(look, (), store, probe))
    assert greeted(data, HERE, worker).fault is None
    return name_of(data)


def test_a_worker_that_was_never_greeted_leaves_its_task_undone(worker: Path, job: Job) -> None:
    """Who asked greets it, and asks again."""
    assert work("unknown", pickle.dumps(Task(make_rendition, (job,)))) == (HERE, None)


def test_a_task_is_made_as_a_local_build_makes_it(worker: Path, job: Job, look: Look) -> None:
    """By a process that stays for the next task; what kills that is told for its job alone."""
    name = given_to(worker, look)
    here = make_rendition(job, look, worker)
    for _ in range(2):
        answer = answer_to(name, Task(make_rendition, (job, job)))
        assert [rendition_of(job, each, None) for each in answer.results] == [here, here]
        assert (answer.fault, answer.traces) == (None, "")
    arabic = replace(job, page=replace(job.page, locale=replace(job.page.locale, tag="ar")))
    answer = answer_to(name, Task(killed_in_arabic, (job, arabic)))
    assert answer.results == (job.page.rendition.file, Lost("killed"))


def test_what_is_raised_beside_a_rendition_is_told_by_the_worker(worker: Path, job: Job, look: Look) -> None:
    """With its address, once, and with the trace; the worker goes on."""
    name = given_to(worker, look)
    arabic = replace(job, page=replace(job.page, locale=replace(job.page.locale, tag="ar")))
    answer = answer_to(name, Task(failing_in_arabic, (job, arabic, arabic)))
    assert answer.fault
    assert (answer.fault.code, answer.fault.where) == ("program-fault", HERE)
    assert "in failing_in_arabic" in answer.traces
    assert answer_to(name, Task(failing_in_arabic, (job,))).results == (job.page.rendition.file,)


def test_what_a_worker_itself_meets_is_told_by_it(
    worker: Path, job: Job, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may start no process any more, say; nothing is raised where dask would tell it as its own."""
    name = given_to(worker, look)
    refused = OSError(errno.EAGAIN, "Resource temporarily unavailable")
    monkeypatch.setattr(cluster_worker, "Processes", Mock(side_effect=refused))
    fault = answer_to(name, Task(make_rendition, (job,))).fault
    assert fault
    assert (fault.code, fault.where) == ("worker-fault", HERE)


def test_a_worker_that_cannot_be_greeted_says_why(
    worker: Path, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its disk is full; what it was sent cannot be read. Whoever asked hears of its code all the same."""
    found = greeted(b"nonsense", HERE, worker)
    assert found.fault
    assert (found.fault.where, found.credentials.code) == (HERE, look.code)
    monkeypatch.setattr(cluster_worker, "cache_folder", Mock(side_effect=OSError(errno.ENOSPC, "No space")))
    found = greeted(pickle.dumps(WorkerInput(look, ())), HERE, worker)
    assert found.fault
    assert found.fault.code == "worker-fault"
    assert "no room" in found.fault.what


def test_a_greeting_is_answered_while_the_worker_does_other_things(worker: Path, look: Look) -> None:
    """In plain values; a worker whose loop stood still would be given up by its scheduler."""
    data = pickle.dumps(WorkerInput(look, ()))

    async def both() -> tuple[Any, bool]:
        said = asyncio.create_task(greet(data, SimpleNamespace(address=HERE, local_directory=str(worker))))
        await asyncio.sleep(0)
        return await said, True

    said, _ = asyncio.run(both())
    assert heard(said, look.code) == greeted(data, HERE, worker)


def test_who_is_greeted_again_goes_on_with_what_it_does(worker: Path, job: Job, look: Look) -> None:
    """A scheduler was reached again, or two tasks came back undone: no process is left behind, and none is started anew."""
    before = set(multiprocessing.active_children())
    name = given_to(worker, look)
    post = cluster_worker._posts[name]
    with post.process() as lent:
        given_to(worker, look)  # while a thread has its process in use
        assert list(lent.run_each([(killed_in_arabic, job, (), False)]))
    (process,) = set(multiprocessing.active_children()) - before
    given_to(worker, look)
    assert answer_to(name, Task(make_rendition, (job,))).results
    assert set(multiprocessing.active_children()) - before == {process}
    rest(name)
    assert not process.is_alive()


def test_what_is_given_is_forgotten_with_its_build(worker: Path, job: Job, look: Look) -> None:
    """Its process ends; of builds that were killed and forgot nothing, only the latest are remembered: those that work."""
    name = given_to(worker, look)
    before = set(multiprocessing.active_children())
    answer_to(name, Task(make_rendition, (job,)))
    (process,) = set(multiprocessing.active_children()) - before
    rest(name)
    assert not process.is_alive()
    assert work(name, pickle.dumps(Task(make_rendition, (job,)))) == (HERE, None)
    names = [given_to(worker, look, None, str(number)) for number in range(MOST_POSTS)]
    answer_to(names[0], Task(killed_in_arabic, (job,)))
    names += [given_to(worker, look, None, str(number)) for number in range(MOST_POSTS, MOST_POSTS + 3)]
    assert list(cluster_worker._posts) == [*names[4:MOST_POSTS], names[0], *names[MOST_POSTS:]]


def test_what_the_store_has_is_not_made(job: Job, look: Look, tmp_path: Path) -> None:
    """It comes back without its bytes: who asked takes them from there. Asked for directly, it is made and sent."""
    store, cache = Store((tmp_path / "store").as_uri()), tmp_path / "cache"
    new = cluster_worker._make_one((make_rendition, job, (), False), look, cache, store, HERE)
    assert new == Outcome(b"", (), is_new=True)
    kept = store.found(job)
    assert kept
    found = cluster_worker._make_one((make_rendition, job, (), False), look, cache, store, HERE)
    assert found == Outcome(b"", (), is_new=False)
    direct = cluster_worker._make_one((make_rendition, job, (), True), look, cache, store, HERE)
    assert rendition_of(job, direct, None) == replace(kept, is_new=True)


def test_an_e_mail_is_made_of_what_others_have_made(
    sources: Sources, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its parts are taken from what was sent, or from the store, and believed by their digest."""
    choice = Choice(("en",), ("about-ipt",), ("eml",), ("standard",))
    (job,) = jobs(sources, look, plan(Approval(sources, look), choice))
    paper, text = (
        Made(part, b"%PDF" if number == 0 else b"text", 1) for number, part in enumerate(job.parts)
    )
    store, cache = Store((tmp_path / "store").as_uri()), tmp_path / "cache"
    store.keep(text)
    seen: list[object] = []
    item = (
        lambda job, *_: seen.extend(cached(cache, part) for part in job.parts),
        job,
        (packed(paper), b""),
        False,
    )
    cluster_worker._make_one(item, look, cache, store, HERE)
    assert seen == [replace(paper, is_new=False), replace(text, is_new=False)]
    spoilt = (item[0], job, (packed(paper)[:-1], b"{}"), True)
    seen.clear()
    cluster_worker._make_one(spoilt, look, tmp_path / "empty", None, HERE)
    assert not (tmp_path / "empty").exists()


def test_code_that_was_changed_under_a_worker_makes_nothing(worker: Path, job: Job, look: Look) -> None:
    """Its processes would read the new one, while its own answer was of the old: it is named."""
    name = given_to(worker, replace(look, code="of before"))
    answer = answer_to(name, Task(make_rendition, (job,)))
    assert answer.fault
    assert (answer.fault.code, answer.fault.where) == ("worker-differs", HERE)
    assert answer.results == ()


def test_a_worker_that_cannot_use_the_store_says_so(
    worker: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of its own under the same name, say, where nothing lies that others have left; one that it may only read; one that hangs."""
    store = Store((tmp_path / "store").as_uri())
    data = pickle.dumps(WorkerInput(look, (), store, "probe"))
    assert greeted(data, HERE, worker).trouble == "it does not see what others put there."
    store.write("probes/probe", b"seen")
    assert greeted(data, HERE, worker).trouble == ""
    assert [path.name for path in (tmp_path / "store/probes").iterdir()] == ["probe"]
    monkeypatch.setattr(Store, "write", lambda *_: "Permission denied")
    assert greeted(data, HERE, worker).trouble == "it cannot write there: Permission denied."
    let_go = Event()
    monkeypatch.setattr(cluster_worker, "STORE_ANSWER", 0.05)
    monkeypatch.setattr(Store, "read", lambda *_: let_go.wait(60))
    assert "it has waited" in greeted(data, HERE, worker).trouble
    let_go.set()
