"""Signatures of people who checked a text, and the state of a handout in a locale that follows from them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from handouts.characters import has_words
from handouts.files import is_there
from handouts.model import SOURCE_LANGUAGE, Handout, Locale, State
from handouts.problems import Fault, Problem
from handouts.sources.catalogs import Catalog
from handouts.sources.nodes import Node, node_of
from handouts.sources.signed_text import text_digest
from handouts.sources.toml import read_toml
from handouts.sources.translate import usable

REVIEW_KINDS = ("language", "clinical", "back-translation", "patient-test")
NEEDED = ("clinical", "language")
KEYS = ("handout", "region", "kind", "reviewer", "role", "translators", "date", "text")
DIGEST = re.compile("[0-9a-f]{16}")
NO_DIGEST = Fault(
    "invalid-digest", "the digest of the text that was checked is expected here.", "Write its 16 hex digits."
)
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
    if not is_there(root / reviews_file(tag)):
        return (), []
    document = read_toml(root / reviews_file(tag), root)
    rows = document.fields([], ["review"])["review"]
    signatures = []
    for row in [] if rows.is_missing else rows.items():
        before = len(document.problems)
        signature = _signature(row, today)
        if len(document.problems) == before:
            signatures.append(signature)
    return tuple(signatures), document.problems


def row_faults(row: Mapping[str, Any], today: date) -> list[Fault]:
    """Return what is wrong with one signature, as reviews.toml would have it, on that day."""
    places = dict(enumerate(row, start=2))  # as if each key had a line of its own
    node = Node(node_of(row, {(key,): line for line, key in places.items()}), "", [])
    _signature(node, today)
    named = {
        problem: f"“{places[problem.line]}”: " if problem.line in places else "" for problem in node.problems
    }
    return [Fault(problem.code, f"{name}{problem.what}", problem.fix) for problem, name in named.items()]


def _signature(node: Node, today: date) -> Signature:
    """Return a signature; what is wrong with it is noted."""
    parts = node.fields(KEYS)
    names = {key: _name(key, parts[key]) for key in ("handout", "region", "reviewer", "role")}
    day = parts["date"].day() or today
    if day > today + AHEAD:
        parts["date"].problem(
            "date-in-future", "the date lies in the future.", "Write the day of the review."
        )
    return Signature(
        **names,
        kind=parts["kind"].choice(REVIEW_KINDS, REVIEW_KINDS[0]),
        translators=parts["translators"].texts(),
        date=day,
        text=parts["text"].shaped(DIGEST, NO_DIGEST),
    )


def _name(key: str, node: Node) -> str:
    """Return a name of something or someone; one of marks alone is none."""
    name = node.text()
    if name and not has_words(name):
        node.problem("invalid-name", "a name is expected here.", f'Write it as {key} = "…".')
    return name


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
