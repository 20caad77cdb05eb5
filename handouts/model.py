"""The nouns of a handout, all frozen, and the one traversal of its text."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal, TypeVar, cast

from handouts.memo import memoized

SOURCE_LANGUAGE = "en"
DEFAULT_REGION = "au"  # the health system of whoever names none
DIGITS = "0123456789"

Direction = Literal["ltr", "rtl"]
Kind = Literal["paragraph", "item", "step", "tick", "card", "field"]
Insert = Literal["", "access", "links", "references", "findings"]
Format = Literal["pdf", "web", "email", "text", "eml"]
Layout = Literal["standard", "large-print", "bilingual"]
Paper = Literal["a4", "letter"]
LineKind = Literal["crisis", "emergency", "interpreter"]
State = Literal["missing", "draft", "stale", "reviewed", "approved"]
NumbersState = Literal["unconfirmed", "partly-confirmed", "confirmed"]
DIRECTIONS: tuple[Direction, ...] = ("ltr", "rtl")
FORMATS: tuple[Format, ...] = ("pdf", "web", "email", "text", "eml")
SHOWN_FORMATS: tuple[Format, ...] = ("pdf", "web", "text")  # in a gallery: an e-mail is sent by other means
LAYOUTS: tuple[Layout, ...] = ("standard", "large-print", "bilingual")
PAPERS: tuple[Paper, ...] = ("a4", "letter")
SUFFIXES = {"pdf": "pdf", "web": "html", "email": "email.html", "text": "txt", "eml": "eml"}
# The systems of codes that OpenEMR asks about (interface/patient_file/education.php).
CODE_TYPES = ("ICD9", "ICD10", "SNOMED", "RXCUI", "NDC", "LOINC")
DIAL_WORDS = ("call", "text-message", "call-or-text")
NUMBERS_STATES: tuple[NumbersState, ...] = ("unconfirmed", "partly-confirmed", "confirmed")
STATES: tuple[State, ...] = ("missing", "draft", "stale", "reviewed", "approved")


@dataclass(frozen=True)
class Block:
    """The smallest translatable piece, with a permanent id.

    `id` is its msgctxt (`about-ipt.lead`). `lang` is the language of `text` as it stands now;
    `english` is the English to print beside it, empty where none is needed. `limit` is the
    most characters there is room for, 0 where there is no limit. `never` are words that would make a claim of it
    that nothing supports; `basis` is what its sentences rest on that cite nothing (`checks/claims.py`). An `optional` one is a pattern of
    the reference list: all of them are translated, or none. A field has `lines` below its text to write on; its text is
    what a screen reader calls it.
    """

    id: str
    text: str
    kind: Kind = "paragraph"
    note: str = ""
    safety: bool = False
    icon: str = ""
    lang: str = SOURCE_LANGUAGE
    english: str = ""
    limit: int = 0
    never: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    optional: bool = False
    lines: int = 0


@dataclass(frozen=True)
class Slot:
    """A place in a drawing of ours that a page fills in.

    A colour by its name, the transform that mirrors (`mirror`), a place across (`x`), or a word (`name` is the key of
    its label, at `x` and on the line `y`, from there or centred there). `turns` says that `x` changes sides where the
    locale runs right to left. `line` is where it stands in the file.
    """

    kind: Literal["colour", "mirror", "place", "label"]
    name: str = ""
    x: float = 0.0
    y: float = 0.0
    turns: bool = False
    anchor: Literal["start", "middle"] = "middle"
    line: int = 0


@dataclass(frozen=True)
class Sketch:
    """A drawing of ours: SVG text with slots between; its width and height in its own units."""

    parts: tuple[str | Slot, ...]
    width: float
    height: float

    @property
    def is_strip(self) -> bool:
        """Whether it is so wide and low that it stands below the text, with its caption beside it."""
        return self.width > 4 * self.height

    def slots(self, kind: str) -> tuple[Slot, ...]:
        """Return the slots of a kind, in the order of the drawing."""
        return tuple(part for part in self.parts if isinstance(part, Slot) and part.kind == kind)


@dataclass(frozen=True)
class Picture:
    """A drawing with the words in it and about it."""

    name: str
    drawing: Sketch
    alternative: Block
    caption: Block
    labels: Mapping[str, Block]


@dataclass(frozen=True)
class Section:
    """A headed part of a handout; `insert` says what of the region or references follows its blocks."""

    id: str
    heading: Block
    blocks: tuple[Block, ...]
    insert: Insert = ""
    sources: tuple[str, ...] = ()
    picture: Picture | None = None

    @property
    def has_fields(self) -> bool:
        """Whether it is to be written on."""
        return any(block.kind == "field" for block in self.blocks)


@dataclass(frozen=True)
class Reference:
    """A published work: its CSL-JSON item, its title to translate, and what it found in one sentence."""

    id: str
    item: Mapping[str, Any]
    title: Block
    finding: Block


@dataclass(frozen=True)
class HelpLine:
    """A telephone service: `call` and `text` are numbers as they are printed.

    `how` says what its name does not, such as how a caller gets an interpreter; `{lifeline}` in it is the number of
    the region's line of that id. `source` is the published page that all of it was read on, `read` the month of reading,
    `dated` the month that the page names as its own, empty where it names none.
    """

    id: str
    kind: LineKind
    name: Block
    about: Block
    call: str
    text: str
    how: Block | None = None
    source: str = ""
    read: str = ""
    dated: str = ""


@dataclass(frozen=True)
class Link:
    """A web page worth a visit, and the month in which it was read."""

    id: str
    name: Block
    url: str
    read: str = ""


@dataclass(frozen=True)
class Region:
    """A health system: access, help lines, links, paper."""

    code: str
    name: Block
    paper: Paper
    access: tuple[Block, ...]
    lines: tuple[HelpLine, ...]
    links: tuple[Link, ...]

    @property
    def read(self) -> tuple[str, ...]:
        """The months in which its lines and links were read on published pages (`2026-11`), each once, in order."""
        return tuple(sorted({each.read for each in self.lines} | {each.read for each in self.links}))

    @property
    def numbers(self) -> Mapping[str, str]:
        """The numbers that its texts and those of handouts may name, by their placeholder: `{emergency}`, of its first emergency line to call."""
        calls = [line.call for line in self.lines if line.kind == "emergency" and line.call]
        return {"emergency": calls[0]} if calls else {}


@dataclass(frozen=True)
class Drawing:
    """A picture from a file that nobody vouches for: `data` is what is printed, every byte written by us.

    An SVG of paths, or a PNG without metadata. `width` and `height` are in its own units.
    """

    data: bytes
    kind: Literal["svg", "png"]
    width: float
    height: float


@dataclass(frozen=True)
class Clinic:
    """A clinic's profile; every value is printed as typed, in the clinic's own language.

    `address` are its lines. `region` is the code of its own. `booking` is a phone number or a web address, `site` the
    public address of its gallery, without a slash at its end. `notes` are its own words by the tag of their locale.

    The fields after these decide which pages are made, and no byte of one, so `repr` leaves them out: `languages` and
    `handouts` are those it offers (all where none is named), `layout` is the one to begin with, `file` the profile as
    a person is told of it, and `home` the folder that it lies in where that is outside of the project. `logo_file` is the name of the logo's file.
    """

    slug: str
    name: str
    region: str
    phones: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    web: str = ""
    hours: str = ""
    logo: Drawing | None = None
    accent: str = ""
    booking: str = ""
    site: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = field(default=(), repr=False)
    handouts: tuple[str, ...] = field(default=(), repr=False)
    layout: Layout = field(default="standard", repr=False)
    file: str = field(default="", repr=False)
    home: str = field(default="", repr=False)
    logo_file: str = field(default="", repr=False)

    def offers(self, locale: str, handout: str) -> bool:
        """Whether it offers a handout in a locale."""
        return locale in (self.languages or (locale,)) and handout in (self.handouts or (handout,))


@dataclass(frozen=True)
class Handout:
    """All text of one handout for one region, before layout, in one language or a mix marked by block.

    `references` are the cited ones, in order of citation; `words` are the messages of the frame,
    `patterns` those that the references are written by.
    """

    slug: str
    edition: str
    review_by: str
    owner: Block
    series: Block
    title: Block
    subtitle: Block
    lead: Block
    summary: Section
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    region: Region
    words: Mapping[str, Block]
    patterns: Mapping[str, Block] = field(default_factory=dict)
    icons: Mapping[str, Sketch] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[Block, ...]:
        """Its places to write on, in the order of the text."""
        return tuple(block for block in self.blocks() if block.kind == "field")

    @property
    def has_fields(self) -> bool:
        """Whether it is a sheet to write on."""
        return bool(self.fields)

    def map_text(self, change: Callable[[Block], Block]) -> Handout:
        """Return the handout with `change` applied to every block, in a fixed order: the only traversal."""
        return _map(self, change)

    @memoized
    def blocks(self) -> tuple[Block, ...]:
        """Return every block in the order of `map_text`."""
        return tuple(blocks_of(self))


T = TypeVar("T")
PLAIN = frozenset({str, int, float, bool, type(None), list, date})  # what holds no block


def blocks_of(value: object) -> Iterator[Block]:
    """Yield every block inside a value, through dataclasses, tuples and mappings."""
    found: list[Block] = []
    _gather(value, found)
    return iter(found)


def _gather(value: object, found: list[Block]) -> None:
    """Add every block inside a value to those that were found."""
    if isinstance(value, Block):
        found.append(value)
    elif value.__class__ not in PLAIN:
        for part in _parts(value):
            _gather(part, found)


def _parts(value: object) -> Iterable[object]:
    """Return what a value is made of: fields, items, or the values of a mapping; of a word or a number, nothing."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, dict):
        return value.values()
    return [getattr(value, name) for name in _field_names(cast("type", value.__class__))]


