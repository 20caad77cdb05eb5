"""Opening the browser tells nobody else on this machine where the preview is."""

from __future__ import annotations

import json
import os
import stat
import sys
import time
import webbrowser
from pathlib import Path

import pytest

from handouts.serving.opening import OLD, PAGE_PREFIX, redirect, show

TOKEN = "JmulyOwh5o6ICd6LOGuuLwSQscBp-secret"
ADDRESS = f"http://127.0.0.1:8000/{TOKEN}/?locale=es&handout=about-ipt"
# Stands for a browser: notes its arguments, what it was given to read, and where it keeps temporary files.
BROWSER = """#!{python}
import json, os, sys, urllib.parse
page = urllib.parse.unquote(sys.argv[1].removeprefix("file://"))
told = [sys.argv, open(page).read(), os.stat(page).st_mode, os.environ.get("TMPDIR")]
open({said!r}, "w").write(json.dumps(told))
"""


def test_a_program_is_started_with_a_file_that_only_we_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is in the file and not among the arguments, which every user sees; the file goes afterwards."""
    browser, said = tmp_path / "browser", tmp_path / "said"
    browser.write_text(BROWSER.format(python=sys.executable, said=str(said)), encoding="utf-8")
    browser.chmod(0o700)
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    folder = tmp_path / "a folder & more"
    folder.mkdir()
    with redirect(ADDRESS, folder) as page:
        assert show(page)
        arguments, text, mode, _ = json.loads(said.read_text(encoding="utf-8"))
        assert TOKEN not in str(arguments)
        assert "127.0.0.1" not in str(arguments)
        assert f'url={ADDRESS.replace("&", "&amp;")}"' in text
        assert stat.S_IMODE(mode) == 0o600
    assert not page.exists()


def test_what_a_killed_preview_left_is_removed_and_one_that_is_open_is_not(tmp_path: Path) -> None:
    """A second preview of the same project does not take away the page of the first."""
    old, new = tmp_path / f"{PAGE_PREFIX}old.html", tmp_path / f"{PAGE_PREFIX}new.html"
    for path in (old, new):
        path.touch()
    os.utime(old, (time.time() - 2 * OLD,) * 2)
    with redirect(ADDRESS, tmp_path):
        assert not old.exists()
        assert new.exists()
