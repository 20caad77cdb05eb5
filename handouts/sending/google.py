"""The sign-in of Google Workspace, by Google's own libraries: browser with PKCE, renewal. Its device code gives no right to mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handouts.sending import providers
from handouts.sending.answers import quoting
from handouts.sending.providers import GOOGLE_RIGHTS, MIXED_UP, Grant, refusal
from handouts.sending.settings import Registration
from handouts.sending.transport import UnusableServerError
from handouts.sending.web import NOT_AN_ANSWER, need, session, unreachable, unreadable


class Google:
    """A clinic's project at Google, and one mailbox. Google asks for the secret of a desktop client, though everyone who has the program has it."""

    name = "google"

    def __init__(self, registration: Registration, user: str, client_secret: str) -> None:
        self.registration, self.user, self.client_secret = registration, user, client_secret
        self.flow: Any = None
        self.state = ""

    def begin(self, redirect: str) -> str:
        """Return the address at which a person signs in, with a proof of who began it (PKCE, RFC 7636)."""
        web = session()
        need("google_auth_oauthlib")
        from google_auth_oauthlib.flow import Flow

        client = {
            "client_id": self.registration.client_id,
            "client_secret": self.client_secret,
            "auth_uri": providers.GOOGLE_AUTHORIZE,
            "token_uri": providers.GOOGLE_TOKEN,
        }
        self.flow = Flow.from_client_config({"installed": client}, list(GOOGLE_RIGHTS), redirect_uri=redirect)
        self.flow.oauth2session.mount("https://", web.get_adapter("https://"))
        address, self.state = self.flow.authorization_url(
            access_type="offline", prompt="consent", login_hint=self.user
        )
        return str(address)

    def finish(self, answer: Mapping[str, str]) -> Grant:
        """Return what is given for what the browser brought back; an answer to another question is refused."""
        from oauthlib.oauth2 import MissingTokenError, OAuth2Error
        from requests import RequestException

        if answer.get("state") != self.state:
            raise UnusableServerError(quoting(MIXED_UP, ""))
        if "code" not in answer:
            raise refusal(answer.get("error", "no code"), answer.get("error_description", ""))
        try:
            given = self.flow.fetch_token(code=answer["code"])
        except MissingTokenError:
            raise unreadable() from None
        except OAuth2Error as error:
            raise refusal(str(error.error), str(error.description or "")) from None
        except RequestException as error:
            raise unreachable(error) from None
        except Warning:  # oauthlib's word for fewer rights than were asked for
            raise refusal("access_denied", "scope: the box for mail was not ticked") from None
        except NOT_AN_ANSWER:
            raise unreadable() from None
        return Grant(str(given["access_token"]), str(given.get("refresh_token", "")))

    def renew(self, renewal: str) -> Grant:
        """Return a new token."""
        web = session()
        need("google.auth")
        from google.auth.exceptions import RefreshError, TransportError
        from google.auth.transport.requests import Request
        from google.oauth2.credentials import Credentials

        credentials = Credentials(  # type: ignore[no-untyped-call]
            None,
            refresh_token=renewal,
            token_uri=providers.GOOGLE_TOKEN,
            client_id=self.registration.client_id,
            client_secret=self.client_secret,
        )
        try:
            credentials.refresh(Request(web))  # type: ignore[no-untyped-call]
        except TransportError as error:
            raise unreachable(error) from None
        except RefreshError as error:
            said = str(error.args[0] if error.args else "")
            raise refusal(f"temporarily_unavailable {said}" if error.retryable else said) from None
        except NOT_AN_ANSWER:
            raise unreadable() from None
        return Grant(str(credentials.token), str(credentials.refresh_token or renewal))
