"""The tag tree: what a screen reader reads, made from the elements of the HTML in the order of the source.

WeasyPrint makes its own tree from the boxes of the layout. Boxes know nothing of language, come anew
on every page, and a column set by `display: table` looks like a table; the elements are what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pydyf

from handouts.breaks import without_breaks
from handouts.pdf.exact.boxes import SLOT, page_box, walk_boxes
from handouts.pdf.exact.forms import FIELD, field_boxes, widget
from handouts.pdf.exact.order import FOOTER_TAG, HEADER_TAG, paint_in_order
from handouts.pdf.exact.reading import SVG

# The standard structure types of ISO 32000-1, 14.8.4, by HTML element.
ROLES = {
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
    "a": "Link",
    "figcaption": "Caption",
    "figure": "Div",
    "li": "LI",
    "ol": "L",
    "p": "P",
    "section": "Sect",
    "table": "Table",
    "tbody": "TBody",
    "td": "TD",
    "th": "TH",
    "thead": "THead",
    "tr": "TR",
    "ul": "L",
}
# These have a tag only where the language changes.
GROUPS = frozenset({"body", "div", "header", "html"})
PHRASES = frozenset({"bdi", "em", "span", "strong", "sup", f"{SVG}svg"})
CONTENTS = "doc-toc"  # the role of a list that leads to parts of the document (DPUB-ARIA)
NUMBERING = {"ol": "/Decimal", "ul": "/Disc"}
POINTS = 0.75  # in a CSS pixel


class TagTree:
    """A tag tree that grows as content is put in. An element has one tag, however many pages it runs over."""

    def __init__(self, pdf: Any, root: Element) -> None:
        self.pdf = pdf
        self.parents = {child: parent for parent in root.iter() for child in parent}
        self.document = pydyf.Dictionary({"Type": "/StructElem", "S": "/Document", "K": pydyf.Array()})
        pdf.add_object(self.document)
        self.made: dict[tuple[Element, str], Any] = {}
        self.languages = {self.document.number: root.get("lang", "")}

    def tag(self, element: Element, *, marker: bool = False) -> Any:
        """Return the tag for an element's content, made with all those above it when first asked for.

        What a list item says goes into its body; its bullet or number (`marker`) into a label beside it.
        """
        parent = self.parents.get(element)
        if parent is None:
            return self.document
        role, above = self._role(element), self.tag(parent)
        tag = self._once(element, role, above) if role else above
        if role != "LI":
            return tag
        if marker:
            # A list with labels says of what kind they are (ISO 14289-1, 7.6).
            above["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": NUMBERING[parent.tag]})
        return self._once(element, "Lbl" if marker else "LBody", tag)

    def marks(self, page: bytes) -> Iterator[int]:
        """Yield the numbers of the marked pieces of a page, in the order of the tree."""
        tags = {tag.reference: tag for tag in (self.document, *self.made.values())}

        def visit(tag: Any) -> Iterator[int]:
            for kid in tag["K"]:
                if isinstance(kid, int) and tag["Pg"] == page:
                    yield kid
                elif isinstance(kid, bytes):
                    yield from visit(tags[kid])
                elif isinstance(kid, dict) and kid.get("Type") == "/MCR" and kid["Pg"] == page:
                    yield kid["MCID"]

        return visit(self.document)

    def _role(self, element: Element) -> str:
        """Return the structure type of an element, or nothing. Raises ValueError for one nobody thought of."""
        if element.get("role") == "img":
            return "Figure"
        if CONTENTS in (element.get("role"), self.parents[element].get("role")):
            return "TOCI" if element.tag == "li" else "TOC"
        if element.get(FIELD) or element.get(SLOT):
            return "Form" if element.get(FIELD) else "Div"
        if element.tag in ROLES:
            return ROLES[element.tag]
        if element.tag not in GROUPS | PHRASES:
            raise ValueError(
                f"<{element.tag}> has no tag in a PDF yet: name it in handouts/pdf/exact/tags.py"
            )
        if self._language(element) == self._language(self.parents[element]):
            return ""
        return "Div" if element.tag in GROUPS else "Span"

    def _language(self, element: Element) -> str:
        """Return the language of an element: its own, or that of the nearest above that has one."""
        while "lang" not in element.attrib and element in self.parents:
            element = self.parents[element]
        return element.get("lang", "")

    def _once(self, element: Element, role: str, above: Any) -> Any:
        """Return an element's tag in a role; when first asked for, make it the last child of the tag above."""
        if (element, role) not in self.made:
            self.made[element, role] = self._make(element, role, above)
        return self.made[element, role]

    def _make(self, element: Element, role: str, above: Any) -> Any:
        tag = pydyf.Dictionary(
            {"Type": "/StructElem", "S": f"/{role}", "P": above.reference, "K": pydyf.Array()}
        )
        self.pdf.add_object(tag)
        above["K"].append(tag.reference)
        language = self.languages[tag.number] = self._language(element)
        if language != self.languages[above.number]:
            # Else the English in an Arabic text is read by the Arabic voice.
            tag["Lang"] = pydyf.String(language)
        if element.get(SLOT):
            tag["T"] = pydyf.String(element.get(SLOT))  # by which what is stamped finds its place
        if role == "Figure":
            tag["Alt"] = pydyf.String(element.get("aria-label", ""))
        if role == "TH":
            scope = "/Row" if element.get("scope") == "row" else "/Column"
            tag["A"] = pydyf.Dictionary({"O": "/Table", "Scope": scope})
        return tag


