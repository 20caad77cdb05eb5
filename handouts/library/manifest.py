"""The manifest: what is said of every finished file of an output folder, read and written by one build at a time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, cast

from handouts.files import not_a_folder
from handouts.library.deliver import deliver, disk_problem, link_within, not_a_folder_text, remove
from handouts.library.jobs import Made
from handouts.library.packs import Digest, outdated_packs
from handouts.locks import locked
from handouts.model import FORMATS, LAYOUTS, PAPERS, STATES, SUFFIXES, Clinic, Region, Rendition, State
from handouts.problems import Problem, in_command, in_file
from handouts.stopping import finishing

MANIFEST, MANIFEST_LOCK = "manifest.json", ".manifest.lock"
SOURCE_FOLDERS = ("content", "locales", "templates", "handouts", "tests", ".cache", ".git", ".venv")
FACTS = 16  # digits of the digest of a place's facts
DIGEST = re.compile("[0-9a-f]{64}")
OF_CLINIC = {
    "clinic_name": "name",
    "accent": "accent",
    "site": "site",
    "begins_with": "layout",
}  # fields of an entry, by those of its clinic
NOT_LISTED = frozenset({"status.html"})  # about the handouts, and no rendition
KNOWN_WORDS: Mapping[str, tuple[str, ...]] = {
    "format": FORMATS,
    "layout": LAYOUTS,
    "paper": PAPERS,
    "state": STATES,
    "direction": ("ltr", "rtl"),
}
TEXTS = (*(f.name for f in fields(Rendition)), "edition", "state", "sha256", "title", "autonym", "direction")


@dataclass(frozen=True)
class ManifestEntry:
    """What the manifest says of one finished file. `pages` is 0 where there are none, `size` is in bytes.

    `facts` is the digest of the numbers and the clinic's details that it prints; an older manifest has none. `clinic_name`,
    `accent`, `site` and `begins_with` (its layout) are those of its clinic, for a gallery that is made where its profile is not at hand.
    """

    rendition: Rendition
    edition: str
    state: State
    pages: int
    size: int
    sha256: str
    title: str
    autonym: str
    direction: Literal["ltr", "rtl"]
    facts: str = ""
    clinic_name: str = ""
    accent: str = ""
    site: str = ""
    begins_with: str = ""


def facts_of(region: Region, clinic: Clinic | None) -> str:
    """Return the digest of what a reader dials and where they go: help lines, links, paper, and the clinic's details."""
    lines = [(line.kind, line.name.text, line.call, line.text) for line in region.lines]
    links = [link.url for link in region.links]
    said = repr((region.code, region.paper, lines, links, clinic))
    return hashlib.sha256(said.encode()).hexdigest()[:FACTS]


def entry_of(made: Made) -> ManifestEntry:
    """Return the entry of a rendition that was made."""
    page = made.job.page
    return ManifestEntry(
        rendition=page.rendition,
        edition=page.handout.edition,
        state=page.state,
        pages=made.pages,
        size=len(made.data),
        sha256=hashlib.sha256(made.data).hexdigest(),
        title=page.handout.title.text,
        autonym=page.locale.autonym,
        direction=page.locale.direction,
        facts=facts_of(page.english.region, page.clinic),
        **({name: getattr(page.clinic, key) for name, key in OF_CLINIC.items()} if page.clinic else {}),
    )


def entry_row(entry: ManifestEntry) -> dict[str, Any]:
    """Return an entry as it stands in the manifest."""
    return {
        "place": entry.rendition.place.folder,
        **asdict(entry.rendition),
        "edition": entry.edition,
        "state": entry.state,
        "pages": entry.pages or None,
        "bytes": entry.size,
        "sha256": entry.sha256,
        "title": entry.title,
        "autonym": entry.autonym,
        "direction": entry.direction,
        "facts": entry.facts,
        **{name: getattr(entry, name) for name in OF_CLINIC if getattr(entry, name)},
    }


