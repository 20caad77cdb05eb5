"""Every file of a manifest goes through the gate, on several workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from handouts.library.manifest import MANIFEST, NOT_LISTED, ManifestEntry, folder_problems, read_manifest
from handouts.library.plan import chosen_locales, page_of
from handouts.page.approval import Approval
from handouts.parallel import spawned
from handouts.problems import Problem, SourceError, in_file
from handouts.sources.load import Sources
from handouts.verify.gate import Verdict, examine


def listed(sources: Sources, out: Path, locales: Sequence[str]) -> Sequence[ManifestEntry]:
    """Return the sound entries of a manifest, of the locales named or of all.

    Raises SourceError where there is no manifest, or nothing in it.
    """
    problems = folder_problems(sources.root, out) if (out / MANIFEST).is_file() else []
    entries, unsound = read_manifest(out)
    tags = chosen_locales(sources, locales)
    chosen = [entry for entry in entries if not locales or entry.rendition.locale in tags]
    if problems or not (chosen or unsound):
        fix = "Build first: python3 build.py — or name the folder that was built into."
        raise SourceError(
            problems or [Problem("nothing-verify", str(out / MANIFEST), "there is nothing to verify.", fix)]
        )
    return chosen


def verify_release(
    approval: Approval,
    out: Path,
    entries: Sequence[ManifestEntry],
    workers: int,
    tell: Callable[[str], None],
) -> list[Verdict]:
    """Return the verdict on every entry, in their order; `tell` hears of each as it is done.

    An entry that is not sound is a problem too, and so is a file of the folder that no entry lists: no one knows what
    it says.
    """
    with spawned(max(1, min(workers, len(entries)))) as pool:
        waiting = [(entry, _submit(pool, approval, out, entry)) for entry in entries]
        verdicts = []
        for entry, future in waiting:
            verdicts.append(future if isinstance(future, Verdict) else future.result())
            tell(entry.rendition.file)
    everything, unsound = read_manifest(out)
    verdicts += [Verdict(problem.file, problems=[problem]) for problem in unsound]
    known = {*(entry.rendition.file for entry in everything), *(problem.file for problem in unsound)}
    for path in sorted(out.rglob("*")):
        file = path.relative_to(out).as_posix()
        if (
            path.is_file()
            and path.suffix in {".pdf", ".html", ".txt", ".eml"}
            and file not in known | NOT_LISTED
        ):
            what = "the manifest does not list this file."
            verdicts.append(
                Verdict(
                    file,
                    problems=[
                        Problem("manifest-not-list-file", file, what, "Remove it: no one knows what it says.")
                    ],
                )
            )
    return verdicts


def _submit(
    pool: ProcessPoolExecutor, approval: Approval, out: Path, entry: ManifestEntry
) -> Future[Verdict] | Verdict:
    """Start the reading of one entry; return its future, or the verdict that there is nothing to compare it with."""
    file = entry.rendition.file
    try:
        page = page_of(approval, entry.rendition)
    except KeyError as error:
        what = f"the sources no longer have what it is of ({error})."
        fix = "Remove the file and its entry, or put back what it was made from."
        return Verdict(file, problems=[in_file("rendition-without-source", file, what, fix)])
    return pool.submit(examine, out / file, entry, page, approval.look)
