"""What decides the bytes of each rendition: a job, known by the digest of all of it."""

from __future__ import annotations

import ctypes
import hashlib
import json
import platform
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from handouts.model import (
    Clinic,
    Page,
)
from handouts.pdf import fonts
from handouts.problems import Problem
from handouts.sources.load import Sources
from handouts.sources.locales import month_name

LIBRARIES = (
    "weasyprint", "pydyf", "fonttools", "icu4py", "tinycss2", "tinyhtml5", "uharfbuzz",
    "jinja2", "markupsafe", "babel", "css-inline", "pypdfium2", "pillow",
)  # fmt: skip


ALWAYS = "•–—…“”‘’0123456789" + "".join(map(chr, range(32, 127)))


@dataclass(frozen=True)
class Job:
    """A page to make, with what decides how its bytes come out. `key` is the digest of all of it.

    A message (`eml`) has `parts`: its paper and its text, which are pages of their own.
    """

    page: Page
    key: str
    characters: str
    parts: tuple[Job, ...] = ()


@dataclass(frozen=True)
class Made:
    """The bytes of a rendition and its pages (0 where there are none), or what went wrong."""

    job: Job
    data: bytes = b""
    pages: int = 0
    problems: tuple[Problem, ...] = ()


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
