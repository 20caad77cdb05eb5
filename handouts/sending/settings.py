"""How a clinic sends: its servers and its pace, from a TOML file that holds no password."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, cast

from handouts.characters import forbidden
from handouts.mail.addresses import ADDRESS_FIX, DISPLAY_NAME_FIX, HOST, address_fault, name_fault
from handouts.problems import Problem, in_command, in_file
from handouts.sending.tables import Table, is_number, read_tables
from handouts.sources.glossary import Glossary, telling

Security = Literal["starttls", "tls"]
Purpose = Literal["smtp", "imap"]
Auth = Literal["password", "microsoft", "google", "none"]
Way = Literal["smtp", "graph"]
SERVER_KEYS = ("host", "port", "security", "user", "auth")
TABLES: Mapping[str, tuple[str, ...]] = {
    "from": ("address", "name", "reply-to", "subject-prefix"),
    "smtp": SERVER_KEYS,
    "imap": (*SERVER_KEYS, "drafts", "sent"),
    "sending": ("per-minute", "pause-after", "retry-after", "transport"),
    "microsoft": ("client-id", "tenant", "user"),
    "google": ("client-id",),
}
# Whose servers file a copy of what is sent by themselves.
FILES_COPIES = re.compile(r"(^|\.)(gmail\.com|googlemail\.com|office365\.com|outlook\.com)$", re.IGNORECASE)
CLIENT_ID, TENANT = re.compile(r"[A-Za-z0-9._-]{5,200}"), re.compile(r"[A-Za-z0-9.-]{3,253}")
PROVIDERS: tuple[Auth, ...] = ("microsoft", "google")
AUTHS: tuple[Auth, ...] = ("password", *PROVIDERS, "none")
WAYS: tuple[Way, ...] = ("smtp", "graph")
T = TypeVar("T", bound=str)
USER = re.compile(r"[!#-~]{1,255}")  # IMAP cannot be told a quote or a letter outside ASCII
HIGHEST_PORT = 65535
FASTEST = 600  # e-mails a minute
MOST_ERRORS = 1000
MOST_RETRIES, LONGEST_PAUSE = 10, 86_400  # a day, in seconds
LONGEST_PREFIX = 30  # characters before the subject
PER_MINUTE, PAUSE_AFTER, RETRIES = 30, 5, (60, 300, 1800)


@dataclass(frozen=True)
class Server:
    """A mail server and who signs in to it, with TLS from the start or by STARTTLS; password and token are elsewhere.

    `auth` is what it is signed in to with; a relay that knows the machine wants nothing, and then `user` is empty.
    """

    host: str
    port: int
    security: Security
    user: str
    auth: Auth = "password"

    @property
    def by_token(self) -> bool:
        """Whether it is signed in to with a token, which a provider gives."""
        return self.auth in PROVIDERS


@dataclass(frozen=True)
class Registration:
    """What a clinic's administrator has registered with Microsoft or Google, so that this program may sign in.

    `tenant` is the clinic's directory at Microsoft, `user` the mailbox that signs in where no server names it.
    """

    client_id: str
    tenant: str = ""
    user: str = ""


@dataclass(frozen=True)
class Settings:
    """How a clinic sends.

    `reply_to` is empty where answers go to `sender`. `smtp` and `imap` are None where the file has no
    such table; `drafts` is the IMAP folder, in plain Unicode, that drafts are put into, empty where the mailbox says which;
    `sent` the one that copies of what was sent are put into, empty where none are. At most `per_minute` e-mails
    leave in a minute, and none after `pause_after` errors in a row; what the server puts off is tried
    again after each of `retries`, in seconds. `way` is how they leave; `subject_prefix` stands before every subject.
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
    sent: str = ""
    way: Way = "smtp"
    subject_prefix: str = ""
    microsoft: Registration | None = None
    google: Registration | None = None


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
        lacking = in_command(
            "settings-missing", "--settings", "the settings of the mail server are missing.", fix
        )
        return None, [lacking] if needed else []
    settings, problems = load_settings(path)
    if settings and needed and settings.way != "graph" and getattr(settings, needed) is None:
        what, fix = f"the table [{needed}] is missing.", f"Add [{needed}], as docs/mail.example.toml has it."
        problems.append(in_file("missing-key", str(path), what, fix))
    return settings, problems


