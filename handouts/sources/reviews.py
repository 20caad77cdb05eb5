"""Signatures of people who checked a text, as `reviews.toml` has them, and the records of what they signed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from handouts.characters import has_words
from handouts.files import is_there, read_text
from handouts.model import SOURCE_LANGUAGE
from handouts.problems import Fault, Problem
from handouts.sources.nodes import Node, node_of
from handouts.sources.person_names import name_faults
from handouts.sources.signed_text import Record, record_file, record_from
from handouts.sources.toml import read_toml

S = TypeVar("S")
REVIEW_KINDS = ("language", "clinical", "back-translation", "patient-test")
SIGNATURE_KEYS = ("handout", "region", "kind", "reviewer", "role", "translators", "date", "text")
DIGEST = re.compile("[0-9a-f]{16}|[0-9a-f]{32}")  # the short ones are of the old kind
NO_DIGEST = Fault(
    "invalid-digest", "the digest of the text that was checked is expected here.", "Write its 32 hex digits."
)
# A reviewer may live where it is tomorrow already.
AHEAD = timedelta(days=1)
FIRST = date(2020, 1, 1)  # before it there was nothing to sign


@dataclass(frozen=True)
class Signature:
    """One row of `reviews.toml`: a person checked this text, known by its digest, on a day."""

    handout: str
    region: str
    kind: str
    reviewer: str
    role: str
    translators: tuple[str, ...]
    date: date
    text: str


def locale_folder(tag: str) -> str:
    """Return where everything of a locale is, below the project."""
    return f"locales/{tag}"


def reviews_file(tag: str) -> str:
    """Return where the signatures of a locale are, below the project."""
    return f"{locale_folder(tag)}/reviews.toml"


def load_signatures(
    root: Path, tags: Iterable[str], today: date
) -> tuple[dict[str, tuple[Signature, ...]], list[Problem]]:
    """Return the signatures of every locale, and what is wrong; a row that cannot be read does not count."""
    loaded = {tag: _load(root, tag, today) for tag in tags}
    problems = [problem for _, found in loaded.values() for problem in found]
    return {tag: signatures for tag, (signatures, _) in loaded.items()}, problems


def _load(root: Path, tag: str, today: date) -> tuple[tuple[Signature, ...], list[Problem]]:
    """Return the signatures of one locale, and what is wrong with its file."""
    if not is_there(root / reviews_file(tag)):
        return (), []
    read = partial(_signature, today=today, is_translation=tag != SOURCE_LANGUAGE)
    found, problems = signed_rows(root, reviews_file(tag), "review", read)
    return tuple(found), problems


def signed_rows(root: Path, file: str, head: str, read: Callable[[Node], S]) -> tuple[list[S], list[Problem]]:
    """Return the rows below `[[head]]` of a file, and what is wrong with it; one that cannot be read does not count."""
    document = read_toml(root / file, root)
    rows = document.fields([], [head])[head]
    found = []
    for row in [] if rows.is_missing else rows.items():
        before = len(document.problems)
        each = read(row)
        if len(document.problems) == before:
            found.append(each)
    return found, document.problems


def load_records(root: Path, signatures: Mapping[str, Iterable[Signature]]) -> dict[str, dict[str, Record]]:
    """Return, by locale and digest, the records of what was signed that are whole."""
    return {
        tag: {
            digest: record
            for digest in {s.text for s in of}
            if (record := load_record(root, locale_folder(tag), digest))
        }
        for tag, of in signatures.items()
    }


def load_record(root: Path, folder: str, digest: str) -> Record | None:
    """Return the record of what was signed in a folder of the project, or None where it is missing or not whole."""
    text, _ = read_text(root / record_file(folder, digest), root)
    return None if text is None else record_from(text, digest)


def signature_row(signature: Signature) -> dict[str, Any]:
    """Return a signature by its keys, as its record keeps it."""
    named = {"translators": list(signature.translators), "date": signature.date.isoformat()}
    return {key: getattr(signature, key) for key in SIGNATURE_KEYS} | named


def row_faults(row: Mapping[str, Any], today: date, *, is_translation: bool = True) -> list[Fault]:
    """Return what is wrong with one signature, as reviews.toml would have it, on that day; a translation has translators."""
    return faults_of(row, lambda node: _signature(node, today, is_translation=is_translation))


def faults_of(row: Mapping[str, Any], read: Callable[[Node], object]) -> list[Fault]:
    """Return what is wrong with a row that is not in a file yet, as its reader finds it; each names its key."""
    places = dict(enumerate(row, start=2))  # as if each key had a line of its own
    node = Node(node_of(row, {(key,): line for line, key in places.items()}), "", [])
    read(node)
    named = {
        problem: f"“{places[problem.line]}”: " if problem.line in places else "" for problem in node.problems
    }
    return [Fault(problem.code, f"{name}{problem.what}", problem.fix) for problem, name in named.items()]


def _signature(node: Node, today: date, *, is_translation: bool) -> Signature:
    """Return a signature; what is wrong with it is noted."""
    parts = node.fields(SIGNATURE_KEYS)
    names = {key: name_of(key, parts[key]) for key in ("handout", "region", "role")}
    reviewer = name_of("reviewer", parts["reviewer"], is_person=True)
    return Signature(
        **names,
        reviewer=reviewer,
        kind=parts["kind"].choice(REVIEW_KINDS, REVIEW_KINDS[0]),
        translators=_translators(parts["translators"], is_translation=is_translation),
        date=reviewed_on(parts["date"], today),
        text=parts["text"].shaped(DIGEST, NO_DIGEST),
    )


def name_of(key: str, node: Node, *, is_person: bool = False) -> str:
    """Return a name of something or of a person, which stands at a key; one of marks alone is none."""
    name = node.text()
    if name and not has_words(name):
        node.problem("invalid-name", "a name is expected here.", f'Write it as {key} = "…".')
    elif name and is_person:
        _note_person(name, node)
    return name


def _note_person(name: str, node: Node) -> None:
    """Note what keeps a name from being that of a person."""
    for fault in name_faults(name):
        node.fault(fault)


def _translators(node: Node, *, is_translation: bool) -> tuple[str, ...]:
    """Return the names of the translators; a translation has some."""
    before = len(node.problems)
    names = node.texts()
    if is_translation and not names and len(node.problems) == before:
        fix = "Name who translated it: only then can it be told whether the reviewer is another person."
        node.problem("missing-translator", "no one is named as the translator.", fix)
    for name in filter(None, names):
        _note_person(name, node)
    return names


def reviewed_on(node: Node, today: date) -> date:
    """Return the day on which something was checked: not in the future, and not before there was anything to sign."""
    day = node.day() or today
    if day > today + AHEAD:
        node.problem("date-in-future", "the date lies in the future.", "Write the day on which it was done.")
    elif day < FIRST:
        what = f"the date {day} lies before there was anything to sign."
        node.problem("date-too-early", what, "Write the day on which it was done.")
    return day
