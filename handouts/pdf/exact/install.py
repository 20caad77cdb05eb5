"""What of WeasyPrint and pydyf is replaced, by what, and why: one table, and the one function that does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import resolve_name
from typing import Any

from handouts.pdf.exact.claims import stream_data, with_closed_file
from handouts.pdf.exact.embed import build_fonts_dictionary
from handouts.pdf.exact.opened import opened_once
from handouts.pdf.exact.order import with_own_state
from handouts.pdf.exact.tags import add_tags
from handouts.pdf.exact.text_layer import draw_first_line

# Functions that are not public may change in any version: docs/weasyprint.md says how to raise these.
VERSIONS: Mapping[str, str] = {"weasyprint": "70.0", "pydyf": "0.13.0"}


@dataclass(frozen=True)
class Replacement:
    """A name of WeasyPrint or pydyf that is given another value.

    `holder` is the module or class where it is looked up when it is called, `defined` where its source stands.
    `wraps` says that `by` is given the original and returns what takes its place. `issue` is where the reason was
    told upstream, if it was; `not_done` what the original does and `by` does not.
    """

    holder: str
    name: str
    defined: str
    by: Any
    why: str
    issue: str
    not_done: str
    wraps: bool = False


REPLACED = (
    Replacement(
        holder="weasyprint.draw.text",
        name="draw_first_line",
        defined="weasyprint.draw.text.draw_first_line",
        by=draw_first_line,
        why="A glyph has the text of the cluster in which it was first met, wherever it is drawn: "
        "where a script moves, joins or stacks letters, the words come out wrong.",
        issue="Kozea/WeasyPrint#2841",
        not_done="`text-overflow: ellipsis` and `block-ellipsis`; colour glyphs (SVG, PNG, COLR) and bitmap fonts; "
        "a box for a letter that no font has: it raises ValueError instead of a warning in the log.",
    ),
    Replacement(
        holder="weasyprint.pdf",
        name="build_fonts_dictionary",
        defined="weasyprint.pdf.fonts.build_fonts_dictionary",
        by=build_fonts_dictionary,
        why="Every cluster is a glyph of the embedded font with a text of its own, and no text is empty (PDF/UA-1, 7.21.7).",
        issue="Kozea/WeasyPrint#2841",
        not_done="The options `full_fonts`, `hinting` and `uncompressed_pdf` (fonts are always cut down, without "
        "hinting, compressed); fonts of form fields; bitmap fonts.",
    ),
    Replacement(
        holder="weasyprint.pdf.fonts",
        name="get_hb_object_data",
        defined="weasyprint.text.fonts.get_hb_object_data",
        by=opened_once,
        wraps=True,
        why="The whole file of each face is copied for each document. A Chinese font has 16 MB, and a copy for a person is set "
        "in two of them, regular and bold.",
        issue="",
        not_done="The bytes themselves: `file_content` of a font is the font opened by HarfBuzz, which `build_fonts_dictionary` "
        "and nothing else asks for. The original is called once for each face while that is kept.",
    ),
    Replacement(
        holder="weasyprint.pdf",
        name="add_tags",
        defined="weasyprint.pdf.tags.add_tags",
        by=add_tags,
        why="The structure tree is made of boxes: it forgets the language of an element, and header and footer are "
        "read as part of the text.",
        issue="Kozea/WeasyPrint#1836",
        not_done="Form fields of HTML (an element with `data-field` is one: `forms.py`, Kozea/WeasyPrint#2726), `<img>` (a picture is an element with `role=img` and `aria-label`), merged cells and the "
        "headers of a cell by name, namespaces of PDF 2; an element that `tags.ROLES` does not name raises ValueError.",
    ),
    Replacement(
        holder="weasyprint.pdf.stream.Stream",
        name="marked",
        defined="weasyprint.pdf.stream.Stream.marked",
        by=with_own_state,
        wraps=True,
        why="Floats and placed boxes are painted after the lines around them, and copied and searched there: marked "
        "content is moved, so each piece must set its own colour and font.",
        issue="",
        not_done="Nothing is left out: the original is called.",
    ),
    Replacement(
        holder="weasyprint.pdf",
        name="ColorProfile",
        defined="weasyprint.css.ColorProfile",
        by=with_closed_file,
        wraps=True,
        why="The file of the colour profile that PDF/A asks for is left open.",
        issue="",
        not_done="Nothing is left out: the original is called.",
    ),
    Replacement(
        holder="pydyf.Stream",
        name="data",
        defined="pydyf.Stream.data",
        by=property(stream_data),
        why="One compressed stream in 256 ends in a carriage return, which a strict reader takes for a line end (ISO 19005-2, 6.1.7.1).",
        issue="",
        not_done="Nothing is left out.",
    ),
)

_originals: dict[str, Any] = {}


def install() -> None:
    """Replace everything in the table, once in a process. Raises RuntimeError for a version nobody has tried."""
    for library, wanted in VERSIONS.items():
        found = import_module(library).__version__
        if found != wanted:
            raise RuntimeError(
                f"{library} {wanted} is needed to write PDFs, this is {found}. Run: make setup"
            )
    for each in REPLACED:
        if each.defined not in _originals:
            holder = resolve_name(each.holder)
            _originals[each.defined] = plain = getattr(holder, each.name)
            setattr(holder, each.name, each.by(plain) if each.wraps else each.by)


def original(each: Replacement) -> Any:
    """Return what a replacement takes the place of, whether or not it is installed."""
    return _originals.get(each.defined) or resolve_name(each.defined)
