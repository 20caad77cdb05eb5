"""The tag tree of a PDF, read back: what a screen reader is told about each piece of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

NUMBERED = "L, numbered"


@dataclass(frozen=True)
class Tag:
    """An element: its role and those above it, its language, and its pieces as page (from 0) and number."""

    roles: tuple[str, ...]
    language: str
    pieces: tuple[tuple[int, int], ...]
    alternative: str = ""


@dataclass(frozen=True)
class LinkTag:
    """A link on a page: what it is called, and where it leads: an address, or a place in the document."""

    page: int
    name: str
    target: str
    resolves: bool


@dataclass(frozen=True)
class Field:
    """A field to type in: its name, its tooltip, and whether it has an appearance.

    `read` is whether it is the one thing in a tag for fields, `told` whether it is one of the fields that the document lists.
    """

    name: str
    tooltip: str
    is_drawn: bool
    read: bool
    told: bool


@dataclass(frozen=True)
class Outline:
    """What a PDF says about itself, its tags in the order of the tree, its links, the type area of its pages and its sheets.

    `order` are its tagged pieces in the order in which they are read aloud, `painted` in that in which
    they are painted, by page. `fields` are those of the tree in its order, then those of its pages that are not in it;
    `tabs` whether every page with a field is gone through in the order of the tree.
    """

    title: str
    language: str
    shows_title: bool
    tags: tuple[Tag, ...]
    links: tuple[LinkTag, ...]
    areas: tuple[tuple[float, float, float, float], ...]
    sheets: tuple[tuple[float, float, float, float], ...]
    order: tuple[tuple[int, int], ...]
    painted: tuple[tuple[int, int], ...]
    fields: tuple[Field, ...] = ()
    tabs: bool = True


def read_outline(path: Path) -> Outline:
    """Return the outline of a PDF."""
    with pikepdf.open(path) as pdf:
        pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
        root = pdf.Root
        names = _names(root)
        return Outline(
            title=str(pdf.docinfo.get("/Title", "")),
            language=str(root.get("/Lang", "")),
            shows_title="/ViewerPreferences" in root
            and bool(root.ViewerPreferences.get("/DisplayDocTitle", False)),
            tags=tuple(_tags(root.StructTreeRoot.K[0], (), str(root.get("/Lang", "")), pages)),
            links=tuple(
                _link(number, each, names)
                for number, page in enumerate(pdf.pages)
                for each in page.get("/Annots", [])
                if each.Subtype != "/Widget"
            ),
            fields=tuple(_fields(pdf)),
            tabs=all(page.get("/Tabs") == "/S" for page in pdf.pages if any(_widgets(page))),
            order=tuple(_order(root.StructTreeRoot.K[0], 0, pages)),
            painted=tuple(
                (number, int(operands[1].MCID))
                for number, page in enumerate(pdf.pages)
                for instruction in pikepdf.parse_content_stream(page, "BDC")
                for operands in [instruction.operands]
                if "/MCID" in operands[1]
            ),
            areas=tuple(_box(page.get("/ArtBox", page.MediaBox)) for page in pdf.pages),
            sheets=tuple(_box(page.MediaBox) for page in pdf.pages),
        )


def _box(edges: Any) -> tuple[float, float, float, float]:
    left, bottom, right, top = map(float, edges)
    return left, bottom, right, top


def _tags(tag: Any, roles: tuple[str, ...], language: str, pages: dict[Any, int]) -> Iterator[Tag]:
    """Yield a tag and all below it, parents first."""
    role = str(tag.S)[1:]
    if role == "L" and tag.get("/A", {}).get("/ListNumbering") == "/Decimal":
        role = NUMBERED
    roles, language = (*roles, role), str(tag.get("/Lang", language))
    at = pages[tag.Pg.objgen] if "/Pg" in tag else 0
    pieces, below = [], []
    for kid in tag.K:
        if isinstance(kid, int):
            pieces.append((at, kid))
        elif kid.get("/Type") == "/MCR":
            pieces.append((pages[kid.Pg.objgen], int(kid.MCID)))
        elif "/S" in kid:
            below.append(kid)
    yield Tag(roles, language, tuple(pieces), str(tag.get("/Alt", "")))
    for kid in below:
        yield from _tags(kid, roles, language, pages)


def _order(tag: Any, at: int, pages: dict[Any, int]) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a tag and of all below it, as they are read aloud."""
    at = pages[tag.Pg.objgen] if "/Pg" in tag else at
    for kid in tag.K:
        if isinstance(kid, int):
            yield at, kid
        elif kid.get("/Type") == "/MCR":
            yield pages[kid.Pg.objgen], int(kid.MCID)
        elif "/S" in kid:
            yield from _order(kid, at, pages)


def _widgets(page: Any) -> Iterator[Any]:
    """Yield the fields on a page."""
    yield from (each for each in page.get("/Annots", []) if each.Subtype == "/Widget")


def _fields(pdf: Any) -> Iterator[Field]:
    """Yield the fields of a document as it is read aloud, then those that are not in its tree."""
    told = {field.objgen for field in pdf.Root.get("/AcroForm", {}).get("/Fields", [])}
    met = set()
    for tag, widget in _tagged_widgets(pdf.Root.StructTreeRoot.K[0]):
        met.add(widget.objgen)
        yield _field(widget, read=tag.S == "/Form" and len(tag.K) == 1, told=widget.objgen in told)
    for page in pdf.pages:
        for widget in _widgets(page):
            if widget.objgen not in met:
                yield _field(widget, read=False, told=widget.objgen in told)


def _tagged_widgets(tag: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the fields below a tag, each with the tag that holds it."""
    for kid in tag.K:
        if isinstance(kid, int):
            continue
        if kid.get("/Type") == "/OBJR" and kid.Obj.get("/Subtype") == "/Widget":
            yield tag, kid.Obj
        elif "/S" in kid:
            yield from _tagged_widgets(kid)


def _field(widget: Any, *, read: bool, told: bool) -> Field:
    is_drawn = "/N" in widget.get("/AP", {})
    return Field(str(widget.get("/T", "")), str(widget.get("/TU", "")), is_drawn, read, told)


def _names(root: Any) -> set[str]:
    """Return the names of places in a document."""
    tree = root.get("/Names", {}).get("/Dests", {}).get("/Names", [])
    return {str(tree[n]) for n in range(0, len(tree), 2)}


def _link(page: int, link: Any, names: set[str]) -> LinkTag:
    action = link.get("/A", {})
    address, place = str(action.get("/URI", "")), link.get("/Dest", action.get("/D", ""))
    resolves = bool(address) or str(place) in names
    return LinkTag(page, str(link.get("/Contents", "")), address or str(place), resolves)
