"""The library: what is up to date, who makes the rest, and the manifest of it all."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from handouts.compose import CID, compose
from handouts.deliver import (
    deliver,
    only_one,
    read_manifest,
    remove,
    write_manifest,
)
from handouts.files import write_whole
from handouts.mail import picture
from handouts.mail.inline import inline
from handouts.mail.message import Parcel, draft
from handouts.model import Page
from handouts.pdf import fonts
from handouts.pictures import drawings
from handouts.plan import Job, jobs
from handouts.problems import Problem
from handouts.sources import Sources

BATCH = 60  # documents that one worker makes
OLD_ENOUGH = 1500  # renditions kept in the cache beyond those of the last build


@dataclass(frozen=True)
class Made:
    """The bytes of a rendition and its pages (0 where there are none), or what went wrong."""

    job: Job
    data: bytes = b""
    pages: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Report:
    """What a build did: manifest entries of the plan, what was made anew, what went wrong."""

    entries: tuple[Mapping[str, Any], ...]
    made: int
    problems: tuple[Problem, ...]


def make(job: Job, root: Path, folder: Path) -> Made:
    """Return a finished rendition. Whatever goes wrong comes back as a problem, so that others go on."""
    try:
        return _make(job, root, folder)
    except OSError as error:
        what = f"it could not be made: {error.strerror or error}."
        full = error.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
        fix = "Make room on the disk and in the temporary folder." if full else "Run: python build.py doctor"
        return Made(job, problems=(Problem(job.page.rendition.file, what, fix),))
    except Exception as error:  # noqa: BLE001 - one rendition that fails must not stop the others
        what = f"it could not be made: {type(error).__name__}: {error}."
        fix = "Undo the last change to its content, catalog or template; if there was none, report this."
        return Made(job, problems=(Problem(job.page.rendition.file, what, fix),))


def _make(job: Job, root: Path, folder: Path) -> Made:
    composed = compose(job.page, root)
    match job.page.rendition.format:
        case "text":
            return Made(job, composed.encode())
        case "email":
            return Made(job, inline(composed).encode())
        case "eml":
            return _message(job, inline(composed), root, folder)
        case "pdf":
            from handouts.pdf.render import render

            families = job.page.families
            lost = fonts.missing_glyphs(composed, families)
            if lost:
                return Made(job, problems=(_glyph_problem(job, lost),))
            faces = fonts.subset(families, {*job.characters, *composed}, folder / "fonts")
            pdf = render(composed, faces, folder / "fonts", drawings(job.page, root))
            if pdf.overfull:
                return Made(job, problems=(_overfull_problem(job),))
            return Made(job, pdf.data, pdf.pages)


def _message(job: Job, html: str, root: Path, folder: Path) -> Made:
    """Return a message, its paper and text as they are kept, or made and kept now."""
    parts = []
    for part in job.parts:
        made = _cached(folder, part)
        if made is None:
            made = make(part, root, folder)
            if made.problems:
                return Made(job, problems=made.problems)
            _keep(folder, made)
        parts.append(made.data)
    paper, text = parts
    page = job.page
    parcel = Parcel(
        subject=page.handout.words["mail-subject"].text,
        language=page.locale.tag,
        text=text.decode(),
        html=html,
        pdf=paper,
        picture=picture.png(page, root, job.characters, folder / "fonts"),
        cid=CID,
    )
    return Made(job, draft(parcel))


def _glyph_problem(job: Job, lost: list[str]) -> Problem:
    """Return the problem of a page that would print empty boxes."""
    shown = ", ".join(f"{c} (U+{ord(c):04X})" for c in lost[:10])
    more = f" and {len(lost) - 10} more" if len(lost) > 10 else ""  # noqa: PLR2004
    tag, families = job.page.locale.tag, " and ".join(job.page.families)
    return Problem(
        job.page.rendition.file,
        f"the fonts of locale {tag} ({families}) have no glyph for {shown}{more}.",
        f"Add a font that has it to “fonts” in locales/{tag}/locale.toml, or write the text without it.",
    )


def _overfull_problem(job: Job) -> Problem:
    """Return the problem of a clinic whose details run out of their box."""
    if not job.page.clinic:
        what = f"the words in the clinic's empty box do not fit in locale {job.page.locale.tag}."
        return Problem(
            f"locales/{job.page.locale.tag}/handouts.po", what, "Shorten the message interface.stamp."
        )
    return Problem(
        f"content/clinics/{job.page.rendition.clinic}.yaml",
        f"the details do not fit their box in locale {job.page.locale.tag}.",
        "Shorten the address or the hours: the box has room for six lines.",
    )


def build(
    sources: Sources, pages: list[Page], out: Path, workers: int, tell: Callable[[str], None]
) -> Report:
    """Make what is not up to date, put all of it into `out`, and write the manifest.

    `tell` hears of every rendition, as it is made or found. A rendition that fails is a problem; its
    last good file and its entry in the manifest stay.
    """
    folder, problems = cache_folder(sources.root)
    todo: list[Job] = []
    done: dict[str, dict[str, Any]] = {}
    made = 0
    try:
        for job in jobs(sources, pages):
            cached = _cached(folder, job)
            if cached is None:
                todo.append(job)
                continue
            tell(job.page.rendition.file)
            problems += _put(out, cached, done)
        for each in _run(todo, sources.root, folder, workers):
            tell(each.job.page.rendition.file)
            made += not each.problems
            problems += each.problems or _keep(folder, each) + _put(out, each, done)
    finally:
        # Also when a person stops the build: what was delivered is listed.
        problems += _list(out, done)
    _prune(folder)
    entries = tuple(done[page.rendition.file] for page in pages if page.rendition.file in done)
    return Report(entries, made, tuple(problems))


def finished(
    sources: Sources, pages: list[Page], workers: int, tell: Callable[[str], None]
) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bytes of pages by their files, from the cache or made now, without putting them anywhere; and what went wrong."""
    folder, problems = cache_folder(sources.root)
    ready: dict[str, bytes] = {}
    todo = []
    for job in jobs(sources, pages):
        cached = _cached(folder, job)
        if cached is None:
            todo.append(job)
        else:
            ready[job.page.rendition.file] = cached.data
    for each in _run(todo, sources.root, folder, workers):
        tell(each.job.page.rendition.file)
        problems += each.problems or _keep(folder, each)
        if not each.problems:
            ready[each.job.page.rendition.file] = each.data
    return ready, problems


