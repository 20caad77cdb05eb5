"""What the tests of the checks share: sources with one message of a catalog changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from handouts.sources.load import Sources

Spoil = Callable[[Mapping[str, str]], Sources]


@pytest.fixture
def spoilt(sources: Sources) -> Spoil:
    """Return a function that gives the sources with other texts in the Spanish catalog, by message id."""

    def made(texts: Mapping[str, str]) -> Sources:
        catalog = sources.catalogs["es"]
        changed = {key: replace(catalog.messages[key], text=text) for key, text in texts.items()}
        return replace(
            sources,
            catalogs={**sources.catalogs, "es": replace(catalog, messages={**catalog.messages, **changed})},
        )

    return made
