"""What keeps a file from being a drawing, and the work that a drawing may be."""

from __future__ import annotations

from dataclasses import dataclass

from handouts.problems import Problem, in_file

TOLD = 10  # of one file: a machine that wrote one text as text wrote a hundred


@dataclass
class Refusal(Exception):  # noqa: N818 - no error of the program: it becomes a Problem when the file is known
    """One thing that keeps a file from being a drawing: its code, what it is, how to mend it, and the line."""

    code: str
    what: str
    fix: str
    line: int = 0


def as_problems(refusals: list[Refusal], file: str) -> tuple[Problem, ...]:
    """Return the problems of a file; the same refusal is told once, where it is met first."""
    first: dict[tuple[str, str], Refusal] = {}
    for refusal in sorted(refusals, key=lambda refusal: refusal.line):
        first.setdefault((refusal.code, refusal.what), refusal)
    kept = list(first.values())[:TOLD]
    return tuple(in_file(f.code, file, _printable(f.what), f.fix, line=f.line) for f in kept)


def _printable(text: str) -> str:
    """Return a sentence that may hold a piece of the file, without what a terminal would obey."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


class Allowance:
    """The work that a drawing may be, counted down.

    The unit is about a microsecond of WeasyPrint's time. A file of a kilobyte can ask for years of it, so every step
    that the file causes is paid for before it is taken.
    """

    def __init__(self, units: int) -> None:
        self.left = units

    def spend(self, units: int) -> None:
        """Pay for work. Raises Refusal where more is asked for than is left."""
        self.left -= units
        if self.left < 0:
            raise Refusal(
                "drawing-too-large",
                "the drawing has too many parts, or repeats them too often.",
                "Simplify it: a logo that is printed as large as a thumb needs a few hundred shapes at most.",
            )
