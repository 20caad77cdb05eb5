"""A PDF that was changed is packed anew, and no packed stream of it ends in a carriage return."""

from __future__ import annotations

import io

from pikepdf import Dictionary, Pdf

from handouts.pdf.packing import CUT_OFF, WAYS, packed

TRIES = 3000  # one packed stream in 256 would end so


def a_pdf(number: int) -> Pdf:
    """Return a PDF with something in it that is packed."""
    document = Pdf.new()
    document.add_blank_page()
    document.Root.Own = document.make_indirect(Dictionary(Number=number))
    return document


def test_no_packed_stream_ends_in_a_carriage_return() -> None:
    """Where it would, the PDF is packed otherwise; the content is the same, and so are the bytes the second time."""
    cut_off = 0
    for number in range(TRIES):
        with a_pdf(number) as document:
            written = io.BytesIO()
            document.save(written, deterministic_id=True, object_stream_mode=WAYS[0][0])
            if CUT_OFF in written.getvalue():
                cut_off += 1
                data = packed(document)
                assert data == packed(document)
                assert CUT_OFF not in data
                with Pdf.open(io.BytesIO(data)) as again:
                    assert again.Root.Own.Number == number
    assert cut_off, "none was met: this test guards nothing"
