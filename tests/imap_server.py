"""A real IMAP server for the tests: Dovecot on a port of this machine, with TLS and a password, as root only."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

USER, PASSWORD = "handouts", "correct-horse"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
ssl_dh =
disable_plaintext_auth = yes
mail_location = maildir:{folder}/mail
first_valid_uid = 1
auth_mechanisms = plain login {mechanism}
passdb {{
  driver = {driver}
  args = {arguments}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/home
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Entwürfe {{
    auto = create
    special_use = \\Drafts
  }}
}}
"""
OAUTH2 = """
introspection_mode = get
introspection_url = {url}
force_introspection = yes
username_attribute = user
active_attribute = active
active_value = true
"""


@dataclass(frozen=True)
class Mailbox:
    """A running server: its port, and the certificate of its authority."""

    port: int
    authority: Path


def lacking() -> str:
    """Return what keeps Dovecot from running here, or nothing."""
    if shutil.which("dovecot") is None:
        return "no Dovecot on this machine; run make setup-servers"
    return "" if os.geteuid() == 0 else "Dovecot needs root"


@contextmanager
def running(introspection: str = "") -> Iterator[Mailbox]:
    """Run Dovecot in a folder of its own, with a short name: that of a socket has at most 108 characters.

    With the address of an `introspection` it takes tokens (XOAUTH2) that are good there, and no password.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield from _running(folder, introspection)


def _running(folder: Path, introspection: str) -> Iterator[Mailbox]:
    """Yield the mailbox of a folder as long as it is served."""
    tokens = folder / "oauth2.conf"
    tokens.write_text(OAUTH2.format(url=introspection), encoding="utf-8")
    password = {"mechanism": "", "driver": "static", "arguments": f"password={{plain}}{PASSWORD}"}
    ways = {"mechanism": "xoauth2", "driver": "oauth2", "arguments": tokens} if introspection else password
    for name in ("mail", "home", "run", "state"):
        (folder / name).mkdir()
    for name in ("mail", "home"):
        shutil.chown(folder / name, "nobody", "nogroup")
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    (folder / "cert.pem").write_bytes(b"".join(part.bytes() for part in certificate.cert_chain_pems))
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = folder / "dovecot.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, **ways), encoding="utf-8")
    with subprocess.Popen(["dovecot", "-F", "-c", str(config)], stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield Mailbox(port, folder / "ca.pem")
        finally:
            server.terminate()
            server.wait(20)