def add_tags(pdf: Any, document: Any, _version: Any, streams: list[Any]) -> None:
    """Write the tag tree; takes the place of WeasyPrint's function of that name.

    Raises ValueError when something on a page stands in no element.
    """
    (html,) = (box.element for box in document.pages[0]._page_box.children if not _marginal(box))
    tree = TagTree(pdf, html)
    owners = pydyf.Array()
    links: list[tuple[Any, Any]] = []
    for number, (page, stream) in enumerate(zip(document.pages, streams, strict=True)):
        reference = pdf.page_references[number]
        _set_aside(page, stream)
        owners.extend((number, _fill(tree, page, reference, stream._tags)))
        links += _link(tree, page, reference)
        links += _fields(tree, page, reference)
        pdf.objects[int(reference.split()[0])]["ArtBox"] = _type_area(page)
        _frame(tree, page)
    for cell in html.iter("td"):
        tree.tag(cell)  # one to write in holds nothing, and a row must have all its cells
    for reference, stream in zip(pdf.page_references, streams, strict=True):
        paint_in_order(stream, {mark: n for n, mark in enumerate(tree.marks(reference))})
    for number, (tag, annotation) in enumerate(links, len(document.pages)):
        annotation["StructParent"] = number
        owners.extend((number, tag.reference))
    root = pydyf.Dictionary({"Type": "/StructTreeRoot", "K": pydyf.Array([tree.document.reference])})
    root["ParentTree"] = pydyf.Dictionary({"Nums": owners})
    pdf.add_object(root)
    tree.document["P"] = pdf.catalog["StructTreeRoot"] = root.reference
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})


def _set_aside(page: Any, stream: Any) -> None:
    """Mark what a page's margin boxes say as header and footer, or it is read aloud in the middle of the text.

    WeasyPrint marks it as content (Kozea/WeasyPrint#1836).
    """
    places: dict[int, str] = {}
    for margin in filter(_marginal, page_box(page).children):
        subtype = HEADER_TAG if margin.at_keyword.startswith("@top") else FOOTER_TAG
        places |= {
            stream._tags.pop(box)["mcid"]: subtype for box in walk_boxes(margin) if box in stream._tags
        }
    for at, item in enumerate(stream.stream):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") in places:
            artifact = pydyf.Dictionary({"Type": "/Pagination", "Subtype": places[item["MCID"]]})
            stream.stream[at - 1 : at + 1] = ["/Artifact", artifact]


def _fill(tree: TagTree, page: Any, reference: bytes, marked: dict[Any, dict[str, Any]]) -> Any:
    """Put what is marked on a page into the tree; return the tags it went to, by the numbers of the marks."""
    tags: dict[int, Any] = {}
    for box in walk_boxes(page_box(page)):
        if box.element is not None and box.element.get(FIELD):
            tree.tag(box.element)  # it has no text, and its place is here
        if box not in marked:
            continue
        mark = marked.pop(box)["mcid"]
        tag = tags[mark] = tree.tag(box.element, marker=box.element_tag.endswith("::marker"))
        same = tag.setdefault("Pg", reference) == reference
        tag["K"].append(mark if same else pydyf.Dictionary({"Type": "/MCR", "Pg": reference, "MCID": mark}))
    if marked:
        raise ValueError(f"something on the page stands in no element: {list(marked)}")
    return pydyf.Array(tags[n].reference if n in tags else "null" for n in range(max(tags, default=-1) + 1))


def _type_area(page: Any) -> Any:
    """Return where the text of a page stands, without its header and footer: left, bottom, right, top in points."""
    box = page_box(page)
    left, top = box.content_box_x(), box.content_box_y()
    edges = (left, page.height - top - box.height, left + box.width, page.height - top)
    return pydyf.Array(round(edge * POINTS, 2) for edge in edges)


def _link(tree: TagTree, page: Any, reference: bytes) -> Iterator[tuple[Any, Any]]:
    """Join a page's links to their tags, and name each by what it says; yield tag and annotation."""
    for box in walk_boxes(page_box(page)):
        if box.link_annotation:
            tag, annotation = tree.tag(box.element), box.link_annotation
            tag["K"].append(pydyf.Dictionary({"Type": "/OBJR", "Pg": reference, "Obj": annotation.reference}))
            annotation["Contents"] = pydyf.String(
                " ".join(without_breaks("".join(box.element.itertext())).split())
            )
            yield tag, annotation


def _fields(tree: TagTree, page: Any, reference: bytes) -> Iterator[tuple[Any, Any]]:
    """Lay fields over a page, each in its tag; yield tag and annotation."""
    for box in field_boxes(page):
        tag, annotation = tree.tag(box.element), widget(tree.pdf, page, reference, box)
        tag["K"].append(pydyf.Dictionary({"Type": "/OBJR", "Pg": reference, "Obj": annotation.reference}))
        yield tag, annotation


def _frame(tree: TagTree, page: Any) -> None:
    """Say where the pictures of a page are: left, bottom, right, top in points."""
    for box in walk_boxes(page_box(page)):
        if box.element is None or box.element.get("role") != "img":
            continue
        tag = tree.tag(box.element)
        left, top = box.border_box_x(), page.height - box.border_box_y()
        edges = (left, top - box.border_height(), left + box.border_width(), top)
        layout = {"O": "/Layout", "BBox": pydyf.Array(round(edge * POINTS, 2) for edge in edges)}
        # The box of the element itself comes first, those of its lines after.
        tag.setdefault("A", pydyf.Dictionary(layout))


def _marginal(box: Any) -> bool:
    """Whether a box of a page is one in its margin."""
    return hasattr(box, "at_keyword")
