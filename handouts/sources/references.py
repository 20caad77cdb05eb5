"""`content/references.json`: published works as CSL-JSON, each held against what the reference list is made from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from handouts.model import Block, Reference
from handouts.problems import Fault, Problem, did_you_mean, in_file
from handouts.sources.json import read_json
from handouts.sources.nodes import Node

REFERENCES_FILE = "content/references.json"
FINDINGS_FILE = "content/handouts/references.yaml"
REQUIRED_FIELDS = ("id", "type", "title", "author", "issued")
# What the pattern of a kind of work cannot be written without.
BY_TYPE: Mapping[str, tuple[str, ...]] = {
    "article-journal": ("container-title",),
    "book": ("publisher",),
    "chapter": ("container-title", "publisher", "page"),
    "report": ("publisher",),
}
# Texts that have a shape: what that is called, and one that has it.
FIELD_SHAPES: Mapping[str, tuple[str, str, str]] = {
    "id": (r"[A-Za-z0-9_-]+", "an id", "cuijpers2016"),
    "DOI": (r"10\.[0-9]{4,9}/[^\s<>\"]+", "a DOI", "10.1002/wps.20860"),
    "URL": (r"https://[^\s<>\"']+", "an address", "https://www.nice.org.uk/guidance/ng222"),
    "language": (r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", "the tag of a language", "en"),
    "edition": (r"[0-9]{1,3}|.*[^0-9].*", "an edition", "2"),
}
CHAPTER_PAGES = re.compile(r"\w+[-–]\w+")


def load_references(root: Path, findings: Mapping[str, Block]) -> tuple[dict[str, Reference], list[Problem]]:
    """Return the works by id, with title and finding of each as messages, and what is wrong.

    `findings` are the sentences on what each work found, by its id; a work with something wrong, or without one, is
    left out.
    """
    document = read_json(root / REFERENCES_FILE, root)
    references: dict[str, Reference] = {}
    for node in document.items():
        before = len(document.problems)
        item = _item(node)
        _check_id(item.get("id", ""), node, references, findings)
        if len(document.problems) == before:
            key = item["id"]
            title = Block(f"references.{key}-title", item["title"], note="Title of a source.")
            references[key] = Reference(id=key, item=item, title=title, finding=findings[key])
    problems = document.problems
    for key in findings:
        if key not in references and not problems:
            what = f"there is a finding for “{key}”, but no such reference in {REFERENCES_FILE}."
            problems.append(in_file("unknown-reference", FINDINGS_FILE, what, did_you_mean(key, references)))
    return references, problems


def _check_id(key: str, node: Node, known: Mapping[str, Reference], findings: Mapping[str, Block]) -> None:
    """Note an id that is used twice, and a work on which no sentence says what it found."""
    if key in known:
        node.problem("duplicate-id", f"the id “{key}” is used twice.", "Give one of the two a new id.")
    elif key and key not in findings:
        what = f"the reference “{key}” has no sentence that says what it found."
        node.problem("finding-missing", what, f"Add one under “findings” in {FINDINGS_FILE}.")


def _item(node: Node) -> dict[str, Any]:
    """Return a CSL-JSON item, as far as it is right; what is wrong is noted."""
    if not node.is_mapping:
        node.problem("mapping-expected", "a reference is expected here.", "Write CSL-JSON: { … }.")
        return {}
    item: dict[str, Any] = {}
    for key, value in node.entries():
        match key:
            case "author" | "editor":
                item[key] = [_name(name) for name in value.items()]
            case "issued" | "accessed":
                item[key] = {"date-parts": [_date(value)]}
            case "type":
                item[key] = value.choice(BY_TYPE, "")
            case _:
                item[key] = _text(key, value)
    if item.get("type") == "chapter" and item.get("page") and not CHAPTER_PAGES.fullmatch(item["page"]):
        what = "the pages of a chapter are the first and the last."
        node.problem("invalid-reference", what, 'Write them as "page": "81-97".')
    for key in (*REQUIRED_FIELDS, *BY_TYPE.get(item.get("type", ""), ())):
        if key not in item or item[key] == []:
            node.problem("missing-key", f"the reference lacks {key}.", "Add it as CSL-JSON names it.")
    return item


def _text(key: str, node: Node) -> str:
    """Return a text of an item, in its shape where it has one."""
    if key not in FIELD_SHAPES:
        return node.text()
    shape, name, example = FIELD_SHAPES[key]
    fault = Fault("invalid-reference", f"“{key}” is not {name}.", f"Write it as in {example}.")
    return node.shaped(re.compile(shape), fault)


def _name(node: Node) -> dict[str, str]:
    """Return a person or a body: texts, with a family name or a literal one among them."""
    name = {key: part.text() for key, part in node.entries()}
    if node.is_mapping and not (name.get("family") or name.get("literal")):
        what = "there is no family name here, and no literal one."
        node.problem("invalid-reference", what, 'Write it as {"family": "Lee", "given": "Ann"}.')
    return name


def _date(node: Node) -> list[int]:
    """Return the day, month or year that a work is of, or that it was read."""
    parts = node.fields(["date-parts"])["date-parts"].items()
    numbers = [number.number() for number in (parts[0].items() if parts else [])]
    try:
        date(*[*numbers, 1, 1][: max(3, len(numbers))])
    except (ValueError, TypeError, OverflowError):
        fix = 'Write it as {"date-parts": [[2016, 7, 1]]}; month and day may be left out.'
        node.problem("invalid-date", "this is not a date.", fix)
    return numbers
