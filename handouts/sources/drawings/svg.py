"""An SVG file of any drawing program → a drawing of groups, paths, gradients and clip paths, every byte written here.

What is printed is not the file with things taken out, but a new tree: something is made for what was understood, and
the rest is dropped where it does not show (what programs note for themselves), or refused where it would (text,
shadows). `use` is written out, styles become attributes, shapes become paths, ids are our own. So WeasyPrint meets
nothing that a file says, and none of what it gets wrong (paths without an end, clip paths with transforms, gradients
that begin elsewhere); and what a drawing costs is known before it is drawn.
"""

from __future__ import annotations

from lxml import etree

from handouts.model import Drawing
from handouts.sources.drawings import values
from handouts.sources.drawings.definitions import new
from handouts.sources.drawings.refusals import Allowance, Refusal
from handouts.sources.drawings.source import Source
from handouts.sources.drawings.tree import ACTIVE, Around, DrawingTree, Drawn
from handouts.sources.drawings.viewports import overall
from handouts.sources.drawings.xml import SVG, Element, read_xml

MOST_WORK = 1_000_000


def read_svg(data: bytes) -> tuple[Drawing | None, list[Refusal]]:
    """Return the drawing of an SVG file, or None and every refusal that was met."""
    try:
        root = read_xml(data)
        if root.tag != f"{SVG}svg":
            return None, [_not_svg(root)]
        source = Source(root, Allowance(MOST_WORK))
        _look_for_scripts(source)
        return source.attempt(lambda: _drawing(source), root), source.refusals
    except Refusal as refusal:
        return None, [refusal]


def _drawing(source: Source) -> Drawing | None:
    """Return the drawing of a file, or None after refusals were kept. Raises Refusal where there is nothing to print."""
    given = source.given(source.root)
    box = overall({name: texts[-1] for name, texts in given.items()})
    tree = DrawingTree(source)
    part = tree.group(source.root, Drawn(source.root, given, tree.within(source.root, given, Around(box))))
    if source.refusals:
        return None
    if not part:
        raise Refusal(
            "drawing-empty", "nothing is drawn in the file.", "Export the logo again, with its layers shown."
        )
    size = {"width": values.written(box.width), "height": values.written(box.height)}
    place = values.number_list((box.x, box.y, box.width, box.height))
    defs = [new("defs", {}, tree.definitions.elements)] if tree.definitions.elements else []
    svg = new("svg", {"viewBox": place, **size}, [*defs, part.element])
    return Drawing(etree.tostring(svg), "svg", box.width, box.height)


def _not_svg(root: Element) -> Refusal:
    """Return the refusal of XML that is no SVG."""
    if root.tag == "svg":
        what, fix = (
            "the first element lacks its namespace.",
            'Write <svg xmlns="http://www.w3.org/2000/svg" …>.',
        )
    else:
        name = etree.QName(root).localname[:40]
        what, fix = f"the file is no SVG drawing: its first element is “{name}”.", "Export it as SVG or PNG."
    return Refusal("drawing-not-svg", what, fix, root.sourceline)


def _look_for_scripts(source: Source) -> None:
    """Keep a refusal of everything that acts, wherever it stands: what holds it is not what it seems."""
    for element in source.root.iter():
        local = element.tag.rpartition("}")[2]
        acts = local in ACTIVE and (element.tag.startswith(SVG) or "xhtml" in element.tag)
        names = [local] if acts else [name for name in element.attrib if name.lower().startswith("on")]
        for name in names[:1]:
            refusal = Refusal(
                "drawing-active", f"the drawing holds “{name[:40]}”.", "Export it as plain SVG, for print."
            )
            source.note(refusal, element)
