"""The e-mails that the tests of mail share."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import LOCALES, ROOT, named


@pytest.fixture(scope="session")
def mails(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Build the e-mails of every locale, and a clinic's; return their pages, by file."""
    found = {}
    for clinic, tags in (("", LOCALES), ("example", ("en", "ar"))):
        out = tmp_path_factory.mktemp("mails")
        options = ["--clinic", clinic] if clinic else []
        done = subprocess.run(
            [sys.executable, "build.py", "--out", str(out), "--format", "email", *options, *named(tags)],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        for path in sorted(out.glob("*/*.html")):
            name = path.relative_to(out).as_posix()
            found[f"{clinic}/{name}" if clinic else name] = path.read_text(encoding="utf-8")
    assert len(found) == 2 * (len(LOCALES) + 2)
    return found
