"""A batch of messages: who gets what, what may not go, and the sending of it, one message to one person at a time."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from handouts.library.deliver import deliver
from handouts.library.plan import Choice, plan
from handouts.mail.message import Headers, addressed
from handouts.model import Page
from handouts.problems import Problem
from handouts.sending.ledger import Entry, Fate, Ledger, key_of
from handouts.sending.people import Person
from handouts.sending.servers import Answer, Way
from handouts.sending.settings import Settings
from handouts.sources.load import Sources

MINUTE = 60.0
FATES: Mapping[str, Fate] = {
    "sent": "sent", "put-off": "put-off", "refused": "refused", "unsure": "unknown", "not-sent": "put-off", "stop": "put-off",
}  # fmt: skip
DECIDED = {"sent", "refused", "unknown"}  # never handed over again by itself
NO_ERRORS = {"sent", "put-off"}  # a server that asks to come again is well
CODES = re.compile(r"\d{3}(?: \d\.\d{1,3}\.\d{1,3})?|[A-Za-z]\w*")  # of an answer, what names no one


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
            key = key_of(person.address, made.handout, made.locale, page.handout.edition, way)
            found.append(Errand(person, page, what, key))
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
            "not-approved",
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
    wanted = {f"{errand.person.line:05}-{number}.eml": errand for number, errand in _numbered(batch)}

    def message(errand: Errand) -> bytes:
        return addressed(
            messages[errand.page.rendition.file], Headers(errand.person.address, errand.person.name)
        )

    there = {path.name: path for path in out.glob("*.eml")} if out.is_dir() else {}
    if any(name not in wanted or path.read_bytes() != message(wanted[name]) for name, path in there.items()):
        fix = "Send or remove them first, or choose another folder with --out."
        return [Problem("drafts-another-list", str(out), "there are drafts of another list in it.", fix)]
    problems: list[Problem] = []
    for name, errand in wanted.items():
        problems += deliver(out, name, message(errand), private=True)
        if problems:
            break  # the next would fail in the same way
    return problems


def _numbered(batch: Iterable[Errand]) -> Iterator[tuple[int, Errand]]:
    """Yield every message with its number among those of its person, from 1."""
    numbers: dict[int, int] = {}
    for errand in batch:
        numbers[errand.person.line] = numbers.get(errand.person.line, 0) + 1
        yield numbers[errand.person.line], errand


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
            return self._before(before.fate)
        self._pace()
        person, settings = errand.person, self.settings
        domain = settings.sender.rpartition("@")[2]
        new_id = before.message_id if before else f"{uuid.uuid4()}@{domain}"
        message_id = self.ledger.begin(errand.key, person.address, errand.what, self.way.name, new_id)
        if not message_id:
            return self._before("sending")
        drafted = self.way.name == "drafts"
        headers = Headers(
            to=person.address,
            to_name=person.name,
            sender="" if drafted else settings.sender,
            sender_name=settings.sender_name,
            reply_to="" if drafted else settings.reply_to,
            message_id="" if drafted else message_id,
            seconds=time.time(),
        )
        message = addressed(self.messages[errand.page.rendition.file], headers)
        answer = self.way.hand_over(message, settings.sender, person.address)
        self.ledger.end(errand.key, FATES[answer.outcome], answer.said)
        self._note(answer, again=again)
        return answer.outcome

    def _before(self, fate: Fate) -> str:
        """Count a message that has been dealt with before."""
        self.tally.count(f"{fate} before")
        return fate

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
        self.errors = 0 if answer.outcome in NO_ERRORS else self.errors + 1
        if answer.outcome == "stop":
            self.stop(f"the server takes nothing from us ({answer.said}).")
        elif self.errors >= self.settings.pause_after:
            self.stop(f"stopped after {self.errors} errors in a row.")

    def stop(self, what: str) -> None:
        """Try nothing more, and say why."""
        if not self.tally.stopped:
            fix = "See what the server says, and the settings; run the same command again when it is well."
            self.tally.problems.append(Problem("stop", str(self.people), what, fix))
        self.tally.stopped = True

    def finish(self, batch: Sequence[Errand]) -> None:
        """Note a problem for every message that is not sent, by its line in the file of people."""
        self.tally.counts = {word: count for word, count in self.tally.counts.items() if count}
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
    code = CODES.match(entry.said)  # the rest may name someone: mail outbox shows it
    said = f" ({code[0]})" if code else ""
    return Problem("problem", where, f"{what}{said}.", fix.format(key=entry.key))


def resolve(ledger: Ledger, key: str, *, sent: bool) -> list[Problem]:
    """Write down what a person decided of a message: it was sent, or it may go again. Return what is wrong with that."""
    entry = ledger.entry(key)
    if entry is None:
        return [
            Problem(
                "ledger-no-such-message",
                key,
                "the ledger has no such message.",
                "See: python build.py mail outbox",
            )
        ]
    if entry.fate == "sent" and not sent:
        fix = "Nobody gets a thing twice. A new edition goes out by itself."
        return [
            Problem(
                "message-sent-server-confirmed",
                key,
                "this message was sent, as the server has confirmed.",
                fix,
            )
        ]
    # Again by the same Message-ID: a mailbox that has it may know it for the same.
    ledger.end(key, "sent" if sent else "put-off", "said by a person")
    return []
