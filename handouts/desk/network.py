"""Where a desk is found: on this machine alone, or on a clinic's network, and what keeps it from being opened there."""

from __future__ import annotations

import ipaddress
import re
import secrets
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from handouts.desk.password import read_password
from handouts.problems import Problem, in_command, in_file
from handouts.serving.server import LOOPBACK, Certificate

HTTPS = 443
TOKEN_BYTES = 24
LISTEN = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:]+)\]|(?P<host>[0-9.]+)):(?P<port>[0-9]{1,5})")
NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
LISTEN_FIX = "Write an address of this machine and a port, as in 192.168.1.20:8443."


@dataclass(frozen=True)
class Network:
    """Where a desk listens and by which names it is called; the hash of its password is in `password_file`.

    On this machine alone there is no password: the address itself cannot be guessed (`base`).
    """

    host: str = LOOPBACK
    port: int = 0
    base: str = ""
    names: tuple[str, ...] = (LOOPBACK, "localhost")
    certificate: Certificate | None = None
    is_open: bool = False
    is_proxied: bool = False
    password_file: Path | None = None

    def origins(self, port: int) -> list[str]:
        """Return what browsers call the desk, when it listens on a port; the first is to be opened."""
        if not self.is_open:
            return [f"http://{name}:{port}" for name in self.names]
        shown = "" if self.is_proxied or port == HTTPS else f":{port}"
        return [f"https://{name}{shown}" for name in self.names]


def this_machine(port: int) -> Network:
    """Return the network of a desk that nobody else can reach, at an address that nobody can guess."""
    return Network(port=port, base=f"/{secrets.token_urlsafe(TOKEN_BYTES)}")


def network_of(
    listen: str,
    names: Sequence[str],
    files: tuple[Path | None, Path | None],
    password_file: Path,
    *,
    behind_proxy: bool,
) -> tuple[Network, list[Problem]]:
    """Return where a desk listens for a network, and everything that makes that unsafe or impossible.

    `files` are the certificate and its key; behind a proxy, which has these, it listens on the loopback.
    """
    _, problems = read_password(password_file)
    found = LISTEN.fullmatch(listen)
    host = (found["six"] or found["host"]) if found else ""
    port = int(found["port"]) if found else 0
    problems += _address_problems(listen, host, port, behind_proxy=behind_proxy)
    names = tuple(name.lower() for name in names)
    problems += _name_problems(names)
    certificate = Certificate(*files) if files[0] and files[1] else None  # type: ignore[arg-type] # both are there
    if behind_proxy:
        problems += _not_with_proxy(files)
    elif certificate is None:
        what = "on a network a desk needs a certificate, or everyone in it could read along."
        fix = "Name both files: --certificate FILE --key FILE; or use --behind-proxy."
        problems.append(in_command("certificate-missing", "--listen", what, fix))
    else:
        problems += _certificate_problems(certificate)
    made = Network(
        host,
        port,
        "",
        names,
        None if behind_proxy else certificate,
        is_open=True,
        is_proxied=behind_proxy,
        password_file=password_file,
    )
    return made, problems


def _address_problems(listen: str, host: str, port: int, *, behind_proxy: bool) -> Iterator[Problem]:
    """Yield what is wrong with the address to listen on."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    if address is None or not 0 < port < 65536:  # noqa: PLR2004 - the ports that there are
        yield in_command(
            "listen-invalid", "--listen", f"“{listen}” is not an address and a port.", LISTEN_FIX
        )
    elif behind_proxy and not address.is_loopback:
        what = "behind a proxy everyone who reaches this address would go around its certificate."
        yield in_command("listen-not-loopback", "--listen", what, f"Write {LOOPBACK}:{port}.")


def _name_problems(names: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with the names of the desk."""
    if not names:
        what = "the name by which browsers find the desk is missing: it answers to no other."
        yield in_command("name-missing", "--name", what, "Add --name HOST, as in handouts.clinic.example.")
    for name in names:
        if not NAME.fullmatch(name):
            what = f"“{name}” is not the name of a host."
            yield in_command("name-invalid", "--name", what, "Write it without https:// and without a port.")


def _not_with_proxy(files: tuple[Path | None, Path | None]) -> Iterator[Problem]:
    """Yield what says nothing where a proxy has the certificate."""
    if any(files):
        what = "behind a proxy the certificate is that of the proxy."
        yield in_command("certificate-unused", "--behind-proxy", what, "Leave --certificate and --key out.")


def _certificate_problems(certificate: Certificate) -> Iterator[Problem]:
    """Yield why a certificate cannot be used."""
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.file, certificate.key, password="")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        what = f"this certificate and {certificate.key} cannot be used together ({reason})."
        fix = "Name a certificate and its key, without a passphrase, both as PEM."
        yield in_file("certificate-unusable", str(certificate.file), what, fix)
