"""The sending of a batch, one e-mail to one person at a time: the pace, what is tried again and when, and when to stop."""

from __future__ import annotations

import heapq
import time
import uuid
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from handouts.mail.message import Headers, addressed
from handouts.problems import Fault, Problem, counted, in_file, located
from handouts.sending.answers import BUSY, quoting
from handouts.sending.decisions import not_sent
from handouts.sending.ledger import Entry, Fate, Ledger
from handouts.sending.outbox import Delivery
from handouts.sending.people import Person
from handouts.sending.settings import Settings
from handouts.sending.transport import Outcome, Reply, Transport
from handouts.stopping import finishing, stopped

MINUTE = 60.0
LARGEST_HEAD = 2000  # bytes that the head of an e-mail may add to it
FATES: Mapping[Outcome, Fate] = {
    "sent": "sent", "put-off": "put-off", "slow": "put-off", "refused": "refused", "unsure": "unknown", "not-sent": "put-off",
    "stop": "put-off",
}  # fmt: skip
DECIDED = {"sent", "refused", "unknown", "bounced"}  # never handed over again by itself
NO_ERRORS = {"sent", "put-off", "slow"}  # a server that asks to try again later is well
TRY_LATER = {"put-off", "not-sent"}
RUN_LATER = "See what the server says, and the settings; run the same command again when it is mended."


class Watch(Protocol):
    """The clock of a run, and the display of how far it is."""

    def now(self) -> float:
        """Return the seconds of a clock that never goes back."""

    def wait(self, seconds: float, why: str) -> None:
        """Wait, and show until when and for what; `why` is empty where it is the usual pace."""

    def show(self, closed: int, counts: str) -> None:
        """Show how many e-mails are done with, for now, and how many there are of each outcome."""


@dataclass
class BatchResult:
    """How a batch went: how many by fate, what is left, and a problem for every e-mail that did not go.

    `drafts`: they are laid into a folder, so they are called drafts and not sent.
    """

    drafts: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stopped: bool = False

    def count(self, word: str, number: int = 1) -> None:
        """Count one, or several, or one less."""
        self.counts[word] = self.counts.get(word, 0) + number

    def __str__(self) -> str:
        return ", ".join(count_in_words(n, word, drafts=self.drafts) for word, n in self.counts.items() if n)


def count_in_words(number: int, word: str, *, drafts: bool) -> str:
    """Return a number of e-mails of one fate: “3 sent”, or “3 drafts” of those in a folder."""
    first, _, rest = word.partition(" ")
    if drafts and first == "sent":
        return f"{counted(number, 'draft')} {rest}".strip()
    return f"{number} {word}"


def send(
    batch: Sequence[Delivery],
    drafts: Mapping[str, bytes],
    transport: Transport,
    ledger: Ledger,
    settings: Settings,
    people: Path,
    watch: Watch,
    copies: Transport | None = None,
) -> BatchResult:
    """Send a batch, or what of it has not gone; return how it went.

    `drafts` are the e-mails without an address, by the file of their rendition; `copies` is the folder that a copy of each
    goes into. What is put off for one person is tried again after the times of the settings. Where the server wants fewer
    e-mails from us, the whole queue waits for those times, and goes on at half the pace. After a number of errors in a row, and where
    the server refuses us as a sender, the run stops, and nobody is recorded as refused.
    """
    run = _Run(drafts, transport, ledger, settings, people, watch, copies)
    try:
        run.all(batch)
    except KeyboardInterrupt as stop:
        raise stopped(stop, f"{str(run.result) or 'nothing sent'}; run the same command to go on.") from stop
    run.finish(batch)
    return run.result


