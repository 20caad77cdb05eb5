"""What an answer means: whom it is about, as Microsoft, Google, Postfix and Dovecot say it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.sending.answers import GRAPH, IMAP, PERSON, SMTP, Row, Step, meaning
from handouts.sending.transport import Outcome

TO: tuple[Step, ...] = ("recipient", "text")


@pytest.mark.parametrize(
    ("steps", "said", "outcome", "code"),
    [
        (TO, "250 2.0.0 queued", "sent", ""),
        # About one person.
        (TO, "550 5.1.1 The email account that you tried to reach does not exist.", "refused", ""),
        (TO, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", "refused", ""),
        (TO, "552 5.2.2 mailbox full", "refused", ""),
        (TO, "552 5.2.2 …@…: user over quota", "refused", ""),
        (TO, "552 5.2.2 The user has exceeded the mailbox limit", "refused", ""),
        (TO, "550 5.2.1 The email account is disabled", "refused", ""),
        (("recipient",), "550 no such user here", "refused", ""),
        (("recipient",), "550 <…@…>: Recipient address rejected: User unknown in local recipient table", "refused", ""),
        (("recipient",), "550 Requested action not taken: mailbox unavailable", "refused", ""),
        (("recipient",), "552 Requested mail action aborted: mailbox is full", "refused", ""),
        (("recipient",), "552 the sender's mailbox is full", "stop", "server-takes-nothing"),
        (("recipient",), "550 sender rejected: mailbox unavailable", "stop", "sender-not-allowed"),
        (TO, "452 4.2.2 mailbox full", "put-off", ""),
        (TO, "451 corporate mailbox of this person is not ready", "put-off", ""),
        (TO, "450 4.2.1 The user you are trying to contact is receiving mail at a rate", "put-off", ""),
        (TO, "451 4.7.1 Greylisted, try again later", "put-off", ""),
        (TO, "450 4.2.0 greylisted", "put-off", ""),
        (TO, "451 try later", "put-off", ""),
        # About all of us, for now.
        (("sender", *TO), "432 4.3.2 Message submission rate for this client has exceeded the configured limit", "slow", "server-busy"),
        (("sender", *TO), "421 4.7.0 Temporary System Problem. Try again later", "slow", "server-busy"),
        (TO, "451 4.7.500 Server busy. Please try again later", "slow", "server-busy"),
        (TO, "450 4.7.0 too many messages", "slow", "server-busy"),
        (TO, "450 rate limited", "slow", "server-busy"),
        (("sender",), "452 4.3.1 Insufficient system storage", "slow", "server-busy"),
        # About all of us.
        (("text",), "554 5.2.252 SendAsDenied; …@… not allowed to send as …@…", "stop", "sender-not-allowed"),
        (("text",), "550 5.7.60 SMTP; Client does not have permissions to send as this sender", "stop", "sender-not-allowed"),
        (("recipient",), "553 5.7.1 Sender address rejected: not owned by user handouts", "stop", "sender-not-allowed"),
        (("sender",), "550 no", "stop", "sender-not-allowed"),
        (("sender",), "550 5.1.1 unknown", "stop", "sender-not-allowed"),
        (("sender", *TO), "550 5.1.8 Access denied, bad outbound sender", "stop", "sender-blocked"),
        (("text",), "550 5.4.5 Daily user sending limit exceeded.", "stop", "quota-reached"),
        (TO, "554 daily quota exceeded", "stop", "quota-reached"),
        (TO, "550 5.2.2 user has exceeded the sending limit", "stop", "quota-reached"),
        (TO, "550 5.1.1 handouts has exceeded its outbound sending quota", "stop", "quota-reached"),
        (("sender", "text"), "552 5.3.4 Message size exceeds fixed maximum message size", "stop", "message-too-large"),
        (("text",), "552 message too large", "stop", "message-too-large"),
        (("sender",), "530 5.7.57 Client not authenticated to send mail", "stop", "sign-in-needed"),
        (TO, "550 5.7.1 Message rejected as spam", "stop", "policy"),
        (TO, "554 5.7.1 Relay access denied", "stop", "policy"),
        (TO, "550 5.5.0 no", "stop", "server-takes-nothing"),
        (TO, "554 Transaction failed", "stop", "server-takes-nothing"),
        # No answer of SMTP.
        (("text",), "999 what", "unsure", ""),
        (("sender", "recipient"), "999 what", "not-sent", ""),
    ],
)  # fmt: skip
def test_an_answer_is_about_one_person_or_about_us(
    steps: tuple[Step, ...], said: str, outcome: Outcome, code: str
) -> None:
    """Only what is plainly a person's marks the person; for what is ours, nobody is asked for another address."""
    for step in steps:
        reply = meaning(SMTP, step, said)
        assert (reply.outcome, reply.fault.code if reply.fault else "") == (outcome, code), step
        assert not reply.fault or said.split(maxsplit=1)[0] in reply.fault.what
        assert not reply.fault or "another address" not in reply.fault.fix


