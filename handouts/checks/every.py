"""Every check on content and catalogs: where, what, fix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from handouts import markup
from handouts.checks.exactness import PHONE_LIKE
from handouts.checks.nouns import Setting
from handouts.checks.readability import grade
from handouts.checks.wording import SHORT, check_message, common_words
from handouts.model import DIAL_WORDS, STATES, Block, Handout
from handouts.page import colours
from handouts.parallel import ask_all
from handouts.problems import Problem, did_you_mean
from handouts.sources import glossary
from handouts.sources.catalogs import Catalog, Message, source_file
from handouts.sources.load import Sources
from handouts.sources.look import TOKENS, Look
from handouts.sources.translate import usable

HARD, TOO_HARD = 6.0, 8.0  # AMA: 6th grade; NIH: below 8th
LONGEST_LIST = 7  # CDC Clear Communication Index, item on chunks
WORD = re.compile(r'words\["([a-z-]+)"')
ENOUGH_MESSAGES = 20
MANY_MESSAGES = 20_000  # from which on checking them is shared out


def check_sources(sources: Sources, look: Look, tags: Iterable[str] = ()) -> list[Problem]:
    """Return every problem of the sources, errors and warnings; of the catalogs, those of `tags` or all."""
    return [
        *check_readability(sources),
        *check_words(sources, look),
        *check_content(sources),
        *check_colours(sources, look),
        *check_glossary(sources),
        *check_catalogs(sources, tags),
        *check_reviews(sources),
    ]


def concerning(problems: Iterable[Problem], tags: Iterable[str]) -> list[Problem]:
    """Return the problems without those in the folders of other locales than `tags`."""
    place = "locales/"
    own = (glossary.FILE, *(f"{place}{tag}/" for tag in tags))
    return [p for p in problems if not p.where.startswith(place) or f"{p.where}/".startswith(own)]


def coverage(sources: Sources, tags: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return, by locale, how many messages may be printed, and of how many; patterns of references apart."""
    blocks = [block for block in sources.blocks().values() if not block.optional]
    return {
        tag: (sum(usable(b, sources.catalogs[tag].messages.get(b.id)) for b in blocks), len(blocks))
        for tag in tags
        if tag in sources.catalogs
    }


def prose(handout: Handout) -> list[str]:
    """Return what a reader of an English handout reads as running text, without marks."""
    parts = [handout.subtitle, handout.lead, handout.words["crisis-call"], handout.words["not-advice"]]
    for section in (handout.summary, *handout.sections):
        parts += section.blocks
        if section.insert == "access":
            parts += handout.region.access
        parts += [r.finding for r in handout.references if r.id in section.sources]
    return [markup.plain(block.text) for block in parts if block.text]


def grades(sources: Sources) -> dict[tuple[str, str], float]:
    """Return the Flesch-Kincaid grade of every handout in English, by handout and region."""
    content = sources.content
    return {
        (slug, region): grade(prose(content.handout(slug, region)))
        for slug in content.drafts
        for region in content.regions
    }


def check_readability(sources: Sources) -> Iterator[Problem]:
    """Yield a warning above grade 6, an error above grade 8."""
    for (slug, region), value in grades(sources).items():
        if value > HARD:
            yield Problem(
                "english-region-reads-grade",
                f"content/handouts/{slug}.yaml",
                f"the English for region {region} reads at grade {value}.",
                "Use shorter sentences and shorter words; aim for grade 6.",
                "error" if value > TOO_HARD else "warning",
            )


