"""HTML becomes PDF by WeasyPrint, which is given the project's own files and nothing else."""

from __future__ import annotations

import atexit
import gc
import hashlib
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from handouts.pdf import sheets
from handouts.pdf.exact import boxes, claims, engine, install, reading
from handouts.pdf.exact.forms import FIELD
from handouts.pdf.fonts import Face, Writing, read_face

# Pango must see the locale's own subsets and no other font of this machine: the same input gives
# the same page everywhere, and a missing glyph cannot be taken from a font by chance.
FONTCONFIG = Path(__file__).with_name("fonts.conf")


@dataclass(frozen=True)
class Pdf:
    """A rendered PDF, how many pages it has, and how the clinic's details fill their box.

    `places` are those of the blocks that the HTML marks, `strays` what of their text reaches out of its column, and
    `margins` what the head and the foot of the pages lack, and `slots` where the boxes stand that each copy fills by itself.
    """

    data: bytes
    pages: int
    filling: boxes.Filling = field(default_factory=boxes.Filling)
    places: tuple[boxes.BlockBox, ...] = ()
    strays: tuple[boxes.Stray, ...] = ()
    margins: boxes.Margins = field(default_factory=boxes.Margins)
    slots: tuple[boxes.Slot, ...] = ()

    def slot(self, name: str) -> boxes.Slot:
        """Return where the box of a name stands. Raises LookupError where the page has none."""
        return boxes.slot_of(self.slots, name)


def fetch(url: str, fonts: Path, drawings: Mapping[str, bytes]) -> bytes:
    """Return a font of the cache (`font:NAME`) or one of the page's drawings; refuse every other address.

    Raises PermissionError for anything else: no network, no file of the machine.
    """
    if url in drawings:
        return drawings[url]
    scheme, _, name = url.partition(":")
    if scheme == "font" and Path(name).name == name:
        return read_face(name, fonts)
    message = f"“{url}” was refused: a handout uses nothing but the project's own files"
    raise PermissionError(message)


@cache
def _engine() -> Any:
    """Return WeasyPrint, imported once and quiet: its warnings are for our tests, not for a clinic."""
    weasyprint = engine.weasyprint()
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    install.install()
    gc.freeze()  # what a program is made of is no garbage
    # Its folders are removed while there is still something to remove them with.
    atexit.register(_type.cache_clear)
    return weasyprint


def _font_configuration() -> Any:
    """Return a font configuration that knows no font of the machine."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONTCONFIG)
    try:
        return engine.font_configuration()
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def _headers(url: str, data: bytes) -> dict[str, str]:
    """Return the HTTP headers of one of our addresses, which say what kind of file it is."""
    if url.startswith("font:"):
        return {}
    return {"Content-Type": "image/png" if data.startswith(b"\x89PNG") else "image/svg+xml"}


def font_face_css(faces: Iterable[Face]) -> str:
    """Return the `@font-face` rules of the faces."""
    return "\n".join(
        f'@font-face {{font-family: "{face.family}"; font-weight: {face.weight}; src: url("font:{face.name}")}}'
        for face in faces
    )


class Typeset:
    """A composed page whose lines and boxes have their places, and which is not written yet; what is asked of it is looked up then."""

    def __init__(self, document: Any, html: str, refused: list[str], writing: Writing | None) -> None:
        self._document, self._refused, self._writing = document, refused, writing
        self._identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
        self._has_slot = f" {boxes.SLOT}=" in html
        self.pages = len(document.pages)

    @cached_property
    def margins(self) -> boxes.Margins:
        """What the head and the foot of the pages lack."""
        return boxes.margins(self._document)

    @cached_property
    def strays(self) -> tuple[boxes.Stray, ...]:
        """What of the text reaches out of its column."""
        return tuple(boxes.strays(self._document, "data-block"))

    @cached_property
    def places(self) -> tuple[boxes.BlockBox, ...]:
        """Where the blocks that the HTML marks stand."""
        return tuple(boxes.places(self._document, "data-block"))

    @cached_property
    def slots(self) -> tuple[boxes.Slot, ...]:
        """Where the boxes stand that each copy fills by itself."""
        return boxes.slots(self._document) if self._has_slot else ()

    def lines(self, name: str) -> Mapping[str, int]:
        """How many lines each paragraph has in the first box of a class, by the classes of the paragraphs."""
        return boxes.filling(self._document, name).lines

    @cached_property
    def filling(self) -> boxes.Filling:
        """How the clinic's details fill their box."""
        return boxes.filling(self._document, "clinic")

    def write(self) -> Pdf:
        """Return it as a PDF. Raises PermissionError where a drawing asks for an address that is not the project's own."""
        # Before the boxes are written, which may move some.
        filling, places, strays, margins, slots = (
            self.filling,
            self.places,
            self.strays,
            self.margins,
            self.slots,
        )
        with _in_permission_errors(self._refused):
            data = claims.write(self._document, self._identifier, self._writing)
        return Pdf(data, self.pages, filling, places, strays, margins, slots)


