"""A cluster makes what one machine makes, byte for byte, whoever of it dies; and says what keeps it from that."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
import shutil
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock, patch

import pytest
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from handouts.cluster import client
from handouts.cluster import crew as crews
from handouts.cluster.client import connected
from handouts.cluster.crew import FIRST_WORKER, IN_FLIGHT, ClusterCrew
from handouts.cluster.store import Store
from handouts.cluster.tasks import TASK, Answer, Outcome, Task, WorkerInput
from handouts.library.build import Report, build
from handouts.library.cache import packed
from handouts.library.crew import Crew, CrewLostError, cost_of
from handouts.library.jobs import Job, Made
from handouts.library.make import make_rendition
from handouts.library.manifest import read_manifest
from handouts.library.plan import Choice
from handouts.problems import Problem
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.stopping import StoppedError
from handouts.workers import Lost
from tests.cluster.conftest import jobs_of, planned
from tests.cluster.processes import Processes, contents, started
from tests.conftest import HANDOUTS, ROOT, SPREAD, copied, our_look
from tests.items import failing_in_arabic, killed_in_arabic, slowly_named

pytestmark = pytest.mark.xdist_group("cluster")
TEXTS = Choice(SPREAD, HANDOUTS, ("text", "email"))
SCHEDULER, WORKER = "tcp://10.0.0.5:8786", "tcp://10.0.0.9:1"
# A paper, and an e-mail that is made of it.
MIXED = Choice(("en",), ("about-ipt",), ("pdf", "web", "text", "eml"), ("standard",))


def ignore(_: str) -> None:
    """Hear of a rendition and do nothing."""


def files_of(todo: list[Job]) -> list[str]:
    """Return the files that jobs are of."""
    return [job.page.rendition.file for job in todo]


def built(
    sources: Sources,
    choice: Choice,
    folder: Path,
    crew: int | Crew,
    on_done: Callable[[str], None] = ignore,
) -> Report:
    """Build a choice from nothing into the `dist` of a folder, with a cache of its own."""
    own = replace(sources, root=folder / "project")
    return build(own, our_look(), planned(own, choice), folder / "dist", crew, on_done)


class Then:
    """Hears of renditions, and does something at the third."""

    def __init__(self, do: Callable[[], None]) -> None:
        self.do, self.heard = do, 0

    def __call__(self, _: str) -> None:
        """Hear of one."""
        self.heard += 1
        if self.heard == 3:
            self.do()


@pytest.mark.long
def test_a_cluster_makes_the_bytes_that_one_machine_makes(
    processes: Processes, sources: Sources, look: Look, tmp_path: Path
) -> None:
    """Papers, pages, texts and e-mails, with a store and without; what lies in the store is not made again."""
    report = built(sources, MIXED, tmp_path / "here", 1)
    assert (report.made, report.problems) == (4, ())
    here = contents(tmp_path / "here/dist")
    store = Store((tmp_path / "store").as_uri())
    families = {family for page in planned(sources, MIXED) for family in page.families}
    for name, where, new in (("over", None, 4), ("first", store, 4), ("again", store, 0)):
        with connected(processes.address, look, families, where) as crew:
            report = built(sources, MIXED, tmp_path / name, crew)
        assert (report.made, report.problems) == (new, ())
        assert contents(tmp_path / name / "dist") == here
    assert len(list((tmp_path / "store").glob("renditions/*/*"))) == 4
    assert not list((tmp_path / "store").glob("probes/*"))
    # Two workers on one machine have a cache each, and none in the clone that they were started in.
    caches = list((processes.folder / "scratch").rglob(".cache"))
    assert len(caches) == len([each for each in processes.workers if each.poll() is None])
    assert not (processes.folder / ".cache").exists()


@pytest.mark.long
def test_two_builds_into_one_folder_leave_all_of_both(
    crew: ClusterCrew, sources: Sources, tmp_path: Path
) -> None:
    """One by a cluster, one by this machine, at the same time: every file is listed, and is what its entry says."""
    mine, theirs = replace(TEXTS, formats=("text",)), replace(TEXTS, formats=("email", "web"))
    reports: list[Report] = []
    local = threading.Thread(target=lambda: reports.append(built(sources, theirs, tmp_path, 1)))
    # It begins when the cluster has made the third.
    reports.append(built(sources, mine, tmp_path, crew, Then(local.start)))
    local.join()
    assert [report.problems for report in reports] == [(), ()]
    listed = {entry.rendition.file: entry for entry in read_manifest(tmp_path / "dist")[0]}
    files = {file: data for file, data in contents(tmp_path / "dist").items() if file != "manifest.json"}
    assert listed.keys() == files.keys()
    assert len(listed) == sum(len(report.entries) for report in reports)
    for file, data in files.items():
        assert listed[file].sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.long
def test_workers_that_are_killed_cost_nothing_but_time(
    processes: Processes, crew: ClusterCrew, sources: Sources, tmp_path: Path
) -> None:
    """All of them half-way, as hard as can be: another that joins then is greeted, and every byte is as of one machine."""

    def kill() -> None:
        for worker in processes.workers:
            worker.kill()
        processes.start_worker()

    assert built(sources, TEXTS, tmp_path / "here", 1).problems == ()
    report = built(sources, TEXTS, tmp_path / "there", crew, Then(kill))
    assert (report.made, report.problems) == (16, ())
    assert contents(tmp_path / "there/dist") == contents(tmp_path / "here/dist")


def test_what_kills_its_process_every_time_is_told_and_costs_no_other(
    crew: ClusterCrew, sources: Sources
) -> None:
    """As on one machine; its worker goes on."""
    todo = jobs_of(sources, replace(TEXTS, formats=("text",)))
    results = crew.run_each(killed_in_arabic, todo, our_look(), Path("nowhere"), cost_of)
    found = {job.page.rendition.file: result for job, result in results}
    lost = {file: result for file, result in found.items() if isinstance(result, Lost)}
    assert lost.keys() == {file for file in files_of(todo) if "/ar/" in file}
    assert all(each.reason == "killed" and each.at.startswith("tcp://127.0.0.1:") for each in lost.values())
    assert all(found[file] == file for file in found.keys() - lost)


def test_what_a_job_raises_is_told_with_its_worker_and_leaves_its_trace_here(
    crew: ClusterCrew, sources: Sources, tmp_path: Path
) -> None:
    """As a fault of the program, once, with the lines where it was raised; and not what it says."""
    todo = jobs_of(sources, replace(TEXTS, formats=("text",)))
    with pytest.raises(CrewLostError) as told:
        list(crew.run_each(failing_in_arabic, todo, our_look(), tmp_path, cost_of))
    (problem,) = told.value.problems
    assert problem.code == "program-fault"
    assert problem.where.startswith("tcp://127.0.0.1:")
    trace = (tmp_path / "fault.txt").read_text()
    assert "tests/items.py" in trace
    assert "in failing_in_arabic" in trace
    assert "العربية" not in f"{trace} {problem}"  # what the error says


def test_no_more_tasks_stand_at_the_scheduler_than_keep_its_workers_busy(
    crew: ClusterCrew, sources: Sources, look: Look
) -> None:
    """A million jobs are with it a few at a time; when the caller takes no more, none of them is heard of later."""
    todo = jobs_of(sources, Choice(formats=("text",)))
    client = crew._client
    (threads,) = {int(client.scheduler_info()["total_threads"])}
    results = crew.run_each(slowly_named, todo, look, Path("nowhere"), lambda _: TASK)
    most = max(len(client.futures) for _, _ in zip(range(6), results, strict=False))
    assert 0 < most <= IN_FLIGHT * threads < len(todo)
    results.close()  # type: ignore[attr-defined]
    again = [file for _, file in crew.run_each(slowly_named, todo[:3], look, Path("nowhere"), cost_of)]
    assert set(again) == set(files_of(todo[:3]))
    assert len(client.futures) <= 1  # a thread of dask's holds the last one


def test_what_was_delivered_before_a_person_stops_it_is_listed(
    crew: ClusterCrew, sources: Sources, tmp_path: Path
) -> None:
    """Ctrl-C says how far it had come, as on one machine."""

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(StoppedError, match=r"2 of 16 renditions in .*; run the same command to go on"):
        built(sources, TEXTS, tmp_path, crew, Then(stop))
    assert len([file for file in contents(tmp_path / "dist") if file.endswith((".txt", ".email.html"))]) == 2


def other_code(folder: Path) -> Path:
    """Return a copy of the project whose code differs by a line."""
    copied(folder, tags=("en",))
    (folder / "handouts").unlink()
    shutil.copytree(ROOT / "handouts", folder / "handouts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    with (folder / "handouts/markup.py").open("a", encoding="utf-8") as file:
        file.write("# another line\n")
    return folder


@pytest.mark.long
def test_a_worker_with_other_code_is_refused_also_when_it_joins_later(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """It is named, with what differs; what was delivered before stays, and is listed. At the start nothing is made."""
    folder = tmp_path / "project"
    copied(folder, tags=("en",))
    with started(folder, 1) as own:

        def exchange() -> None:
            own.workers[0].kill()
            own.folder = other_code(tmp_path / "other")
            own.start_worker()

        with pytest.raises(CrewLostError) as refused, connected(own.address, look, ()) as crew:
            built(sources, TEXTS, tmp_path, crew, Then(exchange))
        assert_differs(refused.value.problems[0], "; run the same command to go on.")
        assert len(contents(tmp_path / "dist")) >= 3
        with pytest.raises(CrewLostError) as refused, connected(own.address, look, ()):
            pass
        assert_differs(refused.value.problems[0], "and start it again.")


def test_a_worker_without_the_code_that_joins_later_is_told(
    look: Look, sources: Sources, tmp_path: Path
) -> None:
    """It cannot even say that it was never greeted; it is named all the same, with how it is started."""
    folder, bare = tmp_path / "project", tmp_path / "bare"
    copied(folder, tags=("en",))
    bare.mkdir()
    with started(folder, 1) as own:

        def exchange() -> None:
            own.workers[0].kill()
            own.folder = bare
            own.start_worker(PYTHONPATH="")

        with pytest.raises(CrewLostError) as refused, connected(own.address, look, ()) as crew:
            built(sources, TEXTS, tmp_path, crew, Then(exchange))
    (problem,) = refused.value.problems
    assert problem.code == "worker-without-code"
    assert problem.where.startswith("tcp://127.0.0.1:")
    assert "Start it in the folder of the project" in problem.fix


@pytest.mark.long
def test_a_scheduler_that_stands_still_is_not_waited_for_without_end(
    sources: Sources, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine sleeps, say: it is told as one that is gone."""
    folder = tmp_path / "project"
    copied(folder, tags=("en",))
    with started(folder, 1) as own:

        def freeze() -> None:
            assert own.scheduler
            own.scheduler.send_signal(signal.SIGSTOP)
            monkeypatch.setattr(crews, "PATIENCE", 0.5)
            monkeypatch.setattr(crews, "QUIET", 0.2)
            monkeypatch.setattr(crews, "AT_END", 0.2)
            monkeypatch.setattr(client, "ANSWER", 0.2)

        with pytest.raises(CrewLostError) as gone, connected(own.address, look, ()) as crew:
            built(sources, TEXTS, tmp_path, crew, Then(freeze))
    assert gone.value.problems[0].code == "scheduler-gone"


