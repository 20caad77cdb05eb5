"""One SVG file that is being read: its ids, its style sheet, the work that is left, the refusals that were met."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from handouts.sources.drawings.refusals import Allowance, Refusal
from handouts.sources.drawings.styles import properties, sheet
from handouts.sources.drawings.xml import SVG, Element

T = TypeVar("T")
HREF = ("href", "{http://www.w3.org/1999/xlink}href")
LOOPS = 20  # references to references
# Inherited where nothing is said, so that nothing need be written; the others have none of it.
KEYWORDS = frozenset({"inherit", "unset", "revert", "revert-layer"})


class Source:
    """An SVG file below its root element."""

    def __init__(self, root: Element, allowance: Allowance) -> None:
        self.root, self.allowance = root, allowance
        self.refusals: list[Refusal] = []
        self.ids: dict[str, Element] = {}
        for element in root.iter():
            key = element.get("id")
            if key:
                self.ids.setdefault(key, element)  # the first one counts, as it does in a browser
        self.rules = sheet(root)

    def given(self, element: Element) -> dict[str, list[str]]:
        """Return what an element is told, by name; a name that says no more than “as around” is left out."""
        told = properties(element, self.rules, self.allowance)
        return {name: texts for name, texts in told.items() if texts[-1].strip().lower() not in KEYWORDS}

    def note(self, refusal: Refusal, element: Element) -> None:
        """Keep a refusal with the line of the element it was met at. Raises it where it ends all reading."""
        refusal.line = refusal.line or element.sourceline or 0
        if refusal.code in {"drawing-too-large", "drawing-too-deep"}:
            raise refusal
        self.refusals.append(refusal)

    def attempt(self, read: Callable[[], T], element: Element) -> T | None:
        """Return what is read, or None after keeping the refusal of it."""
        try:
            return read()
        except Refusal as refusal:
            self.note(refusal, element)
            return None

    def find(self, key: str) -> Element:
        """Return the element of an id. Raises Refusal where there is none."""
        if key not in self.ids:
            what = f"the drawing refers to “#{key}”, which is not in it."
            raise Refusal("drawing-unknown-reference", what, "Export the drawing again, as a whole.")
        return self.ids[key]

    def target(self, element: Element) -> str:
        """Return the id that an element refers to by `href`, or “”. Raises Refusal for any other address."""
        for name in HREF:
            value: str = element.get(name, "").strip()
            if value and (not value.startswith("#") or len(value) == 1):
                what = f"“{tag(element)}” refers to something outside the drawing: “{value[:40]}”."
                raise Refusal("drawing-refers-outside", what, "Embed what it refers to as shapes.")
            if value:
                return value[1:]
        return ""


def tag(element: Element) -> str:
    """Return the name of an SVG element, “” for one of another namespace."""
    return element.tag.removeprefix(SVG) if element.tag.startswith(SVG) else ""


def last(given: dict[str, list[str]], name: str) -> str:
    """Return the value that counts, or “”."""
    return given.get(name, [""])[-1]


def loop(key: str) -> Refusal:
    """Return the refusal of something that contains itself."""
    return Refusal(
        "drawing-contains-itself", f"“#{key}” contains itself.", "Export the drawing again as plain SVG."
    )


def effect(what: str, fix: str = "") -> Refusal:
    """Return the refusal of something that would be drawn otherwise than its maker saw it."""
    advice = fix or "Flatten it into plain shapes, or export the logo as PNG."
    return Refusal("drawing-not-plain", f"the drawing uses {what}.", advice)
