"""Opens a page of ours in the browser without telling other users of this machine where it is."""

from __future__ import annotations

import tempfile
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

from handouts.private import outside

PAGE_PREFIX = "preview-"
OLD = 3600  # seconds after which no browser is still about to open it
REDIRECT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>IPT Handouts</title>
<meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url={address}">
<a href="{address}">Open the page</a></html>
"""


@contextmanager
def redirect(address: str, folder: Path) -> Iterator[Path]:
    """Keep a page that leads to an address, in a file that its owner alone can read, for as long as it is needed.

    Every user can see the arguments with which a program was started, and whoever has the address has the preview: so the
    browser is given the name of this file. Raises OSError.
    """
    for left in folder.glob(f"{PAGE_PREFIX}*.html"):  # of previews that were killed: they lead nowhere now
        if left.lstat().st_mtime < time.time() - OLD:
            left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(prefix=PAGE_PREFIX, suffix=".html", dir=folder)  # 0600
    path = Path(name)
    try:
        with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - the handle keeps others out
            file.write(REDIRECT.format(address=escape(address)))
        yield path
    finally:
        path.unlink(missing_ok=True)


def show(page: Path) -> bool:
    """Show a page of the disk in the browser; return whether there is one."""
    with outside():
        return webbrowser.open(page.resolve().as_uri())
