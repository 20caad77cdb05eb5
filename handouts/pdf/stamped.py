"""A page that is laid out once, and stamped for many: what is said to one is laid out by itself, and put in its place.

What is put in keeps all that a page of ours has: its text in order behind its glyphs, a font and tags of its own, read and
painted where its box stands among the others, its links, and its pictures. A form may be in a colour of its own, which each
copy has in its own.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from handouts.pdf.exact.boxes import Slot, slot_of
from handouts.pdf.font_names import retag, tag_of
from handouts.pdf.packing import packed

OWN = b"Own"  # begins the names of fonts and pictures of a stamp among those of the page
POINTS = 0.75  # in a CSS pixel
REACH = (
    36  # pixels above and below what is said in a box, in which what is drawn is of it: its frame, a picture
)
# How our pages are written, an operator or operand a line (`exact/order.py`): what is drawn, then all that is said, piece by piece.
SAID = b"\nq\n0.75 0 0 0.75 0 0 cm\n"
END, LAST = b"EMC\n", b"Q"
MARK = re.compile(rb"<</MCID (\d+)>>\nBDC\n")
FONT = re.compile(rb"^/(\S+)(?= \S+ Tf$)", re.MULTILINE)
PICTURE = re.compile(rb"^/(\S+)(?= Do$)", re.MULTILINE)
TINT = "/Tint"  # the colour space whose one colour is that of the copy
COPIED = ("/Lang", "/Alt", "/A")  # of a tag


class UnstampedError(Exception):
    """A page cannot be stamped, as its one argument says: it is to be set in full."""


@dataclass(frozen=True)
class Form:
    """A PDF whose boxes are empty, and where these stand, in the order of the source."""

    data: bytes
    slots: tuple[Slot, ...]


def form_of(data: bytes, slots: Sequence[Slot], tint: str = "") -> Form:
    """Return a page of ours as a form: what its boxes say is taken out, of the tags too.

    What is drawn in the colour `tint` (`#rrggbb`) is in that of each copy. Raises LookupError where nothing is said in a box.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        tags = _tags(pdf, slots)
        for number, page in enumerate(pdf.pages):
            own = [slot for slot in slots if slot.page == number]
            parts = [_content(page)]
            owners = _owners(pdf, page)
            for slot in own:
                tag = tags[slot.name]
                marks = set(_marks(tag))
                parts[-1:] = _parted(parts[-1], marks)
                for mark in marks:
                    owners[mark] = None
                tag.K = Array()
            if own or tint:
                streams = (_stream(pdf, _tinted(part, tint)) for part in parts)
                page.Contents = Array(map(pdf.make_indirect, streams))
        if tint:
            _tint_pictures(pdf, tint)
        return Form(packed(pdf), tuple(slots))


def stamped(
    form: Form, data: bytes, slots: Sequence[Slot], *, drawn: bool = False, tint: str = "", identity: str = ""
) -> bytes:
    """Return a form whose boxes say what the same boxes say on another PDF of ours, far from each other, where they begin at `slots`.

    The same bytes for the same input. Nothing of the other PDF is taken but those boxes: no title, no metadata; what is
    `drawn` on their pages, if that is wanted. The form is in the colour `tint`, and the `identity` of the file is so. Raises UnstampedError for what cannot be moved.
    """
    with pikepdf.open(BytesIO(form.data)) as pdf, pikepdf.open(BytesIO(data)) as other:
        if tint:
            _set_tint(pdf, tint)
        if identity:
            pdf.trailer.ID = Array([pikepdf.String(identity.encode())] * 2)
        added, tags, given = _Added(pdf), _tags(pdf, slots), _tags(other, slots)
        front: dict[int, list[bytes]] = {}
        said: dict[int, dict[str, bytes]] = {}
        for slot in slots:
            place = slot_of(form.slots, slot.name)
            page, source = pdf.pages[place.page], other.pages[slot.page]
            move = _Move(place.left - slot.left, place.top - slot.top)
            numbers = _graft(pdf, page, tags[slot.name], given[slot.name], move)
            added.to(page, source)
            drawing, pieces = _split(_content(source))
            said.setdefault(place.page, {})[slot.name] = move.inside(_renamed(_numbered(pieces, numbers)))
            if drawn and slot.is_drawn:
                front.setdefault(place.page, []).append(move.around(_clip(source, slot) + _renamed(drawing)))
        for number, texts in said.items():
            _fill(
                pdf,
                pdf.pages[number],
                [s for s in form.slots if s.page == number],
                texts,
                front.get(number, []),
            )
        return packed(pdf)


@dataclass(frozen=True)
class _Move:
    """By how much a stamp is moved to its place: to the right and down, in CSS pixels."""

    right: float
    down: float

    def inside(self, content: bytes) -> bytes:
        """Return what is drawn among the pieces of our pages, which measure in pixels from the top, moved."""
        return b"q\n1 0 0 1 %s %s cm\n%sQ" % (_number(self.right), _number(self.down), content)

    def around(self, content: bytes) -> bytes:
        """Return a content as a page begins, which measures in points from below, moved."""
        right, up = self.right * POINTS, -self.down * POINTS
        return b"q\n1 0 0 1 %s %s cm\n%s\nQ" % (_number(right), _number(up), content)

    def box(self, edges: Iterable[Any]) -> Array:
        """Return a box in points, moved: left, bottom, right, top."""
        by = (self.right * POINTS, -self.down * POINTS) * 2
        return Array([round(float(edge) + step, 4) for edge, step in zip(edges, by, strict=True)])


