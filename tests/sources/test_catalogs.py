"""PO files: read with the line of every message, and merged by id without losing a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.model import Block, Locale
from handouts.problems import Problem
from handouts.sources.catalogs import (
    Catalog,
    Message,
    load_catalog,
    load_catalogs,
    merge,
    source_blocks,
    source_file,
    update,
)
from handouts.sources.load import Sources
from handouts.sources.po import read_po
from tests.conftest import LOCALES, ROOT

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
ENTRY = 'msgctxt "{}"\nmsgid "{}"\nmsgstr "{}"\n\n'
SPANISH = Locale("es", "es", "español", "Spanish", "ltr", "Latn", ("Noto Sans",))


def load(folder: Path, text: str) -> tuple[Catalog, list[Problem]]:
    """Load a Spanish catalog of that text."""
    (folder / "locales/es").mkdir(parents=True, exist_ok=True)
    (folder / "locales/es/handouts.po").write_bytes(text.encode())
    return load_catalog(folder, "es")


def merged(text: str, *blocks: Block) -> str:
    """Return the text of a catalog brought up to date with some blocks."""
    return merge(read_po(HEAD + text, "x.po")[0], SPANISH, {block.id: block for block in blocks})


def test_messages_are_known_by_id_with_their_line(tmp_path: Path) -> None:
    """English, translation, whether it is fuzzy, and the English it was made from."""
    text = HEAD + ENTRY.format("a.b", "One", "Uno") + '#, fuzzy\n#| msgid "Too"\n'
    catalog, problems = load(tmp_path, text + ENTRY.format("a.c", "Two", "Dos"))
    assert problems == []
    assert catalog.messages == {
        "a.b": Message("a.b", "One", "Uno", line=5),
        "a.c": Message("a.c", "Two", "Dos", fuzzy=True, line=9, previous="Too"),
    }
    assert (catalog.line("a.c"), catalog.where("a.c")) == (9, "locales/es/handouts.po:9")
    assert (catalog.line("a.d"), catalog.where("a.d")) == (0, "locales/es/handouts.po")


def test_what_is_obsolete_is_not_a_message(tmp_path: Path) -> None:
    """It is kept in the file for the day its id returns."""
    catalog, problems = load(tmp_path, HEAD + '#~ msgctxt "a.b"\n#~ msgid "One"\n#~ msgstr "Uno"\n')
    assert (catalog.messages, problems) == ({}, [])


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ('msgid "One"\nmsgstr "Uno"\n', "message-without-context"),
        ('msgctxt "a"\nmsgid "One"\nmsgid_plural "Ones"\nmsgstr[0] "Uno"\n', "message-with-plurals"),
        (ENTRY.format("a.b", "One", "Uno") * 2, "duplicate-message"),
        ('msgctxt "a"\nmsgid "One"\nmsgstr "Uno\n', "invalid-po"),
        ('msgctxt "a"\nmsgid "One" "Two" x\n', "invalid-po"),
        ('msgstr "Uno"\nmsgstr "Dos"\n', "invalid-po"),
    ],
)
def test_a_message_that_is_not_one_of_ours_is_told(tmp_path: Path, entry: str, code: str) -> None:
    """With its line in the file: a merge would lose its text."""
    _, problems = load(tmp_path, HEAD + entry)
    assert [problem.code for problem in problems] == [code]
    assert problems[0].locale == "es"
    assert problems[0].line >= 5


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    """Saved by an old editor."""
    (tmp_path / "locales/es").mkdir(parents=True)
    (tmp_path / "locales/es/handouts.po").write_bytes(HEAD.encode() + b'msgctxt "a"\nmsgid "\xe9"\n')
    catalog, (problem,) = load_catalog(tmp_path, "es")
    assert catalog.messages == {}
    assert (problem.code, problem.line) == ("file-not-utf8", 6)


def test_a_catalog_that_is_missing_has_its_own_code(tmp_path: Path) -> None:
    """`locale update` makes it, and so must not be refused because of it."""
    catalogs, problems = load_catalogs(tmp_path, ["en", "es"])
    assert list(catalogs) == ["es"]
    assert [(p.code, p.file) for p in problems] == [("catalog-missing", "locales/es/handouts.po")]


def test_the_english_is_in_one_file_each(sources: Sources) -> None:
    """Every message's English stands in the file that is named for it."""
    assert source_file("region-au.gp") == "content/regions/au.yaml"
    assert source_file("picture-mood.caption") == "content/pictures/pictures.yaml"
    files = {source_file(message_id) for message_id in sources.blocks()}
    assert all((ROOT / file).is_file() for file in files)
    assert len(files) >= 6


