"""The commands `locale add` and `locale update`: from a tag to a folder, asking a person for what no one knows."""

from __future__ import annotations

import sys

import click
import pytest

from handouts.cli import machine
from handouts.problems import Problem
from tests.conftest import Project

KAREN = ("locale", "add", "kar")


@pytest.fixture(autouse=True)
def no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this a machine that cannot set a page: these tests are of the folder."""
    lacking = Problem("missing-on-machine", "this machine", "Pango is missing.", "Run: make system")
    monkeypatch.setattr(machine, "library_problems", lambda: [lacking])


def test_a_new_locale_has_its_two_files_and_the_next_steps(project: Project) -> None:
    """Also where no page can be printed yet; the commands are those that work."""
    ran = project.call("locale", "add", "ja")
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert lines[:2] == ["locales/ja/locale.toml\tmade", "locales/ja/handouts.po\tmade"]
    assert "日本語 (Japanese), ltr" in lines[2]
    assert "python3 build.py preview ja" in ran.out
    assert project.call("check", "ja").code == 0


def test_a_script_is_told_which_options_to_give(project: Project) -> None:
    """Where no one sits at a terminal nothing is asked, and nothing is made."""
    ran = project.call(*KAREN)
    assert ran.code == 2
    assert "--autonym" in ran.err
    assert "--english-name" in ran.err
    assert not (project.root / "locales/kar").exists()


def test_a_person_is_asked_until_all_is_known(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thing by its option; the answers make the locale."""
    asked: list[str] = []
    answers = {"--autonym": " ကညီကျိ ", "--english-name": "Karen", "--font": "Noto Sans"}

    def prompt(option: str) -> str:
        asked.append(option)
        return answers[option]

    monkeypatch.setattr(click, "prompt", prompt)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    ran = project.call(*KAREN)
    assert ran.code == 0, ran.err
    assert asked[:2] == ["--autonym", "--english-name"]
    text = (project.root / "locales/kar/locale.toml").read_text(encoding="utf-8")
    assert 'autonym = "ကညီကျိ"' in text
    assert 'english_name = "Karen"' in text


def test_a_locale_that_exists_is_not_made_again(project: Project) -> None:
    """The command that brings it up to date is named."""
    ran = project.call("locale", "add", "ES")
    assert ran.code == 2
    assert "python3 build.py locale update es" in ran.err


def test_update_says_of_every_catalog_whether_it_changed(project: Project) -> None:
    """All of them, or those that are named; a second time nothing is left to do."""
    project.edit("content/handouts/about-ipt.yaml", "heading: In short", "heading: In brief")
    assert project.call("locale", "update", "es").out == "locales/es/handouts.po\tbrought up to date\n"
    rows = dict(row.split("\t") for row in project.call("locale", "update").out.splitlines())
    assert rows.pop("locales/es/handouts.po") == "was up to date"
    assert set(rows.values()) == {"brought up to date"}
    assert len(rows) > 10


def test_update_makes_a_catalog_that_is_missing(project: Project) -> None:
    """What the command cures is no reason to refuse it, nor is what is broken in another locale."""
    (project.root / "locales/es/handouts.po").unlink()
    assert project.call("locale", "update", "es").code == 0
    assert (project.root / "locales/es/handouts.po").is_file()
    (project.root / "locales/ar/locale.toml").write_text("autonym = ", encoding="utf-8")
    assert project.call("locale", "update", "es").code == 0
