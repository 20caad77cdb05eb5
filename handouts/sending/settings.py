"""How a clinic sends: its servers and its pace from a TOML file, its passwords from anywhere else."""

from __future__ import annotations

import importlib
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from handouts.characters import forbidden
from handouts.files import read_outside
from handouts.mail.addresses import ADDRESS_FIX, HOST, NAME_FIX, address_fault, name_fault
from handouts.problems import Problem, SourceError, did_you_mean

Security = Literal["starttls", "tls"]
Purpose = Literal["smtp", "imap"]
SERVER_KEYS = ("host", "port", "security", "user")
KEYS: Mapping[str, tuple[str, ...]] = {
    "from": ("address", "name", "reply-to"),
    "smtp": SERVER_KEYS,
    "imap": (*SERVER_KEYS, "drafts"),
    "sending": ("per-minute", "pause-after", "retry-after"),
}
PRIVATE = re.compile(r"pass|secret|token|pwd|credential|api.?key", re.IGNORECASE)
HEAD = re.compile(r"\s*\[\[?([^\]]*)\]")
PLACE = re.compile(r"line (\d+), column \d+")
USER = re.compile(r"[!#-~]{1,255}")  # IMAP cannot be told a quote or a letter outside ASCII
LONGEST_SHOWN = 40
HIGHEST_PORT = 65535
FASTEST = 600  # messages a minute
MOST_ERRORS = 1000
MOST_RETRIES, LONGEST_WAIT = 10, 86_400  # a day, in seconds
DRAFTS = "Drafts"
PER_MINUTE, PAUSE_AFTER, RETRIES = 30, 5, (60, 300, 1800)


@dataclass(frozen=True)
class Server:
    """A mail server and who signs in to it, with TLS from the start or by STARTTLS; the password is elsewhere."""

    host: str
    port: int
    security: Security
    user: str


@dataclass(frozen=True)
class Settings:
    """How a clinic sends.

    `reply_to` is empty where answers go to `sender`. `smtp` and `imap` are None where the file has no
    such table; `drafts` is the IMAP folder, in plain Unicode, that drafts are put into. At most `per_minute` messages
    leave in a minute, and none after `pause_after` errors in a row; what the server puts off is tried
    again after each of `retries`, in seconds.
    """

    sender: str
    sender_name: str
    reply_to: str
    smtp: Server | None
    imap: Server | None
    drafts: str
    per_minute: int
    pause_after: int
    retries: tuple[int, ...]


@dataclass(frozen=True)
class _Table:
    """One table of the file. What is not as it should be is added to `problems`; a harmless value comes back.

    No sentence repeats a value: it may be a password that went astray.
    """

    name: str
    values: Mapping[str, Any]
    text: str
    file: str
    problems: list[Problem]

    def tell(self, key: str, what: str, fix: str) -> None:
        """Note a problem at the line of a key, or at that of the table where the key is not there."""
        self.problems.append(Problem("tell", f"{self.file}:{_line(self.text, self.name, key)}", what, fix))

    def words(self, key: str, default: str | None = None) -> str:
        """Return a text; one that is missing is a problem where there is no default."""
        value = self.values.get(key, default)
        if value is None:
            self.tell(key, f"the key “{key}” of [{self.name}] is missing.", f'Add {key} = "…".')
        elif not isinstance(value, str):
            self.tell(key, f"“{key}” has the wrong kind of value.", f'Write a text in quotes: {key} = "…".')
        elif not value and value != default:
            self.tell(key, f"“{key}” is empty.", "Write the text, or remove the key.")
        return value if isinstance(value, str) else ""

    def number(self, key: str, most: int, default: int | None = None) -> int:
        """Return a whole number from 1 to `most`; one that is missing is a problem where there is no default."""
        value = self.values.get(key, default)
        if value is None:
            self.tell(key, f"the key “{key}” of [{self.name}] is missing.", f"Add {key} = ….")
        elif not _is_number(value, most):
            fix = f"Write one from 1 to {most}, without quotes."
            self.tell(key, f"“{key}” is no whole number in reach.", fix)
        return value if _is_number(value, most) else 1


