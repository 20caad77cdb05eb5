"""Several PDFs of ours become one, each a part with its own language, tags, links and fields; and one that opens ready to print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, count
from typing import Any

from pikepdf import (
    Array,
    Dictionary,
    Name,
    NameTree,
    NumberTree,
    PasswordError,
    Pdf,
    PdfError,
    Stream,
    String,
)

from handouts.pdf.font_names import part_fonts, written_out
from handouts.pdf.packing import packed

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
ACTIONS = frozenset(("/GoTo", "/URI"))  # what a link of ours does
# Claims of standards in the metadata, by what they are of. Of PDF/A a file may say so only if all of it keeps the same.
PDF_A, PDF_UA = ("pdfaid:part", "pdfaid:conformance"), ("pdfuaid:part",)
# pdfium takes a letter beyond Latin from the font of a field only where that is called by one of these (see exact/forms.py).
WHOLE_FONTS = ("/Wingdings", "/Wingdings2", "/Wingdings3", "/Webdings")
FONT_NAME = re.compile(r"/[^\s/]+(?=\s+[\d.]+\s+Tf\b)")  # in the appearance of a field


@dataclass(frozen=True)
class Part:
    """A PDF that is to be joined to others, with its title and the language that it is in."""

    data: bytes
    title: str
    language: str


def place_of(number: int) -> str:
    """Return the name of a place in the first part of several by which its links lead to the part of a number, from 1."""
    return f"part-{number}"


def joined(parts: Sequence[Part], title: str = "") -> bytes:
    """Return one PDF of several: a bookmark leads to each, every part is tagged, in its own language; fields can be filled in.

    Names of fields and places stay those of the first part; in another they begin with its number. Where the first part has
    places named by `place_of`, links to these lead to the first pages of the parts. The title of the whole is those of all
    parts unless one is given. The same parts give the same bytes.
    A standard is claimed where every part claims it. Raises ValueError, which tells the number of the part, for none, for
    what is no PDF or a locked one, and for one that holds what cannot be joined.
    """
    if not parts:
        raise ValueError("there is no PDF to join")
    with _opened(parts[0].data, 1) as whole:
        documents, starts, claims = [_document(whole, parts[0].language)], [0], [_claims(whole)]
        _put_below_title(whole, whole.Root.get("/Outlines"), parts[0].title, 0)
        for number, part in enumerate(parts[1:], 2):
            starts.append(len(whole.pages))
            with _opened(part.data, number) as other:
                claims.append(_claims(other))
                documents.append(_append(whole, other, part, number))
        _put_below_one(whole, documents)
        _lead_to(whole, starts)
        part_fonts(whole)
        _claim_together(whole, claims)
        _entitle(whole, title or titles(part.title for part in parts))
        return packed(whole)


def titles(of_parts: Iterable[str]) -> str:
    """Return the title of several parts: each of theirs once."""
    return " · ".join(dict.fromkeys(of_parts))


def ready_to_print(pdf: bytes) -> bytes:
    """Return a PDF that asks for the print dialog as soon as it is opened, and looks and reads the same.

    It no longer claims PDF/A, which allows no such action (ISO 19005-2, 6.5.1): this is a copy to print, not the one to keep.
    Raises ValueError for what is no PDF or a locked one.
    """
    with _opened(pdf) as document:
        document.Root.OpenAction = Dictionary(S=Name.Named, N=Name.Print)
        _unclaim(document, PDF_A)
        return packed(document)


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has. Raises ValueError for what is no PDF or a locked one."""
    with _opened(pdf) as document:
        return len(document.pages)


