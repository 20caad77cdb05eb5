"""PO files: messages by id. Extract, read, merge, save."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polib

from handouts import markup
from handouts.files import read_text, write_whole
from handouts.model import SOURCE_LANGUAGE, Block, Locale
from handouts.parallel import map_forked
from handouts.problems import Fault, Problem, in_file, located

# Files whose messages belong to no one handout, by the first part of their ids.
FILES = {"interface": "content/interface.yaml", "citation": "content/citations.yaml"}
MANY = 20_000  # messages from which on merging them is shared out
LARGE = 8_000_000  # bytes of PO files from which on reading them is shared out
# What programs write into a header at every save: dates, their own names, the e-mail address of who
# saved last. Kept, they make every save a change; translators are named in locale.toml, if they wish.
PASSING = re.compile(
    r"(POT-Creation|PO-Revision)-Date|X-(Generator|Poedit-.*|Weblate-.*)|Plural-Forms|Last-Translator|"
    r"Language-Team|Report-Msgid-Bugs-To",
    re.IGNORECASE,
)
LINE = re.compile(r'\s*|#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?"(?:[^"\\]|\\.)*"\s*')


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


def load_catalogs(root: Path, tags: Iterable[str]) -> tuple[dict[str, Catalog], list[Problem]]:
    """Return the catalog of every locale but the source, and what is wrong in them."""
    chosen = [tag for tag in tags if tag != SOURCE_LANGUAGE]
    files = [root / catalog_file(tag) for tag in chosen]
    pays = sum(file.stat().st_size for file in files if file.is_file()) > LARGE
    loaded = map_forked(lambda tag: load_catalog(root, tag), chosen, pays=pays)
    catalogs = {tag: catalog for tag, (catalog, _) in zip(chosen, loaded, strict=True)}
    return catalogs, [problem for _, problems in loaded for problem in problems]


def load_catalog(root: Path, tag: str) -> tuple[Catalog, list[Problem]]:
    """Return one catalog, as far as it can be read, and what is wrong in it."""
    file = catalog_file(tag)
    entries, problems = _entries(root, tag)
    messages: dict[str, Message] = {}
    for entry in entries:
        if entry.obsolete:
            continue
        fault = _entry_fault(entry, messages)
        problems += [located(fault, file, line=entry.linenum or 0)] if fault else []
        if not fault or fault.code == "duplicate-message":
            messages[entry.msgctxt] = _message(entry)
    return Catalog(file, messages), problems


def catalog_file(tag: str) -> str:
    """Return where the catalog of a locale is, below the project."""
    return f"locales/{tag}/handouts.po"


def _entries(root: Path, tag: str) -> tuple[list[polib.POEntry], list[Problem]]:
    """Return the entries of a PO file, or none and why it cannot be read."""
    file = catalog_file(tag)
    text, problems = read_text(root / file, root)
    if any(problem.code == "file-missing" for problem in problems):
        fix = f"Make it with “python3 build.py locale update {tag}”."
        return [], [in_file("catalog-missing", file, "the catalog is missing.", fix)]
    if text is None:
        return [], problems
    try:
        return list(_parse(text)), []
    except (ValueError, OSError) as error:  # polib raises OSError for what it cannot parse
        # It says “Syntax error in po file … (line 12)”; the rest of its text may hold the whole file.
        line = re.search(r"\(?line:? (\d+)\)?", str(error))
        fix = "Open the file in Poedit, or put the quotes in this line right."
        what = "this is not a valid PO file."
        return [], [in_file("invalid-po", file, what, fix, line=int(line[1]) if line else 0)]


def _message(entry: polib.POEntry) -> Message:
    """Return the message of an entry."""
    line, previous = entry.linenum or 0, entry.previous_msgid or ""
    return Message(entry.msgctxt, entry.msgid, entry.msgstr, entry.fuzzy, line, previous)


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


def _parse(text: str) -> polib.POFile:
    """Return the entries of a PO file. Raises ValueError that names the line of what is not PO.

    polib alone would take a line without its closing quote, and cut the last letter off.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if not LINE.fullmatch(line):
            raise ValueError(f"line {number}")
    return polib.pofile(text)


def source_blocks(blocks: Iterable[Block]) -> dict[str, Block]:
    """Return the blocks to translate, by id, in order, each once; empty ones are left out."""
    return {block.id: block for block in blocks if block.text}


def merge(path: Path, locale: Locale, blocks: Mapping[str, Block]) -> str:
    """Return the text of the PO file at `path` brought up to date with the source, by id.

    Same English: kept. Changed English: kept, fuzzy, with the previous English. New: empty. Gone:
    obsolete, and revived when the id returns. The English that a fuzzy text was made from is back: no
    longer fuzzy. The order is that of the source; what a program only notes at a save is left out.
    """
    old = polib.pofile(path.read_text(encoding="utf-8-sig")) if path.exists() else polib.POFile()
    # Where an id stands several times, the one in use counts, if it has a text; no text is lost.
    ranked = sorted(old, key=lambda entry: (bool(entry.msgstr), not entry.obsolete))
    known = {entry.msgctxt: entry for entry in ranked if entry.msgctxt}
    twins = [entry for entry in old if entry.msgctxt and entry is not known[entry.msgctxt]]
    new = polib.POFile(wrapwidth=0)
    kept = {key: value for key, value in old.metadata.items() if not PASSING.fullmatch(key)}
    new.metadata = {**_header(locale), **kept, **_header(locale)}
    new.header = old.header or "Handouts about interpersonal psychotherapy. The text is under CC BY 4.0."
    for block_id, block in blocks.items():
        new.append(_entry(block, known.pop(block_id, None)))
    for entry in [*known.values(), *twins]:
        if entry.msgstr:
            entry.obsolete = True
            entry.msgid, entry.previous_msgid = (entry.fuzzy and entry.previous_msgid) or entry.msgid, None
            entry.flags = [flag for flag in entry.flags if flag != "python-brace-format"]
            entry.comment, entry.occurrences = "", []
            new.append(entry)
    return str(new).rstrip("\n") + "\n"


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
    entry.tcomment, entry.msgstr = old.tcomment, old.msgstr
    made_from = (old.previous_msgid if old.fuzzy else None) or old.msgid
    by_hand = old.fuzzy and not old.previous_msgid  # a translator's own mark that it needs work
    if old.msgstr and (made_from != block.text or by_hand):
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


def update(root: Path, locales: Iterable[Locale], blocks: Mapping[str, Block]) -> dict[str, bool]:
    """Merge the source into the catalogs of the locales; return, by tag, which of them changed."""
    chosen = list(locales)

    def merged(locale: Locale) -> str | None:
        path = root / catalog_file(locale.tag)
        text = merge(path, locale, blocks)
        return None if path.exists() and path.read_bytes() == text.encode() else text

    texts = map_forked(merged, chosen, pays=len(chosen) * len(blocks) > MANY)
    for locale, text in zip(chosen, texts, strict=True):
        if text is not None:
            write_whole(root / catalog_file(locale.tag), text.encode())
    return {locale.tag: text is not None for locale, text in zip(chosen, texts, strict=True)}
