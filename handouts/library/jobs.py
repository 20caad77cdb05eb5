"""What decides the bytes of each rendition: a job, known by the digest of all of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from babel.lists import format_list

from handouts.memory import digest_of_texts
from handouts.model import Clinic, Page, Rendition
from handouts.pdf import fonts
from handouts.problems import Problem
from handouts.sources.frame import is_on_screens_alone
from handouts.sources.load import Sources
from handouts.sources.locales import month_name
from handouts.sources.look import Look

ALWAYS = "•–—…“”‘’0123456789" + "".join(map(chr, range(32, 127)))
# What is stated of a rendition beside the name of its file, and what a page is made of beside that.
STATED = attrgetter(*(each.name for each in fields(Rendition) if each.name != "file"))
SHARED = attrgetter(*(each.name for each in fields(Page) if each.name != "rendition"))


@dataclass(frozen=True, slots=True)
class Setting:
    """What all papers of a locale are set with: the characters without those of a clinic, and the digest of these, fonts and look."""

    characters: str
    digest: str


@dataclass(frozen=True, slots=True)  # there may be a million
class Job:
    """A page to make, with what decides how its bytes come out. `key` is the digest of all of it.

    An `eml` has `parts`: its PDF and its text, which are pages of their own. A paper has the `setting` of its locale.
    """

    page: Page
    key: str
    characters: str
    parts: tuple[Job, ...] = ()
    setting: Setting | None = None


@dataclass(frozen=True)
class Made:
    """The bytes of a rendition and how many pages it has (0 where it has none), or the errors that kept it from being made.

    `is_new` says that it was made now, and not taken from the cache; `given_up` that nobody tried, as was told before. Of a clinic's
    paper `in_full` says why it was laid out as a whole, and not stamped (`library/clinic_paper.py`).
    """

    job: Job
    data: bytes = b""
    pages: int = 0
    problems: tuple[Problem, ...] = ()
    is_new: bool = True
    given_up: bool = False
    in_full: str = ""

    @property
    def failed(self) -> bool:
        """Whether there is nothing to deliver."""
        return self.given_up or any(problem.severity == "error" for problem in self.problems)


def characters(sources: Sources, tag: str, clinic: Clinic | None) -> str:
    """Return every character that a page in a locale may print, sorted: what its fonts must hold."""
    return _with_clinic(_own_characters(sources, tag), clinic)


def _with_clinic(letters: frozenset[str], clinic: Clinic | None) -> str:
    """Return letters with those of a clinic's details, sorted."""
    if not clinic:
        return "".join(sorted(letters))
    details = (
        clinic.name,
        *clinic.phones,
        *clinic.address,
        clinic.web,
        clinic.hours,
        clinic.booking,
        clinic.site,
        *clinic.notes.values(),
    )
    return "".join(sorted(letters.union(*details)))


def _own_characters(sources: Sources, tag: str) -> frozenset[str]:
    """Return every character that a page in a locale may print, without a clinic."""
    locale = sources.locales[tag]
    texts = {block.id: block.text for block in sources.blocks().values()}
    words = [ALWAYS, *(text for name, text in texts.items() if not is_on_screens_alone(name))]
    if tag in sources.catalogs:
        messages = sources.catalogs[tag].messages.items()
        words += [message.text for name, message in messages if not is_on_screens_alone(name)]
    words += [json.dumps(r.item, ensure_ascii=False) for r in sources.content.references.values()]
    words += [
        locale.autonym,
        locale.english_name,
        locale.digits,
        *(month_name(f"2026-{n:02}", locale) for n in range(1, 13)),
        format_list(["", "", ""], locale=locale.babel),  # what stands between months
    ]
    return frozenset("".join(words))


def jobs(sources: Sources, look: Look, pages: Iterable[Page]) -> list[Job]:
    """Return a job for every page, with the digest of everything that decides its bytes."""
    known = _Known(sources, digest_of_texts([repr((look.code, look.versions, look.templates, look.epoch))]))
    return [_job(page, known) for page in pages]


class _Known:
    """What many pages share, found out once: digests of their parts, and the characters of a locale."""

    def __init__(self, sources: Sources, made_with: str) -> None:
        self.sources, self.made_with = sources, made_with
        self._digests: dict[int, tuple[object, str]] = {}
        self._shared: dict[tuple[int, ...], tuple[object, list[str]]] = {}
        self._faces: dict[tuple[str, ...], list[str]] = {}
        self._own: dict[str, frozenset[str]] = {}
        self._characters: dict[tuple[str, str], str] = {}
        self._settings: dict[tuple[str, tuple[str, ...]], Setting] = {}

    def digest(self, part: object) -> str:
        """Return the digest of a part of a page: an object that other pages have too, and that nobody changes."""
        if id(part) not in self._digests:
            self._digests[id(part)] = (
                part,
                digest_of_texts([repr(part)]),
            )  # kept, so that its id stays its own
        return self._digests[id(part)][1]

    def shared(self, page: Page) -> list[str]:
        """Return the digests of all parts of a page but its rendition; those of the other forms of it are the same."""
        parts = SHARED(page)
        key = tuple(map(id, parts))
        if key not in self._shared:
            self._shared[key] = (parts, [self.digest(part) for part in parts])  # kept, as above
        return self._shared[key][1]

    def faces(self, families: tuple[str, ...]) -> list[str]:
        """Return the digests of the font files of some families."""
        if families not in self._faces:
            self._faces[families] = [fonts.file_digest(file.path) for file in fonts.font_files(families)]
        return self._faces[families]

    def characters(self, page: Page) -> str:
        """Return the characters that the fonts of a page must hold."""
        tag, place = page.rendition.locale, (page.rendition.locale, page.rendition.clinic)
        if place not in self._characters:
            self._characters[place] = _with_clinic(self.own(tag), page.clinic)
        return self._characters[place]

    def own(self, tag: str) -> frozenset[str]:
        """Return the characters that any page of a locale may print."""
        if tag not in self._own:
            self._own[tag] = _own_characters(self.sources, tag)
        return self._own[tag]

    def setting(self, page: Page) -> Setting:
        """Return what all papers of a page's locale are set with."""
        key = page.rendition.locale, page.families
        if key not in self._settings:
            own = _with_clinic(self.own(key[0]), None)
            decides = [self.made_with, own, *self.faces(page.families)]
            self._settings[key] = Setting(own, digest_of_texts(decides))
        return self._settings[key]


def _job(page: Page, known: _Known) -> Job:
    """Return the job of one page."""
    drawn = page.rendition.format in {"pdf", "eml"}
    used = known.characters(page) if drawn else ""
    faces = known.faces(page.families) if drawn else []
    stated = repr(STATED(page.rendition))
    parts = tuple(_job(part, known) for part in _parts(page))
    decides = [known.made_with, stated, *known.shared(page), used, *faces, *(part.key for part in parts)]
    setting = known.setting(page) if page.rendition.format == "pdf" else None
    return Job(page, digest_of_texts(decides), used, parts, setting)


def _parts(page: Page) -> tuple[Page, ...]:
    """Return the pages that an `eml` holds beside its own HTML: PDF and text."""
    if page.rendition.format != "eml":
        return ()
    paper = replace(page.rendition, format="pdf")
    text = replace(page.rendition, format="text", layout="standard")
    return replace(page, rendition=paper), replace(page, rendition=text)
