"""The pages and the browser that the tests of templates share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from handouts.library.plan import Choice, plan
from handouts.mail.inline import compose_for_mail
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import BROWSER_ARGUMENTS, HANDOUTS, LOCALES, SHELL, SPREAD, our_look

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=SHELL, args=BROWSER_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def emails(sources: Sources, look: Look) -> dict[str, str]:
    """Return finished e-mails, by file: the first handout in every locale; of the spread, and of a clinic, all of them."""
    whole = Choice(SPREAD, formats=("email",))
    first = replace(whole, locales=LOCALES, handouts=HANDOUTS[:1])
    clinic = replace(whole, locales=("en", "ar"), clinics=("example",))
    approval = Approval(sources, look)
    pages = [page for choice in (whole, first, clinic) for page in plan(approval, choice)]
    return {f"{page.rendition.clinic}/{page.rendition.file}": compose_for_mail(page, look) for page in pages}


@pytest.fixture(scope="session")
def texts(sources: Sources, look: Look) -> dict[str, str]:
    """Return the plain text of the e-mails of every locale, by file."""
    pages = plan(Approval(sources, our_look()), Choice(LOCALES, formats=("text",)))
    found = {page.rendition.file: compose_for_mail(page, look) for page in pages}
    assert len(found) == len(sources.content.drafts) * len(LOCALES)
    return found
