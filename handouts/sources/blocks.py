"""Blocks, sections and pictures as content files write them; what is wrong is noted with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree  # noqa: ICN001 - the name says what it is

from handouts import markup
from handouts.markup import forbidden
from handouts.model import Block, Insert, Kind, Picture, Section
from handouts.problems import Problem, did_you_mean
from handouts.sources.yaml import Value, read_text, read_yaml

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {
    "svg",
    "g",
    "path",
    "circle",
    "ellipse",
    "rect",
    "line",
    "polyline",
    "polygon",
    "title",
    "desc",
    "defs",
}
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
INSERTS = ("", "access", "links", "references", "findings")
RESERVED = ("region-", "picture-")
RESERVED_NAMES = {"interface", "citation"}
KINDS = ("paragraph", "item", "card")


class BlockReader:
    """Reads the blocks of one `content/` folder; keeps the problems, and what must be looked up at the end."""

    def __init__(self, root: Path, problems: list[Problem]) -> None:
        self.root, self.problems = root, problems
        self.content = root / "content"
        self.cited: list[tuple[str, list[str]]] = []
        self.findings: dict[str, Block] = {}
        self.ids: dict[str, str] = {}

    def files(self, folder: str) -> list[Path]:
        """Return the YAML files of a folder, in order; a folder with none is a problem."""
        # A name that begins with a dot is an editor's or a system's own.
        found = sorted(p for p in (self.content / folder).glob("*.yaml") if not p.name.startswith("."))
        for path in found:
            if not ID.fullmatch(path.stem) or path.stem in RESERVED_NAMES or path.stem.startswith(RESERVED):
                file = path.relative_to(self.root).as_posix()
                self.problems.append(
                    Problem(
                        "no-name",
                        file,
                        f"“{path.stem}” is no name for it.",
                        "Use small letters a-z, digits and hyphens.",
                    )
                )
        if not found:
            self.problems.append(
                Problem("no-yaml-file", f"content/{folder}", "there is no .yaml file here.", "Put one back.")
            )
        return found

    def block(self, context: str, value: Value, key: str = "") -> Block:
        """Return the block of a text, or of a mapping with text, note, kind, safety, icon, limit."""
        if value.is_missing:
            return Block(f"{context}.{key}", "")
        parts = {"text": value}
        if not key and not value.is_mapping:
            value.problem(
                "block-id-text", "a block has an id and a text.", "Write “- id: …” and, below it, “text: …”."
            )
            return Block(f"{context}.", "")
        if value.is_mapping:
            parts = value.fields(
                ["text"] if key else ["id", "text"], ["note", "kind", "safety", "icon", "limit"]
            )
        block_id = key or parts["id"].text()
        text = parts["text"].text()
        self._check_id(f"{context}.{block_id}", block_id, value)
        self.cited.append((parts["text"].where, markup.found(text, "citation")))
        for mark in markup.leftovers(text):
            parts["text"].problem(
                "mark-belongs-nothing",
                f"the mark “{mark}” belongs to nothing.",
                "Close it, or write it in words.",
            )
        for url in markup.found(text, "link"):
            self.check_url(url, parts["text"])
        hidden = forbidden(text)
        if hidden:
            parts["text"].problem(
                "text-holds-invisible-character",
                f"the text holds an invisible character (U+{ord(hidden):04X}).",
                "Remove it.",
            )
        if "<" in text or "&" in text:
            parts["text"].problem(
                "text-holds",
                "the text holds “<” or “&”.",
                "Write **strong** or *emphasis*; HTML is not used.",
            )
        given = {k: v for k, v in parts.items() if not v.is_missing}
        return Block(
            id=f"{context}.{block_id}",
            text=text,
            kind=cast("Kind", given["kind"].choice(KINDS, "paragraph")) if "kind" in given else "paragraph",
            note=given["note"].text() if "note" in given else "",
            safety=given["safety"].flag() if "safety" in given else False,
            icon=given["icon"].text() if "icon" in given else "",
            limit=given["limit"].number() if "limit" in given else 0,
        )

    def _check_id(self, full: str, block_id: str, value: Value) -> None:
        """Note an id that is no id, or one that is given twice."""
        if not ID.fullmatch(block_id):
            value.problem("no-id", f"“{block_id}” is no id.", "Use small letters a-z, digits and hyphens.")
        if full in self.ids:
            what = f"the id “{block_id}” is used twice; it stands at {self.ids[full]} too."
            value.problem("id-used-twice-stands", what, "Give one of the two a new id.")
        self.ids[full] = value.where

    def check_url(self, url: str, value: Value) -> None:
        """Note an address that a handout may not hold."""
        if not markup.SAFE_URL.fullmatch(url):
            what = f"the address “{url}” is not allowed."
            value.problem(
                "address-not-allowed",
                what,
                "Use an address that begins with https://, tel:, sms: or mailto:.",
            )

    def month(self, value: Value) -> str:
        """Return a month such as `2026-11`; a made-up one after a problem."""
        if value.is_missing:
            return "2000-01"
        month = value.text()
        if not MONTH.fullmatch(month):
            value.problem("no-month", f"“{month}” is no month.", "Write it as 2026-11.")
            return "2000-01"
        return month

    def messages(self, context: str, file: str) -> dict[str, Block]:
        """Return the messages of a file that has nothing else, by key."""
        value = read_yaml(self.root / file, self.root, self.problems)
        return {} if value.is_missing else {k: self.block(context, v, k) for k, v in value.entries()}

    def pictures(self) -> tuple[dict[str, Picture], dict[str, str]]:
        """Return the pictures that have words, and the small drawings that have none."""
        folder = self.content / "pictures"
        drawings = self._drawings(folder)
        value = read_yaml(folder / "pictures.yaml", self.root, self.problems)
        pictures = {}
        for name, entry in [] if value.is_missing else value.entries():
            parts = entry.fields(["alternative", "caption", "labels"])
            context = f"picture-{name}"
            if name not in drawings:
                what = f"the picture “{name}” has words, but there is no content/pictures/{name}.svg."
                entry.problem("picture-words-but-no", what, "Draw it, or remove its words.")
            labels = {} if parts["labels"].is_missing else dict(parts["labels"].entries())
            pictures[name] = Picture(
                name=name,
                drawing=drawings.get(name, ""),
                alternative=self.block(context, parts["alternative"], "alternative"),
                caption=self.block(context, parts["caption"], "caption"),
                labels={key: self.block(context, label, key) for key, label in labels.items()},
            )
        return pictures, {name: svg for name, svg in drawings.items() if name not in pictures}

    def _drawings(self, folder: Path) -> dict[str, str]:
        """Return the drawings of a folder by name; one that is no plain drawing is a problem."""
        found = {}
        for path in sorted(p for p in folder.glob("*.svg") if not p.name.startswith(".")):
            text = read_text(path, self.root, self.problems)
            if text is None:
                continue
            fault = drawing_fault(text)
            if fault:
                file = path.relative_to(self.root).as_posix()
                self.problems.append(
                    Problem(
                        "drawings",
                        file,
                        fault,
                        "Save it as a plain SVG: shapes only, with a viewBox from 0 0.",
                    )
                )
            found[path.stem] = text
        return found

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
            self.known_picture(block.icon, icons, place)
        names = tuple(source.text() for source in sources)
        self.cited.append((parts["sources"].where, list(names)))
        picture = None if parts["picture"].is_missing else parts["picture"].text()
        self.known_picture(picture or "", pictures, parts["picture"])
        return Section(
            id=section_id,
            heading=self.block(slug, parts["heading"], section_id),
            blocks=made,
            insert=cast("Insert", parts["insert"].choice(INSERTS, "")),
            sources=names,
            picture=pictures.get(picture or ""),
        )

    def known_picture(self, name: str, known: Mapping[str, Any], value: Value) -> None:
        """Note a picture that is named and not there."""
        if name and name not in known:
            what = f"the picture “{name}” is not in content/pictures."
            value.problem("picture-not-content-pictures", what, did_you_mean(name, known))


def drawing_fault(text: str) -> str:
    """Return what keeps a text from being a plain drawing, or nothing.

    Only shapes may stand in it: nothing that links, embeds, runs or fetches.
    """
    shape = re.sub(r"\{\{.*?\}\}", "0", text)  # a picture is a template: its colours and words come later
    try:
        # No declaration, so no entity: what makes parsing XML dangerous cannot stand in it.
        root = ElementTree.fromstring(shape) if "<!" not in shape and "<?" not in shape else None  # noqa: S314
    except ElementTree.ParseError:
        root = None
    if (
        root is None
        or root.tag != f"{SVG}svg"
        or not re.match(r"0 0 [\d.]+ [\d.]+$", root.get("viewBox", ""))
    ):
        return "this is no SVG drawing with a viewBox from 0 0."
    for element in root.iter():
        name = element.tag.removeprefix(SVG)
        if name not in SHAPES:
            return f"the drawing holds “{name}”."
        for key, value in element.attrib.items():
            if "href" in key or key.startswith("on") or re.search(r"url|//|@|[\\&]", value):
                return f"the drawing refers to something outside itself, in “{key}”."
    return ""
