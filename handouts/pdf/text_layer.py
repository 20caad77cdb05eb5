"""The text behind the glyphs: what is extracted, searched and read aloud is the text that was set.

WeasyPrint gives each glyph the text of its cluster, as it meets it. Where a script moves, joins or
stacks letters, several glyphs share a cluster, and the words behind them come out wrong or empty. So
every word of such a run says its own text (ActualText), and no glyph is left without any.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import pydyf
from fontTools.ttLib import TTFont

WORD = re.compile(r"\S+\s*|\s+")
NOTHING = "\u200b"  # A zero-width space: a ToUnicode value may not be empty (ISO 14289-1, 7.21.7).
PIECE = re.compile(rb"<([0-9a-f]*)>|([^<>]+)")


@dataclass(frozen=True)
class Glyph:
    """A glyph of a line as it is drawn: the word it belongs to, None where its own text will do."""

    word: int | None


def install(weasyprint: Any) -> None:
    """Let WeasyPrint draw every line with its text behind it."""
    module = weasyprint.draw.text
    if not hasattr(module.draw_first_line, "plain"):
        module.draw_first_line = _drawing(module.draw_first_line)


def _drawing(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return WeasyPrint's function that draws a line, with words marked in what it draws."""

    def draw_first_line(stream: Any, textbox: Any, *options: Any) -> Any:
        glyphs, words = _line(stream, textbox)
        if not words:
            return plain(stream, textbox, *options)
        recorder = _Recorder(stream)
        drawn = plain(recorder, textbox, *options)
        _replay(stream, recorder.calls, glyphs, words)
        return drawn

    draw_first_line.plain = plain  # type: ignore[attr-defined]
    return draw_first_line


def _line(stream: Any, textbox: Any) -> tuple[list[Glyph], list[str]]:
    """Return the glyphs of a line in the order in which they are drawn, and the words to mark."""
    from weasyprint.text.ffi import ffi, pango

    if not textbox.text.strip() or textbox.style["font_size"] <= 0:
        return [], []
    layout = textbox.pango_layout
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)  # noqa: FBT003 - a C function
    line, _ = layout.get_first_line()
    text = layout.text.encode()
    glyphs: list[Glyph] = []
    words: list[str] = []
    run = line.runs[0]
    while run != ffi.NULL:
        glyphs += _run(stream, run.data, text, words)
        run = run.next
    return glyphs, words


def _run(stream: Any, item: Any, text: bytes, words: list[str]) -> list[Glyph]:
    """Return the glyphs of one run; add its words to `words` if the glyphs alone would not tell them."""
    from weasyprint.text.ffi import pango

    start, length, count = item.item.offset, item.item.length, item.glyphs.num_glyphs
    own = text[start : start + length]
    at = [item.glyphs.log_clusters[i] for i in range(count)]
    ids = [item.glyphs.glyphs[i].glyph for i in range(count)]
    font, _ = stream.add_font(item.item.analysis.font)
    _name_glyphs(font, at, ids, own)
    shown = [i for i in range(count) if ids[i] != pango.PANGO_GLYPH_EMPTY]
    told = "".join(font.to_unicode.get(ids[i], "") for i in shown)
    # An extractor takes ActualText for text in visual order, and would turn Arabic round.
    marks = any(unicodedata.category(letter).startswith("M") for letter in own.decode())
    if item.item.analysis.level % 2 or (told == own.decode() and not marks):
        return [Glyph(None) for _ in shown]
    first = len(words)
    bounds: list[int] = []
    end = 0
    for match in WORD.finditer(own.decode()):
        words.append(match[0])
        end += len(match[0].encode())
        bounds.append(end)
    return [Glyph(first + next(n for n, bound in enumerate(bounds) if at[i] < bound)) for i in shown]


def _name_glyphs(font: Any, at: list[int], ids: list[int], text: bytes) -> None:
    """Give every glyph of a run a text of its own: its letter, or what its cluster has left over."""
    starts = sorted({*at, len(text)})
    for begin, end in pairwise(starts):
        cluster = text[begin:end].decode()
        members = [glyph for glyph, where in zip(ids, at, strict=True) if where == begin]
        if len(members) == 1:
            font.to_unicode.setdefault(members[0], cluster or NOTHING)
            continue
        left, letters = cluster, _letters(font.file_content)
        for glyph in members:
            letter = letters.get(glyph, "")
            if letter and letter in left:
                left = left.replace(letter, "", 1)
                font.to_unicode.setdefault(glyph, letter)
        for glyph in members:
            if glyph not in font.to_unicode:
                font.to_unicode[glyph], left = left or NOTHING, ""


@cache
def _letters(font: bytes) -> dict[int, str]:
    """Return the letter of every glyph that has one, by glyph number."""
    opened = TTFont(io.BytesIO(font), lazy=True)
    return {opened.getGlyphID(name): chr(letter) for letter, name in (opened.getBestCmap() or {}).items()}


class _Recorder:
    """Stands in for a stream while a line is drawn, and keeps what draws; everything else goes through."""

    KEPT = frozenset({"set_text_matrix", "set_font_size", "show_text", "set_text_rise"})

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        if name in self.KEPT:
            return lambda *arguments: self.calls.append((name, arguments))
        return getattr(self.stream, name)


def _replay(
    stream: Any, calls: list[tuple[str, tuple[Any, ...]]], glyphs: list[Glyph], words: list[str]
) -> None:
    """Draw what was recorded, each word inside a mark that says its text."""
    drawn, open_word = 0, None
    for name, arguments in calls:
        if name != "show_text":
            getattr(stream, name)(*arguments)
            continue
        for string, count in _split(arguments[0], [glyph.word for glyph in glyphs[drawn:]]):
            word = glyphs[drawn].word if count else open_word
            if word != open_word:
                if open_word is not None:
                    stream.end_marked_content()
                if word is not None:
                    said = words[word].replace(NOTHING, "").encode("utf-16-be").hex()
                    stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": f"<feff{said}>"}))
                open_word = word
            stream.show_text(string)
            drawn += count
    if open_word is not None:
        stream.end_marked_content()


def _split(string: str, owners: list[int | None]) -> Iterator[tuple[str, int]]:
    """Yield the pieces of a text operand, one a word, each with how many glyphs it shows."""
    parts: list[str] = []
    shown = total = 0
    for codes, number in PIECE.findall(string.encode()):
        if number:
            parts.append(f"{number.decode()} ")  # two numbers may follow each other
        for code in (codes[i : i + 4] for i in range(0, len(codes), 4)):
            if shown and owners[total] != owners[total - 1]:
                yield "".join(parts), shown
                parts, shown = [], 0
            parts.append(f"<{code.decode()}>")
            shown, total = shown + 1, total + 1
    if parts:
        yield "".join(parts), shown
