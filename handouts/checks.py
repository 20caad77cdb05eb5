"""Every check on content and catalogs: where, what, fix."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from handouts import colours, markup
from handouts.catalogs import Catalog, Message, source_file
from handouts.model import DIAL_WORDS, STATES, Block, Handout
from handouts.problems import Problem
from handouts.readability import grade
from handouts.sources import Sources

HARD, TOO_HARD = 6.0, 8.0  # AMA: 6th grade; NIH: below 8th
LONGEST_LIST = 7  # CDC Clear Communication Index, item on chunks
WORD = re.compile(r'words\["([a-z-]+)"')
HTML = re.compile(r"<[/!a-zA-Z]|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
THOUSANDS = re.compile(r"(?<=\d)[.,\u00a0\u202f\u066c ](?=\d{3}(?!\d))")
NUMBER = re.compile(r"\d+(?:[.,\u066b]\d+)?")
PHONE_LIKE = re.compile(r"(?<![\d.,])\+?\d(?:[\d ]{5,}\d)(?![\d.,]*\d)")


def check_sources(sources: Sources) -> list[Problem]:
    """Return every problem of the sources, errors and warnings, in the order of their places."""
    return [
        *check_readability(sources),
        *check_words(sources),
        *check_content(sources),
        *check_colours(sources),
        *check_catalogs(sources),
    ]


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
                    f"content/handouts/{slug}.yaml",
                    f"the section “{section.id}” has a list of {items}.",
                    f"Split it: a reader keeps at most {LONGEST_LIST} things in mind.",
                )
    for block in sources.blocks().values():
        if not block.id.startswith("interface."):
            for name in markup.found(block.text, "placeholder"):
                yield Problem(
                    source_file(block.id),
                    f"nothing fills the placeholder “{{{name}}}” in “{block.id}”.",
                    "Write it in words; numbers and names come from the region and the clinic.",
                )
        if PHONE_LIKE.search(block.text) and not block.id.startswith("references."):
            yield Problem(
                source_file(block.id),
                f"a phone number is typed into “{block.id}”.",
                "Put it into the region's lines: there it is checked, dialled and kept in order.",
            )


def check_words(sources: Sources) -> Iterator[Problem]:
    """Yield the messages that the templates print and content/interface.yaml lacks."""
    texts = [p.read_text(encoding="utf-8") for p in sorted((sources.root / "templates").glob("*.[ht]*"))]
    named = {name for text in texts for name in WORD.findall(text) if not name.endswith("-")}
    wanted = named | {f"state-{state}" for state in STATES} | set(DIAL_WORDS)
    for name in sorted(wanted - set(sources.content.words)):
        what = f"the message “{name}” is missing."
        yield Problem("content/interface.yaml", what, "Put it back: every handout prints it.")


def check_colours(sources: Sources) -> Iterator[Problem]:
    """Yield colours on which text cannot be read: contrast below 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    tokens = colours.load_tokens(sources.root)
    accents = {
        f"content/clinics/{c.slug}.yaml": c.accent for c in sources.content.clinics.values() if c.accent
    }
    wanted: list[tuple[str, colours.Scheme, str]] = [(colours.FILE, "light", ""), (colours.FILE, "dark", "")]
    wanted += [(where, "light", accent) for where, accent in accents.items()]
    for where, scheme, accent in wanted:
        for (name, ground), ratio in colours.pairs(tokens, scheme, accent).items():
            if ratio < colours.ENOUGH and (not accent or name == "accent"):
                yield Problem(
                    where,
                    f"the {scheme} colour “{name}” on “{ground}” has a contrast of {ratio:.1f} to 1.",
                    "Choose a colour with at least 4.5 to 1.",
                )


def check_catalogs(sources: Sources) -> Iterator[Problem]:
    """Yield what is wrong with the messages of every catalog."""
    blocks = sources.blocks()
    for catalog in sources.catalogs.values():
        for message in catalog.messages.values():
            block = blocks.get(message.id)
            if block and message.text and message.source == block.text and not message.fuzzy:
                yield from check_message(block, message, catalog)
            elif not block:
                yield Problem(
                    catalog.where(message.id),
                    f"the source has no message “{message.id}”.",
                    "Bring the catalog up to date: python build.py locale update.",
                    "warning",
                )


