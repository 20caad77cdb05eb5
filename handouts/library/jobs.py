"""What decides the bytes of each rendition: a job, known by the digest of all of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from handouts.model import Clinic, Page
from handouts.pdf import fonts
from handouts.problems import Problem
from handouts.sources.load import Sources
from handouts.sources.locales import month_name
from handouts.sources.look import Look

ALWAYS = "•–—…“”‘’0123456789" + "".join(map(chr, range(32, 127)))


@dataclass(frozen=True)
class Job:
    """A page to make, with what decides how its bytes come out. `key` is the digest of all of it.

    An `eml` has `parts`: its PDF and its text, which are pages of their own.
    """

    page: Page
    key: str
    characters: str
    parts: tuple[Job, ...] = ()


@dataclass(frozen=True)
class Made:
    """The bytes of a rendition and how many pages it has (0 where it has none), or the errors that kept it from being made.

    `is_new` says that it was made now, and not taken from the cache.
    """

    job: Job
    data: bytes = b""
    pages: int = 0
    problems: tuple[Problem, ...] = ()
    is_new: bool = True

    @property
    def failed(self) -> bool:
        """Whether there is nothing to deliver."""
        return any(problem.severity == "error" for problem in self.problems)


def characters(sources: Sources, tag: str, clinic: Clinic | None) -> str:
    """Return every character that a page in a locale may print, sorted: what its fonts must hold."""
    locale = sources.locales[tag]
    words = [ALWAYS, *(block.text for block in sources.blocks().values())]
    if tag in sources.catalogs:
        words += [message.text for message in sources.catalogs[tag].messages.values()]
    words += [json.dumps(r.item, ensure_ascii=False) for r in sources.content.references.values()]
    words += [
        locale.autonym,
        locale.english_name,
        locale.digits,
        *(month_name(f"2026-{n:02}", locale) for n in range(1, 13)),
    ]
    if clinic:
        words += [clinic.name, *clinic.phones, *clinic.address, clinic.web, clinic.hours]
    return "".join(sorted(set("".join(words))))


def jobs(sources: Sources, look: Look, pages: Iterable[Page]) -> list[Job]:
    """Return a job for every page, with the digest of everything that decides its bytes."""
    sets: dict[tuple[str, str], str] = {}
    made_with = _digest([repr((look.code, look.versions, look.templates, look.epoch))])
    return [_job(sources, page, made_with, sets) for page in pages]


def _job(sources: Sources, page: Page, made_with: str, sets: dict[tuple[str, str], str]) -> Job:
    """Return the job of one page; `made_with` is the digest of its look, `sets` has the characters known by now."""
    form, place = page.rendition.format, (page.rendition.locale, page.rendition.clinic)
    drawn = form in {"pdf", "eml"}
    if drawn and place not in sets:
        sets[place] = characters(sources, page.rendition.locale, page.clinic)
    used = sets[place] if drawn else ""
    faces = [fonts.file_digest(f.path) for f in fonts.font_files(page.families)] if drawn else []
    stated = replace(page, rendition=replace(page.rendition, file=""))
    parts = tuple(_job(sources, part, made_with, sets) for part in _parts(page))
    decides = [made_with, repr(stated), used, *faces, *(part.key for part in parts)]
    return Job(page, _digest(decides), used, parts)


def _parts(page: Page) -> tuple[Page, ...]:
    """Return the pages that an `eml` holds beside its own HTML: PDF and text."""
    if page.rendition.format != "eml":
        return ()
    paper = replace(page.rendition, format="pdf")
    text = replace(page.rendition, format="text", layout="standard")
    return replace(page, rendition=paper), replace(page, rendition=text)


def _digest(parts: Iterable[str]) -> str:
    """Return the SHA-256 of texts, each apart from the next."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