@pytest.mark.parametrize(
    ("step", "said", "outcome", "code"),
    [
        ("sign-in", "[AUTHENTICATIONFAILED] wrong password, please try again", "stop", "password-refused"),
        ("sign-in", "[ALERT] server error, try again later", "slow", "server-busy"),
        ("sign-in", "[ALERT] rate limited", "slow", "server-busy"),
        ("sign-in", "[ALERT] no corporate limit", "stop", "password-refused"),
        ("text", "the text is not carefully made", "stop", "server-takes-nothing"),
        ("text", "the mailbox is full", "stop", "mailbox-full"),
    ],
)
def test_an_answer_of_a_mailbox(step: Step, said: str, outcome: Outcome, code: str) -> None:
    """A word counts as a whole: a wrong password is never given a second time, or the account may be locked."""
    reply = meaning(IMAP, step, said)
    assert (reply.outcome, reply.fault.code if reply.fault else "") == (outcome, code)


@pytest.mark.parametrize(
    ("said", "outcome", "code"),
    [
        ("202 Accepted", "sent", ""),
        ("201 Created", "sent", ""),
        ("429 TooManyRequests", "slow", "server-busy"),
        ("503 ServiceUnavailable", "slow", "server-busy"),
        ("401 InvalidAuthenticationToken", "stop", "token-refused"),
        ("403 ErrorAccessDenied", "stop", "right-missing"),
        ("403 ErrorSendAsDenied", "stop", "sender-not-allowed"),
        ("400 ErrorInvalidRecipients", "refused", ""),
        ("413 Request Entity Too Large", "stop", "message-too-large"),
        ("400 ErrorMimeContentInvalid", "stop", "server-takes-nothing"),
        ("504 GatewayTimeout", "unsure", ""),
        ("302 Found", "unsure", ""),
    ],
)
def test_an_answer_of_graph(said: str, outcome: Outcome, code: str) -> None:
    """A 202 is accepted; an error of the server after the text was given leaves a doubt."""
    reply = meaning(GRAPH, "text", said)
    assert (reply.outcome, reply.fault.code if reply.fault else "") == (outcome, code)


@given(
    code=st.integers(0, 999),
    enhanced=st.sampled_from(
        ["", *PERSON, "5.2.252", "5.1.100", "5.7.1", "4.7.1", "5.3.4", "2.0.0", "15.1.1"]
    ),
    words=st.text(max_size=60),
    step=st.sampled_from(["sender", "recipient", "text"]),
)
def test_nobody_is_marked_but_for_what_is_theirs(code: int, enhanced: str, words: str, step: Step) -> None:
    """Whatever a server says: every answer means something, and one that is not of the few codes marks nobody."""
    reply = meaning(SMTP, step, f"{code} {enhanced} {words}")
    if reply.outcome == "refused":
        assert enhanced in PERSON or step == "recipient"
    if reply.outcome == "sent":
        assert code in range(200, 300)
    assert (reply.outcome in {"stop", "slow"}) == (reply.fault is not None)


@pytest.mark.parametrize("rows", [SMTP, IMAP, GRAPH])
def test_the_tables_are_whole(rows: tuple[Row, ...]) -> None:
    """Every pattern can be read, every fault has its sentences, and something fits whatever comes."""
    for row in rows:
        re.compile(row.pattern)
        assert row.fault is None or (row.fault.code and row.fault.what and row.fault.fix)
        assert (row.fault is not None) >= (row.outcome in {"stop", "slow"})
    assert meaning(rows, "text", "").outcome in {"unsure", "stop"}
