"""A batch of e-mails: who gets what, what may not go, and the sending of it, one e-mail to one person at a time."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from handouts.library.deliver import deliver
from handouts.library.plan import Choice, chosen_places, plan
from handouts.mail.message import Headers, addressed
from handouts.model import Page, Place
from handouts.page.approval import Approval
from handouts.problems import Problem, counted, in_file
from handouts.sending.ledger import Entry, Fate, Ledger, key_of
from handouts.sending.people import Person
from handouts.sending.settings import Settings
from handouts.sending.transport import Outcome, Reply, Transport
from handouts.sources.load import Sources
from handouts.stopping import finishing, stopped

MINUTE = 60.0
FATES: Mapping[Outcome, Fate] = {
    "sent": "sent", "put-off": "put-off", "refused": "refused", "unsure": "unknown", "not-sent": "put-off", "stop": "put-off",
}  # fmt: skip
DECIDED = {"sent", "refused", "unknown"}  # never handed over again by itself
NO_ERRORS = {"sent", "put-off"}  # a server that asks to try again later is well
TRY_LATER = {"put-off", "not-sent"}
CODES = re.compile(r"\d{3}(?: \d\.\d{1,3}\.\d{1,3})?|[A-Za-z]\w*")  # the part of a reply that names no one


@dataclass(frozen=True)
class Delivery:
    """One e-mail that is to go: to whom, and the page that it brings. `key` is what the ledger knows it by."""

    person: Person
    page: Page
    what: str
    key: str


@dataclass
class BatchResult:
    """How a batch went: how many by fate, what is left, and a problem for every e-mail that did not go."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stopped: bool = False

    def count(self, word: str) -> None:
        """Count one."""
        self.counts[word] = self.counts.get(word, 0) + 1

    def __str__(self) -> str:
        return ", ".join(f"{count} {word}" for word, count in self.counts.items())


def place_problems(sources: Sources, choice: Choice) -> list[Problem]:
    """Return what keeps a choice from saying where a batch is for: one clinic, or one region, and never by default.

    The help lines of another country would go to a person by name.
    """
    named = choice.clinics or choice.regions
    if named and len(chosen_places(sources, choice)) <= 1:
        return []
    option = "--clinic" if choice.clinics or not named else "--region"
    what = (
        "a batch is for one clinic or one region."
        if named
        else "it is not said which clinic or region this is for."
    )
    known = f"--clinic {' | '.join(sources.content.clinics)}" if sources.content.clinics else ""
    regions = f"--region {' | '.join(sources.content.regions)}"
    fix = f"Name one, as its help lines are printed: {' or '.join(filter(None, (known, regions)))}."
    return [Problem("place-not-named", option, what, fix)]


def deliveries(approval: Approval, people: Iterable[Person], place: Place, transport: str) -> list[Delivery]:
    """Return the e-mails of a batch for a place, a person's handouts each by itself, in the order of the file."""
    found = []
    for person in people:
        choice = Choice(
            locales=(person.locale,),
            handouts=person.handouts,
            formats=("eml",),
            layouts=(person.layout,),
            regions=() if place.clinic else (place.region,),
            clinics=(place.clinic,) if place.clinic else (),
        )
        for page in plan(approval, choice):
            made = page.rendition
            of = (made.handout, made.locale, made.layout, page.handout.edition, place.region, place.clinic)
            what = " ".join(filter(None, of))
            key = key_of(person.address, made.handout, made.locale, page.handout.edition, transport)
            found.append(Delivery(person, page, what, key))
    return found


def unapproved(batch: Iterable[Delivery]) -> list[Problem]:
    """Return a problem for every handout in the batch that has not been approved, each once."""
    pages = {
        (each.page.rendition.handout, each.page.rendition.locale): each.page
        for each in batch
        if each.page.state != "approved"
    }
    fix = "Have it checked and signed, and its numbers confirmed, or send it with --include-drafts: then it says DRAFT on top."
    return [
        Problem("not-approved", f"locales/{tag}", f"{slug} is not approved ({page.state}).", fix, locale=tag)
        for (slug, tag), page in pages.items()
    ]


