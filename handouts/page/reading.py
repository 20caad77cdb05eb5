"""What a composed page says and how: all of it but spaces, the names of blocks, and what styles cannot do to words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from handouts.breaks import without_breaks
from handouts.page.declarations import StyleRule, declarations, rules
from handouts.page.values import LRI, PDI, RLI

STYLE = re.compile(r"(<style\b[^>]*>)(.*?)</style>", re.DOTALL | re.IGNORECASE)
HTML_TAG = re.compile(r"(<[^>]*>)")
ELEMENT_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
BLOCK_ATTRIBUTE = re.compile(r'\s+data-block="[^"]*"')
STYLED = re.compile(r'\sstyle="([^"]*)"')
SAID = re.compile(r'\s(?:alt|aria-label|title|href|src|content)="([^"]*)"')
# Elements within a line: a space beside one is printed. Beside any other it is not.
INLINE = frozenset(
    {"a", "b", "bdi", "bdo", "code", "em", "i", "img", "small", "span", "strong", "sub", "sup", "u"}
)
ISOLATES = str.maketrans(dict.fromkeys(f"{LRI}{RLI}{PDI}"))


@dataclass(frozen=True)
class SignedReading:
    """A composed page as it is signed: the whole in one text, its lines in words, and the rules of its style sheets."""

    whole: str
    lines: tuple[str, ...]
    rules: tuple[StyleRule, ...]


@lru_cache(maxsize=64)  # a page is read when it is signed, and when it is asked what its signature covers
def read_html(html: str) -> SignedReading:
    """Return the reading of a page in HTML."""
    sheets = [css for _, css in STYLE.findall(html)]
    found = tuple(rule for css in sheets for rule in rules(css))
    # The rules stay where their sheet was: its own tag may say when it is in force.
    marked = STYLE.sub(lambda match: f"{match[1]}{_rules_text(match[2])}</style>", html)
    parts = [_tag(part) if part.startswith("<") else _words(part) for part in HTML_TAG.split(marked)]
    whole = "".join(_without_outer_spaces(parts))
    return SignedReading(whole, tuple(_lines(STYLE.sub("", whole))), found)


def read_plain(text: str) -> SignedReading:
    """Return the reading of a page in plain text."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return SignedReading(
        "\n".join(lines), tuple(line.translate(ISOLATES).removeprefix("- ") for line in lines), ()
    )


def _rules_text(css: str) -> str:
    """Return the rules of a style sheet that count, on one line, in characters that stand in HTML as they are."""
    return (
        " ".join(f"{{{selector}}} {{{text}}}" for selector, text in rules(css))
        .replace("<", "‹")
        .replace(">", "›")
    )


@lru_cache(maxsize=4096)
def _tag(tag: str) -> str:
    """Return a tag without the name of its block, and of its style what counts."""
    bare = BLOCK_ATTRIBUTE.sub("", " ".join(tag.split()))
    return STYLED.sub(lambda match: f' style="{declarations(unescape(match[1]))}"', bare)


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    """Return words with single spaces, without marks where a line may end."""
    return re.sub(r"\s+", " ", without_breaks(text))


@lru_cache(maxsize=16384)
def _is_block(part: str) -> bool:
    """Whether a part is the tag of anything that stands on lines of its own."""
    name = ELEMENT_NAME.match(part)
    return bool(name and name[1].lower() not in INLINE) or part.startswith("<!")


def _without_outer_spaces(parts: list[str]) -> Iterator[str]:
    """Yield the parts of a page, words without a space at either end of their line."""
    for before, part, after in zip(["<!", *parts], parts, [*parts[1:], "<!"], strict=False):
        words = part
        if part[:1].isspace() and _is_block(before):
            words = words.lstrip()
        if part[-1:].isspace() and _is_block(after):
            words = words.rstrip()
        yield words


def _lines(whole: str) -> Iterator[str]:
    """Yield every line of words, and everything that is said or opened by a tag."""
    line = ""
    for part in HTML_TAG.split(whole):
        if not part.startswith("<"):
            line += part
            continue
        if _is_block(part) and line.strip():
            yield _said(line)
            line = ""
        yield from _told(part)
    if line.strip():
        yield _said(line)


@lru_cache(maxsize=4096)
def _told(tag: str) -> tuple[str, ...]:
    """Return what a tag says and opens."""
    return tuple(filter(None, map(_said, SAID.findall(tag))))


def said(html: str) -> list[str]:
    """Return the words of any piece of HTML that hold a letter or a digit, and what its tags say and open."""
    found = [*(part for part in HTML_TAG.split(html) if not part.startswith("<")), *SAID.findall(html)]
    return [_said(part) for part in found if any(map(str.isalnum, part))]


@lru_cache(maxsize=4096)
def _said(text: str) -> str:
    """Return words as they are read."""
    return " ".join(unescape(text).translate(ISOLATES).split())
