"""Fields of several PDFs in one form: the fonts in which one types keep apart, or are one where they are the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain, count
from typing import Any

from pikepdf import Dictionary, Pdf, String

from handouts.pdf.font_names import written_out
from handouts.pdf.objects import dictionaries

# pdfium takes a letter beyond Latin from the font of a field only where that is called by one of these (see exact/forms.py).
WHOLE_FONTS = ("/Wingdings", "/Wingdings2", "/Wingdings3", "/Webdings")
FONT_NAME = re.compile(r"/[^\s/]+(?=\s+[\d.]+\s+Tf\b)")  # in the appearance of a field


def name_fonts(whole: Pdf, other: Pdf, number: int) -> None:
    """Name the fonts in which one types as no other font of the whole is named, but those that are there already as these are.

    What is typed already keeps the names that it was written with: the fonts that it uses are told beside it.
    """
    old = whole.Root.get("/AcroForm", Dictionary(DR=Dictionary(Font=Dictionary()))).DR.Font
    form = other.Root.AcroForm
    names = {name: _name_for(font, name, old, number) for name, font in form.DR.Font.items()}
    form.DR = Dictionary(Font=Dictionary({new: form.DR.Font[name] for name, new in names.items()}))
    for thing in dictionaries(other):
        if isinstance(thing.get("/DA"), String):
            thing.DA = String(_renamed(str(thing.DA), names))
    if "/DA" in form and not form.is_indirect:
        form.DA = String(_renamed(str(form.DA), names))


def _renamed(appearance: str, names: Mapping[str, str]) -> str:
    """Return the appearance of a field with the new name of its font."""
    return FONT_NAME.sub(lambda found: names.get(found[0], found[0]), appearance)


def _name_for(font: Any, name: str, old: Any, number: int) -> str:
    """Return what a font is to be called among old ones: as one that is the same, or as none is."""
    same = [str(each) for each in old if written_out(old[each]) == written_out(font)]
    own = [*WHOLE_FONTS] if name in WHOLE_FONTS else [name]
    free = (each for each in chain(own, (f"{name}{n}" for n in count(number))) if each not in old)
    return next(chain(same, free))


def append_fields(whole: Pdf, new: Any) -> None:
    """Put the fields of a part behind those that there are."""
    old = whole.Root.get("/AcroForm")
    if old is None:
        whole.Root.AcroForm = new
        return
    old.Fields.extend(new.Fields)
    for name, font in new.DR.Font.items():
        if name not in old.DR.Font:
            old.DR.Font[name] = font