def _map(value: T, change: Callable[[Block], Block]) -> T:
    """Apply `change` to every block inside `value`, in the order of `blocks_of`; what has none stays itself."""
    if isinstance(value, Block):
        return cast("T", change(value))
    if value.__class__ in PLAIN:
        return value
    parts = _parts(value)
    items = tuple(_map(part, change) for part in parts)
    if all(item is part for item, part in zip(items, parts, strict=True)):
        return value
    if isinstance(value, tuple):
        return cast("T", items)
    if isinstance(value, dict):
        return cast("T", dict(zip(value, items, strict=True)))
    names = _field_names(cast("type", value.__class__))
    return cast("T", replace(cast("Any", value), **dict(zip(names, items, strict=True))))


@cache
def _field_names(kind: Hashable) -> tuple[str, ...]:
    """Return the names of a dataclass's fields; of what is none, none."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()


@dataclass(frozen=True)
class LineEnds:
    """At which spaces no line ends, by the rules of a language.

    None ends behind the words and marks in `after`, before those in `before`, and between a number and one of the
    `units`; where a number stays with what is `counted`, also not before any other word that follows it.
    """

    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    counted: bool = False


@dataclass(frozen=True)
class Locale:
    """A BCP 47 tag with what printing needs; from `locale.toml` over Babel.

    `size` and `leading` make scripts look equally large: a factor on the type size, and the line height; lines never stand
    closer than `closest`, in type sizes. `digits` are the ten digits of page and list numbers, of citations and years. `era`
    says that a year is written with its era, where a bare one could be of another calendar. `also` are other names by which
    people look for it; nothing prints them.
    """

    tag: str
    babel: str
    autonym: str
    english_name: str
    direction: Direction
    script: str
    fonts: tuple[str, ...]
    size: float = 1.0
    leading: float = 1.34
    digits: str = DIGITS
    translators: tuple[str, ...] = ()
    line_ends: LineEnds = LineEnds()
    era: bool = False
    closest: float = 1.0
    also: tuple[str, ...] = ()

    def written(self, number: int | str) -> str:
        """Return a number, or a text with numbers in it, in the digits of the locale."""
        text = str(number)
        return text if self.digits == DIGITS else text.translate(str.maketrans(DIGITS, self.digits))


@dataclass(frozen=True)
class Place:
    """Where a library of handouts is for: a clinic and its region, or a region without a clinic."""

    region: str
    clinic: str = ""

    @property
    def folder(self) -> str:
        """The name of its folder in the output folder: the clinic's slug, or the region's code."""
        return self.clinic or self.region

    def __str__(self) -> str:
        return f"{self.clinic} ({self.region})" if self.clinic else f"{self.region} (no clinic)"


@dataclass(frozen=True, slots=True)  # there may be a million
class Rendition:
    """One finished file: what it is of, in which form. `file` is where it lies in the output folder."""

    handout: str
    locale: str
    region: str
    clinic: str
    layout: Layout
    format: Format
    paper: Paper
    file: str

    @property
    def place(self) -> Place:
        """The clinic or region that it is for."""
        return Place(self.region, self.clinic)


def file_of(
    place: Place, locale: str, handout: str, form: Format, layout: Layout = "standard", paper: str = ""
) -> str:
    """Return where a rendition lies in the output folder; `paper` is named where it is not the region's own."""
    set_as = "" if layout == "standard" else f".{layout}"
    named = f".{paper}" if paper else ""
    return f"{place.folder}/{locale}/{handout}{set_as}{named}.{SUFFIXES[form]}"


