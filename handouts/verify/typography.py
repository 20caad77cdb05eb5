"""How a page is set, by where its letters stand: line lengths, bad breaks, text over text, text over the edge."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from fontTools.unicodedata import script

from handouts.verify.drawn import Glyph
from handouts.verify.tags import NUMBERED, Outline, Tag

PRINTER_MARGIN = 11.3  # points, 4 mm: what a printer needs on every side
GAP = 0.2  # of the type size, between words; between letters ink stands at most 0.19 apart
WIDEST_LETTER = 0.7  # of the type size, for each letter
LEAST_LINES = 2  # of a paragraph on each of two pages
COVERED = 0.25  # of the smaller of two letters: more is one over the other
SLACK = 0.5  # of the type size: a letter may reach over the edge, as overhanging ones do


@dataclass(frozen=True)
class Line:
    """A line of one tagged piece of text: the letters on one height, from left to right."""

    tag: int
    glyphs: tuple[Glyph, ...]

    @property
    def page(self) -> int:
        """Return the page, from 0."""
        return self.glyphs[0].page

    @property
    def text(self) -> str:
        """Return the letters, without spaces."""
        return "".join(glyph.character for glyph in self.glyphs)

    @property
    def length(self) -> int:
        """Return how many characters the line has, spaces between words included, marks on letters not."""
        letters = self._letters
        gap = WIDEST_LETTER if self.is_wide else GAP
        gaps = sum(after.left - before.right > gap * after.size for before, after in pairwise(letters))
        return len(letters) + gaps

    @property
    def script(self) -> str:
        """Return the script that most letters are of, nothing where there is no letter."""
        scripts = Counter(script(letter) for letter in self.text if letter.isalpha())
        return scripts.most_common(1)[0][0] if scripts else ""

    @property
    def width(self) -> float:
        """Return how long the line is, in sizes of its type."""
        letters = self._letters
        return (letters[-1].right - letters[0].left) / max(g.size for g in letters) if letters else 0.0

    @property
    def _letters(self) -> list[Glyph]:
        return [g for g in self.glyphs if not unicodedata.category(g.character).startswith("M")]

    @property
    def is_wide(self) -> bool:
        """Whether letters are about as wide as high, as in Chinese or Tamil: then half as many make a line."""
        letters = self._letters
        width = letters[-1].right - letters[0].left if letters else 0.0
        return width > WIDEST_LETTER * sum(glyph.size for glyph in letters)


def glyph_lines(found: Iterable[Glyph], outline: Outline) -> list[Line]:
    """Return the lines of all tagged text, by tag in the order of the tree, then from the top down."""
    owner = {piece: n for n, tag in enumerate(outline.tags) for piece in tag.pieces}
    rows: dict[tuple[int, int, int], list[Glyph]] = {}
    for glyph in found:
        tag = owner.get((glyph.page, glyph.mark))
        if tag is not None:
            rows.setdefault((tag, glyph.page, -round(glyph.line)), []).append(glyph)
    return [Line(key[0], tuple(sorted(row, key=lambda g: g.left))) for key, row in sorted(rows.items())]


def margin_lines(found: Iterable[Glyph]) -> list[Line]:
    """Return the lines of what is not tagged: header and footer."""
    rows: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in found:
        if glyph.mark < 0:
            rows.setdefault((glyph.page, -round(glyph.line)), []).append(glyph)
    return [Line(-1, tuple(sorted(row, key=lambda g: g.left))) for _, row in sorted(rows.items())]


def full_lines(found: Sequence[Line], outline: Outline) -> dict[str, list[Line]]:
    """Return the full lines of running text by the script that most of their letters are of: all but the last of a paragraph.

    A numbered list is the list of works, which is looked things up in.
    """
    lines: dict[str, list[Line]] = {}
    for line, after in pairwise(found):
        if (
            line.tag == after.tag
            and line.script
            and _is_running(outline.tags[line.tag])
            and NUMBERED not in outline.tags[line.tag].roles
        ):
            lines.setdefault(line.script, []).append(line)
    return lines


def room(lines: Sequence[Line]) -> float:
    """Return the room that a character of some lines takes, in type sizes, spaces counted as characters."""
    return statistics.mean(line.width / line.length for line in lines)


def _is_running(tag: Tag) -> bool:
    return tag.roles[-1] in {"P", "LBody", "Span"} and "Figure" not in tag.roles


def median(numbers: Sequence[int]) -> int:
    """Return the middle of some numbers, 0 of none."""
    return round(statistics.median(numbers)) if numbers else 0


def lonely_lines(found: Sequence[Line], outline: Outline) -> list[str]:
    """Return the lines that stand alone at the foot or the top of a page while their paragraph goes on."""
    pages: dict[int, dict[int, dict[int, Line]]] = {}  # one of each height
    for line in found:
        rows = pages.setdefault(_paragraph(line.tag, outline), {}).setdefault(line.page, {})
        rows.setdefault(round(line.glyphs[0].line), line)
    return [
        next(iter(rows.values())).text
        for tag, by_page in pages.items()
        if len(by_page) > 1 and _is_running(outline.tags[tag])
        for page, rows in by_page.items()
        if page in {min(by_page), max(by_page)} and len(rows) < LEAST_LINES
    ]


def _paragraph(tag: int, outline: Outline) -> int:
    """Return the tag that a link or a phrase in another language stands in, by its number in the order of the tree; else the tag itself."""
    roles = outline.tags[tag].roles
    if roles[-1] not in {"Link", "Span"}:
        return tag
    above = next((n for n in reversed(range(tag)) if outline.tags[n].roles == roles[:-1]), None)
    return tag if above is None else _paragraph(above, outline)


def stranded_headings(found: Sequence[Line], outline: Outline) -> list[str]:
    """Return the headings at the foot of a page whose text begins on the next."""
    last: dict[int, Line] = {line.tag: line for line in found}
    order = list(last)
    return [
        last[tag].text
        for tag, after in pairwise(order)
        if outline.tags[tag].roles[-1] in {"H1", "H2", "H3"}
        and last[after].page != last[tag].page
        and next(line.page for line in found if line.tag == after) != last[tag].page
    ]


def empty_shares(found: Iterable[Line], outline: Outline) -> list[float]:
    """Return for every page how much of its type area is empty below its last line, as a share of 1."""
    lowest = {page: area[3] for page, area in enumerate(outline.areas)}
    for line in found:
        lowest[line.page] = min(lowest[line.page], line.glyphs[0].line)
    return [
        (lowest[page] - bottom) / (top - bottom) for page, (_, bottom, _, top) in enumerate(outline.areas)
    ]


def outside_margins(found: Iterable[Line], outline: Outline) -> list[str]:
    """Return the lines that reach out of the type area of their page."""
    wrong = []
    for line in found:
        left, bottom, right, top = outline.areas[line.page]
        inside = all(
            left - SLACK * g.size <= g.left and g.right <= right + SLACK * g.size and bottom <= g.line <= top
            for g in line.glyphs
        )
        if not inside:
            wrong.append(line.text)
    return wrong


def off_the_sheet(found: Iterable[Line], outline: Outline) -> list[str]:
    """Return the lines that reach to where a printer does not print."""
    wrong = []
    for line in found:
        left, bottom, right, top = outline.sheets[line.page]
        box = _box(line.glyphs)
        if not (
            left + PRINTER_MARGIN <= box[0]
            and box[2] <= right - PRINTER_MARGIN
            and bottom + PRINTER_MARGIN <= box[1]
            and box[3] <= top - PRINTER_MARGIN
        ):
            wrong.append(line.text)
    return wrong


def collisions(found: Sequence[Line]) -> list[str]:
    """Return pairs of lines whose letters stand over each other."""
    boxes = [(line, _box(line.glyphs)) for line in found]
    return [
        f"{one.text} / {other.text}"
        for (one, a), (other, b) in combinations(boxes, 2)
        if one.page == other.page and _shared(a, b) > 0 and _collide(one.glyphs, other.glyphs)
    ]


Rectangle = tuple[float, float, float, float]


def _box(some: Iterable[Glyph]) -> Rectangle:
    left, bottom, right, top = zip(*((g.left, g.bottom, g.right, g.top) for g in some), strict=True)
    return min(left), min(bottom), max(right), max(top)


def _shared(a: Rectangle, b: Rectangle) -> float:
    """Return the area two boxes share."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height)


def _collide(some: Iterable[Glyph], others: Sequence[Glyph]) -> bool:
    return any(_covers(one, other) for one in some for other in others)


def _covers(one: Glyph, other: Glyph) -> bool:
    a, b = _box([one]), _box([other])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return smaller > 0 and _shared(a, b) > COVERED * smaller


def split_numbers(numbers: Mapping[str, int], rows: Sequence[str]) -> Iterator[str]:
    """Yield the numbers that are not drawn as often as they are in the text, each whole and in its order."""
    for number, times in numbers.items():
        whole = re.compile(rf"(?<!\d){re.escape(''.join(number.split()))}(?!\d)")
        if sum(len(whole.findall(row)) for row in rows) < max(1, times):
            yield number
