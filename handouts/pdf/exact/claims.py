"""Writing a rendered document as a PDF that keeps PDF/UA-1 and PDF/A-2a at once, and claims both."""

from __future__ import annotations

import zlib
from typing import Any

import pydyf

from handouts.breaks import without_breaks
from handouts.pdf.exact.forms import add_form
from handouts.pdf.exact.levels import level_lines
from handouts.pdf.exact.neighbours import note_neighbours
from handouts.pdf.exact.order import join_markers

VARIANT = "pdf/a-2a"
# WeasyPrint writes one claim. PDF/A allows another one if its schema is described (ISO 19005-2, 6.6.2.3).
UA_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the document keeps</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def write(document: Any, identifier: bytes, writing: Any = None) -> bytes:
    """Return a rendered document as a PDF that keeps both standards; `identifier` is written into the file as it is.

    Its fields, if it has any, are typed in the font `writing` (a `Writing` of `pdf.fonts`).
    """

    def finish(document: Any, pdf: Any) -> None:
        if writing:
            add_form(pdf, writing)
        _add_claim(document, pdf)

    for page in document.pages:
        # WeasyPrint links every box inside a link once more, which a screen reader then says twice.
        page.links = [link for link in page.links if link[3].link]
        page.bookmarks = [(level, without_breaks(label), *rest) for level, label, *rest in page.bookmarks]
        level_lines(page)
        join_markers(page)
        note_neighbours(page)
    data: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier, finisher=finish)
    return data


def _add_claim(_document: Any, pdf: Any) -> None:
    """Claim PDF/UA-1 beside PDF/A-2a, in metadata that can be read without unpacking (ISO 19005-2, 6.6.2.1)."""
    (metadata,) = (
        o for o in pdf.objects if isinstance(o, pydyf.Stream) and o.extra.get("Type") == "/Metadata"
    )
    metadata.compress = False
    metadata.stream = [b"\n".join(metadata.stream).replace(b"</rdf:RDF>", UA_CLAIM)]


def stream_data(stream: Any) -> bytes:
    """Return a stream as it is written; takes the place of `pydyf.Stream.data`.

    One stream in 256 ends in a carriage return, which a strict reader takes for part of the line
    end before `endstream`: then the length is wrong (ISO 19005-2, 6.1.7.1). Inflate ignores what
    follows its own end, so a line feed goes there.
    """
    content = b"\n".join(map(pydyf._to_bytes, stream.stream))
    extra = pydyf.Dictionary(stream.extra)
    if stream.compress:
        extra["Filter"] = "/FlateDecode"
        content = zlib.compress(content, 9)
        content += b"\n" * content.endswith(b"\r")
    extra["Length"] = len(content)
    return b"\n".join((extra.data, b"stream", content, b"endstream"))


def with_closed_file(profile: Any) -> Any:
    """Return what makes a colour profile of an open file, and closes that; takes the place of `weasyprint.css.ColorProfile`."""

    def made(file: Any, *arguments: Any) -> Any:
        with file:
            return profile(file, *arguments)

    return made
