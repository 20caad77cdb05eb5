"""Several PDFs of ours become one, each a part with its own language, tags, links and fields; and one that opens ready to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
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
    String,
)

from handouts.pdf.bookmarks import append_bookmarks, put_below_title, top_of
from handouts.pdf.font_names import part_fonts, written_out
from handouts.pdf.form_fields import append_fields, name_fonts
from handouts.pdf.objects import dictionaries
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
        put_below_title(whole, whole.Root.get("/Outlines"), parts[0].title, 0)
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
    for thing in dictionaries(document):
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


def _own(number: int, name: Any) -> String:
    """Return a name as that of the part of a number."""
    return String(f"{number}/{name}")


def _make_own(other: Pdf, number: int, shift: int) -> None:
    """Give the names and numbers of a PDF, which it shares with others, names and numbers of its own."""
    for thing in dictionaries(other):
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
        name_fonts(whole, other, number)
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
    append_bookmarks(whole, put_below_title(whole, new, part.title, start))
    if "/AcroForm" in root:
        append_fields(whole, whole.copy_foreign(other.make_indirect(root.AcroForm)))
    return tags.K[0] if isinstance(tags.K, Array) else tags.K


def _destinations(whole: Pdf) -> NameTree:
    """Return the named places of a PDF, to which more may be added."""
    if "/Dests" not in whole.Root.get("/Names", Dictionary()):
        whole.Root.Names = Dictionary(Dests=NameTree.new(whole).obj)
    return NameTree(whole.Root.Names.Dests)


def _lead_to(whole: Pdf, starts: Sequence[int]) -> None:
    """Let the places of the first part that are named for parts be where these begin."""
    for number, start in enumerate(starts, 1):
        if "/Names" in whole.Root and place_of(number) in _destinations(whole):
            _destinations(whole)[place_of(number)] = top_of(whole.pages[start])


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
