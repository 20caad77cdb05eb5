"""XML is read without reaching beyond its bytes."""

from __future__ import annotations

import pytest

from handouts.sources.drawings.refusals import Refusal
from handouts.sources.drawings.xml import MOST_DRAWING_BYTES, SVG, decoded, read_xml, without_doctype

PLAIN = "<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.mark.parametrize(
    "before",
    [
        "",
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n',
        '<?xml version="1.0" encoding="utf-16"?>',
        '<!-- Generator: Adobe -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        "<!doctype svg>\n<!-- <!DOCTYPE svg [ ]> -->",
        "<?xml-stylesheet href='http://example.org/x.css'?>",
    ],
)
def test_what_stands_before_the_drawing_is_dropped(before: str) -> None:
    """A declaration, a document type that declares nothing, comments and instructions say nothing that is printed."""
    root = read_xml((before + PLAIN).encode())
    assert root.tag == f"{SVG}svg"
    assert root.getroottree().docinfo.internalDTD is None
    assert root.getprevious() is None


def test_a_document_type_leaves_its_lines_behind() -> None:
    """So that a problem names the line of the file and not of what is left of it."""
    text = '<!DOCTYPE svg\nPUBLIC "a"\n"b">\n' + PLAIN
    assert without_doctype(text).count("\n") == text.count("\n")
    assert read_xml(text.encode()).sourceline == 4


def test_a_document_type_that_declares_anything_is_refused() -> None:
    """Illustrator's own entities have a cure of their own; the first is named."""
    with pytest.raises(Refusal) as refused:
        without_doctype('<!DOCTYPE svg [\n<!ENTITY ns_extend "x">]>' + PLAIN)
    assert refused.value.code == "drawing-declares-entities"
    assert "ns_extend" in refused.value.what
    assert "Illustrator" in refused.value.fix


def test_there_is_one_way_to_read_bytes() -> None:
    """UTF-8, or UTF-16 that says so; the file's own word for it is not asked for."""
    assert decoded("ä".encode("utf-8-sig")) == decoded("ä".encode("utf-16")) == "ä"
    with pytest.raises(Refusal) as refused:
        decoded(b"a\n\xe4")
    assert (refused.value.code, refused.value.line) == ("file-not-utf8", 2)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b" " * (MOST_DRAWING_BYTES + 1), "drawing-too-large"),
        (b"<a>" * 300 + b"</a>" * 300, "drawing-too-deep"),
        (b"<a>\n<b></a>", "invalid-xml"),
        (b"<a>&nbsp;</a>", "invalid-xml"),
        (b"<x:a/>", "invalid-xml"),
        (b"", "invalid-xml"),
    ],
)
def test_what_cannot_be_read_whole_is_refused(data: bytes, code: str) -> None:
    """Nothing is mended: what was mended is not what was checked."""
    with pytest.raises(Refusal) as refused:
        read_xml(data)
    assert refused.value.code == code


def test_what_libxml2_says_is_told_with_its_line() -> None:
    """In its words, without its numbers, which stand in the place."""
    with pytest.raises(Refusal) as refused:
        read_xml(b"<a>\n<b></a>")
    assert refused.value.line == 2
    assert "line 2, column" not in refused.value.what
    assert "mismatch" in refused.value.what