def load_settings(path: Path, problems: list[Problem]) -> Settings | None:
    """Return the settings of a TOML file, or None after adding everything that is wrong with it.

    Needed is [from]; [smtp], [imap] and [sending] may be left out. Problems name keys and lines, never a value.
    Raises nothing.
    """
    found: list[Problem] = []
    text = _text(path, found)
    data = _data(path, text, found)
    settings = None
    if not found:
        settings = _settings(_tables(_Table("", data, text, str(path), found)))
    problems += found
    return None if found else settings


def secret(purpose: Purpose, server: Server) -> str:
    """Return the password for a server: from the environment, else from the keyring of this machine.

    The variable is HANDOUTS_SMTP_PASSWORD or HANDOUTS_IMAP_PASSWORD, the service in the keyring
    handouts-smtp or handouts-imap, its user the server's. Raises SourceError where neither has one that
    can be sent; the password itself is in no message.
    """
    variable, service = f"HANDOUTS_{purpose.upper()}_PASSWORD", f"handouts-{purpose}"
    found = os.environ.get(variable) or _from_keyring(service, server.user)
    if found and found.isprintable():
        return found
    held = "holds a control character" if found else "is not there"
    fix = f"Set {variable} in the environment, or install keyring and run “keyring set {service} {server.user}”."
    raise SourceError([Problem("password", variable, f"the password for {purpose.upper()} {held}.", fix)])


def _from_keyring(service: str, user: str) -> str:
    """Return a password of the machine's keyring, nothing where there is no keyring or it does not open."""
    try:
        found = importlib.import_module("keyring").get_password(service, user)
    except Exception:  # noqa: BLE001 - whatever keeps a keyring shut, the environment is the other way
        return ""
    return found if isinstance(found, str) else ""


def _text(path: Path, problems: list[Problem]) -> str:
    """Return the text of the file, nothing after a problem."""
    data, found = read_outside(path)
    problems += found
    try:
        return (data or b"").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(
            Problem("file-not-utf8", f"{path}:{line}", "the file is not UTF-8.", "Save it as UTF-8.")
        )
    return ""


def _data(path: Path, text: str, problems: list[Problem]) -> dict[str, Any]:
    """Return the text read as TOML, nothing after a problem."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        place = PLACE.search(str(error))
        line = place[1] if place else str(text.count("\n") + 1)
        what = "this is not valid TOML, at this line or in what begins above it."
        problems.append(
            Problem(
                "not-valid-toml-line",
                f"{path}:{line}",
                what,
                "Look for a quote or a bracket that is missing.",
            )
        )
    return {}


def _tables(top: _Table) -> dict[str, _Table]:
    """Return the tables that are there, and empty ones for [from] and [sending] where they are not.

    Passwords and unknown keys are told, wherever in the file they stand.
    """
    for name, key in _private_keys(top.values):
        what = f"{_shown(key)} looks like a password, and a file is no place for one."
        fix = "Take it out, and set HANDOUTS_SMTP_PASSWORD or HANDOUTS_IMAP_PASSWORD in the environment."
        replace(top, name=name).tell(key, what, fix)
    _tell_unknown(top, KEYS)
    given = {name: top.values[name] for name in KEYS if name in top.values}
    for name in (name for name, values in given.items() if not isinstance(values, dict)):
        top.tell(name, f"“{name}” is no table.", f"Begin it with [{name}] on a line of its own.")
    right = {name: values for name, values in given.items() if isinstance(values, dict)}
    whole = {"from": {}, "sending": {}, **right}
    tables = {name: replace(top, name=name, values=values) for name, values in whole.items()}
    for name, table in tables.items():
        _tell_unknown(table, KEYS[name])
    return tables


def _private_keys(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield table and key of everything that looks like a password, however deep it lies."""
    waiting: list[tuple[str, Any]] = [("", data)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, list):
            waiting += [(name, item) for item in value]
        elif isinstance(value, dict):
            yield from ((name, key) for key in value if PRIVATE.search(key))
            waiting += [(name or key, item) for key, item in value.items()]


def _tell_unknown(table: _Table, known: Iterable[str]) -> None:
    """Tell every key that is not known, but for those that look like a password: they have been told."""
    names = tuple(known)
    for key in table.values:
        if key not in names and not PRIVATE.search(key):
            fix = did_you_mean(key[:LONGEST_SHOWN], names)
            table.tell(key, f"{_shown(key)} is not known here.", fix)


