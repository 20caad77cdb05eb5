"""A batch of messages: who gets what, what may not go, and the sending of it, one message to one person at a time."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from handouts.deliver import deliver
from handouts.mail.ledger import Entry, Fate, Ledger, key_of
from handouts.mail.message import Envelope, addressed
from handouts.mail.people import Person
from handouts.mail.servers import Answer, Way
from handouts.mail.settings import Settings
from handouts.model import Page
from handouts.plan import Choice, plan
from handouts.problems import Problem
from handouts.sources import Sources

MINUTE = 60.0
FATES: Mapping[str, Fate] = {
    "sent": "sent", "put-off": "put-off", "refused": "refused", "unsure": "unknown", "not-sent": "put-off",
}  # fmt: skip
DECIDED = {"sent", "refused", "unknown"}  # never handed over again by itself


@dataclass(frozen=True)
class Errand:
    """One message that is to go: to whom, and the page that it brings. `key` is what the ledger knows it by."""

    person: Person
    page: Page
    what: str
    key: str


@dataclass
class Tally:
    """How a batch went: how many by fate, what is left, and a problem for every one that did not go."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stopped: bool = False

    def count(self, word: str) -> None:
        """Count one."""
        self.counts[word] = self.counts.get(word, 0) + 1

    def __str__(self) -> str:
        return ", ".join(f"{count} {word}" for word, count in self.counts.items())


def errands(sources: Sources, people: Iterable[Person], region: str, clinic: str, way: str) -> list[Errand]:
    """Return the messages of a batch, a person's handouts each by itself, in the order of the file."""
    found = []
    for person in people:
        choice = Choice(
            locales=(person.locale,),
            handouts=person.handouts,
            formats=("eml",),
            layouts=(person.layout,),
            region=region,
            clinic=clinic,
        )
        for page in plan(sources, choice):
            made = page.rendition
            what = " ".join(
                filter(None, (made.handout, made.locale, made.layout, page.handout.edition, region, clinic))
            )
            found.append(Errand(person, page, what, key_of(person.address, what, way)))
    return found


def unapproved(batch: Iterable[Errand]) -> list[Problem]:
    """Return a problem for every handout in the batch that has not been approved, each once."""
    pages = {
        (e.page.rendition.handout, e.page.rendition.locale): e.page
        for e in batch
        if e.page.state != "approved"
    }
    return [
        Problem(
            f"locales/{tag}",
            f"{slug} is not approved ({page.state}).",
            "Have it checked and signed, or send it with --include-drafts: then it says DRAFT on top.",
        )
        for (slug, tag), page in pages.items()
    ]


def write_drafts(batch: Iterable[Errand], messages: Mapping[str, bytes], out: Path) -> list[Problem]:
    """Write a draft for every message, named by the line of its person; return what went wrong.

    The names say nothing of anyone; no one else on this machine can read the files.
    """
    problems: list[Problem] = []
    numbers: dict[int, int] = {}
    for errand in batch:
        person = errand.person
        numbers[person.line] = numbers.get(person.line, 0) + 1
        message = addressed(messages[errand.page.rendition.file], Envelope(person.address, person.name))
        name = f"{person.line:05}-{numbers[person.line]}.eml"
        problems += deliver(out, name, message, private=True)
    return problems


def send(
    batch: Sequence[Errand],
    messages: Mapping[str, bytes],
    way: Way,
    ledger: Ledger,
    settings: Settings,
    people: Path,
    tell: Callable[[str], None],
) -> Tally:
    """Send a batch, or what of it has not gone; return how it went.

    `messages` are the drafts by the file of their rendition. What is put off comes again after the
    times of the settings; after a number of errors in a row nothing more is tried.
    """
    run = _Run(messages, way, ledger, settings, people)
    waiting: list[tuple[float, int, Errand]] = []
    for errand in batch:
        if run.tally.stopped:
            run.tally.count("left")
            tell(str(run.tally))
            continue
        answer = run.one(errand)
        if answer in {"put-off", "not-sent"} and settings.retries:
            waiting.append((time.monotonic() + settings.retries[0], 0, errand))
        tell(str(run.tally))
    while waiting and not run.tally.stopped:
        waiting.sort(key=lambda each: each[0])
        due, tries, errand = waiting.pop(0)
        time.sleep(max(0.0, due - time.monotonic()))
        answer = run.one(errand, again=True)
        if answer in {"put-off", "not-sent"} and tries + 1 < len(settings.retries):
            waiting.append((time.monotonic() + settings.retries[tries + 1], tries + 1, errand))
    run.finish(batch)
    return run.tally