def check_message(block: Block, message: Message, catalog: Catalog) -> Iterator[Problem]:
    """Yield what is wrong with one translated message."""
    where = catalog.where(message.id)
    for check in MESSAGE_CHECKS:
        for what, fix in check(block.text, message.text):
            yield Problem(where, what, fix)
    if numbers(block.text) != numbers(message.text):
        yield Problem(
            where,
            f"the numbers differ: {_listed(numbers(block.text))} became {_listed(numbers(message.text))}.",
            "Write every number of the English, and no other.",
            "error" if block.safety else "warning",
        )


def _listed(found: Counter[str]) -> str:
    return ", ".join(found.elements()) or "none"


def numbers(text: str) -> Counter[str]:
    """Return the numbers in a text, in any digit script, thousands joined, with a point for decimals."""
    marks = re.sub(r"\{[a-z_]+\}|\[@[\w-]+\]|\]\([^)]*\)", " ", text)
    digits = "".join(str(unicodedata.digit(c, c)) for c in marks)
    joined = THOUSANDS.sub("", digits)
    return Counter(re.sub(r"[,\u066b]", ".", n) for n in NUMBER.findall(joined))


Finding = tuple[str, str]


def _same(kind: markup.NodeKind, noun: str, shape: str) -> Callable[[str, str], Iterator[Finding]]:
    """Return a check that a translation has the same marks of one kind as the English."""

    def check(source: str, text: str) -> Iterator[Finding]:
        wanted, given = Counter(markup.found(source, kind)), Counter(markup.found(text, kind))
        for value in (wanted - given).elements():
            mark = shape.format(value)
            yield f"the {noun} “{mark}” is missing from the translation.", f"Add {mark} exactly as written."
        for value in (given - wanted).elements():
            mark = shape.format(value)
            yield (
                f"the {noun} “{mark}” is not in the English.",
                f"Remove {mark}, or write it as the English does.",
            )

    return check


def _html(_: str, text: str) -> Iterator[Finding]:
    if HTML.search(text):
        yield "the translation holds HTML.", "Write plain words; use **strong** as the English does."


def _marks(source: str, text: str) -> Iterator[Finding]:
    for mark in dict.fromkeys(markup.leftovers(text)):
        yield f"the mark “{mark}” belongs to nothing.", "Close it, or copy the marks of the English."
    strong = [len(markup.found(t, "strong")) for t in (source, text)]
    if strong[0] != strong[1]:
        yield (
            f"the English has {strong[0]} bold parts, the translation {strong[1]}.",
            "Mark the same words with **…**.",
        )


def _edges(_: str, text: str) -> Iterator[Finding]:
    if text != text.strip() or "\n" in text:
        yield "the translation has a line end, or white space at its edge.", "Write it as one line."


def _bidi(_: str, text: str) -> Iterator[Finding]:
    found = markup.forbidden(text.replace("\n", " "))
    if found:
        name = unicodedata.name(found, f"U+{ord(found):04X}").title()
        yield (
            f"the translation holds an invisible character ({name}).",
            "Remove it; the page isolates numbers itself.",
        )


MESSAGE_CHECKS: tuple[Callable[[str, str], Iterator[Finding]], ...] = (
    _same("placeholder", "placeholder", "{{{}}}"),
    _same("citation", "citation", "[@{}]"),
    _same("link", "address", "{}"),
    _html,
    _marks,
    _edges,
    _bidi,
)


def contrast_figures(sources: Sources) -> Mapping[tuple[str, str, str], float]:
    """Return the contrast of every pair of text and background, by scheme, text and background."""
    tokens = colours.load_tokens(sources.root)
    schemes: tuple[colours.Scheme, ...] = ("light", "dark")
    return {(s, *pair): ratio for s in schemes for pair, ratio in colours.pairs(tokens, s).items()}
