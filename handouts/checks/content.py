"""What is wrong with the English content: hard to read, long lists, placeholders and numbers where none belong, words lacking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby

from jinja2 import Environment, TemplateSyntaxError

from handouts import markup
from handouts.characters import has_words
from handouts.checks.exactness import PHONE_LIKE
from handouts.checks.readability import CLIPPED, HARD, TOO_HARD, grade
from handouts.model import Block, Handout, Region
from handouts.problems import Problem, Severity, did_you_mean, in_file
from handouts.sources.catalogs import source_file
from handouts.sources.content import Content
from handouts.sources.frame import FILES, INTERFACE
from handouts.sources.glossary import fold
from handouts.sources.look import TEMPLATE_FOLDER, TOKENS, Look

LONGEST_LIST = 7  # CDC Clear Communication Index, item on chunks
FRAME_WORD = re.compile(r'words\["([a-z-]+)"')
CSS_VALUE, CLASS_NAME = re.compile(r"var\(--([\w-]+)"), re.compile(r"--([\w-]+)\s*:")


def prose(handout: Handout) -> list[str]:
    """Return what a reader of an English handout reads as running text, without marks; headings and labels of fields are none."""
    parts = [handout.subtitle, handout.lead, handout.words["crisis-call"], handout.words["not-advice"]]
    for section in (handout.summary, *handout.sections):
        parts += [block for block in section.blocks if block.kind != "field"]
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
    """Yield a warning above grade 6 and below grade 4, an error above grade 8."""
    for (slug, region), value in grades(content).items():
        if value > HARD:
            yield in_file(
                "hard-to-read",
                f"content/handouts/{slug}.yaml",
                f"the English for region {region} reads at grade {value}.",
                f"Use shorter sentences and shorter words; aim for grade {HARD:.0f}.",
                severity="error" if value > TOO_HARD else "warning",
            )
        elif value < CLIPPED:
            what = f"the English for region {region} reads at grade {value}: it chops."
            fix = f"Join what belongs together into longer sentences; aim for grade {CLIPPED:.0f} to {HARD:.0f}."
            yield in_file("reads-clipped", f"content/handouts/{slug}.yaml", what, fix, severity="warning")


def check_lists(content: Content) -> Iterator[Problem]:
    """Yield the sections with a list that is longer than a reader keeps in mind."""
    for slug, draft in content.drafts.items():
        for section in (draft.summary, *draft.sections):
            runs = ((kind, len(list(run))) for kind, run in groupby(section.blocks, lambda block: block.kind))
            longest = max((count for kind, count in runs if kind in ("item", "step", "tick")), default=0)
            if longest > LONGEST_LIST:
                what = f"the section “{section.id}” has a list of {longest}."
                fix = f"Split it: a reader keeps at most {LONGEST_LIST} things in mind."
                yield in_file("list-too-long", f"content/handouts/{slug}.yaml", what, fix)


def check_interpreters(regions: Iterable[Region]) -> Iterator[Problem]:
    """Yield the regions whose help lines do not say how a caller who does not speak their language gets through."""
    for region in regions:
        if not any(line.how for line in region.lines):
            what = "no help line says how a person who speaks no English gets through."
            fix = "Say it in the “how” of one of them, as a source has it; where there is no way, say whom to ask."
            yield in_file("interpreter-missing", f"content/regions/{region.code}.yaml", what, fix)


NUMBERS = frozenset({"emergency"})  # of a region, for its texts and those of handouts: `Region.numbers`


def numbers_named(content: Content) -> dict[str, frozenset[str]]:
    """Return, by the id of a block, the numbers it may name: those of its region, and for what is said of a help line those of the lines that take calls.

    None for what is written elsewhere than on the page as well, as a title is: in a list of files, or as the name of a tab.
    """
    parts = (part for draft in content.drafts.values() for part in (draft.summary, *draft.sections))
    said = (block for part in parts for block in part.blocks if block.kind != "field")
    regions = content.regions.values()
    found = {block.id: NUMBERS for block in (*said, *(block for each in regions for block in each.access))}
    for region in regions:
        calls = NUMBERS.union(line.id for line in region.lines if line.call)
        found |= {line.how.id: calls for line in region.lines if line.how}
    return found


def check_blocks(blocks: Iterable[Block], filled: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    """Yield the placeholders that no one fills, and phone numbers typed into running text.

    `filled` are the placeholders of blocks that may have some, by id (`numbers_named`).
    """
    for block in blocks:
        file, known = source_file(block.id), filled.get(block.id, frozenset())
        named = [] if file in FILES.values() else markup.found(block.text, "placeholder")
        for name in (name for name in named if name not in known):
            what = f"nothing fills the placeholder “{{{name}}}”."
            fix = "Write it in words; other numbers and names come from the region and the clinic."
            fix = f"{did_you_mean(name, known)} {fix}" if known else fix
            yield in_file("unknown-placeholder", file, what, fix, about=block.id)
        if not has_words(markup.plain(block.text)):
            what = "there is no letter and no digit in the text."
            severity: Severity = "error" if block.safety else "warning"
            yield in_file("no-words", file, what, "Write it in words.", severity=severity, about=block.id)
        if PHONE_LIKE.search(block.text) and not block.id.startswith("references."):
            what = "a phone number is typed into the text."
            fix = "Put it into the region's lines: there it is checked, dialled and kept in order."
            yield in_file("phone-number-typed", file, what, fix, about=block.id)


def check_claims(blocks: Iterable[Block]) -> Iterator[Problem]:
    """Yield the words that would make a claim which nothing supports, in the blocks that name them under `never`."""
    for block in blocks:
        said = " ".join(fold(markup.plain(block.text)).split())
        for word in block.never:
            if re.search(rf"\b{re.escape(' '.join(fold(word).split()))}", said):
                what = f"the text says “{word}”, which it may never say."
                fix = f"Say what the source found, and no more. {block.note}".strip()
                yield in_file("claim-forbidden", source_file(block.id), what, fix, about=block.id)


def check_frame(templates: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the messages that a template prints and that there are not."""
    for name, text in templates.items():
        for key in dict.fromkeys(FRAME_WORD.findall(text)):
            if key not in INTERFACE and not key.endswith("-"):
                what = f"the template prints the message “{key}”, and there is no such message."
                line = text[: text.index(f'words["{key}"')].count("\n") + 1
                yield in_file(
                    "unknown-message",
                    f"{TEMPLATE_FOLDER}/{name}",
                    what,
                    did_you_mean(key, INTERFACE),
                    line=line,
                )


