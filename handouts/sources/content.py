"""The YAML files of `content/` become the model; every problem is collected with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from handouts import markup
from handouts.memo import memoized
from handouts.model import (
    PAPERS,
    Block,
    Clinic,
    Handout,
    HelpLine,
    LineKind,
    Link,
    Paper,
    Picture,
    Reference,
    Region,
    Section,
    Sketch,
)
from handouts.problems import Problem, did_you_mean
from handouts.sources.blocks import NO_MONTH, BlockReader
from handouts.sources.frame import CITATION, DESK, FILES, INTERFACE
from handouts.sources.nodes import Node
from handouts.sources.phones import dialled
from handouts.sources.references import load_references
from handouts.sources.written import HANDOUT, HANDOUT_HEADS, LINE, LINE_KINDS, LINK, PHONE, REGION


@dataclass(frozen=True)
class Draft:
    """A handout as its file says it, before a region and the cited references join it."""

    slug: str
    edition: str
    review_by: str
    owner: Block
    series: Block
    title: Block
    subtitle: Block
    lead: Block
    summary: Section
    sections: tuple[Section, ...]
    replaces: str = ""


@dataclass(frozen=True, eq=False)
class Content:
    """Everything in `content/`, by id. There is one of it in a run, so that what it computes is kept."""

    drafts: Mapping[str, Draft]
    regions: Mapping[str, Region]
    clinics: Mapping[str, Clinic]
    references: Mapping[str, Reference]
    words: Mapping[str, Block]
    patterns: Mapping[str, Block]
    icons: Mapping[str, Sketch]
    desk: Mapping[str, Block]

    @memoized
    def handout(self, slug: str, region: str) -> Handout:
        """Return the whole handout for one region, with the references it cites or lists, in the order in which a reader meets them."""
        draft = self.drafts[slug]
        parts = {
            **vars(draft),
            "region": self.regions[region],
            "words": self.words,
            "patterns": self.patterns,
        }
        del parts["replaces"]  # said of the document, and nowhere in it
        blocks = [block for section in draft.sections for block in section.blocks]
        icons = {b.icon: self.icons[b.icon] for b in blocks if b.icon in self.icons}
        bare = Handout(**parts, references=(), icons=icons)
        listed = {(each.heading, *each.blocks)[-1].id: each.sources for each in draft.sections}
        cited = [
            each
            for block in bare.blocks()
            for each in (*markup.found(block.text, "citation"), *listed.get(block.id, ()))
        ]
        # One that is unknown has been noted as a problem; nothing is printed without it.
        known = tuple(self.references[i] for i in dict.fromkeys(cited) if i in self.references)
        return Handout(**parts, references=known, icons=icons)


def load_content(root: Path) -> tuple[Content, list[Problem]]:
    """Return what is in `content/` below `root`, as far as it can be read, and what is wrong in it.

    Clinics name languages, and are read when those are known (`sources/clinics.py`).
    """
    reader = _Reader(root)
    pictures, icons = reader.pictures()
    drafts = {path.stem: reader.draft(path, pictures, icons) for path in reader.files("handouts")}
    references, problems = load_references(root, reader.findings)
    regions = {path.stem: reader.region(path) for path in reader.files("regions")}
    citation = reader.messages("citation", FILES["citation"], CITATION)
    content = Content(
        drafts=drafts,
        regions=regions,
        clinics={},
        references=references,
        words=reader.messages("interface", FILES["interface"], INTERFACE),
        patterns={key: replace(block, optional=True) for key, block in citation.items()},
        icons=icons,
        desk=reader.messages("desk", FILES["desk"], DESK),
    )
    for place, ids in reader.cited if not problems else ():  # one that is there and wrong has been told
        for unknown in (i for i in ids if i not in references):
            what = f"the reference “{unknown}” is cited, but it is not in content/references.json."
            place.problem("unknown-reference", what, did_you_mean(unknown, references))
    return content, [*reader.problems, *problems]


class _Reader(BlockReader):
    """Reads handouts and regions."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.findings: dict[str, Block] = {}

    def draft(self, path: Path, pictures: Mapping[str, Picture], icons: Mapping[str, Sketch]) -> Draft:
        """Return one handout file."""
        parts, slug = self.read(path).fields(*HANDOUT.names), path.stem
        for key, node in parts["findings"].entries():
            self.findings[key] = self.block(slug, node, f"{key}-finding")
        return Draft(
            slug=slug,
            edition=self.month(parts["edition"]),
            review_by=self.month(parts["review-by"]),
            **{key: self.block(slug, parts[key], key) for key in HANDOUT_HEADS},
            summary=self.section(slug, parts["summary"], pictures, icons),
            sections=tuple(self.section(slug, each, pictures, icons) for each in parts["sections"].items()),
            replaces=self._replaced(parts["replaces"], self.month(parts["edition"])),
        )

    def _replaced(self, node: Node, edition: str) -> str:
        """Return the edition before, nothing where there was none; it must be older."""
        replaced = "" if node.is_missing else self.month(node)
        if replaced >= edition > NO_MONTH:
            what = f"the edition {edition} cannot replace that of {replaced}."
            node.problem("edition-not-older", what, "Write the edition before this one, or leave it out.")
        return replaced

    def region(self, path: Path) -> Region:
        """Return one region file."""
        parts = self.read(path).fields(*REGION.names)
        context = f"region-{path.stem}"
        lines = tuple(self.line(context, each) for each in parts["lines"].items())
        if not any(line.kind == "emergency" and line.call for line in lines):
            fix = "Add a line with “kind: emergency” and a number to call."
            parts["lines"].problem("emergency-number-missing", "there is no emergency number.", fix)
        return Region(
            code=path.stem,
            name=self.block(context, parts["name"], "name"),
            paper=cast("Paper", parts["paper"].choice(PAPERS, "a4")),
            access=tuple(self.block(context, each) for each in parts["access"].items()),
            lines=lines,
            links=tuple(self.link(context, each) for each in parts["links"].items()),
        )

    def line(self, context: str, node: Node) -> HelpLine:
        """Return one help line; numbers are digits in groups, so that nothing but a number is dialled."""
        parts = node.fields(*LINE.names)
        key, how = parts["id"].text(), parts["how"]
        if parts["call"].is_missing and parts["text"].is_missing:
            what = "a help line has a number to call, or one to send a text message to."
            node.problem("missing-key", what, 'Add “call: "…"”, “text: "…"”, or both.')
        return HelpLine(
            id=key,
            kind=cast("LineKind", parts["kind"].choice(LINE_KINDS, "crisis")),
            name=_safety(self.block(context, parts["name"], f"{key}-name")),
            about=_safety(self.block(context, parts["about"], f"{key}-about")),
            call=self._phone(parts["call"]),
            text=self._phone(parts["text"]),
            how=None if how.is_missing else _safety(self.block(context, how, f"{key}-how")),
            **self._page_read(parts),
        )

    def _page_read(self, parts: Mapping[str, Node]) -> dict[str, str]:
        """Return the page that a line was read on, the month of reading, and the month that the page names, if it does."""
        source, read, dated = parts["source"].text(), self.month(parts["read"]), parts["dated"]
        month = "" if dated.is_missing else self.month(dated)
        if source:
            self.check_url(source, parts["source"])
        if NO_MONTH < read < month:  # one that stands in for what cannot be read says nothing
            what = f"a page of {month} cannot have been read in {read}."
            dated.problem("date-after-reading", what, "Write when it was read last.")
        return {"source": source, "read": read, "dated": month}

    def _phone(self, node: Node) -> str:
        number = node.text()
        if number and not (PHONE.fullmatch(number) and dialled(number)):
            fix = 'Write digits in groups and in quotes, as in "13 11 14".'
            node.problem("invalid-phone-number", f"“{number}” is not a phone number.", fix)
        return number

    def link(self, context: str, node: Node) -> Link:
        """Return one useful link."""
        parts = node.fields(*LINK.names)
        key, url = parts["id"].text(), parts["url"].text()
        if url:
            self.check_url(url, parts["url"])
        return Link(key, self.block(context, parts["name"], f"{key}-link"), url, self.month(parts["read"]))


def _safety(block: Block) -> Block:
    """Return the block as a safety block: what stands beside a crisis number must be right."""
    return replace(block, safety=True)
