"""What is wrong with the messages of a catalog: each by itself, and one beside another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from statistics import median

from handouts.checks.nouns import Setting
from handouts.checks.wording import SHORT, common_words, faults_among, own_faults
from handouts.memory import Memory, NoMemory, digest_of_texts, keep_problems, known_problems
from handouts.model import Block
from handouts.parallel import map_forked
from handouts.problems import Fault, Problem, in_file, located
from handouts.sources.catalogs import Catalog, Message
from handouts.sources.load import Sources
from handouts.sources.translate import usable

ENOUGH_MESSAGES = 20
MANY_CHECKED = 20_000  # from which on checking them is shared out

Pair = tuple[Block, Message]  # the English and what it was translated to


def coverage(sources: Sources, tags: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return, by locale, how many messages may be printed, and of how many; patterns of references apart."""
    blocks = [block for block in sources.blocks().values() if not block.optional]
    return {
        tag: (sum(usable(b, sources.catalogs[tag].messages.get(b.id)) for b in blocks), len(blocks))
        for tag in tags
        if tag in sources.catalogs
    }


def check_catalogs(sources: Sources, tags: Iterable[str] = (), memory: Memory | None = None) -> list[Problem]:
    """Return what is wrong with the messages of the catalogs of some locales, or of all; `memory` spares what was checked."""
    chosen = [tag for tag in tuple(tags) or tuple(sources.catalogs) if tag in sources.catalogs]
    memory = memory or NoMemory()
    keys = {tag: digest_of_texts(("catalog", *each)) for tag, each in _decides(sources, chosen).items()}
    found = {tag: known_problems(memory, keys[tag]) for tag in chosen}
    new = [tag for tag in chosen if found[tag] is None]
    messages = sum(len(sources.catalogs[tag].messages) for tag in new)
    checked = map_forked(
        lambda tag: list(check_catalog(sources, tag, memory)), new, pays=messages > MANY_CHECKED
    )
    for tag, problems in zip(new, checked, strict=True):
        keep_problems(memory, keys[tag], problems)
        found[tag] = problems
    return [problem for tag in chosen for problem in found[tag] or ()]


def _decides(sources: Sources, tags: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return, by locale, everything that decides what `check_catalog` finds: it sees nothing else of the sources."""
    english, terms = repr(sources.blocks()), _terms(sources)
    return {tag: (english, terms, repr(sources.locales[tag]), repr(sources.catalogs[tag])) for tag in tags}


def _terms(sources: Sources) -> str:
    """Return all that the glossary says."""
    return repr([(t.name, t.words.pattern, t.note, t.stems, t.is_claim) for t in sources.glossary])


def check_catalog(sources: Sources, tag: str, memory: Memory | None = None) -> Iterator[Problem]:
    """Yield what is wrong with the messages of one catalog; `memory` spares those that are as they were."""
    blocks, catalog = sources.blocks(), sources.catalogs[tag]
    for message in catalog.messages.values():
        if message.id not in blocks:
            what = f"the source has no message “{message.id}”."
            fix = "Bring the catalog up to date: python3 build.py locale update."
            yield _warning("message-not-in-source", catalog, message.id, what, fix)
    current = [
        (blocks[m.id], m) for m in catalog.messages.values() if m.id in blocks and usable(blocks[m.id], m)
    ]
    common = common_words(message.text for _, message in current)
    setting = Setting(sources.locales[tag], sources.glossary, usual_length(current), common)
    own = _own_faults(current, setting, _terms(sources), memory or NoMemory())
    for (block, message), found in zip(current, own, strict=True):
        for fault in (*found, *faults_among(block, message.text, setting)):
            yield located(fault, catalog.file, line=message.line, about=message.id)
    # The patterns of the reference list are not text: one form may serve for several ordinal numbers.
    yield from check_consistency([pair for pair in current if not pair[0].optional], catalog)
    yield from check_patterns(blocks, catalog)


def _own_faults(pairs: Sequence[Pair], setting: Setting, terms: str, memory: Memory) -> list[list[Fault]]:
    """Return what is wrong with each message by itself; what was found before in the same words, locale and terms is known."""
    key = digest_of_texts(("messages", repr(setting.locale), terms))
    kept = memory.known(key) or {}
    setting = Setting(
        setting.locale, setting.glossary
    )  # of these alone they may be: nothing else is in the key
    names = [digest_of_texts((repr(block), message.text)) for block, message in pairs]
    found = {name: kept[name] for name in names if name in kept}
    for name, (block, message) in zip(names, pairs, strict=True):
        if name not in found:
            found[name] = [asdict(fault) for fault in own_faults(block, message.text, setting)]
    if found != kept:
        memory.keep(key, found)
    return [[Fault(**each) for each in found[name]] for name in names]


def usual_length(pairs: Sequence[Pair]) -> float:
    """Return the median of translated to English length, 0 where too few messages say it."""
    ratios = [len(m.text) / len(b.text) for b, m in pairs if len(b.text) >= SHORT]
    return median(ratios) if len(ratios) >= ENOUGH_MESSAGES else 0.0


def check_consistency(pairs: Iterable[Pair], catalog: Catalog) -> Iterator[Problem]:
    """Yield the same English in two ways, and one text for two different English ones."""
    by_source: dict[str, Message] = {}
    by_text: dict[str, Pair] = {}
    for block, message in pairs:
        before = by_source.setdefault(_bare(block.text), message)
        if _bare(before.text) != _bare(message.text):
            what = f"the same English is “{before.text}” in “{before.id}”."
            fix = "Use one of the two in both places."
            yield _warning("translated-in-two-ways", catalog, message.id, what, fix)
        twin, other = by_text.setdefault(_bare(message.text), (block, message))
        if _bare(twin.text) != _bare(block.text) and message.text != block.text:
            what = f"“{other.id}” says the same, and its English is another: “{twin.text}”."
            fix = "Make the difference plain."
            yield _warning("same-text-for-two", catalog, message.id, what, fix)


def _bare(text: str) -> str:
    """Return a text as it is compared: in one case, without the marks at its end."""
    return text.casefold().strip(" .:!?。：！？")


def check_patterns(blocks: Mapping[str, Block], catalog: Catalog) -> Iterator[Problem]:
    """Yield a warning where some patterns of the reference list are translated and some are not."""
    patterns = [block for block in blocks.values() if block.optional]
    ready = {block.id for block in patterns if usable(block, catalog.messages.get(block.id))}
    if ready and len(ready) < len(patterns):
        first = next(block.id for block in patterns if block.id not in ready)
        what = f"{len(ready)} of {len(patterns)} patterns of the reference list are translated."
        fix = f"Translate all, or none: until then it is printed in the English form. The first is “{first}”."
        yield _warning("patterns-incomplete", catalog, first, what, fix)


def _warning(code: str, catalog: Catalog, message_id: str, what: str, fix: str) -> Problem:
    """Return a warning about a message of a catalog."""
    line = catalog.line(message_id)
    return in_file(code, catalog.file, what, fix, line=line, severity="warning", about=message_id)
