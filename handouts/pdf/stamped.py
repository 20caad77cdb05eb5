"""A page that is laid out once, and stamped for many: what is said to one person is laid out by itself, and put in its place.

What is put in keeps all that a page of ours has: its text in order behind its glyphs, a font and tags of its own, read and
painted where its box stands among the others.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, Pdf

from handouts.pdf.exact.boxes import Slot
from handouts.pdf.font_names import retag, tag_of
from handouts.pdf.packing import packed

OWN = "/Own"  # begins the names of the fonts of a stamp among those of the page


@dataclass(frozen=True)
class Form:
    """A PDF whose box is empty, and where that box stands."""

    data: bytes
    slot: Slot


def form_of(data: bytes, slot: Slot) -> Form:
    """Return a page of ours as a form: what its box says is taken out, of the tags too."""
    with pikepdf.open(BytesIO(data)) as pdf:
        page, tag = pdf.pages[slot.page], _tag(pdf, slot.name)
        marks = set(_marks(tag))
        owners = _owners(pdf, page)
        for mark in marks:
            owners[mark] = None
        page.Contents = Array([_stream(pdf, part) for part in _parted(page, marks)])
        tag.K = Array()
        return Form(packed(pdf), slot)


def stamped(form: Form, data: bytes, slot: Slot) -> bytes:
    """Return a form whose box says what the same box says on another PDF of ours, where its content begins at `slot`.

    The same bytes for the same input. Nothing of the other PDF is taken but that box: no title, no metadata.
    """
    with pikepdf.open(BytesIO(form.data)) as pdf, pikepdf.open(BytesIO(data)) as other:
        page, source = pdf.pages[form.slot.page], other.pages[slot.page]
        owners, numbers = _owners(pdf, page), dict[int, int]()
        box = _tag(pdf, form.slot.name)
        for tag in _kids(_tag(other, form.slot.name)):
            box.K.append(_grafted(pdf, page, tag, box, owners, numbers))
        fonts = _fonts(pdf, page, source)
        moved = (1, 0, 0, 1, form.slot.left - slot.left, form.slot.top - slot.top)
        drawn = [((), "q"), (moved, "cm"), *_pieces(source, numbers, fonts), ((), "Q")]
        before, after = page.Contents
        page.Contents = Array([before, _stream(pdf, _written(drawn)), after])
        return packed(pdf)


def _tag(pdf: Pdf, name: str) -> Any:
    """Return the tag that a box of this name has. Raises LookupError where there is none."""
    waiting = [pdf.Root.StructTreeRoot.K[0]]
    while waiting:
        tag = waiting.pop()
        if str(tag.get("/T", "")) == name:
            return tag
        waiting += _kids(tag)
    raise LookupError(f"no box of the page is called {name}")


def _kids(tag: Any) -> list[Any]:
    """Return the tags below a tag, in order."""
    return [kid for kid in tag.K if not isinstance(kid, int) and "/S" in kid]


def _marks(tag: Any) -> Iterator[int]:
    """Yield the numbers of what is marked as of a tag, or as of one below it."""
    for kid in tag.K:
        if isinstance(kid, int):
            yield kid
        elif "/S" in kid:
            yield from _marks(kid)


def _owners(pdf: Pdf, page: Any) -> Any:
    """Return the tags of what is marked on a page, by the numbers of the marks."""
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    at = next(n for n in range(0, len(numbers), 2) if numbers[n] == page.StructParents)
    return numbers[at + 1]


def _parted(page: Any, marks: set[int]) -> tuple[bytes, bytes]:
    """Return what a page draws before the pieces of some marks, and what after them. Raises LookupError where there are none."""
    kept: tuple[list[Any], list[Any]] = [], []
    inside = met = False
    for instruction in pikepdf.parse_content_stream(page):
        inside = inside or _mark(instruction) in marks
        met = met or inside
        if not inside:
            kept[met].append(instruction)
        elif instruction.operator == Operator("EMC"):
            inside = False
    if not met:
        raise LookupError("nothing is drawn in the box of the page that each copy fills")
    before, after = map(_written, kept)
    return before, after


def _mark(instruction: Any) -> int:
    """Return the number of the marked piece that begins with an instruction, or -1."""
    if instruction.operator != Operator("BDC"):
        return -1
    properties = instruction.operands[1]
    return int(properties.get("/MCID", -1)) if isinstance(properties, Dictionary) else -1


def _grafted(pdf: Pdf, page: Any, tag: Any, above: Any, owners: Any, numbers: dict[int, int]) -> Any:
    """Return a copy of a tag with all below it, as one of a page; what is marked has new numbers there, which are noted."""
    made = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=tag.S, P=above, K=Array()))
    if "/Lang" in tag:
        made.Lang = tag.Lang
    for kid in tag.K:
        if isinstance(kid, int):
            numbers[kid] = len(owners)
            owners.append(made)
            made.Pg = page.obj
            made.K.append(numbers[kid])
        elif "/S" in kid:
            made.K.append(_grafted(pdf, page, kid, made, owners, numbers))
    return made


def _fonts(pdf: Pdf, page: Any, source: Any) -> Mapping[str, Name]:
    """Give a page the fonts of another, under names that are not taken; return these by the names they had there."""
    fonts = page.Resources.Font
    taken = set(map(tag_of, fonts.values()))
    names = {}
    for name, font in source.Resources.get("/Font", {}).items():
        copy = pdf.copy_foreign(font)
        retag(copy, taken)
        names[name] = Name(OWN + name[1:])
        fonts[names[name]] = copy
    return names


def _pieces(source: Any, numbers: Mapping[int, int], fonts: Mapping[str, Name]) -> Iterator[Any]:
    """Yield the instructions that draw marked pieces of a page, with other numbers and fonts."""
    inside = False
    for instruction in pikepdf.parse_content_stream(source):
        operands, operator = list(instruction.operands), str(instruction.operator)
        mark = _mark(instruction)
        if mark in numbers:
            inside, operands[1] = True, Dictionary(MCID=numbers[mark])
        if inside and operator == "Tf":
            operands[0] = fonts[str(operands[0])]
        if inside:
            yield operands, operator
        inside = inside and operator != "EMC"


def _written(instructions: Any) -> bytes:
    """Return instructions as a page writes them."""
    pairs = (each if isinstance(each, tuple) else (each.operands, each.operator) for each in instructions)
    return pikepdf.unparse_content_stream(
        [
            (list(operands), operator if isinstance(operator, Operator) else Operator(operator))
            for operands, operator in pairs
        ]
    )


def _stream(pdf: Pdf, content: bytes) -> Any:
    """Return a stream that does not end in a carriage return, which a strict reader takes for a line end (ISO 19005-2, 6.1.7.1)."""
    data = zlib.compress(content, 9)
    return pikepdf.Stream(pdf, data + b"\n" * data.endswith(b"\r"), Filter=Name.FlateDecode)