def assert_differs(problem: Problem, end: str) -> None:
    """Say that a problem is of a worker with other code."""
    assert problem.code == "worker-differs"
    assert problem.where.startswith("tcp://127.0.0.1:")
    assert "it has other code of this project" in problem.what
    assert problem.fix.endswith(end)


@pytest.mark.long
def test_a_scheduler_that_goes_away_is_told_and_leaves_what_was_delivered(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """The same command goes on from there."""
    folder = tmp_path / "project"
    copied(folder, tags=("en",))
    with started(folder, 0) as own:
        own.start_worker()
        assert own.scheduler

        with pytest.raises(CrewLostError) as gone, connected(own.address, look, ()) as crew:
            built(sources, TEXTS, tmp_path, crew, Then(own.scheduler.kill))
    (problem,) = gone.value.problems
    assert (problem.code, problem.where) == ("scheduler-gone", own.address)
    assert "of 16 renditions in" in problem.fix
    assert len(contents(tmp_path / "dist")) >= 3


def asked_by(identity: Any = None, run: Any = None, **others: Any) -> Any:
    """Return what stands for a client of dask whose scheduler and workers answer so."""

    def sync(ask: Any, *arguments: Any, callback_timeout: float) -> Any:
        async def answered() -> Any:
            return await asyncio.wait_for(ask(*arguments), callback_timeout)

        return asyncio.run(answered())

    given = {"status": "running", **others}
    return SimpleNamespace(sync=sync, scheduler=SimpleNamespace(identity=identity), run=run, **given)


def crew_of(client: Any, look: Look, store: Store | None = None) -> ClusterCrew:
    """Return the crew of a client."""
    return ClusterCrew(client, SCHEDULER, WorkerInput(look, (), store))


class Future:
    """A task that is done: what its worker sends, or what dask raises of it."""

    def __init__(self, *sent: Any, status: str = "finished") -> None:
        self.sent, self.status = list(sent), status

    def result(self, timeout: float) -> tuple[str, Any]:
        """Return the worker and what it says."""
        now = self.sent.pop(0)
        if isinstance(now, TimeoutError):
            time.sleep(timeout)
        if isinstance(now, Exception):
            raise now
        return WORKER, now


def answer(*results: Any, **others: Any) -> Future:
    """Return a task that has come to an end on a worker."""
    return Future(pickle.dumps(Answer(results, **others)))


def test_of_a_task_that_killed_its_workers_each_job_goes_by_itself(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """One of them was deadly: that one is lost, when it has killed its workers alone; the last of them is named."""
    crew = crew_of(asked_by(), look)
    todo = tuple(jobs_of(sources, Choice(("es",), formats=("text",))))
    waiting: deque[Task] = deque()

    def killed() -> Future:
        last: Any = SimpleNamespace(address=WORKER)
        return Future(KilledWorker("a task", last, 3), status="error")

    assert list(crew._taken(Task(make_rendition, todo), killed(), waiting, tmp_path)) == []
    assert [task.jobs for task in waiting] == [(job,) for job in todo]
    lost = list(crew._taken(waiting[0], killed(), waiting, tmp_path))
    assert lost == [(todo[0], Lost("killed", WORKER))]


def test_what_is_lost_in_the_store_is_asked_for_directly(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """Removed by its owner, or damaged: nobody is given half a file. What is not whole then is the worker's fault, who is named."""
    there, lost = jobs_of(sources, Choice(("es",), HANDOUTS[:1], ("text", "email")))
    store = Store(tmp_path.as_uri())
    store.keep(Made(there, b"Hola"))
    crew = crew_of(asked_by(), look, store)
    waiting: deque[Task] = deque()
    task = Task(make_rendition, (there, lost))
    assert list(crew._taken(task, answer(Outcome(), Outcome()), waiting, tmp_path)) == [
        (there, Made(there, b"Hola"))
    ]
    (again,) = waiting
    assert again == Task(make_rendition, (lost,), direct=True)
    spoilt = Outcome(packed(Made(lost, b"Hola"))[:-1])
    with pytest.raises(CrewLostError, match="does not arrive as it was made") as told:
        list(crew._taken(again, answer(spoilt), waiting, tmp_path))
    assert told.value.problems[0].where == WORKER


def test_a_full_disk_of_a_worker_ends_the_build_and_is_told_once(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """It would fail with every other rendition too, quickly, and so be given all of them."""
    todo = tuple(jobs_of(sources, Choice(("es",), HANDOUTS[:1], ("text", "email"))))
    full = Outcome(problems=(Problem("no-room", "au/es/about-ipt.txt", "no room.", "Make some."),))
    crew = crew_of(asked_by(), look)
    with pytest.raises(CrewLostError) as told:
        list(crew._taken(Task(make_rendition, todo), answer(full, full), deque(), tmp_path))
    (problem,) = told.value.problems
    assert (problem.code, problem.where) == ("worker-fault", WORKER)
    assert problem.fix == "Make room on its disk and in its temporary folder, or end it."


def test_a_rendition_that_failed_names_its_worker_and_brings_the_trace(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """Who mends it need not look on another machine. What the sources must put right is no matter of machines."""
    crew, cache = crew_of(asked_by(), look), tmp_path / ".cache"
    todo = tuple(jobs_of(sources, Choice(("es",), HANDOUTS[:1], ("text", "email", "web"))))
    problems = [Problem(code, "x", "y.", "z.") for code in ("program-fault", "rendition-not-made", "other")]
    outcomes = [Outcome(problems=(each,)) for each in problems]
    found = crew._taken(Task(make_rendition, todo), answer(*outcomes, traces="day\ntrace\n"), deque(), cache)
    fixes = [made.problems[0].fix for _, made in found]
    assert "report this with .cache/fault.txt" in fixes[0]
    assert [f"It was the worker {WORKER}." in fix for fix in fixes] == [True, True, False]
    assert (cache / "fault.txt").read_text() == "day\ntrace\n"


def test_a_fault_of_a_worker_ends_the_build(sources: Sources, look: Look, tmp_path: Path) -> None:
    """As the worker tells it."""
    fault = Problem("worker-fault", WORKER, "it lacks a package.", "Run there: make setup-cluster")
    task = Task(make_rendition, tuple(jobs_of(sources, Choice(("es",), HANDOUTS[:1], ("text",)))))
    with pytest.raises(CrewLostError) as told:
        list(crew_of(asked_by(), look)._taken(task, answer(fault=fault), deque(), tmp_path))
    assert told.value.problems == (fault,)


def test_a_worker_that_cannot_answer_is_told(look: Look) -> None:
    """It was started outside of the project, or is silent; one that has gone meanwhile is no matter."""
    silent = Problem("worker-fault", WORKER, "it has not answered.", "Look at it.")
    crew = crew_of(asked_by(), look)
    problems = [crew._differing(WORKER, each) for each in (Exception("any"), silent, OSError("gone"))]
    assert [problem and problem.code for problem in problems] == ["worker-without-code", "worker-fault", None]


def test_nobody_is_waited_for_without_end(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that says nothing is named; so is a scheduler; and one whose last worker took its results with it has nobody."""

    async def never(*_: Any, **__: Any) -> Any:
        await asyncio.sleep(60)

    async def nobody(**_: Any) -> Any:
        return {"workers": [WORKER], "total_threads": 0}

    monkeypatch.setattr(crews, "PATIENCE", 0.05)
    monkeypatch.setattr(crews, "QUIET", 0.01)
    monkeypatch.setattr(crews, "FIRST_WORKER", 0.05)
    with pytest.raises(CrewLostError, match="has not answered for") as told:
        crew_of(asked_by(nobody, never), look).greet()
    assert told.value.problems[0].where == WORKER
    with pytest.raises(CrewLostError, match="the connection to the scheduler was lost"):
        crew_of(asked_by(never), look)._look_around()
    crew = crew_of(asked_by(nobody), look)
    late = Future(*([TimeoutError()] * 100), status="lost")
    with pytest.raises(CrewLostError, match="has had no worker"):
        crew._result(late)


@pytest.mark.parametrize(("status", "raised"), [("closed", CrewLostError), ("running", RuntimeError)])
def test_a_client_that_has_given_up_its_scheduler_is_no_fault_of_the_program(
    look: Look, sources: Sources, tmp_path: Path, status: str, raised: type[Exception]
) -> None:
    """It raises what it likes when it is asked then; while it runs, that would be one."""
    odd = RuntimeError("Tried sending message after closing.")
    crew = crew_of(asked_by(Mock(side_effect=odd), submit=Mock(side_effect=odd), status=status), look)
    task = Task(make_rendition, tuple(jobs_of(sources, Choice(("es",), HANDOUTS[:1], ("text",)))))
    for ask in (crew._look_around, lambda: crew._sent(task, tmp_path, SimpleQueue())):
        with pytest.raises(raised):
            ask()


def test_a_worker_that_starts_again_has_its_time_whenever_it_is_asked_for(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody may have asked for long, as files were being put down; a worker of which nothing was heard just then is waited for."""
    clock, threads = [0.0], [1]

    async def asked(**_: Any) -> Any:
        return {"total_threads": threads[0]}

    monkeypatch.setattr(crews, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    crew = crew_of(asked_by(asked), look)
    for clock[0], threads[0] in ((100.0, 1), (300.0, 0), (300.0 + FIRST_WORKER, 0), (400.0, 1), (500.0, 0)):
        crew._look_around()
    clock[0] = 501.0 + FIRST_WORKER
    with pytest.raises(CrewLostError, match="has had no worker for 30 seconds"):
        crew._look_around()


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        ("error", OSError("disk"), "worker-fault"),  # raised by the worker, not by the way to it
        ("error", TypeError("odd"), "worker-fault"),
        ("cancelled", FutureCancelledError("k", "scheduler-restart", None), "scheduler-gone"),
        ("lost", OSError("closed"), "scheduler-gone"),
    ],
)
def test_who_is_at_fault_is_told_apart(look: Look, status: str, error: Exception, code: str) -> None:
    """A scheduler that is lost is none whose worker cannot take its task."""

    async def nobody(**_: Any) -> Any:
        return {"workers": [], "total_threads": 0}

    with pytest.raises(CrewLostError) as told:
        crew_of(asked_by(nobody), look)._result(Future(error, status=status))
    assert told.value.problems[0].code == code


def test_what_another_build_removes_from_the_cache_is_not_sent(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """The worker makes it itself; nothing is raised."""
    (job,) = jobs_of(sources, replace(MIXED, formats=("eml",)))
    paper, text = job.parts
    (tmp_path / "renditions").mkdir()
    (tmp_path / f"renditions/{text.key}").write_bytes(b"kept")
    (tmp_path / f"renditions/{paper.key}").symlink_to("removed")
    sent: list[bytes] = []

    def submit(_: object, data: bytes, **__: object) -> Any:
        sent.append(data)
        return SimpleNamespace(add_done_callback=lambda _: None)

    client = asked_by(submit=submit)
    crew_of(client, look)._sent(Task(make_rendition, (job,)), tmp_path, SimpleQueue())
    with patch("handouts.cluster.worker.work") as work:  # that is where it is called
        pickle.loads(sent[0])  # noqa: S301 - our own
    assert pickle.loads(work.call_args.args[1]).parts == {text.key: b"kept"}  # noqa: S301 - our own
