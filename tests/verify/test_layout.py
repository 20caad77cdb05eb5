"""A page that is hard to read is refused."""

from __future__ import annotations

import pytest

from handouts.sources.load import Sources
from tests.conftest import Project
from tests.verify.judged import judge


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
    project: Project, sources: Sources, file: str, old: str, new: str, says: str
) -> None:
    """A change of a template that makes a page hard to read does not get through."""
    project.edit(f"templates/{file}", old, new)
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "pdf", "--layout", "standard")
    assert project.run(*want).code == 0
    where = project if file == "print.css" else None
    if where:
        ran = project.run("verify")
        assert ran.code == 1
        assert says in ran.err
    else:
        problems = judge(sources, project.root / "dist/en/about-ipt.pdf").problems
        assert [p for p in problems if says in p.what]
