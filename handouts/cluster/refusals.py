"""What keeps a scheduler or a worker from its work, as problems: which machine, what, and what to do there."""

from __future__ import annotations

import ssl
from dataclasses import replace
from pathlib import Path

from handouts.cluster.greeting import Credentials, Greeting, differences
from handouts.crashes import PROGRAM_FAULT, crash_problem
from handouts.library.make import NO_ROOM
from handouts.problems import Problem

SAME = "Bring it to the same commit, packages and fonts as this machine (git checkout, make setup-cluster), and start it again."
START = "Start it in the folder of the project: .venv/bin/python -m dask …; see docs/operators.md."
ROOM = "Make room on its disk and in its temporary folder, or end it."


class OtherCodeError(Exception):
    """The code of a worker was changed on its disk while it ran."""


def gone(address: str) -> Problem:
    """Return the problem of a scheduler that answers no more."""
    what = "the connection to the scheduler was lost."
    return Problem("scheduler-gone", address, what, "Look whether it runs.")


def no_workers(address: str, seconds: float) -> Problem:
    """Return the problem of a scheduler that has nobody to give work to, for so long."""
    what = f"the scheduler has had no worker for {seconds:.0f} seconds."
    return Problem("scheduler-without-workers", address, what, "Start some; docs/operators.md says how.")


def no_such_machine(address: str, host: str) -> Problem:
    """Return the problem of an address whose machine nobody knows."""
    what = f"this machine knows no other of the name “{host}”."
    return Problem("scheduler-unreachable", address, what, "Look at how it is spelled.")


def not_a_scheduler(address: str, kind: str) -> Problem:
    """Return the problem of an address where another part of a cluster answers."""
    what = f"this is the address of a dask {kind.lower()}, not of its scheduler."
    return Problem("scheduler-unreachable", address, what, "Give that of the scheduler.")


def scheduler_without_code(address: str) -> Problem:
    """Return the problem of a scheduler that cannot read what it is to hand on."""
    what = "the scheduler cannot load the code of this project, or may load none."
    return Problem("scheduler-without-code", address, what, START)


def unreachable(address: str, error: Exception, *, only_encrypted: bool) -> Problem:
    """Return the problem of a scheduler that does not answer; this machine's settings may allow `only_encrypted` connections."""
    is_tls = address.startswith("tls:")
    if only_encrypted and not is_tls:
        what = "dask's settings on this machine allow no connection without TLS."
        return Problem("scheduler-refuses", address, what, "Write tls:// in its address.")
    refused = _refused(error) if is_tls else ""
    if refused:
        fix = "Set distributed.comm.tls for this machine, as dask's documentation has it; see docs/operators.md."
        return Problem("scheduler-refuses", address, refused, fix)
    what = "no dask scheduler answers there."
    fix = "Look at its address, whether it runs, whether this machine may reach it, and whether it speaks TLS (tls://) or not (tcp://)."
    return Problem("scheduler-unreachable", address, what, fix)


def _refused(error: Exception) -> str:
    """Return what is wrong with the certificates of TLS, as a sentence; nothing where it is not they."""
    if isinstance(error, TypeError):
        return "there is no certificate here, which TLS needs."
    if isinstance(error, (FileNotFoundError, PermissionError)):
        return "a certificate or a key that dask's settings name cannot be read."
    causes = (error, error.__cause__, error.__context__)
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return "the certificates of the scheduler and of this machine do not fit, or are of two authorities."
    return ""


def of_greeting(address: str, ours: Credentials, theirs: Greeting) -> Problem | None:
    """Return the problem of a worker by what it has answered, None where it is as it must be."""
    found = differences(ours, theirs.credentials) if not theirs.fault else ""
    if found:
        return Problem("worker-differs", address, f"this worker would make other pages: {found}.", SAME)
    if theirs.fault:
        is_there = theirs.fault.code == PROGRAM_FAULT  # what it could not say is not brought
        fix = " That file lies in the worker's own folder, below its --local-directory." if is_there else ""
        return replace(theirs.fault, fix=theirs.fault.fix + fix)
    if theirs.trouble:
        what = f"this worker cannot use the store: {theirs.trouble}"
        fix = "Mount it there, or give the worker what it needs for it."
        return Problem("worker-without-store", address, what, fix)
    return None


def worker_without_code(address: str) -> Problem:
    """Return the problem of a worker that could not so much as begin to answer."""
    what = "this worker cannot load the code of this project, or may load none."
    return Problem("worker-without-code", address, what, START)


def task_not_taken(address: str, error: Exception) -> Problem:
    """Return the problem of a scheduler of which a worker could not take what it was sent."""
    what = f"a worker of this scheduler could not take its task ({type(error).__name__})."
    return Problem("worker-fault", address, what, "Look into the logs of its workers.")


def worker_silent(address: str, seconds: float) -> Problem:
    """Return the problem of a worker that has been asked, and does not answer."""
    what = f"this worker has not answered for {seconds:.0f} seconds."
    return Problem("worker-fault", address, what, "Look into its log and at its machine, or end it.")


def worker_sends_nonsense(address: str) -> Problem:
    """Return the problem of a worker whose renditions are not whole, or are others', when they arrive."""
    what = "what this worker sends does not arrive as it was made."
    return Problem("worker-fault", address, what, "Look at its memory, its disk and its network, or end it.")


def worker_without_room(address: str) -> Problem:
    """Return the problem of a worker whose disk is full."""
    return Problem("worker-fault", address, "there is no room left on the disk of this worker.", ROOM)


def fault_of(address: str, error: Exception, cache: Path) -> Problem:
    """Return the problem of a worker by what it raised beside its renditions; a fault of the program leaves its trace in the cache."""
    if isinstance(error, OtherCodeError):
        what = "the code of this worker was changed while it ran."
        return Problem("worker-differs", address, what, SAME)
    if isinstance(error, ModuleNotFoundError):
        what = f"this worker lacks the Python package “{(error.name or '').partition('.')[0]}”."
        return Problem("worker-fault", address, what, "Run there: make setup-cluster, and start it again.")
    if isinstance(error, MemoryError):
        what = "the machine of this worker has too little memory."
        return Problem("worker-fault", address, what, "Start it with fewer threads (--nthreads), or end it.")
    if isinstance(error, OSError):
        if error.errno in NO_ROOM:
            return worker_without_room(address)
        what = f"the machine of this worker refused: {error.strerror or type(error).__name__}."
        return Problem("worker-fault", address, what, "Look at what it may read, write and start.")
    return crash_problem(address, error, cache)