def _list(out: Path, done: Mapping[str, dict[str, Any]]) -> list[Problem]:
    """Add what was delivered to the manifest of the output folder; return what went wrong."""
    if not done:
        return []
    with only_one(out):
        return write_manifest(out, {**read_manifest(out), **done})


def cache_folder(root: Path) -> tuple[Path, list[Problem]]:
    """Return where renditions and fonts are kept: in the project, or for this time only where that cannot be."""
    folder = root / ".cache"
    try:
        for name in ("fonts", "renditions"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder / name):
                pass
    except OSError as error:
        what = f"nothing can be kept here: {error.strerror}."
        problem = Problem(
            str(folder), what, "Let this folder be written, or every build makes all again.", "warning"
        )
        return Path(tempfile.mkdtemp(prefix="handouts-")), [problem]
    return folder, []


def drop_unapproved(out: Path, pages: Iterable[Page]) -> tuple[int, list[Problem]]:
    """Remove earlier files of pages that may not be given out; return how many, and what went wrong.

    A file goes if it is the page itself, or is not listed, or is a draft; an approved one that has
    the same place, of another region or clinic, stays.
    """
    with only_one(out):
        entries = read_manifest(out)
        files = [page.rendition.file for page in pages if _goes(out, entries, page)]
        # In whatever layout, paper or format: drafts of the same are no more fit to be given out.
        same = {_of(asdict(page.rendition)) for page in pages}
        others = (f for f, e in entries.items() if e.get("state") != "approved" and _of(e) in same)
        files = list(dict.fromkeys([*files, *others]))
        problems = remove(out, files)
        if files:
            problems += write_manifest(out, {f: e for f, e in entries.items() if f not in files})
    return len(files), problems


