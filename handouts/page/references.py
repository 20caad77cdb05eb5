"""CSL-JSON becomes the reference list, by patterns whose order and marks a translator may change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from babel import Locale as BabelLocale

from handouts.markup import MARKUP_TOKEN
from handouts.memo import memoized
from handouts.model import SOURCE_LANGUAGE, Handout, Locale, Reference

MOST_AUTHORS = 6  # Vancouver (NLM): six names, then et al.
PAGES = re.compile(r"(\w+)[-–](\w+)")
BETWEEN = (",", ";", ":")  # marks that stand between two parts


@dataclass(frozen=True)
class Piece:
    """A part of a printed reference. `own` says that it is in the work's own language."""

    text: str
    own: bool = False
    href: str = ""


Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Citation:
    """A reference ready to print. `lang` is the language of its patterns."""

    number: int
    reference: Reference
    pieces: Pieces
    lang: str

    @property
    def text(self) -> str:
        """Return the whole reference as it stands on paper."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def language(self) -> str:
        """Return the language that the work is in."""
        return str(self.reference.item.get("language", SOURCE_LANGUAGE))


@dataclass(frozen=True)
class CitationMark:
    """A citation as it stands in a text: the number of the reference, and that number as the locale writes it."""

    number: int
    written: str


@dataclass(frozen=True)
class Patterns:
    """The patterns of one language, by name, and that language's months and ordinal numbers."""

    texts: Mapping[str, str]
    babel: BabelLocale

    def fill(self, name: str, /, **values: Pieces | str) -> Pieces:
        """Return a pattern filled in; what is empty is left out, and so is a mark that would stand twice."""
        pieces: list[Piece] = []
        at, text = 0, self.texts[name]
        for match in MARKUP_TOKEN.finditer(text):
            pieces.append(Piece(text[at : match.start()]))
            value = values[match["placeholder"]] if match["placeholder"] in values else match[0]
            pieces += (Piece(value),) if isinstance(value, str) else value
            at = match.end()
        return _tidy([*pieces, Piece(text[at:])])

    def month(self, number: int) -> str:
        """Return the short name of a month, without a dot."""
        return str(self.babel.months["format"]["abbreviated"][number]).rstrip(".")

    def ordinal(self, number: str) -> Pieces:
        """Return an ordinal number, by the language's own rule (CLDR)."""
        form = f"ordinal-{self.babel.ordinal_form(int(number))}"
        return self.fill(form if form in self.texts else "ordinal-other", number=number)


def _tidy(pieces: Sequence[Piece]) -> Pieces:
    """Return pieces without empty ones, double spaces, spaces at the ends, and a full stop after another mark.

    A mark that something would have followed, such as the volume of an article that is only online yet, goes with it.
    """
    tidied: list[Piece] = []
    before = " "
    for piece in pieces:
        text = piece.text
        if before in ".?!" and text.startswith(".") and not piece.own:
            text = text[1:]
        text = re.sub(" +", " ", text)
        text = text.removeprefix(" ") if before == " " else text
        if not text:
            continue
        if text.startswith(".") and not piece.own:
            tidied = _without_last_mark(tidied)
        before = text[-1]
        last = tidied[-1] if tidied else None
        if last and (last.own, last.href) == (piece.own, piece.href):
            # Joined, so that whoever looks for the ends of lines sees “168(6):581–92” whole.
            tidied[-1] = replace(last, text=last.text + text)
        else:
            tidied.append(replace(piece, text=text))
    while tidied and not (end := tidied.pop()).text.isspace():
        tidied.append(replace(end, text=end.text.rstrip(" ")))
        break
    return tuple(tidied)