def test_blocks_are_translated_once_and_empty_ones_never() -> None:
    """A block that stands in several regions' handouts is one message."""
    one, other, empty = Block("a", "One"), Block("b", "Two"), Block("c", "")
    assert source_blocks([one, other, empty, one]) == {"a": one, "b": other}


def test_the_same_english_keeps_its_translation() -> None:
    """With the translator's own comment; note and file are those of the source."""
    text = "# Mine.\n" + ENTRY.format("about.b", "One", "Uno")
    after = merged(text, Block("about.b", "One", note="A number."))
    wanted = "# Mine.\n#. A number.\n#: content/handouts/about.yaml\n" + ENTRY.format("about.b", "One", "Uno")
    assert wanted.rstrip() in after
    assert "fuzzy" not in after


def test_changed_english_makes_its_translation_fuzzy() -> None:
    """The old English stands beside it, so that a translator sees what has changed."""
    after = merged(ENTRY.format("a.b", "One", "Uno"), Block("a.b", "Another"))
    assert '#, fuzzy\n#| msgid "One"\nmsgctxt "a.b"\nmsgid "Another"\nmsgstr "Uno"' in after
    back = merged(after.removeprefix(HEAD), Block("a.b", "One"))
    assert "fuzzy" not in back
    assert ENTRY.format("a.b", "One", "Uno").rstrip() in back


def test_a_translators_own_mark_stays() -> None:
    """What a person marked as needing work is not finished by a merge."""
    text = "#, fuzzy\n" + ENTRY.format("a.b", "One", "Uno")
    assert "#, fuzzy" in merged(text, Block("a.b", "One"))


def test_a_text_that_is_gone_is_kept_and_comes_back() -> None:
    """Obsolete while its id is gone; an empty one is dropped."""
    text = ENTRY.format("a.b", "One", "Uno") + ENTRY.format("a.c", "Two", "")
    gone = merged(text)
    assert '#~ msgctxt "a.b"\n#~ msgid "One"\n#~ msgstr "Uno"' in gone
    assert "a.c" not in gone
    back = merge(read_po(gone, "x.po")[0], SPANISH, {"a.b": Block("a.b", "One")})
    assert ENTRY.format("a.b", "One", "Uno").rstrip() in back


def test_a_new_message_is_empty_and_its_placeholders_are_flagged() -> None:
    """PO editors check the braces where the flag says so."""
    after = merged("", Block("interface.call", "Call {number}"))
    assert '#, python-brace-format\nmsgctxt "interface.call"\nmsgid "Call {number}"\nmsgstr ""' in after


def test_what_a_program_notes_at_a_save_is_left_out() -> None:
    """Dates, program names and addresses would make every save a change."""
    head = (
        HEAD.rstrip() + '\n"PO-Revision-Date: 2026-11-26\\n"\n"X-Generator: Poedit 3\\n"\n"X-Own: kept\\n"\n'
    )
    after = merge(read_po(head, "x.po")[0], SPANISH, {})
    assert "X-Own: kept" in after
    assert "Poedit" not in after
    assert "2026" not in after


def test_updating_writes_what_changed_and_nothing_else(tmp_path: Path) -> None:
    """The second time nothing has."""
    blocks = {"a.b": Block("a.b", "One")}
    assert update(tmp_path, [SPANISH], blocks) == ({"es": True}, [])
    assert update(tmp_path, [SPANISH], blocks) == ({"es": False}, [])


@pytest.mark.parametrize("tag", [tag for tag in LOCALES if tag != "en"])
def test_the_catalogs_that_ship_are_up_to_date(sources: Sources, tag: str) -> None:
    """A merge with the English changes no byte."""
    text = (ROOT / f"locales/{tag}/handouts.po").read_text(encoding="utf-8")
    assert merge(read_po(text, "x.po")[0], sources.locales[tag], sources.blocks()) == text