def _clip(page: Any, slot: Slot) -> bytes:
    """Return what keeps that which a page draws to the height of a box, across all of the page."""
    _, _, width, height = map(float, page.MediaBox)
    low, high = height - (slot.top + slot.height + REACH) * POINTS, height - (slot.top - REACH) * POINTS
    return b"0 %s %s %s re\nW\nn\n" % (_number(low), _number(width), _number(high - low))


def _number(value: float) -> bytes:
    return f"{value:.6f}".rstrip("0").rstrip(".").encode()


def _fill(pdf: Pdf, page: Any, slots: Sequence[Slot], texts: Mapping[str, bytes], front: list[bytes]) -> None:
    """Put what is said into the gaps of a page of a form, and before all of it what is drawn."""
    first, *others = page.Contents
    content = [_stream(pdf, each) for each in front] + [first]
    for slot, after in zip(slots, others, strict=True):
        content += [_stream(pdf, texts[slot.name]), after] if slot.name in texts else [after]
    page.Contents = Array(content)


def _content(page: Any) -> bytes:
    """Return the content of a page as we have written it."""
    return bytes(page.Contents.read_bytes())


def _split(content: bytes) -> tuple[bytes, list[bytes]]:
    """Return what a page of ours draws, and the pieces of all that it says."""
    drawn, said, rest = content.rpartition(SAID)
    if not said:
        raise LookupError("a page is not written as ours are")
    return drawn, [piece + END for piece in rest.split(END)[:-1]]


def _parted(content: bytes, marks: set[int]) -> tuple[bytes, bytes]:
    """Return what a page draws before the pieces of some marks, and what after them. Raises LookupError where there are none."""
    drawn, said, rest = content.rpartition(SAID)
    head, pieces = (drawn + said, rest.split(END)) if said else (b"", content.split(END))
    own = [n for n, piece in enumerate(pieces) if _mark(piece) in marks]
    if not own:
        raise LookupError("nothing is drawn in a box of the page that each copy fills")
    before = [piece for n, piece in enumerate(pieces[: own[-1]]) if n not in own]
    return head + b"".join(piece + END for piece in before), END.join(pieces[own[-1] + 1 :])


def _mark(piece: bytes) -> int:
    """Return the number of a marked piece, or -1."""
    found = MARK.search(piece)
    return int(found[1]) if found else -1


def _numbered(pieces: Iterable[bytes], numbers: Mapping[int, int]) -> bytes:
    """Return the pieces with those marks, with other numbers."""
    own = ((piece, numbers.get(_mark(piece))) for piece in pieces)
    return b"".join(MARK.sub(b"<</MCID %d>>\nBDC\n" % n, piece) for piece, n in own if n is not None)


def _renamed(content: bytes) -> bytes:
    """Return a content with the names that its fonts and pictures have among those of the form."""
    return PICTURE.sub(rb"/" + OWN + rb"\1", FONT.sub(rb"/" + OWN + rb"\1", content))


def _tags(pdf: Pdf, slots: Iterable[Slot]) -> dict[str, Any]:
    """Return the tags that some boxes have, by name. Raises LookupError where one has none."""
    lacking, found = {slot.name for slot in slots}, dict[str, Any]()
    waiting = [pdf.Root.StructTreeRoot.K[0]]
    while lacking:
        if not waiting:
            raise LookupError(f"no box of the page is called {min(lacking)}")
        tag = waiting.pop()
        name = str(tag.get("/T", ""))
        if name in lacking:
            lacking.remove(name)
            found[name] = tag
        elif lacking:  # in the order of the source: most boxes are at the beginning
            waiting += reversed([kid for kid in tag.K if not isinstance(kid, int) and "/S" in kid])
    return found


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


def _graft(pdf: Pdf, page: Any, box: Any, source: Any, move: _Move) -> dict[int, int]:
    """Put all that is below a tag of a stamp into the tag of its place on a page; return the new numbers of its marks by the old ones."""
    owners, numbers = _owners(pdf, page), dict[int, int]()

    def fill(made: Any, tag: Any) -> None:
        for kid in tag.K:
            if isinstance(kid, int):
                numbers[kid] = len(owners)
                owners.append(made)
                made.Pg = page.obj
                made.K.append(numbers[kid])
            elif "/S" in kid:
                below = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=kid.S, P=made, K=Array()))
                for key in COPIED:
                    if key in kid:
                        below[key] = _attributes(kid[key], move) if key == "/A" else kid[key]
                made.K.append(below)
                fill(below, kid)
            elif "/Obj" in kid:
                link = _linked(pdf, page, made, kid.Obj, move)
                made.K.append(Dictionary(Type=Name.OBJR, Pg=page.obj, Obj=link))

    fill(box, source)
    return numbers


