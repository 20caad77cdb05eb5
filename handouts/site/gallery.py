"""The gallery of an output folder: a page for each place, where a language is found first, and then what to print."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from handouts.library.manifest import ManifestEntry
from handouts.library.plan import usual_layout
from handouts.model import LAYOUTS, SHOWN_FORMATS, SOURCE_LANGUAGE, Clinic, Direction, Place
from handouts.page.approval import Approval
from handouts.page.colours import palette
from handouts.page.filling import fill
from handouts.page.values import file_size

INDEX = "index.html"
COVERS = "covers"  # the folder of a place that holds pictures of first pages, and nothing else


@dataclass(frozen=True)
class ShownForm:
    """A file that a person may open: what it is called in a list, and its size in words."""

    file: str
    name: str
    pages: int
    size: str


@dataclass(frozen=True)
class ShownHandout:
    """A handout in a language: its forms, the one to print first; and who has checked it when, nothing in a draft."""

    slug: str
    title: str
    english_title: str
    is_draft: bool
    checked: tuple[str, ...]
    forms: tuple[ShownForm, ...]
    cover: str


@dataclass(frozen=True)
class ShownLanguage:
    """A language of a place, with what its speaker says of it (`speak`) and other names by which it is looked for (`also`)."""

    tag: str
    autonym: str
    english_name: str
    direction: Direction
    speak: str
    handouts: tuple[ShownHandout, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownPlace:
    """A place with the languages that it has handouts in, by their English names; `site` is where its gallery is published."""

    folder: str
    name: str
    region: str
    accent: str
    site: str
    languages: tuple[ShownLanguage, ...]

    @property
    def drafts(self) -> int:
        """How many of its handouts are drafts."""
        return sum(handout.is_draft for language in self.languages for handout in language.handouts)

    @property
    def titles(self) -> Mapping[str, str]:
        """The English titles of its handouts by slug."""
        return {each.slug: each.english_title for language in self.languages for each in language.handouts}


def gallery_pages(
    approval: Approval, entries: Iterable[ManifestEntry], covers: Collection[str]
) -> dict[str, str]:
    """Return the pages of the gallery by file: one for each place, and the first one, which is a choice where there are several.

    `covers` are the pictures that there are. Nothing leads anywhere but to what the entries list.
    """
    places = shown_places(approval, entries, covers)
    several = len(places) > 1
    pages = {f"{each.folder}/{INDEX}": place_page(approval, each, several=several) for each in places}
    if several:
        pages[INDEX] = _filled(approval, "places.html", places=places)
    elif places:
        pages[INDEX] = place_page(approval, places[0], base=f"{places[0].folder}/")
    return pages


def place_page(approval: Approval, place: ShownPlace, *, base: str = "", several: bool = False) -> str:
    """Return the page of a place; `base` is the way from it to the folder of the place, and `several` that there are others."""
    return _filled(approval, "gallery.html", place.accent, place=place, base=base, several=several)


def _filled(approval: Approval, template: str, accent: str = "", **values: object) -> str:
    """Return a page of the gallery, with the colours of the project or of a clinic."""
    tokens = approval.look.tokens
    light, dark = palette(tokens, "light", accent), palette(tokens, "dark")
    return fill(approval.look, template, colours=light, dark=dark, **values).strip() + "\n"


def shown_places(
    approval: Approval, entries: Iterable[ManifestEntry], covers: Collection[str]
) -> list[ShownPlace]:
    """Return the places of which there is anything to open, by name."""
    by_place: dict[Place, list[ManifestEntry]] = {}
    for entry in entries:
        if entry.rendition.format in SHOWN_FORMATS:
            by_place.setdefault(entry.rendition.place, []).append(entry)
    content = approval.sources.content
    places = []
    for place, own in by_place.items():
        clinic, region = content.clinics.get(place.clinic), content.regions.get(place.region)
        region_name = region.name.text if region else place.region
        # What was made last says it where the profile of the clinic is not at hand.
        said = clinic or Clinic(
            place.clinic, own[-1].clinic_name, "", accent=own[-1].accent, site=own[-1].site
        )
        name = said.name or place.clinic or region_name
        languages = sorted(_languages(approval, own, covers), key=lambda each: each.english_name)
        places.append(ShownPlace(place.folder, name, region_name, said.accent, said.site, tuple(languages)))
    return sorted(places, key=lambda each: (each.name.casefold(), each.folder))


def _languages(
    approval: Approval, entries: Sequence[ManifestEntry], covers: Collection[str]
) -> Iterator[ShownLanguage]:
    """Yield the languages of the entries of a place."""
    sources = approval.sources
    by_tag: dict[str, list[ManifestEntry]] = {}
    for entry in entries:
        by_tag.setdefault(entry.rendition.locale, []).append(entry)
    for tag, own in by_tag.items():
        first, locale = own[0], sources.locales.get(tag)
        slugs = sorted(
            {e.rendition.handout for e in own}, key=lambda slug: _turn(sources.content.drafts, slug)
        )
        handouts = tuple(
            _handout(approval, [e for e in own if e.rendition.handout == slug], covers) for slug in slugs
        )
        english_name = locale.english_name if locale else _english_name(tag)
        speak = _speak(approval, first)
        also = locale.also if locale else ()
        yield ShownLanguage(tag, first.autonym, english_name, first.direction, speak, handouts, also)


def _english_name(tag: str) -> str:
    """Return what a locale that cannot be read is called in English."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(SOURCE_LANGUAGE) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def _turn(slugs: Iterable[str], slug: str) -> tuple[int, str]:
    """Return where a handout stands among the others; one that is gone comes last."""
    known = list(slugs)
    return (known.index(slug) if slug in known else len(known), slug)