def entry_from(row: Mapping[str, Any]) -> ManifestEntry | None:
    """Return the entry that a row of the manifest says, or None where a row is not as a build writes it.

    A file whose name does not end as its format says would escape the checks of that format.
    """
    if not all(isinstance(row.get(name), str) for name in TEXTS):
        return None
    if not all(row[name] in words for name, words in KNOWN_WORDS.items()):
        return None
    if (
        not all(isinstance(row.get(name, ""), str) for name in ("facts", *OF_CLINIC))
        or type(row.get("bytes")) is not int
        or type(row.get("pages") or 0) is not int
    ):
        return None
    given = cast("Any", row)
    rendition = Rendition(**{f.name: given[f.name] for f in fields(Rendition)})
    if not _is_placed(rendition) or given.get("place") != rendition.place.folder:
        return None
    if not DIGEST.fullmatch(given["sha256"]):  # it names a file of the cache
        return None
    return ManifestEntry(
        rendition=rendition,
        edition=given["edition"],
        state=given["state"],
        pages=given["pages"] or 0,
        size=given["bytes"],
        sha256=given["sha256"],
        title=given["title"],
        autonym=given["autonym"],
        direction=given["direction"],
        facts=given.get("facts", ""),
        **{name: given.get(name, "") for name in OF_CLINIC},
    )


@contextmanager
def manifest_lock(out: Path) -> Iterator[None]:
    """Wait until no other build changes the manifest of an output folder, and keep others waiting meanwhile.

    The folder is made where it is not there. Raises OSError where the lock cannot be had.
    """
    out.mkdir(parents=True, exist_ok=True)
    with locked(out / MANIFEST_LOCK):
        yield


def read_manifest(out: Path) -> tuple[list[ManifestEntry], list[Problem]]:
    """Return the entries of an output folder's manifest, those of lost files too, and a problem for each unsound one.

    Without a manifest there are none.
    """
    entries, problems = [], []
    for row in _rows(out) or []:
        entry = entry_from(row)
        if entry:
            entries.append(entry)
        else:
            what = "its entry in the manifest is not as a build writes it."
            fix = "Build again into this folder; the manifest was changed by hand."
            problems.append(in_file("unsound-entry", row["file"], what, fix))
    return entries, problems


def entries_with_files(out: Path) -> dict[str, ManifestEntry]:
    """Return the sound entries of an output folder's manifest whose files are still there, by file."""
    entries, _ = read_manifest(out)
    return {e.rendition.file: e for e in entries if _is_there(out, e.rendition.file)}


def _is_there(out: Path, file: str) -> bool:
    """Whether a file lies in an output folder, itself and not a link to it."""
    path = out / file
    return path.is_file() and not path.is_symlink() and not link_within(out, file)


def digest_of(entry: ManifestEntry) -> Digest:
    """Return what a listed file is of, and its digest."""
    return entry.rendition, entry.sha256


def write_manifest(out: Path, entries: Iterable[ManifestEntry]) -> list[Problem]:
    """Write the manifest, sorted by file; return what went wrong, and then it is as it was.

    Before that, zips that were made of other files go: at no moment do old numbers lie in one beside new ones.
    """
    entries = sorted(entries, key=lambda entry: entry.rendition.file)
    problems = remove(out, outdated_packs(out, map(digest_of, entries)))
    if problems:
        return problems
    rows = [entry_row(entry) for entry in entries]
    text = json.dumps({"renditions": rows}, ensure_ascii=False, indent=1) + "\n"
    return deliver(out, MANIFEST, text.encode())


def deliver_and_list(out: Path, made: Sequence[Made]) -> tuple[list[ManifestEntry], list[Problem]]:
    """Put renditions into an output folder and list them; return the entries of those that are there, and what went wrong.

    At no moment does the manifest say of a file what is not so, whenever the process is killed: before a file is
    replaced its entry is taken out, and it is listed again when it is there. What is the same already is left alone.
    """
    return deliver_made_of(out, lambda _: made) if made else ([], [])


def deliver_made_of(
    out: Path, make: Callable[[Mapping[str, ManifestEntry]], Sequence[Made]]
) -> tuple[list[ManifestEntry], list[Problem]]:
    """Do the same with what is made of the entries of the manifest, by file: no other build changes them meanwhile."""
    try:
        with manifest_lock(out), finishing():
            return _deliver_and_list(out, make(entries_with_files(out)))
    except OSError as error:
        return [], [disk_problem(out / MANIFEST, error)]