@contextmanager
def _opened(data: bytes, number: int = 0) -> Iterator[Pdf]:
    """Open a PDF; one with a number is a part, and must be one that can be joined. Raises ValueError."""
    which = f"part {number}" if number else "the file"
    try:
        pdf = Pdf.open(BytesIO(data))
    except (PdfError, PasswordError) as error:
        raise ValueError(f"{which} cannot be opened as a PDF") from error
    with pdf:
        if pdf.is_encrypted:
            raise ValueError(f"{which} is encrypted")
        faults = _faults(pdf) if number else ()
        if faults:
            raise ValueError(f"{which} cannot be joined: {', '.join(faults)}")
        yield pdf


def _faults(document: Pdf) -> list[str]:
    """Return what of a PDF would be lost or broken in a larger one."""
    root = document.Root
    tree, form = root.get("/StructTreeRoot", Dictionary()), root.get("/AcroForm", Dictionary())
    unknown = set(root.keys()) - KNOWN | set(tree.keys()) - TREE_KEYS | set(form.keys()) - FORM_KEYS
    unknown |= set(root.get("/Names", Dictionary()).keys()) - {"/Dests"}
    for thing in _dictionaries(document):
        unknown |= {"/AA"} & set(thing.keys())
        if _is_action(thing) and str(thing.S) not in ACTIONS:
            unknown.add(str(thing.S))
    faults = [f"it has {name}" for name in sorted(unknown)]
    if "/ParentTree" not in tree or "/K" not in tree:
        return [*faults, "it has no tags"]
    if isinstance(tree.K, Array) and len(tree.K) != 1:
        faults.append("its tags are not below one")
    elif any(not isinstance(tag, int) and tag.get("/S") == Name.Part for tag in _top_tag(document).K):
        faults.append("it has been joined before")  # some of its names would be those of another part
    if form and not isinstance(form.get("/DR", Dictionary()).get("/Font"), Dictionary):
        faults.append("its form has no fonts")
    return faults


def _is_action(thing: Any) -> bool:
    """Whether something is what a link or a bookmark does."""
    return thing.get("/Type") == Name.Action or (
        isinstance(thing.get("/S"), Name) and {"/D", "/URI", "/JS", "/N"} & set(thing.keys()) != set()
    )


def _top_tag(pdf: Pdf) -> Any:
    """Return the tag that holds all others of a PDF."""
    tags = pdf.Root.StructTreeRoot.K
    return tags[0] if isinstance(tags, Array) else tags


def _document(pdf: Pdf, language: str) -> Any:
    """Return the tag that holds all others of a PDF, as that of a part in a language."""
    tag = _top_tag(pdf)
    tag.S, tag.Lang = Name.Part, String(language)
    return tag


def _dictionaries(pdf: Pdf) -> Iterator[Any]:
    """Yield every object of a PDF that has keys, also the annotations that stand in a page and actions in what does them."""
    for thing in pdf.objects:
        if isinstance(thing, (Dictionary, Stream)):
            yield thing
            yield from _inner(thing.get("/A"))
            for each in thing["/Annots"] if isinstance(thing.get("/Annots"), Array) else ():
                yield from _inner(each)
                yield from _inner(each.get("/A")) if not each.is_indirect else ()


def _inner(thing: Any) -> Iterator[Any]:
    """Yield what stands in another, where it is something with keys, or a list of such."""
    for each in thing if isinstance(thing, Array) else (thing,):
        if isinstance(each, Dictionary) and not each.is_indirect:
            yield each


def _own(number: int, name: Any) -> String:
    """Return a name as that of the part of a number."""
    return String(f"{number}/{name}")


def _make_own(other: Pdf, number: int, shift: int) -> None:
    """Give the names and numbers of a PDF, which it shares with others, names and numbers of its own."""
    for thing in _dictionaries(other):
        for key in ("/StructParent", "/StructParents"):
            if key in thing:
                thing[key] = int(thing[key]) + shift
        names = ["/Dest"] if isinstance(thing.get("/Dest"), String) else []
        names += ["/D"] if _is_action(thing) and isinstance(thing.get("/D"), String) else []
        names += ["/ID"] if thing.get("/Type") == Name.StructElem and "/ID" in thing else []
        for name in names:
            thing[name] = _own(number, thing[name])
        if isinstance(thing.get("/Headers"), Array):  # the cells by whose names a cell is told
            thing.Headers = Array(_own(number, each) for each in thing.Headers)
    for field in other.Root.get("/AcroForm", Dictionary(Fields=Array())).Fields:
        field.T = _own(number, field.get("/T", ""))  # what is below /Kids is called by this too


