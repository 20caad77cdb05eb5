"""What a person sees of the mail on the terminal: what would go, how it went, what is to be decided."""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from handouts.cli.report import line, table
from handouts.problems import Problem, SourceError
from handouts.sending.ledger import Entry
from handouts.sending.outbox import Errand
from handouts.sending.servers import NoFolderError, Way, WrongPasswordError
from handouts.sending.settings import Server, Settings, load_settings


def settings_for(path: Path | None, *, needed: str) -> tuple[Settings | None, list[Problem]]:
    """Return the settings of a file, and what is wrong or lacking for the way that is needed."""
    if path is None:
        fix = "Copy docs/mail.example.toml, fill it in, and name it with --settings."
        return None, [
            Problem("no-settings-server", "--settings", "there are no settings of a server.", fix)
        ] if needed else []
    found: list[Problem] = []
    known = load_settings(path, found)
    if known and needed and not getattr(known, needed):
        found.append(
            Problem(
                "no-server",
                str(path),
                f"there is no [{needed}] server.",
                f"Add [{needed}], as docs/mail.example.toml has it.",
            )
        )
    return known, found


@contextmanager
def reached(way: Way, server: Server) -> Iterator[Way]:
    """Open a way to a server; what keeps it closed becomes a problem in plain words."""
    where = f"{server.host}:{server.port}"
    try:
        line = way.__enter__()
    except ssl.SSLError as error:
        what = f"its certificate is not good: {error.reason or 'it cannot be verified'}."
        fix = "Ask who runs the server. Nothing is sent over a line that cannot be trusted."
        raise SourceError([Problem("certificate-not-good", where, what, fix)]) from error
    except WrongPasswordError as error:
        fix = "See that user and password are right; the password is in the environment or the keyring."
        raise SourceError(
            [Problem("server-not-take-password", where, "the server does not take the password.", fix)]
        ) from error
    except NoFolderError as error:
        what = f"the mailbox has no folder “{error.filename}”."
        raise SourceError(
            [
                Problem(
                    "mailbox-no-folder",
                    where,
                    what,
                    "Write its name into “drafts” of [imap], as the mailbox has it.",
                )
            ]
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        what = f"the server cannot be used: {getattr(error, 'strerror', None) or type(error).__name__}."
        raise SourceError(
            [Problem("server-cannot-used", where, what, "See that host, port and security are right.")]
        ) from error
    try:
        yield line
    finally:
        way.__exit__(None, None, None)


def no_ledger(path: Path) -> list[Problem]:
    """Return the problem of a ledger that was named and is not there."""
    return [
        Problem(
            "no-such-ledger",
            str(path),
            "there is no such ledger.",
            "See that the name after --ledger is right.",
        )
    ]


def plan(batch: Sequence[Errand], known: Mapping[str, Entry]) -> None:
    """Print who would get what, and what they have got already."""
    heads = ["line", "address", "asked for", "locale", "handout", "layout", "state", "ledger"]
    rows = []
    for errand in batch:
        made, person, entry = errand.page.rendition, errand.person, known.get(errand.key)
        before = f"{entry.fate} {entry.at[:10]}" if entry else "would be sent"
        names = [str(person.line), person.address, person.asked, made.locale]
        rows.append([*names, made.handout, made.layout, errand.page.state, before])
    table(heads, rows)
    new = sum(errand.key not in known or known[errand.key].fate == "put-off" for errand in batch)
    line(f"{new} of {len(batch)} messages would be sent. Nothing has been: add --send.")


def outbox(entries: Sequence[Entry], *, as_json: bool) -> None:
    """Print what a person must decide, one a line, and how many of each fate there are; or all of it as JSON."""
    if as_json:
        line(json.dumps([vars(entry) for entry in entries], ensure_ascii=False, indent=1))
        return
    undecided = [entry for entry in entries if entry.fate != "sent"]
    if undecided:
        rows = [[e.key, e.fate, e.address, e.what, e.way, e.at[:19], e.said] for e in undecided]
        table(["key", "fate", "address", "what", "way", "when (UTC)", "server"], rows)
        line("Decide about what is unknown: python build.py mail resolve KEY --sent, or --again.")
    fates = dict.fromkeys(entry.fate for entry in entries)
    counts = {fate: sum(entry.fate == fate for entry in entries) for fate in fates}
    line(", ".join(f"{count} {fate}" for fate, count in counts.items()) or "Nothing was sent yet.")
