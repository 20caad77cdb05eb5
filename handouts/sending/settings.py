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

from handouts import markup
from handouts.files import read_outside
from handouts.mail.addresses import ADDRESS_FIX, HOST, NAME_FIX, address_fault, name_fault
from handouts.problems import Problem, SourceError, did_you_mean, in_file

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
FASTEST = 600  # e-mails a minute
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
    such table; `drafts` is the IMAP folder, in plain Unicode, that drafts are put into. At most `per_minute` e-mails
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
    """One table of the file. What is wrong in it is added to `problems`; a harmless value comes back.

    No sentence repeats a value: it may be a password that went astray.
    """

    name: str
    values: Mapping[str, Any]
    text: str
    file: str
    problems: list[Problem]

    def add_problem(self, code: str, key: str, what: str, fix: str) -> None:
        """Add a problem at the line of a key, or at that of the table where the key is missing."""
        self.problems.append(in_file(code, self.file, what, fix, line=_line(self.text, self.name, key)))

    def words(self, key: str, default: str | None = None) -> str:
        """Return a text; one that is missing is a problem where there is no default."""
        value = self.values.get(key, default)
        if value is None:
            self._add_missing(key, f'Add {key} = "…".')
        elif not isinstance(value, str):
            self.add_problem(
                "text-expected", key, f"“{key}” must be a text.", f'Write it in quotes: {key} = "…".'
            )
        elif not value and value != default:
            self.add_problem("text-empty", key, f"“{key}” is empty.", "Write the text, or remove the key.")
        return value if isinstance(value, str) else ""

    def number(self, key: str, most: int, default: int | None = None) -> int:
        """Return a whole number from 1 to `most`; one that is missing is a problem where there is no default."""
        value = self.values.get(key, default)
        if value is None:
            self._add_missing(key, f"Add {key} = ….")
        elif not _is_number(value, most):
            what = f"“{key}” must be a whole number from 1 to {most}."
            self.add_problem("number-expected", key, what, "Write it without quotes.")
        return value if _is_number(value, most) else 1

    def _add_missing(self, key: str, fix: str) -> None:
        self.add_problem("missing-key", key, f"the key “{key}” of [{self.name}] is missing.", fix)


def load_settings(path: Path) -> tuple[Settings | None, list[Problem]]:
    """Return the settings of a TOML file, or None with everything that is wrong in it.

    Needed is [from]; [smtp], [imap] and [sending] may be left out. Problems name keys and lines, never a value.
    Raises nothing.
    """
    text, problems = _text(path)
    data = _data(path, text, problems)
    if problems:
        return None, problems
    settings = _settings(_tables(_Table("", data, text, str(path), problems)))
    return None if problems else settings, problems


def settings_for(path: Path | None, needed: Purpose | None) -> tuple[Settings | None, list[Problem]]:
    """Return the settings of a file, and what is wrong, or lacking for the server that is needed.

    Where no server is needed there may be no file.
    """
    if path is None:
        fix = "Copy docs/mail.example.toml, fill it in, and name it with --settings."
        lacking = Problem(
            "settings-missing", "--settings", "the settings of the mail server are missing.", fix
        )
        return None, [lacking] if needed else []
    settings, problems = load_settings(path)
    if settings and needed and getattr(settings, needed) is None:
        what, fix = f"the table [{needed}] is missing.", f"Add [{needed}], as docs/mail.example.toml has it."
        problems.append(in_file("missing-key", str(path), what, fix))
    return settings, problems


def server_for(settings: Settings, purpose: Purpose) -> Server:
    """Return the server that settings name for a purpose. Raises ValueError where they name none: ask `settings_for` first."""
    server = settings.smtp if purpose == "smtp" else settings.imap
    if server is None:
        raise ValueError(f"the settings have no server for {purpose}")
    return server


def secret(purpose: Purpose, server: Server) -> str:
    """Return the password for a server: from the environment, else from the keyring of this machine.

    The variable is HANDOUTS_SMTP_PASSWORD or HANDOUTS_IMAP_PASSWORD, the service in the keyring
    handouts-smtp or handouts-imap, its user the server's. Raises SourceError where neither has one that
    can be sent; the password itself is in no sentence.
    """
    variable, service = f"HANDOUTS_{purpose.upper()}_PASSWORD", f"handouts-{purpose}"
    found = os.environ.get(variable) or _from_keyring(service, server.user)
    if found and found.isprintable():
        return found
    code, state = (
        ("password-invalid", "holds a control character") if found else ("password-missing", "is missing")
    )
    fix = f"Set {variable} in the environment, or install keyring and run “keyring set {service} {server.user}”."
    raise SourceError([Problem(code, variable, f"the password for {purpose.upper()} {state}.", fix)])


def _from_keyring(service: str, user: str) -> str:
    """Return a password of the machine's keyring, nothing where there is no keyring or it does not open."""
    try:
        found = importlib.import_module("keyring").get_password(service, user)
    except Exception:  # noqa: BLE001 - whatever keeps a keyring shut, the environment is the other way
        return ""
    return found if isinstance(found, str) else ""


