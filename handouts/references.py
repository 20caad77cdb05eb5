"""CSL-JSON becomes the reference list: each work in its own language, in the style of the source text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handouts.model import Reference

MOST_AUTHORS = 6  # Vancouver (NLM): six names, then et al.


@dataclass(frozen=True)
class Citation:
    """A reference ready to print: `text` up to the DOI, which is a link of its own."""

    number: int
    reference: Reference
    text: str
    doi: str
    url: str

    @property
    def link(self) -> str:
        """Return the address a reader can open, empty where there is none."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True)
class Mark:
    """How a citation stands in a text: the number of the reference, and that number as it is written."""

    number: int
    written: str


def number_references(references: tuple[Reference, ...]) -> tuple[Citation, ...]:
    """Return the references, numbered from 1 in the order given, which is that of citation."""
    return tuple(
        Citation(n, r, vancouver(r.item), r.item.get("DOI", ""), r.item.get("URL", ""))
        for n, r in enumerate(references, start=1)
    )


def vancouver(item: Mapping[str, Any]) -> str:
    """Return a reference in the Vancouver style of the seed text, in the work's own language.

    Source: NLM, Citing Medicine, 2nd ed.: authors; title; then journal, year, volume, issue and
    pages for an article, or edition, place, publisher and year for a book or report.
    """
    year = str(item["issued"]["date-parts"][0][0])
    head = f"{names(item['author'])}. {item['title'].rstrip('.')}."
    if item["type"] == "article-journal":
        issue = f"({item['issue']})" if item.get("issue") else ""
        pages = f":{short_pages(item['page'])}" if item.get("page") else ""
        journal = item.get("container-title-short", item["container-title"])
        return f"{head} {journal}. {year};{item.get('volume', '')}{issue}{pages}."
    kind = ", ".join(item[key] for key in ("genre", "number", "edition") if item.get(key))
    publisher = item.get("publisher", "")
    if publisher in (author.get("literal") for author in item["author"]):
        return f"{head} {kind + '; ' if kind else ''}{year}."  # An author who publishes is named once.
    place = f"{item['publisher-place']}: " if item.get("publisher-place") else ""
    return f"{head} {kind + '. ' if kind else ''}{place}{publisher}; {year}."


def names(authors: list[Mapping[str, str]]) -> str:
    """Return the authors as family name and initials, at most six and then et al."""
    shown = [name(author) for author in authors[:MOST_AUTHORS]]
    return ", ".join([*shown, "et al"] if len(authors) > MOST_AUTHORS else shown)


def name(author: Mapping[str, str]) -> str:
    """Return one author: `van Straten A`, or an organisation as it is."""
    if "literal" in author:
        return author["literal"]
    family = " ".join(p for p in (author.get("non-dropping-particle"), author["family"]) if p)
    initials = "".join(part[0] for part in author.get("given", "").replace("-", " ").split())
    return f"{family} {initials}".strip()


def short_pages(pages: str) -> str:
    """Return a page range with the repeated digits of its end left out: `581-592` is `581-92`."""
    first, dash, last = pages.partition("-")
    if len(first) != len(last):
        return first + dash + last
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(first) - 1)
    return first + dash + last[same:]
