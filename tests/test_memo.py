"""What is computed once for an object, and freed with it."""

from __future__ import annotations

import gc
import weakref

import pytest

from handouts.memo import memoized


class Doubler:
    """Doubles numbers, and counts how often it had to."""

    def __init__(self) -> None:
        self.calls = 0

    @memoized
    def double(self, number: int, *, plus: int = 0) -> int:
        """Return twice the number."""
        self.calls += 1
        if number < 0:
            raise ValueError(number)
        return 2 * number + plus

    @memoized
    def triple(self, number: int) -> int:
        """Return three times the number."""
        return 3 * number


def test_the_same_arguments_are_computed_once() -> None:
    """Other arguments, another method and another object have results of their own."""
    one, other = Doubler(), Doubler()
    assert [one.double(2), one.double(2), one.double(3), one.double(2, plus=1)] == [4, 4, 6, 5]
    assert one.triple(2) == 6
    assert one.calls == 3
    assert other.double(2) == 4
    assert other.calls == 1


def test_a_call_that_fails_is_tried_again() -> None:
    """An error is not kept."""
    doubler = Doubler()
    for _ in range(2):
        with pytest.raises(ValueError, match="-1"):
            doubler.double(-1)
    assert doubler.calls == 2


def test_results_are_freed_with_their_object() -> None:
    """A preview that reloads all day does not grow."""
    doubler = Doubler()
    doubler.double(2)
    gone = weakref.ref(doubler)
    del doubler
    gc.collect()
    assert gone() is None
