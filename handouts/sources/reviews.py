"""Signatures of people who checked a text, and the state of a handout in a locale that follows from them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from handouts.markup import forbidden
from handouts.model import SOURCE_LANGUAGE, Handout, Locale, State
from handouts.problems import Fault, Problem, did_you_mean, in_file, located
from handouts.sources.catalogs import Catalog
from handouts.sources.signed_text import text_digest
from handouts.sources.toml import read_toml
from handouts.sources.translate import usable

REVIEW_KINDS = ("language", "clinical", "back-translation", "patient-test")
NEEDED = ("clinical", "language")
KEYS = ("handout", "region", "kind", "reviewer", "role", "translators", "date", "text")
DIGEST = re.compile("[0-9a-f]{16}")
# A reviewer may live where it is tomorrow already.
AHEAD = timedelta(days=1)


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
    if not (root / file).exists():
        return (), []
    data, problems = read_toml(root / file, root)
    rows = (data or {}).get("review", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        what = "“review” must be a list of signatures."
        return (), [in_file("list-expected", file, what, "Begin each one with [[review]].")]
    signatures = []
    for number, row in enumerate(rows, start=1):
        faults = row_faults(row, today)
        problems += [located(fault, file, item=f"review {number}") for fault in faults]
        if not faults:
            signatures.append(Signature(**{**row, "translators": tuple(row["translators"])}))
    return tuple(signatures), problems


def row_faults(row: Mapping[str, Any], today: date) -> list[Fault]:
    """Return what is wrong with one signature, as reviews.toml has it, on that day."""
    return [
        *_key_faults(row),
        *(fault for key in KEYS if key in row for fault in _value_faults(key, row[key], today)),
    ]


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
            if not (isinstance(value, str) and value.strip() and not forbidden(value)):
                fix = f'Write it as {key} = "…", in letters that can be seen.'
                yield Fault("invalid-name", f"“{key}” must be a name.", fix)
        case "text":
            if not (isinstance(value, str) and DIGEST.fullmatch(value)):
                what = "“text” must be the digest of the text that was checked."
                yield Fault("invalid-digest", what, "Write its 16 hex digits.")
        case "date":
            yield from _date_faults(value, today)
        case "translators":
            if not (isinstance(value, list) and all(isinstance(name, str) for name in value)):
                what = "“translators” must be a list of names."
                yield Fault("invalid-names", what, 'Write it as translators = ["name"].')


def _date_faults(value: Any, today: date) -> Iterator[Fault]:
    """Yield what is wrong with the day of a signature."""
    if not isinstance(value, date) or isinstance(value, datetime):
        fix = "Write it as date = 2026-11-23, without quotes."
        yield Fault("invalid-date", "“date” must be a day.", fix)
    elif value > today + AHEAD:
        yield Fault("date-in-future", "the date lies in the future.", "Write the day of the review.")


def name_key(name: str) -> str:
    """Return a name as two are compared: in one case and one spelling of accents, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def is_independent(signature: Signature, locale: Locale) -> bool:
    """Whether a signature counts: its reviewer is not one of the translators."""
    translators = (*signature.translators, *locale.translators)
    return name_key(signature.reviewer) not in set(map(name_key, translators))


def review_state(
    handout: Handout, locale: Locale, catalog: Catalog | None, signatures: Iterable[Signature]
) -> State:
    """Return the state of a handout for its region in a locale, computed from what was signed.

    approved: a language review and a clinical review of this very text, by two people, neither of them a
    translator of it (the English needs the clinical one alone). reviewed: one of the two. stale: signed, but not as
    the text is now. missing: nothing is translated. Otherwise draft.
    """
    own = [s for s in signatures if (s.handout, s.region) == (handout.slug, handout.region.code)]
    now = text_digest(handout, catalog)
    complete = catalog is None or all(
        usable(b, catalog.messages.get(b.id)) for b in handout.blocks() if b.text and not b.optional
    )
    valid = [s for s in own if s.text == now and is_independent(s, locale)]
    clinical, language = ({name_key(s.reviewer) for s in valid if s.kind == kind} for kind in NEEDED)
    source = locale.tag == SOURCE_LANGUAGE
    two = len(clinical | language) > 1 and language
    if complete and clinical and (source or two):
        return "approved"
    if clinical or (language and not source):
        return "reviewed"
    if own and all(s.text != now for s in own):
        return "stale"
    if catalog is not None and not any(usable(b, catalog.messages.get(b.id)) for b in handout.blocks()):
        return "missing"
    return "draft"
