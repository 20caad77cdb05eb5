"""A cluster makes what one machine makes, byte for byte, whoever of it dies; and says what keeps it from that."""

from __future__ import annotations

import pickle
import shutil
import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from distributed.scheduler import KilledWorker
from hypothesis import given
from hypothesis import strategies as st

from handouts.cluster import client as cluster
from handouts.cluster.client import IN_FLIGHT, TASK, Cluster, connected, shared_out
from handouts.cluster.store import Store
from handouts.cluster.worker import Given, Task
from handouts.library.build import Report, build
from handouts.library.crew import Crew, CrewLostError, cost_of
from handouts.library.jobs import Job, Made, jobs
from handouts.library.make import make_rendition
from handouts.library.plan import Choice, plan
from handouts.model import Page
from handouts.page.approval import Approval
from handouts.problems import Problem
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.stopping import StoppedError
from handouts.workers import Lost
from tests.cluster.processes import Processes, contents, started
from tests.conftest import HANDOUTS, ROOT, SPREAD, copied, our_look
from tests.items import killed_in_arabic, slowly_named

pytestmark = pytest.mark.xdist_group("cluster")
TEXTS = Choice(SPREAD, HANDOUTS, ("text", "email"))
# A paper, and an e-mail that is made of it.
MIXED = Choice(("en",), ("about-ipt",), ("pdf", "web", "text", "eml"), ("standard",))


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Start a scheduler with two workers; a test that ends some of them starts others."""
    folder = tmp_path_factory.mktemp("cluster") / "project"
    copied(folder, tags=("en",))
    with started(folder, 2) as found:
        yield found


@pytest.fixture
def crew(processes: Processes, look: Look) -> Iterator[Cluster]:
    """Greet the workers, for pages without fonts."""
    with connected(processes.address, look, ()) as found:
        yield found


def ignore(_: str) -> None:
    """Hear of a rendition and do nothing."""


def planned(sources: Sources, choice: Choice) -> list[Page]:
    """Return the pages of a choice."""
    return plan(Approval(sources, our_look()), choice)


def jobs_of(sources: Sources, choice: Choice) -> list[Job]:
    """Return its jobs."""
    return jobs(sources, our_look(), planned(sources, choice))


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


@pytest.mark.long
def test_workers_that_are_killed_cost_nothing_but_time(
    processes: Processes, crew: Cluster, sources: Sources, tmp_path: Path
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
    crew: Cluster, sources: Sources
) -> None:
    """As on one machine; its worker goes on."""
    todo = jobs_of(sources, replace(TEXTS, formats=("text",)))
    results = crew.run_each(killed_in_arabic, todo, our_look(), Path("nowhere"), cost_of)
    found = {job.page.rendition.file: result for job, result in results}
    assert found == {file: Lost("killed") if "/ar/" in file else file for file in files_of(todo)}


def test_no_more_tasks_stand_at_the_scheduler_than_keep_its_workers_busy(
    crew: Cluster, sources: Sources, look: Look
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
    crew: Cluster, sources: Sources, tmp_path: Path
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


def assert_differs(problem: Problem, end: str) -> None:
    """Say that a problem is of a worker with other code."""
    assert problem.code == "worker-differs"
    assert problem.where.startswith("tcp://127.0.0.1:")
    assert "it has other code of this project" in problem.what
    assert problem.fix.endswith(end)


@pytest.mark.long
def test_a_scheduler_that_goes_away_is_told_and_leaves_what_was_delivered(
    sources: Sources, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is one without workers, before anything is made."""
    monkeypatch.setattr(cluster, "FIRST_WORKER", 0.5)
    folder = tmp_path / "project"
    copied(folder, tags=("en",))
    with started(folder, 0) as own:
        with pytest.raises(CrewLostError, match="has had no worker"), connected(own.address, look, ()):
            pass
        monkeypatch.setattr(cluster, "FIRST_WORKER", 60.0)
        own.start_worker()
        assert own.scheduler

        with pytest.raises(CrewLostError) as gone, connected(own.address, look, ()) as crew:
            built(sources, TEXTS, tmp_path, crew, Then(own.scheduler.kill))
    (problem,) = gone.value.problems
    assert (problem.code, problem.where) == ("scheduler-gone", own.address)
    assert "of 16 renditions in" in problem.fix
    assert len(contents(tmp_path / "dist")) >= 3


