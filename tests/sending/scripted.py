"""Mail servers in threads of the tests, over real sockets with real TLS, which answer as they are told."""

from __future__ import annotations

import base64
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import trustme

RESET = struct.pack("ii", 1, 0)  # close with an RST


@cache
def authority() -> trustme.CA:
    """Return the authority of all scripted servers."""
    return trustme.CA()


@cache
def context(name: str = "localhost") -> ssl.SSLContext:
    """Return what a server with a certificate for a name speaks TLS with."""
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority().issue_cert(name).configure_cert(made)
    return made


def trust(folder: Path) -> str:
    """Write the certificate of the authority into a folder; return its file."""
    file = folder / "ca.pem"
    authority().cert_pem.write_to_path(str(file))
    return str(file)


class Hung(Exception):  # noqa: N818 - no error: a script says so
    """The server hangs up."""


@dataclass
class Line:
    """One connection to a scripted server."""

    raw: socket.socket
    said: list[str]
    number: int
    file: Any = None

    def __post_init__(self) -> None:
        self.file = self.raw.makefile("rb")

    def say(self, text: str) -> None:
        """Say a line."""
        self.raw.sendall(text.encode() + b"\r\n")

    def hear(self) -> str:
        """Return the next line of the client. Raises Hung where it has gone."""
        line = self.file.readline()
        if not line:
            raise Hung
        text: str = line.decode(errors="replace").strip()
        self.said.append(text)
        return text

    def encrypt(self, with_: ssl.SSLContext) -> None:
        """Begin TLS."""
        self.raw = with_.wrap_socket(self.raw, server_side=True)
        self.file = self.raw.makefile("rb")

    def cut(self) -> None:
        """Break the connection. Raises Hung."""
        with suppress(OSError):
            self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        raise Hung


@dataclass
class Scripted:
    """What a server does; `said` is what it was told, `taken` the e-mails that it has taken."""

    implicit: bool = False
    context: ssl.SSLContext | None = None
    connections: int = 0
    port: int = 0
    said: list[str] = field(default_factory=list)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    knows: Callable[[str], bool] = lambda _: True  # whether it lets in who says this

    def talk(self, line: Line) -> None:
        """Talk to one client."""
        raise NotImplementedError

    @property
    def tls(self) -> ssl.SSLContext:
        """Return what it speaks TLS with."""
        return self.context or context()


S = TypeVar("S", bound=Scripted)


@contextmanager
def running(server: S) -> Iterator[S]:
    """Serve on a port of this machine until the block ends."""
    opened = socket.create_server(("127.0.0.1", 0))
    server.port = opened.getsockname()[1]
    threads: list[threading.Thread] = []

    def one(raw: socket.socket) -> None:
        with suppress(Hung, OSError), raw:
            raw.settimeout(20)
            if server.implicit:
                raw = server.tls.wrap_socket(raw, server_side=True)
            line = Line(raw, server.said, server.connections)
            try:
                server.talk(line)
            finally:
                line.file.close()
                line.raw.close()

    def listen() -> None:
        with suppress(OSError):
            while True:
                raw, _ = opened.accept()
                server.connections += 1
                threads.append(threading.Thread(target=one, args=(raw,), daemon=True))
                threads[-1].start()

    threads.append(threading.Thread(target=listen, daemon=True))
    threads[0].start()
    try:
        yield server
    finally:
        opened.shutdown(socket.SHUT_RDWR)
        opened.close()
        for thread in threads:
            thread.join(5)


Answers = Mapping[str, str | Callable[[int], str]]


