"""What the tests of drawings share: an SVG file as it is being read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handouts.sources.drawings.refusals import Allowance
from handouts.sources.drawings.source import Source
from handouts.sources.drawings.xml import read_xml
from tests.sources.drawings.hostile import svg

SourceOf = Callable[..., Source]


@pytest.fixture
def source_of() -> SourceOf:
    """Return a function that reads a file of some elements, with as much work as it may take."""

    def source(content: str, units: int = 10**7) -> Source:
        return Source(read_xml(svg(content)), Allowance(units))

    return source
