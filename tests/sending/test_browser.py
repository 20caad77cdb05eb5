"""The browser comes back: to this machine alone, with an answer in the address or in a form, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import Thread

import pytest
import requests
from playwright.sync_api import sync_playwright

from handouts.sending import browser
from handouts.sending.providers import Grant
from handouts.sending.settings import Registration
from handouts.sending.tokens import provider_for
from handouts.sending.transport import UnusableServerError
from tests.conftest import BROWSER_ARGUMENTS, SHELL
from tests.sending import identity
from tests.sending.identity import CLIENT, Identity
from tests.sending.samples import settings


class Simple:
    """A provider that gives whatever comes back."""

    user = "h@clinic.example"

    def __init__(self, name: str) -> None:
        self.name = name
        self.redirect = ""

    def begin(self, redirect: str) -> str:
        """Return the address to come back to."""
        self.redirect = redirect
        return redirect

    def finish(self, answer: Mapping[str, str]) -> Grant:
        """Return the answer."""
        return Grant(answer["code"], answer.get("state", ""))

    def renew(self, renewal: str) -> Grant:
        """Return nothing new."""
        return Grant("", renewal)


def visiting(send: Callable[[str], object]) -> Callable[[str], None]:
    """Return a browser that does something with the address that it is given."""
    return lambda address: Thread(target=send, args=(address,), daemon=True).start()


@pytest.mark.parametrize("name", ["microsoft", "google"])
@pytest.mark.parametrize("by_form", [False, True])
def test_the_answer_is_taken_whichever_way_it_comes(name: str, *, by_form: bool) -> None:
    """An icon that the browser asks for first is no answer."""
    pages: list[requests.Response] = []

    def send(address: str) -> None:
        with requests.Session() as web:
            assert web.get(f"{address}/favicon.ico", timeout=5).status_code == 404
            answer = {"code": "c", "state": "s"}
            pages.append(
                web.post(address, data=answer, timeout=5)
                if by_form
                else web.get(address, params=answer, timeout=5)
            )

    provider = Simple(name)
    grant = browser.sign_in(provider, visiting(send))
    assert (grant.access, grant.renewal) == ("c", "s")
    assert provider.redirect.startswith(f"http://{browser.HOSTS[name]}:")


def test_a_person_who_does_not_sign_in_is_waited_for_so_long_and_no_longer() -> None:
    """Then it is told."""
    with pytest.raises(UnusableServerError) as raised:
        browser.sign_in(Simple("google"), lambda _: None, longest=0.05)
    assert raised.value.fault.code == "sign-in-not-done"
    assert not raised.value.is_temporary


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, trusted: None) -> Iterator[Identity]:
    """Run the loopback provider."""
    with identity.running(monkeypatch) as running:
        yield running


@pytest.mark.browser
@pytest.mark.skipif(SHELL is None, reason="no Chromium on this machine")
def test_a_real_browser_signs_in(provider: Identity) -> None:
    """A person presses “Yes” on the provider's page, and sees that the window may be closed."""
    registration = Registration(CLIENT, "clinic.example")
    each = provider_for(settings(way="graph", microsoft=registration), "microsoft", "h@clinic.example")
    seen: list[str] = []

    def press(address: str) -> None:
        with sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=SHELL, args=BROWSER_ARGUMENTS)
            page = chromium.new_page(ignore_https_errors=True)
            page.goto(address)
            page.click("#yes")
            seen.append(page.inner_text("body"))
            chromium.close()

    threads: list[Thread] = []

    def show(address: str) -> None:
        threads.append(Thread(target=press, args=(address,), daemon=True))
        threads[0].start()

    assert browser.sign_in(each, show).renewal == "renewal-1"
    threads[0].join(20)
    assert seen == [browser.DONE]