def address_of(clinic: Clinic, locale: str, handout: str) -> str:
    """Return the address at which the gallery of a clinic publishes the web page of a handout, nothing where it has none."""
    file = file_of(Place(clinic.region, clinic.slug), locale, handout, "web")
    return f"{clinic.site}/{file}" if clinic.site else ""


@dataclass(frozen=True)
class Numbers:
    """What people have done about the numbers of a place: how many are confirmed, and the month of the earliest confirmation."""

    state: NumbersState = "unconfirmed"
    since: str = ""


@dataclass(frozen=True)
class Sibling:
    """Another finished file of the same handout for the same place, which a web page leads to.

    `pages` and `size` (in bytes) are 0 where they are not said; `autonym` and `direction` are those of its locale.
    """

    rendition: Rendition
    autonym: str
    direction: Direction
    pages: int = 0
    size: int = 0


@dataclass(frozen=True)
class Personal:
    """What a personal copy says of its person; none of it is in the repr, which may get into a log.

    `appointment` is a day, with a time of day (`datetime`) where that is known, as the clocks of the clinic show it. Texts
    are plain, without line ends, and empty where nothing is said; only the name never is.
    """

    name: str = field(repr=False)
    appointment: date | None = field(default=None, repr=False)
    clinician: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)  # there may be a million
class Page:
    """Everything one rendition prints. Only a web page has `siblings`: what lies beside it in the output folder.

    Only a personal copy has a `personal`, and no such page is ever a job, or kept.
    """

    rendition: Rendition
    handout: Handout
    english: Handout
    locale: Locale
    source: Locale
    clinic: Clinic | None
    state: State
    numbers: Numbers = Numbers()
    siblings: tuple[Sibling, ...] = ()
    personal: Personal | None = None

    @property
    def families(self) -> tuple[str, ...]:
        """The font families of the page: the locale's, then those of its English parts."""
        return tuple(dict.fromkeys((*self.locale.fonts, *self.source.fonts)))

    @property
    def is_draft(self) -> bool:
        """Whether it says DRAFT on top: only an approved page does not."""
        return self.state != "approved"
