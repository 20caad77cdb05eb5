"""The way to a cluster: a scheduler that is not there, is none, or has nobody is told before anything is made."""

from __future__ import annotations

import socket
from pathlib import Path

import dask
import distributed  # noqa: F401 - its settings must be there before others are set beside them
import pytest
import trustme

from handouts.cluster import client
from handouts.cluster.client import ENCRYPTED_ONLY, connected
from handouts.cluster.store import Store
from handouts.library.crew import CrewLostError
from handouts.problems import SourceError
from handouts.sources.look import Look
from tests.cluster.processes import Processes, started
from tests.conftest import copied

pytestmark = pytest.mark.xdist_group("cluster")


def test_an_address_where_no_scheduler_answers_is_told(processes: Processes, look: Look) -> None:
    """Nobody listens, the machine is unknown, another program answers, or a worker does."""
    with socket.socket() as silent, socket.create_server(("127.0.0.1", 0)) as deaf:
        silent.bind(("127.0.0.1", 0))
        addresses = [f"tcp://127.0.0.1:{each.getsockname()[1]}" for each in (silent, deaf)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(client, "ANSWER", 0.5)
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


def test_a_scheduler_outside_of_the_project_is_told(look: Look, tmp_path: Path) -> None:
    """It cannot read what it is to hand on: that is told before a worker is waited for."""
    with (
        started(tmp_path, 0, PYTHONPATH="") as bare,
        pytest.raises(CrewLostError, match="the scheduler cannot load the code of this project"),
        connected(bare.address, look, ()),
    ):
        pass


def test_a_scheduler_without_workers_is_told(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while in which one may have come; how to start some is said."""
    monkeypatch.setattr(client, "FIRST_WORKER", 0.5)
    with started(tmp_path, 0) as own:
        with (
            pytest.raises(CrewLostError, match="has had no worker") as refused,
            connected(own.address, look, ()),
        ):
            pass
        (problem,) = refused.value.problems
        assert (problem.code, problem.where) == ("scheduler-without-workers", own.address)
        assert "docs/operators.md" in problem.fix


@pytest.mark.parametrize(
    ("refuses", "says"),
    [("write", "cannot be written: Permission denied"), ("read", "cannot be read: what was just put there")],
)
def test_a_store_that_this_machine_cannot_use_is_told_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuses: str, says: str
) -> None:
    """One that it may only write to would have everything made twice: what workers put there could not be collected."""
    monkeypatch.setattr(Store, refuses, lambda *_: "Permission denied" if refuses == "write" else None)
    with pytest.raises(SourceError, match=says) as told, client._probed(Store(tmp_path.as_uri()), "a"):
        pass
    assert told.value.problems[0].code == "store-unusable"
    monkeypatch.undo()
    with client._probed(Store(tmp_path.as_uri()), "a"):
        assert (tmp_path / "probes/a").exists()
    assert not list((tmp_path / "probes").iterdir())


def certified(folder: Path, authority: trustme.CA) -> dict[str, str]:
    """Write down a certificate of an authority for this machine; return dask's settings that name it, without what they begin with."""
    own = authority.issue_cert("127.0.0.1")
    names = {"ca-file": "ca.pem", "cert": "cert.pem", "key": "key.pem"}
    folder.mkdir()
    files = {name: str(folder / file) for name, file in names.items()}
    authority.cert_pem.write_to_path(files["ca-file"])
    own.private_key_pem.write_to_path(files["key"])
    for number, blob in enumerate(own.cert_chain_pems):
        blob.write_to_path(files["cert"], append=number > 0)
    roles = {
        f"{role}.{name}": files[name]
        for role in ("scheduler", "worker", "client")
        for name in ("key", "cert")
    }
    return {"ca-file": files["ca-file"], **roles}


@pytest.mark.long
def test_a_scheduler_that_speaks_tls_is_used_by_whom_its_authority_knows(look: Look, tmp_path: Path) -> None:
    """Another authority, no certificate, and a connection without TLS are refused, each with what to do."""
    ours = certified(tmp_path / "ours", trustme.CA())
    theirs = certified(tmp_path / "theirs", trustme.CA())
    start = "distributed.comm.tls."
    named = {
        f"DASK_{start}{name}".upper().replace(".", "__").replace("-", "_"): file
        for name, file in ours.items()
    }
    folder = tmp_path / "project"
    copied(folder, tags=("en",))
    with started(folder, 1, protocol="tls", **named) as own:
        with (
            dask.config.set({start + name: file for name, file in ours.items()}),
            connected(own.address, look, ()),
        ):
            pass
        only = {ENCRYPTED_ONLY: True}
        for settings, address, code in (
            ({start + name: file for name, file in theirs.items()}, own.address, "scheduler-refuses"),
            ({}, own.address, "scheduler-refuses"),
            ({}, own.address.replace("tls:", "tcp:"), "scheduler-unreachable"),
            (only, own.address.replace("tls:", "tcp:"), "scheduler-refuses"),
        ):
            with (
                dask.config.set(settings),
                pytest.raises(CrewLostError) as refused,
                connected(address, look, ()),
            ):
                pass
            assert (refused.value.problems[0].code, refused.value.problems[0].where) == (code, address)
