"""What keeps a file from being a drawing is told once, in order, and work is counted."""

from __future__ import annotations

import pytest

from handouts.sources.drawings.refusals import TOLD, Allowance, Refusal, as_problems


def test_each_is_told_once_where_it_is_met_first() -> None:
    """A program that wrote one text as text wrote a hundred."""
    met = [Refusal("a", "text.", "Mend it.", line) for line in (9, 4, 7)] + [
        Refusal("b", "link.", "Mend it.", 5)
    ]
    assert [(p.code, p.file, p.line) for p in as_problems(met, "x.svg")] == [
        ("a", "x.svg", 4),
        ("b", "x.svg", 5),
    ]


def test_no_more_are_told_than_a_person_reads() -> None:
    """The others come to light when these are mended."""
    assert len(as_problems([Refusal("a", f"{n}.", "Mend it.") for n in range(99)], "x.svg")) == TOLD


def test_a_piece_of_the_file_is_told_without_what_a_terminal_obeys() -> None:
    """Colours, bells and line ends are no part of a sentence."""
    (problem,) = as_problems([Refusal("a", "“\x1b[2J\n” is wrong.", "Mend it.")], "x.svg")
    assert problem.what.isprintable()


def test_work_that_was_not_allowed_is_refused_before_it_is_done() -> None:
    """To the unit."""
    allowance = Allowance(10)
    allowance.spend(10)
    with pytest.raises(Refusal) as refused:
        allowance.spend(1)
    assert refused.value.code == "drawing-too-large"
