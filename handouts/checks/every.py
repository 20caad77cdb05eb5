"""Every check on the sources, and which of the problems concern a locale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from handouts import markup
from handouts.checks.catalogs import check_catalogs
from handouts.checks.claims import check_support
from handouts.checks.content import (
    check_blocks,
    check_claims,
    check_colours,
    check_frame,
    check_interpreters,
    check_lists,
    check_readability,
    check_templates,
    numbers_named,
)
from handouts.checks.contrast import check_contrast
from handouts.checks.first_lines import check_first_lines
from handouts.memory import Memory, NoMemory, digest_of_texts, keep_problems, known_problems
from handouts.problems import Problem, did_you_mean, in_file, located
from handouts.sources.glossary import GLOSSARY_FILE
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.sources.names import also_problems
from handouts.sources.reviews import reviews_file, signature_row
from handouts.sources.standing import doubt

UNPARSED = frozenset({"invalid-yaml", "invalid-json", "invalid-toml"})  # what is said of a whole file
Seen = TypeVar("Seen")  # all that a check sees, with a `repr` that says all of it


def check_sources(
    sources: Sources, look: Look, tags: Iterable[str] = (), memory: Memory | None = None
) -> list[Problem]:
    """Return every problem of the sources, errors and warnings; of the catalogs, those of `tags` or all.

    What takes long is asked of the `memory` first.
    """
    content = sources.content
    memory = memory or NoMemory()
    return [
        *_remembered(memory, "english", content, check_readability),
        *_remembered(memory, "names", sources.locales, also_problems),
        *check_frame(look.templates),
        *_remembered(memory, "templates", look.templates, check_templates),
        *check_colours(look),
        *check_lists(content),
        *check_interpreters(content.regions.values()),
        *check_blocks(sources.blocks().values(), numbers_named(content)),
        *check_claims(sources.blocks().values()),
        *check_support(content),
        *check_contrast(look.tokens, content.clinics.values()),
        *check_glossary(sources),
        *check_first_lines(sources),
        *check_catalogs(sources, tags, memory),
        *check_reviews(sources),
    ]


def _remembered(
    memory: Memory, kind: str, seen: Seen, check: Callable[[Seen], Iterable[Problem]]
) -> list[Problem]:
    """Return what a check finds in what it sees, or has found before in the same."""
    key = digest_of_texts((kind, repr(seen)))
    found = known_problems(memory, key)
    if found is None:
        found = list(check(seen))
        keep_problems(memory, key, found)
    return found


def concerning(
    problems: Iterable[Problem],
    tags: Iterable[str] | None,
    clinics: Iterable[str] | None = (),
    regions: Iterable[str] | None = None,
    handouts: Iterable[str] | None = None,
) -> list[Problem]:
    """Return the problems without those that touch only other locales, clinics, regions or handouts; None is all of them."""
    asked = {"locale": tags, "clinic": clinics, "region": regions, "handout": handouts}
    kept = {noun: {"", *names} for noun, names in asked.items() if names is not None}
    return [p for p in problems if all(getattr(p, noun) in names for noun, names in kept.items())]


def true_faults(unread: Iterable[Problem], found: Iterable[Problem]) -> list[Problem]:
    """Return what was found when the sources were read and checked, without what is so only because something could not be read.

    That is whatever is said of a file of which nothing can be read but that; and warnings, as most of them say that one thing
    lacks another: those of the same locale or clinic, or of none, or all where what was not read is of neither. Nothing is
    compared with a catalog.
    """
    errors = [each for each in unread if each.severity == "error" and not each.file.endswith(".po")]
    unparsed = {each.file for each in errors if each.code in UNPARSED}

    def is_true(problem: Problem) -> bool:
        if problem in errors:
            return True
        if problem.severity == "error":
            return problem.file not in unparsed
        return not any(_hides(error, problem) for error in errors)

    return [problem for problem in [*unread, *found] if is_true(problem)]


def _hides(error: Problem, warning: Problem) -> bool:
    """Whether a warning may be so only because of what could not be read."""
    if not (error.locale or error.clinic):
        return True
    return warning.locale in {"", error.locale} and warning.clinic in {"", error.clinic}


def check_glossary(sources: Sources) -> Iterator[Problem]:
    """Yield terms of the glossary that no English needs, claims it lacks, and locales in it that do not exist.

    A term is needed by a text that holds it, a claim by a block that may never make it.
    """
    blocks = sources.blocks().values()
    texts = [markup.plain(block.text) for block in blocks]
    forbidden = [(block, word) for block in blocks for word in block.never]
    for term in sources.glossary:
        if term.is_claim and term.is_telling:
            continue
        needed_by = [word for _, word in forbidden] if term.is_claim else texts
        if not any(map(term.words.search, needed_by)):
            what = f"no English text has the term “{term.name}”."
            fix = "Remove it, or mend its words."
            yield in_file("glossary-term-unused", GLOSSARY_FILE, what, fix, severity="warning")
    claims = [term for term in sources.glossary if term.is_claim]
    for block, word in forbidden:
        if not any(term.words.search(word) for term in claims):
            what = f"“{block.id}” may never say “{word}”, and no claim of the glossary has that word."
            fix = "Add it, with “claim: true” and how each language says it: until then no translation is held against it."
            yield in_file("claim-not-in-glossary", GLOSSARY_FILE, what, fix, severity="warning")
    known = sources.locales
    for tag in sorted({tag for term in sources.glossary for tag in term.stems} - set(known)):
        what = f"there are stems for “{tag}”, but there is no such locale."
        yield in_file("unknown-locale", GLOSSARY_FILE, what, did_you_mean(tag, known), severity="warning")


def check_reviews(sources: Sources) -> Iterator[Problem]:
    """Yield the signatures that are not what was signed, and those of a handout or a region that does not exist.

    The latter may be a slip of the pen, or of something that was taken out.
    """
    content = sources.content
    for tag, signatures in sources.signatures.items():
        for each in signatures:
            fault = doubt(signature_row(each), sources.records.get(tag, {}).get(each.text))
            if fault:
                item = f"{each.kind} review of {each.handout} by {each.reviewer}, {each.date}"
                yield located(fault, reviews_file(tag), item=item)
            for noun, name, known in (
                ("handout", each.handout, content.drafts),
                ("region", each.region, content.regions),
            ):
                if name not in known:
                    what = f"the signature of {each.date} is of the {noun} “{name}”, and there is no such {noun}."
                    fix = did_you_mean(name, known)
                    yield in_file(f"unknown-{noun}", reviews_file(tag), what, fix, severity="warning")
