"""A place's handouts as one zip: to be unzipped on any computer, opened in a browser, and printed."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from handouts.library.cache import cache_folder, cached
from handouts.library.jobs import Job, jobs
from handouts.library.make import make_rendition
from handouts.library.manifest import MANIFEST, ManifestEntry, digest_of, entries_with_files, manifest_lock
from handouts.library.packs import pack_mark, pack_name
from handouts.library.siblings import linked
from handouts.model import SHOWN_FORMATS, Page, Place
from handouts.page.approval import Approval
from handouts.page.filling import fill
from handouts.problems import Problem, counted, in_file
from handouts.site.fhir import FHIR_FILE, fhir_bundle
from handouts.site.gallery import gallery_pages, shown_places
from handouts.site.openemr import openemr_files
from handouts.site.publish import covers_of

README = "README.txt"
COMPRESSED = frozenset({".pdf", ".png"})  # stored as they are
MOST_NAMED = 3  # files that a problem names
# What no file on Windows may be called, whatever follows after a full stop, and the characters that no name may hold
# (Microsoft, Naming Files, Paths, and Namespaces).
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
NOT_IN_NAMES = re.compile(r'[<>:"\\|?*\x00-\x1f]|[. ]$')
LINK = re.compile(r'\s(?:href|src)="([^"]*)"')


@dataclass(frozen=True)
class Pack:
    """A zip of a place: its file name, its bytes, and how many files are in it."""

    name: str
    data: bytes
    files: int


def pack(
    approval: Approval, out: Path, place: Place, pages: Sequence[Page], *, for_openemr: bool = False
) -> tuple[Pack | None, list[Problem]]:
    """Return the zip of a place, or what keeps it from being whole and of the present sources.

    `pages` are all that are to be in it. It holds what lies in the output folder, if that is what would be made now, and
    nothing but those pages, their gallery, a file for whoever unzips it and one for record systems; with `for_openemr` also
    what goes into a folder of OpenEMR. The same input gives the same bytes. Raises
    OSError where a file cannot be read, or another build keeps the folder.
    """
    problems = list(name_problems(page.rendition.file for page in pages))
    if problems:  # told before it is built in vain
        return None, problems
    if not (out / MANIFEST).is_file():
        return None, list(_lacking(place, pages, {}))
    with manifest_lock(out):
        return _pack(approval, out, place, pages, for_openemr=for_openemr)


def _pack(
    approval: Approval, out: Path, place: Place, pages: Sequence[Page], *, for_openemr: bool
) -> tuple[Pack | None, list[Problem]]:
    """Do it, while no build changes the folder."""
    listed = entries_with_files(out)
    wanted = [page for page in pages if page.rendition.format in SHOWN_FORMATS]
    entries = [listed[page.rendition.file] for page in wanted if page.rendition.file in listed]
    problems = [*_lacking(place, wanted, listed), *_outdated(approval, out, place, wanted, listed)]
    if problems:
        return None, problems
    files = {entry.rendition.file: (out / entry.rendition.file).read_bytes() for entry in entries}
    cache, _ = cache_folder(approval.sources.root)
    covers = covers_of(out, {entry.rendition.file: entry for entry in entries}, cache)
    gallery = gallery_pages(approval, entries, covers)
    for_records, problems = openemr_files(approval, place, entries, files) if for_openemr else ({}, [])
    if problems:
        return None, problems
    files |= {FHIR_FILE: fhir_bundle(approval, place, entries, files), **for_records}
    files |= {**covers, **{file: page.encode() for file, page in gallery.items()}}
    files[README] = _readme(approval, entries, len(files) + 1)
    problems = list(link_problems(files))
    if problems:
        return None, problems
    name = pack_name(place.folder)
    created = approval.look.created(max(entry.edition for entry in entries))
    mark = pack_mark(map(digest_of, listed.values()), place.folder)
    return Pack(name, zipped(files, Path(name).stem, created, mark), len(files)), []


def _lacking(place: Place, wanted: Iterable[Page], listed: Mapping[str, ManifestEntry]) -> Iterator[Problem]:
    """Yield the problem of pages that have not been built."""
    lacking = [page.rendition.file for page in wanted if page.rendition.file not in listed]
    if lacking:
        what = f"{counted(len(lacking), 'file')} of {place} {'is' if len(lacking) == 1 else 'are'} not built: {_named(lacking)}."
        yield Problem(
            "pack-not-whole", "pack", what, _build_first(place), clinic=place.clinic, region=place.region
        )


def _outdated(
    approval: Approval, out: Path, place: Place, wanted: Iterable[Page], listed: Mapping[str, ManifestEntry]
) -> Iterator[Problem]:
    """Yield the problem of files that are not what would be made of the sources now."""
    there = [page for page in wanted if page.rendition.file in listed]
    entries = list(listed.values())
    web = [page for page in there if page.rendition.format == "web"]
    others = [page for page in there if page.rendition.format != "web"]
    cache, _ = cache_folder(approval.sources.root)
    todo = jobs(approval.sources, approval.look, [*others, *linked(web, entries)])
    old = [job.page.rendition.file for job in todo if not _is_present(approval, out, job, cache)]
    if old:
        what = f"{counted(len(old), 'file')} of {place} {'is' if len(old) == 1 else 'are'} not what the sources say now: {_named(old)}."
        yield Problem(
            "pack-out-of-date", "pack", what, _build_first(place), clinic=place.clinic, region=place.region
        )


def _is_present(approval: Approval, out: Path, job: Job, cache: Path) -> bool:
    """Whether the file of a job is what would be made now; one that is not in the cache is made to tell."""
    made = cached(cache, job) or make_rendition(job, approval.look, cache)
    return not made.failed and (out / job.page.rendition.file).read_bytes() == made.data


def _named(files: Sequence[str]) -> str:
    """Return the first of some files, and how many more there are."""
    more = f" and {len(files) - MOST_NAMED} more" if len(files) > MOST_NAMED else ""
    return ", ".join(files[:MOST_NAMED]) + more


def _build_first(place: Place) -> str:
    """Return the command that builds a place."""
    option = f"--clinic {place.clinic}" if place.clinic else f"--region {place.region}"
    return f"Build it first: python3 build.py {option}"


def _readme(approval: Approval, entries: Sequence[ManifestEntry], files: int) -> bytes:
    """Return the text for whoever unzips it, with the line ends of Windows."""
    (place,) = shown_places(approval, entries, ())
    editions = sorted({entry.edition for entry in entries})
    every = sum(len(language.handouts) for language in place.languages)
    text = fill(approval.look, "pack.txt", place=place, all=every, files=files, editions=editions)
    return (text.strip() + "\n").replace("\n", "\r\n").encode("utf-8-sig")


def name_problems(files: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for every name that Windows would refuse, and for two that are one to it."""
    met: dict[str, str] = {}
    for file in files:
        parts = file.split("/")
        if any(RESERVED.fullmatch(part) or NOT_IN_NAMES.search(part) for part in parts):
            what = "Windows has no file or folder of that name, and could not unzip it."
            yield in_file("name-not-for-windows", file, what, "Give the clinic or the handout another name.")
        other = met.setdefault(file.casefold(), file)
        if other != file:
            what = f"to Windows this is the same name as {other}."
            yield in_file("name-not-for-windows", file, what, "Give one of them another name.")