def write_drafts(batch: Iterable[Delivery], drafts: Mapping[str, bytes], out: Path) -> list[Problem]:
    """Write an e-mail for every delivery, named by the line of its person; return what went wrong.

    `drafts` are the e-mails without an address, by the file of their rendition. The names say nothing of anyone; no
    one else on this machine can read the files.
    """
    wanted = {f"{each.person.line:05}-{number}.eml": each for number, each in _numbered(batch)}

    def email(each: Delivery) -> bytes:
        return addressed(drafts[each.page.rendition.file], Headers(each.person.address, each.person.name))

    there = {path.name: path for path in out.glob("*.eml")} if out.is_dir() else {}
    if any(name not in wanted or path.read_bytes() != email(wanted[name]) for name, path in there.items()):
        what, fix = (
            "drafts of another list are in it.",
            "Send or remove them first, or choose another folder with --out.",
        )
        return [in_file("folder-in-use", str(out), what, fix)]
    problems: list[Problem] = []
    for name, each in wanted.items():
        problems += deliver(out, name, email(each), private=True)
        if problems:
            break  # the next would fail in the same way
    return problems


def _numbered(batch: Iterable[Delivery]) -> Iterator[tuple[int, Delivery]]:
    """Yield every delivery with its number among those of its person, from 1."""
    numbers: dict[int, int] = {}
    for each in batch:
        numbers[each.person.line] = numbers.get(each.person.line, 0) + 1
        yield numbers[each.person.line], each


def send(
    batch: Sequence[Delivery],
    drafts: Mapping[str, bytes],
    transport: Transport,
    ledger: Ledger,
    settings: Settings,
    people: Path,
    on_done: Callable[[str], None],
) -> BatchResult:
    """Send a batch, or what of it has not gone; return how it went.

    `drafts` are the e-mails without an address, by the file of their rendition; `on_done` is called after every e-mail
    with how it stands. What is put off is tried again after the times of the settings; after a number of errors in
    a row nothing more is tried.
    """
    run = _Run(drafts, transport, ledger, settings, people)
    try:
        run.all(batch, on_done)
    except KeyboardInterrupt as stop:
        raise stopped(stop, f"{run.result or 'nothing sent'}; run the same command to go on.") from stop
    run.finish(batch)
    return run.result


