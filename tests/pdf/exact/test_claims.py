"""Every PDF keeps PDF/UA-1 and PDF/A-2a, and says so."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pydyf
import pytest

from handouts.model import SOURCE_LANGUAGE
from handouts.pdf.exact.claims import stream_data
from handouts.verify.standards import broken_rules
from tests.pdf.exact.pages import FILES, tags


@pytest.mark.parametrize("file", FILES)
def test_keeps_both_standards(built: Path, file: str) -> None:
    """No rule of PDF/UA-1 or of PDF/A-2a is broken."""
    assert broken_rules(built / file) == []


@pytest.mark.parametrize("file", FILES)
def test_claims_both_standards(built: Path, file: str) -> None:
    """The metadata claims both, and can be read without unpacking."""
    with pikepdf.open(built / file) as pdf:
        metadata = pdf.Root.Metadata
        claim = metadata.read_raw_bytes().decode()
        assert "/Filter" not in metadata
        assert 'pdfaid:part="2" pdfaid:conformance="A"' in claim
        assert 'pdfuaid:part="1"' in claim
        assert pdf.Root.Lang == file.split("/", maxsplit=1)[0]
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_the_length_of_a_stream_is_right_whatever_it_ends_in() -> None:
    """A stream that ends in a carriage return is not taken for one byte shorter."""
    text = b"\f"
    assert zlib.compress(text, 9).endswith(b"\r")
    written = stream_data(pydyf.Stream([text], compress=True))
    length = re.search(rb"/Length (\d+)", written)
    assert length
    content = written.partition(b"stream\n")[2].removesuffix(b"\nendstream")
    assert not content.endswith(b"\r")
    assert len(content) == int(length[1])
    assert zlib.decompressobj().decompress(content) == text


def drop_language(pdf: pikepdf.Pdf) -> None:
    """Forget the language of the document."""
    del pdf.Root.Lang


def drop_alternative(pdf: pikepdf.Pdf) -> None:
    """Forget what a picture shows."""
    del next(tag for tag in tags(pdf) if tag.S == "/Figure").Alt


def drop_name(pdf: pikepdf.Pdf) -> None:
    """Forget what a link is called."""
    del pdf.pages[0].Annots[0].Contents


def skip_heading(pdf: pikepdf.Pdf) -> None:
    """Leave a level out."""
    next(tag for tag in tags(pdf) if tag.S == "/H2").S = pikepdf.Name.H4


@pytest.mark.parametrize("spoil", [drop_language, drop_alternative, drop_name, skip_heading])
def test_the_validator_sees_what_it_is_there_for(
    built: Path, tmp_path: Path, spoil: Callable[[pikepdf.Pdf], None]
) -> None:
    """The guard is seen to fail: a good PDF with one fault put in is refused."""
    with pikepdf.open(built / SOURCE_LANGUAGE / "about-ipt.pdf") as pdf:
        spoil(pdf)
        pdf.save(tmp_path / "spoiled.pdf")
    assert broken_rules(tmp_path / "spoiled.pdf")
