"""The watch: a save is read, rendered and counted; nothing that goes wrong in it ends the watch."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts.sources.load import Sources, load_sources
from handouts.workbench.preview.rendering import View
from handouts.workbench.preview.state import PreviewState
from handouts.workbench.preview.watch import _is_passing, on_save, watch, watched
from tests.conftest import Project
from tests.workbench.preview.stand_ins import TODAY, QuickRenderer, a_state

CATALOG = "locales/es/handouts.po"
VIEW = View("es", "about-ipt", "au", "standard")


def test_a_save_of_a_file_is_heard_of(project: Project) -> None:
    """From the disk to a new version, with no more than a writing editor to start it."""
    state = a_state(load_sources(project.root, TODAY)[0])
    path = project.root / CATALOG
    text = path.read_text(encoding="utf-8")

    async def save_until_heard() -> None:
        watching = asyncio.create_task(watch(state))
        for n in range(100):
            path.write_text(text.replace("En resumen", f"En resumen {n}"), encoding="utf-8")
            await asyncio.sleep(0.2)
            if state.version:
                break
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching

    asyncio.run(save_until_heard())
    assert state.version > 0
    assert state.sources.catalogs["es"].messages["about-ipt.short"].text.startswith("En resumen ")


async def version_after(
    state: PreviewState,
    seconds: float,
    *changes: Callable[[], object],
    until: Callable[[], bool] | None = None,
) -> int:
    """Watch, make changes half a second apart, and return the version some seconds later.

    Where something is waited for `until` it is so, the last change is made again and again, as long as a busy machine needs.
    """
    watching = asyncio.create_task(watch(state))
    await asyncio.sleep(1)
    for change in changes:
        change()
        await asyncio.sleep(0.5)
    for _ in range(60 if until else 0):
        if until and until():
            break
        changes[-1]()
        await asyncio.sleep(0.5)
    await asyncio.sleep(seconds)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
    return state.version


def test_a_folder_that_leads_out_of_the_project_is_not_watched(project: Project, tmp_path: Path) -> None:
    """Nor is anything below it; a folder that is linked inside the project is."""
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    (project.root / "locales/xx").symlink_to(outside)
    (project.root / "content/loop").symlink_to(project.root / "content")
    inside = project.root / "kept"
    (inside / "deep").mkdir(parents=True)
    (project.root / "content/kept").symlink_to(inside)
    folders = watched(project.root)
    assert all(folder.resolve().is_relative_to(project.root.resolve()) for folder in folders)
    assert project.root / "content/kept/deep" in folders
    assert project.root / "locales/es" in folders
    assert len(folders) == len({folder.resolve() for folder in folders})
    state = a_state(load_sources(project.root, TODAY)[0])
    heard = asyncio.run(
        version_after(state, 0.5, (outside / "file.yaml").touch, (outside / "deep/file.yaml").touch)
    )
    assert heard == 0


def test_a_profile_outside_of_the_project_is_watched_and_nothing_beside_it(
    project: Project, tmp_path: Path
) -> None:
    """A clinic sees what it writes; other files of its folder are none of ours."""
    home = tmp_path / "home"
    home.mkdir()
    file, other = home / "hill.yaml", home / "letter.txt"
    file.write_text("name: Hill Street\nregion: us\n", encoding="utf-8")
    state = a_state(load_sources(project.root, TODAY, [str(file)])[0])
    assert asyncio.run(version_after(state, 0.5, other.touch)) == 0
    heard = asyncio.run(version_after(state, 0, file.touch, until=lambda: state.version > 0))
    assert heard > 0


def test_a_link_that_is_made_while_it_watches_is_not_followed(project: Project, tmp_path: Path) -> None:
    """The link itself is a change; what is behind it is none of ours."""
    state = a_state(load_sources(project.root, TODAY)[0])
    (tmp_path / "outside").mkdir()
    link, file = project.root / "content/new", tmp_path / "outside/file.yaml"
    versions: list[int] = []

    def touch() -> None:
        versions.append(state.version)
        file.touch()

    pause = [lambda: None] * 4
    heard = asyncio.run(version_after(state, 1, lambda: link.symlink_to(tmp_path / "outside"), *pause, touch))
    assert versions == [heard]
    assert heard > 0


def test_a_folder_that_is_new_is_watched_with_what_it_holds(project: Project) -> None:
    """A language that is added while the preview is open can be translated at once."""
    state = a_state(load_sources(project.root, TODAY)[0])
    new, old = project.root / "locales/es-MX", project.root / "locales/es"

    def copy() -> None:
        shutil.copytree(old, new)

    def change() -> None:
        text = (new / "handouts.po").read_text(encoding="utf-8")
        (new / "handouts.po").write_text(text.replace("En resumen", "En breve"), encoding="utf-8")

    def is_heard() -> bool:
        catalog = state.sources.catalogs.get("es-MX")
        return bool(catalog and catalog.messages["about-ipt.short"].text == "En breve")

    asyncio.run(version_after(state, 0, copy, lambda: None, change, until=is_heard))
    assert is_heard()


def test_a_folder_that_goes_does_not_end_the_watch(project: Project) -> None:
    """What is saved in the others afterwards is heard."""
    state = a_state(load_sources(project.root, TODAY)[0])
    gone, kept = project.root / "locales/ko", project.root / "templates/print.css"
    heard: list[int] = []

    def touch() -> None:
        heard.append(state.version)
        kept.write_text(kept.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    changes = (lambda: shutil.rmtree(gone), lambda: None, touch)
    later = asyncio.run(version_after(state, 0, *changes, until=lambda: state.version > heard[0]))
    assert later > heard[0]


def test_what_was_looked_at_last_is_rendered_before_the_page_asks(sources: Sources) -> None:
    """Where nobody has looked yet there is nothing to render."""
    state = a_state(sources)
    assert isinstance(state.renderer, QuickRenderer)
    asyncio.run(on_save(state, [sources.root / CATALOG]))
    assert state.renderer.views == []
    state.last_view = VIEW
    asyncio.run(on_save(state, [sources.root / CATALOG]))
    assert state.renderer.views == [VIEW]
    assert state.version == 2


def test_who_waits_is_told_of_every_version(sources: Sources) -> None:
    """The page asks again only when there is something new."""
    state = a_state(sources)

    async def wait_and_save() -> int:
        async def wait() -> int:
            async with state.new_version:
                await state.new_version.wait()
            return state.version

        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        await on_save(state, [sources.root / CATALOG])
        return await asyncio.wait_for(waiting, 10)

    assert asyncio.run(wait_and_save()) == 1


def test_a_fault_nobody_foresaw_is_told_and_the_next_save_is_heard(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In reading it is a problem of the page; in rendering the page is told when it asks."""
    state = a_state(sources)
    assert isinstance(state.renderer, QuickRenderer)

    def fail(_: object) -> None:
        raise ValueError("odd")

    with monkeypatch.context() as patch:
        patch.setattr(state, "reload", fail)
        asyncio.run(on_save(state, [sources.root / "content/regions/au.yaml"]))
    assert [problem.code for problem in state.problems] == ["program-fault"]
    assert state.version == 1
    state.last_view, state.renderer.error = VIEW, ValueError("odd")
    asyncio.run(on_save(state, [sources.root / "content/regions/au.yaml"]))
    assert state.problems == ()
    assert state.version == 2


@pytest.mark.parametrize(
    ("name", "passing"),
    [(".handouts.po.swp", True), ("handouts.po~", True), ("handouts.po", False), ("print.css", False)],
)
def test_files_that_editors_make_for_a_moment_are_no_saves(name: str, passing: bool) -> None:  # noqa: FBT001
    """Vim, Emacs and our own way of writing a file whole make such files beside it."""
    assert _is_passing(Path("locales/es") / name) == passing
