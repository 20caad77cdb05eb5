"""Clinics: the profiles in `content/clinics/`, and those named by their path, with the files beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from handouts.characters import has_words
from handouts.files import is_there, read_bytes
from handouts.model import LAYOUTS, Clinic, Drawing, Layout, Region
from handouts.problems import CONTENT_FOLDERS, Problem, did_you_mean, in_file
from handouts.sources.blocks import BLOCK_NAME_FIX, RESERVED, RESERVED_NAMES, BlockReader
from handouts.sources.drawings.read import read_drawing
from handouts.sources.look import COLOUR
from handouts.sources.names import did_you_mean_named, regions_named
from handouts.sources.nodes import Node
from handouts.sources.phones import dialled, number_within
from handouts.sources.written import ADDRESS, CLINIC, ID, LOGO, LONGEST_NOTE, LONGEST_SITE, SITE

FOLDER = CONTENT_FOLDERS["clinic"]
PHONE_FIX = 'Write the number alone, in digits: "(03) 9876 5432", "+61 3 9876 5432 ext. 12". Several: one a line, each after “- ”.'
ADDRESS_WITHIN = re.compile(
    r"https?:|www\.|\S@\S|[a-z0-9-]{2,}\.[a-z]{2,}(?![a-z.])(?=[/\s),;:!?.]|$)", re.IGNORECASE
)
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Known:
    """What a profile may name: regions, handouts, and what serves a language, by what people call it.

    `language` returns the tag of a locale, or nothing. `broken` are locales that are there and cannot be read.
    """

    regions: Mapping[str, Region]
    handouts: Mapping[str, object]
    languages: Mapping[str, str]
    language: Callable[[str], str]
    broken: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Clinics:
    """The clinics by slug, and what each path that a person typed stands for: a slug, nothing where it cannot be read."""

    clinics: Mapping[str, Clinic]
    named: Mapping[str, str]


def is_path(name: str) -> bool:
    """Whether what names a clinic is the path of a profile, and not the slug of one in the project."""
    return "/" in name or "\\" in name or "." in name or name.startswith("~")


def load_clinics(root: Path, known: Known, names: Iterable[str] = ()) -> tuple[Clinics, list[Problem]]:
    """Return the clinics of the project at `root` and those at the paths among `names`, and what is wrong with them."""
    files = sorted(p for p in (root / FOLDER).glob("*.yaml") if not p.name.startswith("."))
    found, problems = {}, []
    for path in files:
        reader = _ClinicReader(root, path.parent, known)
        found[path.stem] = reader.clinic(path, path.relative_to(root).as_posix())
        problems += [*_name_problems(path.stem, path.relative_to(root).as_posix()), *reader.problems]
    own = {path.resolve(): path.stem for path in files}
    named: dict[str, str] = {}
    outside: dict[str, Path] = {}
    for name in dict.fromkeys(filter(is_path, names)):
        path = _resolved(name)
        if path in own:
            named[name] = own[path]
            continue
        wrong = _outside_problems(name, path, found, outside)
        problems += wrong
        named[name] = "" if wrong else path.stem
        if not wrong and path.stem not in outside:
            outside[path.stem] = path
            clinic, wrong = _outside(path, name, known)
            problems += wrong
            found[path.stem] = clinic
    return Clinics(found, named), problems


def _resolved(name: str) -> Path:
    """Return where a profile lies that a person named; a link leads to the file itself, and so to what lies beside that."""
    try:
        return Path(name).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):  # a circle of links, or no home
        return Path(name).absolute()


def _outside_problems(
    name: str, path: Path, own: Mapping[str, Clinic], outside: Mapping[str, Path]
) -> list[Problem]:
    """Return what keeps a path from being a profile: it cannot be read, its name is none, or another clinic has that name."""
    unreadable = _unreadable(name, path)
    if unreadable:
        return unreadable
    if path.suffix not in SUFFIXES:
        what = "a profile is a .yaml file."
        return [
            in_file(
                "invalid-file-name",
                name,
                what,
                "Look at its name, or make one by: python3 build.py clinic new.",
            )
        ]
    wrong = list(_name_problems(path.stem, name))
    other = outside.get(path.stem)
    if path.stem in own and not other:
        what = f"the project has a clinic “{path.stem}” too, and both would have one folder."
        fix = f"Rename this file, or say --clinic {path.stem} for the other one."
        wrong.append(in_file("clinic-twice", name, what, fix))
    elif other and other != path:
        what = f"{other} has the same name, and both would have the folder “{path.stem}”."
        wrong.append(in_file("clinic-twice", name, what, "Rename one of the two files."))
    return wrong


def _unreadable(name: str, path: Path) -> list[Problem]:
    """Return what keeps the file at a path from being read, told as a person named it."""
    try:
        if path.is_dir():
            inside = sorted(each.name for each in path.iterdir() if each.suffix in SUFFIXES)
            fix = f"Name the file in it: {name.rstrip('/')}/{inside[0]}" if inside else "Name a file in it."
            return [
                replace(in_file("file-unreadable", name, "this is a folder, not a file.", fix), usage=True)
            ]
    except OSError:
        pass  # the same is told of the file
    if not is_there(path):
        fix = "Look at how its name is spelled, and in which folder it is."
        return [replace(in_file("file-missing", name, "there is no such file.", fix), usage=True)]
    return [replace(each, where=name, file=name) for each in read_bytes(path, path.parent)[1]]


def _name_problems(slug: str, file: str) -> Iterable[Problem]:
    """Yield what is wrong with the name of a profile's file, which is that of its folder too."""
    if not ID.fullmatch(slug) or slug in RESERVED_NAMES or slug.startswith(RESERVED):
        proposed = "-".join(re.findall("[a-z0-9]+", slug.lower()))
        fix = f"{BLOCK_NAME_FIX}{f' “{proposed}” would do.' if ID.fullmatch(proposed) and proposed != slug else ''}"
        yield replace(
            in_file("invalid-file-name", file, f"a file cannot be called “{slug}” here.", fix), clinic=""
        )


