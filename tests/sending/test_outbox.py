"""A batch: one e-mail to one person, never twice; what is put off comes again, and trouble stops the run."""

from __future__ import annotations

import stat
import time
from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from pathlib import Path
from typing import Self

import pytest

from handouts.page.approval import Approval
from handouts.sending import outbox
from handouts.sending.ledger import Fate, held
from handouts.sending.outbox import BatchResult, Delivery, deliveries, unapproved, write_drafts
from handouts.sending.people import Person
from handouts.sending.settings import Settings
from handouts.sending.transport import Outcome, Reply
from handouts.sources.load import Sources
from tests.conftest import our_look

DRAFT = b"Subject: x\r\nX-Unsent: 1\r\n\r\nx"


class Server:
    """A transport that replies as it is told, and notes what it was given and when."""

    def __init__(
        self, reply: Callable[[str], Reply | Outcome] = lambda _: "sent", name: str = "smtp"
    ) -> None:
        self.reply, self.name = reply, name
        self.got: list[tuple[str, bytes]] = []
        self.times: list[float] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def hand_over(self, email: bytes, sender: str, address: str) -> Reply:
        """Take an e-mail."""
        self.got.append((address, email))
        self.times.append(time.monotonic())
        reply = self.reply(address)
        return reply if isinstance(reply, Reply) else Reply(reply, "250 OK")


def settings(*, per_minute: int = 60_000, pause_after: int = 50, retries: tuple[int, ...] = ()) -> Settings:
    """Return the settings of a clinic that is in a hurry."""
    return Settings("c@d.example", "Clinic", "", None, None, "", per_minute, pause_after, retries)


def person(number: int, locale: str = "es", **changed: str) -> Person:
    """Return the person of a row."""
    name, address = changed.get("name", ""), changed.get("address", f"p{number}@one.example")
    return Person(number, address, locale, locale, name, ("about-ipt",), "standard")


@pytest.fixture
def batch(sources: Sources) -> list[Delivery]:
    """Return five e-mails to five people."""
    return deliveries(Approval(sources, our_look()), map(person, range(2, 7)), "au", "", "smtp")


def send(
    folder: Path, batch: Sequence[Delivery], server: Server, wanted: Settings | None = None
) -> BatchResult:
    """Send a batch by the ledger in a folder; return how it went."""
    drafts = {each.page.rendition.file: DRAFT for each in batch}
    with held(folder / "l.db") as ledger:
        return outbox.send(
            batch, drafts, server, ledger, wanted or settings(), Path("people.csv"), lambda _: None
        )


def test_each_person_gets_their_own_email_once(tmp_path: Path, batch: list[Delivery]) -> None:
    """One e-mail, one recipient, in the order of the file; a second run sends nothing."""
    server = Server()
    assert str(send(tmp_path, batch, server)) == "5 sent"
    assert [address for address, _ in server.got] == [each.person.address for each in batch]
    for address, data in server.got:
        email = message_from_bytes(data, policy=policy.default)
        assert [each.addr_spec for each in email["To"].addresses] == [address]
        assert not {"Cc", "Bcc", "X-Unsent"} & set(email.keys())
    assert len({message_from_bytes(data)["Message-ID"] for _, data in server.got}) == 5
    assert str(send(tmp_path, batch, server)) == "5 sent before"
    assert len(server.got) == 5


def test_a_draft_in_the_mailbox_has_no_sender_yet(tmp_path: Path, batch: list[Delivery]) -> None:
    """The mail program puts in who sends it and when."""
    server = Server(name="drafts")
    send(tmp_path, batch[:1], server)
    email = message_from_bytes(server.got[0][1])
    assert email["X-Unsent"] == "1"
    assert not {"From", "Date", "Message-ID"} & set(email.keys())


