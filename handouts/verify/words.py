"""The words that a page should say, from its HTML, and how many of them a program found in the PDF."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from xml.etree.ElementTree import Element

import tinyhtml5

from handouts.breaks import is_unspaced, segments, without_breaks
from handouts.characters import JOINERS, WITHOUT_FORMATS

BLOCKS = frozenset(
    {"div", "figcaption", "figure", "h1", "h2", "h3", "header", "li", "ol", "p", "section", "ul"}
)
MARGINS = frozenset({"band", "foot"})
COUNTER = "\ufffc"
# The end of a line within a word: for the hyphen there, pdfium writes a noncharacter, which Chrome leaves out of a copy.
HYPHEN_GONE = re.compile(r"(?<=\w)\ufffe\s*(?=\w)")
WITHIN_WORD = re.compile(rf"{HYPHEN_GONE.pattern}|-?\s*\n\s*")
LEAST_PARTED = 8  # letters of a word that a line may end within


@dataclass(frozen=True)
class Count:
    """How many words there are, how many were found exactly, and how many of these in their order.

    `lost` are those not found, `moved` those that are not in their order, lost ones among them. A word is what stands between two places where a line may end
    (UAX 14): what is between spaces in most scripts, a character or two in Chinese, a word of the
    dictionary in Thai.
    """

    words: int
    exact: int
    in_order: int
    lost: tuple[str, ...]
    moved: tuple[str, ...] = ()


def parse_html(html: str) -> Element:
    """Return the root of a page, read as WeasyPrint reads it."""
    root: Element = tinyhtml5.parse(html, namespace_html_elements=False)
    return root


def body_text(root: Element) -> str:
    """Return what a page says outside its margins, in the order of the source, one block a line."""
    body = next(child for child in root if child.tag == "body")
    parts = (part for child in body if child.get("class") not in MARGINS for part in _spoken(child))
    return without_breaks("".join(parts))


def margin_text(root: Element) -> str:
    """Return what is printed in the margins of every page, a stand-in for each number of a page."""
    body = next(child for child in root if child.tag == "body")
    return "".join(part for child in body if child.get("class") in MARGINS for part in _spoken(child))


def _spoken(element: Element) -> Iterator[str]:
    """Yield the text of an element, blocks and words in pictures apart from what is around them."""
    apart = element.tag in BLOCKS or element.get("class") == "label"
    edge = "\n" if apart else ""
    yield edge + (element.text or "")
    if element.get("class", "").startswith("counter-"):
        yield COUNTER
    for child in element:
        yield from _spoken(child)
        yield child.tail or ""
    yield edge


def clean(text: str) -> str:
    """Return a text composed, white space folded, without marks of direction."""
    return " ".join(unicodedata.normalize("NFC", text).translate(WITHOUT_FORMATS).split())


def words(text: str, tag: str) -> list[str]:
    """Return the words of a text in a locale."""
    return [piece.strip() for piece in segments(clean(text), tag) if piece.strip()]


def count(wanted: str, found: Iterable[str], tag: str) -> Count:
    """Return how many words of a text a program found; `found` are its pages."""
    found = list(found)
    text = " ".join(found)
    there, got = words(wanted, tag), words(text, tag)
    surplus = Counter(got)
    lost = []
    for word in there:
        if surplus[word]:
            surplus[word] -= 1
        else:
            lost.append(word)
    squeezed = "".join(clean(text).split())
    # A line end makes the dictionary part an unspaced text at other places.
    lost = [word for word in lost if not (all(map(is_unspaced, word)) and word in squeezed)]
    whole = clean(WITHIN_WORD.sub("", "\n".join(found)))
    lost = [word for word in lost if not (_may_be_parted(word) and word in whole)]
    matcher = SequenceMatcher(None, there, got, autojunk=False)
    blocks = matcher.get_matching_blocks()
    kept = {n for block in blocks for n in range(block.a, block.a + block.size)}
    moved = tuple(word for n, word in enumerate(there) if n not in kept)
    return Count(len(there), len(there) - len(lost), len(kept), tuple(lost), moved)


def _may_be_parted(word: str) -> bool:
    """Whether a line may end within a word: it is long and without a digit."""
    return len(word) >= LEAST_PARTED and not any(map(str.isdecimal, word))


def strange(found: Iterable[str]) -> list[str]:
    """Return the characters that no text of ours holds, by name: ours for breaking lines, private ones, unknown ones."""
    seen = set(HYPHEN_GONE.sub("", "\n".join(found))) - set("\n\r\f\t")
    wrong = [
        c for c in seen if c in "\u200b\u00ad\ufffd" or unicodedata.category(c) in {"Cc", "Co", "Cn", "Cs"}
    ]
    return sorted(f"U+{ord(c):04X}" for c in wrong)


def unjoined(text: str) -> str:
    """Return a text without the invisible joiners."""
    return text.translate(dict.fromkeys(map(ord, JOINERS)))
