"""Microsoft and Google: where they are, which rights are asked for, and what their refusals mean; data, without a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from handouts.problems import Fault
from handouts.sending.answers import ANYWHERE, BUSY, POLICY_CLOSED, Row, meaning
from handouts.sending.settings import Purpose, Settings
from handouts.sending.transport import UnusableServerError

MICROSOFT_LOGIN = "https://login.microsoftonline.com"
GRAPH_API = "https://graph.microsoft.com/v1.0"
GOOGLE_AUTHORIZE = "https://accounts.google.com/o/oauth2/v2/auth"
GOOGLE_TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
OUTLOOK = "https://outlook.office.com"
# The rights by what is done with them; one token is for one of the two at Microsoft.
MAIL_RIGHTS: Mapping[Purpose, str] = {
    "smtp": f"{OUTLOOK}/SMTP.Send",
    "imap": f"{OUTLOOK}/IMAP.AccessAsUser.All",
}
GRAPH_RIGHTS = ("https://graph.microsoft.com/Mail.Send", "https://graph.microsoft.com/Mail.ReadWrite")
GOOGLE_RIGHTS = ("https://mail.google.com/",)

AGAIN = "Run: python3 build.py mail sign-in --settings FILE"
SIGN_IN_AGAIN = Fault("sign-in-expired", "the sign-in has expired, or was revoked", AGAIN)
MIXED_UP = Fault(
    "sign-in-mixed-up",
    "what the browser brought back is of another sign-in",
    f"Nothing was kept of it. Close the other windows of the sign-in. {AGAIN}",
)
CONSENT = Fault(
    "consent-missing",
    "the right to send for this mailbox was not given",
    f"Ask your administrator to consent to it (docs/mailing.md says to what), then sign in anew. {AGAIN}",
)
REGISTRATION = Fault(
    "registration-wrong",
    "what is registered for this program is not as the settings say",
    "Compare client-id and tenant with the administrator's page; docs/mailing.md says what to register, and how.",
)
REDIRECT = Fault(
    "redirect-wrong",
    "the registration does not allow the browser to come back to this machine",
    "Ask your administrator to add “Mobile and desktop applications” with http://localhost (docs/mailing.md).",
)
# By `error` and `error_description` (RFC 6749, 5.2; learn.microsoft.com, “Microsoft Entra error codes”).
OAUTH: tuple[Row, ...] = (
    Row(ANYWHERE, r"temporarily_unavailable|server_error|slow_down|AADSTS(90033|50196|90006)|^5\d\d\b|^429\b", "slow", BUSY),
    Row(ANYWHERE, r"AADSTS(53\d{3,4}|50105|50057|50053|50020)\b|admin_policy|org_internal|policy", "stop", POLICY_CLOSED),
    Row(ANYWHERE, r"AADSTS(65001|65004|9009[0-9])|consent_required|access_denied|scope", "stop", CONSENT),
    Row(ANYWHERE, r"AADSTS(50011)\b|redirect_uri", "stop", REDIRECT),
    Row(ANYWHERE, r"AADSTS(700016|90002|7000218|900023|700025|7000215)\b|invalid_client|unauthorized_client|deleted_client|disabled_client", "stop", REGISTRATION),
    Row(ANYWHERE, "", "stop", SIGN_IN_AGAIN),
)  # fmt: skip


@dataclass(frozen=True)
class Grant:
    """What a provider gives: a token that is good for an hour or so, and one that gets new ones. In no repr."""

    access: str
    renewal: str

    def __repr__(self) -> str:
        return "Grant(…)"


class Provider(Protocol):
    """A provider that a clinic signs in to, for one mailbox. Each method may raise UnusableServerError."""

    name: str
    user: str

    def begin(self, redirect: str) -> str:
        """Return the address at which a person signs in; the browser then comes back to `redirect`."""

    def finish(self, answer: Mapping[str, str]) -> Grant:
        """Return what is given for what the browser brought back."""

    def renew(self, renewal: str) -> Grant:
        """Return a new token."""


def refusal(error: str, description: str = "") -> UnusableServerError:
    """Return the error of a provider that gives nothing, in its own words."""
    found = meaning(OAUTH, "sign-in", f"{error} {description}".strip(), by="the provider")
    fault = found.fault or SIGN_IN_AGAIN
    return UnusableServerError(fault, is_temporary=found.outcome == "slow", said=found.text)


def microsoft_rights(settings: Settings) -> tuple[str, ...]:
    """Return the rights that settings need at Microsoft."""
    if settings.way == "graph":
        return GRAPH_RIGHTS
    servers = {"smtp": settings.smtp, "imap": settings.imap}
    return tuple(
        right for purpose, right in MAIL_RIGHTS.items() if (s := servers[purpose]) and s.auth == "microsoft"
    )


def mailboxes(settings: Settings) -> list[tuple[str, str]]:
    """Return the provider and the user of every mailbox that settings sign in to with a token, each once."""
    if settings.way == "graph":
        return [("microsoft", graph_user(settings))]
    servers = [server for server in (settings.smtp, settings.imap) if server and server.by_token]
    return list(dict.fromkeys((server.auth, server.user) for server in servers))


def graph_user(settings: Settings) -> str:
    """Return the mailbox that signs in to Graph."""
    return (settings.microsoft and settings.microsoft.user) or settings.sender