def _outside(path: Path, name: str, known: Known) -> tuple[Clinic, list[Problem]]:
    """Return the clinic whose profile lies outside of the project, and what is wrong, told as the person named the file."""
    reader = _ClinicReader(path.parent, path.parent, known)
    clinic = reader.clinic(path, name)
    clinic = replace(clinic, home=str(path.parent))
    return clinic, [beside_profile(each, clinic) for each in reader.problems]


def beside_profile(problem: Problem, clinic: Clinic) -> Problem:
    """Return the problem of a profile outside of the project, or of a file beside it, as one of the clinic and of that place."""
    is_profile = problem.file in {f"{clinic.slug}{suffix}" for suffix in SUFFIXES}
    file = clinic.file if is_profile else str(Path(clinic.home) / problem.file)
    where = f"{file}{problem.where.removeprefix(problem.file)}"
    return replace(problem, file=file, where=where, clinic=clinic.slug, region="")


class _ClinicReader(BlockReader):
    """Reads a profile; what it names lies in `folder`, and nothing is read outside of `root`."""

    def __init__(self, root: Path, folder: Path, known: Known) -> None:
        super().__init__(root)
        self.folder, self.known = folder, known

    def clinic(self, path: Path, shown: str) -> Clinic:
        """Return a clinic's profile, with its logo read in; `shown` is what its file is called when it is told about."""
        parts, slug = self.read(path).fields(*CLINIC.names), path.stem
        name, logo_file = parts["name"].text(), parts["logo"].text()
        if not has_words(name):
            parts["name"].problem("invalid-name", "a clinic has a name.", "Write it in letters.")
        if slug in self.known.regions:
            what = f"a clinic cannot be called “{slug}”: that is a region, and both would have one folder."
            self._noted.append(
                in_file("clinic-called-like-region", parts["name"].file, what, "Rename the file.")
            )
        return Clinic(
            slug=slug,
            name=name,
            region=self._region(parts["region"]),
            phones=self._phones(parts["phone"]),
            booking=self._booking(parts["booking"]),
            address=parts["address"].lines(),
            web=self._web(parts["web"]),
            hours=parts["hours"].text(),
            logo=self._logo(logo_file, parts["logo"]),
            logo_file=logo_file,
            accent=self._accent(parts["accent"]),
            site=self._site(parts["site"]),
            notes=self._notes(parts["notes"]),
            languages=self._languages(parts["languages"]),
            handouts=self._handouts(parts["handouts"]),
            layout=cast("Layout", parts["layout"].choice(LAYOUTS, "standard")),
            file=shown,
        )

    def _phones(self, node: Node) -> tuple[str, ...]:
        """Return the clinic's phone numbers; what cannot be dialled is a problem."""
        numbers = node.lines()
        for number in numbers:
            if not dialled(number):
                node.problem("invalid-phone-number", f"“{number}” is not a phone number.", PHONE_FIX)
        return numbers

    def _booking(self, node: Node) -> str:
        """Return how to book: a number that can be dialled, or an address with its scheme."""
        typed = node.text()
        if not typed or dialled(typed):
            return typed
        if any(c.isdigit() for c in typed) and not any(c.isalpha() for c in typed):
            node.problem("invalid-phone-number", f"“{typed}” is not a phone number.", PHONE_FIX)
            return ""
        return self._address(typed, node)

    def _accent(self, node: Node) -> str:
        """Return the clinic's colour in small letters, nothing after a problem."""
        accent = node.text()
        if accent and not COLOUR.fullmatch(accent):
            fix = 'Write it as "#0b5563", in small letters.'
            node.problem("invalid-colour", f"“{accent}” is not a colour.", fix)
            return ""
        return accent

    def _web(self, node: Node) -> str:
        """Return the clinic's web address with its scheme, which people leave out: `www.clinic.example`."""
        return self._address(node.text(), node)

    def _address(self, web: str, node: Node) -> str:
        """Return a web address with its scheme."""
        if web and not ADDRESS.fullmatch(web):
            fix = "Write it as https://clinic.example, or clinic.example."
            node.problem("address-not-allowed", f"the address “{web}” is not allowed.", fix)
        elif web and not web.startswith("https://"):
            return f"https://{web}"
        return web

    def _site(self, node: Node) -> str:
        """Return the address of the clinic's gallery without the slash at its end, nothing after a problem."""
        site = node.text()
        if site and (not SITE.fullmatch(site) or len(site) > LONGEST_SITE):
            what = f"“{site}” cannot be the address of a gallery."
            fix = f"Write the https address of the folder that its first index.html is in, of at most {LONGEST_SITE} letters a-z, digits and marks, as in https://clinic.example/handouts."
            node.problem("site-not-allowed", what, fix)
            return ""
        host = site[: site.find("/", len("https://"))] if site.count("/") > 2 else site  # noqa: PLR2004
        return (host.lower() + site[len(host) :]).rstrip("/").removesuffix("/index.html")

    def _notes(self, node: Node) -> Mapping[str, str]:
        """Return the clinic's own words by the tag of their locale; what would not be plain words is a problem."""
        found: dict[str, str] = {}
        for name, each in () if node.is_missing else node.entries():
            text, tag = each.text(), self._language(name, each)
            if tag in found:
                each.problem(
                    "duplicate-key", f"there are two notes in {self.known.languages[tag]}.", "Keep one."
                )
            if len(text) > LONGEST_NOTE:
                what = f"the note has {len(text)} characters, and there is room for {LONGEST_NOTE}."
                each.problem("note-too-long", what, "Shorten it.")
            for within in filter(None, (number_within(text), _address_within(text))):
                what = f"there is a number or an address in the note (“{within}”), which nobody would check."
                fix = "Write it under phone, booking or web: there it is checked, kept in order and can be dialled."
                each.problem("note-with-contact", what, fix)
            if text and not has_words(text):
                each.problem("no-words", "there is no letter and no digit in the note.", "Write it in words.")
            found |= {tag: text} if tag and text else {}
        return found

    def _languages(self, node: Node) -> tuple[str, ...]:
        """Return the tags of the languages that the clinic offers, each once; all of them is none named."""
        items = [] if node.is_missing else self._some(node)
        found = [self._language(each.text(), each) for each in items]
        return tuple(dict.fromkeys(filter(None, found)))

    def _language(self, name: str, node: Node) -> str:
        """Return the tag of the locale that a name means, nothing after a problem."""
        tag = self.known.language(name) if name else ""
        if name and not tag and name not in self.known.broken:
            what = f"there is no locale “{name}”, or it may mean more than one."
            node.problem("unknown-locale", what, did_you_mean_named(name, self.known.languages))
        return tag

    def _handouts(self, node: Node) -> tuple[str, ...]:
        """Return the handouts that the clinic offers, each once; all of them is none named."""
        items = [] if node.is_missing else self._some(node)
        named = {each: each.text() for each in items}
        for each, slug in named.items():
            if slug and slug not in self.known.handouts:
                what = f"there is no handout “{slug}”."
                each.problem("unknown-handout", what, did_you_mean(slug, self.known.handouts))
        return tuple(dict.fromkeys(filter(None, named.values())))

    def _some(self, node: Node) -> list[Node]:
        """Return the items of a list that has some."""
        before = len(node.problems)
        items = node.items()
        if not items and len(node.problems) == before:
            node.problem(
                "nothing-offered", "the list is empty.", "Name some, or remove the key: then all are offered."
            )
        return items

    def _region(self, node: Node) -> str:
        """Return the code of the clinic's region, nothing after a problem: who guesses would print another country's numbers."""
        name, regions = node.text(), self.known.regions
        meant = regions_named(name, regions, ()) if name else []
        if name and len(meant) != 1:
            what = f"there is no region “{name}”."
            names = {code: region.name.text for code, region in regions.items()}
            node.problem("unknown-region", what, did_you_mean_named(name, names))
        return meant[0] if len(meant) == 1 else ""

    def _logo(self, name: str, node: Node) -> Drawing | None:
        """Return the clinic's logo, from a file of that name beside the profile and from nowhere else."""
        if not name:
            return None
        path = self.folder / name
        beside = self.folder.relative_to(self.root).as_posix()
        if not LOGO.fullmatch(name):
            what = f"the logo “{name}” is not a .svg, .png or .jpg file beside this one."
            fix = f"Put the file into {beside if beside != '.' else 'the folder of this one'} and write its name alone."
            node.problem("logo-not-allowed", what, fix)
            return None
        file = path.relative_to(self.root).as_posix()
        if not path.is_file():
            fix = f"Put it into {file}." if beside != "." else "Put it beside this file."
            node.problem("logo-missing", f"the logo “{name}” is missing.", fix)
            return None
        data, problems = read_bytes(path, self.root)
        drawing, refused = read_drawing(data, file) if data is not None else (None, [])
        # Several clinics may have one logo: each of them is told.
        self._noted += [replace(problem, clinic=Path(node.file).stem) for problem in (*problems, *refused)]
        return drawing


def _address_within(text: str) -> str:
    """Return the first part of a text that a reader would take for an address, or nothing."""
    found = ADDRESS_WITHIN.search(text)
    return found[0] if found else ""