class _Run:
    """One run: the line, the pace, the errors in a row, and what was counted."""

    def __init__(
        self,
        drafts: Mapping[str, bytes],
        transport: Transport,
        ledger: Ledger,
        settings: Settings,
        people: Path,
        watch: Watch,
        copies: Transport | None,
    ) -> None:
        self.drafts, self.transport, self.ledger = drafts, transport, ledger
        self.settings, self.people, self.watch, self.copies = settings, people, watch, copies
        self.result = BatchResult(transport.name == "drafts")
        self.errors = self.slowed = self.closed = 0
        self.gap = MINUTE / settings.per_minute
        self.next = 0.0
        self.waiting: list[tuple[float, int, int, Delivery]] = []  # when, how often before, where in the list

    def all(self, batch: Sequence[Delivery]) -> None:
        """Hand over what has not gone, each when it may go; what is put off for one person comes again in its time."""
        line = deque(enumerate(batch))
        self._check_sizes(batch)
        while (line or self.waiting) and not self.result.stopped:
            if self.waiting and (self.waiting[0][0] <= self.watch.now() or not line):
                due, tries, place, each = heapq.heappop(self.waiting)
                self._wait_until(due)
                self.result.count("put-off", -1)
            else:
                (place, each), tries = line.popleft(), 0
            outcome = self.one(each)
            if outcome in TRY_LATER and tries < len(self.settings.retries):
                due = self.watch.now() + self.settings.retries[tries]
                heapq.heappush(self.waiting, (due, tries + 1, place, each))
            else:
                self.closed += 1
            self.watch.show(self.closed, str(self.result))
        self.result.count("left", len(line))

    def _wait_until(self, due: float) -> None:
        """Wait for what was put off; that is told where it takes long enough to be read."""
        left = due - self.watch.now()
        if left > 0:
            self._wait(left, f"to try {len(self.waiting) + 1} again" if left >= 1 else "")

    def _check_sizes(self, batch: Iterable[Delivery]) -> None:
        """Stop before anything is sent where an e-mail is larger than the server says that it takes."""
        most = self.transport.largest
        if not most:
            return
        sizes = {each.page.rendition.file: each for each in batch if not self._decided(each)}
        for file, each in sizes.items():
            size = len(self.drafts[file]) + LARGEST_HEAD
            if size > most:
                what = f"the e-mail {each.what} has {size:,} bytes, and the server takes {most:,}."
                fix = "Ask who runs the server for a higher limit, or send less in one e-mail. Nothing was sent."
                self._stop(Fault("message-too-large", what, fix))

    def _decided(self, delivery: Delivery) -> Fate | None:
        """Return the fate of an e-mail that is not handed over again by itself."""
        before = self.ledger.entry(delivery.key)
        return before.fate if before and before.fate in DECIDED else None

    def one(self, delivery: Delivery) -> Outcome | Fate:
        """Hand one e-mail over, unless the ledger says that it has gone; return what became of it.

        Where the server wants fewer e-mails from us, the queue waits here and this one is tried again.
        """
        fate = self._decided(delivery)
        if fate:
            return self._before(fate)
        while True:
            self._pace()
            with finishing():  # interrupted here, it would not be known whether it was sent
                reply = self._hand_over(delivery)
            if reply is None:
                return self._before("sending")
            if reply.outcome != "slow":
                self.slowed = 0
                break
            if not self._slow_down(reply):
                break
        self._note(reply)
        return reply.outcome

    def _hand_over(self, delivery: Delivery) -> Reply | None:
        """Note that an e-mail goes, hand it over, and note what became of it; return that, None where another run has it."""
        before = self.ledger.entry(delivery.key)
        new_id = before.message_id if before else f"{uuid.uuid4()}@{self.settings.sender.rpartition('@')[2]}"
        address = delivery.person.address
        message_id = self.ledger.begin(delivery.key, address, delivery.what, self.transport.name, new_id)
        if not message_id:
            return None
        headers = self._headers(delivery.person, message_id)
        email = addressed(self.drafts[delivery.page.rendition.file], headers)
        reply = self.transport.hand_over(email, self.settings.sender, address)
        self.ledger.end(delivery.key, FATES[reply.outcome], reply.text)
        if reply.outcome == "sent" and self.copies:
            self._file_copy(self.copies, email, address)
        return reply

    def _headers(self, person: Person, message_id: str) -> Headers:
        """Return the headers of an e-mail to a person; a draft has no sender yet, the mail program puts it in."""
        settings = self.settings
        if self.transport.name == "drafts":
            return Headers(person.address, person.name, prefix=settings.subject_prefix)
        return Headers(
            to=person.address,
            to_name=person.name,
            sender=settings.sender,
            sender_name=settings.sender_name,
            reply_to=settings.reply_to,
            message_id=message_id,
            seconds=time.time(),
            prefix=settings.subject_prefix,
        )

    def _file_copy(self, copies: Transport, email: bytes, address: str) -> None:
        """Put a copy of what was sent into the clinic's own mailbox; after one that fails, none is tried.

        A mailbox may have hung up meanwhile, and then has taken nothing: it is tried once more, on a new connection.
        """
        reply = copies.hand_over(email, "", address)
        if reply.outcome == "not-sent":
            reply = copies.hand_over(email, "", address)
        if reply.outcome != "sent":
            what = f"no copies were filed from here on ({reply.text or 'the mailbox does not take them'})."
            fix = "Everything was sent all the same. Check “sent” of [imap]."
            self.result.problems.append(
                in_file("copy-not-filed", str(self.people), what, fix, severity="warning")
            )
            self.copies = None

    def _before(self, fate: Fate) -> Fate:
        """Count an e-mail that an earlier run has dealt with, or another is dealing with."""
        self.result.count(f"{fate} before")
        return fate

    def _pace(self) -> None:
        """Wait until the next e-mail may go: so many a minute."""
        now = self.watch.now()
        if self.next > now:
            self.watch.wait(self.next - now, "")
        self.next = max(now, self.next) + self.gap

    def _slow_down(self, reply: Reply) -> bool:
        """Let the whole queue wait, and go on at half the pace; return False, and stop, where it has waited often enough."""
        if self.slowed >= len(self.settings.retries):
            self._stop_for(reply)
            return False
        seconds = max(self.settings.retries[self.slowed], reply.after)
        self.slowed += 1
        self.gap = min(MINUTE, self.gap * 2)
        self._wait(seconds, f"because {(reply.fault or BUSY).what.rstrip('.')}")
        return True

    def _wait(self, seconds: float, why: str) -> None:
        """Show how it stands, and wait."""
        self.watch.show(self.closed, str(self.result))
        self.watch.wait(seconds, why)

    def _note(self, reply: Reply) -> None:
        """Count, and stop where the server takes nothing, or after so many errors in a row."""
        self.result.count(FATES[reply.outcome])
        self.errors = 0 if reply.outcome in NO_ERRORS else self.errors + 1
        if reply.outcome == "stop":
            self._stop_for(reply)
        elif self.errors >= self.settings.pause_after:
            what = f"stopped after {counted(self.errors, 'error')} in a row."
            self._stop(Fault("errors-in-a-row", what, RUN_LATER))

    def _stop_for(self, reply: Reply) -> None:
        """Try nothing more, for what the server says of us."""
        self._stop(reply.fault or quoting(BUSY, reply.text))

    def _stop(self, fault: Fault) -> None:
        """Try nothing more, and say why."""
        self.result.problems.append(located(fault, str(self.people)))
        self.result.stopped = True

    def finish(self, batch: Sequence[Delivery]) -> None:
        """Add a problem for every e-mail that is not sent, by the line of its person."""
        for delivery in batch:
            entry: Entry | None = self.ledger.entry(delivery.key)
            if entry and entry.fate != "sent":
                self.result.problems.append(not_sent(self.people, delivery.person.line, entry))
