"""Every file of a manifest goes through the gate, on several workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from handouts.library.manifest import MANIFEST, NOT_LISTED, ManifestEntry, folder_problems, read_manifest
from handouts.library.plan import chosen_locales, page_of
from handouts.library.siblings import linked
from handouts.model import Page
from handouts.page.approval import Approval
from handouts.problems import Problem, SourceError, in_file
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.verify.gallery import examine_gallery
from handouts.verify.gate import examine
from handouts.verify.verdict import Verdict
from handouts.workers import Limits, Lost, Reason, run_each

LIMITS = Limits(seconds=300)
LOST_WORDS: Mapping[Reason, str] = {
    "killed": "killed",
    "slow": f"not done after {LIMITS.seconds:.0f} seconds",
    "memory": "in need of too much memory",
}


def listed_entries(sources: Sources, out: Path, locales: Sequence[str]) -> Sequence[ManifestEntry]:
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
            problems
            or [Problem("nothing-to-verify", str(out / MANIFEST), "there is nothing to verify.", fix)]
        )
    return chosen


def verify_release(
    approval: Approval,
    out: Path,
    entries: Sequence[ManifestEntry],
    workers: int,
    on_done: Callable[[str], None],
) -> list[Verdict]:
    """Return the verdict on every entry, in their order, and on what is wrong with the gallery; `on_done` is given the name of each as it is done.

    An entry that is not sound is a problem too, and so is a file of the folder that no entry lists: no one knows what
    it says.
    """
    everything, unsound = read_manifest(out)
    verdicts, tasks = _without_source(approval, entries, everything)
    for (entry, _), verdict in run_each(_examine, tasks, workers, shared=(approval.look, out), limits=LIMITS):
        file = entry.rendition.file
        verdicts[file] = _lost(file, verdict) if isinstance(verdict, Lost) else verdict
        on_done(file)
    in_order = [verdicts[entry.rendition.file] for entry in entries]
    in_order += [Verdict(problem.file, problems=[problem]) for problem in unsound]
    gallery = list(examine_gallery(approval, out))
    known = {*(entry.rendition.file for entry in everything), *(problem.file for problem in unsound)}
    known |= {verdict.file for verdict in gallery}
    spoilt = [verdict for verdict in gallery if verdict.problems]
    return [*in_order, *spoilt, *_unlisted(out, known | NOT_LISTED)]


def _unlisted(out: Path, known: Iterable[str]) -> Iterator[Verdict]:
    """Yield a verdict on every file that could be taken for a rendition, and that no entry is of."""
    for path in sorted(out.rglob("*")):
        file = path.relative_to(out).as_posix()
        if path.is_file() and path.suffix in {".pdf", ".html", ".txt", ".eml"} and file not in known:
            what, fix = "the manifest does not list this file.", "Remove it: no one knows what it says."
            yield Verdict(file, problems=[Problem("file-not-listed", file, what, fix)])


def _without_source(
    approval: Approval, entries: Sequence[ManifestEntry], everything: Sequence[ManifestEntry]
) -> tuple[dict[str, Verdict], list[tuple[ManifestEntry, Page]]]:
    """Return the verdicts, by file, on what there is nothing to compare with; and the other entries with their pages.

    `everything` are all entries of the manifest: a web page leads to those of its handout.
    """
    verdicts, tasks = {}, []
    for entry in entries:
        file = entry.rendition.file
        place = entry.rendition.place
        clinic = approval.sources.content.clinics.get(place.clinic)
        if clinic and clinic.region != place.region:
            what = (
                f"it is of the region {place.region}, and the clinic “{clinic.slug}” is in {clinic.region}."
            )
            fix = f"Do not hand it out. Build again: python3 build.py --clinic {clinic.slug}"
            verdicts[file] = Verdict(file, problems=[in_file("of-another-region", file, what, fix)])
            continue
        try:
            page = page_of(approval, entry.rendition)
            tasks.append((entry, linked([page], everything)[0] if entry.rendition.format == "web" else page))
        except KeyError as error:
            what = f"the sources no longer have what it is of ({error})."
            fix = "Remove the file and its entry, or put back what it was made from."
            if place.clinic and not clinic:
                fix = (
                    "Name the profile that it was made with: --clinic FILE, or remove the file and its entry."
                )
            verdicts[file] = Verdict(file, problems=[in_file("rendition-without-source", file, what, fix)])
    return verdicts, tasks


def _examine(task: tuple[ManifestEntry, Page], look: Look, out: Path) -> Verdict:
    """Return the verdict on one file, in a worker."""
    entry, page = task
    return examine(out / entry.rendition.file, entry, page, look)


def _lost(file: str, lost: Lost) -> Verdict:
    """Return the verdict on a file that no worker could read to its end."""
    what = f"it could not be read to its end: the process that read it was {LOST_WORDS[lost.reason]}."
    return Verdict(file, problems=[in_file(f"worker-{lost.reason}", file, what, "Build it again.")])