class _Run:
    """One run: the pace, the errors in a row, and what was counted."""

    def __init__(
        self,
        drafts: Mapping[str, bytes],
        transport: Transport,
        ledger: Ledger,
        settings: Settings,
        people: Path,
    ) -> None:
        self.drafts, self.transport, self.ledger = drafts, transport, ledger
        self.settings, self.people = settings, people
        self.result = BatchResult()
        self.errors = 0
        self.next = 0.0

    def all(self, batch: Sequence[Delivery], on_done: Callable[[str], None]) -> None:
        """Hand over what has not gone, each when it may go; what is put off comes again."""
        waits = self.settings.retries
        waiting: list[tuple[float, int, Delivery]] = []
        for each in batch:
            if self.result.stopped:
                self.result.count("left")
            elif self.one(each) in TRY_LATER and waits:
                waiting.append((time.monotonic() + waits[0], 0, each))
            on_done(str(self.result))
        while waiting and not self.result.stopped:
            waiting.sort(key=lambda item: item[0])
            due, tries, each = waiting.pop(0)
            time.sleep(max(0.0, due - time.monotonic()))
            outcome = self.one(each, again=True)
            if outcome in TRY_LATER and tries + 1 < len(waits):
                waiting.append((time.monotonic() + waits[tries + 1], tries + 1, each))

    def one(self, delivery: Delivery, *, again: bool = False) -> Outcome | Fate:
        """Hand one e-mail over, unless the ledger says that it has gone; return what became of it."""
        before = self.ledger.entry(delivery.key)
        if before and before.fate in DECIDED:
            return self._before(before.fate)
        self._pace()
        with finishing():  # what is cut off in the middle, no one can tell whether it was sent
            return self._hand_over(delivery, before, again=again)

    def _hand_over(self, delivery: Delivery, before: Entry | None, *, again: bool) -> Outcome | Fate:
        """Note that an e-mail goes, hand it over, and note what became of it; return that."""
        new_id = before.message_id if before else f"{uuid.uuid4()}@{self.settings.sender.rpartition('@')[2]}"
        address = delivery.person.address
        message_id = self.ledger.begin(delivery.key, address, delivery.what, self.transport.name, new_id)
        if not message_id:
            return self._before("sending")
        email = addressed(
            self.drafts[delivery.page.rendition.file], self._headers(delivery.person, message_id)
        )
        reply = self.transport.hand_over(email, self.settings.sender, address)
        self.ledger.end(delivery.key, FATES[reply.outcome], reply.text)
        self._note(reply, again=again)
        return reply.outcome

    def _headers(self, person: Person, message_id: str) -> Headers:
        """Return the headers of an e-mail to a person; a draft has no sender yet, the mail program puts it in."""
        if self.transport.name == "drafts":
            return Headers(person.address, person.name)
        settings = self.settings
        return Headers(
            to=person.address,
            to_name=person.name,
            sender=settings.sender,
            sender_name=settings.sender_name,
            reply_to=settings.reply_to,
            message_id=message_id,
            seconds=time.time(),
        )

    def _before(self, fate: Fate) -> Fate:
        """Count an e-mail that an earlier run has dealt with, or another is dealing with."""
        self.result.count(f"{fate} before")
        return fate

    def _pace(self) -> None:
        """Wait until the next e-mail may go: so many a minute."""
        now = time.monotonic()
        if self.next > now:
            time.sleep(self.next - now)
        self.next = max(now, self.next) + MINUTE / self.settings.per_minute

    def _note(self, reply: Reply, *, again: bool) -> None:
        """Count, and stop after so many errors in a row."""
        if again:
            self.result.counts["put-off"] -= 1
        self.result.count(FATES[reply.outcome])
        self.errors = 0 if reply.outcome in NO_ERRORS else self.errors + 1
        if reply.outcome == "stop":
            self._stop("server-takes-nothing", f"the server takes nothing from us ({reply.text}).")
        elif self.errors >= self.settings.pause_after:
            self._stop("errors-in-a-row", f"stopped after {counted(self.errors, 'error')} in a row.")

    def _stop(self, code: str, what: str) -> None:
        """Try nothing more, and say why."""
        if not self.result.stopped:
            fix = "See what the server says, and the settings; run the same command again when it is well."
            self.result.problems.append(in_file(code, str(self.people), what, fix))
        self.result.stopped = True

    def finish(self, batch: Sequence[Delivery]) -> None:
        """Add a problem for every e-mail that is not sent, by the line of its person."""
        self.result.counts = {word: count for word, count in self.result.counts.items() if count}
        for delivery in batch:
            entry = self.ledger.entry(delivery.key)
            if entry and entry.fate != "sent":
                self.result.problems.append(_problem(self.people, delivery.person.line, entry))


RESOLVE = "python3 build.py mail resolve {key}"
# By fate: the code of the problem, what it is, and how to mend it.
NOT_SENT: Mapping[Fate, tuple[str, str, str]] = {
    "put-off": (
        "email-put-off",
        "the server put the e-mail off",
        "Run the same command again later; it has not been sent.",
    ),
    "refused": (
        "email-refused",
        "the server refused the e-mail",
        f"Ask for another address, then: {RESOLVE} --again",
    ),
    "unknown": (
        "email-unknown",
        "no one can tell whether the e-mail was sent",
        f"Look into the mailbox's sent folder or ask, then: {RESOLVE} --sent, or --again",
    ),
    "sending": ("email-in-hand", "another run is sending the e-mail", "Wait until that has ended."),
}


def _problem(people: Path, line: int, entry: Entry) -> Problem:
    """Return the problem of an e-mail that is not sent, without its address."""
    code, what, fix = NOT_SENT[entry.fate]
    named = CODES.match(entry.said)  # the rest may name someone: mail outbox shows it
    reply = f" ({named[0]})" if named else ""
    return in_file(code, str(people), f"{what}{reply}.", fix.format(key=entry.key), line=line)


def resolve(ledger: Ledger, key: str, *, sent: bool) -> list[Problem]:
    """Write down what a person decided of an e-mail: it was sent, or it may go again. Return what is wrong with that."""
    entry = ledger.entry(key)
    if entry is None:
        what = "there is no such e-mail in the ledger."
        return [Problem("unknown-email", key, what, "See: python3 build.py mail outbox")]
    if entry.fate == "sent" and not sent:
        what = "this e-mail was sent, as the server has confirmed."
        fix = "Nobody gets a handout twice. A new edition of it goes out without this."
        return [Problem("email-sent", key, what, fix)]
    # Again with the same Message-ID: a mailbox that has it may recognise it.
    ledger.end(key, "sent" if sent else "put-off", "said by a person")
    return []