def _append(whole: Pdf, other: Pdf, part: Part, number: int) -> Any:
    """Append the pages of a PDF with all that belongs to them; return the tag that holds its others."""
    all_tags = NumberTree(whole.Root.StructTreeRoot.ParentTree)
    shift, start = max(all_tags, default=-1) + 1, len(whole.pages)
    _make_own(other, number, shift)
    root = other.Root
    _document(other, part.language)
    if "/AcroForm" in root:
        _name_fonts(whole, other, number)
    for page in other.pages:  # first, so that what is copied next leads to the copies
        whole.pages.append(page)
    tags = whole.copy_foreign(other.make_indirect(root.StructTreeRoot))
    for key, value in NumberTree(tags.ParentTree).items():
        all_tags[key + shift] = value
    if "/Dests" in root.get("/Names", Dictionary()):
        names = _destinations(whole)
        for name, place in NameTree(whole.copy_foreign(other.make_indirect(root.Names.Dests))).items():
            names[str(_own(number, name))] = place
    new = whole.copy_foreign(other.make_indirect(root.Outlines)) if "/Outlines" in root else None
    _append_bookmarks(whole, _put_below_title(whole, new, part.title, start))
    if "/AcroForm" in root:
        _append_fields(whole, whole.copy_foreign(other.make_indirect(root.AcroForm)))
    return tags.K[0] if isinstance(tags.K, Array) else tags.K


def _destinations(whole: Pdf) -> NameTree:
    """Return the named places of a PDF, to which more may be added."""
    if "/Dests" not in whole.Root.get("/Names", Dictionary()):
        whole.Root.Names = Dictionary(Dests=NameTree.new(whole).obj)
    return NameTree(whole.Root.Names.Dests)


def _top_of(page: Any) -> Array:
    """Return the place at the top of a page."""
    return Array([page.obj, Name.XYZ, page.mediabox[0], page.mediabox[3], 0])


def _lead_to(whole: Pdf, starts: Sequence[int]) -> None:
    """Let the places of the first part that are named for parts be where these begin."""
    for number, start in enumerate(starts, 1):
        if "/Names" in whole.Root and place_of(number) in _destinations(whole):
            _destinations(whole)[place_of(number)] = _top_of(whole.pages[start])


def _put_below_title(whole: Pdf, bookmarks: Any, title: str, page: int) -> Any:
    """Return the bookmarks of a part as those below one that has its title; those of the whole are these if it has none."""
    top = bookmarks.get("/First") if bookmarks is not None else None
    if top is not None and "/Next" not in top and str(top.Title) == title:
        return bookmarks
    outlines = whole.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    one = whole.make_indirect(
        Dictionary(Title=String(title), Dest=_top_of(whole.pages[page]), Parent=outlines)
    )
    outlines.First = outlines.Last = one
    if top is not None:
        one.First, one.Last, one.Count = bookmarks.First, bookmarks.Last, int(bookmarks.Count)
        outlines.Count = 1 + int(bookmarks.Count)
        _give_parent(one.First, one)
    if page == 0:
        whole.Root.Outlines = outlines
    return outlines


def _give_parent(item: Any, parent: Any) -> None:
    """Put a bookmark, and those that follow it, below another."""
    while item is not None:
        item.Parent = parent
        item = item.get("/Next")