def _attributes(found: Any, move: _Move) -> Any:
    """Return the attributes of a tag; where they tell a place on the page, that is moved."""
    copy = pikepdf.Object.parse(found.unparse(resolved=True))
    if "/BBox" in copy:
        copy.BBox = move.box(copy.BBox)
    return copy


def _linked(pdf: Pdf, page: Any, tag: Any, found: Any, move: _Move) -> Any:
    """Return a copy of a link, which lies on a page where the stamp is, and leads to its tag."""
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    kept = {key: value for key, value in found.items() if key not in {"/P", "/StructParent", "/Rect"}}
    link = pdf.make_indirect(pikepdf.Object.parse(Dictionary(kept).unparse(resolved=True)))
    link.Rect, link.StructParent = (
        move.box(found.Rect),
        max(numbers[n] for n in range(0, len(numbers), 2)) + 1,
    )
    numbers.extend([link.StructParent, tag])
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(link)
    return link


class _Added:
    """What the pages of a form are given for their stamps: fonts and pictures under names that are not taken."""

    def __init__(self, pdf: Pdf) -> None:
        self.pdf, self._taken, self._done = pdf, set[str](), set[tuple[Any, Any]]()

    def to(self, page: Any, source: Any) -> None:
        """Give a page what another uses. Raises UnstampedError for what stands where it does on the paper, such as a pattern."""
        key = (page.Resources.objgen, source.Resources.objgen)
        if key in self._done and key[0] != (0, 0):
            return
        self._done.add(key)
        for kind in ("/Pattern", "/Shading"):
            if len(source.Resources.get(kind, {})):
                raise UnstampedError("a drawing of the clinic has a pattern")
        own = page.Resources
        for kind in ("/Font", "/XObject", "/ExtGState"):
            given = source.Resources.get(kind, {})
            if len(given) and kind not in own:
                own[kind] = Dictionary()
            for name, thing in given.items():
                if kind == "/ExtGState":
                    if name not in own[kind]:
                        own[kind][name] = self.pdf.copy_foreign(thing) if thing.is_indirect else _copy(thing)
                    continue
                copy = self.pdf.copy_foreign(thing)
                if kind == "/Font":
                    self._taken |= set(map(tag_of, own[kind].values()))
                    retag(copy, self._taken)
                own[kind]["/" + OWN.decode() + name[1:]] = copy


def _copy(thing: Any) -> Any:
    """Return a copy of an object that stands within another."""
    return pikepdf.Object.parse(thing.unparse(resolved=True))


def _operands(colour: str) -> bytes:
    """Return a colour `#rrggbb` as a page writes it."""
    return b" ".join(_rounded(int(colour[n : n + 2], 16) / 255) for n in (1, 3, 5))


def _rounded(value: float) -> bytes:
    return f"{value:.6f}".rstrip("0").rstrip(".").encode()


def _tinted(content: bytes, tint: str) -> bytes:
    """Return a content that draws in the colour of the copy what it drew in a colour."""
    if not tint:
        return content
    name, operands = TINT.encode(), re.escape(_operands(tint))
    content = re.sub(rb"^%s rg$" % operands, b"%s cs\n0 sc" % name, content, flags=re.MULTILINE)
    return re.sub(rb"^%s RG$" % operands, b"%s CS\n0 SC" % name, content, flags=re.MULTILINE)


def _tint_pictures(pdf: Pdf, tint: str) -> None:
    """Let the pictures of a form be drawn in the colour of the copy, and give all that draws that colour."""
    colour = pdf.make_indirect(Array([Name.Indexed, Name.DeviceRGB, 0, pikepdf.String(b"\0\0\0")]))
    for thing in pdf.objects:
        if (isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == Name.Form) or (
            isinstance(thing, pikepdf.Stream) and "/PatternType" in thing
        ):
            content = bytes(thing.read_bytes())
            changed = _tinted(content, tint)
            if changed != content:
                stream = _stream(pdf, changed)
                thing.write(stream.read_raw_bytes(), filter=Name.FlateDecode)
            _with_tint(thing, colour)
    for page in pdf.pages:
        _with_tint(page.obj, colour)


def _with_tint(holder: Any, colour: Any) -> None:
    """Let a page or a picture name the colour of the copy."""
    resources = holder.get("/Resources")
    if resources is None:
        return
    if "/ColorSpace" not in resources:
        resources.ColorSpace = Dictionary()
    resources.ColorSpace[TINT] = colour


def _set_tint(pdf: Pdf, tint: str) -> None:
    """Give a form its colour."""
    pdf.pages[0].Resources.ColorSpace[TINT][3] = pikepdf.String(bytes.fromhex(tint[1:]))


def _stream(pdf: Pdf, content: bytes) -> Any:
    """Return a stream that does not end in a carriage return, which a strict reader takes for a line end (ISO 19005-2, 6.1.7.1)."""
    data = zlib.compress(content, 9)
    return pikepdf.Stream(pdf, data + b"\n" * data.endswith(b"\r"), Filter=Name.FlateDecode)
