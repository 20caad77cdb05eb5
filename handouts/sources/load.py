"""Everything a person wrote, read once: content, locales, catalogs, signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from handouts.memory import remembered
from handouts.model import SOURCE_LANGUAGE, Block, Handout, Locale, State
from handouts.problems import Problem
from handouts.sources.catalogs import Catalog, load_catalogs, source_blocks
from handouts.sources.content import Content, load_content
from handouts.sources.glossary import Glossary, load_glossary
from handouts.sources.locales import load_locales, match_locale
from handouts.sources.reviews import Signature, digest, load_signatures, state
from handouts.sources.translate import Translation, translate


@dataclass(frozen=True, eq=False)
class Sources:
    """All sources, and what follows from them. There is one of it in a run: it remembers answers."""

    root: Path
    content: Content
    locales: Mapping[str, Locale]
    catalogs: Mapping[str, Catalog]
    signatures: Mapping[str, tuple[Signature, ...]]
    glossary: Glossary = ()

    @property
    def is_whole(self) -> bool:
        """Whether enough was read to check it: every part of the content, and the source locale."""
        content = self.content
        parts = (
            content.drafts,
            content.regions,
            content.words,
            content.patterns,
            content.references,
            self.locales,
        )
        return all(parts) and SOURCE_LANGUAGE in self.locales and "crisis-call" in content.words

    @property
    def source(self) -> Locale:
        """Return the locale that everything is written in first."""
        return self.locales[SOURCE_LANGUAGE]

    def match(self, tag: str) -> str | None:
        """Return the locale that serves a reader of `tag`, or None; one that is there and broken has no stand-in."""
        broken = tag not in self.locales and (self.root / "locales" / tag).is_dir()
        return None if broken else match_locale(tag, self.locales)

    @remembered
    def blocks(self) -> dict[str, Block]:
        """Return every block there is to translate, by id, in the order a translator meets them."""
        regions = sorted(self.content.regions)
        handouts = (self.content.handout(slug, r) for slug in self.content.drafts for r in regions)
        return source_blocks(block for handout in handouts for block in handout.blocks())

    @remembered
    def state(self, slug: str, region: str, tag: str) -> State:
        """Return the state of a handout for a region in a locale."""
        handout = self.content.handout(slug, region)
        return state(handout, self.locales[tag], self.catalogs.get(tag), self.signatures.get(tag, ()))

    @remembered
    def digest(self, slug: str, region: str, tag: str) -> str:
        """Return the digest of a handout for a region in a locale, as a review signs it."""
        return digest(self.content.handout(slug, region), self.catalogs.get(tag))

    @remembered
    def translation(self, slug: str, region: str, tag: str, *, twin: bool = False) -> Translation:
        """Return a handout for a region in a locale; safety blocks with their English until approved, or as `twin`."""
        handout: Handout = self.content.handout(slug, region)
        catalog = None if tag == SOURCE_LANGUAGE else self.catalogs[tag]
        approved = self.state(slug, region, tag) == "approved" and not twin
        return translate(handout, catalog, self.locales[tag], approved=approved)


def load_sources(root: Path, problems: list[Problem]) -> Sources:
    """Read everything below `root`; what is wrong is added to `problems`."""
    content = load_content(root, problems)
    locales = load_locales(root, problems)
    return Sources(
        root=root,
        content=content,
        locales=locales,
        catalogs=load_catalogs(root, locales, problems),
        signatures=load_signatures(root, locales, problems),
        glossary=load_glossary(root, problems),
    )
