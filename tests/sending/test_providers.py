"""Microsoft and Google: what their refusals mean, which rights are asked for, and that no token can be seen."""

from __future__ import annotations

import pytest

from handouts.sending.providers import (
    GRAPH_RIGHTS,
    MAIL_RIGHTS,
    Grant,
    graph_user,
    mailboxes,
    microsoft_rights,
    refusal,
)
from handouts.sending.settings import Registration, Server, Settings
from tests.sending.samples import settings

SMTP = Server("smtp.office365.com", 587, "starttls", "h@clinic.example", "microsoft")
IMAP = Server("imap.gmail.com", 993, "tls", "g@clinic.example", "google")
REGISTERED = Registration("1", "clinic.example")


@pytest.mark.parametrize(
    ("error", "description", "code", "is_temporary"),
    [
        ("invalid_grant", "AADSTS700082: The refresh token has expired due to inactivity.", "sign-in-expired", False),
        ("invalid_grant", "AADSTS50173: The provided grant has expired due to it being revoked", "sign-in-expired", False),
        ("invalid_grant", "Token has been expired or revoked.", "sign-in-expired", False),
        ("invalid_grant", "AADSTS65001: The user or administrator has not consented", "consent-missing", False),
        ("access_denied", "", "consent-missing", False),
        ("interaction_required", "AADSTS90094: admin consent is required", "consent-missing", False),
        ("invalid_grant", "AADSTS53003: Access has been blocked by Conditional Access policies", "sign-in-forbidden", False),
        ("access_blocked", "AADSTS530036: device code flow is blocked", "sign-in-forbidden", False),
        ("admin_policy_enforced", "", "sign-in-forbidden", False),
        ("unauthorized_client", "AADSTS700016: Application with identifier x was not found", "registration-wrong", False),
        ("invalid_client", "AADSTS7000218: The request body must contain client_secret", "registration-wrong", False),
        ("invalid_request", "AADSTS50011: The redirect URI does not match", "redirect-wrong", False),
        ("temporarily_unavailable", "", "server-busy", True),
        ("server_error", "AADSTS90033: A transient error has occurred", "server-busy", True),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_to_be_done_and_by_whom(
    error: str, description: str, code: str, *, is_temporary: bool
) -> None:
    """By its code, in the provider's own words; a fault of the moment may be tried again."""
    found = refusal(error, description)
    assert (found.fault.code, found.is_temporary) == (code, is_temporary)
    assert error in found.fault.what


def test_only_the_rights_that_the_settings_need_are_asked_for() -> None:
    """To send, to open the mailbox, or both by Graph, which needs neither."""
    assert microsoft_rights(settings(smtp=SMTP)) == (MAIL_RIGHTS["smtp"],)
    assert microsoft_rights(settings(smtp=SMTP, imap=SMTP)) == tuple(MAIL_RIGHTS.values())
    assert microsoft_rights(settings(smtp=SMTP, imap=SMTP, way="graph")) == GRAPH_RIGHTS


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (settings(smtp=SMTP, imap=IMAP), [("microsoft", SMTP.user), ("google", IMAP.user)]),
        (settings(smtp=SMTP, imap=SMTP), [("microsoft", SMTP.user)]),
        (settings(smtp=Server("h", 1, "tls", "u")), []),
        (settings(way="graph", microsoft=REGISTERED), [("microsoft", "c@d.example")]),
        (
            settings(way="graph", microsoft=Registration("1", "t", "m@d.example")),
            [("microsoft", "m@d.example")],
        ),
    ],
)
def test_each_mailbox_is_signed_in_to_once(given: Settings, expected: list[tuple[str, str]]) -> None:
    """However many servers it has; for Graph it is that of the sender, or the one that is named."""
    assert mailboxes(given) == expected
    assert graph_user(given)


def test_a_token_is_in_no_repr() -> None:
    """What is printed of it may get into a log."""
    assert "secret" not in repr(Grant("secret-1", "secret-2"))
