"""What keeps a scheduler or a worker from its work is told with its address and what to do there, by what is the matter."""

from __future__ import annotations

import errno
import ssl
from pathlib import Path

import pytest

from handouts.cluster import refusals
from handouts.cluster.greeting import Credentials, Greeting
from handouts.problems import Problem

WORKER = "tcp://10.0.0.9:1"
OURS = Credentials("a1", {"weasyprint": "70.0"})


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
    assert says in refusals.unreachable("tls://10.0.0.5:8786", error, only_encrypted=True).what
    found = refusals.unreachable("tcp://10.0.0.5:8786", error, only_encrypted=False)
    assert found.code == "scheduler-unreachable"


def test_a_machine_that_may_only_speak_tls_says_so() -> None:
    """The address is right, and the scheduler may be up: it is this machine's setting that refuses."""
    error = RuntimeError("encryption required")
    found = refusals.unreachable("tcp://10.0.0.5:8786", error, only_encrypted=True)
    assert (found.code, found.fix) == ("scheduler-refuses", "Write tls:// in its address.")


@pytest.mark.parametrize(
    ("error", "code", "what", "fix"),
    [
        (refusals.OtherCodeError(), "worker-differs", "was changed while it ran", "start it again"),
        (
            ModuleNotFoundError("No module", name="pydyf.x"),
            "worker-fault",
            "package “pydyf”",
            "make setup-cluster",
        ),
        (MemoryError(), "worker-fault", "too little memory", "--nthreads"),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "worker-fault",
            "no room left",
            "Make room on its disk",
        ),
        (
            OSError(errno.EAGAIN, "Resource temporarily unavailable"),
            "worker-fault",
            "Resource temp",
            "may read",
        ),
        (KeyError("colour"), "program-fault", "KeyError", ".cache/fault.txt"),
    ],
)
def test_a_fault_of_a_worker_is_told_with_its_address_and_what_to_do(
    tmp_path: Path, error: Exception, code: str, what: str, fix: str
) -> None:
    """Each by its kind; what an error says is not repeated, as it may hold an address or a password."""
    found = refusals.fault_of(WORKER, error, tmp_path / ".cache")
    assert (found.code, found.where) == (code, WORKER)
    assert what in found.what
    assert fix in found.fix
    assert "colour" not in str(found)
    assert (tmp_path / ".cache/fault.txt").exists() == (code == "program-fault")


def test_a_worker_is_refused_by_what_it_has_answered() -> None:
    """What it lacks comes before what keeps it from the store; a fault of its own before all."""
    fault = Problem("worker-fault", WORKER, "it is full.", "Make room.")
    crashed = Problem("program-fault", WORKER, "it fell.", "See .cache/fault.txt.")
    told = refusals.of_greeting(WORKER, OURS, Greeting(Credentials("a1"), fault=crashed))
    assert told
    assert (
        told.fix
        == "See .cache/fault.txt. That file lies in the worker's own folder, below its --local-directory."
    )
    others = Credentials("a1", {"weasyprint": "69.0"})
    assert refusals.of_greeting(WORKER, OURS, Greeting(OURS)) is None
    assert refusals.of_greeting(WORKER, OURS, Greeting(Credentials("a1"), fault=fault)) == fault
    found = [refusals.of_greeting(WORKER, OURS, Greeting(own, "it may not.")) for own in (OURS, others)]
    assert [each and each.code for each in found] == ["worker-without-store", "worker-differs"]