def _of(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what an entry is of, in whatever form."""
    return tuple(entry.get(name) for name in ("locale", "handout", "region", "clinic"))


def _goes(out: Path, entries: Mapping[str, Mapping[str, Any]], page: Page) -> bool:
    """Whether the file in the place of an unapproved page must go."""
    entry = entries.get(page.rendition.file)
    if entry is None:
        return (out / page.rendition.file).is_file()
    same = all(entry.get(name) == value for name, value in asdict(page.rendition).items())
    return same or entry.get("state") != "approved"


def _run(todo: list[Job], root: Path, folder: Path, workers: int) -> Iterator[Made]:
    """Yield every job's result, as it comes; long ones first, on several workers where it pays."""
    todo = sorted(todo, key=lambda job: ("pdf", "email", "text", "eml").index(job.page.rendition.format))
    if workers == 1 or len(todo) == 1:
        yield from (make(job, root, folder) for job in todo)
        return
    # Fresh workers for each batch: WeasyPrint's memory grows over the first 80 documents (Kozea/WeasyPrint#2130).
    # The pool's own way to renew a worker, max_tasks_per_child, can hang (python/cpython#115634).
    batch = BATCH * workers
    for start in range(0, len(todo), batch):
        yield from _run_batch(todo[start : start + batch], root, folder, workers)


def _run_batch(todo: list[Job], root: Path, folder: Path, workers: int) -> Iterator[Made]:
    """Yield the results of one batch; a worker that dies takes only unfinished jobs along."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(todo)), mp_context=context) as pool:
        waiting: dict[Future[Made], Job] = {pool.submit(make, job, root, folder): job for job in todo}
        for future in as_completed(waiting):
            try:
                yield future.result()
            except Exception as error:  # noqa: BLE001 - whatever stopped a worker, the others go on
                job = waiting[future]
                what = f"the worker stopped: {type(error).__name__}."
                fix = "Free some memory, or build with --jobs 1."
                yield Made(job, problems=(Problem(job.page.rendition.file, what, fix),))


def _put(out: Path, made: Made, done: dict[str, dict[str, Any]]) -> list[Problem]:
    """Deliver a rendition and note its manifest entry in `done`; return what went wrong."""
    page = made.job.page
    private = page.rendition.format == "eml"  # it is about to get an address
    problems = deliver(out, page.rendition.file, made.data, private=private)
    if not problems:
        done[page.rendition.file] = {
            **asdict(page.rendition),
            "edition": page.handout.edition,
            "state": page.state,
            "pages": made.pages or None,
            "bytes": len(made.data),
            "sha256": hashlib.sha256(made.data).hexdigest(),
            "title": page.handout.title.text,
            "autonym": page.locale.autonym,
            "direction": page.locale.direction,
        }
    return problems


def _cached(folder: Path, job: Job) -> Made | None:
    """Return a rendition made earlier from the same input, or None."""
    path = folder / "renditions" / job.key
    try:
        head, _, data = path.read_bytes().partition(b"\n")
        facts = json.loads(head)
    except (OSError, ValueError):
        return None
    if not isinstance(facts, dict) or hashlib.sha256(data).hexdigest() != facts.get("sha256"):
        return None  # Half a file, or a changed one, is no rendition.
    return Made(job, data, cast("int", facts["pages"]))


def _keep(folder: Path, made: Made) -> list[Problem]:
    """Keep a rendition for the next build. A cache that cannot be written costs time, nothing else."""
    facts = {"pages": made.pages, "sha256": hashlib.sha256(made.data).hexdigest()}
    try:
        write_whole(folder / "renditions" / made.job.key, json.dumps(facts).encode() + b"\n" + made.data)
    except OSError as error:
        where, what = str(folder), f"the cache could not be written: {error.strerror}."
        return [Problem(where, what, "The next build will be slower until it can.", "warning")]
    return []


def _prune(folder: Path) -> None:
    """Remove the oldest renditions of the cache beyond what is worth keeping."""
    try:
        kept = sorted((folder / "renditions").iterdir(), key=lambda p: p.stat().st_mtime)
        for path in kept[: max(0, len(kept) - OLD_ENOUGH)]:
            path.unlink(missing_ok=True)
    except OSError:
        return
