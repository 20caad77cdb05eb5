"""A store that machines share: what is found there is what was put there, or nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import fsspec
import pytest

from handouts.cluster.store import Store
from handouts.library.jobs import Job, Made


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Return a store in a folder, and one of another protocol."""
    return Store((tmp_path / "store").as_uri() if request.param == "file" else f"memory://{tmp_path.name}")


def entry(store: Store, job: Job) -> str:
    """Return where the entry of a job lies, in the words of the protocol."""
    return f"{store.url}/renditions/{job.key[:2]}/{job.key}"


def test_what_is_kept_is_found(store: Store, job: Job, made: Made) -> None:
    """By its job; before, there is nothing."""
    assert store.problem() is None
    assert store.found(job) is None
    assert store.keep(made)
    assert store.found(job) == replace(made, is_new=False)


def test_what_is_half_written_or_of_another_is_not_found(store: Store, job: Job, made: Made) -> None:
    """A copy to an object store that broke off, a byte that was changed, an entry in the place of another."""
    store.keep(made)
    system, path = fsspec.core.url_to_fs(entry(store, job))
    whole = system.cat_file(path)
    for wrong in (whole[:-3], whole.replace(b"13 11 14", b"13 11 15"), b"", b"[" * 100_000):
        system.pipe_file(path, wrong)
        assert store.found(job) is None
    other = replace(job, key=job.key[:2] + "0" * 62)
    system.pipe_file(path.replace(job.key, other.key), whole)
    assert store.found(other) is None


def test_one_that_cannot_be_written_is_told_and_costs_no_more_than_time(
    job: Job, made: Made, tmp_path: Path
) -> None:
    """A file lies where its folder should be: nothing is found, nothing is kept, nothing is raised."""
    (tmp_path / "file").touch()
    store = Store((tmp_path / "file").as_uri())
    assert store.write("probes/a", b"seen")
    assert not store.keep(made)
    assert store.found(job) is None
    store.remove("probes/a")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("s3://bucket/handouts", "needs the Python package “s3fs”"),
        ("nowhere://bucket", "is not the address of a store"),
        ("/mnt/handouts", "is not the address of a store"),
        ("file://", "is not the address of a store"),
    ],
)
def test_a_protocol_that_is_not_here_is_told_with_what_to_install(url: str, says: str) -> None:
    """Before anything is made."""
    with patch.dict("sys.modules", {"s3fs": None}):
        problem = Store(url).problem()
    assert problem
    assert (problem.code, problem.where) == ("store-unusable", "--shared")
    assert says in problem.what


def test_a_password_in_an_address_is_shown_to_nobody() -> None:
    """Nor a name, nor what a query holds."""
    assert Store("s3://name:secret@bucket/handouts?key=secret").shown == "s3://bucket/handouts"
    problem = Store("nowhere://name:secret@bucket").problem()
    assert problem
    assert "secret" not in str(problem)
