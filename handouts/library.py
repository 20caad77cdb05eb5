"""The plan: which renditions there are, which are up to date, and who makes the others."""

from __future__ import annotations

import ctypes
import hashlib
import json
import multiprocessing
import platform
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from handouts.compose import Page, compose, drawings
from handouts.deliver import (
    deliver,
    read_manifest,
    remove,
    write_manifest,
)
from handouts.files import write_whole
from handouts.locales import match_locale, month_name
from handouts.mail.inline import inline
from handouts.model import FORMATS, LAYOUTS, SOURCE_LANGUAGE, Clinic, Format, Layout, Paper, Rendition
from handouts.pdf import fonts
from handouts.problems import Problem, did_you_mean
from handouts.sources import Sources

SUFFIXES = {"pdf": "pdf", "email": "html", "text": "txt"}
LIBRARIES = (
    "weasyprint", "pydyf", "fonttools", "tinycss2", "tinyhtml5", "uharfbuzz",
    "jinja2", "markupsafe", "babel", "css-inline",
)  # fmt: skip
ALWAYS = "•–—…“”‘’0123456789" + "".join(map(chr, range(32, 127)))
OLD_ENOUGH = 400  # renditions kept in the cache beyond those of the last build


@dataclass(frozen=True)
class Choice:
    """What a person asked for; empty means all, or the region's own paper."""

    locales: tuple[str, ...] = ()
    handouts: tuple[str, ...] = ()
    formats: tuple[Format, ...] = ()
    layouts: tuple[Layout, ...] = ()
    region: str = "au"
    clinic: str = ""
    paper: Paper | None = None
    approved_only: bool = False


@dataclass(frozen=True)
class Job:
    """A page to make, with what decides how its bytes come out. `key` is the digest of all of it."""

    page: Page
    key: str
    characters: str


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


def plan(sources: Sources, choice: Choice) -> tuple[list[Page], list[Problem]]:
    """Return the pages that the choice asks for, and every name in it that does not exist."""
    content, problems = sources.content, []
    tags: list[str] = []
    for tag in choice.locales or tuple(sources.locales):
        found = match_locale(tag, sources.locales)
        if found:
            tags.append(found)
        else:
            problems.append(_unknown("--locale", "locale", tag, sources.locales))
    slugs = choice.handouts or tuple(content.drafts)
    for option, noun, names, known in (
        ("--handout", "handout", slugs, content.drafts),
        ("--region", "region", (choice.region,), content.regions),
        ("--clinic", "clinic", (choice.clinic,) if choice.clinic else (), content.clinics),
    ):
        problems += [_unknown(option, noun, name, known) for name in names if name not in known]
    if problems:
        return [], problems
    clinic = content.clinics[choice.clinic] if choice.clinic else None
    renditions = [
        _rendition(sources, choice, slug, tag, layout, form)
        for tag in dict.fromkeys(tags)
        for slug in dict.fromkeys(slugs)
        for layout in choice.layouts or LAYOUTS
        for form in choice.formats or FORMATS
        if layout == "standard" or (form == "pdf" and (layout != "bilingual" or tag != SOURCE_LANGUAGE))
    ]
    return [_page(sources, rendition, clinic) for rendition in renditions], []


def _unknown(option: str, noun: str, name: str, known: Iterable[str]) -> Problem:
    return Problem(option, f"there is no {noun} “{name}”.", did_you_mean(name, known))


def _rendition(
    sources: Sources, choice: Choice, slug: str, tag: str, layout: Layout, form: Format
) -> Rendition:
    """Return one rendition with its file: the paper is named where it is not the region's."""
    own = sources.content.regions[choice.region].paper
    paper = choice.paper or own
    named = f".{paper}" if form == "pdf" and paper != own else ""
    set_as = "" if layout == "standard" else f".{layout}"
    file = f"{tag}/{slug}{set_as}{named}.{SUFFIXES[form]}"
    return Rendition(slug, tag, choice.region, choice.clinic, layout, form, paper, file)


@cache
def _created(edition: str) -> str:
    """Return the date written into a file: SOURCE_DATE_EPOCH where it is set, else that of the edition."""
    import os
    from datetime import UTC, datetime

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{edition}-01"


def _page(sources: Sources, rendition: Rendition, clinic: Clinic | None) -> Page:
    """Return everything a rendition prints."""
    slug, region, tag = rendition.handout, rendition.region, rendition.locale
    english = sources.content.handout(slug, region)
    return Page(
        rendition=rendition,
        handout=sources.translation(slug, region, tag, twin=rendition.layout == "bilingual").handout,
        english=english,
        locale=sources.locales[tag],
        source=sources.locales[SOURCE_LANGUAGE],
        clinic=clinic,
        state=sources.state(slug, region, tag),
        created=_created(english.edition),
    )


def characters(sources: Sources, tag: str, clinic: Clinic | None) -> str:
    """Return every character that a page in a locale may print, sorted: what its fonts must hold."""
    locale = sources.locales[tag]
    words = [ALWAYS, *(block.text for block in sources.blocks().values())]
    if tag in sources.catalogs:
        words += [message.text for message in sources.catalogs[tag].messages.values()]
    words += [json.dumps(r.item, ensure_ascii=False) for r in sources.content.references.values()]
    words += [draft.owner for draft in sources.content.drafts.values()]
    words += [
        locale.autonym,
        locale.english_name,
        *(month_name(f"2026-{n:02}", locale) for n in range(1, 13)),
    ]
    if clinic:
        words += [clinic.name, clinic.phone, clinic.address, clinic.web, clinic.hours]
    return "".join(sorted(set("".join(words))))


