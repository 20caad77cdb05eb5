"""The values of a drawing by their grammar: numbers, lengths, colours, transforms. Every one is written anew."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable

from tinycss2 import color4

from handouts.sources.drawings.refusals import Refusal

SVG_NUMBER = r"[+-]?(?>\d++(?>\.\d*+)?|\.\d++)(?>[eE][+-]?\d++)?"
LENGTH = re.compile(rf"\s*+({SVG_NUMBER})\s*+(px|pt|pc|mm|cm|in|q|%)?\s*+", re.ASCII | re.IGNORECASE)
NUMBERS = re.compile(rf"[\s,]*+({SVG_NUMBER})(?=[\s,+.-]|$)[\s,]*+", re.ASCII)
# CSS Values 4: an inch is 96 px.
UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
    "q": 2.4 / 2.54,
}
LARGEST_COORDINATE = 1e7  # a coordinate
LONGEST_VALUE = 10_000  # characters of a value that is not path data
LETTERS_SHOWN = 40
SVG_COLOUR = re.compile(r"[#a-zA-Z0-9(),.%\s/+-]{1,100}+", re.ASCII)
REFERENCE = re.compile(
    r"""url\(\s*+(["']?)\#([^"'()\\\s<>]{1,200})\1\s*+\)\s*+(.*)""", re.ASCII | re.IGNORECASE
)
TRANSFORM = re.compile(r"\s*+(matrix|translate|scale|rotate|skewX|skewY)\s*+\(([^()]*+)\)[\s,]*+", re.ASCII)

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def unreadable(name: str, value: str) -> Refusal:
    """Return the refusal of a value that does not follow the grammar of its name."""
    shown = value if len(value) <= LETTERS_SHOWN else value[: LETTERS_SHOWN - 1] + "…"
    if re.search(r"url|://|\\|@", value, re.IGNORECASE):
        return Refusal(
            "drawing-refers-outside",
            f"“{name}” refers to something outside the drawing: “{shown}”.",
            "Draw it with plain colours and gradients of its own.",
        )
    return Refusal(
        "drawing-invalid-value",
        f"“{name}” cannot be read: “{shown}”.",
        "Export the drawing again as plain SVG.",
    )


def number(name: str, value: str) -> float:
    """Return a number. Raises Refusal for anything else, and for one that is not finite or too large to be drawn."""
    found = re.fullmatch(rf"\s*+({SVG_NUMBER})\s*+", value[:LONGEST_VALUE], re.ASCII)
    if not found:
        raise unreadable(name, value)
    return bounded(name, float(found[1]))


def bounded(name: str, value: float) -> float:
    """Return a number that may be drawn. Raises Refusal for infinity, not-a-number and what lies off every page."""
    if not abs(value) <= LARGEST_COORDINATE:
        raise Refusal(
            "drawing-invalid-value", f"“{name}” is larger than {LARGEST_COORDINATE:,.0f}.", "Draw it smaller."
        )
    return value


def numbers_of(name: str, value: str) -> list[float]:
    """Return numbers set apart by white space, commas or signs. Raises Refusal."""
    found, at = [], 0
    while at < len(value):
        match = NUMBERS.match(value, at)
        if not match:
            raise unreadable(name, value)
        found.append(bounded(name, float(match[1])))
        at = match.end()
    return found


def length(name: str, value: str, whole: float = 0) -> float:
    """Return a length in px; a share is one of `whole`, and a refusal where there is no whole. Raises Refusal."""
    found = LENGTH.fullmatch(value[:LONGEST_VALUE])
    if not found:
        raise unreadable(name, value)
    unit = (found[2] or "").lower()
    if unit == "%" and not whole:
        raise unreadable(name, value)
    return bounded(name, float(found[1]) * (whole / 100 if unit == "%" else UNITS[unit]))


def share(name: str, value: str) -> float:
    """Return an opacity or the place of a stop, 0 to 1. Raises Refusal."""
    return min(1.0, max(0.0, length(name, value, 1)))


def one_of(*words: str) -> Callable[[str, str], str]:
    """Return a reader of one of a few words."""

    def read(name: str, value: str) -> str:
        if value.strip() not in words:
            raise unreadable(name, value)
        return value.strip()

    return read


def colour(name: str, value: str, current: str = "#000000") -> str:
    """Return a colour as `#rrggbb`, or `#rrggbbaa` where one sees through it, or “none”. Raises Refusal."""
    text = re.sub(r"\s+icc-color\([^()]*+\)$", "", value[:LONGEST_VALUE].strip())
    if text.lower() in {"none", "transparent"}:
        return "none"
    if text.lower() == "currentcolor":
        return current
    parsed = color4.parse_color(text) if SVG_COLOUR.fullmatch(text) else None
    try:
        parts = list(parsed.to("srgb")) if parsed else []
    except NotImplementedError:  # a space that is wider than what a printer of an office has
        parts = []
    if not parts:
        raise unreadable(name, value)
    shown = parts[:3] if parts[3] == 1 else parts
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, part))):02x}" for part in shown)


