"""The parts of a paper that are a clinic's own: laid out by themselves, and left empty on the form that clinics share."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from html import unescape

SLOT = "data-slot"  # names the element of a part
HEAD, BOX = "head", "box"  # a head that is a part, and the clinic's box, which may be within one
PART = re.compile(r"<!--part (\w+)-->(.*?)<!--end \1-->", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
BODY = re.compile(r"<body[^>]*>")
# How many letters on a form stand for what a part will say: a page from right to left is drawn by how many more are read from
# the left. Not more than need be, and in steps, so that clinics share forms.
STEP = 30
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

    def blank(found: re.Match[str]) -> str:
        name, words = found[1], found[2]
        if name == HEAD:
            return PART.sub(blank, words)
        letters = STEP * max(1, math.ceil(_from_left(words) / STEP)) if rtl else 1
        unwritten = f'<p class="unwritten">{"xxxxxxxxx " * (letters // 9)}{"x" * (letters % 9)}</p>'
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


def _from_left(html: str) -> int:
    """Return how many more letters of a part are read from the left than from the right."""
    return sum(map(_side, unescape(TAG.sub("", html))))


@cache
def _side(letter: str) -> int:
    """Return 1 for a letter that is read from the left, -1 for one from the right, as a page is drawn by (`exact/neighbours.py`)."""
    if letter == "\N{RIGHT-TO-LEFT MARK}" or (letter > "\uffff" and unicodedata.bidirectional(letter) != "L"):
        return 0
    return {"L": 1, "R": -1, "AL": -1}.get(unicodedata.bidirectional(letter), 0)
