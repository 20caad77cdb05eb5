"""Bytes → the root element of an XML file, by lxml with everything switched off that reaches beyond the bytes.

lxml is libxml2's well-kept binding (defusedxml has not changed since 2021, says itself that its lxml module is not to
be used any more, and for the parsers of Python forbids what is asked for here in three lines). What stops what:

- entities: a document type of the file's own is refused before the parser sees the file, every other one is taken
  off; so no entity can be declared, and one that is used is an error. `resolve_entities=False` is the second lock.
- the network, files: there is nothing left that could name one; `no_network` and `load_dtd=False` say it again.
- depth: libxml2 ends at 256 levels without `huge_tree`.
- size: `MOST_DRAWING_BYTES`, before anything is read.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from handouts.sources.drawings.refusals import Refusal

Element = Any  # lxml's; it has no types
SVG = "{http://www.w3.org/2000/svg}"
MOST_DRAWING_BYTES = 500_000
# What may stand before the first element. Possessive throughout: no input makes it try twice.
PROLOG = re.compile(r"(?>\s++|<\?(?>[^?]|\?(?!>))*+\?>|<!--(?>[^-]|-(?!->))*+-->)*+")
DOCTYPE = re.compile(r"""<!DOCTYPE(?>[^\[\]<>"']|"[^"]*+"|'[^']*+')*+([\[>]?)""", re.IGNORECASE)


def read_xml(data: bytes) -> Element:
    """Return the root element, without comments and processing instructions. Raises Refusal."""
    if len(data) > MOST_DRAWING_BYTES:
        raise Refusal(
            "drawing-too-large",
            f"the file has {len(data):,} bytes; a drawing may have {MOST_DRAWING_BYTES:,}.",
            "Simplify it, or export it as PNG.",
        )
    text = without_doctype(decoded(data))
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise _syntax_refusal(error) from None
    # The second lock: nothing but elements may be left.
    if root.getroottree().docinfo.internalDTD is not None or not all(_is_element(e) for e in root.iter()):
        raise own_entities("")
    return root


def decoded(data: bytes) -> str:
    """Return the text of the file. Raises Refusal where it is neither UTF-8 nor marked as UTF-16.

    What the file says of its own encoding is not asked for: there is one way to read it.
    """
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
        text.encode()  # half a pair of UTF-16 is no text
    except UnicodeError as error:
        line = data[: getattr(error, "start", 0)].count(b"\n") + 1
        raise Refusal("file-not-utf8", "the file is not UTF-8.", "Save it as UTF-8.", line) from None
    return text


def without_doctype(text: str) -> str:
    """Return the text without its document type, line by line the same. Raises Refusal where it declares anything."""
    before = PROLOG.match(text)
    start = before.end() if before else 0
    found = DOCTYPE.match(text, start)
    if not found:
        return text
    if found[1] == "[":
        raise own_entities(re.findall(r"<!ENTITY\s+(\S{1,40})", text[found.end() :][:2000]))
    return text[:start] + "\n" * found[0].count("\n") + text[found.end() :]


def own_entities(names: list[str] | str) -> Refusal:
    """Return the refusal of a file that declares entities of its own."""
    shown = f" (“{names[0]}”)" if names else ""
    return Refusal(
        "drawing-declares-entities",
        f"the file declares entities of its own{shown}.",
        "Save it without: in Illustrator, untick “Preserve Illustrator Editing Capabilities”.",
    )


def _is_element(node: Element) -> bool:
    return isinstance(node.tag, str)


def _syntax_refusal(error: Any) -> Refusal:
    """Return what libxml2 found, in the words of the kind of refusal."""
    line = error.lineno or 0
    words = re.sub(
        r"(, line \d+)?(, column \d+)?( \(<string>, line \d+\))?$", "", (error.msg or "it is empty").strip()
    )
    if "Excessive depth" in words:
        return Refusal(
            "drawing-too-deep", "the elements of the file are nested too deep.", "Ungroup them.", line
        )
    return Refusal("invalid-xml", f"the file is not whole XML: {words}.", "Export the drawing again.", line)