def _text(path: Path) -> tuple[str, list[Problem]]:
    """Return the text of the file, or nothing and what is wrong with it."""
    data, problems = read_outside(path)
    try:
        return (data or b"").decode("utf-8-sig"), problems
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return "", [
            in_file("file-not-utf8", str(path), "the file is not UTF-8.", "Save it as UTF-8.", line=line)
        ]


def _data(path: Path, text: str, problems: list[Problem]) -> dict[str, Any]:
    """Return the text read as TOML, nothing after a problem."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        place = PLACE.search(str(error))  # before Python 3.14 tomllib says the line in its sentence alone
        line = int(place[1]) if place else text.count("\n") + 1
        what = "this is not valid TOML, at this line or in what begins above it."
        fix = "Look for a quote or a bracket that is missing."
        problems.append(in_file("invalid-toml", str(path), what, fix, line=line))
    return {}


def _tables(top: _Table) -> dict[str, _Table]:
    """Return the tables that are there, and empty ones for [from] and [sending] where they are missing.

    Passwords and unknown keys are problems, wherever in the file they stand.
    """
    for name, key in _private_keys(top.values):
        what = f"{_shown(key)} looks like a password, which must not be in a file."
        fix = "Take it out, and set HANDOUTS_SMTP_PASSWORD or HANDOUTS_IMAP_PASSWORD in the environment."
        replace(top, name=name).add_problem("password-in-file", key, what, fix)
    _check_keys(top, KEYS)
    given = {name: top.values[name] for name in KEYS if name in top.values}
    for name in (name for name, values in given.items() if not isinstance(values, dict)):
        what, fix = f"“{name}” must be a table.", f"Begin it with [{name}] on a line of its own."
        top.add_problem("table-expected", name, what, fix)
    right = {name: values for name, values in given.items() if isinstance(values, dict)}
    whole = {"from": {}, "sending": {}, **right}
    tables = {name: replace(top, name=name, values=values) for name, values in whole.items()}
    for name, table in tables.items():
        _check_keys(table, KEYS[name])
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


def _check_keys(table: _Table, known: Iterable[str]) -> None:
    """Add a problem for every unknown key, but for those that look like a password: they have one already."""
    names = tuple(known)
    for key in table.values:
        if key not in names and not PRIVATE.search(key):
            fix = did_you_mean(key[:LONGEST_SHOWN], names)
            table.add_problem("unknown-key", key, f"{_shown(key)} is not known here.", fix)


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
    """Return an address that may stand in the header of an e-mail."""
    text = table.words(key, default)
    fault = address_fault(text) if text else ""
    if fault:
        table.add_problem("invalid-address", key, f"“{key}” {fault}.", ADDRESS_FIX)
    return text


def _name(table: _Table) -> str:
    """Return the clinic's name as it stands before its address."""
    text = table.words("name")
    fault = name_fault(text)
    if fault:
        table.add_problem("invalid-name", "name", f"“name” {fault}.", NAME_FIX)
    return text


def _server(table: _Table) -> Server:
    """Return a server and who signs in to it."""
    host, user = table.words("host"), table.words("user")
    if host and not HOST.fullmatch(host):
        what, fix = (
            "“host” must be the name of a server alone.",
            'Write it as in host = "mail.clinic.example".',
        )
        table.add_problem("invalid-host", "host", what, fix)
    if user and not USER.fullmatch(user):
        what = "“user” holds a space, a quote, or a letter outside ASCII."
        table.add_problem("invalid-user", "user", what, "Write the name as your mail server has it.")
    return Server(host, table.number("port", HIGHEST_PORT), _security(table), user)


def _security(table: _Table) -> Security:
    """Return how TLS begins; there is no sending without it."""
    value = table.values.get("security")
    if value == "tls":
        return "tls"
    if value != "starttls":
        what = f"“security” of [{table.name}] must be starttls or tls."
        fix = 'TLS is verified or nothing is sent: write security = "starttls" (often port 587 or 143) or "tls".'
        table.add_problem("invalid-security", "security", what, fix)
    return "starttls"


def _folder(table: _Table) -> str:
    """Return the folder for drafts, `Drafts` where none is named."""
    text = table.words("drafts", DRAFTS)
    if markup.forbidden(text) or set(text) & set('"\\') or text != text.strip():
        what = "“drafts” holds a quote, a backslash, a space at its edge, or a character that cannot be seen."
        table.add_problem(
            "invalid-folder",
            "drafts",
            what,
            'Write the folder as your mail program shows it: drafts = "Drafts".',
        )
    return text


def _retries(table: _Table) -> tuple[int, ...]:
    """Return the waits in seconds before what was put off is tried again; there may be none."""
    values = table.values.get("retry-after", list(RETRIES))
    right = isinstance(values, list) and all(_is_number(value, LONGEST_WAIT) for value in values)
    if right and len(values) <= MOST_RETRIES:
        return tuple(values)
    what = f"“retry-after” must be a list of at most {MOST_RETRIES} whole numbers from 1 to {LONGEST_WAIT}."
    table.add_problem(
        "list-expected", "retry-after", what, "Write the seconds, as in retry-after = [60, 300]."
    )
    return ()


def _is_number(value: object, most: int) -> bool:
    """Whether a value is a whole number from 1 to `most`; true and false do not count as one."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _shown(key: str) -> str:
    """Return a key as a sentence may name it; one in quotes may hold anything."""
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