def link_problems(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield a problem for every page that leads to a file that is not in the zip."""
    for file, data in files.items():
        if file.endswith(".html"):
            dead = [link for link in local_links(file, data.decode()) if link not in files]
            if dead:
                what = f"it leads to {_named(sorted(set(dead)))}, which is not in the zip."
                fix = "Build all languages and forms; with --approved-only here, build with --approved-only too."
                yield in_file("pack-link-dead", file, what, fix)


def local_links(file: str, html: str) -> Iterator[str]:
    """Yield the files that a page leads to, as paths from the folder that its own path begins in."""
    for address in map(unescape, LINK.findall(html)):
        parts = urlsplit(address)
        if not parts.scheme and parts.path:
            yield posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(parts.path)))


def zipped(files: Mapping[str, bytes], folder: str, created: str, comment: str = "") -> bytes:
    """Return a zip of files in one folder: sorted, with the day `created` as the time of each, and nothing of this machine."""
    year, month, day = (int(part) for part in created[:10].split("-"))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.comment = comment.encode()
        for file in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{file}", (max(year, 1980), month, day, 0, 0, 0))
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = 0o644 << 16
            is_small = posixpath.splitext(file)[1] in COMPRESSED
            entry.compress_type = zipfile.ZIP_STORED if is_small else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[file], compresslevel=9)
    return written.getvalue()
