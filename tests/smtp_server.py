"""A real SMTP server for the tests: TLS with a certificate of its own authority, a password, and moods.

`python -m tests.smtp_server FOLDER` writes `port` and `ca.pem` into the folder, then a line of JSON into
`got.jsonl` for every message before it is confirmed. By the name before the @: `never` is refused for good,
`later` is put off twice, `cut` is taken and the line cut before the answer, `gone` cuts it before the text,
`odd` is taken with another number than usual.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "handouts", "correct horse"


def cut(server: SMTP) -> None:
    """Break the connection, without a word."""
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


class Handler:
    """Takes messages, and writes down what it took."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.put_off: dict[str, int] = {}

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
