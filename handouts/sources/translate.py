"""A handout and a catalog become the handout in a locale, with what is missing or fuzzy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handouts.model import Block, Handout, Locale
from handouts.sources.catalogs import Catalog, Message


@dataclass(frozen=True)
class Translation:
    """A handout in a locale.

    `missing` and `fuzzy` are ids of messages that print in English, the fuzzy ones because their English has changed
    since or a translator wants to look again; `total` counts all that there are to translate.
    """

    handout: Handout
    missing: tuple[str, ...]
    fuzzy: tuple[str, ...]
    total: int


def usable(block: Block, message: Message | None) -> bool:
    """Whether a message may be printed for a block: translated, not fuzzy, made from this English."""
    return bool(message and message.text and not message.fuzzy and message.source == block.text)


def translated(block: Block, message: Message | None, tag: str) -> Block:
    """Return a block in the words of a message, if they may be printed for it."""
    if message is None or not usable(block, message) or message.text == block.text:
        return block  # The same words, such as the name of a service, are still English, and said to be.
    return replace(block, text=message.text, lang=tag)


def translate(handout: Handout, catalog: Catalog | None, locale: Locale, *, approved: bool) -> Translation:
    """Return the handout in `locale`.

    What is missing or fuzzy keeps its English, and its language says so. While the translation is
    not approved, every safety block carries the English to print beside it.
    """
    if catalog is None:
        return Translation(handout, (), (), _total(handout))
    missing: list[str] = []
    fuzzy: list[str] = []
    # The patterns of the reference list: all, or none; and none where the works' own direction is another.
    with_patterns = locale.direction == "ltr" and all(
        usable(block, catalog.messages.get(block.id)) for block in handout.patterns.values()
    )

    def change(block: Block) -> Block:
        message = catalog.messages.get(block.id)
        if not block.text:
            return block
        if block.optional:
            return replace(block, text=message.text, lang=locale.tag) if with_patterns and message else block
        if message is None or not usable(block, message):
            (fuzzy if message and message.text else missing).append(block.id)
            return block
        own = translated(block, message, locale.tag)
        english = block.text if block.safety and not approved else ""
        return own if own is block else replace(own, english=english)

    return Translation(handout.map_text(change), tuple(missing), tuple(fuzzy), _total(handout))


def _total(handout: Handout) -> int:
    """Return how many messages of a handout there are to translate."""
    return sum(bool(block.text) and not block.optional for block in handout.blocks())
