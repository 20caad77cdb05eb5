"""The watch: a save is read, rendered and counted; nothing that goes wrong in it ends the watch."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from handouts.sources.load import Sources, load_sources
from handouts.workbench.preview.rendering import View
from handouts.workbench.preview.watch import _is_passing, on_save, watch
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


def test_a_fault_nobody_foresaw_is_told_and_the_next_save_is_heard(sources: Sources) -> None:
    """In reading it is a problem of the page; in rendering the page is told when it asks."""
    state = a_state(sources)
    assert isinstance(state.renderer, QuickRenderer)
    asyncio.run(on_save(state, [Path("/elsewhere/handouts.po")]))  # a path that no watch would bring
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