def _speak(approval: Approval, entry: ManifestEntry) -> str:
    """Return what a speaker of the language of an entry says of it, nothing where it has not been translated."""
    sources, made = approval.sources, entry.rendition
    known = made.handout in sources.content.drafts and made.region in sources.content.regions
    has_words = made.locale == SOURCE_LANGUAGE or made.locale in sources.catalogs
    if not (known and has_words and made.locale in sources.locales):
        return ""
    said = sources.translation(made.handout, made.region, made.locale).handout.words["web-speak"]
    return said.text if said.lang == made.locale else ""


def _handout(approval: Approval, entries: Sequence[ManifestEntry], covers: Collection[str]) -> ShownHandout:
    """Return a handout in a language, of the entries of its forms."""
    first, content = entries[0], approval.sources.content
    made = first.rendition
    draft = content.drafts.get(made.handout)
    is_draft = any(entry.state != "approved" for entry in entries)
    picture = cover_file(made.locale, made.handout)
    return ShownHandout(
        slug=made.handout,
        title=first.title,
        english_title=draft.title.text if draft else first.title,
        is_draft=is_draft,
        checked=() if is_draft else _checked(approval, first),
        forms=tuple(_forms(approval, entries)),
        cover=picture if f"{made.place.folder}/{picture}" in covers else "",
    )


def cover_file(tag: str, slug: str) -> str:
    """Return where the picture of the first page of a handout lies, below the folder of its place."""
    return f"{COVERS}/{tag}.{slug}.png"


def _checked(approval: Approval, entry: ManifestEntry) -> tuple[str, ...]:
    """Return who has signed a handout, what they are and when, as in “Lan Pham (clinician), 2 November 2026”."""
    made, sources = entry.rendition, approval.sources
    content = sources.content
    if (
        made.locale not in sources.locales
        or made.handout not in content.drafts
        or made.region not in content.regions
    ):
        return ()
    signed = approval.counting(made.handout, made.region, made.locale)
    return tuple(
        f"{each.reviewer} ({each.role}), {format_date(each.date, 'd MMMM y', locale=SOURCE_LANGUAGE)}"
        for each in signed
    )


def _forms(approval: Approval, entries: Iterable[ManifestEntry]) -> Iterator[ShownForm]:
    """Yield the forms of a handout: to print, the usual layout of the place first, then on the screen, then as text."""
    english = approval.sources.source

    def turn(entry: ManifestEntry) -> tuple[int, bool, int, str]:
        made = entry.rendition
        known = made.clinic in approval.sources.content.clinics or not made.clinic
        usual = usual_layout(approval.sources, made.place, made.locale) if known else entry.begins_with
        unusual = made.layout != usual
        return SHOWN_FORMATS.index(made.format), unusual, LAYOUTS.index(made.layout), made.file

    for entry in sorted(entries, key=turn):
        made = entry.rendition
        file = posixpath.relpath(made.file, made.place.folder)
        yield ShownForm(file, form_name(entry), entry.pages, file_size(entry.size, english))


def form_name(entry: ManifestEntry) -> str:
    """Return what a form is called in a list; where it is not on the usual paper, with the paper."""
    made = entry.rendition
    if made.format != "pdf":
        return "Read on the screen" if made.format == "web" else "Plain text"
    names = {"standard": "Print", "large-print": "Large print", "bilingual": "With the English beside it"}
    on_paper = f".{made.paper}." in posixpath.basename(made.file)
    return names[made.layout] + (f" ({made.paper.capitalize()} paper)" if on_paper else "")
