"""The gate lets nothing through that is not as it should be, and is seen to refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from handouts.sources.load import Sources
from tests.verify.judged import judge


def test_a_good_file_passes(built: Path, sources: Sources) -> None:
    """What every test below spoils is good before it is spoilt."""
    assert judge(sources, built / "en/about-ipt.pdf").problems == []


def test_a_lost_a_changed_and_a_garbled_file_are_told(built: Path, sources: Sources, tmp_path: Path) -> None:
    """The file must be there, be the one that was made, and be a PDF."""
    (lost,) = judge(sources, tmp_path / "lost.pdf").problems
    assert "the file is missing" in lost.what
    (changed,) = judge(sources, built / "en/about-ipt.pdf", sha256="0").problems
    assert "its checksum differs" in changed.what
    (tmp_path / "garbled.pdf").write_bytes(b"%PDF-1.7 no")
    (garbled,) = judge(sources, tmp_path / "garbled.pdf").problems
    assert "it cannot be read" in garbled.what


Spoil = Callable[[pikepdf.Pdf], None]


def _text_of(old: bytes, new: bytes) -> Spoil:
    """Return what replaces text in the tables from codes to letters."""

    def spoil(pdf: pikepdf.Pdf) -> None:
        for font in pdf.pages[0].Resources.Font.values():
            table = font.ToUnicode.read_bytes()
            font.ToUnicode.write(table.replace(b"<%s>\n" % old, b"<%s>\n" % new))

    return spoil


def _drop(name: str) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        del pdf.Root[f"/{name}"]

    return spoil


def _swap_pieces(pdf: pikepdf.Pdf) -> None:
    """Paint the second piece of the first page before the first."""
    content = pdf.pages[0].Contents.read_bytes()
    pieces = content.split(b"EMC")
    at = next(n for n, piece in enumerate(pieces) if b"/MCID 2 " in piece or b"/MCID 2>" in piece)
    pieces[at], pieces[at + 1] = b"\n" + pieces[at + 1], pieces[at]
    pdf.pages[0].Contents.write(b"EMC".join(pieces))


def _rename(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "Untitled"


def _other_language(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = pikepdf.String("fr")


def _nameless_link(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Annots[0].Contents = pikepdf.String(" ")


def _dead_link(pdf: pikepdf.Pdf) -> None:
    for link in pdf.pages[0].Annots:
        holders: tuple[Any, Any] = (link, link.get("/A", {}))
        for holder in holders:
            for key in ("/Dest", "/D"):
                if key in holder:
                    holder[key] = pikepdf.String("nowhere")


def _file_name_for_a_picture(pdf: pikepdf.Pdf) -> None:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure":
            thing.Alt = pikepdf.String("image1.png")


def _unsafe_link(pdf: pikepdf.Pdf) -> None:
    next(
        link for page in pdf.pages for link in page.Annots if "/URI" in link.get("/A", {})
    ).A.URI = pikepdf.String("http://example.org")


def _empty_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].Contents = pdf.make_stream(b"")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_empty_page, "a page ends half empty: “page 2”"),
        (_text_of(b"0049", b"006c"), "does not find words"),
        (_text_of(b"0049", b"0049200b"), "finds characters that are not in the text: “U+200B”"),
        (_drop("MarkInfo"), "it breaks a rule of a standard: “PDF/UA-1"),
        (_drop("OutputIntents"), "it breaks a rule of a standard: “PDF/A-2a"),
        (_file_name_for_a_picture, "a screen reader would stumble"),
        (_swap_pieces, "painted in another order than it is read aloud: “page 1”"),
        (_rename, "it shows another title: “Untitled”"),
        (_other_language, "it says it is in another language: “fr”"),
        (_nameless_link, "a link has no name or leads nowhere"),
        (_dead_link, "a link has no name or leads nowhere: “nowhere”"),
        (_unsafe_link, "a link has no name or leads nowhere: “http://example.org”"),
    ],
)
def test_one_fault_in_a_good_file_is_named(
    built: Path, sources: Sources, tmp_path: Path, spoil: Spoil, says: str
) -> None:
    """A PDF with one fault put in is refused, with what is wrong."""
    with pikepdf.open(built / "en/about-ipt.pdf") as pdf:
        spoil(pdf)
        pdf.save(tmp_path / "spoilt.pdf")
    problems = judge(sources, tmp_path / "spoilt.pdf").problems
    assert [p for p in problems if says in p.what], problems