def check_content(sources: Sources) -> Iterator[Problem]:
    """Yield long lists, placeholders no one fills, and phone numbers typed into running text."""
    for slug, draft in sources.content.drafts.items():
        for section in (draft.summary, *draft.sections):
            items = sum(block.kind == "item" for block in section.blocks)
            if items > LONGEST_LIST:
                yield Problem(
                    "section-list",
                    f"content/handouts/{slug}.yaml",
                    f"the section “{section.id}” has a list of {items}.",
                    f"Split it: a reader keeps at most {LONGEST_LIST} things in mind.",
                )
    for block in sources.blocks().values():
        if not block.id.startswith(("interface.", "citation.")):
            for name in markup.found(block.text, "placeholder"):
                yield Problem(
                    "nothing-fills-placeholder",
                    source_file(block.id),
                    f"nothing fills the placeholder “{{{name}}}” in “{block.id}”.",
                    "Write it in words; numbers and names come from the region and the clinic.",
                )
        if PHONE_LIKE.search(block.text) and not block.id.startswith("references."):
            yield Problem(
                "phone-number-typed",
                source_file(block.id),
                f"a phone number is typed into “{block.id}”.",
                "Put it into the region's lines: there it is checked, dialled and kept in order.",
            )


def check_words(sources: Sources, look: Look) -> Iterator[Problem]:
    """Yield the messages that the templates print and content/interface.yaml lacks."""
    texts = [text for name, text in look.templates.items() if name.endswith((".html", ".txt"))]
    named = {name for text in texts for name in WORD.findall(text) if not name.endswith("-")}
    wanted = named | {f"state-{state}" for state in STATES} | set(DIAL_WORDS)
    for name in sorted(wanted - set(sources.content.words)):
        what = f"the message “{name}” is missing."
        yield Problem(
            "message-missing", "content/interface.yaml", what, "Put it back: every handout prints it."
        )


def check_colours(sources: Sources, look: Look) -> Iterator[Problem]:
    """Yield colours on which text cannot be read: contrast below 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    accents = {
        f"content/clinics/{c.slug}.yaml": c.accent for c in sources.content.clinics.values() if c.accent
    }
    wanted: list[tuple[str, colours.Scheme, str]] = [(TOKENS, "light", ""), (TOKENS, "dark", "")]
    wanted += [(where, "light", accent) for where, accent in accents.items()]
    for where, scheme, accent in wanted:
        for (name, ground), ratio in colours.pairs(look.tokens, scheme, accent).items():
            if ratio < colours.ENOUGH and (not accent or name == "accent"):
                yield Problem(
                    "colour-contrast-1",
                    where,
                    f"the {scheme} colour “{name}” on “{ground}” has a contrast of {ratio:.1f} to 1.",
                    "Choose a colour with at least 4.5 to 1.",
                )


def check_glossary(sources: Sources) -> Iterator[Problem]:
    """Yield the terms of the glossary that no English text holds, and locales in it that do not exist."""
    texts = [markup.plain(block.text) for block in sources.blocks().values()]
    for term in sources.glossary:
        if not any(term.words.search(text) for text in texts):
            what = f"no English text has the term “{term.name}”."
            yield Problem(
                "no-english-text-term", glossary.FILE, what, "Remove it, or mend its words.", "warning"
            )
    for tag in sorted({tag for term in sources.glossary for tag in term.stems} - set(sources.locales)):
        what = f"there are stems for “{tag}”, which is no locale here."
        yield Problem("stems-no-locale", glossary.FILE, what, did_you_mean(tag, sources.locales), "warning")


def check_catalogs(sources: Sources, tags: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield what is wrong with the messages of the catalogs of some locales, or of all."""
    chosen = [tag for tag in tuple(tags) or tuple(sources.catalogs) if tag in sources.catalogs]
    messages = sum(len(sources.catalogs[tag].messages) for tag in chosen)
    sources.blocks()  # known before the work is shared out
    for found in ask_all(
        lambda tag: list(check_catalog(sources, tag)), chosen, pays=messages > MANY_MESSAGES
    ):
        yield from found


def check_reviews(sources: Sources) -> Iterator[Problem]:
    """Yield the signatures of a handout or a region that does not exist: a slip of the pen, or one taken out."""
    for tag, signatures in sources.signatures.items():
        for signature in signatures:
            for name, known in (
                (signature.handout, sources.content.drafts),
                (signature.region, sources.content.regions),
            ):
                if name not in known:
                    what = f"there is no “{name}”: the signature of {signature.date} is of nothing."
                    fix = did_you_mean(name, known)
                    yield Problem("no-signature-nothing", f"locales/{tag}/reviews.toml", what, fix, "warning")