def test_an_address_where_no_scheduler_answers_is_told(processes: Processes, look: Look) -> None:
    """Nobody listens, the machine is unknown, another program answers, or a worker does."""
    with socket.socket() as silent, socket.create_server(("127.0.0.1", 0)) as deaf:
        silent.bind(("127.0.0.1", 0))
        addresses = [f"tcp://127.0.0.1:{each.getsockname()[1]}" for each in (silent, deaf)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cluster, "ANSWER", 0.5)
            for address in (*addresses, "tcp://nowhere.invalid:8786", "tls://127.0.0.1:8786"):
                with pytest.raises(CrewLostError) as refused, connected(address, look, ()):
                    pass
                (problem,) = refused.value.problems
                assert problem.where == address
                assert problem.code in {"scheduler-unreachable", "scheduler-refuses"}
    with connected(processes.address, look, ()) as crew:
        (worker, *_) = crew._client.scheduler_info()["workers"]
    with (
        pytest.raises(CrewLostError, match="this is the address of a dask worker"),
        connected(worker, look, ()),
    ):
        pass


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (TypeError("TLS expects a context"), "there is no certificate here"),
        (FileNotFoundError(2, "No such file"), "cannot be read"),
        (ssl.SSLCertVerificationError("self-signed"), "do not fit"),
        (OSError("Connection refused"), "no dask scheduler answers there"),
    ],
)
def test_what_is_wrong_with_certificates_is_told(error: Exception, says: str) -> None:
    """There are none, they cannot be read, or they are of another authority; without TLS it is not they."""
    assert says in cluster._unreachable("tls://10.0.0.5:8786", error).what
    assert cluster._unreachable("tcp://10.0.0.5:8786", error).code == "scheduler-unreachable"


def test_a_scheduler_outside_of_the_project_is_told(look: Look, tmp_path: Path) -> None:
    """It cannot read what it is to hand on: that is told before a worker is waited for."""
    with (
        started(tmp_path, 0, PYTHONPATH="") as bare,
        pytest.raises(CrewLostError, match="the scheduler cannot load the code of this project"),
        connected(bare.address, look, ()),
    ):
        pass


def test_a_worker_that_cannot_answer_is_told(crew: Cluster) -> None:
    """It was started outside of the project, or something is wrong with it; one that has gone meanwhile is no matter."""
    answers = (
        Exception("ModuleNotFoundError(\"No module named 'handouts'\")"),
        ValueError("odd"),
        OSError("gone"),
    )
    problems = [crew._differing("tcp://10.0.0.9:1", answer) for answer in answers]
    assert [problem and problem.code for problem in problems] == ["worker-without-code", "worker-fault", None]


class Killed:
    """A task whose workers were killed, as dask says it."""

    def result(self) -> Any:
        """Raise why there is no result."""
        raise KilledWorker("a task", None, 3)


def test_of_a_task_that_killed_its_workers_each_job_goes_by_itself(crew: Cluster, sources: Sources) -> None:
    """One of them was deadly: that one is lost, when it has killed its workers alone."""
    todo = tuple(jobs_of(sources, Choice(("es",), formats=("text",))))
    waiting: deque[Task] = deque()
    assert list(crew._taken(Task(make_rendition, todo), Killed(), waiting)) == []
    assert [task.jobs for task in waiting] == [(job,) for job in todo]
    assert list(crew._taken(waiting[0], Killed(), waiting)) == [(todo[0], Lost("killed"))]


class Sent:
    """A task that a worker has put into the store."""

    def __init__(self, *results: Made) -> None:
        self.results = results

    def result(self) -> tuple[str, bytes]:
        """Return the worker and what it says."""
        return "tcp://10.0.0.9:1", pickle.dumps(list(self.results))


def test_what_is_lost_in_the_store_is_asked_for_directly(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """Removed by its owner, or damaged: nobody is given half a file. What failed names the machine with its trace."""
    there, lost, failed = jobs_of(sources, Choice(("es",), HANDOUTS[:1], ("text", "email", "web")))
    store = Store(tmp_path.as_uri())
    store.keep(Made(there, b"Hola"))
    crew = Cluster(None, "tcp://10.0.0.5:8786", Given(look, (), store))
    fault = Made(failed, problems=(Problem("program-fault", "here", "a fault.", "Report it."),))
    waiting: deque[Task] = deque()
    task = Task(make_rendition, (there, lost, failed))
    (first, second) = crew._taken(task, Sent(Made(there), Made(lost), fault), waiting)
    assert first == (there, Made(there, b"Hola"))
    assert second[1].problems[0].fix == "Report it. It lies on the machine of the worker tcp://10.0.0.9:1."
    assert waiting == deque([Task(make_rendition, (lost,), direct=True)])


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
