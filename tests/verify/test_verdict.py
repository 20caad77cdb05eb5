"""A verdict names what is wrong, with a few examples."""

from __future__ import annotations

from handouts.verify.verdict import Verdict


def test_three_examples_are_named_and_the_rest_counted() -> None:
    """A fault that is everywhere is told in one line; one with no example is none."""
    verdict = Verdict("x.pdf")
    verdict.wrong("words-lost", "no word is found", "Mend it.", [])
    assert verdict.problems == []
    verdict.wrong("words-lost", "words are lost", "Mend it.", ["a", "b", "c", "d", "e"])
    (problem,) = verdict.problems
    assert (problem.code, problem.where) == ("words-lost", "x.pdf")
    assert problem.what == "words are lost: “a”, “b”, “c” and 2 more."
