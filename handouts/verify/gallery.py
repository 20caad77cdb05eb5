"""The gallery: its pages say what the manifest and the sources say now, and its pictures are those of the PDFs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from handouts.library.cache import cache_folder
from handouts.library.manifest import entries_with_files
from handouts.page.approval import Approval
from handouts.problems import Problem
from handouts.site.gallery import gallery_pages
from handouts.site.publish import covers_of, former_gallery, in_the_way
from handouts.verify.verdict import Verdict


def examine_gallery(approval: Approval, out: Path) -> Iterator[Verdict]:
    """Yield a verdict on every page of the gallery, and on each other file of it that is not as it should be."""
    entries = entries_with_files(out)
    cache, _ = cache_folder(approval.sources.root)
    covers = covers_of(out, entries, cache)
    pages = {file: page.encode() for file, page in gallery_pages(approval, entries.values(), covers).items()}
    for file, data in {**pages, **covers}.items():
        verdict = Verdict(file)
        if own := in_the_way(out / file):
            verdict.problems += own
        elif not (out / file).is_file() or (out / file).read_bytes() != data:
            what = "it does not show what the manifest lists, or not as the sources say it now."
            verdict.problems.append(Problem("out-of-date", file, what, "Build it again."))
        if file in pages or verdict.problems:
            yield verdict
    for file in former_gallery(out, {**pages, **covers}):
        what = "there is nothing in the manifest that it could show."
        yield Verdict(file, problems=[Problem("file-not-listed", file, what, "Build again, and it goes.")])
