"""The way to a cluster: a scheduler that is not there, is none, or has nobody is told before anything is made."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from handouts.cluster import client
from handouts.cluster.client import connected
from handouts.library.crew import CrewLostError
from handouts.sources.look import Look
from tests.cluster.processes import Processes, started

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