def jobs(sources: Sources, pages: Iterable[Page]) -> list[Job]:
    """Return a job for every page, with the digest of everything that decides its bytes."""
    code = code_digest(sources.root)
    sets: dict[str, str] = {}
    made = []
    for page in pages:
        tag, form = page.rendition.locale, page.rendition.format
        if form == "pdf" and tag not in sets:
            sets[tag] = characters(sources, tag, page.clinic)
        used = sets[tag] if form == "pdf" else ""
        faces = [fonts.digest(f.path) for f in fonts.files(page.families)] if form == "pdf" else []
        stated = replace(page, rendition=replace(page.rendition, file=""))
        key = hashlib.sha256("\0".join([code, repr(stated), used, *faces]).encode()).hexdigest()
        made.append(Job(page, key, used))
    return made


@cache
def code_digest(root: Path) -> str:
    """Return the digest of the code, the templates and the versions of the libraries that make a page."""
    digest = hashlib.sha256(platform.python_version().encode())
    for folder, pattern in (("handouts", "*.py"), ("templates", "*")):
        for path in sorted((root / folder).rglob(pattern)):
            if path.is_file():
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\0".encode())
    for library, function in (
        ("libpango-1.0.so.0", "pango_version_string"),
        ("libharfbuzz.so.0", "hb_version_string"),
    ):
        try:
            call = getattr(ctypes.CDLL(library), function)
            call.restype = ctypes.c_char_p
            digest.update(call())
        except (OSError, AttributeError):
            digest.update(b"none\0")
    return digest.hexdigest()


def make(job: Job, root: Path, folder: Path) -> Made:
    """Return a finished rendition. Whatever goes wrong comes back as a problem, so that others go on."""
    try:
        return _make(job, root, folder)
    except OSError as error:
        what = f"it could not be made: {error.strerror or error}."
        fix = "Make room on the disk and in the temporary folder, and build again."
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
    return Problem(
        f"content/clinics/{job.page.rendition.clinic}.yaml",
        f"the details do not fit their box in locale {job.page.locale.tag}.",
        "Shorten the address or the hours: the box has room for six lines.",
    )


def build(
    sources: Sources, pages: list[Page], out: Path, workers: int, tell: Callable[[Made], None]
) -> Report:
    """Make what is not up to date, put all of it into `out`, and write the manifest.

    `tell` hears of every rendition, as it is made or found. A rendition that fails is a problem; its
    last good file and its entry in the manifest stay.
    """
    folder = sources.root / ".cache"
    problems: list[Problem] = []
    entries = read_manifest(out)
    todo: list[Job] = []
    done: dict[str, dict[str, Any]] = {}
    for job in jobs(sources, pages):
        cached = _cached(folder, job)
        if cached is None:
            todo.append(job)
            continue
        tell(cached)
        problems += _put(out, cached, done)
    for made in _run(todo, sources.root, folder, workers):
        tell(made)
        problems += made.problems or _keep(folder, made) + _put(out, made, done)
    entries.update(done)
    if done:
        problems += write_manifest(out, entries)
    _prune(folder)
    files = [page.rendition.file for page in pages]
    return Report(tuple(entries[f] for f in files if f in done), len(todo), tuple(problems))


def drop_unapproved(out: Path, pages: Iterable[Page]) -> tuple[int, list[Problem]]:
    """Remove earlier files of pages that may not be given out; return how many, and what went wrong."""
    entries = read_manifest(out)
    files = [page.rendition.file for page in pages if page.rendition.file in entries]
    problems = remove(out, files)
    if files:
        problems += write_manifest(out, {f: e for f, e in entries.items() if f not in files})
    return len(files), problems


def _run(todo: list[Job], root: Path, folder: Path, workers: int) -> Iterable[Made]:
    """Yield every job's result, as it comes; long ones first, on several workers where it pays."""
    todo = sorted(todo, key=lambda job: job.page.rendition.format != "pdf")
    if workers < 2 or len(todo) < 2:  # noqa: PLR2004 - one of anything needs no second worker
        yield from (make(job, root, folder) for job in todo)
        return
    # A fresh process each: WeasyPrint's memory grows over the first 80 documents (Kozea/WeasyPrint#2130).
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(todo)), mp_context=context, max_tasks_per_child=60) as pool:
        waiting: dict[Future[Made], Job] = {pool.submit(make, job, root, folder): job for job in todo}
        for future in as_completed(waiting):
            try:
                yield future.result()
            except Exception as error:  # noqa: BLE001 - a worker that died takes only its jobs along
                job = waiting[future]
                what = f"the worker stopped: {type(error).__name__}."
                fix = "Free some memory, or build with --jobs 1."
                yield Made(job, problems=(Problem(job.page.rendition.file, what, fix),))


def _put(out: Path, made: Made, done: dict[str, dict[str, Any]]) -> list[Problem]:
    """Deliver a rendition and note its manifest entry in `done`; return what went wrong."""
    page = made.job.page
    problems = deliver(out, page.rendition.file, made.data)
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
