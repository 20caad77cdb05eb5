"""A PDF judged in the place of one that was built."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from handouts.library.jobs import Job, Made
from handouts.library.manifest import entry_of
from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.verify.gate import examine
from handouts.verify.verdict import Verdict
from tests.conftest import our_look


def judge(sources: Sources, path: Path, file: str = "en/about-ipt.pdf", sha256: str = "") -> Verdict:
    """Return the verdict on a PDF in the place of one that was built."""
    tag, _, name = file.partition("/")
    layout = "standard" if name.count(".") == 1 else name.split(".")[1]
    choice = Choice(locales=(tag,), handouts=("about-ipt",), formats=("pdf",), layouts=(layout,))  # type: ignore[arg-type]
    (page,) = plan(Approval(sources, our_look()), choice)
    data = path.read_bytes() if path.exists() else b""
    entry = entry_of(Made(Job(page, "", ""), data))
    entry = replace(entry, sha256=sha256 or entry.sha256)
    return examine(path, entry, page, our_look())
