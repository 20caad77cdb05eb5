"""The project's sources with one thing changed, for tests that need a fault, a gap or another place to write to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from handouts.sources.load import Sources


def with_message(sources: Sources, tag: str, message_id: str, **changes: Any) -> Sources:
    """Return the sources with one message of a locale changed: its `text`, `fuzzy`, `source` or `previous`."""
    catalog = sources.catalogs[tag]
    message = replace(catalog.messages[message_id], **changes)
    changed = replace(catalog, messages={**catalog.messages, message_id: message})
    return replace(sources, catalogs={**sources.catalogs, tag: changed})


def without_translators(sources: Sources, tag: str) -> Sources:
    """Return the sources with a locale that names no translator."""
    locale = replace(sources.locales[tag], translators=())
    return replace(sources, locales={**sources.locales, tag: locale})


def written_to(sources: Sources, root: Path) -> Sources:
    """Return the sources as those of another folder, so that nothing is written into the project."""
    return replace(sources, root=root)
