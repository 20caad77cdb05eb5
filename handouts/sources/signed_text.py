"""The text that a signature is of: its digest, the copy that is kept of it, and what has changed since."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from handouts.files import read_text
from handouts.model import Handout
from handouts.sources.catalogs import Catalog

Words = tuple[str, str]  # English and translation of a message


@dataclass(frozen=True)
class Change:
    """A message that is no longer what was signed: English and translation then, and now."""

    id: str
    what: str
    before: Words
    now: Words


def text_digest(handout: Handout, catalog: Catalog | None) -> str:
    """Return 16 hex of SHA-256 over NFC of id, English and translation of the messages, in order."""
    return _digest(part for row in _rows(handout, catalog) for part in row)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256(unicodedata.normalize("NFC", "\0".join(parts)).encode()).hexdigest()[:16]


def signed_text_file(tag: str, digest: str) -> str:
    """Return where the text that was signed is kept, below the project."""
    return f"locales/{tag}/signed/{digest}.json"


def signed_text(handout: Handout, catalog: Catalog | None) -> str:
    """Return what is kept of a text when it is signed: id, English and translation of every message, as JSON."""
    lines = [json.dumps(row, ensure_ascii=False) for row in _rows(handout, catalog)]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def load_signed_text(root: Path, tag: str, digest: str) -> dict[str, Words]:
    """Return the words of a signed text by message id; nothing where its copy is lost or is not that text."""
    text, _ = read_text(root / signed_text_file(tag, digest), root)
    try:
        rows = json.loads(text or "")
        words = {row[0]: (row[1], row[2]) for row in rows}
        intact = _digest(part for row in rows for part in row) == digest
    except (ValueError, TypeError, LookupError, RecursionError):
        return {}
    return words if intact else {}


def changes(signed: Mapping[str, Words], handout: Handout, catalog: Catalog | None) -> list[Change]:
    """Return what has changed since a text was signed; nothing where the signed one is not known."""
    if not signed:
        return []
    now = {row[0]: (row[1], row[2]) for row in _rows(handout, catalog)}
    found = []
    for message_id in dict.fromkeys((*now, *signed)):
        old, new = signed.get(message_id, ("", "")), now.get(message_id, ("", ""))
        if message_id not in now or message_id not in signed:
            found.append(Change(message_id, "gone" if message_id in signed else "new", old, new))
        elif old[0] != new[0]:
            found.append(Change(message_id, "the English changed", old, new))
        elif old[1] != new[1]:
            found.append(Change(message_id, "the translation changed", old, new))
    return found


def _rows(handout: Handout, catalog: Catalog | None) -> list[tuple[str, str, str]]:
    """Return id, English and translation of every message of a handout, in order."""
    messages = catalog.messages if catalog else {}
    return [
        (block.id, block.text, messages[block.id].text if block.id in messages else "")
        for block in handout.blocks()
    ]
