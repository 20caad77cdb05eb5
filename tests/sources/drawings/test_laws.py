"""What holds of every file that is read as a drawing, tried on made-up ones."""

from __future__ import annotations

import re
import time
from pathlib import Path

from hypothesis import event, given, settings
from hypothesis import strategies as st
from lxml import etree

from handouts.model import Drawing
from handouts.sources.drawings.read import read_drawing
from tests.conftest import tries
from tests.sources.drawings.drawn import draw
from tests.sources.drawings.generated import DRAWINGS, TAME
from tests.sources.drawings.hostile import HOSTILE, PIXELS, picture

FILES = sorted((Path(__file__).parent / "files").glob("*.svg"))
SEEDS = [
    *(path.read_bytes() for path in FILES),
    *(data for data, _ in (HOSTILE | PIXELS).values()),
    picture("PNG"),
    picture("JPEG"),
]
SHORT = [seed for seed in SEEDS if len(seed) < 20_000]
# All that may ever be printed of a file: these elements, with these attributes, of this form.
NUMBER = r"-?\d+(\.\d+)?"
PLAIN = rf"({NUMBER}|[a-z]+|#[0-9a-f]{{6}}([0-9a-f]{{2}})?|url\(#d\d+\)|d\d+|userSpaceOnUse|none|{NUMBER}( {NUMBER})*|matrix\({NUMBER}( {NUMBER}){{5}}\)|([MLC]{NUMBER}( {NUMBER})*|Z)+)"
PRINTED = {
    "svg": {"viewBox", "width", "height"},
    "g": {"transform", "opacity", "clip-path"},
    "defs": set(),
    "path": {
        "d", "transform", "opacity", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity",
        "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset",
    },
    "clipPath": {"id", "clip-path"},
    "linearGradient": {"id", "gradientUnits", "x1", "y1", "x2", "y2"},
    "radialGradient": {"id", "gradientUnits", "cx", "cy", "r", "fx", "fy", "fr"},
    "stop": {"offset", "stop-color", "stop-opacity"},
}  # fmt: skip


def read(data: bytes, file: str = "logo.svg") -> Drawing | None:
    """Read a file; there is a drawing or a problem that names the file, never both, within a second."""
    start = time.process_time()
    drawing, problems = read_drawing(data, file)
    assert time.process_time() - start < 5
    assert (drawing is None) == bool(problems)
    assert all(p.file == file and p.code and p.what and p.fix and p.what.isprintable() for p in problems)
    return drawing


def check_printed(data: bytes) -> None:
    """Hold every element and value of a drawing against what may be printed."""
    assert data.isascii()
    for element in etree.fromstring(data).iter():
        assert element.tag.startswith("{http://www.w3.org/2000/svg}"), element.tag
        attributes = dict(element.attrib)
        assert attributes.keys() <= PRINTED[element.tag.split("}")[1]], (element.tag, attributes)
        for name, value in attributes.items():
            assert re.fullmatch(PLAIN, value, re.ASCII), (name, value[:100])
        assert not element.text
        assert not element.tail


@given(DRAWINGS)
@settings(max_examples=tries(120))
def test_what_is_printed_is_of_a_few_forms(data: bytes) -> None:
    """Whatever stands in a file, what is printed are a few elements with values of a few forms, in ASCII."""
    drawing = read(data)
    if drawing:
        check_printed(drawing.data)
        assert read(drawing.data), "what was printed is not read again"


@given(st.sampled_from(SHORT), st.data())
@settings(max_examples=tries(120))
def test_no_byte_makes_it_stumble(seed: bytes, data: st.DataObject) -> None:
    """A file with bytes changed, left out or put in ends as a drawing or as a problem, soon."""
    spoilt = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(spoilt)))
        spoilt[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.one_of(
                st.binary(max_size=3), st.sampled_from([b"<g>", b'"', b"&", b"{", b"url(", b"-", b"e", b"0"])
            )
        )
    for file in ("logo.svg", "logo.png", "logo.jpg"):
        drawing = read(bytes(spoilt), file)
        if drawing and drawing.kind == "svg":
            check_printed(drawing.data)


@given(st.binary(max_size=2_000))
def test_bytes_of_no_kind_are_a_problem(data: bytes) -> None:
    """Bytes that are no picture are told as that."""
    assert [read(data, file) for file in ("logo.svg", "logo.png")] == [None, None]


@given(TAME)
@settings(max_examples=tries(50))
def test_what_is_accepted_is_drawn(data: bytes) -> None:
    """WeasyPrint gives up on nothing that was accepted: a drawing does not vanish from the page."""
    drawing = read(data)
    if drawing:
        assert draw(drawing.data)[1] == []
    event("accepted" if drawing else "refused")


def test_a_drawing_that_vanishes_would_be_found() -> None:
    """The law above sees what WeasyPrint gives up on."""
    broken = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0H9" stroke-miterlimit="x"/></svg>'
    assert draw(broken)[1]