def _append_bookmarks(whole: Pdf, new: Any) -> None:
    """Put the bookmarks of a part behind those that there are."""
    old = whole.Root.Outlines
    _give_parent(new.First, old)
    old.Last.Next, new.First.Prev = new.First, old.Last
    old.Last = new.Last
    old.Count = int(old.Count) + int(new.Count)


def _name_fonts(whole: Pdf, other: Pdf, number: int) -> None:
    """Name the fonts in which one types as no other font of the whole is named, but those that are there already as these are.

    What is typed already keeps the names that it was written with: the fonts that it uses are told beside it.
    """
    old = whole.Root.get("/AcroForm", Dictionary(DR=Dictionary(Font=Dictionary()))).DR.Font
    form = other.Root.AcroForm
    names = {name: _name_for(font, name, old, number) for name, font in form.DR.Font.items()}
    form.DR = Dictionary(Font=Dictionary({new: form.DR.Font[name] for name, new in names.items()}))
    for thing in _dictionaries(other):
        if isinstance(thing.get("/DA"), String):
            thing.DA = String(_renamed(str(thing.DA), names))
    if "/DA" in form and not form.is_indirect:
        form.DA = String(_renamed(str(form.DA), names))


def _renamed(appearance: str, names: Mapping[str, str]) -> str:
    """Return the appearance of a field with the new name of its font."""
    return FONT_NAME.sub(lambda found: names.get(found[0], found[0]), appearance)


def _name_for(font: Any, name: str, old: Any, number: int) -> str:
    """Return what a font is to be called among old ones: as one that is the same, or as none is."""
    same = [str(each) for each in old if written_out(old[each]) == written_out(font)]
    own = [*WHOLE_FONTS] if name in WHOLE_FONTS else [name]
    free = (each for each in chain(own, (f"{name}{n}" for n in count(number))) if each not in old)
    return next(chain(same, free))


def _append_fields(whole: Pdf, new: Any) -> None:
    """Put the fields of a part behind those that there are."""
    old = whole.Root.get("/AcroForm")
    if old is None:
        whole.Root.AcroForm = new
        return
    old.Fields.extend(new.Fields)
    for name, font in new.DR.Font.items():
        if name not in old.DR.Font:
            old.DR.Font[name] = font


def _put_below_one(whole: Pdf, documents: Sequence[Any]) -> None:
    """Put the tags of all parts below one, that of the document."""
    root = whole.Root.StructTreeRoot
    one = whole.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array(documents)))
    for document in documents:
        document.P = one
    root.K = Array([one])
    root.ParentTreeNextKey = max(NumberTree(root.ParentTree), default=-1) + 1


def _claims(pdf: Pdf) -> tuple[Any, Any]:
    """Return what a PDF claims of PDF/A, with the colours that it is meant for, and of PDF/UA; None where it claims nothing."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        archive, access = (tuple(metadata.get(key) for key in keys) for keys in (PDF_A, PDF_UA))
    intents = written_out(pdf.Root.get("/OutputIntents", Array()))
    return (archive, intents) if all(archive) else None, access if all(access) else None


def _claim_together(whole: Pdf, claims: Sequence[tuple[Any, Any]]) -> None:
    """Let the whole claim what every part claims."""
    for keys, of_parts in zip((PDF_A, PDF_UA), zip(*claims, strict=True), strict=True):
        if None in of_parts or len(set(of_parts)) > 1:
            _unclaim(whole, keys)
            if keys == PDF_A and "/OutputIntents" in whole.Root:
                del whole.Root.OutputIntents


def _unclaim(pdf: Pdf, keys: Sequence[str]) -> None:
    """Take a claim out of the metadata."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for key in keys:
            metadata.pop(key, None)


def _entitle(whole: Pdf, title: str) -> None:
    """Give the whole a title, and let it be shown; what the first part says of itself alone goes."""
    with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata.pop("dc:description", None)
    if "/Subject" in whole.docinfo:
        del whole.docinfo["/Subject"]
    whole.docinfo["/Title"] = title
    whole.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
