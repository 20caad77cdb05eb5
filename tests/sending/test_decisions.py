"""What a person decides: it was sent, it may go again, it came back."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.sending.decisions import NOT_SENT, Decision, not_sent, resolve
from handouts.sending.ledger import Entry, Fate, Ledger, held


def noted(ledger: Ledger, fate: Fate, way: str = "smtp") -> None:
    """Put an e-mail of a fate into a ledger, under the key k."""
    ledger.begin("k", "a@b.example", "what", way, "id")
    ledger.end("k", fate)


@pytest.mark.parametrize(
    ("fate", "decision", "expected"),
    [("unknown", "sent", "sent"), ("unknown", "again", "put-off"), ("refused", "again", "put-off"), ("sent", "sent", "sent"),
     ("sent", "bounced", "bounced"), ("unknown", "bounced", "bounced"), ("bounced", "again", "put-off")],
)  # fmt: skip
def test_a_person_decides_what_became_of_an_email(
    tmp_path: Path, fate: Fate, decision: Decision, expected: Fate
) -> None:
    """It was sent, or it may go again, or it came back, and then it may go once more, on purpose."""
    with held(tmp_path / "l.db") as ledger:
        noted(ledger, fate)
        assert not resolve(ledger, "k", decision)
        assert [entry.fate for entry in ledger.entries()] == [expected]


@pytest.mark.parametrize(
    ("fate", "way", "decision", "code"),
    [("sent", "smtp", "again", "email-sent"), ("put-off", "smtp", "bounced", "email-not-sent"), ("sent", "drafts", "bounced", "email-not-sent")],
)  # fmt: skip
def test_what_the_server_has_confirmed_does_not_go_again(
    tmp_path: Path, fate: Fate, way: str, decision: Decision, code: str
) -> None:
    """Nobody gets one twice by a slip of the hand; and what was never sent cannot have come back."""
    with held(tmp_path / "l.db") as ledger:
        noted(ledger, fate, way)
        assert [p.code for p in resolve(ledger, "k", decision)] == [code]
        assert [entry.fate for entry in ledger.entries()] == [fate]
        assert [p.code for p in resolve(ledger, "0" * 12, "sent")] == ["unknown-email"]


def test_a_draft_that_someone_deleted_can_be_laid_in_again(tmp_path: Path) -> None:
    """It went to nobody: no one gets anything twice."""
    with held(tmp_path / "l.db") as ledger:
        noted(ledger, "sent", "drafts")
        assert not resolve(ledger, "k", "again")
        assert ledger.begin("k", "a@b.example", "what", "drafts", "other")


@pytest.mark.parametrize("fate", NOT_SENT)
@pytest.mark.parametrize("way", ["smtp", "drafts"])
def test_what_is_not_sent_is_told_by_line_without_an_address(fate: Fate, way: str) -> None:
    """With the server's code, and whole sentences; of a draft nothing says that it was sent."""
    entry = Entry("k", "ann@b.example", "what", way, fate, "id", 1, "", "550 5.1.1 Ann is not here")
    problem = not_sent(Path("people.csv"), 4, entry)
    assert problem.where == "people.csv:4"
    assert "(550 5.1.1)" in problem.what
    assert not {"{", "Ann", "ann@"} & set(str(problem).replace("(", " ").split())
    assert "e-mail" not in problem.what or way == "smtp"
    assert "gone out" not in problem.what or way == "smtp"
