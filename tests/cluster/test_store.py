"""A store that machines share: what is found there is what was put there, or nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("file://mnt/handouts", "is not the address of a store"),
    ],
)
def test_a_protocol_that_is_not_here_is_told_with_what_to_install(url: str, says: str) -> None:
    """Before anything is made."""
    with patch.dict("sys.modules", {"s3fs": None}):
        problem = Store(url).problem()
    assert problem
    assert (problem.code, problem.where) == ("store-unusable", "--shared")
    assert says in problem.what


ADDRESSES_WITH_SECRETS = (
    "ftp://name:secret@host/handouts",
    "ftp://name:se@secret@host/handouts",
    "s3://key:secret@bucket",
    "abfs://container@account.example/x?sig=secret",
)


@pytest.mark.parametrize("url", ADDRESSES_WITH_SECRETS)
def test_an_address_with_a_password_is_refused(url: str) -> None:
    """A command line is seen by all of a machine. It is told where they belong, and the password is in no word of it."""
    problem = Store(url).problem()
    assert problem
    assert (problem.code, problem.where) == ("store-unusable", "--shared")
    assert "has a password or a key in it" in problem.what
    assert "secret" not in f"{problem} {Store(url)!r} {Store(url).shown}"


def test_an_address_may_name_whose_it_is_and_a_folder_may_be_called_anything(tmp_path: Path) -> None:
    """An account before the host is none; in the name of a folder of this machine a question mark is a letter."""
    with patch("handouts.cluster.store._system"):
        assert Store("sftp://anna@host/handouts").problem() is None
        assert Store(f"file://{tmp_path}/why?/#1").problem() is None


@given(st.text(max_size=20), st.sampled_from(["", "s3://", "nowhere://", "file://", "s3://["]))
def test_whatever_is_written_as_an_address_has_an_answer(text: str, start: str) -> None:
    """It is used or refused; nothing is raised, and what stands before the host is not shown."""
    with patch("handouts.cluster.store._system"):
        Store(start + text).problem()
    assert "secret" not in Store(f"{start or 'x://'}secret@{text}").shown


def test_what_a_protocol_says_of_an_address_is_told_without_its_secrets() -> None:
    """Many repeat the whole of what they were given."""
    store = Store("ftp://name:secret@host/handouts?sig=hidden")
    said = ValueError(f"cannot open {store.url}, for name:secret, with ?sig=hidden")
    with patch("handouts.cluster.store._system", side_effect=said):
        assert store.write("probes/a", b"seen") == "cannot open …, for …, with …"


def test_what_is_larger_than_any_rendition_is_not_read(
    store: Store, job: Job, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry that somebody else put there may be of any size: no more of it is asked for than could be used."""
    store.keep(made)
    assert store.found(job)
    monkeypatch.setattr("handouts.cluster.store.LARGEST_FILE", 50)
    assert store.read(f"renditions/{job.key[:2]}/{job.key}") is None
