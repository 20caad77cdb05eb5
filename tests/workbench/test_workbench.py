"""The translator's commands: from a tag to a folder, through changes of the English, to a signature."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import polib
import pytest

from handouts.sources.load import Sources
from handouts.workbench.scaffold import GivenFacts, format_tag, new_locale, new_tag_problems
from tests.conftest import LOCALES, Project

SIGN = ("review", "sign", "es", "about-ipt", "--reviewer", "R. Reader", "--role", "accredited translator")


@pytest.mark.parametrize(
    ("tag", "more", "expected"),
    [
        ("ja", (), ("日本語", "ltr", "Noto Sans CJK JP")),
        ("ps", (), ("پښتو", "rtl", "Noto Naskh Arabic")),
        ("prs", ("--autonym", "دری", "--english-name", "Dari"), ("دری", "rtl", "Noto Naskh Arabic")),
    ],
)
def test_a_new_locale_prints_at_once(
    project: Project, tag: str, more: tuple[str, ...], expected: tuple[str, str, str]
) -> None:
    """From a tag to a first page: one command makes the folder and prints, in English where nothing is translated."""
    ran = project.run("locale", "add", tag, *more)
    assert ran.code == 0, ran.err
    assert "1. Translate" in ran.out
    autonym, direction, font = expected
    text = (project.root / f"locales/{tag}/locale.toml").read_text(encoding="utf-8")
    assert f'autonym = "{autonym}"' in text
    assert f'direction = "{direction}"' in text
    assert font in text
    assert (project.root / f"dist/{tag}/about-ipt.pdf").stat().st_size > 20_000
    assert project.run("check", tag).code == 0
    again = project.run("locale", "add", tag)
    assert again.code == 1
    assert f"locale update {tag}" in again.err


def test_the_catalog_of_a_new_locale_has_every_message_with_its_note(
    project: Project, sources: Sources
) -> None:
    """Ids, English, notes, flags for placeholders; no wrapping; nothing lost that a translator needs."""
    assert project.run("locale", "add", "sw").code == 0
    catalog = polib.pofile(str(project.root / "locales/sw/handouts.po"))
    assert [entry.msgctxt for entry in catalog] == list(sources.blocks())
    for entry in catalog:
        block = sources.blocks()[entry.msgctxt]
        assert (entry.msgid, entry.comment, entry.msgstr) == (block.text, block.note, "")
        assert ("python-brace-format" in entry.flags) == ("{" in block.text)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("greek", "el"),
        ("Samoann", "sm"),
        ("engish", "en"),
        ("gre", "el"),
        ("spa-MX", "es-MX"),
        ("portug", "pt"),
    ],
)
def test_a_tag_that_is_none_is_asked_about(sources: Sources, given: str, meant: str) -> None:
    """“Did you mean …?”, by name, by beginning, by a wrong letter, by the longer code."""
    (problem,) = new_tag_problems(given, sources.locales)
    assert f"Did you mean “{meant}”" in problem.fix


def test_what_babel_does_not_know_is_asked_for(sources: Sources) -> None:
    """Each thing that a person must say is named with the option that says it; nothing is guessed."""
    _, lacking = new_locale("kar", GivenFacts(), sources.locales)
    assert {problem.where for problem in lacking} >= {"--autonym", "--english-name"}
    made, lacking = new_locale("sm", GivenFacts(autonym="Gagana Sāmoa"), sources.locales)
    assert not lacking
    assert (made.english_name, made.direction, made.script) == ("Samoan", "ltr", "Latn")
    bengali, _ = new_locale("bn", GivenFacts(), sources.locales)
    assert bengali.digits == "০১২৩৪৫৬৭৮৯"
    assert format_tag("ZH_hant_hk") == "zh-Hant-HK"


@pytest.mark.parametrize("tag", ["es", "ar", "zh-Hant", "ne"])
def test_a_save_by_another_program_makes_no_noise(project: Project, tmp_path: Path, tag: str) -> None:
    """What Poedit and Weblate write at a save – wrapped lines, dates, names – is gone after `locale update`."""
    path = project.root / f"locales/{tag}/handouts.po"
    before = path.read_bytes()
    wrapped = subprocess.run(
        ["msgcat", "--width=79", "-"], input=before, capture_output=True, check=True
    ).stdout
    noise = (
        '"Language: {tag}\\n"\n"PO-Revision-Date: 2026-11-26 10:00+1100\\n"\n"Last-Translator: Some One <one@example.org>\\n"\n'
        '"Language-Team: none\\n"\n"X-Generator: Poedit 3.4\\n"\n"X-Poedit-SourceCharset: UTF-8\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n'
    ).format(tag=tag.replace("-", "_"))
    head = f'"Language: {tag.replace("-", "_")}\\n"\n'.encode()
    assert head in wrapped
    path.write_bytes(wrapped.replace(head, noise.encode(), 1).replace(b"\n", b"\r\n"))
    assert path.read_bytes() != before
    assert project.run("locale", "update", tag).code == 0
    assert path.read_bytes() == before
    plain = subprocess.run(["msgcat", "--no-wrap", "-"], input=before, capture_output=True, check=True).stdout
    assert plain == before


def test_a_change_of_the_english_goes_through_every_command(project: Project) -> None:
    """Signed, then the English changes: fuzzy with the old English, stale with the reason, DRAFT; back again when it is undone."""
    assert project.run(*SIGN, "--kind", "language", "--translator", "T. One").code == 0
    ran = project.run(*SIGN[:4], "--kind", "clinical", "--reviewer", "Dr C", "--role", "psychiatrist")
    assert ran.code == 0, ran.err
    assert ran.out.endswith("State: approved.\n")
    old = "text: IPT helps you feel better by working on your relationships."
    new = old.replace("feel better", "to feel better")
    project.edit("content/handouts/about-ipt.yaml", old, new)
    assert project.run("locale", "update").code == 0
    entry = next(
        e for e in polib.pofile(str(project.root / "locales/es/handouts.po")) if e.msgctxt == "about-ipt.lead"
    )
    assert entry.fuzzy
    assert entry.previous_msgid == old.removeprefix("text: ")
    (row,) = [r for r in json.loads(project.run("status", "es", "--json").out) if r["handout"] == "about-ipt"]
    assert (row["state"], row["fuzzy"]) == ("stale", ["about-ipt.lead"])
    assert [review["counts"] for review in row["reviews"]] == [False, False]
    (change,) = row["reviews"][0]["changed"]
    assert (change["id"], change["what"]) == ("about-ipt.lead", "the English changed")
    page = (project.root / "dist/status.html").read_text(encoding="utf-8")
    assert "R. Reader" in page
    assert "1 message changed since" in page
    project.run("--locale", "es", "--handout", "about-ipt", "--format", "text")
    assert "DRAFT" in (project.root / "dist/es/about-ipt.txt").read_text(encoding="utf-8")
    project.edit("content/handouts/about-ipt.yaml", new, old)
    assert project.run("locale", "update").code == 0
    (row,) = [r for r in json.loads(project.run("status", "es", "--json").out) if r["handout"] == "about-ipt"]
    assert (row["state"], row["fuzzy"]) == ("approved", [])


def test_one_edited_character_of_the_translation_is_named(project: Project) -> None:
    """The status says which message is no longer what was signed, and what it was."""
    assert project.run(*SIGN, "--kind", "language").code == 0
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En resumen."')
    ran = project.run("status", "es")
    assert "about-ipt.short\tthe translation changed" in ran.out
    assert "language 20" in ran.out


def test_a_signature_says_who_translated_and_is_not_given_twice(project: Project) -> None:
    """The row holds reviewer, role, translators, day and digest; the same signature again is refused."""
    assert (
        project.run(*SIGN, "--kind", "language", "--translator", "T. One", "--date", "2026-11-20").code == 0
    )
    text = (project.root / "locales/es/reviews.toml").read_text(encoding="utf-8")
    for part in ('reviewer = "R. Reader"', 'translators = ["T. One", "machine draft"]', "date = 2026-11-20"):
        assert part in text
    again = project.run(*SIGN, "--kind", "language")
    assert again.code == 1
    assert "signed this very text" in again.err
    assert (project.root / "locales/es/reviews.toml").read_text(encoding="utf-8") == text


def test_a_fault_in_another_locale_stops_no_one(project: Project) -> None:
    """A clinic that prints Spanish does not wait for a mistake in Korean to be mended."""
    project.edit("locales/ko/handouts.po", '[@cuijpers2016]"\nmsgstr "', '[@cuijpers2016]"\nmsgstr "<b>')
    assert project.run("--locale", "es", "--format", "text").code == 0
    assert project.run("check", "es").code == 0
    assert project.run("check", "ko").code == 1
    assert project.run("--locale", "ko", "--format", "text").code == 1


def test_the_status_page_is_whole_and_names_every_locale(project: Project) -> None:
    """One file, nothing fetched, every locale by its own name."""
    assert project.run("status", "--out", "somewhere").code == 0
    page = (project.root / "somewhere/status.html").read_text(encoding="utf-8")
    assert "http" not in page
    for tag in LOCALES:
        assert f'lang="{tag}"' in page
