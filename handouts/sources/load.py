"""Everything a person wrote, read once: content, locales, catalogs, signatures, confirmations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from handouts.memo import memoized
from handouts.memory import Memory
from handouts.model import SOURCE_LANGUAGE, Block, Handout, LineEnds, Locale
from handouts.problems import Problem
from handouts.sources.catalogs import Catalog, load_catalogs, source_blocks
from handouts.sources.clinics import Known, load_clinics
from handouts.sources.codes import NO_CODES, Codes, load_codes
from handouts.sources.confirmations import Confirmation, load_confirmations
from handouts.sources.content import Content, load_content
from handouts.sources.glossary import Glossary, load_glossary
from handouts.sources.heads import OWN_NAMES, Heads, load_heads
from handouts.sources.line_ends import load_line_ends
from handouts.sources.locales import load_locales
from handouts.sources.names import locale_meant, regions_named
from handouts.sources.reviews import Signature, load_records, load_signatures
from handouts.sources.signed_text import Record
from handouts.sources.translate import Translation, translate, translated


@dataclass(frozen=True, eq=False)
class Sources:
    """All sources, and what follows from them. There is one of it in a run: what it computes is kept.

    `broken` are the tags of locales that are there and cannot be used; `records` what was signed, by locale and digest;
    `line_ends` the rules that a new locale of a language begins with; `heads` what the columns of a list are called;
    `confirmations` who has rung or read the numbers of a region or a clinic, by its code or slug; `profiles` the slugs of
    clinics whose profiles were named by a path, by that path as it was typed, empty where it led to none; `codes` are those
    for which OpenEMR offers a handout.
    """

    root: Path
    content: Content
    locales: Mapping[str, Locale]
    catalogs: Mapping[str, Catalog]
    signatures: Mapping[str, tuple[Signature, ...]]
    glossary: Glossary = ()
    broken: frozenset[str] = frozenset()
    records: Mapping[str, Mapping[str, Record]] = field(default_factory=dict)
    line_ends: Mapping[str, LineEnds] = field(default_factory=dict)
    heads: Heads = OWN_NAMES
    confirmations: Mapping[str, tuple[Confirmation, ...]] = field(default_factory=dict)
    profiles: Mapping[str, str] = field(default_factory=dict)
    codes: Codes = NO_CODES

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
            content.desk,
            self.locales,
        )
        return all(parts) and SOURCE_LANGUAGE in self.locales and "crisis-call" in content.words

    @property
    def source(self) -> Locale:
        """Return the locale that everything is written in first."""
        return self.locales[SOURCE_LANGUAGE]

    def match(self, tag: str) -> str | None:
        """Return the locale that serves a reader of `tag`, or that has this name, or None.

        One that is there and broken has no stand-in, and a name that several have means none of them.
        """
        return None if tag in self.broken else locale_meant(tag, self.locales) or None

    def match_clinic(self, name: str) -> str | None:
        """Return the slug of the clinic that has it, or whose profile was read from this path, or None."""
        slug = self.profiles.get(name, name)
        return slug if slug in self.content.clinics else None

    def outside(self) -> list[str]:
        """Return what was read outside of the project: each profile as it was named, and whatever lies there, its logo and confirmations."""
        found = [str(Path(name).expanduser().absolute()) for name in self.profiles]
        for clinic in self.content.clinics.values():
            if clinic.home:
                beside = Path(clinic.home)
                found += [str(beside / name) for name in (clinic.logo_file, "confirmed") if name]
        return found

    def match_region(self, name: str) -> str | None:
        """Return the code of the region that has this code, alias or name, or None where none or several have."""
        named = regions_named(name, self.content.regions, self.locales.values())
        return named[0] if len(named) == 1 else None

    @memoized
    def blocks(self) -> dict[str, Block]:
        """Return every block there is to translate, by id, in the order a translator meets them."""
        regions = sorted(self.content.regions)
        handouts = (self.content.handout(slug, r) for slug in self.content.drafts for r in regions)
        of_handouts = (block for handout in handouts for block in handout.blocks())
        return source_blocks((*of_handouts, *self.content.desk.values()))

    @memoized
    def desk_words(self, tag: str) -> dict[str, Block]:
        """Return the words of the front desk in a locale; what is not translated stays English, and its language says so."""
        catalog = self.catalogs.get(tag)
        if not catalog:
            return dict(self.content.desk)
        return {
            key: translated(block, catalog.messages.get(block.id), tag)
            for key, block in self.content.desk.items()
        }

    @memoized
    def translation(self, slug: str, region: str, tag: str, *, approved: bool = False) -> Translation:
        """Return a handout for a region in a locale; unless it is approved, its safety blocks carry their English."""
        handout: Handout = self.content.handout(slug, region)
        catalog = None if tag == SOURCE_LANGUAGE else self.catalogs[tag]
        return translate(handout, catalog, self.locales[tag], approved=approved)


def load_sources(
    root: Path, today: date, profiles: Iterable[str] = (), memory: Memory | None = None
) -> tuple[Sources, list[Problem]]:
    """Return everything below `root` as far as it can be read, and what is wrong with it on that day.

    With it come the clinics at the paths among `profiles`; what else is in there names a clinic of the project.
    The `memory` spares catalogs that were read before.
    """
    locales, wrong_locales = load_locales(root)
    broken = frozenset(problem.locale for problem in wrong_locales if problem.locale)
    content, named, wrong_content = load_all_content(root, locales, broken, profiles)
    catalogs, wrong_catalogs = load_catalogs(root, locales, memory)
    signatures, wrong_signatures = load_signatures(root, locales, today)
    glossary, wrong_glossary = load_glossary(root)
    rules, wrong_rules = load_line_ends(root)
    heads, wrong_heads = load_heads(root)
    records = load_records(root, signatures)
    confirmations, wrong_confirmations = load_confirmations(root, content, today)
    codes, wrong_codes = load_codes(root, content.drafts, today)
    sources = Sources(
        root,
        content,
        locales,
        catalogs,
        signatures,
        glossary,
        broken,
        records,
        rules,
        heads,
        confirmations,
        named,
        codes,
    )
    wrong = (
        wrong_content,
        wrong_locales,
        wrong_catalogs,
        wrong_signatures,
        wrong_glossary,
        wrong_rules,
        wrong_heads,
        wrong_confirmations,
        wrong_codes,
    )
    return sources, [problem for problems in wrong for problem in problems]


def load_all_content(
    root: Path,
    locales: Mapping[str, Locale],
    broken: frozenset[str] = frozenset(),
    profiles: Iterable[str] = (),
) -> tuple[Content, Mapping[str, str], list[Problem]]:
    """Return the content with its clinics and those at the paths among `profiles`, their slugs by path, and what is wrong."""
    content, problems = load_content(root)
    known = known_to_clinics(content, locales, broken)
    found, wrong = load_clinics(root, known, profiles)
    return replace(content, clinics=found.clinics), found.named, [*problems, *wrong]


def known_to_clinics(content: Content, locales: Mapping[str, Locale], broken: frozenset[str]) -> Known:
    """Return what a clinic's profile may name."""
    languages = {tag: locale.english_name for tag, locale in locales.items()}

    def language(name: str) -> str:
        return "" if name in broken else locale_meant(name, locales)

    return Known(content.regions, content.drafts, languages, language, broken)
