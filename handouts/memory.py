"""Answers remembered as long as the object that gave them, and no longer: a preview reloads all day."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

Self = TypeVar("Self")
P = ParamSpec("P")
R = TypeVar("R")


def remembered(method: Callable[Concatenate[Self, P], R]) -> Callable[Concatenate[Self, P], R]:
    """Return a method that answers the same question once; its arguments must be hashable."""

    @wraps(method)
    def answer(self: Self, /, *arguments: P.args, **named: P.kwargs) -> R:
        memory: dict[Any, R] = vars(self).setdefault("_memory", {})
        question = (method.__name__, arguments, tuple(named.items()))
        if question not in memory:
            memory[question] = method(self, *arguments, **named)
        return memory[question]

    return answer
