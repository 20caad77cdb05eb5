"""The parts of a paper that are a clinic's own: laid out by themselves, and left empty on the form that clinics share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

SLOT = "data-slot"  # names the element of a part
HEAD, BOX = "head", "box"  # a head that is a part, and the clinic's box, which may be within one
PART = re.compile(r"<!--part (\w+)-->(.*?)<!--end \1-->", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
BODY = re.compile(r"<body[^>]*>")
# Letters that stand where a part will say something; from right to left as many as may be written there from left to right.
LETTERS, MOST_LETTERS = "xxxxxxxxx ", 40
UNSEEN = "<style>.band, .foot { border-block-start-color: transparent } .between { clear: both; height: 20mm }</style>"
# From right to left the last line of a page is drawn in a way of its own, and lines near it by those above.
FOOT = '<div class="foot">·</div>'


def begins(name: str) -> str:
    """Return the mark before a part."""
    return f"<!--part {name}-->"


def ends(name: str) -> str:
    """Return the mark behind a part."""
    return f"<!--end {name}-->"


def blanked(html: str, heights: Mapping[str, str], *, rtl: bool) -> str:
    """Return a page composed in parts as a form: each part empty, and as high as `heights` says, in pixels.

    The clinic's box keeps the size it has, and what is beside it in a head stays. Raises KeyError for a part whose height is not known.
    """
    unwritten = f'<p class="unwritten">{LETTERS * (MOST_LETTERS if rtl else 1)}</p>'

    def blank(found: re.Match[str]) -> str:
        name, words = found[1], found[2]
        if name == HEAD:
            return PART.sub(blank, words)
        if name == BOX:
            opening = words[: words.index(">")]
            slot = f' {SLOT}="{BOX}"' if SLOT in opening else ""
            small = " snug small" if " small" in opening else ""
            return f'<div{slot} class="clinic filled{small} blank">{unwritten}</div>'
        return f'<div class="part blank" {SLOT}="{name}" style="height: {heights[name]}px">{unwritten}</div>'

    return PART.sub(blank, html)


def apart(html: str, accent: str, *, rtl: bool) -> str:
    """Return a page that holds nothing but the parts of one composed in parts, with much room between them, in a colour."""
    head, _, rest = html.partition("</head>")
    body, opening, rest = rest.partition(BODY.findall(rest)[0])
    running = rest.partition('<div class="foot">')[0] + FOOT if rtl else ""
    parts = '<div class="between"></div>'.join(_unmarked(found[2]) for found in PART.finditer(rest))
    # After the others, which stay the same for all clinics, and are read once.
    coloured = f"<style>:root {{ --accent: {accent} }}</style>"
    return f"{head}{UNSEEN}{coloured}</head>{body}{opening}{running}{parts}</body></html>"


def _unmarked(html: str) -> str:
    return PART.sub(lambda found: _unmarked(found[2]), html)


def most_from_left(html: str) -> bool:
    """Whether a part of a page composed in parts has more that is read from left to right than its letters on a form stand for."""
    texts = (TAG.sub("", found[2]) for found in PART.finditer(html))
    return any(sum(map(_is_from_left, text)) > MOST_LETTERS * LETTERS.count("x") for text in texts)


@cache
def _is_from_left(letter: str) -> bool:
    return unicodedata.bidirectional(letter) == "L"
