"""What a signature is of: rows with names, their digest, the record that is kept of them, and what has changed since."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handouts import markup
from handouts.memory import digest_of_texts

# Its kind, its name, then what it says: a message has its English and its translation, a line of a page and a rule of
# its styles nothing beside themselves, every other row one value.
Row = tuple[str, ...]
NEW, GONE, ENGLISH = "new", "gone", "the English changed"
DIGEST_OF = "sha256 "  # a long value, such as a drawing, is kept as its digest
# Rows that say nothing beside themselves: a line of a page, a rule of its styles. Where a changed value says why they
# are otherwise, they are not told again.
PRINTED_KINDS = ("printed", "style")
LONGEST_KEPT = 300  # letters of a value that is kept whole
DIGEST_DIGITS = 32  # hex digits of a digest; those of 16 covered the messages alone


@dataclass(frozen=True)
class Change:
    """A value that has changed since it was signed.

    `before` and `now` are what it said and says: two texts of a message (English, translation), one of anything else,
    none where it is not there.
    """

    id: str
    what: str
    before: tuple[str, ...]
    now: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as a person reads it: “region-au.lifeline.call: 13 11 14 → 13 11 15”."""
        before, now = (
            texts[0 if self.what == ENGLISH else -1] if texts else "" for texts in (self.before, self.now)
        )
        if DIGEST_OF in before + now:
            return f"{self.id}: {self.what}"
        if self.what in {NEW, GONE}:
            return f"{self.id}: {self.what}: {before or now}"
        return f"{self.id}: {before or 'nothing'} → {now or 'nothing'}"


def kept_value(text: str) -> str:
    """Return a value as it is kept: whole, or the digest of a long one."""
    return text if len(text) <= LONGEST_KEPT else f"{DIGEST_OF}{digest_of_texts([text])}"


def digest_of(rows: Iterable[Row]) -> str:
    """Return 32 hex of SHA-256 over the rows in order, their letters in NFC."""
    composed = [[unicodedata.normalize("NFC", part) for part in row] for row in rows]
    text = json.dumps(composed, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_DIGITS]


def record_file(folder: str, digest: str) -> str:
    """Return where the record of what was signed in a folder is kept, below the project."""
    return f"{folder}/signed/{digest}.json"


@dataclass(frozen=True)
class Record:
    """What is kept of a signed text: its rows, and the signatures that were given to it, by their keys."""

    rows: tuple[Row, ...]
    signatures: tuple[Mapping[str, Any], ...] = ()

    def text(self) -> str:
        """Return it as JSON, a row a line, so that a change of it can be read."""
        parts = []
        for name, lines in (("signatures", self.signatures), ("rows", self.rows)):
            listed = ",\n".join(json.dumps(each, ensure_ascii=False) for each in lines)
            parts.append(f'"{name}": [\n{listed}\n]')
        return "{\n" + ",\n".join(parts) + "\n}\n"


def record_from(text: str, digest: str) -> Record | None:
    """Return the record that a file holds, or None where it is none, or not that of this digest."""
    try:
        held = json.loads(text)
        rows = tuple(tuple(row) for row in held["rows"])
        signatures = tuple(dict(each) for each in held["signatures"])
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    whole = all(len(row) > 1 and all(isinstance(part, str) for part in row) for row in rows)
    return Record(rows, signatures) if whole and digest_of(rows) == digest else None


def changes(then: Sequence[Row], now: Sequence[Row]) -> tuple[Change, ...]:
    """Return what has changed between two texts, in the order of the later one.

    Lines and rules are left out where a changed value says why; that a page is made otherwise is told where nothing
    else is.
    """
    before, after = _by_name(then), _by_name(now)
    found = [
        _change(key, before.get(key, ()), after.get(key, ()))
        for key in dict.fromkeys((*after, *before))
        if before.get(key) != after.get(key)
    ]
    causes = [change for kind, change in found if kind not in {*PRINTED_KINDS, "page"}]
    lines = [change for kind, change in found if kind in PRINTED_KINDS and not _is_explained(change, causes)]
    pages = [change for kind, change in found if kind == "page"]
    return tuple([*causes, *lines] or pages)


def _by_name(rows: Iterable[Row]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what rows say by kind and name."""
    return {(kind, name): tuple(values) or (name,) for kind, name, *values in rows}


def _change(key: tuple[str, str], before: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, Change]:
    """Return the kind of a row, and the change of it."""
    kind, name = key
    if kind in PRINTED_KINDS:
        return kind, Change(kind, NEW if now else GONE, before or (), now or ())
    if not before or not now:
        what = GONE if before else NEW
    elif kind == "message":
        what = ENGLISH if before[0] != now[0] else "the translation changed"
    else:
        what = "changed"
    return kind, Change(name, what, before, now)


def _is_explained(line: Change, causes: Iterable[Change]) -> bool:
    """Whether a line or a rule that is another holds what a changed value said before, or says now."""
    text = _closed("".join((*line.before, *line.now)))
    said = (part for cause in causes for part in (cause.before if line.what == GONE else cause.now))
    return any(words and all(_closed(word) in text for word in words) for words in map(_words, said))


def _closed(text: str) -> str:
    """Return a text without spaces: a number is dialled without them."""
    return "".join(text.split())


def _words(text: str) -> Sequence[str]:
    """Return the words of a value as they are printed, without marks, and without what is put into them."""
    words: Iterator[str] = (
        each.value for each in markup.walk_spans(markup.parse_markup(text)) if each.kind == "text"
    )
    return [part.strip() for each in words for part in re.split(r"[{}]", each) if part.strip()]


def plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as a record keeps it, in JSON: a day is a text."""
    return {key: each.isoformat() if isinstance(each, date) else each for key, each in row.items()}