@dataclass
class ScriptedSmtp(Scripted):
    """An SMTP server. `says` has its answers by command, text or a function of how often it was asked; `.` is the final dot.

    `offers` are its mechanisms; `cut_at` breaks the connection after so many bytes of a text; CUT as an answer does so instead.
    """

    says: Answers = field(default_factory=dict)
    offers: str = "PLAIN LOGIN"
    extensions: tuple[str, ...] = ("8BITMIME", "ENHANCEDSTATUSCODES")
    strip: bool = False
    greeting: str = "220 localhost ESMTP"
    cut_at: int = 0
    signed: list[str] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)

    def answer(self, line: Line, command: str, usual: str) -> str:
        """Say what is scripted for a command, or the usual; return it."""
        self.asked[command] = number = self.asked.get(command, 0) + 1
        scripted = self.says.get(command, usual)
        text = scripted(number) if callable(scripted) else scripted
        if text == "CUT":
            line.cut()
        line.say(text)
        return text

    def talk(self, line: Line) -> None:
        """Talk to one client."""
        line.say(self.greeting)
        self.address, self.encrypted = "", self.implicit
        while not self.greeting.startswith(("4", "5")):
            command, _, rest = line.hear().partition(" ")
            if command.upper() == "QUIT":
                line.say("221 bye")
                return
            if command.upper() == "EHLO":
                self._greet(line)
            elif command.upper() == "AUTH":
                self._authenticate(line, *rest.split(" "))
            else:
                self._do(line, command.upper(), rest)

    def _do(self, line: Line, command: str, rest: str) -> None:
        usual = {"STARTTLS": "220 go", "DATA": "354 go"}.get(command, "250 ok")
        said = self.answer(line, command, usual)
        if command == "STARTTLS" and said.startswith("2"):
            line.encrypt(self.tls)
            self.encrypted = True
        elif command == "RCPT":
            self.address = rest.split("<")[1].split(">", maxsplit=1)[0]
        elif command == "DATA" and said.startswith("3"):
            self._take(line, self.address)

    def _greet(self, line: Line) -> None:
        lines = ["localhost", *self.extensions]
        lines += [] if self.encrypted or self.strip else ["STARTTLS"]
        lines += [f"AUTH {self.offers}"] if self.encrypted and self.offers else []
        for number, each in enumerate(lines, 1):
            line.say(f"250{' ' if number == len(lines) else '-'}{each}")

    def _authenticate(self, line: Line, mechanism: str, first: str = "") -> None:
        if mechanism in {"LOGIN", "CRAM-MD5"}:
            line.say(f"334 {base64.b64encode(b'<1@localhost>').decode()}")
            first += " " + line.hear()
        self.signed.append(" ".join(base64.b64decode(part).decode() for part in first.split()))
        scripted = self.says.get("AUTH", "235 2.7.0 ok" if self.knows(self.signed[-1]) else "535 5.7.3 no")
        text = scripted(len(self.signed)) if callable(scripted) else scripted
        if mechanism == "XOAUTH2" and text.startswith("5"):
            line.say("334 " + base64.b64encode(b'{"status":"400","schemes":"Bearer"}').decode())
            line.hear()
        line.say(text)

    def _take(self, line: Line, address: str) -> None:
        body = b""
        while not body.endswith(b"\r\n.\r\n"):
            got = line.file.readline()
            if not got:
                raise Hung
            body += got
            if self.cut_at and len(body) > self.cut_at:
                line.cut()
        number = self.asked.get(".", 0) + 1
        scripted = self.says.get(".", "250 2.0.0 queued")
        text = scripted(number) if callable(scripted) else scripted
        if text.startswith("2") or text == "CUT":
            self.taken.append((address, body))
        self.answer(line, ".", text)


@dataclass
class ScriptedImap(Scripted):
    """An IMAP server. `says` has its answers by command, without the tag; CUT breaks the connection.

    `folders` are lines of LIST; `cut_after` breaks the connection when so many bytes of a text came.
    """

    says: Answers = field(default_factory=dict)
    can: str = "SASL-IR AUTH=PLAIN"
    can_then: str = ""  # what it says that it can after a sign-in, where that is more
    greeting: str = ""
    folders: tuple[str, ...] = ('(\\Drafts) "/" "Drafts"',)
    special: str = ""  # the line of LIST for whoever asks for SPECIAL-USE
    cut_late: bool = False
    implicit: bool = True
    signed: list[str] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)

    def talk(self, line: Line) -> None:
        """Talk to one client."""
        line.say(self.greeting or f"* OK [CAPABILITY IMAP4rev1 {self.can}] ready")
        while True:
            tag, command, *rest = [*line.hear().split(" ", 2), "", ""]
            command = command.upper()
            self.asked[command] = number = self.asked.get(command, 0) + 1
            scripted = self.says.get(command, "")
            text = scripted(number) if callable(scripted) else scripted
            if text == "CUT":
                line.cut()
            if text.startswith("* BYE"):
                line.say(text)
                return
            done = self._do(
                line, command, rest[0] if rest else "", refused=bool(text) and not text.startswith("OK")
            )
            line.say(f"{tag} {text or done}")
            if command == "LOGOUT":
                return
            if command == "STARTTLS" and (text or done).startswith("OK"):
                line.encrypt(self.tls)

    def _do(self, line: Line, command: str, rest: str, *, refused: bool) -> str:
        if command == "LIST" and "SPECIAL-USE" in rest and "SPECIAL-USE" in self.can_then:
            line.say(f"* LIST {self.special}")
        elif command == "LOGIN":
            self.signed.append(rest)
        elif command == "AUTHENTICATE":
            return self._authenticate(line, rest, refused=refused)
        elif command == "APPEND" and not refused:
            self._take(line, rest)
        elif not refused:
            for each in self._lines(command):
                line.say(f"* {each}")
        return "OK done"

    def _lines(self, command: str) -> list[str]:
        listed = [f"LIST {folder}" for folder in self.folders]
        shown = {"LIST": listed, "STATUS": ['STATUS "x" (MESSAGES 0)'], "LOGOUT": ["BYE"]}
        can = self.can_then if self.signed and self.can_then else self.can
        return {**shown, "CAPABILITY": [f"CAPABILITY IMAP4rev1 {can}"]}.get(command, [])

    def _authenticate(self, line: Line, mechanism: str, *, refused: bool) -> str:
        line.say("+ ")
        self.signed.append(base64.b64decode(line.hear()).decode())
        refused = refused or not self.knows(self.signed[-1])
        if refused and mechanism == "XOAUTH2":
            line.say("+ " + base64.b64encode(b'{"status":"400"}').decode())
            line.hear()
        return "NO [AUTHENTICATIONFAILED] no" if refused else "OK done"

    def _take(self, line: Line, rest: str) -> None:
        line.say("+ go")
        size = re.search(r"\{(\d+)\}", rest)
        body = line.file.read(int(size[1]) if size else 0)
        line.file.readline()
        self.taken.append((rest.split('"')[1], body))
        if self.cut_late:
            line.cut()
