"""HTML becomes PDF by WeasyPrint, which is given the project's own files and nothing else."""

from __future__ import annotations

import gc
import hashlib
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from handouts.pdf.exact import boxes, claims, install
from handouts.pdf.fonts import Face

# Pango must see the locale's own subsets and no other font of this machine: the same input gives
# the same page everywhere, and a missing glyph cannot be taken from a font by chance.
FONTCONFIG = Path(__file__).with_name("fonts.conf")


@dataclass(frozen=True)
class Pdf:
    """A rendered PDF, how many pages it has, and how the clinic's details fill their box.

    `places` are those of the blocks that the HTML marks, `strays` what of their text reaches out of its column, and
    `margins` what the head and the foot of the pages lack.
    """

    data: bytes
    pages: int
    filling: boxes.Filling = field(default_factory=boxes.Filling)
    places: tuple[boxes.BlockBox, ...] = ()
    strays: tuple[boxes.Stray, ...] = ()
    margins: boxes.Margins = field(default_factory=boxes.Margins)


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
    """Return WeasyPrint, imported once and quiet: its warnings are for our tests, not for a clinic."""
    import weasyprint
    import weasyprint.urls

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    install.install()
    gc.freeze()  # what a program is made of is no garbage
    return weasyprint


def _font_configuration(weasyprint: Any) -> Any:
    """Return a font configuration that knows no font of the machine."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONTCONFIG)
    try:
        return weasyprint.text.fonts.FontConfiguration()
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


def render(html: str, faces: tuple[Face, ...], fonts: Path, drawings: Mapping[str, bytes]) -> Pdf:
    """Return the PDF of a composed page: PDF/UA-1 and PDF/A-2a, the same bytes for the same input.

    `fonts` is the folder that holds the faces, `drawings` are the page's backgrounds by address.
    Raises PermissionError when the page asks for an address that is not the project's own.
    """
    with _collected_afterwards(), _laid_out(html, faces, fonts, drawings) as document:
        identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
        return Pdf(
            claims.write(document, identifier),
            len(document.pages),
            boxes.filling(document, "clinic"),
            tuple(boxes.places(document, "data-block")),
            tuple(boxes.strays(document, "data-block")),
            boxes.margins(document),
        )


def measure_page(
    html: str, faces: tuple[Face, ...], fonts: Path, drawings: Mapping[str, bytes]
) -> boxes.Filling:
    """Return how the clinic's details fill their box on a composed page, which is laid out and not written."""
    with _laid_out(html, faces, fonts, drawings) as document:
        return boxes.filling(document, "clinic")


@contextmanager
def _collected_afterwards() -> Iterator[None]:
    """Let nothing look for garbage while a page is set, which is one large web of boxes; afterwards take all of it at once.

    Both together cost less, and a process grows no further than its largest page.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.collect()


@lru_cache(maxsize=4)  # a worker goes from one locale to the next; a clinic has its own letters
def _type(faces: tuple[Face, ...], fonts: Path) -> tuple[Any, Any]:
    """Return a font configuration that knows these faces and no others, and the style sheet that names them.

    Kept, as every configuration of fontconfig costs time and some memory that is never given back
    (https://github.com/Kozea/WeasyPrint/issues/2130).
    """
    weasyprint = _engine()
    configuration = _font_configuration(weasyprint)
    fetcher, _ = _fetcher(fonts, {})
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
def _laid_out(
    html: str, faces: tuple[Face, ...], fonts: Path, drawings: Mapping[str, bytes]
) -> Iterator[Any]:
    """Yield WeasyPrint's document of a composed page. Raises PermissionError for an address that is not the project's own."""
    weasyprint = _engine()
    try:
        configuration, sheet = _type(faces, fonts)
        fetcher, refused = _fetcher(fonts, drawings)
        document = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="handout:").render(
            stylesheets=[sheet], font_config=configuration, pdf_variant=claims.VARIANT
        )
        yield document
    except weasyprint.urls.FatalURLFetchingError as error:
        raise PermissionError(str(error)) from error
    if refused:
        raise PermissionError(refused[0])
