"""Every file of a manifest goes through the gate, on several workers."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

from handouts.library.manifest import MANIFEST, PAGES, folder_problems, read_listed
from handouts.library.plan import SUFFIXES, chosen_locales, page_of
from handouts.model import FORMATS, LAYOUTS, PAPERS, Rendition
from handouts.problems import Problem, SourceError
from handouts.sources.load import Sources
from handouts.verify.gate import examine
from handouts.verify.verdict import Verdict


def listed(sources: Sources, out: Path, locales: Sequence[str]) -> Sequence[Mapping[str, Any]]:
    """Return the entries of a manifest, of the locales named or of all.

    Raises SourceError where there is no manifest, or nothing in it.
    """
    problems = folder_problems(sources.root, out) if (out / MANIFEST).is_file() else []
    entries = [] if problems else read_listed(out)
    tags = chosen_locales(sources, locales)
    chosen = [entry for entry in entries if not locales or entry.get("locale") in tags]
    if problems or not chosen:
        fix = "Build first: python build.py — or name the folder that was built into."
        raise SourceError(
            problems
            or [Problem("nothing-to-verify", str(out / MANIFEST), "there is nothing to verify.", fix)]
        )
    return chosen


def verify_release(
    sources: Sources,
    out: Path,
    entries: Sequence[Mapping[str, Any]],
    workers: int,
    on_done: Callable[[str], None],
) -> list[Verdict]:
    """Return the verdict on every entry, in their order; `on_done` is given the name of each as it is done.

    A file of the folder that no entry lists is a problem too: no one knows what it says.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(entries)), mp_context=context) as pool:
        waiting = [(entry, _submit(pool, sources, out, entry)) for entry in entries]
        verdicts = []
        for entry, future in waiting:
            verdicts.append(future if isinstance(future, Verdict) else future.result())
            on_done(entry["file"])
    known = {entry["file"] for entry in read_listed(out)}
    for path in sorted(out.rglob("*")):
        file = path.relative_to(out).as_posix()
        if path.is_file() and path.suffix in {".pdf", ".html", ".txt", ".eml"} and file not in known | PAGES:
            what = "the manifest does not list this file."
            verdicts.append(
                Verdict(
                    file,
                    problems=[
                        Problem("file-not-listed", file, what, "Remove it: no one knows what it says.")
                    ],
                )
            )
    return verdicts


def _submit(pool: ProcessPoolExecutor, sources: Sources, out: Path, entry: Mapping[str, Any]) -> Any:
    """Start the reading of one entry; return its future, or the verdict that there is nothing to compare it with."""
    names = {field.name for field in fields(Rendition)}
    if not _is_sound(entry, names):
        fix = "Build again into this folder; the manifest was changed by hand."
        return Verdict(
            entry["file"],
            problems=[
                Problem("entry-not-sound", entry["file"], "its entry in the manifest is not sound.", fix)
            ],
        )
    try:
        page = page_of(sources, Rendition(**{name: entry[name] for name in names}))
    except KeyError as error:
        what = f"the sources no longer have what it is of ({error})."
        fix = "Remove the file and its entry, or put back what it was made from."
        return Verdict(entry["file"], problems=[Problem("source-gone", entry["file"], what, fix)])
    return pool.submit(examine, out / entry["file"], entry, page, sources.root)


def _is_sound(entry: Mapping[str, Any], names: set[str]) -> bool:
    """Whether an entry names what can be, and its file ends as its format does: else the wrong checks are made."""
    texts = all(isinstance(entry.get(name), str) for name in names)
    known = entry.get("format") in FORMATS and entry.get("layout") in LAYOUTS and entry.get("paper") in PAPERS
    return texts and known and entry["file"].endswith(f".{SUFFIXES[entry['format']]}")
