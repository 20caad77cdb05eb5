"""A PDF judged in the place of one that was built."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handouts.library.plan import Choice, plan
from handouts.sources.load import Sources
from handouts.verify.gate import examine
from handouts.verify.verdict import Verdict
from tests.conftest import ROOT


def judge(sources: Sources, path: Path, file: str = "en/about-ipt.pdf", **known: str) -> Verdict:
    """Return the verdict on a PDF in the place of one that was built."""
    tag, _, name = file.partition("/")
    layout = "standard" if name.count(".") == 1 else name.split(".")[1]
    choice = Choice(locales=(tag,), handouts=("about-ipt",), formats=("pdf",), layouts=(layout,))  # type: ignore[arg-type]
    (page,) = plan(sources, choice)
    entry: Mapping[str, Any] = {
        "file": file,
        "format": "pdf",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "",
        **known,
    }
    return examine(path, entry, page, ROOT)