def _settings(tables: Mapping[str, _Table]) -> Settings:
    """Return the settings as the tables have them; problems are added to those of the tables."""
    head, sending = tables["from"], tables["sending"]
    smtp, imap = tables.get("smtp"), tables.get("imap")
    return Settings(
        sender=_address(head, "address"),
        sender_name=_name(head),
        reply_to=_address(head, "reply-to", ""),
        smtp=_server(smtp) if smtp else None,
        imap=_server(imap) if imap else None,
        drafts=_folder(imap) if imap else DRAFTS,
        per_minute=sending.number("per-minute", FASTEST, PER_MINUTE),
        pause_after=sending.number("pause-after", MOST_ERRORS, PAUSE_AFTER),
        retries=_retries(sending),
    )


def _address(table: _Table, key: str, default: str | None = None) -> str:
    """Return an address that may stand in the head of a message."""
    text = table.words(key, default)
    fault = address_fault(text) if text else ""
    if fault:
        table.tell(key, f"“{key}” {fault}.", ADDRESS_FIX)
    return text


def _name(table: _Table) -> str:
    """Return the clinic's name as it stands before its address."""
    text = table.words("name")
    fault = name_fault(text)
    if fault:
        table.tell("name", f"“name” {fault}.", NAME_FIX)
    return text


def _server(table: _Table) -> Server:
    """Return a server and who signs in to it."""
    host, user = table.words("host"), table.words("user")
    if host and not HOST.fullmatch(host):
        table.tell(
            "host", "“host” is no name of a server.", 'Write the name alone: host = "mail.clinic.example".'
        )
    if user and not USER.fullmatch(user):
        what = "“user” holds a space, a quote, or a letter outside ASCII."
        table.tell("user", what, "Write the name as your mail server has it.")
    return Server(host, table.number("port", HIGHEST_PORT), _security(table), user)


def _security(table: _Table) -> Security:
    """Return how TLS begins; there is no sending without it."""
    value = table.values.get("security")
    if value == "tls":
        return "tls"
    if value != "starttls":
        what = f"“security” of [{table.name}] is neither starttls nor tls."
        fix = 'TLS is verified or nothing is sent: write security = "starttls" (often port 587 or 143) or "tls".'
        table.tell("security", what, fix)
    return "starttls"


def _folder(table: _Table) -> str:
    """Return the folder for drafts, `Drafts` where none is named."""
    text = table.words("drafts", DRAFTS)
    if forbidden(text) or set(text) & set('"\\') or text != text.strip():
        what = "“drafts” holds a quote, a backslash, a space at its edge, or a character that cannot be seen."
        table.tell("drafts", what, 'Write the folder as your mail program shows it: drafts = "Drafts".')
    return text


def _retries(table: _Table) -> tuple[int, ...]:
    """Return the waits in seconds before what was put off is tried again; there may be none."""
    values = table.values.get("retry-after", list(RETRIES))
    right = isinstance(values, list) and all(_is_number(value, LONGEST_WAIT) for value in values)
    if right and len(values) <= MOST_RETRIES:
        return tuple(values)
    fix = f"Write at most {MOST_RETRIES} numbers from 1 to {LONGEST_WAIT}: retry-after = [60, 300]."
    table.tell("retry-after", "“retry-after” is no list of seconds.", fix)
    return ()


def _is_number(value: object, most: int) -> bool:
    """Whether a value is a whole number from 1 to `most`; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _shown(key: str) -> str:
    """Return a key as a sentence may name it, whatever was typed in quotes for one."""
    plain = re.fullmatch(rf"[A-Za-z0-9_-]{{1,{LONGEST_SHOWN}}}", key)
    return f"the key “{key}”" if plain else "a key"


def _line(text: str, table: str, key: str) -> int:
    """Return the line that a key of a table stands on, else that of the table, else 1.

    tomllib tells no lines. This reads heads and the beginnings of lines, which is enough for files as people write them.
    """
    inside, best = "", 1
    for number, line in enumerate(text.split("\n"), start=1):
        head = HEAD.match(line)
        if head:
            inside = head[1].replace('"', "").strip().split(".")[0]
        name = line.split("=", 1)[0].strip().strip("\"'")
        if not head and inside == table and name == key:
            return number
        if best == 1 and (inside if head else not inside and name.split(".")[0]) == (table or key):
            best = number
    return best