def check_catalog(sources: Sources, tag: str) -> Iterator[Problem]:
    """Yield what is wrong with the messages of one catalog: each by itself, then one beside another."""
    blocks, catalog = sources.blocks(), sources.catalogs[tag]
    for message in catalog.messages.values():
        if message.id not in blocks:
            what = f"the source has no message “{message.id}”."
            fix = "Bring the catalog up to date: python build.py locale update."
            yield Problem("source-no-message", catalog.where(message.id), what, fix, "warning")
    current = [
        (blocks[m.id], m) for m in catalog.messages.values() if m.id in blocks and usable(blocks[m.id], m)
    ]
    common = common_words(message.text for _, message in current)
    setting = Setting(sources.locales[tag], sources.glossary, usual_length(current), common)
    for block, message in current:
        yield from check_message(block, message, catalog, setting)
    # The patterns of the reference list are no text: one form may serve for several ordinal numbers.
    yield from check_consistency([pair for pair in current if not pair[0].optional], catalog)
    yield from check_patterns(blocks, catalog)


def usual_length(pairs: Sequence[tuple[Block, Message]]) -> float:
    """Return the median of translated to English length, 0 where too few messages say it."""
    ratios = [len(m.text) / len(b.text) for b, m in pairs if len(b.text) >= SHORT]
    return median(ratios) if len(ratios) >= ENOUGH_MESSAGES else 0.0


def check_consistency(pairs: Iterable[tuple[Block, Message]], catalog: Catalog) -> Iterator[Problem]:
    """Yield the same English in two ways, and one text for two different English ones."""
    by_source: dict[str, tuple[Block, Message]] = {}
    by_text: dict[str, tuple[Block, Message]] = {}
    for block, message in pairs:
        before = by_source.setdefault(_bare(block.text), (block, message))[1]
        if _bare(before.text) != _bare(message.text):
            what = f"the same English is “{before.text}” in “{before.id}”."
            yield Problem(
                "same-english",
                catalog.where(message.id),
                what,
                "Use one of the two in both places.",
                "warning",
                about=message.id,
            )
        twin, other = by_text.setdefault(_bare(message.text), (block, message))
        if _bare(twin.text) != _bare(block.text) and message.text != block.text:
            what = f"“{other.id}” says the same, and its English is another: “{twin.text}”."
            yield Problem(
                "says-same-english-another",
                catalog.where(message.id),
                what,
                "Make the difference plain.",
                "warning",
                about=message.id,
            )


def _bare(text: str) -> str:
    """Return a text as it is compared: in one case, without the marks at its end."""
    return text.casefold().strip(" .:!?。：！？")


def check_patterns(blocks: Mapping[str, Block], catalog: Catalog) -> Iterator[Problem]:
    """Yield a warning where some patterns of the reference list are translated and some are not."""
    patterns = [block for block in blocks.values() if block.optional]
    ready = [block for block in patterns if usable(block, catalog.messages.get(block.id))]
    if ready and len(ready) < len(patterns):
        lost = next(block.id for block in patterns if block not in ready)
        what = f"{len(ready)} of {len(patterns)} patterns of the reference list are translated."
        fix = f"Translate all, or none: until then it is printed in the English form. The first is “{lost}”."
        yield Problem("patterns-reference-list-translated", catalog.where(lost), what, fix, "warning")


def contrast_figures(look: Look) -> Mapping[tuple[str, str, str], float]:
    """Return the contrast of every pair of text and background, by scheme, text and background."""
    schemes = ((scheme, colours.pairs(look.tokens, scheme)) for scheme in colours.SCHEMES)
    return {(scheme, *pair): ratio for scheme, ratios in schemes for pair, ratio in ratios.items()}