def reference(name: str, value: str) -> tuple[str, str]:
    """Return the id that a value refers to and what is to be used where there is none; “” for no reference.

    Raises Refusal where it refers to anything but an id of the same file.
    """
    text = value.strip()
    found = REFERENCE.fullmatch(text[:LONGEST_VALUE])
    if found:
        return found[2], found[3].strip()
    if re.search(r"url|\\", text, re.IGNORECASE):
        raise unreadable(name, value)
    return "", text


def transform(name: str, value: str) -> Matrix:
    """Return a list of transforms as one matrix; units (px, deg) are those of the numbers without. Raises Refusal."""
    matrix, at = IDENTITY, 0
    if len(value) > LONGEST_VALUE:
        raise unreadable(name, value)
    if value.strip() in {"", "none"}:
        return IDENTITY
    while at < len(value):
        found = TRANSFORM.match(value, at)
        if not found:
            raise unreadable(name, value)
        given = numbers_of(name, re.sub(r"(?<=[\d.])(px|deg)\b", "", found[2]))
        one = _single(found[1], given)
        if one is None:
            raise unreadable(name, found[0])
        matrix, at = times(matrix, one), found.end()
    for part in matrix:
        bounded(name, part)
    return matrix


def _single(kind: str, n: list[float]) -> Matrix | None:
    """Return the matrix of one transform (SVG 2, 8.5), or None where it has the wrong number of values."""
    matrix: Matrix | None = None
    match kind, len(n):
        case "matrix", 6:
            matrix = (n[0], n[1], n[2], n[3], n[4], n[5])
        case "translate", 1 | 2:
            matrix = (1, 0, 0, 1, n[0], n[1] if len(n) == 2 else 0)  # noqa: PLR2004 - x, y
        case "scale", 1 | 2:
            matrix = (n[0], 0, 0, n[-1], 0, 0)
        case "rotate", 1 | 3:
            cos, sin = math.cos(math.radians(n[0])), math.sin(math.radians(n[0]))
            x, y = n[1:] or (0, 0)
            matrix = (cos, sin, -sin, cos, x - x * cos + y * sin, y - x * sin - y * cos)
        case "skewX", 1:
            matrix = (1, 0, math.tan(math.radians(n[0])), 1, 0, 0)
        case "skewY", 1:
            matrix = (1, math.tan(math.radians(n[0])), 0, 1, 0, 0)
    return matrix


def times(one: Matrix, other: Matrix) -> Matrix:
    """Return the matrix that applies `other` first, then `one`."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def inverse(matrix: Matrix) -> Matrix:
    """Return the transform that undoes one that is not flat."""
    a, b, c, d, e, f = matrix
    over = a * d - b * c
    return (d / over, -b / over, -c / over, a / over, (c * f - d * e) / over, (b * e - a * f) / over)


def is_flat(matrix: Matrix) -> bool:
    """Whether a transform leaves no area: then nothing is seen (and WeasyPrint would leave it out instead)."""
    return abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) < 1e-12  # noqa: PLR2004


def written(value: float) -> str:
    """Return a number with seven digits that count, without an exponent."""
    text = f"{value:.7g}"
    if "e" in text:
        text = f"{value:.10f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def number_list(values: Iterable[float]) -> str:
    """Return numbers in a row."""
    return " ".join(map(written, values))
