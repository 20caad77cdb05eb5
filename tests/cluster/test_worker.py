"""A worker says what it has, and makes what it is given as a local build makes it."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import distributed
import pytest

import handouts
from handouts.cluster import worker as cluster_worker
from handouts.cluster.store import Store
from handouts.cluster.worker import (
    MOST_POSTS,
    Credentials,
    Given,
    OtherCodeError,
    Task,
    credentials,
    differences,
    greet,
    name_of,
    rest,
    work,
)
from handouts.library.cache import cached, packed
from handouts.library.jobs import Job, Made, jobs
from handouts.library.make import make_rendition
from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.workers import Lost
from tests.items import killed_in_arabic

SANS = "Noto Sans"
OURS = Credentials("a1", {"weasyprint": "70.0"}, {(SANS, 400): "f1", ("Noto Sans Khmer", 700): ""})


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let this process be a worker whose project is an empty folder; return its cache."""
    monkeypatch.setattr(distributed, "get_worker", lambda: SimpleNamespace(address="tcp://here:1"))
    monkeypatch.setattr(handouts, "__path__", [str(tmp_path / "project/handouts")])
    yield tmp_path / "project/.cache"
    for name in list(cluster_worker._posts):
        rest(name)


def loaded(results: bytes | None) -> list[Any]:
    """Return the results that a worker sends."""
    assert results
    return list(pickle.loads(results))  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (OURS, ""),
        (replace(OURS, code="b2"), "it has other code of this project"),
        (replace(OURS, versions={"weasyprint": "69.0"}), "weasyprint is 69.0 there and 70.0 here"),
        (replace(OURS, versions={}), "weasyprint is none there and 70.0 here"),
        (
            replace(OURS, faces={(SANS, 400): "", ("Noto Sans Khmer", 700): ""}),
            "the font Noto Sans Regular is missing there",
        ),
        (
            replace(OURS, faces={(SANS, 400): "f2", ("Noto Sans Khmer", 700): ""}),
            "the font Noto Sans Regular is another file",
        ),
        (
            replace(OURS, faces={(SANS, 400): "f1", ("Noto Sans Khmer", 700): "f3"}),
            "the font Noto Sans Khmer Bold is missing here",
        ),
        (
            replace(OURS, versions={str(n): "1" for n in range(9)}),
            f"{'; '.join(f'{n} is 1 there and none here' for n in range(5))}, and 5 more",
        ),
    ],
)
def test_what_would_make_other_bytes_is_told(theirs: Credentials, said: str) -> None:
    """Other code, another version, a font that is missing or is another."""
    assert differences(OURS, theirs) == said


def test_a_machine_has_what_itself_has(look: Look) -> None:
    """Its credentials hold the code and versions of the look, those of dask, and every face that was asked for."""
    found = credentials([SANS, "No Such Font"])
    assert found.code == look.code
    assert set(look.versions) | {"distributed", "fsspec"} <= set(found.versions)
    assert [bool(digest) for digest in found.faces.values()] == [True, True, False, False]
    assert differences(found, credentials([SANS, "No Such Font"])) == ""


def test_a_worker_that_was_never_greeted_leaves_its_task_undone(worker: Path, job: Job) -> None:
    """Who asked greets it, and asks again."""
    assert work("unknown", pickle.dumps(Task(make_rendition, (job,)))) == ("tcp://here:1", None)


def test_a_task_is_made_as_a_local_build_makes_it(worker: Path, job: Job, look: Look) -> None:
    """By a process that stays for the next task; what kills that is told for its job alone."""
    data = pickle.dumps(Given(look, ()))
    assert greet(data).trouble == ""
    here = make_rendition(job, look, worker)
    for _ in range(2):
        _, results = work(name_of(data), pickle.dumps(Task(make_rendition, (job, job))))
        assert [(made.data, made.problems) for made in loaded(results)] == [(here.data, ())] * 2
    arabic = replace(job, page=replace(job.page, locale=replace(job.page.locale, tag="ar")))
    _, results = work(name_of(data), pickle.dumps(Task(killed_in_arabic, (job, arabic))))
    assert loaded(results) == [job.page.rendition.file, Lost("killed")]


def test_what_is_given_is_forgotten_with_its_build(worker: Path, job: Job, look: Look) -> None:
    """Its process ends; of builds that were killed and forgot nothing, only the latest are remembered."""
    data = pickle.dumps(Given(look, ()))
    greet(data)
    task = pickle.dumps(Task(make_rendition, (job,)))
    before = set(multiprocessing.active_children())
    assert work(name_of(data), task)[1]
    (process,) = set(multiprocessing.active_children()) - before
    rest(name_of(data))
    assert not process.is_alive()
    assert work(name_of(data), task) == ("tcp://here:1", None)
    for number in range(MOST_POSTS + 3):
        greet(pickle.dumps(Given(look, (), None, str(number))))
    assert len(cluster_worker._posts) == MOST_POSTS


def test_what_the_store_has_is_not_made(job: Job, look: Look, made: Made, tmp_path: Path) -> None:
    """It comes back without its bytes: who asked takes them from there. Asked for directly, it is made and sent."""
    store, cache = Store((tmp_path / "store").as_uri()), tmp_path / "cache"
    new = cluster_worker._make_one((make_rendition, job, (), False), look, cache, store)
    assert (new.data, new.is_new, new.failed) == (b"", True, False)
    kept = store.found(job)
    assert kept
    found = cluster_worker._make_one((make_rendition, job, (), False), look, cache, store)
    assert (found.data, found.is_new) == (b"", False)
    direct = cluster_worker._make_one((make_rendition, job, (), True), look, cache, store)
    assert direct.data == kept.data


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
    cluster_worker._make_one(item, look, cache, store)
    assert seen == [replace(paper, is_new=False), replace(text, is_new=False)]
    spoilt = (item[0], job, (packed(paper)[:-1], b"{}"), True)
    seen.clear()
    cluster_worker._make_one(spoilt, look, tmp_path / "empty", None)
    assert not (tmp_path / "empty").exists()


def test_code_that_was_changed_under_a_worker_makes_nothing(worker: Path, job: Job, look: Look) -> None:
    """Its processes would read the new one, while its own answer was of the old: it is named."""
    old = replace(look, code="of before")
    with pytest.raises(OtherCodeError):
        cluster_worker._make_one((make_rendition, job, (), False), old, worker, None)
    data = pickle.dumps(Given(old, ()))
    greet(data)
    with pytest.raises(OtherCodeError, match="tcp://here:1"):
        work(name_of(data), pickle.dumps(Task(make_rendition, (job,))))


def test_a_worker_that_cannot_use_the_store_says_so(
    worker: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of its own under the same name, say, where nothing lies that others have left; or one that it may only read."""
    store = Store((tmp_path / "store").as_uri())
    data = pickle.dumps(Given(look, (), store, "probe"))
    assert greet(data).trouble == "it does not see what others put there."
    store.write("probes/probe", b"seen")
    assert greet(data).trouble == ""
    assert [path.name for path in (tmp_path / "store/probes").iterdir()] == ["probe"]
    monkeypatch.setattr(Store, "write", lambda *_: "Permission denied")
    assert greet(data).trouble == "it cannot write there: Permission denied."
