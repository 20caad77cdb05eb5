"""Whether text can be read on its background: the contrast of the colours, ours and the clinics'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from handouts.model import Clinic
from handouts.page import colours
from handouts.problems import Problem, in_file
from handouts.sources.look import TOKENS, Token


def check_contrast(tokens: Mapping[str, Token], clinics: Iterable[Clinic]) -> Iterator[Problem]:
    """Yield colours on which text cannot be read: contrast below 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    for scheme in colours.SCHEMES:
        yield from _too_pale(TOKENS, scheme, colours.pairs(tokens, scheme))
    for clinic in clinics:
        yield from _pale_accent(tokens, clinic)


def _pale_accent(tokens: Mapping[str, Token], clinic: Clinic) -> Iterator[Problem]:
    """Yield the problem of a clinic's colour that cannot be read somewhere, with the nearest one that can be read everywhere."""
    accent, ours = clinic.accent, tokens.get("accent")
    grounds = [tokens[ground].light for ground in (ours.on if ours else ()) if ground in tokens]
    ratios = [colours.contrast(accent, ground) for ground in grounds if accent]
    least = min(ratios, default=colours.LEAST_CONTRAST)
    if least < colours.LEAST_CONTRAST:
        what = f"text in the colour {accent} has a contrast of {least:.1f} to 1 on its darkest background."
        fix = f"At least {colours.LEAST_CONTRAST} to 1 is needed; the nearest that has it is “{colours.nearest_readable(accent, grounds)}”."
        yield replace(in_file("low-contrast", clinic.file, what, fix), clinic=clinic.slug)


def _too_pale(file: str, scheme: str, pairs: Mapping[tuple[str, str], float]) -> Iterator[Problem]:
    """Yield the pairs of a text and its background that have too little contrast."""
    for (name, ground), ratio in pairs.items():
        if ratio < colours.LEAST_CONTRAST:
            what = f"the {scheme} colour “{name}” on “{ground}” has a contrast of {ratio:.1f} to 1."
            fix = f"Choose a colour with at least {colours.LEAST_CONTRAST} to 1."
            yield in_file("low-contrast", file, what, fix)


def contrast_figures(tokens: Mapping[str, Token]) -> dict[tuple[str, str, str], float]:
    """Return the contrast of every pair of text and background, by scheme, text and background."""
    return {(s, *pair): ratio for s in colours.SCHEMES for pair, ratio in colours.pairs(tokens, s).items()}
