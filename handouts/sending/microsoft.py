"""The sign-in of Microsoft 365, by Microsoft's own library (msal): browser with PKCE, device code, renewal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from json import JSONDecodeError
from typing import Any

from handouts.sending import providers
from handouts.sending.answers import quoting
from handouts.sending.providers import MIXED_UP, REGISTRATION, Grant, refusal
from handouts.sending.settings import Registration
from handouts.sending.transport import UnusableServerError
from handouts.sending.web import NOT_AN_ANSWER, need, session, unreachable, unreadable

NO_TENANT = replace(REGISTRATION, what="Microsoft does not know the directory in “tenant”")


class Microsoft:
    """A clinic's directory at Microsoft, and one mailbox in it."""

    name = "microsoft"

    def __init__(self, registration: Registration, user: str, rights: tuple[str, ...]) -> None:
        self.registration, self.user, self.rights = registration, user, list(rights)
        self.flow: dict[str, Any] = {}
        self._app: Any = None

    def _asked(self, ask: Callable[[Any], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Ask Microsoft for something. Raises UnusableServerError where it cannot be reached or does not know the clinic."""
        need("msal", "requests")
        from msal import PublicClientApplication
        from msal.exceptions import MsalServiceError
        from requests import HTTPError, RequestException

        try:
            if self._app is None:
                authority = f"{providers.MICROSOFT_LOGIN}/{self.registration.tenant}"
                self._app = PublicClientApplication(
                    self.registration.client_id,
                    authority=authority,
                    instance_discovery=False,
                    http_client=session(),
                )
            return ask(self._app)
        except (HTTPError, MsalServiceError):  # it was reached, and has no time
            raise refusal("temporarily_unavailable") from None
        except RequestException as error:
            raise unreachable(error) from None
        except ValueError as error:
            if any(isinstance(each, JSONDecodeError) for each in (error, error.__context__)):
                raise unreadable() from None
            raise UnusableServerError(quoting(NO_TENANT, "")) from None
        except NOT_AN_ANSWER:
            raise unreadable() from None

    def begin(self, redirect: str) -> str:
        """Return the address at which a person signs in, with a proof of who began it (PKCE, RFC 7636)."""
        self.flow = dict(
            self._asked(
                lambda app: app.initiate_auth_code_flow(
                    self.rights, redirect_uri=redirect, login_hint=self.user, response_mode="form_post"
                )
            )
        )
        return str(self.flow["auth_uri"])

    def finish(self, answer: Mapping[str, str]) -> Grant:
        """Return what is given for what the browser brought back; an answer to another question is refused."""
        if answer.get("state") != self.flow.get("state"):
            raise UnusableServerError(quoting(MIXED_UP, ""))
        return _grant(self._asked(lambda app: app.acquire_token_by_auth_code_flow(self.flow, dict(answer))))

    def by_device(self, tell: Callable[[str], None]) -> Grant:
        """Return what is given after a person typed a code on any device; `tell` is given what to do."""
        flow = dict(self._asked(lambda app: app.initiate_device_flow(self.rights)))
        if "user_code" not in flow:
            raise _refused(flow)
        tell(str(flow["message"]))
        return _grant(self._asked(lambda app: app.acquire_token_by_device_flow(flow)))

    def renew(self, renewal: str) -> Grant:
        """Return a new token."""
        return _grant(
            self._asked(lambda app: app.acquire_token_by_refresh_token(renewal, self.rights)), renewal
        )


def _grant(given: Mapping[str, Any], renewal: str = "") -> Grant:
    """Return the tokens of an answer; the one for renewal stays where there is no new one."""
    if "access_token" not in given:
        raise _refused(given)
    return Grant(str(given["access_token"]), str(given.get("refresh_token") or renewal))


def _refused(given: Mapping[str, Any]) -> UnusableServerError:
    """Return the error of an answer without a token: its first line, without the ids of the request."""
    description = str(given.get("error_description") or "").split(" Trace ID")[0].split("\n")[0]
    return refusal(str(given.get("error") or "no token"), description)