def test_a_handout_in_another_layout_region_or_clinic_is_the_same_handout(sources: Sources) -> None:
    """Forgetting --clinic once sends nothing twice; a draft for the mailbox is another thing than an e-mail sent."""
    (one,) = deliveries(Approval(sources, our_look()), [person(2)], "au", "", "smtp")
    large = Person(2, "p2@one.example", "es", "es", "", ("about-ipt",), "large-print")
    for same in (
        deliveries(Approval(sources, our_look()), [large], "au", "", "smtp"),
        deliveries(Approval(sources, our_look()), [person(2)], "nz", "", "smtp"),
        deliveries(Approval(sources, our_look()), [person(2)], "au", "example", "smtp"),
    ):
        assert [each.key for each in same] == [one.key]
    (draft,) = deliveries(Approval(sources, our_look()), [person(2)], "au", "", "drafts")
    assert draft.key != one.key


def test_every_handout_of_a_person_is_an_email_of_its_own(sources: Sources) -> None:
    """In the layout that the person wants."""
    reader = Person(2, "a@b.example", "ar", "ar", "", ("about-ipt", "references"), "large-print")
    made = [
        each.page.rendition for each in deliveries(Approval(sources, our_look()), [reader], "au", "", "smtp")
    ]
    assert [(each.handout, each.layout, each.format) for each in made] == [
        ("about-ipt", "large-print", "eml"), ("references", "large-print", "eml"),
    ]  # fmt: skip


def test_no_more_go_in_a_minute_than_the_settings_say(tmp_path: Path, batch: list[Delivery]) -> None:
    """At 600 a minute a tenth of a second lies between one e-mail and the next."""
    server = Server()
    assert str(send(tmp_path, batch, server, settings(per_minute=600))) == "5 sent"
    assert server.times[-1] - server.times[0] >= 0.35


@pytest.mark.parametrize("outcome", ["put-off", "not-sent"])
def test_what_may_be_tried_again_is_tried_again_after_the_waits(
    tmp_path: Path, batch: list[Delivery], outcome: Outcome
) -> None:
    """4xx, or a connection that broke before the text: once for each wait of the settings, under one Message-ID."""
    tries = iter([outcome, outcome, "sent"])
    server = Server(lambda _: next(tries))
    assert str(send(tmp_path, batch[:1], server, settings(retries=(1, 1)))) == "1 sent"
    assert len({message_from_bytes(data)["Message-ID"] for _, data in server.got}) == 1
    assert server.times[2] - server.times[0] >= 1.9


def test_what_is_still_put_off_at_the_end_is_a_problem_and_goes_in_the_next_run(
    tmp_path: Path, batch: list[Delivery]
) -> None:
    """Nobody loses an e-mail because a server was busy."""
    result = send(tmp_path, batch[:1], Server(lambda _: "put-off"))
    assert [(p.code, p.file, p.line) for p in result.problems] == [("email-put-off", "people.csv", 2)]
    assert str(send(tmp_path, batch[:1], Server())) == "1 sent"


@pytest.mark.parametrize(("outcome", "code"), [("refused", "email-refused"), ("unsure", "email-unknown")])
def test_what_was_refused_or_is_in_doubt_is_not_sent_again_by_itself(
    tmp_path: Path, batch: list[Delivery], outcome: Outcome, code: str
) -> None:
    """A person decides; the problem has the line of the list and the server's code, and no address."""
    reply = Reply(outcome, "550 5.1.1 <p2@one.example> is not here, says Ann")
    result = send(tmp_path, batch[:1], Server(lambda _: reply))
    (problem,) = result.problems
    assert (problem.code, problem.where) == (code, "people.csv:2")
    assert "(550 5.1.1)" in problem.what
    assert "example" not in str(problem)
    assert "Ann" not in str(problem)
    server = Server()
    assert send(tmp_path, batch[:1], server).problems == result.problems
    assert server.got == []


def test_so_many_errors_in_a_row_stop_the_run(tmp_path: Path, batch: list[Delivery]) -> None:
    """Something is wrong with the server or the list: what is left is left, and said."""
    result = send(tmp_path, batch, Server(lambda _: "refused"), settings(pause_after=3))
    assert str(result) == "3 refused, 2 left"
    assert result.problems[0].code == "errors-in-a-row"
    assert "stopped after 3 errors in a row" in result.problems[0].what