def _without_last_mark(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces without a mark at their end that stands between two parts, and the spaces after it."""
    *first, last = pieces or [Piece("")]
    bare = last.text.rstrip(" ")
    between = not last.own and bare.endswith(BETWEEN)
    return [*first, replace(last, text=bare[:-1])] if between else list(pieces)


def number_references(handout: Handout, locale: Locale) -> tuple[Citation, ...]:
    """Return the references of a handout, numbered from 1 in order of citation, written by its patterns.

    The patterns are those of the locale where it has translated them all, else those of the source.
    """
    lang = next(iter(handout.patterns.values())).lang if handout.patterns else SOURCE_LANGUAGE
    return _numbered(handout, lang, locale.babel if lang == locale.tag else SOURCE_LANGUAGE)


@memoized  # every layout and format of a handout has the same
def _numbered(handout: Handout, lang: str, babel: str) -> tuple[Citation, ...]:
    """Return the references of a handout in a language, by the rules for dates and numbers of one that Babel knows."""
    patterns = Patterns(
        {name: block.text for name, block in handout.patterns.items()}, BabelLocale.parse(babel)
    )
    return tuple(
        Citation(number, each, cite(each.item, patterns), lang)
        for number, each in enumerate(handout.references, start=1)
    )


def cite(item: Mapping[str, Any], patterns: Patterns) -> Pieces:
    """Return a reference in the Vancouver style, the work's title in its own language.

    Source: NLM, Citing Medicine, 2nd ed. A golden file holds what citeproc-js makes of each.
    """
    parts: dict[str, Pieces | str] = {
        "authors": names(item.get("author", ()), patterns),
        "title": _title(item, patterns),
        "online": _link(item, patterns),
    }
    pages = _pages(item)
    if item["type"] == "article-journal":
        journal = item.get("container-title-short", item["container-title"])
        volume: Pieces | str = item.get("volume", "")
        if item.get("issue"):
            volume = patterns.fill("issue", volume=item.get("volume", ""), issue=item["issue"])
        extent = patterns.fill("pages" if pages.get("last") else "page", **pages) if pages else ""
        date = _date(item, patterns, with_day=True)
        article = patterns.fill(
            "article", **parts, journal=(Piece(journal, own=True),), date=date, volume=volume, pages=extent
        )
        return (*article, Piece(" "), *_link(item, patterns)) if parts["online"] else article
    parts |= {"edition": _edition(item, patterns), "imprint": _imprint(item, patterns)}
    if item["type"] == "chapter":
        editors = item.get("editor", ())
        named = patterns.fill("editor" if len(editors) == 1 else "editors", names=names(editors, patterns))
        book = (Piece(item["container-title"], own=True),)
        return patterns.fill("chapter", **parts, editors=named if editors else "", book=book, **pages)
    return patterns.fill("book", **parts, number=_number(item, patterns))


def names(people: Sequence[Mapping[str, str]], patterns: Patterns) -> Pieces:
    """Return names one after the other, at most six and then et al."""
    shown = [name(person, patterns) for person in people[:MOST_AUTHORS]]
    if not shown:
        return ()
    listed = shown[0]
    for one in shown[1:]:
        listed = patterns.fill("names", names=listed, name=one)
    return patterns.fill("others", names=listed) if len(people) > MOST_AUTHORS else listed


def name(person: Mapping[str, str], patterns: Patterns) -> Pieces:
    """Return one name: `van Straten A`, or an organisation as it is."""
    if "literal" in person:
        return (Piece(person["literal"], own=True),)
    family = " ".join(p for p in (person.get("non-dropping-particle"), person["family"]) if p)
    initials = "".join(part[0] for part in person.get("given", "").replace("-", " ").split())
    return patterns.fill("name", family=family, initials=initials)


def _title(item: Mapping[str, Any], patterns: Patterns) -> Pieces:
    """Return the title, with the kind of work and that it is read on the web where that is so."""
    title: Pieces = (Piece(item["title"].rstrip("."), own=True),)
    if item["type"] == "article-journal":
        return title
    if item.get("genre"):
        title = patterns.fill("title-kind", title=title, kind=(Piece(item["genre"], own=True),))
    return patterns.fill("title-online", title=title) if item.get("URL") and not item.get("DOI") else title


def _date(
    item: Mapping[str, Any],
    patterns: Patterns,
    *,
    with_day: bool,
    key: Literal["issued", "accessed"] = "issued",
) -> Pieces:
    """Return the date of a work, or of its reading, as far as it is known; the day only where it is wanted."""
    year, *rest = item[key]["date-parts"][0]
    if not rest:
        return (Piece(str(year)),)
    given = {"year": str(year), "month": patterns.month(rest[0])}
    if with_day and len(rest) > 1:
        return patterns.fill("day", **given, day=str(rest[1]))
    return patterns.fill("month", **given)


def _pages(item: Mapping[str, Any]) -> dict[str, str]:
    """Return first and last page, repeated digits of the last left out: `581-592` is 581 and 92."""
    given = item.get("page", "")
    match = PAGES.fullmatch(given)
    if not match:
        return {"first": given, "last": ""} if given else {}
    first, last = match.groups()
    if len(first) == len(last):
        same = next((i for i, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(first) - 1)
        last = last[same:]
    return {"first": first, "last": last}


def _edition(item: Mapping[str, Any], patterns: Patterns) -> Pieces:
    """Return the edition: a number as an ordinal, words as they are."""
    edition = item.get("edition", "")
    if edition.isascii() and edition.isdigit():
        return patterns.fill("edition-number", ordinal=patterns.ordinal(edition))
    return patterns.fill("edition", edition=(Piece(edition, own=True),)) if edition else ()


def _imprint(item: Mapping[str, Any], patterns: Patterns) -> Pieces:
    """Return where, by whom and when a work was published, and when it was read where it is read on the web."""
    date = _date(item, patterns, with_day=False)
    if item.get("accessed"):
        read = _date(item, patterns, with_day=True, key="accessed")
        date = (*date, Piece(" "), *patterns.fill("cited", date=read))
    parts: dict[str, Pieces] = {"publisher": (Piece(item.get("publisher", ""), own=True),), "date": date}
    if not item.get("publisher-place"):
        return patterns.fill("imprint-no-place", **parts)
    return patterns.fill("imprint", **parts, place=(Piece(item["publisher-place"], own=True),))


def _number(item: Mapping[str, Any], patterns: Patterns) -> Pieces:
    """Return the number of a report or guideline."""
    if not item.get("number"):
        return ()
    if item.get("genre"):
        return patterns.fill("kind-number", kind=(Piece(item["genre"], own=True),), number=item["number"])
    return patterns.fill("report-number", number=item["number"])


def _link(item: Mapping[str, Any], patterns: Patterns) -> Pieces:
    """Return where a work can be read: its DOI, else its address."""
    if item.get("DOI"):
        doi = patterns.fill("doi", doi=item["DOI"])
        return (Piece("".join(p.text for p in doi), href=f"https://doi.org/{item['DOI']}"),)
    if item.get("URL"):
        return patterns.fill("web", url=(Piece(item["URL"], href=item["URL"]),))
    return ()
