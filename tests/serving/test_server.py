"""A server of ours: on an address of this machine, with a certificate where there is one, until it is interrupted."""

from __future__ import annotations

import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import trustme

from handouts.serving.server import listening

SERVE = """
import sys
from pathlib import Path
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from handouts.serving.server import Certificate, listening, serve

async def answer(_): return PlainTextResponse("here")
files = [Path(name) for name in sys.argv[1:]]
serve(Starlette(routes=[Route("/", answer)]), listening("127.0.0.1", 0), lambda port: print(port, flush=True), Certificate(*files) if files else None)
print("ended in peace", flush=True)
"""


@pytest.mark.parametrize("secure", [False, True])
def test_it_answers_until_it_is_interrupted(tmp_path: Path, *, secure: bool) -> None:
    """With a certificate by TLS, and says nothing of what it is."""
    authority = trustme.CA()
    made = authority.issue_cert("localhost", "127.0.0.1")
    made.cert_chain_pems[0].write_to_path(tmp_path / "certificate")
    made.private_key_pem.write_to_path(tmp_path / "key")
    files = [str(tmp_path / "certificate"), str(tmp_path / "key")] if secure else []
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, *files], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        address = f"{'https' if secure else 'http'}://127.0.0.1:{process.stdout.readline().strip()}/"
        with urllib.request.urlopen(address, context=context if secure else None) as answer:  # noqa: S310 - ours
            assert answer.read() == b"here"
            assert "server" not in answer.headers
        process.send_signal(2)
        assert process.stdout.read() == "ended in peace\n"
        assert process.wait(20) == 0


def test_a_port_that_is_taken_is_refused() -> None:
    """By the machine: the command tells it."""
    with listening("127.0.0.1", 0) as first, pytest.raises(OSError, match="in use"):
        listening("127.0.0.1", first.getsockname()[1])