def _deliver_and_list(out: Path, made: Sequence[Made]) -> tuple[list[ManifestEntry], list[Problem]]:
    """Do it, with the manifest locked."""
    _remove_strays(out, made)
    entries = entries_with_files(out)
    new = {each.job.page.rendition.file: each for each in made}
    changing = {file for file, each in new.items() if entries.get(file) != entry_of(each)}
    if changing & entries.keys():
        problems = write_manifest(out, (e for file, e in entries.items() if file not in changing))
        if problems:  # the old files and what is said of them stay
            return [], problems
    problems, delivered = [], {}
    for file, each in new.items():
        private = each.job.page.rendition.format == "eml"  # it is about to get an address
        refused = deliver(out, file, each.data, private=private)
        problems += refused
        if not refused:  # else the old file is there as it was, and so is what is said of it
            delivered[file] = entry_of(each)
    problems += write_manifest(out, {**entries, **delivered}.values())
    return list(delivered.values()), problems


def former_files(out: Path) -> list[str]:
    """Return the files that a build before places had folders has listed: those lie in `LOCALE/`, and may be of any region."""
    rows = (row for row in _rows(out) or [] if "place" not in row and isinstance(row.get("locale"), str))
    return sorted(
        r["file"] for r in rows if r["file"].startswith(f"{r['locale']}/") and _is_inside(r["file"])
    )


def withdraw(out: Path, files: Iterable[str]) -> tuple[list[str], list[Problem]]:
    """Take files and their entries out of an output folder; return those that were there, and what went wrong."""
    wanted = list(files)
    if not wanted or not out.is_dir():
        return [], []
    try:
        with manifest_lock(out), finishing():
            return _withdraw(out, wanted)
    except OSError as error:
        return [], [disk_problem(out / MANIFEST, error)]


def _withdraw(out: Path, wanted: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """Do it, with the manifest locked."""
    there = [file for file in wanted if _is_there(out, file)]
    entries = entries_with_files(out)
    # The manifest first: at no moment does it list what is not there.
    problems = write_manifest(out, (e for file, e in entries.items() if file not in wanted)) if there else []
    if problems:
        return [], problems
    problems = remove(out, there)
    for folder in {(out / file).parent for file in there}:
        remove_empty(folder, out)
    return [file for file in there if not (out / file).exists()], problems


def remove_empty(folder: Path, out: Path) -> None:
    """Remove a folder below the output folder, and those around it, as far as there is nothing in them."""
    while folder != out and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _remove_strays(out: Path, made: Iterable[Made]) -> None:
    """Remove what a build that was killed had begun to write: as the lock is ours, no one else is writing it."""
    strays = [*out.glob(f".{MANIFEST}.*.tmp")]
    for folder in {(out / each.job.page.rendition.file).parent for each in made}:
        strays += folder.glob(".*.tmp")
    for stray in strays:
        stray.unlink(missing_ok=True)


def folder_problems(root: Path, out: Path) -> list[Problem]:
    """Return what is wrong with an output folder: no folder, inside the sources, or with a manifest no one can read."""
    place, project = out.resolve(), root.resolve()
    if place == project or any(place.is_relative_to(project / name) for name in SOURCE_FOLDERS):
        what = f"“{out}” belongs to the sources."
        return [in_command("output-in-sources", "--out", what, "Choose a folder of its own, such as dist.")]
    if other := not_a_folder(out):
        what, fix = not_a_folder_text(other), "Choose another folder, such as dist."
        return [in_command("output-not-folder", "--out", what, fix)]
    if (out / MANIFEST).exists() and _rows(out) is None:
        fix = "Move it away and build everything again, so that every file is listed."
        return [in_file("manifest-unreadable", str(out / MANIFEST), "the manifest cannot be read.", fix)]
    return []


def _rows(out: Path) -> list[dict[str, Any]] | None:
    """Return the rows of a manifest, each of which names a file, or None where it cannot be read."""
    try:
        if not (out / MANIFEST).is_file():  # a pipe in its place would be waited for
            return None
        rows = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["renditions"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    named = isinstance(rows, list) and all(
        isinstance(r, dict) and isinstance(r.get("file"), str) for r in rows
    )
    return rows if named else None


def _is_placed(rendition: Rendition) -> bool:
    """Whether a rendition's file lies where a build puts it: in the folder of its place and locale, named by its format."""
    folder = f"{rendition.place.folder}/{rendition.locale}/"
    named = rendition.file.startswith(folder) and rendition.file.endswith(f".{SUFFIXES[rendition.format]}")
    return named and _is_inside(rendition.file)


def _is_inside(file: str) -> bool:
    """Whether a manifest's file name stays in its folder."""
    return not Path(file).is_absolute() and ".." not in Path(file).parts
