"""Google's answers: fewer rights than were asked for are none (tests/sending/test_tokens.py has the rest)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from handouts.sending.google import Google
from handouts.sending.settings import Registration
from handouts.sending.transport import UnusableServerError


def test_a_box_that_was_not_ticked_is_a_right_that_is_missing() -> None:
    """A person may sign in and yet refuse the mail; oauthlib says so by a warning."""

    def fetch(**_: str) -> None:
        raise Warning("Scope has changed")

    google = Google(Registration("1-a"), "h@clinic.example", "secret")
    google.flow, google.state = SimpleNamespace(fetch_token=fetch), "s"
    with pytest.raises(UnusableServerError) as raised:
        google.finish({"state": "s", "code": "c"})
    assert raised.value.fault.code == "consent-missing"
    assert "secret" not in raised.value.fault.what
