"""Hears of every save below the project's folders, has it read again, and tells the page of it."""

from __future__ import annotations

import contextlib
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from watchfiles import awatch

from handouts.workbench.preview.state import PreviewState

FOLDERS = ("content", "locales", "templates")
STEP = (
    30  # milliseconds without a further change after which a save is complete: editors write in several steps
)
LONGEST = 400  # milliseconds after which changes are read even if there are more


async def watch(state: PreviewState) -> None:
    """Follow the saves until cancelled."""
    folders = [state.root / name for name in FOLDERS]
    async for changes in awatch(*folders, debounce=LONGEST, step=STEP, recursive=True):
        changed = [Path(path) for _, path in changes if not _is_passing(Path(path))]
        if changed:
            await on_save(state, changed)


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
