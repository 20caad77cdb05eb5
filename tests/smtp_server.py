"""A real SMTP server for the tests: TLS with a certificate of its own authority, a password, and moods.

`python3 -m tests.smtp_server FOLDER` writes `port` and `ca.pem` into the folder, then a line of JSON into
`got.jsonl` for every e-mail before it is confirmed. By the name before the @: `never` is refused for good,
`later` is put off twice, `cut` is taken and the connection broken before the reply, `gone` breaks it before the
text, `odd` is taken with another code than usual.
"""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "handouts", "correct horse"
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class SmtpServer:
    """A running server, and what it has taken."""

    folder: Path

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return int((self.folder / "port").read_text(encoding="utf-8"))

    @property
    def authority(self) -> str:
        """Return the file with the certificate of the authority that vouches for it."""
        return str(self.folder / "ca.pem")

    @property
    def got(self) -> list[dict[str, Any]]:
        """Return the e-mails that it has taken, in order."""
        file = self.folder / "got.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [json.loads(line) for line in lines]


@contextmanager
def running(folder: Path) -> Iterator[SmtpServer]:
    """Run the server in a process of its own, with its files in a new folder."""
    folder.mkdir()
    command = [sys.executable, "-W", "ignore", "-m", "tests.smtp_server", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(400):
                if (folder / "port").exists():
                    break
                time.sleep(0.05)
            yield SmtpServer(folder)
        finally:
            process.kill()


def cut(server: SMTP) -> None:
    """Break the connection, without a word."""
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


class Handler:
    """Takes messages, and writes down what it took."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.put_off: dict[str, int] = {}

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """Let in whoever has a token of the loopback provider (tests/sending/identity.py), and nobody else."""
        said = base64.b64decode(args[1]).decode() if len(args) > 1 else ""
        return AuthResult(success="auth=Bearer access-" in said, handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Answer to one recipient."""
        mood = address.split("@")[0].split("-")[0]
        if mood == "never":
            return f"550 5.1.1 {address} is not here"
        if mood == "later" and self.put_off.setdefault(address, 0) < 2:  # twice
            self.put_off[address] += 1
            return "451 4.7.1 come again"
        if mood == "gone":
            cut(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Write a message down, then confirm it."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=policy.default)
        row = {
            "to": envelope.rcpt_tos,
            "from": envelope.mail_from,
            "subject": str(message["Subject"]),
            "message_id": str(message["Message-ID"]),
            "language": str(message["Content-Language"]),
            "headers": [name for name, _ in message.items()],
            "tls": bool(server.session and server.session.ssl),
            "bytes": len(content),
        }
        with (self.folder / "got.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
            file.flush()
        if envelope.rcpt_tos[0].startswith("cut"):
            cut(server)
        return "251 taken" if envelope.rcpt_tos[0].startswith("odd") else "250 taken"


def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    """Let in who knows the password."""
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)  # False: the answer is still to be given


async def serve(folder: Path) -> None:
    """Serve until the process is ended."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    handler = Handler(folder)

    def one() -> SMTP:
        return SMTP(
            handler, hostname="localhost", tls_context=context, require_starttls=True, auth_required=True,
            auth_require_tls=True, authenticator=authenticate, timeout=60,
        )  # fmt: skip

    server = await asyncio.get_running_loop().create_server(one, "127.0.0.1", 0)
    (folder / "port.tmp").write_text(str(server.sockets[0].getsockname()[1]), encoding="utf-8")
    (folder / "port.tmp").rename(folder / "port")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
