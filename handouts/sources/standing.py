"""Which signatures count today and why others do not, the state of a text that follows, and who must still sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from handouts.characters import shown
from handouts.model import Handout, Locale, State
from handouts.problems import Fault
from handouts.sources.catalogs import Catalog
from handouts.sources.person_names import is_same_person
from handouts.sources.reviews import Signature
from handouts.sources.signed_text import DIGEST_DIGITS, Record
from handouts.sources.translate import usable

REVIEWS_NEEDED: Mapping[str, str] = {"language": "a language reviewer", "clinical": "a clinician"}
OLD_KIND = Fault(
    "signature-of-old-kind",
    "it is from a version of this program in which a signature covered less.",
    "Have the text signed again, as it is now.",
    severity="warning",
)
NO_RECORD = Fault(
    "record-missing",
    "the record of what was signed is missing from signed/, or was changed.",
    "Put the record back, or take the signature out and have the text signed again.",
)


def doubt(row: Mapping[str, Any], record: Record | None) -> Fault | None:
    """Return why a signature cannot be believed, or None: the record of its `text` must be whole, and contain this very signature."""
    if len(row["text"]) < DIGEST_DIGITS:
        return OLD_KIND
    if record is None:
        return NO_RECORD
    if row in record.signatures:
        return None
    closest = max(
        record.signatures, key=lambda each: sum(each.get(key) == row[key] for key in row), default={}
    )
    differing = [key for key, value in row.items() if closest.get(key) != value]
    told = "; ".join(
        f"{key}: “{_shown(row[key])}” here, “{_shown(closest.get(key, ''))}” in the record"
        for key in differing
    )
    what = f"it is not what was signed: {told}." if closest else "its record holds no signature."
    fix = "Put it back as the record has it, or take it out and have the text signed again."
    return Fault("signature-changed", what, fix)


def _shown(value: object) -> str:
    """Return a value of a row, safe to quote in a message."""
    return shown(", ".join(map(str, value)) if isinstance(value, list) else str(value))


def is_independent(signature: Signature, locale: Locale) -> bool:
    """Whether the reviewer is none of the translators: neither of those named in the signature nor of those in locale.toml."""
    translators = (*signature.translators, *locale.translators)
    return not any(is_same_person(signature.reviewer, name) for name in translators)


def is_complete(handout: Handout, catalog: Catalog | None) -> bool:
    """Whether every message is translated; the patterns of the reference list may be left out."""
    return catalog is None or all(
        usable(b, catalog.messages.get(b.id)) for b in handout.blocks() if b.text and not b.optional
    )


def unsigned_state(handout: Handout, catalog: Catalog | None) -> State:
    """Return the state of a text that nobody has signed."""
    if catalog is None or any(usable(b, catalog.messages.get(b.id)) for b in handout.blocks()):
        return "draft"
    return "missing"


def missing_reviews(counting: Iterable[Signature], *, translated: bool) -> tuple[str, ...]:
    """Return who must still sign, as in “a clinician other than Lan Pham”; no one where the signatures that count suffice.

    Needed are a language review and a clinical one, by two people. `translated` says that there is a translator, who
    cannot be one of them.
    """
    by = _names_by_kind(counting)
    if any(not is_same_person(one, other) for one in by["language"] for other in by["clinical"]):
        return ()
    lacking = [kind for kind in REVIEWS_NEEDED if not by[kind]]
    signed = [name for kind in REVIEWS_NEEDED for name in by[kind]]
    if not signed:
        rest = " who is not the translator" if translated else ""
        return tuple(f"{each}{rest}" for each in REVIEWS_NEEDED.values())
    # Where several have signed, whoever comes is another person than one of them.
    alone = all(is_same_person(signed[0], name) for name in signed)
    others = [*([signed[0]] if alone else []), *(["the translator"] if translated else [])]
    who = " or ".join(REVIEWS_NEEDED[kind] for kind in lacking or REVIEWS_NEEDED)
    return (f"{who} other than {' and '.join(others)}" if others else who,)


def _names_by_kind(signatures: Iterable[Signature]) -> dict[str, list[str]]:
    """Return the reviewers by kind of review, with an empty list for each needed kind that nobody has signed."""
    found: dict[str, list[str]] = {kind: [] for kind in REVIEWS_NEEDED}
    for signature in signatures:
        found.setdefault(signature.kind, []).append(signature.reviewer)
    return found


def state_of(
    handout: Handout,
    catalog: Catalog | None,
    own: Sequence[Signature],
    counting: Sequence[Signature],
    now: str,
) -> State:
    """Return the state of a handout for its region in a locale.

    `own` are all signatures of it, `counting` those that count, `now` is the digest of the text as it is.

    approved: a language review and a clinical review of all that is printed now, by two people, neither of them a
    translator of it. reviewed: one of the two. stale: signed, but not as it is now. missing: nothing is translated.
    Otherwise draft.
    """
    if is_complete(handout, catalog) and not missing_reviews(counting, translated=False):
        return "approved"
    if any(signature.kind in REVIEWS_NEEDED for signature in counting):
        return "reviewed"
    if own and all(signature.text != now for signature in own):
        return "stale"
    return unsigned_state(handout, catalog)
