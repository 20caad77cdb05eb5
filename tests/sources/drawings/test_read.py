"""A file that somebody made is a drawing, or the true fault of it is told."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from handouts.sources.drawings.read import kind_of, read_drawing
from tests.conftest import ROOT
from tests.sources.drawings.drawn import draw
from tests.sources.drawings.hostile import HOSTILE, PIXELS, picture, svg
from tests.sources.drawings.test_laws import check_printed

FILES = sorted((Path(__file__).parent / "files").glob("*.svg"))
SOON = 5.0  # CPU seconds on a slow machine: what has no bound runs for minutes
MEMORY = 200  # MB that a hostile file may take beside the program


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_drawing_programs_write_is_printed(path: Path) -> None:
    """Inkscape, Illustrator, Figma, CorelDRAW, LibreOffice: declaration, document type, notes and all."""
    drawing, problems = read_drawing(path.read_bytes(), path.name)
    assert drawing, problems
    check_printed(drawing.data)
    assert draw(drawing.data)[1] == []


def test_there_are_files_of_five_programs() -> None:
    """And one of every kind of gradient, one with prefixes."""
    assert {"inkscape", "illustrator", "figma", "coreldraw", "libreoffice"} < {path.stem for path in FILES}


@pytest.mark.untraced
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_drawing_is_refused_soon(name: str) -> None:
    """By its kind, whatever it was made for."""
    check(*HOSTILE[name], "logo.svg")


@pytest.mark.untraced
@pytest.mark.parametrize("name", PIXELS)
def test_a_hostile_picture_is_refused_soon(name: str) -> None:
    """Before its pixels are made."""
    check(*PIXELS[name], "logo.png")


def check(data: bytes, code: str, file: str) -> None:
    """Read a file, which is refused with a code, soon."""
    start = time.process_time()
    drawing, problems = read_drawing(data, file)
    assert time.process_time() - start < SOON
    assert drawing is None
    assert {problem.code for problem in problems} == {code}
    assert all(problem.file == file for problem in problems)


def test_there_are_forty_hostile_files() -> None:
    """Losing the table would leave every guard unguarded."""
    assert len(HOSTILE) + len(PIXELS) >= 100


@pytest.mark.untraced
def test_no_hostile_file_takes_much_memory() -> None:
    """All of them, one after the other, in a process that may have so much and no more."""
    code = """
import resource, sys
from tests.sources.drawings.hostile import HOSTILE, PIXELS, picture
from handouts.sources.drawings.read import read_drawing
read_drawing(picture("PNG", icc_profile=b"x"), "warm.png")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for table, file in ((HOSTILE, "a.svg"), (PIXELS, "a.png")):
    for data, _ in table.values():
        read_drawing(data, file)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < MEMORY


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (svg(""), "SVG"),
        ("\ufeff<svg/>".encode(), "SVG"),
        ("<svg/>".encode("utf-16"), "SVG"),
        (b" \n<svg/>", "SVG"),
        (picture("PNG"), "PNG"),
        (picture("JPEG"), "JPEG"),
        (picture("GIF"), "GIF"),
        (picture("WEBP"), "WebP"),
        (picture("TIFF"), "TIFF"),
        (b"\0\0\0\x18ftypheic", "HEIC or AVIF"),
        (b"words", ""),
        (b"", ""),
    ],
)
def test_a_file_is_known_by_its_first_bytes(data: bytes, kind: str) -> None:
    """Not by its name."""
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("data", "file", "what"),
    [
        (picture("JPEG"), "logo.svg", "the file is a JPEG, named .svg."),
        (picture("JPEG"), "logo.png", "the file is a JPEG, named .png."),
        (svg(""), "logo.png", "the file is an SVG, named .png."),
        (picture("GIF"), "logo.png", "the file is a GIF, which is not printed."),
        (
            b"%PDF-1.7",
            "logo.svg",
            "the file is a PDF, as Illustrator writes its own files, which is not printed.",
        ),
    ],
)
def test_the_true_fault_is_told(data: bytes, file: str, what: str) -> None:
    """What the file is, beside what it is called; and what to call it."""
    drawing, problems = read_drawing(data, f"content/clinics/{file}")
    assert drawing is None
    assert [problem.what for problem in problems] == [what]
    assert problems[0].file == f"content/clinics/{file}"


def test_names_may_be_written_in_capitals() -> None:
    """As cameras and Windows write them."""
    assert read_drawing(picture("JPEG"), "LOGO.JPG")[0]
    assert read_drawing(picture("JPEG"), "logo.jpeg")[0]
    assert read_drawing(svg(""), "Logo.SVG")[0]


def test_every_fault_of_a_drawing_is_told_at_once_with_its_line() -> None:
    """So that it is mended once."""
    _, problems = read_drawing(
        svg("\n<text>x</text>\n<image href='x'/>\n<path d='M0 0L1'/>\n<path fill='blu' d='M0 0H1'/>"), "a.svg"
    )
    assert [(p.line, p.code) for p in problems] == [
        (2, "drawing-not-plain"),
        (3, "drawing-not-plain"),
        (4, "drawing-invalid-value"),
        (5, "drawing-invalid-value"),
    ]
