"""The state of the preview: after every save it is what was saved, or what was there before with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.problems import SourceError
from handouts.sources.load import load_sources
from handouts.workbench.preview.rendering import View
from handouts.workbench.preview.state import FILES_KEPT, PreviewState, load_state
from handouts.workbench.pseudo import PSEUDO_LOCALES
from tests.conftest import Project
from tests.workbench.preview.stand_ins import TODAY, QuickRenderer, a_state, today

CATALOG = "locales/es/handouts.po"
CONTENT = "content/handouts/about-ipt.yaml"
VIEW = View("es", "about-ipt", "au", "standard")


@pytest.fixture
def state(project: Project) -> PreviewState:
    """Return the state of a copy of the project, as it is after the start."""
    started = load_state(project.root, project.root / ".cache", today)
    return a_state(started.sources, started.problems)


def saved(project: Project, state: PreviewState, *files: str) -> None:
    """Tell the state which files were saved."""
    state.reload([project.root / file for file in files])


def codes(state: PreviewState) -> list[tuple[str, str]]:
    """Return code and file of the problems that are told."""
    return [(problem.code, problem.file) for problem in state.problems]


def test_it_starts_with_all_sources_and_the_pseudo_locales(state: PreviewState) -> None:
    """Nothing is wrong in the project, and a pseudo-locale can be looked at like any other."""
    assert state.problems == ()
    assert set(PSEUDO_LOCALES) < set(state.sources.locales)


def test_a_project_without_enough_to_show_is_refused_at_the_start(project: Project) -> None:
    """Every problem that was found is told."""
    (project.root / "locales/en/locale.toml").write_text("x =\n", encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        load_state(project.root, project.root / ".cache", today)
    assert "locales/en/locale.toml" in {problem.file for problem in refused.value.problems}


def test_a_profile_outside_of_the_project_is_read_again(project: Project, tmp_path: Path) -> None:
    """With its logo and confirmations; what cannot be read leaves it as it was."""
    file = tmp_path / "hill.yaml"
    file.write_text("name: Hill Street\nregion: us\n", encoding="utf-8")
    started = load_state(project.root, project.root / ".cache", today, [str(file)])
    assert started.outside == [file.resolve(), tmp_path.resolve() / "confirmed"]
    for text, name, told in (
        ("name: Hill Road\nregion: us\n", "Hill Road", set()),
        ("name: Hill\nregion: nowhere\n", "Hill Road", {str(file)}),
    ):
        file.write_text(text, encoding="utf-8")
        started.reload([file])
        assert started.sources.content.clinics["hill"].name == name
        assert {problem.file for problem in started.problems} == told


def test_a_saved_catalog_is_read_and_nothing_else(project: Project, state: PreviewState) -> None:
    """That is what makes a save show at once; other catalogs and the content are those of before."""
    before = state.sources
    project.edit(CATALOG, 'msgstr "En resumen"', 'msgstr "Lo esencial"')
    saved(project, state, CATALOG)
    assert state.sources.catalogs["es"].messages["about-ipt.short"].text == "Lo esencial"
    assert state.sources.catalogs["ar"] is before.catalogs["ar"]
    assert state.sources.content is before.content


def test_a_catalog_that_cannot_be_read_leaves_the_earlier_one(project: Project, state: PreviewState) -> None:
    """It is told until it is mended; the problems of other catalogs stay told."""
    before = state.sources.catalogs
    text = (project.root / CATALOG).read_text(encoding="utf-8")
    project.edit(CATALOG, 'msgid "In short"', 'msgid "In short')
    project.edit("locales/ar/handouts.po", 'msgid "In short"', 'msgid "In short')
    saved(project, state, CATALOG, "locales/ar/handouts.po")
    assert {problem.file for problem in state.problems} == {CATALOG, "locales/ar/handouts.po"}
    assert state.sources.catalogs["es"] is before["es"]
    (project.root / CATALOG).write_text(text, encoding="utf-8")
    saved(project, state, CATALOG)
    assert {problem.file for problem in state.problems} == {"locales/ar/handouts.po"}


def test_an_empty_catalog_leaves_the_earlier_one(project: Project, state: PreviewState) -> None:
    """A program that empties a file before it writes it must not blank the page."""
    (project.root / CATALOG).write_text("", encoding="utf-8")
    saved(project, state, CATALOG)
    assert codes(state) == [("empty-file", CATALOG)]
    assert state.sources.catalogs["es"].messages


def test_saved_content_is_read_with_all_that_hangs_on_it(project: Project, state: PreviewState) -> None:
    """The English is new, and the pseudo-locales are made from it anew."""
    project.edit(CONTENT, "IPT can help you feel better", "IPT can help you to feel better")
    saved(project, state, CONTENT)
    assert "to feel better" in state.sources.blocks()["about-ipt.lead"].text
    first = next(iter(PSEUDO_LOCALES))
    assert state.sources.catalogs[first].messages["about-ipt.lead"].source.startswith("IPT can help you to")


def test_content_that_cannot_be_read_leaves_all_as_it_was(project: Project, state: PreviewState) -> None:
    """The page keeps what it showed, and says what is wrong."""
    before = state.sources
    project.edit(CONTENT, "edition: 2026-11", "edition: soon")
    saved(project, state, CONTENT)
    assert state.sources is before
    assert {problem.file for problem in state.problems} == {CONTENT}


def test_a_fault_in_one_catalog_does_not_hold_back_the_content(project: Project, state: PreviewState) -> None:
    """Who edits the English does not wait for a translator."""
    project.edit("locales/ko/handouts.po", 'msgid "In short"', 'msgid "In short')
    project.edit(CONTENT, "IPT can help you feel better", "IPT can help you to feel better")
    saved(project, state, CONTENT, "locales/ko/handouts.po")
    assert {problem.locale for problem in state.problems} == {"ko"}
    assert "to feel better" in state.sources.blocks()["about-ipt.lead"].text


def test_the_catalog_of_a_locale_that_is_not_known_yet_makes_all_be_read(
    project: Project, state: PreviewState
) -> None:
    """A folder that is copied in shows like one that was there."""
    old, new = project.root / "locales/es", project.root / "locales/es-MX"
    new.mkdir()
    for name in ("locale.toml", "handouts.po"):
        (new / name).write_bytes((old / name).read_bytes())
    saved(project, state, "locales/es-MX/handouts.po")
    assert "es-MX" in state.sources.locales


def test_a_preview_is_of_the_sources_as_they_are_and_remembers_the_view(state: PreviewState) -> None:
    """So that the next version can be rendered before the page asks."""
    state.fail(ValueError("odd"))
    preview = state.preview(VIEW)
    (problem,) = state.problems
    assert preview.problems == state.problems
    assert problem.code == "program-fault"
    assert "ValueError: odd" in problem.what
    assert (state.renderer.cache / "fault.txt").is_file()
    assert state.last_view == VIEW
    assert isinstance(state.renderer, QuickRenderer)
    assert state.renderer.views == [VIEW]


def test_files_are_named_by_what_they_hold_and_the_oldest_forgotten(state: PreviewState) -> None:
    """A browser shows a name again without asking; memory does not grow all day."""
    first = state.keep(b"page", "png")
    assert state.keep(b"page", "png") == first
    assert state.keep(b"other", "png") != first
    for n in range(FILES_KEPT - 2):
        state.keep(f"{n}".encode(), "png")
    assert state.files[first] == b"page"
    state.keep(b"page", "png")  # used again: now the latest
    state.keep(b"one more", "png")
    assert first in state.files
    assert len(state.files) == FILES_KEPT
    assert b"other" not in state.files.values()


def test_what_the_project_holds_is_what_is_shown(project: Project, state: PreviewState) -> None:
    """After any number of saves the sources are those that a fresh start would read."""
    project.edit(CATALOG, 'msgstr "En resumen"', 'msgstr "Lo esencial"')
    saved(project, state, CATALOG)
    fresh, _ = load_sources(project.root, TODAY)
    assert {tag: state.sources.catalogs[tag] for tag in fresh.catalogs} == dict(fresh.catalogs)
    assert Path(state.root) == project.root


def test_a_frame_word_without_its_value_is_shown_with_what_is_wrong(
    project: Project, state: PreviewState
) -> None:
    """At its block, on a page that is as it would be: one message that is wrong does not take the page away."""
    project.edit("content/interface.yaml", 'text: "Call {number}"', 'text: "Call {nmber}"')
    saved(project, state, "content/interface.yaml")
    assert state.sources.content.words["call"].text == "Call {nmber}"
    found = {(problem.code, problem.about) for problem in state.problems}
    assert found == {("placeholder-missing", "interface.call"), ("unknown-placeholder", "interface.call")}


TEMPLATE_FAULTS = [
    ("templates/tokens.toml", "[ink]", "[ink", ("invalid-toml", "templates/tokens.toml")),
    ("templates/tokens.toml", '"#1d2b30"', '"red"', ("invalid-colour", "templates/tokens.toml")),
    ("templates/preview.html", "{% endfor %}", "{% endfr %}", ("invalid-template", "templates/preview.html")),
    (
        "templates/preview.html",
        "locale.autonym",
        "lcale.autonym",
        ("invalid-template", "templates/preview.html"),
    ),
    ("templates/preview.css", None, None, ("file-missing", "templates/preview.css")),
    ("templates/preview.js", None, None, ("file-missing", "templates/preview.js")),
    ("templates/tokens.toml", None, None, ("file-missing", "templates/tokens.toml")),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), TEMPLATE_FAULTS)
def test_a_look_that_does_not_work_is_told_and_leaves_the_earlier_one(
    project: Project, state: PreviewState, file: str, old: str | None, new: str, told: tuple[str, str]
) -> None:
    """The page keeps its colours and its form until the fault is mended; a preview is not begun with it."""
    before, text = state.look, (project.root / file).read_text(encoding="utf-8")
    if old:
        project.edit(file, old, new)
    else:
        (project.root / file).unlink()
    saved(project, state, file)
    assert codes(state) == [told]
    assert state.look is before
    with pytest.raises(SourceError) as refused:
        load_state(project.root, project.root / ".cache", today)
    assert told in {(problem.code, problem.file) for problem in refused.value.problems}
    (project.root / file).write_text(text, encoding="utf-8")
    saved(project, state, file)
    assert codes(state) == []
