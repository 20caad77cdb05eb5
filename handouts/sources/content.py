"""The YAML files of `content/` become the model; every problem is collected with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from handouts import markup
from handouts.characters import has_words
from handouts.files import read_bytes
from handouts.memo import memoized
from handouts.model import (
    PAPERS,
    Block,
    Clinic,
    Drawing,
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
from handouts.problems import Problem, did_you_mean, in_file
from handouts.sources.blocks import NO_MONTH, BlockReader
from handouts.sources.drawings.read import FORMAT_NAMES, read_drawing
from handouts.sources.frame import CITATION, FILES, INTERFACE
from handouts.sources.look import COLOUR
from handouts.sources.names import did_you_mean_named, regions_named
from handouts.sources.nodes import Node
from handouts.sources.phones import dialled
from handouts.sources.references import load_references

PHONE = re.compile(r"\+?[0-9][0-9 ]*[0-9]|[0-9]")
PHONE_FIX = 'Write the number alone, in digits: "(03) 9876 5432", "+61 3 9876 5432 ext. 12". Several: one a line, each after “- ”.'
BARE_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
LINE_KINDS = ("crisis", "emergency", "interpreter")


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
    """Return what is in `content/` below `root`, as far as it can be read, and what is wrong in it."""
    reader = _Reader(root)
    pictures, icons = reader.pictures()
    drafts = {path.stem: reader.draft(path, pictures, icons) for path in reader.files("handouts")}
    references, problems = load_references(root, reader.findings)
    reader.regions = {path.stem: reader.region(path) for path in reader.files("regions")}
    citation = reader.messages("citation", FILES["citation"], CITATION)
    content = Content(
        drafts=drafts,
        regions=reader.regions,
        clinics={path.stem: reader.clinic(path) for path in reader.files("clinics")},
        references=references,
        words=reader.messages("interface", FILES["interface"], INTERFACE),
        patterns={key: replace(block, optional=True) for key, block in citation.items()},
        icons=icons,
    )
    for place, ids in reader.cited if not problems else ():  # one that is there and wrong has been told
        for unknown in (i for i in ids if i not in references):
            what = f"the reference “{unknown}” is cited, but it is not in content/references.json."
            place.problem("unknown-reference", what, did_you_mean(unknown, references))
    return content, [*reader.problems, *problems]


class _Reader(BlockReader):
    """Reads handouts, regions and clinics."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.findings: dict[str, Block] = {}
        self.regions: Mapping[str, Region] = {}

    def draft(self, path: Path, pictures: Mapping[str, Picture], icons: Mapping[str, Sketch]) -> Draft:
        """Return one handout file."""
        heads = ("owner", "series", "title", "subtitle", "lead")
        needed = ("edition", "review-by", *heads, "summary", "sections")
        parts, slug = self.read(path).fields(needed, ["findings"]), path.stem
        for key, node in parts["findings"].entries():
            self.findings[key] = self.block(slug, node, f"{key}-finding")
        return Draft(
            slug=slug,
            edition=self.month(parts["edition"]),
            review_by=self.month(parts["review-by"]),
            **{key: self.block(slug, parts[key], key) for key in heads},
            summary=self.section(slug, parts["summary"], pictures, icons),
            sections=tuple(self.section(slug, each, pictures, icons) for each in parts["sections"].items()),
        )

    def region(self, path: Path) -> Region:
        """Return one region file."""
        parts = self.read(path).fields(["name", "paper", "access", "lines", "links"])
        context = f"region-{path.stem}"
        lines = tuple(self.line(context, each) for each in parts["lines"].items())
        if not any(line.kind == "emergency" for line in lines):
            fix = "Add a line with “kind: emergency”."
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
        parts = node.fields(
            ["id", "name", "about", "source", "read"], ["kind", "call", "text", "how", "dated"]
        )
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
        parts = node.fields(["id", "name", "url", "read"])
        key, url = parts["id"].text(), parts["url"].text()
        if url:
            self.check_url(url, parts["url"])
        return Link(key, self.block(context, parts["name"], f"{key}-link"), url, self.month(parts["read"]))

    def clinic(self, path: Path) -> Clinic:
        """Return one clinic's profile, with its logo read in."""
        optional = ("phone", "address", "web", "hours", "logo", "accent")
        parts = self.read(path).fields(["name", "region"], optional)
        listed = {key: parts[key].lines() for key in ("phone", "address")}
        given = {key: node.text() for key, node in parts.items() if key not in listed}
        if not has_words(given["name"]):
            parts["name"].problem("invalid-name", "a clinic has a name.", "Write it in letters.")
        given["web"], accent = self._web(given["web"], parts["web"]), given["accent"]
        if accent and not COLOUR.fullmatch(accent):
            fix = 'Write it as "#0b5563", in small letters.'
            parts["accent"].problem("invalid-colour", f"“{accent}” is not a colour.", fix)
            given["accent"] = ""
        given["region"] = self._region(given["region"], parts["region"])
        if path.stem in self.regions:
            what = (
                f"a clinic cannot be called “{path.stem}”: that is a region, and both would have one folder."
            )
            self._noted.append(
                in_file("clinic-called-like-region", parts["name"].file, what, "Rename the file.")
            )
        logo = self._logo(given.pop("logo"), parts["logo"])
        for number in listed["phone"]:
            if not dialled(number):
                parts["phone"].problem(
                    "invalid-phone-number", f"“{number}” is not a phone number.", PHONE_FIX
                )
        return Clinic(slug=path.stem, phones=listed["phone"], address=listed["address"], logo=logo, **given)

    def _web(self, web: str, node: Node) -> str:
        """Return the clinic's web address with its scheme, which people leave out: `www.clinic.example`."""
        bare = BARE_DOMAIN.fullmatch(web)
        address = f"https://{web}" if bare else web
        if web and not address.startswith("https://"):
            fix = "Write it as https://clinic.example, or clinic.example."
            node.problem("address-not-allowed", f"the address “{web}” is not allowed.", fix)
        elif web:
            self.check_url(address, node)
        return address

    def _region(self, name: str, node: Node) -> str:
        """Return the code of the clinic's region, nothing after a problem: who guesses would print another country's numbers."""
        meant = regions_named(name, self.regions, ()) if name else []
        if name and len(meant) != 1:
            what = f"there is no region “{name}”."
            names = {code: region.name.text for code, region in self.regions.items()}
            node.problem("unknown-region", what, did_you_mean_named(name, names))
        return meant[0] if len(meant) == 1 else ""

    def _logo(self, name: str, node: Node) -> Drawing | None:
        """Return the clinic's logo, from a file beside the profile and from nowhere else."""
        if not name:
            return None
        path = self.content / "clinics" / name
        if Path(name).name != name or name.startswith(".") or path.suffix.lower() not in FORMAT_NAMES:
            what = f"the logo “{name}” is not a .svg, .png or .jpg file beside this one."
            fix = "Put the file into content/clinics and write its name alone."
            node.problem("logo-not-allowed", what, fix)
            return None
        if not path.is_file():
            fix = f"Put it into content/clinics/{name}."
            node.problem("logo-missing", f"the logo “{name}” is missing.", fix)
            return None
        data, problems = read_bytes(path, self.root)
        drawing, refused = (
            read_drawing(data, path.relative_to(self.root).as_posix()) if data is not None else (None, [])
        )
        # Several clinics may have one logo: each of them is told.
        self._noted += [replace(problem, clinic=Path(node.file).stem) for problem in (*problems, *refused)]
        return drawing


def _safety(block: Block) -> Block:
    """Return the block as a safety block: what stands beside a crisis number must be right."""
    return replace(block, safety=True)
