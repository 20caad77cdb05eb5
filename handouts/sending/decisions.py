"""What a person must decide of e-mails that did not go, or may not have: what is told of them, and what is written down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from handouts.problems import Problem, in_command, in_file
from handouts.sending.ledger import Entry, Fate, Ledger

Decision = Literal["sent", "again", "bounced"]
CODES = re.compile(r"\d{3}(?: \d\.\d{1,3}\.\d{1,3})?|[A-Za-z]\w*")  # the part of a reply that names no one
RESOLVE = "python3 build.py mail resolve {key}"
# By fate: the code of the problem, what it is, and how to mend it.
NOT_SENT: Mapping[Fate, tuple[str, str, str]] = {
    "put-off": (
        "email-put-off",
        "the {noun} {gone} yet",
        "Run the same command again later: it goes then, and nobody gets one twice.",
    ),
    "refused": (
        "email-refused",
        "the server refused the {noun} for this person",
        f"Ask for another address, then: {RESOLVE} --again",
    ),
    "unknown": (
        "email-unknown",
        "no one can tell whether the {noun} {done}",
        f"Look into the mailbox's {{folder}} folder or ask, then: {RESOLVE} --sent, or --again",
    ),
    "bounced": (
        "email-bounced",
        "the {noun} came back, as a person said",
        f"Ask for another address; or send it to this one once more, on purpose: {RESOLVE} --again",
    ),
    "sending": ("email-in-hand", "another run is sending the {noun}", "Wait until that has ended."),
}


def is_draft(entry: Entry) -> bool:
    """Whether an entry is of a draft in the mailbox, and not of an e-mail to a person."""
    return entry.way == "drafts"


def not_sent(people: Path, line: int, entry: Entry) -> Problem:
    """Return the problem of an e-mail that is not sent, or of a draft that is not laid in, without its address."""
    code, what, fix = NOT_SENT[entry.fate]
    named = CODES.match(entry.said)  # the rest may name someone: mail outbox shows it
    reply = f" ({named[0]})" if named else ""
    draft = is_draft(entry)
    words = {
        "noun": "draft" if draft else "e-mail",
        "gone": "is not in the mailbox" if draft else "has not gone out",
        "done": "is in the mailbox" if draft else "was sent",
        "folder": "drafts" if draft else "sent",
        "key": entry.key,
    }
    return in_file(code, str(people), f"{what.format(**words)}{reply}.", fix.format(**words), line=line)


def resolve(ledger: Ledger, key: str, decision: Decision) -> list[Problem]:
    """Write down what a person decided of an e-mail; return what is wrong with that.

    It was sent, or it may go again, or it came back. What a server has confirmed goes again only after a person said that it
    came back; a draft may always be laid in again, as someone may have deleted it.
    """
    entry = ledger.entry(key)
    if entry is None:
        what = "there is no such e-mail in the ledger."
        return [in_command("unknown-email", key, what, "See: python3 build.py mail outbox")]
    if decision == "again" and entry.fate == "sent" and not is_draft(entry):
        what = "this e-mail was sent, as the server has confirmed."
        fix = f"Nobody gets a handout twice. If it came back: {RESOLVE.format(key=key)} --bounced, and then --again."
        return [Problem("email-sent", key, what, fix)]
    if decision == "bounced" and (entry.fate not in {"sent", "unknown"} or is_draft(entry)):
        what = "only what was sent can come back, and this was not."
        return [Problem("email-not-sent", key, what, "See: python3 build.py mail outbox")]
    # Again with the same Message-ID: a mailbox that has it may recognise it.
    fates: Mapping[Decision, Fate] = {"sent": "sent", "again": "put-off", "bounced": "bounced"}
    ledger.end(key, fates[decision], "said by a person")
    return []
