"""A page that is hard to read is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handouts.library.plan import Choice
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import LEFT_OPEN, printed
from tests.verify.judged import judge

pytestmark = LEFT_OPEN


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "print.css",
            ".foot { position",
            ".foot { font-size: 9pt; position",
            "type is smaller than 12 points",
        ),
        (
            "print.css",
            ".hang { width: 32.5mm",
            ".hang { width: 120mm",
            "lines have other than 45 to 75 characters",
        ),
        (
            "print.css",
            ".lead { color",
            ".lead { margin-inline-start: -30mm; color",
            "text runs out of the type area",
        ),
        (
            "print.css",
            ".subtitle, .english-title {",
            ".subtitle { margin-block-start: -9mm } .x {",
            "text stands over",
        ),
        (
            "print.css",
            ".summary { background",
            ".band { padding-block-start: 9mm } .summary { background",
            "stands over",
        ),
        ("print.html", '{{ say(words["draft"]) }}', "", "the header or footer is not whole: “page 1”"),
    ],
)
def test_a_page_that_is_set_badly_is_refused(
    sources: Sources, look: Look, shared: Path, tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    """A change of a template that makes a page hard to read does not get through."""
    assert old in look.templates[file]
    spoilt = replace(look, templates={**look.templates, file: look.templates[file].replace(old, new, 1)})
    path = tmp_path / "spoilt.pdf"
    path.write_bytes(printed(sources, spoilt, shared / "cache", Choice(("en",), ("about-ipt",))))
    assert [p for p in judge(sources, path).problems if says in p.what]
