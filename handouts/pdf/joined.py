"""Several PDFs of ours become one, each a part with its own language, tags, links and fields; and one that opens ready to print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Name, NameTree, NumberTree, Pdf, Stream, String

# What the catalogs of our PDFs hold. Anything else would have to be joined as well, and is refused.
KNOWN = frozenset(
    (
        "/AcroForm",
        "/Lang",
        "/MarkInfo",
        "/Metadata",
        "/Names",
        "/Outlines",
        "/OutputIntents",
        "/Pages",
        "/StructTreeRoot",
        "/Type",
        "/ViewerPreferences",
    )
)
TREE_KEYS = frozenset(("/K", "/ParentTree", "/ParentTreeNextKey", "/Type"))
FORM_KEYS = frozenset(("/DA", "/DR", "/Fields"))


@dataclass(frozen=True)
class Part:
    """A PDF that is to be joined to others, with its title and the language that it is in."""

    data: bytes
    title: str
    language: str


def joined(parts: Sequence[Part]) -> bytes:
    """Return one PDF of several: bookmarks lead to each, every part is tagged, in its own language.

    The same parts give the same bytes. Raises ValueError for a PDF that holds what cannot be joined.
    """
    with Pdf.open(BytesIO(parts[0].data)) as whole:
        _refuse_unknown(whole)
        documents = [_document(whole, parts[0].language)]
        tree = NumberTree(whole.Root.StructTreeRoot.ParentTree)
        for number, part in enumerate(parts[1:], 2):
            with Pdf.open(BytesIO(part.data)) as other:
                _refuse_unknown(other)
                shift = max(tree, default=-1) + 1
                _make_own(other, number, shift)
                documents.append(_append(whole, other, part.language, number, shift))
                tree = NumberTree(whole.Root.StructTreeRoot.ParentTree)
        _put_below_one(whole, documents)
        _entitle(whole, " · ".join(dict.fromkeys(part.title for part in parts)))
        return _written(whole)


def ready_to_print(pdf: bytes) -> bytes:
    """Return a PDF that asks for the print dialog as soon as it is opened, and is otherwise the same."""
    with Pdf.open(BytesIO(pdf)) as document:
        document.Root.OpenAction = Dictionary(S=Name.Named, N=Name.Print)
        return _written(document)


def _written(document: Pdf) -> bytes:
    written = BytesIO()
    document.save(written, deterministic_id=True)
    return written.getvalue()


def _refuse_unknown(document: Pdf) -> None:
    """Raise ValueError where a PDF holds what would be lost."""
    root = document.Root
    unknown = set(root.keys()) - KNOWN
    unknown |= set(root.StructTreeRoot.keys()) - TREE_KEYS
    unknown |= set(root.get("/Names", Dictionary()).keys()) - {"/Dests"}
    unknown |= set(root.get("/AcroForm", Dictionary()).keys()) - FORM_KEYS
    if unknown:
        raise ValueError(f"a PDF with {', '.join(sorted(unknown))} cannot be joined")


def _document(pdf: Pdf, language: str) -> Any:
    """Return the tag that holds all others of a PDF, as that of a part in a language."""
    tags = pdf.Root.StructTreeRoot.K
    (tag,) = tags if isinstance(tags, Array) else (tags,)
    tag.S, tag.Lang = Name.Part, String(language)
    return tag


def _make_own(other: Pdf, number: int, shift: int) -> None:
    """Give the names and numbers of a PDF, which it shares with others, names and numbers of its own."""
    for thing in _dictionaries(other):
        for key in ("/StructParent", "/StructParents"):
            if key in thing:
                thing[key] = int(thing[key]) + shift
        if isinstance(thing.get("/Dest"), String):
            thing.Dest = String(_own(number, str(thing.Dest)))
        if "/FT" in thing:
            thing.T = String(_own(number, str(thing.T)))
    if "/AcroForm" in other.Root:
        _rename_fonts(other, number)


def _dictionaries(pdf: Pdf) -> Iterator[Any]:
    """Yield every object of a PDF that has keys, also the annotations that stand in a page itself, each once."""
    for thing in pdf.objects:
        if isinstance(thing, (Dictionary, Stream)):
            yield thing
    for page in pdf.pages:
        yield from (each for each in page.obj.get("/Annots", ()) if not each.is_indirect)


def _own(number: int, name: str) -> str:
    """Return a name as that of the part of a number."""
    return f"{number}/{name}"


def _rename_fonts(other: Pdf, number: int) -> None:
    """Give the fonts in which one types names of their own, where the fields, and the whole form, say them."""
    form = other.Root.AcroForm
    fonts = form.DR.Font
    for name in list(fonts.keys()):
        new = f"{name}{number}"
        fonts[new] = fonts[name]
        del fonts[name]
        for each in (form, *form.Fields):
            each.DA = String(str(each.DA).replace(f"{name} ", f"{new} ", 1))


def _append(whole: Pdf, other: Pdf, language: str, number: int, shift: int) -> Any:
    """Append the pages of a PDF with all that belongs to them; return the tag that holds its others."""
    root = other.Root
    _document(other, language)
    whole.pages.extend(other.pages)  # first, so that what is copied next leads to the copies
    tags = whole.copy_foreign(other.make_indirect(root.StructTreeRoot))
    all_tags = NumberTree(whole.Root.StructTreeRoot.ParentTree)
    for key, value in NumberTree(tags.ParentTree).items():
        all_tags[key + shift] = value
    if "/Names" in root:
        names = _destinations(whole)
        for name, place in NameTree(whole.copy_foreign(other.make_indirect(root.Names.Dests))).items():
            names[_own(number, str(name))] = place
    if "/Outlines" in root:
        _append_bookmarks(whole, whole.copy_foreign(other.make_indirect(root.Outlines)))
    if "/AcroForm" in root:
        _append_fields(whole, whole.copy_foreign(other.make_indirect(root.AcroForm)))
    return tags.K[0] if isinstance(tags.K, Array) else tags.K


def _destinations(whole: Pdf) -> NameTree:
    """Return the named places of a PDF, to which more may be added."""
    if "/Names" not in whole.Root:
        whole.Root.Names = Dictionary(Dests=NameTree.new(whole).obj)
    return NameTree(whole.Root.Names.Dests)


def _append_bookmarks(whole: Pdf, new: Any) -> None:
    """Put the bookmarks of a part behind those that there are."""
    old = whole.Root.get("/Outlines")
    if old is None:
        whole.Root.Outlines = new
        return
    item = new.get("/First")
    while item is not None:
        item.Parent = old
        item = item.get("/Next")
    old.Last.Next, new.First.Prev = new.First, old.Last
    old.Last = new.Last
    old.Count = int(old.Count) + int(new.Count)


def _append_fields(whole: Pdf, new: Any) -> None:
    """Put the fields of a part behind those that there are."""
    old = whole.Root.get("/AcroForm")
    if old is None:
        whole.Root.AcroForm = new
        return
    old.Fields.extend(new.Fields)
    for name, font in new.DR.Font.items():
        old.DR.Font[name] = font


def _put_below_one(whole: Pdf, documents: Sequence[Any]) -> None:
    """Put the tags of all parts below one, that of the document."""
    root = whole.Root.StructTreeRoot
    one = whole.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array(documents)))
    for document in documents:
        document.P = one
    root.K = Array([one])


def _entitle(whole: Pdf, title: str) -> None:
    """Give the whole a title; what the first part says of itself alone goes."""
    with whole.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata.pop("dc:description", None)
    if "/Subject" in whole.docinfo:
        del whole.docinfo["/Subject"]
    whole.docinfo["/Title"] = title
