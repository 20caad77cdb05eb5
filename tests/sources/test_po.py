"""The text of a PO file: read to the letter, as msgfmt reads it, or refused with the line."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import polib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handouts.characters import composed
from handouts.model import Block, Locale
from handouts.sources.catalogs import merge
from handouts.sources.po import read_po

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
FRENCH = Locale("fr", "fr", "français", "French", "ltr", "Latn", ("Noto Sans",))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def entries(text: str) -> list[polib.POEntry]:
    """Return the entries of a file that has nothing wrong in it."""
    found, problems = read_po(text, "a.po")
    assert problems == []
    return list(found.entries)


def quoted(text: str) -> str:
    """Return a text in quotes, as gettext's own tools write it."""
    for letter, written in {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}.items():
        text = text.replace(letter, written)
    return f'"{text}"'


@given(TEXTS, TEXTS, st.integers(0, 40))
def test_what_is_read_is_what_was_written(english: str, text: str, at: int) -> None:
    """To the letter, whatever it is: on one line, or parted into several, with any ends of the lines of the file."""
    parted = f'""\n{quoted(text[:at])}\n{quoted(text[at:])}'
    written = f'{HEAD}msgctxt "a"\nmsgid {quoted(english or "x")}\nmsgstr {parted}\n'
    for file in (written, written.replace("\n", "\r\n")):
        (entry,) = entries(file)
        assert (entry.msgctxt, entry.msgid, entry.msgstr) == ("a", english or "x", text)


@given(english=TEXTS.filter(bool), text=TEXTS.filter(bool), comment=TEXTS, gone=st.booleans())
@example(english="0", text=" ", comment="", gone=True)
def test_bringing_a_catalog_up_to_date_loses_no_letter(
    *, english: str, text: str, comment: str, gone: bool
) -> None:
    """Not of a text in use, and not of one that waits for its English, but for spaces at its edges; the second time changes nothing.

    A text of spaces alone is none, and nothing waits for the English of it.
    """
    said = comment.replace("\n", " ").replace("\r", " ")
    written = f'{HEAD}# {said}\nmsgctxt "a"\nmsgid {quoted(english)}\nmsgstr {quoted(text)}\n'
    blocks = {} if gone else {"a": Block("a", english)}
    after = merge(read_po(written, "a.po")[0], FRENCH, blocks)
    kept = composed(text).strip(" ")
    found = [(entry.msgid, entry.msgstr, bool(entry.obsolete)) for entry in entries(after)]
    assert found == ([(english, kept, gone)] if kept or not gone else [])
    assert merge(read_po(after, "a.po")[0], FRENCH, blocks) == after


ENTRY = 'msgctxt "a"\nmsgid "One"\nmsgstr "Un"\n'
TAKEN = {
    "flag without a space": "#,fuzzy\n" + ENTRY,
    "two flags": "#,fuzzy,c-format\n" + ENTRY,
    "sticky flag": "#= fuzzy\n" + ENTRY,
    "comments without a space": "#one\n#.two\n#:three\n" + ENTRY,
    "no space before the quote": ENTRY.replace(" ", ""),
    "all on one line": ENTRY.replace("\n", " "),
    "two texts on one line": ENTRY.replace('"Un"', '"U" "n"'),
    "indented": "\t" + ENTRY.replace("\n", "\n  "),
    "escapes of C": ENTRY.replace("Un", "\\x55\\156"),
    "obsolete, with the English before": '#~| msgid "Won"\n#~ msgctxt "a"\n#~msgid "One"\n#~ msgstr "Un"\n',
    "previous English": '#, fuzzy\n#| msgctxt "b"\n#| msgid "Won"\n#| "der"\n' + ENTRY,
    "no line end at the end": ENTRY.rstrip(),
    "line ends of Windows": ENTRY.replace("\n", "\r\n"),
    "plural forms": 'msgctxt "a"\nmsgid "One"\nmsgid_plural "Ones"\nmsgstr[0] "Un"\nmsgstr[1] "Uns"\n',
    "only comments": "# nothing\n\n#, fuzzy\n",
}
REFUSED = {
    "quote not closed": (ENTRY.replace('"Un"', '"Un'), 7),
    "quote inside": (ENTRY.replace('"Un"', '"U"n"'), 7),
    "two translations": (ENTRY + 'msgstr "Deux"\n', 8),
    "context after the English": ('msgid "One"\nmsgctxt "a"\nmsgstr "Un"\n', 6),
    "no translation": ('msgctxt "a"\nmsgid "One"\n', 7),
    "no text after a word": ('msgctxt "a"\nmsgid\nmsgstr "Un"\n', 7),
    "an escape of nothing": (ENTRY.replace("Un", "U\\q"), 7),
    "an unknown word": ("msgfoo\n" + ENTRY, 5),
    "a line of text": ("Un\n" + ENTRY, 5),
    "an unfinished merge": (f"<<<<<<< ours\n{ENTRY}=======\n{ENTRY}>>>>>>> theirs\n", 5),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_msgfmt_accepts_is_read(tmp_path: Path, name: str) -> None:
    """However it is spaced, marked or escaped."""
    found = entries(HEAD + TAKEN[name])
    _compare_with_msgfmt(tmp_path, HEAD + TAKEN[name], taken=True)
    if "msgctxt" in TAKEN[name]:
        assert [(e.msgctxt, e.msgid, e.msgstr or e.msgstr_plural[0]) for e in found] == [("a", "One", "Un")]
        assert found[0].fuzzy == ("fuzzy" in TAKEN[name])
        assert bool(found[0].obsolete) == name.startswith("obsolete")


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_po_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    """By msgfmt too; an unfinished merge is called by its name."""
    text, line = REFUSED[name]
    _, problems = read_po(HEAD + text, "locales/fr/handouts.po")
    assert (problems[0].line, problems[0].locale) == (line, "fr")
    assert problems[0].code == ("unfinished-merge" if "merge" in name else "invalid-po")
    _compare_with_msgfmt(tmp_path, HEAD + text, taken=False)


def _compare_with_msgfmt(folder: Path, text: str, *, taken: bool) -> None:
    """Hold our reading against gettext's own, where that is installed."""
    msgfmt = shutil.which("msgfmt")
    if msgfmt:
        (folder / "a.po").write_bytes(text.encode())
        done = subprocess.run([msgfmt, "-o", "/dev/null", folder / "a.po"], capture_output=True, check=False)
        assert (done.returncode == 0) is taken, done.stderr


def test_every_line_that_is_no_po_is_told() -> None:
    """Not only the first: after it, reading goes on with the next entry."""
    text = f'{HEAD}msgctxt "x\n\n{ENTRY}\nmsgctxt "z"\nmsgid "Two\nmsgstr "Deux"\n'
    found, problems = read_po(text, "a.po")
    assert [problem.line for problem in problems] == [5, 12]
    assert [entry.msgctxt for entry in found.entries] == ["a"]


def test_the_head_is_apart_from_the_entries() -> None:
    """With what stands over it; a head that names another encoding is told."""
    found, problems = read_po("# Ours.\n#\n# Yours.\n" + HEAD.replace("UTF-8", "ISO-8859-1") + ENTRY, "a.po")
    assert (found.comment, found.head) == (
        "Ours.\n\nYours.",
        {"Content-Type": "text/plain; charset=ISO-8859-1"},
    )
    assert [(p.code, p.line) for p in problems] == [("po-other-encoding", 1)]
