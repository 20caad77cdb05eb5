"""What the tests of the sources share: a handout, and a catalog that translates all of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handouts.model import Handout
from handouts.sources.catalogs import Catalog, Message
from handouts.sources.load import Sources


@pytest.fixture(scope="session")
def handout(sources: Sources) -> Handout:
    """Return the first handout, for Australia."""
    return sources.content.handout("about-ipt", "au")


@pytest.fixture(scope="session")
def catalog_of() -> Callable[..., Catalog]:
    """Return a function that makes a catalog of every block of a handout, its text put into a pattern."""

    def made(handout: Handout, pattern: str = "x {}") -> Catalog:
        blocks = [block for block in handout.blocks() if block.text]
        return Catalog("x.po", {b.id: Message(b.id, b.text, pattern.format(b.text)) for b in blocks})

    return made