def prefix_problems(settings: Settings, path: Path, glossary: Glossary) -> list[Problem]:
    """Return what a prefix tells of an illness: it stands before every subject, where a list of mail shows it."""
    words = telling(glossary, settings.subject_prefix)
    if not words:
        return []
    what = (
        f"“subject-prefix” tells of an illness (“{words[0]}”), and everyone who sees a list of mail reads it."
    )
    return [
        in_file("prefix-tells", str(path), what, 'Write what your mail system wants alone, as in "[secure]".')
    ]


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
    way = _one_of(sending, "transport", WAYS)
    settings = Settings(
        sender=_address(head, "address"),
        sender_name=_name(head),
        reply_to=_address(head, "reply-to", ""),
        smtp=_server(smtp) if smtp else None,
        imap=_server(imap) if imap else None,
        drafts=_folder(imap, "drafts") if imap else "",
        sent=_folder(imap, "sent") if imap else "",
        per_minute=sending.number("per-minute", FASTEST, PER_MINUTE),
        pause_after=sending.number("pause-after", MOST_ERRORS, PAUSE_AFTER),
        retries=_retries(sending),
        way=way,
        subject_prefix=_prefix(head),
        microsoft=_registration(tables.get("microsoft")),
        google=_registration(tables.get("google")),
    )
    _check_together(tables, settings)
    return settings


def _check_together(tables: Mapping[str, Table], settings: Settings) -> None:
    """Add a problem for what two tables do not agree about: a sign-in without its registration, copies that are filed anyway."""
    servers = [(name, getattr(settings, name)) for name in ("smtp", "imap")]
    wanted = [(name, server.auth, "auth") for name, server in servers if server]
    wanted += [("sending", "microsoft", "transport")] if settings.way == "graph" else []
    for name, auth, key in wanted:
        if auth in PROVIDERS and auth not in tables:
            what = f"the table [{auth}] is missing, which this needs."
            tables[name].add_problem(
                "missing-key", key, what, f"Add [{auth}], as docs/mail.example.toml has it."
            )
    sends = settings.smtp
    by_itself = settings.way == "graph" or (sends and (sends.by_token or FILES_COPIES.search(sends.host)))
    if settings.sent and by_itself:
        what = "this provider files a copy of what is sent by itself: there would be two."
        tables["imap"].add_problem("copies-filed-twice", "sent", what, "Take “sent” out.")


def _registration(table: Table | None) -> Registration | None:
    """Return what was registered with a provider; a tenant is Microsoft's alone."""
    if table is None:
        return None
    client, is_microsoft = table.words("client-id"), table.name == "microsoft"
    tenant = table.words("tenant") if is_microsoft else ""
    for key, text, rule in (("client-id", client, CLIENT_ID), ("tenant", tenant, TENANT)):
        if text and not rule.fullmatch(text):
            what = f"“{key}” must be the id alone, as the administrator's page shows it."
            table.add_problem("invalid-id", key, what, "Copy it from there.")
    return Registration(client, tenant, _address(table, "user", ""))


def _one_of(table: Table, key: str, known: tuple[T, ...]) -> T:
    """Return one of a few words, the first where none is given."""
    value = table.values.get(key, known[0])
    if value in known:
        return cast("T", value)
    what = f"“{key}” must be one of: {', '.join(known)}."
    table.add_problem("invalid-choice", key, what, f'Write it as in {key} = "{known[0]}".')
    return known[0]


def _prefix(table: Table) -> str:
    """Return what stands before every subject; whether it tells of an illness is asked where the words for that are known."""
    text = table.words("subject-prefix", "")
    fault = name_fault(text)
    if not fault and len(text) > LONGEST_PREFIX:
        fault = f"is longer than {LONGEST_PREFIX} characters"
    if fault:
        table.add_problem("invalid-prefix", "subject-prefix", f"“subject-prefix” {fault}.", 'Write it as in subject-prefix = "[secure]".')  # fmt: skip
    return text


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
    auth, host = _one_of(table, "auth", AUTHS), _host(table)
    user = table.words("user", "" if auth == "none" else None)
    if user and not USER.fullmatch(user):
        what = "“user” holds a space, a quote, or a letter outside ASCII."
        table.add_problem("invalid-user", "user", what, "Write the name as your mail server has it.")
    return Server(host, table.number("port", HIGHEST_PORT), _security(table), user, auth)


def _host(table: Table) -> str:
    """Return the name of a server, in the letters that the net knows (ü is written in Punycode there)."""
    given = table.words("host")
    host = given if given.isascii() else _punycode(given)
    if host and not HOST.fullmatch(host):
        fix = 'Write it as in host = "mail.clinic.example".'
        table.add_problem("invalid-host", "host", "“host” must be the name of a server alone.", fix)
    return host


def _punycode(name: str) -> str:
    """Return a name in Punycode; as it is where that cannot say it exactly: Python's codec makes ss of ß, another's domain."""
    try:
        coded = name.encode("idna")
        return coded.decode("ascii") if coded.decode("idna") == name.lower() else name
    except UnicodeError:
        return name


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


def _folder(table: Table, key: str) -> str:
    """Return a folder of the mailbox, nothing where none is named."""
    text = table.words(key, "")
    if forbidden(text) or set(text) & set('"\\') or text != text.strip():
        what = f"“{key}” holds a quote, a backslash, a space at its edge, or a character that cannot be seen."
        fix = f'Write the folder as your mail program shows it: {key} = "{key.title()}".'
        table.add_problem("invalid-folder", key, what, fix)
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