def typeset(
    html: str,
    faces: tuple[Face, ...],
    fonts: Path,
    drawings: Mapping[str, bytes],
    writing: Writing | None = None,
) -> Typeset:
    """Return a composed page laid out.

    `fonts` is the folder that holds the faces, `drawings` are the page's backgrounds by address, `writing` is the font in
    which one types into its fields.
    Raises PermissionError when the page asks for an address that is not the project's own.
    """
    configuration, type_sheet = _type(faces, fonts)
    fetcher, refused = _fetcher(fonts, drawings)
    page, texts = sheets.parted(html)
    with _in_permission_errors(refused):
        own = [sheets.parsed(text, fetcher) for text in texts]
        document = reading.document(page, fetcher, sheets.BASE).render(
            stylesheets=[type_sheet, *(sheet.css for sheet in own)],
            font_config=configuration,
            counter_style=sheets.counter_styles(own),
            pdf_variant=claims.VARIANT,
        )
    return Typeset(document, html, refused, writing)


def has_fields(html: str) -> bool:
    """Whether a composed page has fields to type in."""
    return f" {FIELD}=" in html


def render(html: str, faces: tuple[Face, ...], fonts: Path, drawings: Mapping[str, bytes]) -> Pdf:
    """Return the PDF of a composed page: PDF/UA-1 and PDF/A-2a, the same bytes for the same input.

    Takes and raises what `typeset` does.
    """
    with collected_afterwards():
        return typeset(html, faces, fonts, drawings).write()


@contextmanager
def collected_afterwards() -> Iterator[None]:
    """Let nothing look for garbage while a page is set, which is one large web of boxes; afterwards take all of it at once.

    Both together cost less, and a process grows no further than its largest page. Only what came up meanwhile is looked at:
    to look at what a program is made of as well takes twice the time, and finds nothing. Where a program has turned this off
    by itself, it stays off.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect(0)


@lru_cache(maxsize=4)  # a worker goes from one locale to the next; a clinic has its own letters
def _type(faces: tuple[Face, ...], fonts: Path) -> tuple[Any, Any]:
    """Return a font configuration that knows these faces and no others, and the style sheet that names them.

    Raises OSError for a font that cannot be read. Kept, as every configuration costs time.
    """
    weasyprint = _engine()
    configuration = _font_configuration()
    # Read here: WeasyPrint passes over a font that is not there any more, and would set the page in another.
    fetcher, _ = _fetcher(fonts, {f"font:{face.name}": read_face(face.name, fonts) for face in faces})
    css = font_face_css(faces)
    return configuration, weasyprint.CSS(string=css, font_config=configuration, url_fetcher=fetcher)


def _fetcher(fonts: Path, drawings: Mapping[str, bytes]) -> tuple[Any, list[str]]:
    """Return what WeasyPrint gets our files by, and the list of what it has refused, to be looked at afterwards."""
    weasyprint = _engine()
    base: Any = weasyprint.urls.URLFetcher
    refused: list[str] = []

    class Fetcher(base):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - WeasyPrint's interface
            try:
                data = fetch(url, fonts, drawings)
                return weasyprint.urls.URLFetcherResponse(url, data, _headers(url, data))
            except PermissionError as error:
                refused.append(str(error))  # WeasyPrint passes over what an image could not fetch
                raise weasyprint.urls.FatalURLFetchingError(str(error)) from error

    return Fetcher(), refused


@contextmanager
def _in_permission_errors(refused: list[str]) -> Iterator[None]:
    """Raise PermissionError for an address that was refused in the block, also where WeasyPrint has passed over it."""
    try:
        yield
    except _engine().urls.FatalURLFetchingError as error:
        raise PermissionError(str(error)) from error
    if refused:
        raise PermissionError(refused[0])
