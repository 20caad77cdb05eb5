"""The way to a cluster: a scheduler is looked for and asked, its workers are greeted, and what keeps them from their work is told.

with connected("tcp://10.0.0.5:8786", look, families, store=Store("file:///mnt/handouts")) as crew:
    build(…, crew=crew)
"""

from __future__ import annotations

import asyncio
import logging
import socket
import uuid
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from handouts.cluster import refusals
from handouts.cluster.crew import FIRST_WORKER, ClusterCrew
from handouts.cluster.store import OPTION, PROBES, SEEN, Store
from handouts.cluster.tasks import WorkerInput
from handouts.library.crew import CrewLostError
from handouts.problems import Problem, refuse
from handouts.sources.look import Look, code_digest

ANSWER = 10.0  # seconds in which a scheduler must answer
AT_ONCE = 0.5  # seconds that the end of a broken connection may take
LOGGERS = ("distributed", "distributed.client", "distributed.core", "distributed.comm", "tornado", "asyncio")
ENCRYPTED_ONLY = "distributed.comm.require-encryption"  # dask's setting


@contextmanager
def connected(
    address: str, look: Look, families: Iterable[str], store: Store | None = None
) -> Iterator[ClusterCrew]:
    """Yield the workers of a scheduler, greeted, for pages in this look and these fonts.

    What is made lies in the `store`, if there is one, before it is collected. Raises SourceError where the store cannot be
    used, and CrewLostError where the scheduler cannot be reached, has no worker, or one of them is not as it must be.
    """
    refuse([problem] if store and (problem := store.problem()) else [])
    probe = uuid.uuid4().hex
    given = WorkerInput(look, tuple(sorted(set(families))), store, probe)
    with _client(address) as client, _probed(store, probe):
        crew = ClusterCrew(client, address, given)
        try:
            crew.greet()
            yield crew
        finally:
            crew.rest()


@contextmanager
def _probed(store: Store | None, probe: str) -> Iterator[None]:
    """Leave something in the store for workers to see, as long as the block takes."""
    if store:
        refused = store.write(f"{PROBES}/{probe}", SEEN)
        trouble = f"cannot be written: {refused}" if refused else ""
        if not trouble and store.read(f"{PROBES}/{probe}") != SEEN:
            trouble = "cannot be read: what was just put there is not found"
        if trouble:
            what, fix = f"the store {store.shown} {trouble}.", "Look at its address, and at who may use it."
            refuse([Problem("store-unusable", OPTION, what, fix)])
    try:
        yield
    finally:
        if store:
            store.remove(f"{PROBES}/{probe}")


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Yield a client of a scheduler that has a worker."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # versions that differ are told by `greet`, as far as they count
        from distributed import Client

        for name in LOGGERS:  # what it would log is told as a problem
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        _refuse_unknown(address)
        try:
            client = Client(address, timeout=ANSWER, set_as_default=False)
        except (OSError, TimeoutError, RuntimeError) as error:
            raise CrewLostError(refusals.gone(address)) from error
    try:
        _refuse_without_code(client, address)
        _wait_for_worker(client, address)
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=ANSWER if client.status == "running" else AT_ONCE)


def _refuse_unknown(address: str) -> None:
    """Raise CrewLostError where no scheduler answers at an address: a client would wait for it, and complain as it is given up."""
    from dask import config

    host = urlsplit(address).hostname or ""
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError) as error:
        raise CrewLostError(refusals.no_such_machine(address, host)) from error
    try:
        kind = asyncio.run(asyncio.wait_for(_kind_of(address), ANSWER))
    except Exception as error:  # whatever listens there may send anything
        only_encrypted = bool(config.get(ENCRYPTED_ONLY, default=False))
        raise CrewLostError(refusals.unreachable(address, error, only_encrypted=only_encrypted)) from error
    if kind != "Scheduler":
        raise CrewLostError(refusals.not_a_scheduler(address, kind))


async def _kind_of(address: str) -> str:
    """Return what listens at an address by its own word: `Scheduler`, `Worker`. Raises what keeps it from answering."""
    from distributed.comm import connect
    from distributed.security import Security

    comm = await connect(address, timeout=ANSWER, **Security().get_connection_args("client"))
    try:
        await comm.write({"op": "identity", "reply": True})
        return str((await comm.read())["type"])
    finally:
        await comm.close()


def _refuse_without_code(client: Any, address: str) -> None:
    """Raise CrewLostError where a scheduler cannot read what it is to hand on."""
    try:
        # By itself it would wait for ever.
        client.sync(client.run_on_scheduler, code_digest, callback_timeout=ANSWER)
    except OSError as error:
        raise CrewLostError(refusals.gone(address)) from error
    except Exception as error:  # as it was raised there, or what keeps it from being read
        raise CrewLostError(refusals.scheduler_without_code(address)) from error


def _wait_for_worker(client: Any, address: str) -> None:
    """Wait until there is a worker. Raises CrewLostError where none comes."""
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER)
    except TimeoutError as error:
        raise CrewLostError(refusals.no_workers(address, FIRST_WORKER)) from error
    except OSError as error:
        raise CrewLostError(refusals.gone(address)) from error
