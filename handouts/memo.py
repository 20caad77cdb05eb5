"""Results kept as long as the object they were computed from, and no longer: a preview reloads all day."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

Self = TypeVar("Self")
P = ParamSpec("P")
R = TypeVar("R")


def memoized(method: Callable[Concatenate[Self, P], R]) -> Callable[Concatenate[Self, P], R]:
    """Return a method that is computed once for the same arguments, which must be hashable.

    Unlike `functools.cache` it keeps the results in the object itself, so that they are freed with it. A call that
    raises is not kept.
    """

    @wraps(method)
    def kept(self: Self, /, *arguments: P.args, **named: P.kwargs) -> R:
        results: dict[Any, R] = vars(self).setdefault("_results", {})
        key = (method.__name__, arguments, tuple(named.items()))
        if key not in results:
            results[key] = method(self, *arguments, **named)
        return results[key]

    return kept
