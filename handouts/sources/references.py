"""`content/references.json`: published works as CSL-JSON, each held against what the reference list is made from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from handouts import markup
from handouts.files import read_text
from handouts.model import Block, Reference
from handouts.problems import Fault, Problem, did_you_mean, in_file, located

REFERENCES_FILE = "content/references.json"
FINDINGS_FILE = "content/handouts/references.yaml"
NEEDED = ("id", "type", "title", "author", "issued")
DOI = re.compile(r"10\.\d{4,9}/\S+")


def load_references(root: Path, findings: Mapping[str, Block]) -> tuple[dict[str, Reference], list[Problem]]:
    """Return the works by id, with title and finding of each as messages, and what is wrong.

    `findings` are the sentences on what each work found, by its id; a work without one is left out.
    """
    items, problems = _items(root)
    references: dict[str, Reference] = {}
    for number, item in enumerate(items or (), start=1):
        fault = _fault(item, references, findings)
        if fault:
            problems.append(located(fault, REFERENCES_FILE, item=f"item {number}"))
            continue
        key = item["id"]
        title = Block(f"references.{key}-title", item["title"], note="Title of a source.")
        references[key] = Reference(id=key, item=item, title=title, finding=findings[key])
    for key in findings:
        if items is not None and key not in references:
            what = f"there is a finding for “{key}”, but no such reference in {REFERENCES_FILE}."
            problems.append(in_file("unknown-reference", FINDINGS_FILE, what, did_you_mean(key, references)))
    return references, problems


def _items(root: Path) -> tuple[list[dict[str, Any]] | None, list[Problem]]:
    """Return the items of the file, or None and why it cannot be used."""
    text, problems = read_text(root / REFERENCES_FILE, root)
    if text is None:
        return None, problems
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        what, fix = f"this is not valid JSON: {error.msg}.", "Look at this line and the one above."
        return None, [in_file("invalid-json", REFERENCES_FILE, what, fix, line=error.lineno)]
    except (ValueError, RecursionError):  # a number of 5,000 digits is a plain ValueError
        items = None
    if not (isinstance(items, list) and all(isinstance(item, dict) for item in items)):
        what, fix = "the file must hold a list of references.", "Write CSL-JSON: [ {…}, {…} ]."
        return None, [in_file("list-expected", REFERENCES_FILE, what, fix)]
    return items, []


def _fault(
    item: Mapping[str, Any], known: Mapping[str, Reference], findings: Mapping[str, Block]
) -> Fault | None:
    """Return what is wrong with a CSL-JSON item, or None."""
    missing = [key for key in NEEDED if not item.get(key)]
    if missing:
        what = f"the reference lacks {', '.join(missing)}."
        return Fault("missing-key", what, "Add it as CSL-JSON names it.")
    wrong = [key for key, value in item.items() if not _fits(key, value)]
    if item["type"] == "article-journal" and not item.get("container-title"):
        wrong.append("container-title")
    if wrong:
        what = f"{', '.join(map(repr, wrong))} is not as CSL-JSON has it."
        return Fault("invalid-reference", what, "Compare it with the others.")
    if item["id"] in known:
        what = f"the id “{item['id']}” is used twice."
        return Fault("duplicate-id", what, "Give one of the two a new id.")
    if item["id"] not in findings:
        what = f"the reference “{item['id']}” has no sentence that says what it found."
        return Fault("finding-missing", what, f"Add one under “findings” in {FINDINGS_FILE}.")
    return None


def _fits(key: str, value: Any) -> bool:
    """Whether a value of a CSL-JSON item has the shape that the reference list is made from."""
    match key:
        case "author" | "editor":
            return isinstance(value, list) and all(map(_is_name, value))
        case "issued":
            dates = value.get("date-parts") if isinstance(value, dict) else None
            return isinstance(dates, list) and bool(dates) and _is_date(dates[0])
        case "DOI":
            return isinstance(value, str) and bool(DOI.fullmatch(value))
        case "URL":
            https = isinstance(value, str) and value.startswith("https://")
            return https and bool(markup.SAFE_URL.fullmatch(value))
        case _:
            return isinstance(value, str) and bool(value.strip()) and not markup.forbidden(value)


def _is_name(name: Any) -> bool:
    """Whether a value is a person or a body: texts, with a family name or a literal one among them."""
    if not isinstance(name, dict) or not all(isinstance(part, str) for part in name.values()):
        return False
    return bool(name.get("family") or name.get("literal"))


def _is_date(parts: Any) -> bool:
    """Whether a value is a year, a year and a month, or a whole date, in numbers."""
    if not (isinstance(parts, list) and parts and all(isinstance(part, int) for part in parts)):
        return False
    year, month, day, *more = [*cast("list[int]", parts), 1, 1][: max(3, len(parts))]
    return year > 0 and 1 <= month <= 12 and 1 <= day <= 31 and not more  # noqa: PLR2004
