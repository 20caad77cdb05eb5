"""A file that somebody made → a drawing to print, or what keeps it from being one: what it is, not what it is not."""

from __future__ import annotations

from pathlib import PurePosixPath

from handouts.model import Drawing
from handouts.problems import Problem
from handouts.sources.drawings.raster import read_raster
from handouts.sources.drawings.refusals import Refusal, as_problems
from handouts.sources.drawings.svg import read_svg

FORMAT_NAMES = {".svg": "SVG", ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
ENDINGS = {"SVG": ".svg", "PNG": ".png", "JPEG": ".jpg"}
# The first bytes of what people take for a picture to print.
SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"%PDF", "PDF, as Illustrator writes its own files"),
    (b"%!PS", "PostScript (EPS)"),
    (b"\xc5\xd0\xd3\xc6", "PostScript (EPS)"),
    (b"8BPS", "Photoshop file"),
    (b"\x1f\x8b", "compressed file (SVGZ)"),
    (b"PK\x03\x04", "ZIP archive, or a document of an office program"),
    (b"\x00\x00\x01\x00", "Windows icon"),
)
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def kind_of(data: bytes) -> str:
    """Return what a file is by its first bytes; “” for something unheard of."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return "HEIC or AVIF"
    for sign, kind in SIGNS:
        if data.startswith(sign):
            return kind
    text = data.lstrip(b" \t\r\n")
    return "SVG" if text.startswith((b"<", *BYTE_ORDER_MARKS)) else ""


def read_drawing(data: bytes, file: str) -> tuple[Drawing | None, tuple[Problem, ...]]:
    """Return the drawing in a file, or None and the problems of it. `file` is its path below the project."""
    name = PurePosixPath(file).name
    kind, named = kind_of(data), FORMAT_NAMES.get(PurePosixPath(file).suffix.lower(), "")
    refusal = _wrong_kind(data, kind, named, name)
    if refusal:
        return None, as_problems([refusal], file)
    if kind == "SVG":
        drawing, refusals = read_svg(data)
        return drawing, as_problems(refusals, file)
    try:
        return read_raster(data, "PNG" if kind == "PNG" else "JPEG"), ()
    except Refusal as found:
        return None, as_problems([found], file)


def _wrong_kind(data: bytes, kind: str, named: str, name: str) -> Refusal | None:
    """Return the refusal of a file that is of a kind that is not printed, or of another kind than its name says."""
    article = "an" if kind == "SVG" else "a"
    if not data.strip():
        return Refusal("empty-file", "the file is empty.", "Export the logo again.")
    if kind not in ENDINGS:
        what = (
            f"the file is {article} {kind}, which is not printed."
            if kind
            else "the file is not a picture of a known kind."
        )
        return Refusal("picture-kind-not-allowed", what, "Export the logo as SVG, PNG or JPEG.")
    if kind != named:
        other = f"{PurePosixPath(name).stem}{ENDINGS[kind]}"
        ending = PurePosixPath(name).suffix or "without an ending"
        what = f"the file is {article} {kind}, named {ending}."
        return Refusal("picture-misnamed", what, f"Name it {other}, here and in the clinic's profile.")
    return None
