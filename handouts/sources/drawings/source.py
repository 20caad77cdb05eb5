"""One SVG file that is being read: its ids, its style sheet, the work that is left, the faults that were met."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from handouts.sources.drawings.faults import Allowance, Fault
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
        self.faults: list[Fault] = []
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

    def note(self, fault: Fault, element: Element) -> None:
        """Keep a fault with the line of the element it was met at. Raises it where it ends all reading."""
        fault.line = fault.line or element.sourceline or 0
        if fault.code in {"drawing-too-large", "drawing-too-deep"}:
            raise fault
        self.faults.append(fault)

    def attempt(self, read: Callable[[], T], element: Element) -> T | None:
        """Return what is read, or None after keeping the fault of it."""
        try:
            return read()
        except Fault as fault:
            self.note(fault, element)
            return None

    def find(self, key: str) -> Element:
        """Return the element of an id. Raises Fault where there is none."""
        if key not in self.ids:
            what = f"the drawing refers to “#{key}”, which is not in it."
            raise Fault("drawing-reference", what, "Export the drawing again, as a whole.")
        return self.ids[key]

    def target(self, element: Element) -> str:
        """Return the id that an element refers to by `href`, or “”. Raises Fault for any other address."""
        for name in HREF:
            value: str = element.get(name, "").strip()
            if value and (not value.startswith("#") or len(value) == 1):
                what = f"“{tag(element)}” refers to something outside the drawing: “{value[:40]}”."
                raise Fault("drawing-refers-outside", what, "Embed what it refers to as shapes.")
            if value:
                return value[1:]
        return ""


def tag(element: Element) -> str:
    """Return the name of an SVG element, “” for one of another namespace."""
    return element.tag.removeprefix(SVG) if element.tag.startswith(SVG) else ""


def last(given: dict[str, list[str]], name: str) -> str:
    """Return the value that counts, or “”."""
    return given.get(name, [""])[-1]


def loop(key: str) -> Fault:
    """Return the fault of something that contains itself."""
    return Fault("drawing-loop", f"“#{key}” contains itself.", "Export the drawing again as plain SVG.")


def effect(what: str, fix: str = "") -> Fault:
    """Return the fault of something that would be drawn otherwise than its maker saw it."""
    advice = fix or "Flatten it into plain shapes, or export the logo as PNG."
    return Fault("drawing-effect", f"the drawing uses {what}.", advice)
