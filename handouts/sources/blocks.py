"""Blocks, sections and pictures as content files write them; what is wrong is noted with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from handouts import markup
from handouts.model import Block, Insert, Kind, Picture, Section, Sketch
from handouts.problems import Problem, did_you_mean, in_file
from handouts.sources.drawings.sketches import EMPTY, load_sketches
from handouts.sources.frame import Placeholders, frame_faults
from handouts.sources.look import TOKENS
from handouts.sources.nodes import Node
from handouts.sources.toml import read_toml
from handouts.sources.written import (
    BLOCK,
    BLOCK_KINDS,
    ID,
    INSERTS,
    LISTED_BLOCK,
    MONTH,
    MOST_LINES,
    PICTURE,
    SECTION,
)
from handouts.sources.yaml import read_yaml

NO_MONTH = "2000-01"  # stands in for one that cannot be read; nothing is made of sources with an error
RESERVED = ("region-", "picture-")
RESERVED_NAMES = {"interface", "citation", "desk"}
BLOCK_NAME_FIX = "Use small letters a-z, digits and hyphens."


class BlockReader:
    """Reads the blocks of one `content/` folder; keeps what is wrong, and what must be looked up at the end."""

    def __init__(self, root: Path) -> None:
        self.root, self.content = root, root / "content"
        self.cited: list[tuple[Node, tuple[str, ...]]] = []
        self._noted: list[Problem] = []
        self._documents: list[Node] = []
        self._ids: dict[str, str] = {}

    @property
    def problems(self) -> list[Problem]:
        """What is wrong in all that has been read up to now."""
        return [*self._noted, *(problem for document in self._documents for problem in document.problems)]

    def read(self, path: Path) -> Node:
        """Return the document of a YAML file; its problems are kept."""
        document = read_yaml(path, self.root)
        self._documents.append(document)
        return document

    def files(self, folder: str) -> list[Path]:
        """Return the YAML files of a folder, in order; a folder with none is a problem."""
        # A name that begins with a dot is an editor's or a system's own.
        found = sorted(p for p in (self.content / folder).glob("*.yaml") if not p.name.startswith("."))
        for path in found:
            name, file = path.stem, path.relative_to(self.root).as_posix()
            if not ID.fullmatch(name) or name in RESERVED_NAMES or name.startswith(RESERVED):
                what = f"a file cannot be called “{name}” here."
                problem = in_file("invalid-file-name", file, what, BLOCK_NAME_FIX)
                # Its ids would be those of another file: that touches everything.
                self._noted.append(replace(problem, handout="", region=""))
        if not found:
            what = "there is no .yaml file here."
            self._noted.append(in_file("empty-folder", f"content/{folder}", what, "Put one back."))
        return found

    def block(self, context: str, node: Node, key: str = "") -> Block:
        """Return the block of a text, or of a mapping with text, note, kind, safety, icon, limit, never, from, lines.

        Without a `key`, which is its id, it must be a mapping that has one.
        """
        if node.is_missing:
            return Block(f"{context}.{key}", "")
        parts = {"text": node}
        if not key and not node.is_mapping:
            fix = "Write “- id: …” and, below it, “text: …”."
            node.problem("block-expected", "a block has an id and a text.", fix)
            return Block(f"{context}.", "")
        if node.is_mapping:
            parts = node.fields(*(BLOCK if key else LISTED_BLOCK).names)
        block_id = key or parts["id"].text()
        self._check_id(f"{context}.{block_id}", block_id, node)
        text = self._message(parts["text"])
        given = {key: part for key, part in parts.items() if not part.is_missing}
        self._check_lines(given, node)
        return Block(
            id=f"{context}.{block_id}",
            text=text,
            kind=cast("Kind", given["kind"].choice(BLOCK_KINDS, "paragraph"))
            if "kind" in given
            else "paragraph",
            note=given["note"].text() if "note" in given else "",
            safety=given["safety"].flag() if "safety" in given else False,
            icon=given["icon"].text() if "icon" in given else "",
            limit=given["limit"].number() if "limit" in given else 0,
            never=given["never"].texts() if "never" in given else (),
            basis=given["from"].lines() if "from" in given else (),
            lines=given["lines"].number() if "lines" in given else 0,
        )

    def _check_lines(self, given: Mapping[str, Node], node: Node) -> None:
        """Note a field that has no lines, lines on a block that is not a field, and marks in a label, which a screen reader says alone."""
        is_field, lines = "kind" in given and given["kind"].text() == "field", given.get("lines", node)
        count = given["lines"].number() if "lines" in given else 0
        if is_field and not 1 <= count <= MOST_LINES:
            what, fix = "a field has lines to write on.", f"Say how many, from 1 to {MOST_LINES}: “lines: 2”."
            lines.problem("field-without-lines", what, fix)
        elif not is_field and "lines" in given:
            lines.problem(
                "lines-without-field", "lines belong to a field.", "Add “kind: field”, or remove them."
            )
        if is_field and any(
            span.kind != "text" for span in markup.walk_spans(markup.parse_markup(given["text"].text()))
        ):
            what = "the label of a field is plain text: it is what the field is called."
            given["text"].problem("field-label-marked", what, "Write it without marks, values and citations.")

    def _message(self, node: Node) -> str:
        """Return the text of a message, its markup checked and its citations kept to be looked up."""
        text = node.text()
        self.cited.append((node, markup.found(text, "citation")))
        for mark in markup.leftovers(text):
            node.problem(
                "mark-not-closed", f"the mark “{mark}” stands alone.", "Close it, or write it in words."
            )
        for url in markup.found(text, "link"):
            self.check_url(url, node)
        if "<" in text or "&" in text:
            fix = "Write **strong** or *emphasis*; HTML is not used."
            node.problem("html-in-text", "the text holds “<” or “&”.", fix)
        return text

    def _check_id(self, full: str, block_id: str, node: Node) -> None:
        """Note an id that is not valid, or one that is given twice."""
        if not ID.fullmatch(block_id):
            node.problem("invalid-id", f"“{block_id}” is not a valid id.", BLOCK_NAME_FIX)
        if full in self._ids:
            what = f"the id “{block_id}” is used twice; it stands at {self._ids[full]} too."
            node.problem("duplicate-id", what, "Give one of the two a new id.")
        self._ids[full] = node.where

    def check_url(self, url: str, node: Node) -> None:
        """Note an address that a handout may not hold."""
        if not markup.SAFE_URL.fullmatch(url):
            fix = "Use an address that begins with https://, tel:, sms: or mailto:."
            node.problem("address-not-allowed", f"the address “{url}” is not allowed.", fix)

    def month(self, node: Node) -> str:
        """Return a month such as `2026-11`; a made-up one after a problem."""
        if node.is_missing:
            return NO_MONTH
        month = node.text()
        if not MONTH.fullmatch(month):
            node.problem("invalid-month", f"“{month}” is not a month.", "Write it as 2026-11.")
            return NO_MONTH
        return month

    def messages(self, context: str, file: str, known: Mapping[str, Placeholders]) -> dict[str, Block]:
        """Return the messages of a file that has nothing else, by key: each that is known, an empty one where it is missing."""
        document = self.read(self.root / file)
        if document.is_missing:
            return {}
        nodes = document.fields(known)
        messages = {key: self.block(context, node, key) for key, node in nodes.items()}
        for key, block in messages.items():
            for fault in frame_faults(block, known[key]) if block.text else ():
                nodes[key].problem(fault.code, fault.what, fault.fix, about=block.id)
        return messages

    def pictures(self) -> tuple[dict[str, Picture], dict[str, Sketch]]:
        """Return the pictures that have words, and the small drawings that have none."""
        folder = self.content / "pictures"
        colours = read_toml(self.root / TOKENS, self.root)  # what is wrong with it is told by the look
        drawings, problems = load_sketches(folder, self.root, [name for name, _ in colours.entries()])
        self._noted += problems
        entries = self.read(folder / "pictures.yaml").entries()
        pictures = {name: self._picture(name, node, drawings) for name, node in entries}
        icons = {name: sketch for name, sketch in drawings.items() if name not in pictures}
        for name, sketch in icons.items():
            self._check_labels(name, sketch, {})
        return pictures, icons

    def _check_labels(self, name: str, sketch: Sketch, labels: Mapping[str, Node]) -> None:
        """Note a word that a drawing has no place for, and a place for a word that there is not."""
        file, placed = f"content/pictures/{name}.svg", {slot.name: slot for slot in sketch.slots("label")}
        for key, slot in placed.items():
            if key not in labels:
                what = f"the drawing has a place for the word “{key}”, which is not in pictures.yaml."
                fix = did_you_mean(key, labels) if labels else "Write it there, or remove it here."
                self._noted.append(in_file("unknown-label", file, what, fix, line=slot.line))
        for key, node in labels.items():
            if key not in placed and sketch is not EMPTY:
                fix = f'Write {{{{ label("{key}", x(30), 40) }}}} into it, or remove the word.'
                node.problem("label-not-placed", f"the word “{key}” has no place in {file}.", fix)

    def _picture(self, name: str, node: Node, drawings: Mapping[str, Sketch]) -> Picture:
        """Return a picture with its words; one without a drawing is a problem."""
        parts, context = node.fields(*PICTURE.names), f"picture-{name}"
        if name not in drawings:
            what = f"the picture “{name}” has words, but there is no content/pictures/{name}.svg."
            node.problem("picture-without-drawing", what, "Draw it, or remove its words.")
        words = dict(parts["labels"].entries())
        self._check_labels(name, drawings.get(name, EMPTY), words)
        return Picture(
            name=name,
            drawing=drawings.get(name, EMPTY),
            alternative=self.block(context, parts["alternative"], "alternative"),
            caption=self.block(context, parts["caption"], "caption"),
            labels={key: self.block(context, label, key) for key, label in words.items()},
        )

    def section(
        self, slug: str, node: Node, pictures: Mapping[str, Picture], icons: Mapping[str, Sketch]
    ) -> Section:
        """Return one section, with its picture looked up."""
        if node.is_missing:
            return Section("", Block(f"{slug}.", ""), ())
        parts = node.fields(*SECTION.names)
        section_id, picture = parts["id"].text(), parts["picture"].text()
        places = parts["blocks"].items()
        blocks = tuple(self.block(slug, each) for each in places)
        for block, place in zip(blocks, places, strict=True):
            self._check_picture(block.icon, icons, place)
        cited = tuple(source.text() for source in parts["sources"].items())
        self.cited.append((parts["sources"], cited))
        self._check_picture(picture, pictures, parts["picture"])
        if any(block.kind == "field" for block in blocks):
            what = "a section with fields has no room for what is inserted."
            parts["insert"].problem("insert-with-fields", what, "Put it into a section of its own.")
        return Section(
            id=section_id,
            heading=self.block(slug, parts["heading"], section_id),
            blocks=blocks,
            insert=cast("Insert", parts["insert"].choice(INSERTS, "")),
            sources=cited,
            picture=pictures.get(picture),
        )

    def _check_picture(self, name: str, known: Mapping[str, Any], node: Node) -> None:
        """Note a picture that is named and not there."""
        if name and name not in known:
            what = f"the picture “{name}” is not in content/pictures."
            node.problem("unknown-picture", what, did_you_mean(name, known))
