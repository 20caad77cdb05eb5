"""Digest, signatures and the computed state of a handout in a locale."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from handouts.markup import forbidden
from handouts.model import SOURCE_LANGUAGE, Handout, Locale, State
from handouts.problems import Problem, did_you_mean
from handouts.sources.catalogs import Catalog
from handouts.sources.translate import usable
from handouts.sources.yaml import read_text

KINDS = ("language", "clinical", "back-translation", "patient-test")
NEEDED = ("clinical", "language")
KEYS = ("handout", "region", "kind", "reviewer", "role", "translators", "date", "text")


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


@dataclass(frozen=True)
class Change:
    """A message that is no longer what was signed: English and translation then, and now."""

    id: str
    what: str
    before: tuple[str, str]
    now: tuple[str, str]


def digest(handout: Handout, catalog: Catalog | None) -> str:
    """Return 16 hex of SHA-256 over NFC of id, English and translation of the messages, in order."""
    return _hash(part for row in _rows(handout, catalog) for part in row)


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256(unicodedata.normalize("NFC", "\0".join(parts)).encode()).hexdigest()[:16]


def record_file(tag: str, text: str) -> str:
    """Return where the text that was signed is kept, by its digest."""
    return f"locales/{tag}/signed/{text}.json"


def record(handout: Handout, catalog: Catalog | None) -> str:
    """Return what is kept of a signed text: id, English and translation of every message, in order."""
    lines = [json.dumps(row, ensure_ascii=False) for row in _rows(handout, catalog)]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _rows(handout: Handout, catalog: Catalog | None) -> list[list[str]]:
    """Return id, English and translation of every message of a handout, in order."""
    found = []
    for block in handout.blocks():
        message = catalog.messages.get(block.id) if catalog else None
        found.append([block.id, block.text, message.text if message else ""])
    return found


def changes(
    root: Path, tag: str, signature: Signature, handout: Handout, catalog: Catalog | None
) -> list[Change]:
    """Return what has changed since a text was signed; nothing where its record is lost or not that text."""
    try:
        rows = json.loads((root / record_file(tag, signature.text)).read_text(encoding="utf-8"))
        before = {row[0]: (row[1], row[2]) for row in rows}
        sound = _hash(part for row in rows for part in row) == signature.text
    except (OSError, ValueError, TypeError, IndexError, KeyError):
        return []
    now = {row[0]: (row[1], row[2]) for row in _rows(handout, catalog)}
    if not sound:
        return []
    found = []
    for block_id in dict.fromkeys((*now, *before)):
        old, new = before.get(block_id, ("", "")), now.get(block_id, ("", ""))
        if block_id not in now or block_id not in before:
            found.append(Change(block_id, "gone" if block_id in before else "new", old, new))
        elif old[0] != new[0]:
            found.append(Change(block_id, "the English changed", old, new))
        elif old[1] != new[1]:
            found.append(Change(block_id, "the translation changed", old, new))
    return found


def load_signatures(
    root: Path, tags: Iterable[str], problems: list[Problem]
) -> dict[str, tuple[Signature, ...]]:
    """Return the signatures of every locale; a row that cannot be read is a problem and does not count."""
    return {tag: _load(root, tag, problems) for tag in tags}


def _load(root: Path, tag: str, problems: list[Problem]) -> tuple[Signature, ...]:
    file = f"locales/{tag}/reviews.toml"
    if not (root / file).exists():
        return ()
    try:
        rows = tomllib.loads(read_text(root / file, root, problems) or "").get("review", [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(
            Problem("not-valid-toml", file, f"this is not valid TOML: {error}.", "Mend the line it names.")
        )
        return ()
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problems.append(
            Problem(
                "review-no-list-signatures",
                file,
                "“review” is no list of signatures.",
                "Begin each one with [[review]].",
            )
        )
        return ()
    signatures = []
    for number, row in enumerate(rows, start=1):
        found = row_problems(f"{file}, review {number}", row)
        problems += found
        if not found:
            signatures.append(Signature(**{**row, "translators": tuple(row["translators"])}))
    return tuple(signatures)


def row_problems(where: str, row: dict[str, Any]) -> list[Problem]:
    """Return what is wrong with one signature."""
    found = [
        Problem("key-missing", where, f"the key “{key}” is missing.", f"Add “{key} = …”.")
        for key in KEYS
        if key not in row
    ]
    found += [
        Problem("key-not-known", where, f"the key “{key}” is not known here.", did_you_mean(key, KEYS))
        for key in row
        if key not in KEYS
    ]
    if row.get("kind", KINDS[0]) not in KINDS:
        found.append(
            Problem(
                "no-kind-review",
                where,
                f"“{row['kind']}” is no kind of review.",
                did_you_mean(str(row["kind"]), KINDS),
            )
        )
    for key in ("handout", "region", "reviewer", "role"):
        value = row.get(key, "x")
        if not (isinstance(value, str) and value.strip() and not forbidden(value)):
            found.append(
                Problem(
                    "no-name",
                    where,
                    f"“{key}” is no name.",
                    f'Write it as {key} = "…", in letters that can be seen.',
                )
            )
    if not re.fullmatch("[0-9a-f]{16}", str(row.get("text", "0" * 16))):
        found.append(
            Problem(
                "text-no-digest",
                where,
                "“text” is no digest.",
                "Write the 16 hex digits of the text that was checked.",
            )
        )
    day = row.get("date")
    if (
        isinstance(day, date)
        and not isinstance(day, datetime)
        and day > datetime.now(tz=UTC).date() + timedelta(days=1)
    ):
        found.append(
            Problem("date-lies-future", where, "the date lies in the future.", "Write the day of the review.")
        )
    if not isinstance(row.get("date", date.min), date) or isinstance(row.get("date"), datetime):
        found.append(
            Problem(
                "date-no-date",
                where,
                "the date is no date.",
                "Write it as date = 2026-11-23, without quotes.",
            )
        )
    names = row.get("translators", [])
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        found.append(
            Problem(
                "translators-no-list",
                where,
                "“translators” is no list.",
                'Write it as translators = ["name"].',
            )
        )
    return found


def same_name(name: str) -> str:
    """Return a name as it is compared: in one case and one spelling of accents, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def counts(signature: Signature, locale: Locale) -> bool:
    """Whether a signature counts: its reviewer is none of the translators."""
    translators = (*signature.translators, *locale.translators)
    return same_name(signature.reviewer) not in set(map(same_name, translators))


def state(
    handout: Handout, locale: Locale, catalog: Catalog | None, signatures: Iterable[Signature]
) -> State:
    """Return the state of a handout for its region in a locale, computed from what was signed.

    approved: a language review and a clinical review of this very text, by two people, neither of them a
    translator of it (the English needs the clinical one alone). reviewed: one of the two. stale: signed, but not as
    the text is now. missing: nothing is translated. Otherwise draft.
    """
    own = [s for s in signatures if (s.handout, s.region) == (handout.slug, handout.region.code)]
    now = digest(handout, catalog)
    complete = catalog is None or all(
        usable(b, catalog.messages.get(b.id)) for b in handout.blocks() if b.text and not b.optional
    )
    valid = [s for s in own if s.text == now and counts(s, locale)]
    clinical, language = ({same_name(s.reviewer) for s in valid if s.kind == kind} for kind in NEEDED)
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
