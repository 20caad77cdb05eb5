"""Fields to type in: a text field over the lines of each place to write on, tagged where it is read, with a font of ours.

WeasyPrint has forms of its own (`pdf_forms`), which are not used: they have no tooltip (`TU`), are joined to no tag
of ours, and write with fonts that are not embedded (Kozea/WeasyPrint#2726). A second program that adds them afterwards
would have to find every place on the page and in the tag tree again; here both are known, and the file is written once.

The rules: a widget stands in a `Form` tag that holds nothing else, has a tooltip, and pages are gone through in the order
of the tags (ISO 14289-1, 7.18.1, 7.18.3, 7.18.4). It has an appearance, is printed, and nothing asks a viewer to make
appearances anew (ISO 19005-2, 6.3.2, 6.3.3, 6.4.1). A field is named by the id of its block: what was typed is found again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pydyf
import uharfbuzz as hb

from handouts.pdf.exact.boxes import MM, page_box, walk_boxes
from handouts.pdf.exact.embed import CharacterCodes, Cluster, write_font
from handouts.pdf.exact.opened import opened

FIELD = "data-field"  # the attribute of an element over which a field is laid: its name
# How a field names the font of what is typed. pdfium takes a letter beyond Latin from it only where it is called as a font
# of symbols is, and from then on takes every letter from it; else it looks on the machine, and prints nothing where there is none.
FONT, WHOLE_FONT = "Written", "Wingdings"
SUBSET = "TYPING"  # begins the name of that font in the file: six capitals (ISO 32000-1, 9.6.4)
# Flags of an annotation and of a text field (ISO 32000-1, 12.5.3 and 12.7.4.3).
PRINTED, SEVERAL_LINES = 4, 1 << 12
POINTS = 0.75  # in a CSS pixel
BELOW = 1.4 / MM * POINTS  # points between what is typed and the line below it
AT_RIGHT = 2


@dataclass(frozen=True)
class _Metrics:
    """What a font's description says beside its widths, in thousandths of the type size."""

    name: str
    family: str
    ascent: int
    descent: int
    stemv: int = 80


def field_name(block: str) -> str:
    """Return the name of the field of a block: a full stop would part the names of a hierarchy (ISO 32000-1, 12.7.3.2)."""
    return block.replace(".", "/")


def field_boxes(page: Any) -> Iterator[Any]:
    """Yield the boxes of a page over which fields are laid, in the order of the source."""
    met = set()
    for box in walk_boxes(page_box(page)):
        if box.element is not None and box.element.get(FIELD) and box.element not in met:
            met.add(box.element)
            yield box


def widget(pdf: Any, page: Any, reference: bytes, box: Any) -> Any:
    """Write the field over a box, on its page; return its dictionary, without its font, which is written last."""
    left, top = box.border_box_x() * POINTS, (page.height - box.border_box_y()) * POINTS
    width, height = box.border_width() * POINTS, box.border_height() * POINTS
    lines = sum("line" in child.element.get("class", "").split() for child in box.children)
    size = box.style["font_size"] * POINTS
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Tx",
            "T": pydyf.String(field_name(box.element.get(FIELD))),
            "TU": pydyf.String(box.element.get("aria-label", "")),
            "V": pydyf.String(""),
            "F": PRINTED,
            "Ff": SEVERAL_LINES if lines > 1 else 0,
            "Rect": pydyf.Array(round(edge, 2) for edge in (left, top - height, left + width, top)),
            "P": reference,
            "BS": pydyf.Dictionary({"W": 0}),
            "Q": AT_RIGHT if box.style["direction"] == "rtl" else 0,
        }
    )
    pdf.add_object(field)
    sheet = pdf.objects[int(reference.split()[0])]
    sheet.setdefault("Annots", pydyf.Array()).append(field.reference)
    field.size, field.room = size, (round(width, 2), round(height, 2), height / max(1, lines))
    return field


def add_form(pdf: Any, font: Any) -> None:
    """Join the fields of a document into one form, whose text is in a font of ours (a `Writing` of `pdf.fonts`)."""
    fields = [thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary) and "FT" in thing]
    if not fields:
        return
    name = WHOLE_FONT if font.is_whole else FONT
    fonts = pydyf.Dictionary({"Font": pydyf.Dictionary({name: _font(pdf, font, fields[0]).reference})})
    pdf.add_object(fonts)
    for field in fields:
        width, height, _ = field.room
        extra = {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array((0, 0, width, height)),
            "Resources": fonts.reference,
        }
        empty = pydyf.Stream([b"/Tx BMC", b"EMC"], pydyf.Dictionary(extra))
        pdf.add_object(empty)
        field["DA"] = pydyf.String(f"/{name} {field.size:g} Tf 0 g")
        field["AP"] = pydyf.Dictionary({"N": empty.reference})
    form = pydyf.Dictionary(
        {
            "Fields": pydyf.Array(field.reference for field in fields),
            "DR": fonts.reference,
            "DA": fields[0]["DA"],
        }
    )
    pdf.add_object(form)
    pdf.catalog["AcroForm"] = form.reference


def _font(pdf: Any, font: Any, field: Any) -> Any:
    """Write the font with all its letters. It says that it is as high as the lines are apart, so that what is typed stands on them."""
    known = CharacterCodes(opened(font.file))
    letters = hb.Font(known.face)
    for code in sorted(known.face.unicodes):
        glyph = letters.get_nominal_glyph(code)
        if glyph and chr(code).isprintable():
            known.code(Cluster(((glyph, 0, 0),), chr(code)))
    pitch, descent = field.room[2] / field.size, BELOW / field.size
    name = f"/{SUBSET}+{font.family.replace(' ', '-')}"
    metrics = _Metrics(name, font.family, round(1000 * (pitch - descent)), -round(1000 * descent))
    return write_font(pdf, metrics, known)
