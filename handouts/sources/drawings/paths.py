"""Path data and the simple shapes → moves, lines and cubic curves with absolute places, and nothing else.

fontTools knows what path data means (arcs, reflected curves, relative places). It is lenient, so the grammar is asked
for here first; and what it returns is written anew, so that WeasyPrint never reads what a file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path

from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.values import (
    SVG_NUMBER,
    Matrix,
    bounded,
    number_list,
    numbers_of,
    unreadable,
    written,
)

LONGEST_PATH = 100_000  # characters of one path
SEPARATORS = r"[\s,]*+"
SEGMENT = re.compile(rf"\s*+([MmLlHhVvCcSsQqTtZz])((?>{SEPARATORS}{SVG_NUMBER})*+){SEPARATORS}", re.ASCII)
ARC = re.compile(
    rf"\s*+([Aa])((?>{SEPARATORS}{SVG_NUMBER}{SEPARATORS}{SVG_NUMBER}{SEPARATORS}{SVG_NUMBER}{SEPARATORS}[01]{SEPARATORS}[01]{SEPARATORS}{SVG_NUMBER}{SEPARATORS}{SVG_NUMBER})++){SEPARATORS}",
    re.ASCII,
)
ONE_ARC = re.compile(
    rf"{SEPARATORS}({SVG_NUMBER}){SEPARATORS}({SVG_NUMBER}){SEPARATORS}({SVG_NUMBER}){SEPARATORS}([01]){SEPARATORS}([01]){SEPARATORS}({SVG_NUMBER}){SEPARATORS}({SVG_NUMBER})",
    re.ASCII,
)
EACH = re.compile(SVG_NUMBER, re.ASCII)
TAKES = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "z": 0}


class _Pen(BasePen):  # type: ignore[misc]
    """Writes down what it is told, as path data."""

    def __init__(self) -> None:
        super().__init__(None)
        self.steps: list[str] = []

    def _write(self, letter: str, *points: tuple[float, float]) -> None:
        self.steps.append(letter + number_list(bounded("d", part) for point in points for part in point))

    def _moveTo(self, point: Any) -> None:  # noqa: N802 - fontTools' names
        self._write("M", point)

    def _lineTo(self, point: Any) -> None:  # noqa: N802
        self._write("L", point)

    def _curveToOne(self, one: Any, other: Any, end: Any) -> None:  # noqa: N802
        self._write("C", one, other, end)

    def _closePath(self) -> None:  # noqa: N802
        self.steps.append("Z")

    def endPath(self) -> None:  # noqa: N802
        """Leave the line open; a pen of fonts would mind."""


def path(data: str) -> str:
    """Return path data as `M`, `L`, `C` and `Z` with absolute places; “” where it draws nothing. Raises Refusal."""
    if len(data) > LONGEST_PATH:
        what = f"a path has {len(data):,} characters; it may have {LONGEST_PATH:,}."
        raise Refusal(
            "drawing-too-large", what, "Simplify it (in Inkscape: Path > Simplify), or export it as PNG."
        )
    text = " ".join(_segments(data))
    pen = _Pen()
    try:
        parse_path(text, pen)
    except (ArithmeticError, ValueError):  # radii and places that no float can hold
        raise unreadable("d", data) from None
    return "".join(pen.steps)


def transformed(data: str, matrix: Matrix) -> str:
    """Return path data of ours after a transform. Raises Refusal where it leads off every page."""
    pen = _Pen()
    parse_path(data, TransformPen(pen, matrix))
    return "".join(pen.steps)


def _segments(data: str) -> Iterator[str]:
    """Yield every command with its numbers, set apart by single spaces. Raises Refusal at the first that is not whole."""
    text, at = data.strip(), 0
    while at < len(text):
        found = SEGMENT.match(text, at) or ARC.match(text, at)
        given = _arguments(found[1], found[2]) if found else None
        if given is None or not found or (at == 0 and found[1] not in "Mm"):
            raise unreadable("d", text[at : at + LONGEST_PATH])
        numbers = [bounded("d", float(part)) for part in given]
        yield from _arcs(found[1], numbers) if found[1] in "Aa" else (_command(found[1], numbers),)
        at = found.end()


def _command(letter: str, numbers: Iterable[float]) -> str:
    return " ".join([letter, *(f"{number:.12g}" for number in numbers)])


def _arcs(letter: str, numbers: list[float]) -> Iterator[str]:
    """Yield arcs one by one; one without a radius is a line (SVG 2, 9.5.1), which fontTools leaves out."""
    for at in range(0, len(numbers), 7):
        rx, ry, *others = numbers[at : at + 7]
        if rx and ry:
            yield _command(letter, (rx, ry, *others))
        else:
            yield _command("l" if letter == "a" else "L", others[-2:])


def _arguments(letter: str, text: str) -> list[str] | None:
    """Return the numbers of a command, or None where it does not have as many as it takes, or a multiple of it."""
    if letter in "Aa":
        return [part for arc in ONE_ARC.findall(text) for part in arc]
    given, takes = EACH.findall(text), TAKES[letter.lower()]
    whole = bool(given) and len(given) % takes == 0 if takes else not given
    return given if whole else None


def outline(kind: str, given: Mapping[str, float], points: str = "") -> str:
    """Return the path data of a simple shape; “” for one without extent, which draws nothing. Raises Refusal.

    `given` are its lengths in px (SVG 2, 10.2 to 10.6); `points` those of a polyline or a polygon.
    """
    match kind:
        case "rect":
            return _rectangle(given)
        case "circle" | "ellipse":
            rx, ry = (given.get(k, given.get("r", 0.0)) for k in ("rx", "ry"))
            return _ellipse(given.get("cx", 0.0), given.get("cy", 0.0), rx, ry)
        case "line":
            x1, y1, x2, y2 = (given.get(k, 0.0) for k in ("x1", "y1", "x2", "y2"))
            return f"M{number_list((x1, y1))}L{number_list((x2, y2))}"
        case _:
            if len(points) > LONGEST_PATH:
                return path(points)  # which says how long it may be
            places = numbers_of("points", points)
            pairs = [number_list(pair) for pair in zip(places[::2], places[1::2], strict=False)]
            return f"M{'L'.join(pairs)}{'Z' if kind == 'polygon' else ''}" if len(pairs) > 1 else ""


def _rectangle(given: Mapping[str, float]) -> str:
    """Return a rectangle, its corners round where it has radii."""
    x, y, width, height = (given.get(k, 0.0) for k in ("x", "y", "width", "height"))
    if width <= 0 or height <= 0:
        return ""
    rx, ry = given.get("rx", given.get("ry", 0.0)), given.get("ry", given.get("rx", 0.0))
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    if rx <= 0 or ry <= 0:
        return f"M{number_list((x, y))}L{number_list((x + width, y))}L{number_list((x + width, y + height))}L{number_list((x, y + height))}Z"
    arc = f"a{number_list((rx, ry))} 0 0 1"
    h, v = width - 2 * rx, height - 2 * ry
    return path(
        f"M{number_list((x + rx, y))}h{written(h)}{arc} {number_list((rx, ry))}v{written(v)}{arc} {number_list((-rx, ry))}"
        f"h{written(-h)}{arc} {number_list((-rx, -ry))}v{written(-v)}{arc} {number_list((rx, -ry))}Z"
    )


def _ellipse(cx: float, cy: float, rx: float, ry: float) -> str:
    """Return an ellipse as two arcs."""
    if rx <= 0 or ry <= 0:
        return ""
    arc = f"a{number_list((rx, ry))} 0 0 1"
    return path(
        f"M{number_list((cx - rx, cy))}{arc} {number_list((2 * rx, 0))}{arc} {number_list((-2 * rx, 0))}Z"
    )
