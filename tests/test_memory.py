"""What was found before is found again, and never for anything else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handouts.memory import NoMemory, digest_of_texts
from handouts.problems import Problem

PARTS = st.lists(st.text(alphabet=st.characters(exclude_characters="\0"), max_size=6), max_size=4)


def test_no_memory_keeps_nothing() -> None:
    """Every check is made."""
    memory = NoMemory()
    memory.keep("a", [Problem("a", "b", "c", "d")])
    assert memory.known("a") is None


@given(PARTS, PARTS)
def test_other_texts_have_another_digest(one: list[str], other: list[str]) -> None:
    """Texts are kept apart: what moves from one to the next is seen; a lone surrogate is no fault."""
    assert (digest_of_texts(one) == digest_of_texts(other)) == ("\0".join(one) == "\0".join(other))
