"""The first two steps of every command: read, and check; of what concerns the locales that were named."""

from __future__ import annotations

import pytest

from handouts.cli.reading import check, read, today
from handouts.workbench.pseudo import PSEUDO_LOCALES
from tests.conftest import Project

KOREAN = ("locales/ko/handouts.po", '[@cuijpers2016]"\nmsgstr "', '[@cuijpers2016]"\nmsgstr "<b>')


@pytest.fixture
def few(project: Project) -> Project:
    """Return a copy with few locales, whose errors are soon found; the glossary warns of those that are gone."""
    project.leave_only("el", "en", "es", "ko")
    return project


def wrong(project: Project, *tags: str) -> set[str]:
    """Return the codes of the errors that are told of a project when locales are named."""
    sources, look, unread = read(project.root, tags)
    return {p.code for p in check(sources, look, unread, tags) if p.severity == "error"}


def test_what_is_in_the_project_is_read_and_right(project: Project) -> None:
    """Sources, look, and no problem."""
    sources, look, unread = read(project.root)
    assert not unread
    assert sources.root == project.root
    assert look.templates
    assert check(sources, look, unread) == []


def test_a_fault_in_another_locale_stops_no_one(few: Project) -> None:
    """A clinic that prints Spanish does not wait for a mistake in Korean to be mended."""
    few.edit(*KOREAN)
    assert wrong(few, "es") == set()
    assert wrong(few, "ko") == wrong(few) != set()


def test_a_fault_in_the_content_concerns_every_locale(few: Project) -> None:
    """Whichever is named, and also where it is a parent of the one that was typed."""
    few.edit("content/regions/au.yaml", 'call: "13 11 14"', 'call: "13 II 14"')
    assert wrong(few, "es-MX") == wrong(few) != set()


def test_the_locale_that_serves_is_checked(few: Project) -> None:
    """Whoever asks for Mexican Spanish gets what is wrong in Spanish."""
    few.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En <b>resumen</b>"')
    assert wrong(few, "es-MX") == wrong(few, "es") != set()


def test_a_name_that_no_locale_serves_leaves_nothing_out(few: Project) -> None:
    """Everything is told: no one knows what was meant."""
    few.edit(*KOREAN)
    assert wrong(few, "xq") == wrong(few)


@pytest.mark.parametrize("tag", sorted(PSEUDO_LOCALES))
def test_a_pseudo_locale_is_there_when_it_is_asked_for(project: Project, tag: str) -> None:
    """In whatever case it is typed; it is not checked, and no locale of a usual build."""
    sources, look, unread = read(project.root, [tag.lower()])
    assert tag in sources.locales
    assert check(sources, look, unread, [tag]) == []
    assert tag not in read(project.root)[0].locales


def test_what_cannot_be_read_is_told_once_and_the_rest_is_checked(project: Project) -> None:
    """A broken file hides nothing that is wrong in others."""
    project.edit(*KOREAN)
    (project.root / "locales/el/locale.toml").write_text("autonym = ", encoding="utf-8")
    sources, look, unread = read(project.root)
    found = check(sources, look, unread)
    assert [p.code for p in found].count("invalid-toml") == 1
    assert {p.locale for p in found if p.severity == "error"} == {"el", "ko"}


def test_where_the_content_is_broken_it_alone_is_told(project: Project) -> None:
    """What hangs on it would only repeat the fault."""
    (project.root / "content/interface.yaml").write_text("{", encoding="utf-8")
    sources, look, unread = read(project.root)
    assert not sources.is_whole
    assert check(sources, look, unread) == unread != []


def test_the_clock_is_asked_for_the_day_that_it_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the day in Greenwich: a signature of this morning is not one of tomorrow."""
    import time

    days = set()
    for zone in ("Etc/GMT+12", "Etc/GMT-14"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        days.add(today())
    monkeypatch.undo()
    time.tzset()
    assert len(days) == 2  # 26 hours apart: never the same day
