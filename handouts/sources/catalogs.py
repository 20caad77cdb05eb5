"""The catalog of a locale: messages by id, read from its PO file, and merged with the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polib

from handouts import markup
from handouts.characters import composed
from handouts.files import is_there, read_text, write_whole
from handouts.memory import Memory, NoMemory, digest_of_texts
from handouts.model import SOURCE_LANGUAGE, Block, Locale
from handouts.parallel import map_forked
from handouts.problems import Fault, Problem, in_file, located
from handouts.sources.frame import FILES
from handouts.sources.po import PoFile, read_po

MANY_MESSAGES = 20_000  # messages from which on merging them is shared out
LARGE = 8_000_000  # bytes of PO files from which on reading them is shared out
# What programs write into a header at every save: dates, their own names, the e-mail address of who
# saved last. Kept, they make every save a change; translators are named in locale.toml, if they wish.
PASSING = re.compile(
    r"(POT-Creation|PO-Revision)-Date|X-(Generator|Poedit-.*|Weblate-.*)|Plural-Forms|Last-Translator|"
    r"Language-Team|Report-Msgid-Bugs-To",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Message:
    """A block's entry in a catalog. `line` is its place in the file.

    `source` is the English beside it; `previous` that which a fuzzy text was made from.
    """

    id: str
    source: str
    text: str
    fuzzy: bool = False
    line: int = 0
    previous: str = ""


@dataclass(frozen=True)
class Catalog:
    """One locale's messages, by id; `file` is the PO file's path below the project."""

    file: str
    messages: Mapping[str, Message]

    def line(self, message_id: str) -> int:
        """Return the line of a message, 0 where there is none of that id."""
        message = self.messages.get(message_id)
        return message.line if message else 0

    def where(self, message_id: str) -> str:
        """Return file and line of a message as a person is shown them, the file alone where there is none of that id."""
        line = self.line(message_id)
        return f"{self.file}:{line}" if line else self.file


def load_catalogs(
    root: Path, tags: Iterable[str], memory: Memory | None = None
) -> tuple[dict[str, Catalog], list[Problem]]:
    """Return the catalog of every locale but the source, and what is wrong in them; the `memory` spares what was read before."""
    known = memory or NoMemory()
    chosen = [tag for tag in tags if tag != SOURCE_LANGUAGE]
    files = [root / catalog_file(tag) for tag in chosen]
    pays = sum(file.stat().st_size for file in files if file.is_file()) > LARGE
    loaded = map_forked(lambda tag: load_catalog(root, tag, known), chosen, pays=pays)
    catalogs = {tag: catalog for tag, (catalog, _) in zip(chosen, loaded, strict=True)}
    return catalogs, [problem for _, problems in loaded for problem in problems]


def load_catalog(root: Path, tag: str, memory: Memory | None = None) -> tuple[Catalog, list[Problem]]:
    """Return one catalog, as far as it can be read, and what is wrong in it."""
    file = catalog_file(tag)
    text, problems = _text(root, tag)
    if text is None:
        return Catalog(file, {}), problems
    place = _place(text, file)
    if not place:
        place.append(_catalog(text, file, memory or NoMemory()))
    ((catalog, wrong),) = place
    return catalog, list(wrong)


@lru_cache(maxsize=32)  # a preview reads all of them again, and most are as they were
def _place(text: str, file: str) -> list[tuple[Catalog, list[Problem]]]:  # noqa: ARG001 - it is known by them
    """Return the place for what a PO file becomes, empty at first."""
    return []


def _catalog(text: str, file: str, memory: Memory) -> tuple[Catalog, list[Problem]]:
    """Return the catalog that a PO file holds, and what is wrong in it; one in which nothing is wrong is remembered."""
    key = digest_of_texts(("catalog", file, text))
    kept = memory.known(key)
    if kept is not None:
        return Catalog(file, {row[0]: Message(*row) for row in kept}), []
    found, problems = _po(text, file)
    messages, wrong = _messages(found, file)
    if not (problems or wrong):
        memory.keep(key, [list(vars(message).values()) for message in messages.values()])
    return Catalog(file, messages), [*problems, *wrong]


def _po(text: str, file: str) -> tuple[PoFile, list[Problem]]:
    """Return what a PO file holds, and what is wrong with it; nothing where it is no PO file throughout."""
    found, problems = read_po(text, file)
    return PoFile() if problems else found, problems


def _messages(found: PoFile, file: str) -> tuple[dict[str, Message], list[Problem]]:
    """Return the messages of a PO file by id, and what is wrong with its entries."""
    messages: dict[str, Message] = {}
    problems: list[Problem] = []
    for entry in found.entries:
        if entry.obsolete:
            continue
        fault = _entry_fault(entry, messages)
        problems += [located(fault, file, line=entry.linenum or 0)] if fault else []
        if not fault or fault.code == "duplicate-message":
            messages[entry.msgctxt] = _message(entry)
    return messages, problems


def catalog_file(tag: str) -> str:
    """Return where the catalog of a locale is, below the project."""
    return f"locales/{tag}/handouts.po"


def read_catalog(root: Path, tag: str) -> tuple[PoFile, list[Problem]]:
    """Return what the PO file of a locale holds, and what is wrong with it; nothing where it is no PO file throughout."""
    text, problems = _text(root, tag)
    return (PoFile(), problems) if text is None else _po(text, catalog_file(tag))


def _text(root: Path, tag: str) -> tuple[str | None, list[Problem]]:
    """Return the text of the PO file of a locale, or None and why it cannot be read."""
    file = catalog_file(tag)
    if not is_there(root / file):
        fix = f"Make it with “python3 build.py locale update {tag}”."
        return None, [in_file("catalog-missing", file, "the catalog is missing.", fix)]
    return read_text(root / file, root)


def _message(entry: polib.POEntry) -> Message:
    """Return the message of an entry."""
    line, previous = entry.linenum or 0, entry.previous_msgid or ""
    # A space at the edge is no part of a text: nobody sees it, and `locale update` takes it out.
    return Message(entry.msgctxt, entry.msgid, entry.msgstr.strip(" "), entry.fuzzy, line, previous)


def _entry_fault(entry: polib.POEntry, known: Mapping[str, Message]) -> Fault | None:
    """Return what is wrong with an entry, or None; where it is not one of ours, a merge would lose its text."""
    if not entry.msgctxt:
        fix = "Put its “msgctxt” line back (Poedit calls it the context): messages are known by it."
        return Fault("message-without-context", "this message has no context.", fix)
    if entry.msgid_plural:
        fix = "Write it with one “msgstr”: our texts have no plural forms."
        return Fault("message-with-plurals", "this message has plural forms.", fix)
    if entry.msgctxt in known:
        what = f"the message “{entry.msgctxt}” stands here twice."
        return Fault("duplicate-message", what, "Remove one of the two.")
    return None


def source_blocks(blocks: Iterable[Block]) -> dict[str, Block]:
    """Return the blocks to translate, by id, in order, each once; empty ones are left out."""
    return {block.id: block for block in blocks if block.text}


def merge(old: PoFile, locale: Locale, blocks: Mapping[str, Block]) -> str:
    """Return the text of a PO file brought up to date with the source, by id.

    Same English: kept. Changed English: kept, fuzzy, with the previous English. New: empty. Gone:
    obsolete, and revived when the id returns. The English that a fuzzy text was made from is back: no
    longer fuzzy. The order is that of the source; what a program only notes at a save is left out, and letters that
    stand apart from their accents are joined (Unicode NFC). Nothing else in a text changes.
    """
    # Where an id stands several times, the one in use counts, if it has a text; no text is lost.
    ranked = sorted(old.entries, key=lambda entry: (bool(_kept_text(entry)), not entry.obsolete))
    known = {entry.msgctxt: entry for entry in ranked if entry.msgctxt}
    twins = [entry for entry in old.entries if entry.msgctxt and entry is not known[entry.msgctxt]]
    new = polib.POFile(wrapwidth=0)
    kept = {key: value for key, value in old.head.items() if not PASSING.fullmatch(key)}
    new.metadata = {**_header(locale), **kept, **_header(locale)}
    new.header = old.comment or "Handouts about interpersonal psychotherapy. The text is under CC BY 4.0."
    for block_id, block in blocks.items():
        new.append(_entry(block, known.pop(block_id, None)))
    new.extend(_obsolete(entry) for entry in [*known.values(), *twins] if _kept_text(entry))
    return str(new).rstrip("\n") + "\n"


def _kept_text(entry: polib.POEntry) -> str:
    """Return the text of an entry as it is kept: letters joined with their accents, no space at its edges."""
    return composed(entry.msgstr).strip(" ")


def _obsolete(old: polib.POEntry) -> polib.POEntry:
    """Return an entry that is kept for the day its id returns, with the English that its text was made from."""
    english = (old.fuzzy and old.previous_msgid) or old.msgid
    flags = [flag for flag in old.flags if flag != "python-brace-format"]
    return polib.POEntry(
        msgctxt=old.msgctxt,
        msgid=english,
        msgstr=_kept_text(old),
        tcomment=old.tcomment,
        flags=flags,
        obsolete=True,
    )


def _header(locale: Locale) -> dict[str, str]:
    """Return the header of a new catalog."""
    return {
        "Project-Id-Version": "IPT Handouts",
        "Language": locale.tag.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }


def _entry(block: Block, old: polib.POEntry | None) -> polib.POEntry:
    """Return the entry of one block, with what the old entry knows."""
    entry = polib.POEntry(msgctxt=block.id, msgid=block.text, comment=block.note)
    entry.occurrences = [(source_file(block.id), "")]
    if markup.found(block.text, "placeholder"):
        entry.flags.append("python-brace-format")
    if old is None:
        return entry
    entry.tcomment, entry.msgstr = old.tcomment, _kept_text(old)
    made_from = (old.previous_msgid if old.fuzzy else None) or old.msgid
    by_hand = old.fuzzy and not old.previous_msgid  # a translator's own mark that it needs work
    if entry.msgstr and (made_from != block.text or by_hand):
        entry.flags.insert(0, "fuzzy")
        entry.previous_msgid = made_from if made_from != block.text else None
    return entry


def source_file(message_id: str) -> str:
    """Return the file below the project in which a message's English stands."""
    part = message_id.split(".", maxsplit=1)[0]
    if part in FILES:
        return FILES[part]
    if part.startswith("picture-"):
        return "content/pictures/pictures.yaml"
    if part.startswith("region-"):
        return f"content/regions/{part.removeprefix('region-')}.yaml"
    return f"content/handouts/{part}.yaml"


def update(
    root: Path, locales: Iterable[Locale], blocks: Mapping[str, Block]
) -> tuple[dict[str, bool], list[Problem]]:
    """Merge the source into the catalogs of the locales; return, by tag, which of them changed, and what is wrong.

    A catalog in which something is wrong is left as it is, or a text could be lost; the others are merged.
    """
    chosen = list(locales)

    def merged(locale: Locale) -> tuple[str | None, list[Problem]]:
        file = catalog_file(locale.tag)
        old, found = read_catalog(root, locale.tag)
        found = [p for p in (*found, *_messages(old, file)[1]) if p.code != "catalog-missing"]
        if found:
            return None, found
        text = merge(old, locale, blocks)
        return None if read_text(root / file, root)[0] == text else text, []

    results = map_forked(merged, chosen, pays=len(chosen) * len(blocks) > MANY_MESSAGES)
    for locale, (text, _) in zip(chosen, results, strict=True):
        if text is not None:
            write_whole(root / catalog_file(locale.tag), text.encode())
    changed = {
        locale.tag: text is not None
        for locale, (text, problems) in zip(chosen, results, strict=True)
        if not problems
    }
    return changed, [problem for _, problems in results for problem in problems]
