"""What is wrong with the English content: hard to read, long lists, placeholders and numbers where none belong, words lacking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from handouts import markup
from handouts.checks.exactness import PHONE_LIKE
from handouts.checks.readability import HARD, TOO_HARD, grade
from handouts.model import DIAL_WORDS, STATES, Block, Handout
from handouts.problems import Problem, in_file
from handouts.sources.catalogs import FILES, source_file
from handouts.sources.content import Content

LONGEST_LIST = 7  # CDC Clear Communication Index, item on chunks
FRAME_WORD = re.compile(r'words\["([a-z-]+)"')


def prose(handout: Handout) -> list[str]:
    """Return what a reader of an English handout reads as running text, without marks."""
    parts = [handout.subtitle, handout.lead, handout.words["crisis-call"], handout.words["not-advice"]]
    for section in (handout.summary, *handout.sections):
        parts += section.blocks
        if section.insert == "access":
            parts += handout.region.access
        parts += [r.finding for r in handout.references if r.id in section.sources]
    return [markup.plain(block.text) for block in parts if block.text]


def grades(content: Content) -> dict[tuple[str, str], float]:
    """Return the Flesch-Kincaid grade of every handout in English, by handout and region."""
    return {
        (slug, region): grade(prose(content.handout(slug, region)))
        for slug in content.drafts
        for region in content.regions
    }


def check_readability(content: Content) -> Iterator[Problem]:
    """Yield a warning above grade 6, an error above grade 8."""
    for (slug, region), value in grades(content).items():
        if value > HARD:
            yield in_file(
                "hard-to-read",
                f"content/handouts/{slug}.yaml",
                f"the English for region {region} reads at grade {value}.",
                f"Use shorter sentences and shorter words; aim for grade {HARD:.0f}.",
                severity="error" if value > TOO_HARD else "warning",
            )


def check_lists(content: Content) -> Iterator[Problem]:
    """Yield the sections with a list that is longer than a reader keeps in mind."""
    for slug, draft in content.drafts.items():
        for section in (draft.summary, *draft.sections):
            items = sum(block.kind == "item" for block in section.blocks)
            if items > LONGEST_LIST:
                what = f"the section “{section.id}” has a list of {items}."
                fix = f"Split it: a reader keeps at most {LONGEST_LIST} things in mind."
                yield in_file("list-too-long", f"content/handouts/{slug}.yaml", what, fix)


def check_blocks(blocks: Iterable[Block]) -> Iterator[Problem]:
    """Yield the placeholders that no one fills, and phone numbers typed into running text."""
    for block in blocks:
        file = source_file(block.id)
        for name in [] if file in FILES.values() else markup.found(block.text, "placeholder"):
            what = f"nothing fills the placeholder “{{{name}}}”."
            fix = "Write it in words; numbers and names come from the region and the clinic."
            yield in_file("unknown-placeholder", file, what, fix, about=block.id)
        if PHONE_LIKE.search(block.text) and not block.id.startswith("references."):
            what = "a phone number is typed into the text."
            fix = "Put it into the region's lines: there it is checked, dialled and kept in order."
            yield in_file("phone-number-typed", file, what, fix, about=block.id)


def check_frame(words: Mapping[str, Block], templates: Iterable[str]) -> Iterator[Problem]:
    """Yield the messages that the texts of the templates print and content/interface.yaml lacks."""
    named = {name for text in templates for name in FRAME_WORD.findall(text) if not name.endswith("-")}
    wanted = named | {f"state-{state}" for state in STATES} | set(DIAL_WORDS)
    for name in sorted(wanted - set(words)):
        what = f"the message “{name}” is missing."
        fix = "Put it back: every handout prints it."
        yield in_file("message-missing", FILES["interface"], what, fix)
