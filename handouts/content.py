"""YAML and CSL-JSON in `content/` become the model; every problem is collected with file and line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from handouts import markup
from handouts.model import (
    PAPERS,
    Block,
    Clinic,
    Handout,
    HelpLine,
    Insert,
    Kind,
    LineKind,
    Link,
    Paper,
    Picture,
    Reference,
    Region,
    Section,
)
from handouts.problems import Problem, did_you_mean
from handouts.reader import Value, read_yaml

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
PHONE = re.compile(r"\+?\d[\d ]*\d|\d")
COLOUR = re.compile(r"#[0-9a-f]{6}")
DOI = re.compile(r"10\.\d{4,9}/\S+")
INSERTS = ("", "access", "links", "references", "findings")
KINDS = ("paragraph", "item", "card")
LINE_KINDS = ("crisis", "emergency", "interpreter")


@dataclass(frozen=True)
class Draft:
    """A handout as its file says it, before a region and the cited references join it."""

    slug: str
    edition: str
    review_by: str
    owner: str
    series: Block
    title: Block
    subtitle: Block
    lead: Block
    summary: Section
    sections: tuple[Section, ...]


@dataclass(frozen=True, eq=False)
class Content:
    """Everything in `content/`, by id. There is one of it in a run, so that it may remember answers."""

    drafts: Mapping[str, Draft]
    regions: Mapping[str, Region]
    clinics: Mapping[str, Clinic]
    references: Mapping[str, Reference]
    words: Mapping[str, Block]
    icons: Mapping[str, str]

    @cache  # noqa: B019 - as long-lived as the run
    def handout(self, slug: str, region: str) -> Handout:
        """Return the whole handout for one region, with the references it cites in order of citation."""
        draft = self.drafts[slug]
        parts = {**vars(draft), "region": self.regions[region], "words": self.words}
        icons = {b.icon: self.icons[b.icon] for s in draft.sections for b in s.blocks if b.icon}
        bare = Handout(**parts, references=(), icons=icons)
        cited = [i for block in bare.blocks() for i in markup.found(block.text, "citation")]
        cited += [i for section in draft.sections for i in section.sources]
        return Handout(
            **parts, references=tuple(self.references[i] for i in dict.fromkeys(cited)), icons=icons
        )


def load_content(root: Path, problems: list[Problem]) -> Content:
    """Read `content/` below `root`. What is wrong is added to `problems`; the rest is returned all the same."""
    reader = _Reader(root, problems)
    pictures, icons = reader.pictures()
    drafts = {path.stem: reader.draft(path, pictures, icons) for path in reader.files("handouts")}
    content = Content(
        drafts=drafts,
        regions={path.stem: reader.region(path) for path in reader.files("regions")},
        clinics={path.stem: reader.clinic(path) for path in reader.files("clinics")},
        references=reader.references(),
        words=reader.words(),
        icons=icons,
    )
    for where, ids in reader.cited:
        for unknown in (i for i in ids if i not in content.references):
            what = f"the reference “{unknown}” is cited, but it is not in content/references.json."
            problems.append(Problem(where, what, did_you_mean(unknown, content.references)))
    return content


class _Reader:
    """Reads one `content/` folder; keeps the problems, and what must be looked up at the end."""

    def __init__(self, root: Path, problems: list[Problem]) -> None:
        self.root, self.problems = root, problems
        self.content = root / "content"
        self.cited: list[tuple[str, list[str]]] = []
        self.findings: dict[str, Block] = {}
        self.ids: dict[str, str] = {}

    def files(self, folder: str) -> list[Path]:
        """Return the YAML files of a folder, in order; a folder with none is a problem."""
        found = sorted((self.content / folder).glob("*.yaml"))
        if not found:
            self.problems.append(
                Problem(f"content/{folder}", "there is no .yaml file here.", "Put one back.")
            )
        return found

    def block(self, context: str, value: Value, key: str = "") -> Block:
        """Return the block of a text, or of a mapping with text, note, kind, safety, icon."""
        if value.is_missing:
            return Block(f"{context}.{key}", "")
        parts = {"text": value}
        if value.is_mapping:
            parts = value.fields(["text"] if key else ["id", "text"], ["note", "kind", "safety", "icon"])
        block_id = key or parts["id"].text()
        text = parts["text"].text()
        self._check_id(f"{context}.{block_id}", block_id, value)
        self.cited.append((parts["text"].where, markup.found(text, "citation")))
        for mark in markup.leftovers(text):
            parts["text"].problem(f"the mark “{mark}” belongs to nothing.", "Close it, or write it in words.")
        for url in markup.found(text, "link"):
            self._check_url(url, parts["text"])
        if "<" in text or "&" in text:
            parts["text"].problem(
                "the text holds “<” or “&”.", "Write **strong** or *emphasis*; HTML is not used."
            )
        given = {k: v for k, v in parts.items() if not v.is_missing}
        return Block(
            id=f"{context}.{block_id}",
            text=text,
            kind=cast("Kind", given["kind"].choice(KINDS, "paragraph")) if "kind" in given else "paragraph",
            note=given["note"].text() if "note" in given else "",
            safety=given["safety"].flag() if "safety" in given else False,
            icon=given["icon"].text() if "icon" in given else "",
        )

    def _check_id(self, full: str, block_id: str, value: Value) -> None:
        """Note an id that is no id, or one that is given twice."""
        if not ID.fullmatch(block_id):
            value.problem(f"“{block_id}” is no id.", "Use small letters a-z, digits and hyphens.")
        if full in self.ids:
            what = f"the id “{block_id}” is used twice; it stands at {self.ids[full]} too."
            value.problem(what, "Give one of the two a new id.")
        self.ids[full] = value.where

    def _check_url(self, url: str, value: Value) -> None:
        if not markup.SAFE_URL.fullmatch(url):
            what = f"the address “{url}” is not allowed."
            value.problem(what, "Use an address that begins with https://, tel:, sms: or mailto:.")

    def _month(self, value: Value) -> str:
        if value.is_missing:
            return "2000-01"
        month = value.text()
        if not MONTH.fullmatch(month):
            value.problem(f"“{month}” is no month.", "Write it as 2026-11.")
            return "2000-01"
        return month

    def words(self) -> dict[str, Block]:
        """Return the messages of the frame."""
        value = read_yaml(self.content / "interface.yaml", self.root, self.problems)
        return {} if value.is_missing else {k: self.block("interface", v, k) for k, v in value.entries()}

    def pictures(self) -> tuple[dict[str, Picture], dict[str, str]]:
        """Return the pictures that have words, and the small drawings that have none."""
        folder = self.content / "pictures"
        drawings = {p.stem: p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.svg"))}
        value = read_yaml(folder / "pictures.yaml", self.root, self.problems)
        pictures = {}
        for name, entry in [] if value.is_missing else value.entries():
            parts = entry.fields(["alternative", "caption", "labels"])
            context = f"picture-{name}"
            if name not in drawings:
                what = f"the picture “{name}” has words, but there is no content/pictures/{name}.svg."
                entry.problem(what, "Draw it, or remove its words.")
            labels = {} if parts["labels"].is_missing else dict(parts["labels"].entries())
            pictures[name] = Picture(
                name=name,
                drawing=drawings.get(name, ""),
                alternative=self.block(context, parts["alternative"], "alternative"),
                caption=self.block(context, parts["caption"], "caption"),
                labels={key: self.block(context, label, key) for key, label in labels.items()},
            )
        return pictures, {name: svg for name, svg in drawings.items() if name not in pictures}

    def draft(self, path: Path, pictures: Mapping[str, Picture], icons: Mapping[str, str]) -> Draft:
        """Return one handout file."""
        value = read_yaml(path, self.root, self.problems)
        needed = ["edition", "review-by", "owner", "series", "title", "subtitle", "lead"]
        if value.is_missing:
            parts = dict.fromkeys([*needed, "summary", "sections", "findings"], value)
        else:
            parts = value.fields([*needed, "summary", "sections"], ["findings"])
        slug = path.stem
        if not parts["findings"].is_missing:
            for key, entry in parts["findings"].entries():
                self.findings[key] = self.block(slug, entry, f"{key}-finding")
        heads = {key: self.block(slug, parts[key], key) for key in ("series", "title", "subtitle", "lead")}
        sections = [] if parts["sections"].is_missing else parts["sections"].items()
        return Draft(
            slug=slug,
            edition=self._month(parts["edition"]),
            review_by=self._month(parts["review-by"]),
            owner="" if parts["owner"].is_missing else parts["owner"].text(),
            **heads,
            summary=self.section(slug, parts["summary"], pictures, icons),
            sections=tuple(self.section(slug, each, pictures, icons) for each in sections),
        )

    def section(
        self, slug: str, value: Value, pictures: Mapping[str, Picture], icons: Mapping[str, str]
    ) -> Section:
        """Return one section, with its picture looked up."""
        if value.is_missing:
            return Section("", Block(f"{slug}.", ""), ())
        parts = value.fields(["id", "heading", "blocks"], ["insert", "sources", "picture"])
        section_id = "" if parts["id"].is_missing else parts["id"].text()
        blocks = [] if parts["blocks"].is_missing else parts["blocks"].items()
        sources = [] if parts["sources"].is_missing else parts["sources"].items()
        made = tuple(self.block(slug, each) for each in blocks)
        for block, place in zip(made, blocks, strict=True):
            self._known_picture(block.icon, icons, place)
        names = tuple(source.text() for source in sources)
        self.cited.append((parts["sources"].where, list(names)))
        picture = None if parts["picture"].is_missing else parts["picture"].text()
        self._known_picture(picture or "", pictures, parts["picture"])
        return Section(
            id=section_id,
            heading=self.block(slug, parts["heading"], section_id),
            blocks=made,
            insert=cast("Insert", parts["insert"].choice(INSERTS, "")),
            sources=names,
            picture=pictures.get(picture or ""),
        )

    def _known_picture(self, name: str, known: Mapping[str, Any], value: Value) -> None:
        """Note a picture that is named and not there."""
        if name and name not in known:
            what = f"the picture “{name}” is not in content/pictures."
            value.problem(what, did_you_mean(name, known))

    def region(self, path: Path) -> Region:
        """Return one region file."""
        value = read_yaml(path, self.root, self.problems)
        keys = ["name", "paper", "checked", "access", "lines", "links"]
        parts = dict.fromkeys(keys, value) if value.is_missing else value.fields(keys)
        context = f"region-{path.stem}"
        lists = {k: [] if parts[k].is_missing else parts[k].items() for k in ("access", "lines", "links")}
        lines = tuple(self.line(context, each) for each in lists["lines"])
        if not value.is_missing and not any(line.kind == "emergency" for line in lines):
            parts["lines"].problem("there is no emergency number.", "Add a line with “kind: emergency”.")
        return Region(
            code=path.stem,
            name=self.block(context, parts["name"], "name"),
            paper=cast("Paper", parts["paper"].choice(PAPERS, "a4")),
            checked=self._month(parts["checked"]),
            access=tuple(self.block(context, each) for each in lists["access"]),
            lines=lines,
            links=tuple(self.link(context, each) for each in lists["links"]),
        )

    def line(self, context: str, value: Value) -> HelpLine:
        """Return one help line; numbers are digits in groups, so that nothing but a number is dialled."""
        parts = value.fields(["id", "name", "about", "call", "source"], ["kind", "text"])
        key = "" if parts["id"].is_missing else parts["id"].text()
        return HelpLine(
            id=key,
            kind=cast("LineKind", parts["kind"].choice(LINE_KINDS, "crisis")),
            name=_safe(self.block(context, parts["name"], f"{key}-name")),
            about=_safe(self.block(context, parts["about"], f"{key}-about")),
            call=self._phone(parts["call"]),
            text=self._phone(parts["text"]),
        )

    def _phone(self, value: Value) -> str:
        number = "" if value.is_missing else value.text()
        if number and not PHONE.fullmatch(number):
            what = f"“{number}” is no phone number."
            value.problem(what, 'Write digits in groups and in quotes, as in "13 11 14".')
        return number

    def link(self, context: str, value: Value) -> Link:
        """Return one useful link."""
        parts = value.fields(["id", "name", "url"])
        key = "" if parts["id"].is_missing else parts["id"].text()
        url = "" if parts["url"].is_missing else parts["url"].text()
        if url:
            self._check_url(url, parts["url"])
        return Link(key, self.block(context, parts["name"], f"{key}-link"), url)

    def clinic(self, path: Path) -> Clinic:
        """Return one clinic's profile, with its logo read in."""
        value = read_yaml(path, self.root, self.problems)
        optional = ("phone", "address", "web", "hours", "logo", "accent")
        if value.is_missing:
            return Clinic(path.stem, "")
        parts = value.fields(["name"], optional)
        given = {k: v.text() for k, v in parts.items() if not v.is_missing and k != "phone"}
        for key, text in given.items():
            if not text.isprintable():
                parts[key].problem("the text holds a character that cannot be printed.", "Remove it.")
        if given.get("web"):
            self._check_url(given["web"], parts["web"])
        if given.get("accent") and not COLOUR.fullmatch(given["accent"]):
            parts["accent"].problem(
                f"“{given['accent']}” is no colour.", 'Write it as "#0b5563", in small letters.'
            )
            given["accent"] = ""
        given["logo"] = self._logo(given.get("logo", ""), parts["logo"])
        return Clinic(slug=path.stem, phone=self._phone(parts["phone"]), **given)

    def _logo(self, name: str, value: Value) -> str:
        """Return the logo's SVG text; only a file beside the profile will do, with nothing fetched by it."""
        if not name:
            return ""
        path = self.content / "clinics" / name
        if Path(name).name != name or path.suffix != ".svg":
            value.problem(
                f"the logo “{name}” is not a .svg file beside this one.",
                "Put the drawing into content/clinics and write its file name alone.",
            )
            return ""
        if not path.is_file():
            value.problem(f"the logo “{name}” is missing.", f"Put it into content/clinics/{name}.")
            return ""
        drawing = path.read_text(encoding="utf-8", errors="replace")
        if re.search(
            r"<!|<\?|<script|<image|<use|<foreignObject|href|url\(|\son\w+=|@import", drawing, re.IGNORECASE
        ):
            value.problem(
                f"the logo “{name}” refers to something outside itself, or holds a script.",
                "Save it as a plain SVG: shapes only, no links, no pictures inside, no header.",
            )
            return ""
        return drawing

    def references(self) -> dict[str, Reference]:
        """Return the reference list, with the title and the finding of each as messages."""
        path = self.content / "references.json"
        file = path.relative_to(self.root).as_posix()
        try:
            items = json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            what = f"this is not valid JSON: {error.msg}."
            self.problems.append(
                Problem(f"{file}:{error.lineno}", what, "Look at this line and the one above.")
            )
            return {}
        except (OSError, UnicodeDecodeError):
            self.problems.append(Problem(file, "the file cannot be read.", "Put it back, as UTF-8."))
            return {}
        references: dict[str, Reference] = {}
        for number, item in enumerate(items, start=1):
            problem = self._reference_problem(item, references)
            if problem:
                self.problems.append(Problem(f"{file}, item {number}", *problem))
                continue
            key = item["id"]
            references[key] = Reference(
                id=key,
                item=item,
                title=Block(f"references.{key}-title", item["title"], note="Title of a source."),
                finding=self.findings.get(key, Block(f"references.{key}-finding", "")),
            )
        for key in self.findings:
            if key not in references:
                what = f"there is a finding for “{key}”, but no such reference in {file}."
                self.problems.append(
                    Problem("content/handouts/references.yaml", what, did_you_mean(key, references))
                )
        return references

    def _reference_problem(self, item: Any, known: Mapping[str, Reference]) -> tuple[str, str] | None:
        """Return what is wrong with a CSL-JSON item and how to mend it, or None."""
        missing = [k for k in ("id", "type", "title", "author", "issued") if k not in item]
        if missing:
            return f"the reference lacks {', '.join(missing)}.", "Add it as CSL-JSON names it."
        if item["id"] in known:
            return f"the id “{item['id']}” is used twice.", "Give one of the two a new id."
        if item["id"] not in self.findings:
            return (
                f"the reference “{item['id']}” has no sentence that says what it found.",
                "Add one under “findings” in content/handouts/references.yaml.",
            )
        if "DOI" in item and not DOI.fullmatch(item["DOI"]):
            return f"“{item['DOI']}” is no DOI.", "Write it without the address, as 10.1002/wps.20860."
        return None


def _safe(block: Block) -> Block:
    """Return the block as a safety block: what stands beside a crisis number must be right."""
    return Block(block.id, block.text, block.kind, block.note, safety=True)
