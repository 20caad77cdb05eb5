"""The colours of a scheme, and the contrast between two colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from handouts.sources.look import Token

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
LINEAR_BELOW = 0.04045  # below this, sRGB is linear


def palette(tokens: Mapping[str, Token], scheme: Scheme, accent: str = "") -> dict[str, str]:
    """Return colour by name for a scheme, with a clinic's accent in place of ours."""
    colours = {name: token.light if scheme == "light" else token.dark for name, token in tokens.items()}
    return {**colours, "accent": accent} if accent and scheme == "light" else colours


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, relative luminance)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= LINEAR_BELOW else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs(tokens: Mapping[str, Token], scheme: Scheme, accent: str = "") -> dict[tuple[str, str], float]:
    """Return the contrast of every text colour on every background it is read on."""
    colours = palette(tokens, scheme, accent)
    return {
        (name, ground): contrast(colours[name], colours[ground])
        for name, token in tokens.items()
        for ground in token.on
    }