def check_templates(templates: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what keeps Jinja from reading a template."""
    for name, text in templates.items():
        fault = _template_fault(text) if name.endswith((".html", ".txt")) else None
        if fault:
            what, fix, line = fault
            yield in_file("invalid-template", f"{TEMPLATE_FOLDER}/{name}", what, fix, line=line)


@lru_cache(maxsize=32)  # a preview asks again after every save, and few templates change
def _template_fault(text: str) -> tuple[str, str, int] | None:
    """Return what keeps Jinja from reading a template, how to mend it, and its line (0 where it is not known)."""
    try:
        Environment(autoescape=True).parse(text)
    except TemplateSyntaxError as error:
        what = f"this is not a template that Jinja can read: {error.message}."
        return what, "Look at this line and the one above it.", error.lineno
    except (ValueError, RecursionError):  # a number of 5,000 digits is a plain ValueError
        what = "this template is nested too deeply, or holds too long a number, to be read."
        return what, "Look for what is never closed.", 0
    return None


def check_colours(look: Look) -> Iterator[Problem]:
    """Yield the colours that a template asks for and that there are not."""
    texts = "".join(look.templates.values())
    for name in sorted(set(CSS_VALUE.findall(texts)) - set(CLASS_NAME.findall(texts)) - set(look.tokens)):
        what = f"the colour “{name}” is missing."
        yield in_file(
            "missing-key", TOKENS, what, f"Add it: [{name}] on a line of its own, with light and dark."
        )
