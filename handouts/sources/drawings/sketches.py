"""The project's own pictures: plain shapes, with slots for what a page puts in, `{{ accent }}` or `{{ label("you", 30, 40) }}`.

A slot stands for the whole value of an attribute, or between elements. There is nothing to be computed and nothing to be
run: what a slot may say is one of four forms, and read here. What is printed are the parts of the tree that was checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Literal

from lxml import etree

from handouts.files import read_bytes
from handouts.model import Sketch, Slot
from handouts.problems import Problem, did_you_mean, in_file
from handouts.sources.drawings import values
from handouts.sources.drawings.definitions import new
from handouts.sources.drawings.paths import path
from handouts.sources.drawings.refusals import Refusal, as_problems
from handouts.sources.drawings.source import tag
from handouts.sources.drawings.viewports import view_box
from handouts.sources.drawings.xml import SVG, Element, decoded, read_xml

SKETCH_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SKETCH_NUMBER = r"-?[0-9]{1,6}(?:\.[0-9]{1,6})?"
BRACES = re.compile(r"\{\{([^{}]*+)\}\}")
SLOT_MARK = re.compile("\ue000([0-9]+)\ue001")  # stands for a slot while the XML is read
X_COORDINATE = re.compile(rf"x\(({SKETCH_NUMBER})\)")
LABEL_SLOT = re.compile(
    rf'label\(\s*"([a-z0-9-]+)"\s*,\s*(?:({SKETCH_NUMBER})|x\(({SKETCH_NUMBER})\))\s*,\s*({SKETCH_NUMBER})\s*(?:,\s*"(start|middle)"\s*)?\)'
)
FORMS = 'a colour of templates/tokens.toml, mirror, x(30), or label("word", x(30), 40)'
EMPTY = Sketch((f'<svg xmlns="{SVG[1:-1]}" viewBox="0 0 1 1"/>',), 1, 1)  # stands in for one that is refused

ReadAttribute = Callable[[str, str], object]


def _lengths(name: str, text: str) -> None:
    """Read dashes: numbers, or none."""
    if text != "none":
        values.numbers_of(name, text)


# What a drawing of ours is made of, and the reader of each value; a slot of the kind named may take its place.
VALUES: Mapping[str, tuple[ReadAttribute, str]] = {
    **dict.fromkeys(("x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2"), (values.number, "place")),
    **dict.fromkeys(("stroke-width", "opacity", "fill-opacity", "stroke-opacity", "stroke-miterlimit"), (values.number, "")),
    **dict.fromkeys(("fill", "stroke"), (values.colour, "colour")),
    "d": (lambda _, text: path(text), ""),
    "points": (values.numbers_of, ""),
    "transform": (values.transform, "mirror"),
    "stroke-dasharray": (_lengths, ""),
    "stroke-linecap": (values.one_of("butt", "round", "square"), ""),
    "stroke-linejoin": (values.one_of("miter", "round", "bevel"), ""),
    "fill-rule": (values.one_of("nonzero", "evenodd"), ""),
}  # fmt: skip
SHAPE_ELEMENTS = frozenset({"g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"})


def load_sketches(
    folder: Path, root: Path, colours: Collection[str]
) -> tuple[dict[str, Sketch], list[Problem]]:
    """Return the drawings of a folder by name, and what is wrong with them; one that is refused is an empty one.

    `colours` are the names that a slot may say; with none, their own file cannot be read, and they are not asked for.
    """
    found: dict[str, Sketch] = {}
    noted: list[Problem] = []
    # A name that begins with a dot is an editor's or a system's own.
    for file in sorted(p for p in folder.glob("*.svg") if not p.name.startswith(".")):
        name, place = file.stem, file.relative_to(root).as_posix()
        if not SKETCH_NAME.fullmatch(name):
            what = f"a drawing cannot be called “{name}”."
            noted.append(
                in_file("invalid-file-name", place, what, "Use small letters a-z, digits and hyphens.")
            )
            continue
        data, unread = read_bytes(file, root)
        sketch, refused = read_sketch(data, colours) if data is not None else (EMPTY, [])
        found[name] = sketch
        noted += [*unread, *as_problems(refused, place)]
    return found, noted


def read_sketch(data: bytes, colours: Collection[str]) -> tuple[Sketch, list[Refusal]]:
    """Return a drawing with slots, or an empty one and everything that keeps it from being one."""
    try:
        text, slots, refused = _slots(decoded(data), colours)
        if refused:
            return EMPTY, refused
        root = read_xml(text.encode())
        refused = list(_faulty(root, slots))
        if refused:
            return EMPTY, refused
        box = view_box(root.get("viewBox", ""))
    except Refusal as refusal:
        return EMPTY, [refusal]
    plain = etree.tostring(_copied(root), encoding="unicode")
    return Sketch(tuple(_parts(plain, slots)), box.width, box.height), []


def _slots(text: str, colours: Collection[str]) -> tuple[str, list[Slot], list[Refusal]]:
    """Return a text with a mark for every slot, the slots, and what braces hold that is none."""
    slots: list[Slot] = []
    refused: list[Refusal] = []

    def marked(found: re.Match[str]) -> str:
        line = text.count("\n", 0, found.start()) + 1
        slot = _slot(found[1].strip(), line)
        if slot is None or (slot.kind == "colour" and colours and slot.name not in colours):
            near = did_you_mean(found[1].strip(), colours) if slot else f"Write {FORMS}."
            refused.append(_unknown(found[0], near, line))
        slots.append(slot or Slot("colour", line=line))
        return f"\ue000{len(slots) - 1}\ue001"

    if "\ue000" in text or "\ue001" in text:
        raise Refusal("invalid-xml", "the file holds a character of no script (U+E000).", "Remove it.")
    result = BRACES.sub(marked, text)
    for left in re.finditer(r"[{}]", result):
        line = result.count("\n", 0, left.start()) + 1
        refused.append(
            _unknown(result[left.start() : left.start() + 20], f"Write {FORMS}, in two braces.", line)
        )
    return result, slots, refused


def _slot(text: str, line: int) -> Slot | None:
    """Return the slot that a text in braces says, or None where it says none."""
    if text == "mirror":
        return Slot("mirror", line=line)
    if re.fullmatch("[a-z]+", text):
        return Slot("colour", text, line=line)
    place, label = X_COORDINATE.fullmatch(text), LABEL_SLOT.fullmatch(text)
    if place:
        return Slot("place", x=float(place[1]), turns=True, line=line)
    if label:
        at, turns = label[2] or label[3], bool(label[3])
        anchor: Literal["start", "middle"] = "start" if label[5] == "start" else "middle"
        return Slot("label", label[1], float(at), float(label[4]), turns, anchor, line)
    return None


def _unknown(text: str, fix: str, line: int) -> Refusal:
    shown = " ".join(text.split())[:40]
    return Refusal("drawing-unknown-slot", f"“{shown}” is not known in a drawing.", fix, line)


def _faulty(root: Element, slots: list[Slot]) -> Iterator[Refusal]:
    """Yield what keeps a tree from being a drawing of ours."""
    if tag(root) != "svg" or not re.fullmatch(
        rf"0 0 {SKETCH_NUMBER} {SKETCH_NUMBER}", root.get("viewBox", "")
    ):
        what = "this is not an SVG drawing with a viewBox from 0 0."
        yield Refusal(
            "drawing-not-svg", what, 'Begin it with <svg xmlns="…" viewBox="0 0 40 40">.', root.sourceline
        )
        return
    for element in root.iter():
        line, name = element.sourceline, tag(element)
        if name not in SHAPE_ELEMENTS and element is not root:
            shown = name or etree.QName(element).localname
            yield Refusal(
                "drawing-not-plain", f"the drawing holds “{shown[:40]}”.", "Draw it with shapes.", line
            )
        known = {"viewBox"} if element is root else VALUES.keys()
        for key, text in element.attrib.items():
            refusal = _attribute(key, text, slots) if key in known else _strange(key)
            if refusal and key != "viewBox":
                refusal.line = refusal.line or line
                yield refusal
        for text in (element.text, element.tail):
            yield from _between(text or "", slots, line)


def _attribute(key: str, text: str, slots: list[Slot]) -> Refusal | None:
    """Return what is wrong with a value, or None."""
    if key == "viewBox":
        return None
    read, kind = VALUES[key]
    mark = SLOT_MARK.fullmatch(text)
    if mark and slots[int(mark[1])].kind == kind:
        return None
    try:
        read(key, SLOT_MARK.sub("{{ }}", text))
    except Refusal as refusal:
        return refusal
    return None


def _strange(key: str) -> Refusal:
    shown = key.rpartition("}")[2][:40]
    what = f"the drawing holds the attribute “{shown}”."
    return Refusal("drawing-not-plain", what, "Draw it with plain shapes and colours by name.")


def _between(text: str, slots: list[Slot], line: int) -> Iterator[Refusal]:
    """Yield what stands between elements and is neither a label nor white space."""
    wrong = [mark for mark in SLOT_MARK.findall(text) if slots[int(mark)].kind != "label"]
    if wrong or SLOT_MARK.sub("", text).strip():
        what = "there is text between the shapes."
        yield Refusal("drawing-not-plain", what, "Write words as {{ label(…) }}: they are translated.", line)


def _copied(element: Element) -> Element:
    """Return a tree with the same elements, without any prefix."""
    copy = new(tag(element), dict(element.attrib), map(_copied, element))
    copy.text, copy.tail = element.text, element.tail
    return copy


def _parts(text: str, slots: list[Slot]) -> Iterator[str | Slot]:
    """Yield what is printed as it stands, and the slots between."""
    for number, part in enumerate(SLOT_MARK.split(text.strip())):
        if number % 2:
            yield slots[int(part)]
        elif part:
            yield part
