"""Files of every kind, spoilt at random: what is wrong is told with its place, and nothing else happens."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import tries
from tests.fuzzing import FILES, READERS, Bench, bench, faulty, spoilt


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Return a small project of every kind of source."""
    return bench(tmp_path_factory.mktemp("fuzz") / "project")


def test_every_kind_of_source_is_spoilt(place: Bench) -> None:
    """There is a file of each kind, and one that is whole has no error."""
    assert set(FILES) == set(READERS)
    composed = set()  # whole files make the same page: one of each way of reading is composed
    for kind, file in FILES.items():
        first, data = READERS[kind] not in composed, (place.root / file).read_bytes()
        problems = place.problems(kind, data, composed=first)
        composed.add(READERS[kind])
        assert [str(problem) for problem in problems if problem.severity == "error"] == []


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=tries(8), suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_whatever_stands_in_a_file_is_read_or_told(place: Bench, kind: str, seed: int) -> None:
    """In bytes, lines, words and structure: no exception, no hang, and every error has a code and a place.

    For longer: python3 -m tests.benchmarks.fuzz --seconds 600.
    """
    random = Random(seed)
    data = spoilt(random, FILES[kind], (place.root / FILES[kind]).read_bytes())
    assert faulty(place.problems(kind, data, composed=random.random() < 0.2), place.root) == []
