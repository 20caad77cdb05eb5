"""Text can be read on its background."""

from __future__ import annotations

import pytest

from handouts.checks.contrast import check_contrast, contrast_figures
from handouts.model import Clinic
from handouts.page.colours import LEAST_CONTRAST
from handouts.sources.look import Look, Token

TOKENS = {
    "paper": Token("paper", "#ffffff", "#000000"),
    "ink": Token("ink", "#000000", "#ffffff", ("paper",)),
    "accent": Token("accent", "#0b5563", "#ffffff", ("paper",)),
}


def test_the_colours_that_ship_can_be_read(look: Look) -> None:
    """Every text on every background it is read on, in both schemes."""
    assert list(check_contrast(look.tokens, ())) == []
    figures = contrast_figures(look.tokens)
    assert {scheme for scheme, _, _ in figures} == {"light", "dark"}
    assert min(figures.values()) >= LEAST_CONTRAST


def test_a_pale_colour_is_told() -> None:
    """In the scheme in which it is pale."""
    tokens = {**TOKENS, "ink": Token("ink", "#cccccc", "#ffffff", ("paper",))}
    (problem,) = check_contrast(tokens, ())
    assert problem.code == "low-contrast"
    assert "the light colour “ink” on “paper”" in problem.what


@pytest.mark.parametrize(("accent", "told"), [("#9fc5cc", True), ("#0b5563", False), ("", False)])
def test_a_clinics_accent_is_held_against_its_backgrounds(accent: str, *, told: bool) -> None:
    """On paper alone, in the clinic's own file; our colours are not told again for every clinic."""
    file = "content/clinics/my-clinic.yaml"
    clinic = Clinic("my-clinic", "My Clinic", "au", accent=accent, file=file)
    problems = [(p.code, p.file) for p in check_contrast(TOKENS, [clinic])]
    assert problems == [("low-contrast", file)] * told
