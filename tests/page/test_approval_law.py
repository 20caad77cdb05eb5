"""The law of signatures: whatever value is changed, an approved page says what was signed, or is approved no longer."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handouts.page import approval as approval_module
from handouts.sources.signed_values import value_rows
from tests.conftest import tries
from tests.signed_law import Signed


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Signed:
    """Make a project in which every handout is approved in one locale."""
    return Signed(small, tmp_path_factory.mktemp("law") / "project")


@pytest.mark.untraced
@pytest.mark.long
@settings(max_examples=tries(30), suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_a_changed_value_leaves_the_words_or_takes_the_approval_away(signed: Signed, seed: int) -> None:
    """Any value of any source: content, region, catalog, locale, references, drawings, words, templates, styles."""
    signed.try_one(random.Random(seed))
    assert signed.tally.broken == []


def test_the_law_was_tried_on_every_outcome(signed: Signed) -> None:
    """It guards nothing where every change is refused, or none changes a word."""
    for seed in range(1000):
        if {"approval gone", "same words", "refused"} <= set(signed.tally.counts):
            break
        signed.try_one(random.Random(seed))
    assert {"approval gone", "same words", "refused"} <= set(signed.tally.counts)


@pytest.mark.untraced
def test_the_law_is_seen_to_break(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Path) -> None:
    """Where a signature covers the messages alone, as it once did, a page says something else and is approved."""
    monkeypatch.setattr(approval_module, "page_rows", lambda *_: ())
    monkeypatch.setattr(
        approval_module,
        "value_rows",
        lambda *given: [row for row in value_rows(*given) if row[0] == "message"],
    )
    signed = Signed(small, tmp_path / "project")
    signed.files = tuple(path for path in signed.files if path.name == "au.yaml")
    for seed in range(300):
        signed.try_one(random.Random(seed))
        if signed.tally.broken:
            break
    assert signed.tally.broken
