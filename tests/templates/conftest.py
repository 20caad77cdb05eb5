"""The pages and the browser that the tests of templates share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from handouts.library.plan import Choice, plan
from handouts.mail.inline import compose_for_mail
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import BROWSER_ARGUMENTS, CHROMIUM, LOCALES, our_look

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def emails(sources: Sources, look: Look) -> dict[str, str]:
    """Return the finished e-mails of every locale, and a clinic's, by file."""
    found = {}
    for clinic, tags in (("", LOCALES), ("example", ("en", "ar"))):
        for page in plan(
            Approval(sources, our_look()),
            Choice(tags, formats=("email",), clinics=(clinic,) if clinic else ()),
        ):
            file = page.rendition.file
            found[f"{clinic}/{file}" if clinic else file] = compose_for_mail(page, look)
    assert len(found) == len(sources.content.drafts) * (len(LOCALES) + 2)
    return found


@pytest.fixture(scope="session")
def texts(sources: Sources, look: Look) -> dict[str, str]:
    """Return the plain text of the e-mails of every locale, by file."""
    pages = plan(Approval(sources, our_look()), Choice(LOCALES, formats=("text",)))
    found = {page.rendition.file: compose_for_mail(page, look) for page in pages}
    assert len(found) == len(sources.content.drafts) * len(LOCALES)
    return found
