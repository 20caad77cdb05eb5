"""Messages as independent parsers read them: Python's own, mailparser, postal-mime, and Perl's MIME::Parser.

Each is a function from raw messages to what it read, many in one process, since starting Node or Perl
takes longer than reading. What only the way of writing differs in is made alike: names of headers are in
small letters, lines end in a line feed, none at the end of a text (postal-mime
adds one); a content id is without its brackets.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parent


class Part(NamedTuple):
    """A leaf of a message: a text without a file name is decoded, everything else is bytes."""

    content_type: str
    file_name: str
    content: str | bytes
    content_id: str


@dataclass(frozen=True)
class Parsed:
    """A message as a parser read it: its subject, every header of its top with its name, its leaves in order."""

    subject: str
    headers: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]

    def all(self, name: str) -> list[str]:
        """Return the values of a header, which may stand there more than once."""
        return [value for each, value in self.headers if each == name.lower()]


Parser = Callable[[Sequence[bytes]], list[Parsed]]


def by_python(messages: Sequence[bytes]) -> list[Parsed]:
    """Read messages by Python's email package, with its newer policy."""
    return [_by_python(raw) for raw in messages]


def _by_python(raw: bytes) -> Parsed:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    parts = [
        {
            "type": leaf.get_content_type(),
            "name": leaf.get_filename(""),
            "id": str(leaf.get("Content-ID", "")),
            "text": leaf.get_content()
            if leaf.get_content_maintype() == "text" and not leaf.get_filename()
            else None,
            "bytes": leaf.get_payload(decode=True),
        }
        for leaf in message.walk()
        if not leaf.is_multipart()
    ]
    headers = [[name, str(value)] for name, value in message.items()]
    return _alike({"subject": str(message.get("Subject", "")), "headers": headers, "parts": parts})


def by_mailparser(messages: Sequence[bytes]) -> list[Parsed]:
    """Read messages by mailparser, of npm."""
    return [_alike(read) for read in _by_node(tuple(messages))["mailparser"]]


def by_postal_mime(messages: Sequence[bytes]) -> list[Parsed]:
    """Read messages by postal-mime, of npm."""
    return [_alike(read) for read in _by_node(tuple(messages))["postal-mime"]]


def by_perl(messages: Sequence[bytes]) -> list[Parsed]:
    """Read messages by MIME::Parser, of Perl's MIME-tools."""
    return [_alike(read) for read in _ask(["perl", str(FOLDER / "perl/mime.pl")], messages)]


PARSERS: Mapping[str, Parser] = {
    "Python": by_python,
    "mailparser": by_mailparser,
    "postal-mime": by_postal_mime,
    "MIME::Parser": by_perl,
}


@cache
def missing(name: str) -> str:
    """Return why a parser cannot run here, or nothing if it can."""
    if name in {"mailparser", "postal-mime"}:
        there = shutil.which("node") and (FOLDER / "node/node_modules" / name).is_dir()
        return "" if there else f"no {name} here; run make setup-node"
    if name == "MIME::Parser":
        perl = shutil.which("perl")
        there = (
            perl
            and not subprocess.run(
                [perl, "-MMIME::Parser", "-MJSON::PP", "-e1"], check=False, capture_output=True
            ).returncode
        )
        return "" if there else "no MIME::Parser on this machine; install libmime-tools-perl"
    return ""


@cache
def _by_node(messages: tuple[bytes, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return what both parsers of npm read; the second that asks for the same gets the same answer."""
    found: dict[str, list[dict[str, Any]]] = _ask(["node", str(FOLDER / "node/mime.mjs")], messages)
    return found


def _ask(command: list[str], messages: Sequence[bytes]) -> Any:
    """Give messages to a program and return its answer. Raises RuntimeError where it stops."""
    given = json.dumps([base64.b64encode(raw).decode() for raw in messages])
    done = subprocess.run(command, input=given, capture_output=True, check=False, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"{Path(command[1]).name} stopped: {done.stderr.strip()}")
    return json.loads(done.stdout)


def _alike(read: Mapping[str, Any]) -> Parsed:
    """Return what was read, without what only the way of writing differs in."""
    return Parsed(
        read["subject"],
        tuple((name.lower(), value.strip()) for name, value in read["headers"]),
        tuple(
            Part(each["type"], each["name"], _content(each), each["id"].strip().strip("<>"))
            for each in read["parts"]
        ),
    )


def _content(part: Mapping[str, Any]) -> str | bytes:
    text, data = part.get("text"), part.get("bytes")
    if isinstance(text, str):
        return re.sub(r"\r\n?", "\n", text).rstrip("\n")
    return data if isinstance(data, bytes) else base64.b64decode(str(data))
