"""YAML and CSL-JSON in `content/` become the model; every problem is collected with file and line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from handouts import markup
from handouts.memory import remembered
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
)
from handouts.problems import Problem, did_you_mean
from handouts.sources.blocks import BlockReader, drawing_fault
from handouts.sources.yaml import Value, read_text, read_yaml

PHONE = re.compile(r"\+?[0-9][0-9 ]*[0-9]|[0-9]")
COLOUR = re.compile(r"#[0-9a-f]{6}")
DOI = re.compile(r"10\.\d{4,9}/\S+")
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
    patterns: Mapping[str, Block]
    icons: Mapping[str, str]

    @remembered
    def handout(self, slug: str, region: str) -> Handout:
        """Return the whole handout for one region, with the references it cites in order of citation."""
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
        cited = [i for block in bare.blocks() for i in markup.found(block.text, "citation")]
        cited += [i for section in draft.sections for i in section.sources]
        # One that is unknown has been noted as a problem; nothing is printed without it.
        known = tuple(self.references[i] for i in dict.fromkeys(cited) if i in self.references)
        return Handout(**parts, references=known, icons=icons)


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
        words=reader.messages("interface", "content/interface.yaml"),
        patterns={
            key: replace(block, optional=True)
            for key, block in reader.messages("citation", "content/citations.yaml").items()
        },
        icons=icons,
    )
    for where, ids in reader.cited:
        for unknown in (i for i in ids if i not in content.references):
            what = f"the reference “{unknown}” is cited, but it is not in content/references.json."
            problems.append(
                Problem("reference-cited-but-not", where, what, did_you_mean(unknown, content.references))
            )
    return content


class _Reader(BlockReader):
    """Reads handouts, regions, clinics and references."""

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
            edition=self.month(parts["edition"]),
            review_by=self.month(parts["review-by"]),
            owner="" if parts["owner"].is_missing else parts["owner"].text(),
            **heads,
            summary=self.section(slug, parts["summary"], pictures, icons),
            sections=tuple(self.section(slug, each, pictures, icons) for each in sections),
        )

    def region(self, path: Path) -> Region:
        """Return one region file."""
        value = read_yaml(path, self.root, self.problems)
        keys = ["name", "paper", "checked", "access", "lines", "links"]
        parts = dict.fromkeys(keys, value) if value.is_missing else value.fields(keys)
        context = f"region-{path.stem}"
        lists = {k: [] if parts[k].is_missing else parts[k].items() for k in ("access", "lines", "links")}
        lines = tuple(self.line(context, each) for each in lists["lines"])
        if not value.is_missing and not any(line.kind == "emergency" for line in lines):
            parts["lines"].problem(
                "no-emergency-number", "there is no emergency number.", "Add a line with “kind: emergency”."
            )
        return Region(
            code=path.stem,
            name=self.block(context, parts["name"], "name"),
            paper=cast("Paper", parts["paper"].choice(PAPERS, "a4")),
            checked=self.month(parts["checked"]),
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
            value.problem("no-phone-number", what, 'Write digits in groups and in quotes, as in "13 11 14".')
        return number

    def link(self, context: str, value: Value) -> Link:
        """Return one useful link."""
        parts = value.fields(["id", "name", "url"])
        key = "" if parts["id"].is_missing else parts["id"].text()
        url = "" if parts["url"].is_missing else parts["url"].text()
        if url:
            self.check_url(url, parts["url"])
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
            hidden = markup.forbidden(text)
            if hidden:
                parts[key].problem(
                    "text-holds-invisible-character",
                    f"the text holds an invisible character (U+{ord(hidden):04X}).",
                    "Remove it.",
                )
        if given.get("web") and not given["web"].startswith("https://"):
            parts["web"].problem(
                "address-not-allowed",
                f"the address “{given['web']}” is not allowed.",
                "Begin it with https://.",
            )
        elif given.get("web"):
            self.check_url(given["web"], parts["web"])
        if given.get("accent") and not COLOUR.fullmatch(given["accent"]):
            parts["accent"].problem(
                "no-colour", f"“{given['accent']}” is no colour.", 'Write it as "#0b5563", in small letters.'
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
                "logo-not-svg-file",
                f"the logo “{name}” is not a .svg file beside this one.",
                "Put the drawing into content/clinics and write its file name alone.",
            )
            return ""
        if not path.is_file():
            value.problem(
                "logo-missing", f"the logo “{name}” is missing.", f"Put it into content/clinics/{name}."
            )
            return ""
        drawing = read_text(path, self.root, self.problems) or ""
        fault = drawing_fault(drawing)
        if drawing and fault:
            value.problem(
                "logo",
                f"the logo “{name}”: {fault}",
                "Save it as a plain SVG: shapes only, with a viewBox from 0 0.",
            )
            return ""
        return drawing

    def references(self) -> dict[str, Reference]:
        """Return the reference list, with the title and the finding of each as messages."""
        path = self.content / "references.json"
        file = path.relative_to(self.root).as_posix()
        text = read_text(path, self.root, self.problems)
        if text is None:
            return {}
        try:
            items = json.loads(text)
        except json.JSONDecodeError as error:
            what = f"this is not valid JSON: {error.msg}."
            self.problems.append(
                Problem(
                    "not-valid-json", f"{file}:{error.lineno}", what, "Look at this line and the one above."
                )
            )
            return {}
        except RecursionError:
            items = None
        if not (isinstance(items, list) and all(isinstance(item, dict) for item in items)):
            self.problems.append(
                Problem(
                    "no-list-references",
                    file,
                    "this is no list of references.",
                    "Write CSL-JSON: [ {…}, {…} ].",
                )
            )
            return {}
        references: dict[str, Reference] = {}
        for number, item in enumerate(items, start=1):
            problem = self._reference_problem(item, references)
            if problem:
                self.problems.append(Problem("references", f"{file}, item {number}", *problem))
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
                    Problem(
                        "finding-but-no-such",
                        "content/handouts/references.yaml",
                        what,
                        did_you_mean(key, references),
                    )
                )
        return references

    def _reference_problem(
        self, item: Mapping[str, Any], known: Mapping[str, Reference]
    ) -> tuple[str, str] | None:
        """Return what is wrong with a CSL-JSON item and how to mend it, or None."""
        missing = [k for k in ("id", "type", "title", "author", "issued") if not item.get(k)]
        if missing:
            return f"the reference lacks {', '.join(missing)}.", "Add it as CSL-JSON names it."
        wrong = [key for key, value in item.items() if not _fits(key, value)]
        if item["type"] == "article-journal" and not item.get("container-title"):
            wrong.append("container-title")
        if wrong:
            return f"{', '.join(map(repr, wrong))} is not as CSL-JSON has it.", "Compare it with the others."
        if item["id"] in known:
            return f"the id “{item['id']}” is used twice.", "Give one of the two a new id."
        if item["id"] not in self.findings:
            return (
                f"the reference “{item['id']}” has no sentence that says what it found.",
                "Add one under “findings” in content/handouts/references.yaml.",
            )
        return None


def _fits(key: str, value: Any) -> bool:
    """Whether a value of a CSL-JSON item has the shape that the reference list is made from."""
    match key:
        case "author" | "editor":
            names = value if isinstance(value, list) else [{}]
            return all(
                isinstance(name, dict)
                and bool(name.get("family") or name.get("literal"))
                and all(isinstance(part, str) for part in name.values())
                for name in names
            )
        case "issued":
            dates = value.get("date-parts") if isinstance(value, dict) else None
            parts = dates[0] if isinstance(dates, list) and dates else None
            whole = isinstance(parts, list) and bool(parts) and all(isinstance(part, int) for part in parts)
            return whole and _is_date(*cast("list[int]", parts))
        case "DOI":
            return isinstance(value, str) and bool(DOI.fullmatch(value))
        case "URL":
            return (
                isinstance(value, str)
                and value.startswith("https://")
                and bool(markup.SAFE_URL.fullmatch(value))
            )
        case _:
            return isinstance(value, str) and bool(value.strip()) and not markup.forbidden(value)


def _is_date(year: int, month: int = 1, day: int = 1, *more: int) -> bool:
    """Whether year, month and day are a date."""
    return year > 0 and 1 <= month <= 12 and 1 <= day <= 31 and not more  # noqa: PLR2004


def _safe(block: Block) -> Block:
    """Return the block as a safety block: what stands beside a crisis number must be right."""
    return Block(block.id, block.text, block.kind, block.note, safety=True)
