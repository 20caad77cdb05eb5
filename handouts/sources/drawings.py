"""The SVG drawings of `content/`: shapes only, nothing that links, embeds, runs or fetches."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree  # noqa: ICN001 - the name says what it is

from handouts.files import read_text
from handouts.problems import Fault, Problem, located

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {
    "svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "title", "desc", "defs",
}  # fmt: skip
PLAIN = "Save it as a plain SVG: shapes only, with a viewBox from 0 0."
VIEW_BOX = re.compile(r"0 0 [\d.]+ [\d.]+")


def load_drawings(folder: Path, root: Path) -> tuple[dict[str, str], list[Problem]]:
    """Return the drawings of a folder by name, and what is wrong with them; a faulty one is returned too."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    # A name that begins with a dot is an editor's or a system's own.
    for path in sorted(p for p in folder.glob("*.svg") if not p.name.startswith(".")):
        text, unread = read_text(path, root)
        problems += unread
        if text is None:
            continue
        fault = drawing_fault(text)
        problems += [located(fault, path.relative_to(root).as_posix())] if fault else []
        found[path.stem] = text
    return found, problems


def drawing_fault(text: str) -> Fault | None:
    """Return what keeps a text from being a plain drawing, or None."""
    drawing = _parsed(re.sub(r"\{\{.*?\}\}", "0", text))  # a template: its colours and words come later
    if drawing is None or drawing.tag != f"{SVG}svg" or not VIEW_BOX.fullmatch(drawing.get("viewBox", "")):
        return Fault("drawing-invalid", "this is not an SVG drawing with a viewBox from 0 0.", PLAIN)
    for element in drawing.iter():
        name = element.tag.removeprefix(SVG)
        if name not in SHAPES:
            return Fault("drawing-not-plain", f"the drawing holds “{name}”, which is not a shape.", PLAIN)
        for key, value in element.attrib.items():
            if "href" in key or key.startswith("on") or re.search(r"url|//|@|[\\&]", value):
                what = f"the drawing refers to something outside itself, in “{key}”."
                return Fault("drawing-not-plain", what, PLAIN)
    return None


def _parsed(text: str) -> ElementTree.Element | None:
    """Return the root element of an XML text without a declaration, or None."""
    # No declaration, so no entity: what makes parsing XML dangerous cannot stand in it.
    if "<!" in text or "<?" in text:
        return None
    try:
        return ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError:
        return None
