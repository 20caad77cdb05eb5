"""HTML becomes PDF by WeasyPrint, which is given the project's own files and nothing else."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from handouts.pdf.exact import claims as conformance
from handouts.pdf.exact.boxes import walk
from handouts.pdf.fonts import Face

# Pango must see the locale's own subsets and no other font of this machine: the same input gives
# the same page everywhere, and a missing glyph cannot be taken from a font by chance.
FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><cachedir>{folder}</cachedir></fontconfig>"""


@dataclass(frozen=True)
class Place:
    """Where a marked block, or one line of it, stands: page from 1, and parts of the page's width and height."""

    block: str
    page: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Pdf:
    """A rendered PDF, how many pages it has, and whether the clinic's details run out of their box.

    `places` are those of the blocks that the HTML marks.
    """

    data: bytes
    pages: int
    overfull: bool = False
    places: tuple[Place, ...] = ()


def fetch(url: str, fonts: Path, drawings: Mapping[str, bytes]) -> bytes:
    """Return a font of the cache (`font:NAME`) or one of the page's drawings; refuse every other address.

    Raises PermissionError for anything else: no network, no file of the machine.
    """
    scheme, _, name = url.partition(":")
    if scheme == "font" and Path(name).name == name:
        return (fonts / name).read_bytes()
    if url in drawings:
        return drawings[url]
    message = f"“{url}” was refused: a handout uses nothing but the project's own files"
    raise PermissionError(message)


@cache
def _engine() -> Any:
    """Return WeasyPrint, imported once and quiet: what it warns of is tested, not told to a clinic."""
    import weasyprint
    import weasyprint.urls

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    conformance.install(weasyprint)
    return weasyprint


def _font_configuration(weasyprint: Any) -> Any:
    """Return a font configuration that knows no font of the machine."""
    folder = Path(tempfile.gettempdir()) / f"handouts-fontconfig-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    config = folder / f"fonts-{os.getpid()}.conf"
    config.write_text(FONTCONFIG.format(folder=folder / "cache"), encoding="utf-8")
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(config)
    try:
        return weasyprint.text.fonts.FontConfiguration()
    finally:
        config.unlink()
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def _headers(url: str) -> dict[str, str]:
    """Return what kind of file an address of ours is."""
    return {} if url.startswith("font:") else {"Content-Type": "image/svg+xml"}


def font_face_css(faces: Iterable[Face]) -> str:
    """Return the `@font-face` rules of the faces."""
    return "\n".join(
        f'@font-face {{font-family: "{face.family}"; font-weight: {face.weight}; src: url("font:{face.name}")}}'
        for face in faces
    )


def render(html: str, faces: tuple[Face, ...], fonts: Path, drawings: Mapping[str, bytes]) -> Pdf:
    """Return the PDF of a composed page: PDF/UA-1 and PDF/A-2a, the same bytes for the same input.

    `fonts` is the folder that holds the faces, `drawings` are the page's backgrounds by address.
    Raises PermissionError when the page asks for an address that is not the project's own.
    """
    weasyprint = _engine()

    base: Any = weasyprint.urls.URLFetcher
    refused: list[str] = []

    class Fetcher(base):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - WeasyPrint's interface
            try:
                return weasyprint.urls.URLFetcherResponse(url, fetch(url, fonts, drawings), _headers(url))
            except PermissionError as error:
                refused.append(str(error))  # WeasyPrint passes over what an image could not fetch
                raise weasyprint.urls.FatalURLFetchingError(str(error)) from error

    configuration = _font_configuration(weasyprint)
    fetcher = Fetcher()
    sheet = weasyprint.CSS(string=font_face_css(faces), font_config=configuration, url_fetcher=fetcher)
    try:
        document = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="handout:").render(
            stylesheets=[sheet], font_config=configuration, pdf_variant=conformance.VARIANT
        )
        identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
        data = conformance.write(document, identifier)
    except weasyprint.urls.FatalURLFetchingError as error:
        raise PermissionError(str(error)) from error
    if refused:
        raise PermissionError(refused[0])
    boxes = [page._page_box for page in document.pages]  # noqa: SLF001 - no other way in
    return Pdf(data, len(boxes), _overfull(boxes[0]), tuple(_places(boxes)))


def _places(pages: Iterable[Any]) -> Iterator[Place]:
    """Yield where marked blocks stand, line by line, in the order of the source."""
    for number, page in enumerate(pages, start=1):
        width, height = page.margin_width(), page.margin_height()
        for box in walk(page):
            element = box.element
            block = element.get("data-block") if element is not None and hasattr(element, "get") else None
            if block and box.width and box.height and getattr(box, "children", None) != []:
                edges = (box.border_box_x() / width, box.border_box_y() / height)
                size = (box.border_width() / width, box.border_height() / height)
                yield Place(block, number, *(round(part, 4) for part in (*edges, *size)))


def _overfull(page: Any) -> bool:
    """Whether a line of the clinic's box ends below the box, which has a fixed size."""
    boxes = list(page.descendants())
    for box in boxes:
        if box.element is not None and "clinic" in (box.element.get("class") or "").split():
            bottom = box.content_box_y() + box.height
            return any(b.position_y + b.height > bottom + 1 for b in box.descendants() if hasattr(b, "text"))
    return False
