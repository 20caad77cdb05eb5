"""How a clinic sends: its servers and its pace, from a TOML file that holds no password."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from handouts.characters import forbidden
from handouts.mail.addresses import ADDRESS_FIX, DISPLAY_NAME_FIX, HOST, address_fault, name_fault
from handouts.problems import Problem, in_file
from handouts.sending.tables import Table, is_number, read_tables

Security = Literal["starttls", "tls"]
Purpose = Literal["smtp", "imap"]
SERVER_KEYS = ("host", "port", "security", "user")
TABLES: Mapping[str, tuple[str, ...]] = {
    "from": ("address", "name", "reply-to"),
    "smtp": SERVER_KEYS,
    "imap": (*SERVER_KEYS, "drafts"),
    "sending": ("per-minute", "pause-after", "retry-after"),
}
USER = re.compile(r"[!#-~]{1,255}")  # IMAP cannot be told a quote or a letter outside ASCII
HIGHEST_PORT = 65535
FASTEST = 600  # e-mails a minute
MOST_ERRORS = 1000
MOST_RETRIES, LONGEST_PAUSE = 10, 86_400  # a day, in seconds
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


def load_settings(path: Path) -> tuple[Settings | None, list[Problem]]:
    """Return the settings of a TOML file, or None with everything that is wrong in it.

    Needed is [from]; [smtp], [imap] and [sending] may be left out. Problems name keys and lines, never a value.
    Raises nothing.
    """
    tables, problems = read_tables(path, TABLES, ("from", "sending"))
    settings = _settings(tables) if tables else None
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


def _settings(tables: Mapping[str, Table]) -> Settings:
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


def _address(table: Table, key: str, default: str | None = None) -> str:
    """Return an address that may stand in the header of an e-mail."""
    text = table.words(key, default)
    fault = address_fault(text) if text else ""
    if fault:
        table.add_problem("invalid-address", key, f"“{key}” {fault}.", ADDRESS_FIX)
    return text


def _name(table: Table) -> str:
    """Return the clinic's name as it stands before its address."""
    text = table.words("name")
    fault = name_fault(text)
    if fault:
        table.add_problem("invalid-name", "name", f"“name” {fault}.", DISPLAY_NAME_FIX)
    return text


def _server(table: Table) -> Server:
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


def _security(table: Table) -> Security:
    """Return how TLS begins; there is no sending without it."""
    value = table.values.get("security")
    if value == "tls":
        return "tls"
    if value != "starttls":
        what = f"“security” of [{table.name}] must be starttls or tls."
        fix = 'TLS is verified or nothing is sent: write security = "starttls" (often port 587 or 143) or "tls".'
        table.add_problem("invalid-security", "security", what, fix)
    return "starttls"


def _folder(table: Table) -> str:
    """Return the folder for drafts, `Drafts` where none is named."""
    text = table.words("drafts", DRAFTS)
    if forbidden(text) or set(text) & set('"\\') or text != text.strip():
        what = "“drafts” holds a quote, a backslash, a space at its edge, or a character that cannot be seen."
        table.add_problem(
            "invalid-folder",
            "drafts",
            what,
            'Write the folder as your mail program shows it: drafts = "Drafts".',
        )
    return text


def _retries(table: Table) -> tuple[int, ...]:
    """Return the waits in seconds before what was put off is tried again; there may be none."""
    values = table.values.get("retry-after", list(RETRIES))
    right = isinstance(values, list) and all(is_number(value, LONGEST_PAUSE) for value in values)
    if right and len(values) <= MOST_RETRIES:
        return tuple(values)
    what = f"“retry-after” must be a list of at most {MOST_RETRIES} whole numbers from 1 to {LONGEST_PAUSE}."
    table.add_problem(
        "list-expected", "retry-after", what, "Write the seconds, as in retry-after = [60, 300]."
    )
    return ()