def test_errors_that_are_not_in_a_row_stop_nothing(tmp_path: Path, batch: list[Delivery]) -> None:
    """An e-mail that gets through between them says that the server is well; so does one that is put off."""
    replies: dict[str, Outcome] = {
        "p2": "refused",
        "p3": "sent",
        "p4": "refused",
        "p5": "put-off",
        "p6": "refused",
    }
    server = Server(lambda address: replies[address.split("@")[0]])
    result = send(tmp_path, batch, server, settings(pause_after=2))
    assert not result.stopped
    assert str(result) == "3 refused, 1 sent, 1 put-off"


def test_a_server_that_takes_nothing_from_us_is_asked_once(tmp_path: Path, batch: list[Delivery]) -> None:
    """The sender is refused, or the password no longer taken: the next would fare the same."""
    server = Server(lambda _: Reply("stop", "535 5.7.8"))
    result = send(tmp_path, batch, server)
    assert len(server.got) == 1
    assert (result.problems[0].code, str(result)) == ("server-takes-nothing", "1 put-off, 4 left")


def test_what_is_not_approved_is_told_once_for_each_handout(batch: list[Delivery]) -> None:
    """However many people would get it."""
    (problem,) = unapproved(batch)
    assert (problem.code, problem.locale) == ("not-approved", "es")
    assert "about-ipt is not approved (draft)" in problem.what
    assert "--include-drafts" in problem.fix


def test_drafts_in_a_folder_are_named_by_line_and_for_their_owner_alone(
    tmp_path: Path, sources: Sources
) -> None:
    """A .eml each, to the person, from no one; nothing of anyone in its name."""
    reader = Person(7, "li@one.example", "ar", "ar", "李", ("about-ipt", "references"), "standard")
    batch = deliveries(Approval(sources, our_look()), [person(3, name="Ann Roe"), reader], "au", "", "drafts")
    assert not write_drafts(batch, {each.page.rendition.file: DRAFT for each in batch}, tmp_path / "out")
    files = sorted((tmp_path / "out").iterdir())
    assert [file.name for file in files] == ["00003-1.eml", "00007-1.eml", "00007-2.eml"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    email = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert str(email["To"]) == "Ann Roe <p3@one.example>"


def test_drafts_of_two_lists_are_not_mixed(tmp_path: Path, batch: list[Delivery]) -> None:
    """A folder with drafts of another list is refused, and they stay; the same list again is fine."""
    drafts = {each.page.rendition.file: DRAFT for each in batch}
    assert not write_drafts(batch[:2], drafts, tmp_path)
    assert not write_drafts(batch[:2], drafts, tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    (problem,) = write_drafts(batch[2:], drafts, tmp_path)
    assert (problem.code, problem.file) == ("folder-in-use", str(tmp_path))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("fate", "sent", "expected"),
    [("unknown", True, "sent"), ("unknown", False, "put-off"), ("refused", False, "put-off"), ("sent", True, "sent")],
)  # fmt: skip
def test_a_person_decides_what_became_of_an_email(
    tmp_path: Path, *, fate: Fate, sent: bool, expected: Fate
) -> None:
    """It was sent, or it may go again."""
    with held(tmp_path / "l.db") as ledger:
        ledger.begin("k", "a@b.example", "what", "smtp", "id")
        ledger.end("k", fate)
        assert not outbox.resolve(ledger, "k", sent=sent)
        assert [entry.fate for entry in ledger.entries()] == [expected]


def test_what_the_server_has_confirmed_does_not_go_again(tmp_path: Path) -> None:
    """Nobody gets one twice by a slip of the hand; and an e-mail that does not exist cannot be decided about."""
    with held(tmp_path / "l.db") as ledger:
        ledger.begin("k", "a@b.example", "what", "smtp", "id")
        ledger.end("k", "sent")
        assert [p.code for p in outbox.resolve(ledger, "k", sent=False)] == ["email-sent"]
        assert [p.code for p in outbox.resolve(ledger, "0" * 12, sent=True)] == ["unknown-email"]
