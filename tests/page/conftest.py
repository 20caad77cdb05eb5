"""What the tests of pages share: a page as it is planned."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handouts.library.plan import Choice, plan
from handouts.model import Page
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from tests.conftest import our_look

Planned = Callable[..., Page]


@pytest.fixture(scope="session")
def planned(sources: Sources) -> Planned:
    """Return a function that gives the page of a handout in a locale, by its name on paper unless said otherwise."""

    def page(tag: str, form: str = "pdf", layout: str = "standard", slug: str = "about-ipt") -> Page:
        choice = Choice((tag,), (slug,), (form,), (layout,))  # type: ignore[arg-type]
        (only,) = plan(Approval(sources, our_look()), choice)
        return only

    return page
