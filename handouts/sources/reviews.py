"""Signatures of people who checked a text, as `reviews.toml` has them, and the records of what they signed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from handouts.files import read_text
from handouts.markup import forbidden
from handouts.model import SOURCE_LANGUAGE
from handouts.problems import Fault, Problem, did_you_mean, in_file, located
from handouts.sources.person_names import name_faults
from handouts.sources.signed_text import Record, record_file, record_from
from handouts.sources.toml import read_toml

REVIEW_KINDS = ("language", "clinical", "back-translation", "patient-test")
KEYS = ("handout", "region", "kind", "reviewer", "role", "translators", "date", "text")
DIGEST = re.compile("[0-9a-f]{16}|[0-9a-f]{32}")  # the short ones are of the old kind
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


def reviews_file(tag: str) -> str:
    """Return where the signatures of a locale are, below the project."""
    return f"locales/{tag}/reviews.toml"


def load_signatures(
    root: Path, tags: Iterable[str], today: date
) -> tuple[dict[str, tuple[Signature, ...]], list[Problem]]:
    """Return the signatures of every locale, and what is wrong; a row that cannot be read does not count."""
    loaded = {tag: _load(root, tag, today) for tag in tags}
    problems = [problem for _, found in loaded.values() for problem in found]
    return {tag: signatures for tag, (signatures, _) in loaded.items()}, problems


def _load(root: Path, tag: str, today: date) -> tuple[tuple[Signature, ...], list[Problem]]:
    """Return the signatures of one locale, and what is wrong with its file."""
    file = reviews_file(tag)
    if not os.path.lexists(root / file):  # a link that leads nowhere is told
        return (), []
    data, problems = read_toml(root / file, root)
    rows = (data or {}).get("review", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        what = "“review” must be a list of signatures."
        return (), [in_file("list-expected", file, what, "Begin each one with [[review]].")]
    signatures = []
    for number, row in enumerate(rows, start=1):
        faults = row_faults(row, today, is_translation=tag != SOURCE_LANGUAGE)
        problems += [located(fault, file, item=f"review {number}") for fault in faults]
        if not faults:
            signatures.append(Signature(**{**row, "translators": tuple(row["translators"])}))
    return tuple(signatures), problems


def load_records(root: Path, signatures: Mapping[str, Iterable[Signature]]) -> dict[str, dict[str, Record]]:
    """Return, by locale and digest, the records of what was signed that are whole."""
    return {
        tag: {digest: record for digest in {s.text for s in of} if (record := load_record(root, tag, digest))}
        for tag, of in signatures.items()
    }


def load_record(root: Path, tag: str, digest: str) -> Record | None:
    """Return the record of a signed text, or None where it is missing or not whole."""
    text, _ = read_text(root / record_file(tag, digest), root)
    return None if text is None else record_from(text, digest)


def row_of(signature: Signature) -> dict[str, Any]:
    """Return a signature by its keys, as its record keeps it."""
    named = {"translators": list(signature.translators), "date": signature.date.isoformat()}
    return {key: getattr(signature, key) for key in KEYS} | named


def row_faults(row: Mapping[str, Any], today: date, *, is_translation: bool = True) -> list[Fault]:
    """Return what is wrong with one signature, as reviews.toml has it, on that day; a translation has translators."""
    found = [
        *_key_faults(row),
        *(fault for key in KEYS if key in row for fault in _value_faults(key, row[key], today)),
    ]
    if is_translation and row.get("translators") == []:
        fix = "Name who translated it: only then can it be told whether the reviewer is another person."
        found.append(Fault("translator-unknown", "no one is named as the translator.", fix))
    return found


def _key_faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the keys that are missing, and those that are not known."""
    for key in KEYS:
        if key not in row:
            yield Fault("missing-key", f"the key “{key}” is missing.", f"Add “{key} = …”.")
    for key in row:
        if key not in KEYS:
            yield Fault("unknown-key", f"the key “{key}” is not known here.", did_you_mean(key, KEYS))


def _value_faults(key: str, value: Any, today: date) -> Iterator[Fault]:
    """Yield what is wrong with one value of a signature."""
    match key:
        case "kind":
            if value not in REVIEW_KINDS:
                fix = did_you_mean(str(value), REVIEW_KINDS)
                yield Fault("unknown-review-kind", f"“{value}” is not a kind of review.", fix)
        case "handout" | "region" | "reviewer" | "role":
            yield from _name_faults(key, value)
        case "text":
            if not (isinstance(value, str) and DIGEST.fullmatch(value)):
                what = "“text” must be the digest of the text that was checked."
                yield Fault("invalid-digest", what, "Write its 32 hex digits.")
        case "date":
            yield from _date_faults(value, today)
        case "translators":
            if isinstance(value, list) and all(isinstance(name, str) and name.strip() for name in value):
                yield from (fault for name in value for fault in name_faults(name))
            else:
                what = "“translators” must be a list of names."
                yield Fault("invalid-names", what, 'Write it as translators = ["name"].')


def _name_faults(key: str, value: Any) -> Iterator[Fault]:
    """Yield what is wrong with a name; with the reviewer's, also what no person's name has."""
    if not (isinstance(value, str) and value.strip() and not forbidden(value)):
        fix = f'Write it as {key} = "…", in letters that can be seen.'
        yield Fault("invalid-name", f"“{key}” must be a name.", fix)
    elif key == "reviewer":
        yield from name_faults(value)


def _date_faults(value: Any, today: date) -> Iterator[Fault]:
    """Yield what is wrong with the day of a signature."""
    if not isinstance(value, date) or isinstance(value, datetime):
        fix = "Write it as date = 2026-11-23, without quotes."
        yield Fault("invalid-date", "“date” must be a day.", fix)
    elif value > today + AHEAD:
        yield Fault("date-in-future", "the date lies in the future.", "Write the day of the review.")
    elif value < FIRST:
        what = f"the date {value} lies before there was anything to review."
        yield Fault("date-too-early", what, "Write the day of the review.")
