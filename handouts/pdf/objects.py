"""What a PDF is made of: every object that has keys, also those that stand in others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Pdf, Stream


def dictionaries(pdf: Pdf) -> Iterator[Any]:
    """Yield every object of a PDF that has keys, also the annotations that stand in a page and actions in what does them."""
    for thing in pdf.objects:
        if isinstance(thing, (Dictionary, Stream)):
            yield thing
            yield from _inner(thing.get("/A"))
            for each in thing["/Annots"] if isinstance(thing.get("/Annots"), Array) else ():
                yield from _inner(each)
                yield from _inner(each.get("/A")) if not each.is_indirect else ()


def _inner(thing: Any) -> Iterator[Any]:
    """Yield what stands in another, where it is something with keys, or a list of such."""
    for each in thing if isinstance(thing, Array) else (thing,):
        if isinstance(each, Dictionary) and not each.is_indirect:
            yield each
