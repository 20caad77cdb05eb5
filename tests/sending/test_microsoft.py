"""Microsoft's answers: a token, or a refusal without the ids that say nothing to a person (tests/sending/test_tokens.py has the rest)."""

from __future__ import annotations

import pytest

from handouts.sending.microsoft import _grant
from handouts.sending.transport import UnusableServerError


def test_the_token_for_renewal_stays_where_there_is_no_new_one() -> None:
    """Else the next run could not sign in."""
    assert _grant({"access_token": "a", "refresh_token": "r"}, "old").renewal == "r"
    assert _grant({"access_token": "a"}, "old").renewal == "old"


def test_a_refusal_is_its_first_line() -> None:
    """What follows are numbers of a request."""
    said = "AADSTS700082: The token has expired. Trace ID: 1-2 Correlation ID: 3\r\nTimestamp: 4"
    with pytest.raises(UnusableServerError) as raised:
        _grant({"error": "invalid_grant", "error_description": said})
    assert "AADSTS700082: The token has expired" in raised.value.fault.what
    assert "Trace" not in raised.value.fault.what
