"""Hears of every save in the project's folders, has it read again, and tells the page of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from watchfiles import awatch

from handouts.workbench.preview.state import PreviewState

FOLDERS = ("content", "locales", "templates")
POLL_STEP = (
    30  # milliseconds without a further change after which a save is complete: editors write in several steps
)
TICK = 500  # milliseconds after which it is looked whether there are new folders
LONGEST_DELAY = 400  # milliseconds after which changes are read even if there are more


async def watch(state: PreviewState) -> None:
    """Follow the saves until cancelled. What a folder that is new holds is read when it is watched."""
    folders, is_new = watched(state.root, state.outside), False
    while True:
        try:
            async for changes in awatch(
                *folders,
                debounce=LONGEST_DELAY,
                step=POLL_STEP,
                rust_timeout=TICK,
                yield_on_timeout=True,
                recursive=False,
            ):
                changed = [Path(path) for _, path in changes if _is_read(Path(path), state)]
                if changed or is_new:
                    await on_save(state, [*changed, *folders] if is_new else changed)
                is_new = watched(state.root, state.outside) != folders
                if is_new:
                    break
        except OSError:  # a folder that has just been removed
            await asyncio.sleep(TICK / 1000)
        folders = watched(state.root, state.outside)


def watched(root: Path, outside: Iterable[Path] = ()) -> list[Path]:
    """Return the folders to watch: those that hold what people write, and no link that leads out of the project.

    With them come those of what is read `outside` of them: the profile of a clinic, and what lies beside it.

    Each is watched by itself: who watches a tree follows every link in it, and there could be all of the disk behind one.
    """
    within = root.resolve()
    found: dict[Path, Path] = {}
    waiting = [root / name for name in FOLDERS]
    while waiting:
        folder = waiting.pop()
        place = folder.resolve()
        if place in found or not place.is_relative_to(within) or not folder.is_dir():
            continue
        found[place] = folder
        with contextlib.suppress(OSError):
            waiting += [entry for entry in folder.iterdir() if entry.is_dir()]
    for path in outside:
        found |= {each.resolve(): each for each in (path, path.parent) if each.is_dir()}
    return sorted(found.values()) or [root]


def _is_read(path: Path, state: PreviewState) -> bool:
    """Whether a file is one that the preview reads: below a folder of the project, or what is read outside of them."""
    places = [*(state.root / name for name in FOLDERS), *state.outside]
    return not _is_passing(path) and any(path.is_relative_to(place) for place in places)


def _is_passing(path: Path) -> bool:
    """Whether a file is one that editors make for a moment, or keep as a copy."""
    return path.name.startswith(".") or path.name.endswith("~")


async def on_save(state: PreviewState, changed: list[Path]) -> None:
    """Read again what was saved, render what was looked at last so that it is ready, then count a new version."""
    async with state.busy:
        try:
            await run_in_threadpool(state.reload, changed)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next save may mend it, and is watched for
            state.fail(error)
        if state.last_view:
            with contextlib.suppress(Exception):  # it comes again, and is told, when the page asks
                await run_in_threadpool(state.preview, state.last_view)
        state.version += 1
    async with state.new_version:
        state.new_version.notify_all()
