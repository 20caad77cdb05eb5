"""The colours of a scheme, and the contrast between two colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Literal, TypeAlias

from handouts.sources.look import Token

Channels: TypeAlias = tuple[int, int, int]
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
    linear = [_linear(channel / 255) for channel in _channels(colour)]
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


def nearest_readable(colour: str, grounds: Iterable[str]) -> str:
    """Return the colour nearest to one (in Oklab) that can be read on every one of some pale grounds.

    It is found from the same hue, made as dark as needed, by steps to neighbours that are nearer and can still be read.
    """
    pale = tuple(grounds)
    wanted = _channels(colour)

    def distance(channels: Channels) -> float:
        return sum((a - b) ** 2 for a, b in zip(_oklab(channels), _oklab(wanted), strict=True))

    def is_readable(channels: Channels) -> bool:
        return all(contrast(_written(channels), ground) >= LEAST_CONTRAST for ground in pale)

    darker = (tuple(channel * share // 255 for channel in wanted) for share in range(255, -1, -1))
    best = next(each for each in map(_triple, darker) if is_readable(each) or not any(each))
    while True:
        near = [each for each in _neighbours(best) if is_readable(each)]
        nearer = min(near, key=distance, default=best)
        if distance(nearer) >= distance(best):
            return _written(best)
        best = nearer


def _triple(channels: Iterable[int]) -> Channels:
    red, green, blue = channels
    return red, green, blue


def _channels(colour: str) -> Channels:
    """Return red, green and blue of `#rrggbb`, 0 to 255."""
    return _triple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _written(channels: Channels) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _neighbours(channels: Channels) -> Iterator[Channels]:
    """Yield the colours of which no channel differs by more than two."""
    for steps in product(range(-2, 3), repeat=3):
        moved = _triple(channel + step for channel, step in zip(channels, steps, strict=True))
        if any(steps) and all(0 <= channel <= 255 for channel in moved):  # noqa: PLR2004 - a byte
            yield moved


def _linear(channel: float) -> float:
    """Return a channel of sRGB, 0 to 1, in linear light."""
    return channel / 12.92 if channel <= LINEAR_BELOW else float(((channel + 0.055) / 1.055) ** 2.4)


def _oklab(channels: Channels) -> tuple[float, float, float]:
    """Return a colour in Oklab, where distances are as people see them (Björn Ottosson, 2020)."""
    r, g, b = (_linear(channel / 255) for channel in channels)
    light = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * light + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * light - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * light + 0.7827717662 * medium - 0.8086757660 * short,
    )
