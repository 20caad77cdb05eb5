"""Something in the sources to put right: where it is, what it is, how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to put right.

    `where` is a file with a line (`content/regions/au.yaml:14`), a file, or an option;
    `what` and `fix` are whole sentences in plain words; `about` is the id of the message, if it is of one.
    """

    where: str
    what: str
    fix: str
    severity: Severity = "error"
    about: str = ""

    def __str__(self) -> str:
        about = f" ({self.about})" if self.about else ""
        return f"{self.where}{about}: {self.what} {self.fix}"


class SourceError(Exception):
    """The sources cannot be used as they are; carries every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


def refuse(problems: Iterable[Problem]) -> None:
    """Raise SourceError with all problems, if there is an error among them."""
    found = tuple(problems)
    if any(problem.severity == "error" for problem in found):
        raise SourceError(found)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: “1 message”, “3 messages”."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a fix: the nearest known word as a question, else the list of what there is."""
    choices = sorted(known)
    near = difflib.get_close_matches(word.lower(), choices, n=1, cutoff=0.5)
    if near:
        return f"Did you mean “{near[0]}”?"
    return f"Use one of: {', '.join(choices)}." if choices else "There is none to choose from yet."
