"""What a server says, as it may be kept and shown."""

from __future__ import annotations

from handouts.sending.transport import LONGEST_REPLY, one_line


def test_a_reply_is_one_line_without_an_address() -> None:
    """It goes into the ledger and onto terminals: no codes for colours, no names of people, not without end."""
    reply = one_line(550, b"5.1.1 <ann@one.example>\r\n\x1b[31mno such\tuser \xff")
    assert reply == "550 5.1.1 <…@…> [31mno such user �"
    assert len(one_line(250, "x " * 500)) == LONGEST_REPLY
