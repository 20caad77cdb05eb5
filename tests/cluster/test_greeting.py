"""A machine says what it has, in words that one with other code understands; what would make other bytes is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from handouts.cluster.greeting import Credentials, Greeting, credentials, differences, heard
from handouts.problems import Problem
from handouts.sources.look import Look

SANS = "Noto Sans"
OURS = Credentials("a1", {"weasyprint": "70.0"}, {(SANS, 400): "f1", ("Noto Sans Khmer", 700): ""})


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (OURS, ""),
        (replace(OURS, code="b2"), "it has other code of this project"),
        (replace(OURS, versions={"weasyprint": "69.0"}), "weasyprint is 69.0 there and 70.0 here"),
        (replace(OURS, versions={}), "weasyprint is none there and 70.0 here"),
        (
            replace(OURS, faces={(SANS, 400): "", ("Noto Sans Khmer", 700): ""}),
            "the font Noto Sans Regular is missing there",
        ),
        (
            replace(OURS, faces={(SANS, 400): "f2", ("Noto Sans Khmer", 700): ""}),
            "the font Noto Sans Regular is another file",
        ),
        (
            replace(OURS, faces={(SANS, 400): "f1", ("Noto Sans Khmer", 700): "f3"}),
            "the font Noto Sans Khmer Bold is missing here",
        ),
        (
            replace(OURS, versions={str(n): "1" for n in range(9)}),
            f"{'; '.join(f'{n} is 1 there and none here' for n in range(5))}, and 5 more",
        ),
    ],
)
def test_what_would_make_other_bytes_is_told(theirs: Credentials, said: str) -> None:
    """Other code, another version, a font that is missing or is another."""
    assert differences(OURS, theirs) == said


def test_a_machine_has_what_itself_has(look: Look) -> None:
    """Its credentials hold the code and versions of the look, those of dask, and every face that was asked for."""
    found = credentials([SANS, "No Such Font"])
    assert found.code == look.code
    assert set(look.versions) | {"distributed", "fsspec"} <= set(found.versions)
    assert [bool(digest) for digest in found.faces.values()] == [True, True, False, False]
    assert differences(found, credentials([SANS, "No Such Font"])) == ""


def test_what_is_sent_of_a_greeting_is_what_is_heard() -> None:
    """It is of plain values, whatever it says."""
    fault = Problem("worker-fault", "tcp://10.0.0.9:1", "it is full.", "Make room.")
    for greeting in (Greeting(OURS), Greeting(OURS, "it may not."), Greeting(OURS, fault=fault)):
        assert heard(json.loads(json.dumps(greeting.sent())), "a1") == greeting


@pytest.mark.parametrize("answer", [{"code": "b2"}, {"code": "b2", "faces": "?"}, {}, None, "?", 3])
def test_of_a_worker_with_other_code_nothing_is_read_but_that(answer: object) -> None:
    """Its answer may have another form: what is told is what is the matter."""
    assert differences(OURS, heard(answer, "a1").credentials) == "it has other code of this project"
