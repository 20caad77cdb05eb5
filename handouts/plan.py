"""The plan: which renditions there are, what each prints, and what decides its bytes."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

from handouts.locales import month_name
from handouts.model import (
    FORMATS,
    LAYOUTS,
    SOURCE_LANGUAGE,
    Clinic,
    Format,
    Layout,
    Page,
    Paper,
    Rendition,
)
from handouts.pdf import fonts
from handouts.problems import Problem, SourceError, did_you_mean
from handouts.sources import Sources

SUFFIXES = {"pdf": "pdf", "email": "html", "text": "txt", "eml": "eml"}
LIBRARIES = (
    "weasyprint", "pydyf", "fonttools", "icu4py", "tinycss2", "tinyhtml5", "uharfbuzz",
    "jinja2", "markupsafe", "babel", "css-inline", "pypdfium2", "pillow",
)  # fmt: skip
ALWAYS = "•–—…“”‘’0123456789" + "".join(map(chr, range(32, 127)))


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


@dataclass(frozen=True)
class Job:
    """A page to make, with what decides how its bytes come out. `key` is the digest of all of it.

    A message (`eml`) has `parts`: its paper and its text, which are pages of their own.
    """

    page: Page
    key: str
    characters: str
    parts: tuple[Job, ...] = ()


def unknown_names(sources: Sources, choice: Choice) -> list[Problem]:
    """Return a problem for every name in the choice that does not exist, with the nearest one that does."""
    content = sources.content
    problems = [
        _unknown("--locale", "locale", tag, sources.locales)
        for tag in choice.locales
        # One that is there and cannot be read has said so itself.
        if not sources.match(tag) and not (sources.root / "locales" / tag / "locale.toml").is_file()
    ]
    for option, noun, names, known in (
        ("--handout", "handout", choice.handouts, content.drafts),
        ("--region", "region", (choice.region,), content.regions),
        ("--clinic", "clinic", (choice.clinic,) if choice.clinic else (), content.clinics),
    ):
        problems += [_unknown(option, noun, name, known) for name in names if name not in known]
    return problems


def chosen_locales(sources: Sources, wanted: Iterable[str]) -> list[str]:
    """Return the tags of the locales that serve the wanted ones, each once; all where none is named."""
    found = (sources.match(tag) for tag in tuple(wanted) or tuple(sources.locales))
    return list(dict.fromkeys(tag for tag in found if tag))


def plan(sources: Sources, choice: Choice) -> list[Page]:
    """Return the pages that the choice asks for; its names must exist.

    E-mail and text have one layout; English has no English beside it. A message has its paper in the
    standard layout, unless another is named.
    """
    renditions = [
        _rendition(sources, choice, slug, tag, layout, form)
        for tag in chosen_locales(sources, choice.locales)
        for slug in dict.fromkeys(choice.handouts or tuple(sources.content.drafts))
        for layout in choice.layouts or LAYOUTS
        for form in choice.formats or FORMATS
        if layout == "standard" or _has_layout(choice, form, layout, tag)
    ]
    return [page_of(sources, rendition) for rendition in renditions]


def _has_layout(choice: Choice, form: Format, layout: Layout, tag: str) -> bool:
    """Whether a format is made in another layout than the standard one."""
    printed = form == "pdf" or (form == "eml" and bool(choice.layouts))
    return printed and (layout != "bilingual" or tag != SOURCE_LANGUAGE)


def _unknown(option: str, noun: str, name: str, known: Iterable[str]) -> Problem:
    return Problem(option, f"there is no {noun} “{name}”.", did_you_mean(name, known))


def _rendition(
    sources: Sources, choice: Choice, slug: str, tag: str, layout: Layout, form: Format
) -> Rendition:
    """Return one rendition with its file: the paper is named where it is not the region's."""
    own = sources.content.regions[choice.region].paper
    paper = choice.paper or own
    named = f".{paper}" if form in {"pdf", "eml"} and paper != own else ""
    set_as = "" if layout == "standard" else f".{layout}"
    file = f"{tag}/{slug}{set_as}{named}.{SUFFIXES[form]}"
    return Rendition(slug, tag, choice.region, choice.clinic, layout, form, paper, file)


@cache
def _created(edition: str) -> str:
    """Return the date written into a file: SOURCE_DATE_EPOCH where it is set, else that of the edition."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return f"{edition}-01"
    if not re.fullmatch("[0-9]{1,11}", epoch):
        fix = "Give the seconds since 1970, or unset it."
        raise SourceError([Problem("SOURCE_DATE_EPOCH", f"“{epoch}” is no time.", fix)])
    return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def page_of(sources: Sources, rendition: Rendition) -> Page:
    """Return everything a rendition prints. Raises KeyError where the sources lack what it is of."""
    slug, region, tag = rendition.handout, rendition.region, rendition.locale
    english = sources.content.handout(slug, region)
    return Page(
        rendition=rendition,
        handout=sources.translation(slug, region, tag, twin=rendition.layout == "bilingual").handout,
        english=english,
        locale=sources.locales[tag],
        source=sources.locales[SOURCE_LANGUAGE],
        clinic=sources.content.clinics[rendition.clinic] if rendition.clinic else None,
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
        locale.digits,
        *(month_name(f"2026-{n:02}", locale) for n in range(1, 13)),
    ]
    if clinic:
        words += [clinic.name, clinic.phone, clinic.address, clinic.web, clinic.hours]
    return "".join(sorted(set("".join(words))))


def jobs(sources: Sources, pages: Iterable[Page]) -> list[Job]:
    """Return a job for every page, with the digest of everything that decides its bytes."""
    sets: dict[str, str] = {}
    return [_job(sources, page, sets) for page in pages]


def _job(sources: Sources, page: Page, sets: dict[str, str]) -> Job:
    """Return the job of one page; `sets` remembers the characters of each locale."""
    tag, form = page.rendition.locale, page.rendition.format
    drawn = form in {"pdf", "eml"}
    if drawn and tag not in sets:
        sets[tag] = characters(sources, tag, page.clinic)
    used = sets[tag] if drawn else ""
    faces = [fonts.digest(f.path) for f in fonts.files(page.families)] if drawn else []
    stated = replace(page, rendition=replace(page.rendition, file=""))
    parts = tuple(_job(sources, part, sets) for part in _parts(page))
    decides = [code_digest(sources.root), repr(stated), used, *faces, *(part.key for part in parts)]
    return Job(page, hashlib.sha256("\0".join(decides).encode()).hexdigest(), used, parts)


def _parts(page: Page) -> tuple[Page, ...]:
    """Return the pages that a message is made of, beside its own HTML: paper and text."""
    if page.rendition.format != "eml":
        return ()
    paper = replace(page.rendition, format="pdf")
    text = replace(page.rendition, format="text", layout="standard")
    return replace(page, rendition=paper), replace(page, rendition=text)


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
