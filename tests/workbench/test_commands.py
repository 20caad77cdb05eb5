"""The translator's commands in a terminal: from a tag to a folder and a page, through changes of the English, to a signature.

What each of them does is tested in the modules beside this one; here, that they work together.
"""

from __future__ import annotations

import json
import subprocess

import polib
import pytest

from handouts.page.approval import SOURCE_UNSIGNED
from tests.conftest import Project

SIGN = ("review", "sign", "es", "about-ipt", "--reviewer", "R. Reader", "--role", "accredited translator")
TEXT = ("--handout", "about-ipt", "--format", "text")


def test_a_new_locale_prints_at_once(project: Project) -> None:
    """From a tag to a first page: one command makes the folder and prints, in English where nothing is translated."""
    ran = project.run("locale", "add", "prs", "--autonym", "دری", "--english-name", "Dari")
    assert ran.code == 0, ran.err
    assert "1. Translate" in ran.out
    assert 'autonym = "دری"' in (project.root / "locales/prs/locale.toml").read_text(encoding="utf-8")
    assert (project.root / "dist/au/prs/about-ipt.pdf").stat().st_size > 20_000
    assert project.run("check", "prs").code == 0
    again = project.run("locale", "add", "prs")
    assert again.code == 2
    assert "locale update prs" in again.err


def test_pseudo_locales_are_made_on_demand_and_are_in_no_list(project: Project) -> None:
    """They are drafts that keep every number; they have no folder, and no part in a status."""
    ran = project.call("--locale", "en-XA", "--locale", "ar-XB", "--handout", "about-ipt", "--format", "text")
    assert ran.code == 0, ran.err
    rows = json.loads((project.root / "dist/manifest.json").read_text(encoding="utf-8"))["renditions"]
    assert {(row["locale"], row["direction"]) for row in rows} == {("en-XA", "ltr"), ("ar-XB", "rtl")}
    text = (project.root / "dist/au/ar-XB/about-ipt.txt").read_text(encoding="utf-8")
    assert "13 11 14" in text
    assert not (project.root / "locales/en-XA").exists()
    assert "en-XA" not in project.call("status", "--json").out


@pytest.mark.parametrize("tag", ["es", "ar", "zh-Hant", "ne"])
def test_a_save_by_another_program_makes_no_noise(project: Project, tag: str) -> None:
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
    assert project.call("locale", "update", tag).code == 0
    assert path.read_bytes() == before
    plain = subprocess.run(["msgcat", "--no-wrap", "-"], input=before, capture_output=True, check=True).stdout
    assert plain == before


def test_a_change_of_the_english_goes_through_every_command(project: Project) -> None:
    """Signed, then the English changes: fuzzy with the old English, stale with the reason, DRAFT; back again when it is undone."""
    project.leave_only("en", "es")
    assert project.call(*SIGN, "--kind", "language", "--translator", "T. One").code == 0
    ran = project.call(*SIGN[:4], "--kind", "clinical", "--reviewer", "Dr C", "--role", "psychiatrist")
    assert ran.code == 0, ran.err
    assert ran.out.endswith(f"State: approved.\nStill missing: {SOURCE_UNSIGNED}.\n")
    old = "text: IPT can help you feel better by working on your relationships."
    new = old.replace("feel better", "to feel better")
    project.edit("content/handouts/about-ipt.yaml", old, new)
    assert project.call("locale", "update").code == 0
    entry = next(
        e for e in polib.pofile(str(project.root / "locales/es/handouts.po")) if e.msgctxt == "about-ipt.lead"
    )
    assert entry.fuzzy
    assert entry.previous_msgid == old.removeprefix("text: ")
    ran = project.call("status", "es")
    assert "about-ipt.lead: IPT can help you feel better" in ran.out
    assert "language 20" in ran.out
    page = (project.root / "dist/status.html").read_text(encoding="utf-8")
    assert "1 value changed since" in page
    project.call(*TEXT, "--locale", "es")
    assert "DRAFT" in (project.root / "dist/au/es/about-ipt.txt").read_text(encoding="utf-8")
    project.edit("content/handouts/about-ipt.yaml", new, old)
    assert project.call("locale", "update").code == 0
    (row,) = [
        r for r in json.loads(project.call("status", "es", "--json").out) if r["handout"] == "about-ipt"
    ]
    assert (row["state"], row["fuzzy"]) == ("approved", [])


def test_a_fault_in_another_locale_stops_no_one(project: Project) -> None:
    """A clinic that prints Spanish does not wait for a mistake in Korean to be mended."""
    project.leave_only("en", "es", "ko")
    project.edit("locales/ko/handouts.po", '[@cuijpers2016]"\nmsgstr "', '[@cuijpers2016]"\nmsgstr "<b>')
    assert project.call(*TEXT, "--locale", "es").code == 0
    assert project.call("check", "es").code == 0
    assert project.call("check", "ko").code == 1
    assert project.call(*TEXT, "--locale", "ko").code == 1


def test_updating_catalogs_twice_changes_nothing(project: Project) -> None:
    """`locale update` is idempotent, and the shipped catalogs are up to date."""
    assert "brought up to date" not in project.call("locale", "update").out
    project.edit("content/handouts/about-ipt.yaml", "heading: In short", "heading: In a few words")
    assert project.call("locale", "update", "es").out.count("brought up to date") == 1
    text = (project.root / "locales/es/handouts.po").read_text(encoding="utf-8")
    assert '#, fuzzy\n#| msgid "In short"\nmsgctxt "about-ipt.short"' in text.replace("#| msgctxt", "#|c")
    assert "brought up to date" not in project.call("locale", "update", "es").out
