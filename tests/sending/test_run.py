"""The sending of a batch: one e-mail to one person, never twice; what is put off comes again, and trouble stops the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from pathlib import Path
from typing import Self

import pytest

from handouts.model import Place
from handouts.page.approval import Approval
from handouts.problems import Fault
from handouts.sending import run
from handouts.sending.ledger import Entry, Ledger, held
from handouts.sending.outbox import Delivery, deliveries
from handouts.sending.run import BatchResult, count_in_words
from handouts.sending.settings import Settings
from handouts.sending.transport import Outcome, Reply
from handouts.sources.load import Sources
from handouts.stopping import StoppedError
from tests.conftest import our_look
from tests.sending.samples import DRAFT, Watch, person, settings

OURS = Fault("sender-not-allowed", "the server does not let this user send.", "Ask.")


class Server:
    """A transport that replies as it is told, and notes what it was given and when."""

    def __init__(
        self,
        reply: Callable[[str], Reply | Outcome] = lambda _: "sent",
        name: str = "smtp",
        largest: int = 0,
    ) -> None:
        self.reply, self.name, self.where, self.largest = reply, name, "localhost:1", largest
        self.got: list[tuple[str, bytes]] = []
        self.times: list[float] = []
        self.watch = Watch()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def hand_over(self, email: bytes, sender: str, address: str) -> Reply:
        """Take an e-mail."""
        self.got.append((address, email))
        self.times.append(self.watch.now())
        reply = self.reply(address)
        return reply if isinstance(reply, Reply) else Reply(reply, "250 OK")


def in_turn(*outcomes: Reply | Outcome) -> Callable[[str], Reply | Outcome]:
    """Return replies one after the other, and sent from then on."""
    waiting = list(outcomes)
    return lambda _: waiting.pop(0) if waiting else "sent"


@pytest.fixture
def batch(sources: Sources) -> list[Delivery]:
    """Return five e-mails to five people."""
    return deliveries(Approval(sources, our_look()), map(person, range(2, 7)), Place("au"), "smtp")


def send(
    folder: Path,
    batch: Sequence[Delivery],
    server: Server,
    wanted: Settings | None = None,
    copies: Server | None = None,
) -> BatchResult:
    """Send a batch by the ledger in a folder; return how it went."""
    drafts = {each.page.rendition.file: DRAFT for each in batch}
    with held(folder / "l.db") as ledger:
        people = Path("people.csv")
        return run.send(batch, drafts, server, ledger, wanted or settings(), people, server.watch, copies)


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


def test_no_more_go_in_a_minute_than_the_settings_say(tmp_path: Path, batch: list[Delivery]) -> None:
    """At 600 a minute a tenth of a second lies between one e-mail and the next."""
    server = Server()
    assert str(send(tmp_path, batch, server, settings(per_minute=600))) == "5 sent"
    assert server.times[-1] - server.times[0] == pytest.approx(0.4)


@pytest.mark.parametrize("outcome", ["put-off", "not-sent"])
def test_what_may_be_tried_again_is_tried_again_after_the_waits(
    tmp_path: Path, batch: list[Delivery], outcome: Outcome
) -> None:
    """4xx, or a connection that broke before the text: once for each wait of the settings, under one Message-ID."""
    tries = iter([outcome, outcome, "sent"])
    server = Server(lambda _: next(tries))
    assert str(send(tmp_path, batch[:1], server, settings(retries=(60, 300)))) == "1 sent"
    assert len({message_from_bytes(data)["Message-ID"] for _, data in server.got}) == 1
    assert [later - server.times[0] for later in server.times] == pytest.approx([0, 60, 360], abs=0.1)


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
    server = Server(lambda _: Reply("stop", "554 5.2.252 SendAsDenied", OURS))
    result = send(tmp_path, batch, server, settings(retries=(60,)))
    assert len(server.got) == 1
    assert (result.problems[0].code, str(result)) == (OURS.code, "1 put-off, 4 left")
    assert str(send(tmp_path, batch, Server())) == "5 sent"


SLOW = Reply(
    "slow", "432 4.3.2 submission rate exceeded", Fault("server-busy", "the server is busy.", "Later.")
)


def test_a_server_that_wants_less_slows_the_whole_line_down(tmp_path: Path, batch: list[Delivery]) -> None:
    """The queue waits, longer each time, the same e-mail is tried again, and the others go at half the pace."""
    server = Server(in_turn("sent", SLOW, SLOW))
    assert str(send(tmp_path, batch, server, settings(per_minute=60, retries=(60, 300)))) == "5 sent"
    assert [address for address, _ in server.got] == [f"p{n}@one.example" for n in (2, 3, 3, 3, 4, 5, 6)]
    assert [round(after - before) for before, after in zip(server.times, server.times[1:], strict=False)] == [
        1, 60, 300, 4, 4, 4,
    ]  # fmt: skip
    why = "because the server is busy"
    assert server.watch.waits == [(60, why), (300, why)]


def test_a_server_that_goes_on_wanting_less_is_left_alone(tmp_path: Path, batch: list[Delivery]) -> None:
    """After the last wait the run stops: nobody is marked, and so few tries were made as there are waits."""
    server = Server(lambda _: SLOW)
    result = send(tmp_path, batch, server, settings(retries=(1, 1, 1)))
    assert len(server.got) == 4
    assert (result.problems[0].code, str(result)) == ("server-busy", "1 put-off, 4 left")
    assert str(send(tmp_path, batch, Server())) == "5 sent"


def test_how_long_the_server_wants_to_be_left_alone_is_obeyed(tmp_path: Path, batch: list[Delivery]) -> None:
    """Where it says longer than the settings do (Retry-After)."""
    server = Server(in_turn(Reply("slow", "429", None, 120)))
    assert str(send(tmp_path, batch[:1], server, settings(retries=(1,)))) == "1 sent"
    assert server.times[1] - server.times[0] == pytest.approx(120, abs=0.1)


def test_the_bar_is_full_only_when_nothing_is_open(tmp_path: Path, batch: list[Delivery]) -> None:
    """What is put off is not done with; while it is waited for, what for is shown."""
    server = Server(in_turn("put-off", "put-off"))
    assert str(send(tmp_path, batch, server, settings(retries=(60,)))) == "5 sent"
    assert server.watch.waits == [(60, "to try 2 again")]
    assert (3, "2 put-off, 3 sent") in server.watch.shown
    assert max(closed for closed, counts in server.watch.shown if "put-off" in counts) == 4
    assert server.watch.shown[-1] == (5, "5 sent")


def test_what_was_put_off_is_tried_in_its_time_though_others_wait(
    tmp_path: Path, batch: list[Delivery]
) -> None:
    """A long list does not keep a person waiting till its end."""
    server = Server(in_turn("put-off"))
    assert str(send(tmp_path, batch, server, settings(per_minute=1, retries=(60,)))) == "5 sent"
    assert [address[:2] for address, _ in server.got] == ["p2", "p3", "p2", "p4", "p5", "p6"]


def test_an_email_that_is_too_large_is_known_before_anything_is_sent(
    tmp_path: Path, batch: list[Delivery]
) -> None:
    """Both sizes are told; the server is not asked, and nobody is marked."""
    server = Server(largest=1000)
    result = send(tmp_path, batch, server)
    assert server.got == []
    assert str(result) == "5 left"
    (problem,) = result.problems
    assert problem.code == "message-too-large"
    assert "has 2,028 bytes, and the server takes 1,000" in problem.what


def test_what_was_sent_before_is_not_too_large(tmp_path: Path, batch: list[Delivery]) -> None:
    """Nobody need be told of an e-mail that has gone."""
    send(tmp_path, batch, Server())
    assert str(send(tmp_path, batch, Server(largest=1000))) == "5 sent before"


def test_drafts_are_called_drafts(tmp_path: Path, batch: list[Delivery]) -> None:
    """In every count: nothing was sent to anyone."""
    server = Server(in_turn("sent", "unsure"), name="drafts")
    result = send(tmp_path, batch, server)
    assert str(result) == "4 drafts, 1 unknown"
    assert "no one can tell whether the draft is in the mailbox" in result.problems[0].what
    assert str(send(tmp_path, batch, server)) == "4 drafts before, 1 unknown before"
    assert count_in_words(1, "sent", drafts=True) == "1 draft"


def test_a_copy_of_what_was_sent_is_filed_where_the_settings_say(
    tmp_path: Path, batch: list[Delivery]
) -> None:
    """The same bytes; what is not sent has no copy. One that fails is told once, and stops nothing."""
    server, copies = (
        Server(in_turn("sent", "refused")),
        Server(in_turn("sent", Reply("stop", "full")), "copies"),
    )
    result = send(tmp_path, batch, server, copies=copies)
    assert str(result) == "4 sent, 1 refused"
    assert copies.got == [server.got[0], server.got[2]]
    assert next((p.code, p.severity) for p in result.problems) == ("copy-not-filed", "warning")
    assert "full" in result.problems[0].what


def test_a_copy_is_tried_once_more_on_a_new_connection(tmp_path: Path, batch: list[Delivery]) -> None:
    """A mailbox that hung up over a long run has taken nothing, and takes it then; one that hangs up again is left alone."""
    copies = Server(in_turn("not-sent", "sent", "not-sent", "not-sent"), "copies")
    server = Server()
    result = send(tmp_path, batch, server, copies=copies)
    assert str(result) == "5 sent"
    assert [address for address, _ in copies.got] == [f"p{n}@one.example" for n in (2, 2, 3, 3)]
    assert [problem.code for problem in result.problems] == ["copy-not-filed"]


@pytest.mark.parametrize(("after", "said"), [(0, "nothing sent"), (2, "2 sent")])
def test_a_run_that_is_stopped_says_how_far_it_came(
    tmp_path: Path, batch: list[Delivery], after: int, said: str
) -> None:
    """And how to go on; also where nothing has gone yet."""

    def reply(_: str) -> Outcome:
        if len(server.got) > after:
            raise KeyboardInterrupt
        return "sent"

    server = Server(reply)
    with pytest.raises(StoppedError) as raised:
        send(tmp_path, batch, server)
    assert raised.value.said == f"{said}; run the same command to go on."


def test_the_ledger_is_asked_for_sizes_only_where_a_server_names_one(
    tmp_path: Path, batch: list[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of thousands is not read once more for nothing."""
    asked = {0: 0, 1_000_000: 0}
    real = Ledger.entry
    for largest in asked:

        def entry(self: Ledger, key: str, largest: int = largest) -> Entry | None:
            asked[largest] += 1
            return real(self, key)

        monkeypatch.setattr(Ledger, "entry", entry)
        assert str(send(tmp_path / str(largest), batch, Server(largest=largest))) == "5 sent"
    assert asked[1_000_000] - asked[0] == len(batch)


def test_no_robot_answers_and_the_prefix_stands_before_the_subject(
    tmp_path: Path, batch: list[Delivery]
) -> None:
    """An absence note would tell who is away; NHSmail encrypts what says [secure]."""
    server = Server()
    send(tmp_path, batch[:1], server, settings(subject_prefix="[secure]"))
    email = message_from_bytes(server.got[0][1])
    assert email["Auto-Submitted"] == "auto-generated"
    assert email["X-Auto-Response-Suppress"] == "All"
    assert email["Subject"] == "[secure]\r\n x"