class _Run:
    """One run: the pace, the errors in a row, and what was counted."""

    def __init__(
        self, messages: Mapping[str, bytes], way: Way, ledger: Ledger, settings: Settings, people: Path
    ) -> None:
        self.messages, self.way, self.ledger, self.settings, self.people = (
            messages,
            way,
            ledger,
            settings,
            people,
        )
        self.tally = Tally()
        self.errors = 0
        self.next = 0.0

    def one(self, errand: Errand, *, again: bool = False) -> str:
        """Hand one message over, unless the ledger says that it has gone; return what became of it."""
        before = self.ledger.entry(errand.key)
        if before and before.fate in DECIDED:
            self.tally.count("sent before" if before.fate == "sent" else f"{before.fate} before")
            return before.fate
        self._pace()
        person, settings = errand.person, self.settings
        domain = settings.sender.rpartition("@")[2]
        message_id = before.message_id if before else f"{uuid.uuid4()}@{domain}"
        drafted = self.way.name == "drafts"
        envelope = Envelope(
            to=person.address,
            to_name=person.name,
            sender="" if drafted else settings.sender,
            sender_name=settings.sender_name,
            reply_to="" if drafted else settings.reply_to,
            message_id="" if drafted else message_id,
            seconds=time.time(),
        )
        message = addressed(self.messages[errand.page.rendition.file], envelope)
        self.ledger.begin(errand.key, person.address, errand.what, self.way.name, message_id)
        answer = self.way.hand_over(message, settings.sender, person.address)
        self.ledger.end(errand.key, FATES[answer.outcome], answer.said)
        self._note(answer, again=again)
        return answer.outcome

    def _pace(self) -> None:
        """Wait until the next message may go: so many a minute."""
        now = time.monotonic()
        if self.next > now:
            time.sleep(self.next - now)
        self.next = max(now, self.next) + MINUTE / self.settings.per_minute

    def _note(self, answer: Answer, *, again: bool) -> None:
        """Count, and stop after so many errors in a row."""
        if again:
            self.tally.counts["put-off"] -= 1
        self.tally.count(FATES[answer.outcome])
        self.errors = 0 if answer.outcome == "sent" else self.errors + 1
        self.tally.stopped = self.tally.stopped or self.errors >= self.settings.pause_after

    def finish(self, batch: Sequence[Errand]) -> None:
        """Note a problem for every message that is not sent, by its line in the file of people."""
        self.tally.counts = {word: count for word, count in self.tally.counts.items() if count}
        if self.tally.stopped:
            what = f"stopped after {self.errors} errors in a row."
            fix = "See what the server says, below; run the same command again when it is well."
            self.tally.problems.append(Problem(str(self.people), what, fix))
        for errand in batch:
            entry = self.ledger.entry(errand.key)
            if entry and entry.fate != "sent":
                self.tally.problems.append(_problem(f"{self.people}:{errand.person.line}", entry))


CURES: Mapping[str, tuple[str, str]] = {
    "put-off": ("the server put it off", "Run the same command again later; it has not been sent."),
    "refused": ("the server refused it", "Ask for another address, then: mail resolve {key} --again."),
    "unknown": (
        "no one can tell whether it was sent",
        "Look into the mailbox's sent folder or ask, then: mail resolve {key} --sent or --again.",
    ),
    "sending": ("another run has it in hand", "Wait until that has ended."),
}


def _problem(where: str, entry: Entry) -> Problem:
    """Return the problem of one message, without its address."""
    what, fix = CURES[entry.fate]
    said = f" ({entry.said})" if entry.said else ""
    return Problem(where, f"{what}{said}.", fix.format(key=entry.key))


def resolve(ledger: Ledger, key: str, *, sent: bool) -> list[Problem]:
    """Write down what a person decided of a message: it was sent, or it may go again. Return what is wrong with that."""
    entry = ledger.entry(key)
    if entry is None:
        return [Problem(key, "the ledger has no such message.", "See: python build.py mail outbox")]
    if entry.fate == "sent" and not sent:
        fix = "Nobody gets a thing twice. A new edition goes out by itself."
        return [Problem(key, "this message was sent, as the server has confirmed.", fix)]
    if sent:
        ledger.end(key, "sent", "said by a person")
    else:
        ledger.forget(key)
    return []
