"""The gallery goes to disk with what the manifest lists, while no other build changes that; what has no place in it any more goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from handouts.library.cache import cache_folder
from handouts.library.deliver import deliver, disk_problem, link_within, remove
from handouts.library.manifest import (
    MANIFEST,
    ManifestEntry,
    digest_of,
    entries_with_files,
    manifest_lock,
    remove_empty,
)
from handouts.library.outdated import Removed
from handouts.library.packs import OLD_PACK, outdated_packs
from handouts.model import LAYOUTS
from handouts.page.approval import Approval
from handouts.problems import Problem, SourceError, in_file
from handouts.site.covers import cover_of, prune_covers
from handouts.site.gallery import COVERS, INDEX, cover_file, gallery_pages
from handouts.stopping import finishing

OURS = b'<meta name="generator" content="IPT Handouts: gallery">'
HEAD = 4000  # bytes of a page in which it says so


@dataclass(frozen=True)
class Published:
    """What was published: the files of the gallery, sorted; what went wrong; and the zips that were removed because they were out of date."""

    files: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    removed: tuple[Removed, ...] = ()


def publish(approval: Approval, out: Path, *, drawing: bool = True) -> Published:
    """Write the gallery of an output folder; return its files. What is the same already is left alone.

    Without `drawing` a handout whose cover has not been drawn yet has none: a process that is stopped has no time for it.
    A template that does not work is a problem, and the gallery stays as it was.
    """
    if not (out / MANIFEST).is_file():
        return Published(())
    cache, _ = cache_folder(approval.sources.root)
    # Drawn before, so that other builds wait for a moment only.
    covers_of(out, entries_with_files(out), cache, drawing=drawing)
    try:
        with manifest_lock(out), finishing():
            published = _publish(approval, out, cache, drawing=drawing)
    except SourceError as error:
        return Published((), tuple(error.problems))
    except OSError as error:
        return Published((), (disk_problem(out / INDEX, error),))
    prune_covers(cache, len(published.files))
    return published


def _publish(approval: Approval, out: Path, cache: Path, *, drawing: bool) -> Published:
    """Do it, with the manifest locked."""
    entries = entries_with_files(out)
    covers = covers_of(out, entries, cache, drawing=drawing)
    pages = gallery_pages(approval, entries.values(), covers)
    files = {**{file: text.encode() for file, text in pages.items()}, **covers}
    problems = [problem for file, data in files.items() for problem in _deliver(out, file, data)]
    former = former_gallery(out, files)
    problems += remove(out, former)
    for folder in {(out / file).parent for file in former if not link_within(out, file)}:
        remove_empty(folder, out)
    packs = outdated_packs(out, map(digest_of, entries.values()))
    problems += remove(out, packs)
    return Published(tuple(sorted(files)), tuple(problems), tuple(Removed(name, OLD_PACK) for name in packs))


def covers_of(
    out: Path, entries: Mapping[str, ManifestEntry], cache: Path, *, drawing: bool = True
) -> dict[str, bytes]:
    """Return the covers of an output folder by file: of each handout in each language, from the first of its PDFs that can be drawn."""
    papers = [entry for entry in entries.values() if entry.rendition.format == "pdf"]
    found: dict[str, bytes] = {}
    for entry in sorted(papers, key=lambda e: (LAYOUTS.index(e.rendition.layout), e.rendition.file)):
        made = entry.rendition
        file = f"{made.place.folder}/{cover_file(made.locale, made.handout)}"
        if file not in found and (data := cover_of(out / made.file, entry.sha256, cache, drawing=drawing)):
            found[file] = data
    return found


def former_gallery(out: Path, files: Mapping[str, object]) -> list[str]:
    """Return the files of a gallery that have no place in it any more: pages of places that have nothing, and covers.

    What is not a gallery's is not touched: its pages say that they are its own, and covers lie beside one of them.
    """
    pages = [path for path in (out / INDEX, *out.glob(f"*/{INDEX}")) if _is_ours(path)]
    covers = (path for page in pages for path in (page.parent / COVERS).glob("*.png") if page.parent != out)
    names = (path.relative_to(out).as_posix() for path in (*pages, *covers))
    return sorted({name for name in names if name not in files})


def _deliver(out: Path, file: str, data: bytes) -> list[Problem]:
    """Put a file of the gallery into its place, but not over a page that a person has put there; return what went wrong."""
    return in_the_way(out / file) or deliver(out, file, data)


def in_the_way(path: Path) -> list[Problem]:
    """Return the problem of a page that a person has put where one of the gallery belongs, nothing where there is none."""
    if path.name != INDEX or not path.is_file() or path.is_symlink() or _is_ours(path):
        return []
    what = "a page of someone else lies where a page of the gallery belongs, and was left as it is."
    fix = "Move it away, or build into another folder with --out."
    return [in_file("page-in-the-way", str(path), what, fix, severity="warning")]


def _is_ours(page: Path) -> bool:
    """Whether a page says that it is one of a gallery."""
    try:
        with page.open("rb") as file:
            return OURS in file.read(HEAD)
    except OSError:
        return False
