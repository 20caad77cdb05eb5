"""Sources spoilt at random, in bytes, lines and structure, and what is then asked of every command that reads them."""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import yaml

from handouts.checks.catalogs import check_catalog
from handouts.checks.content import (
    check_blocks,
    check_colours,
    check_frame,
    check_lists,
    check_templates,
    numbers_named,
    prose,
)
from handouts.checks.contrast import check_contrast
from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.problems import Problem, SourceError
from handouts.sending.people import read_people
from handouts.sending.settings import load_settings
from handouts.sources.catalogs import load_catalog, update
from handouts.sources.glossary import load_glossary
from handouts.sources.load import Sources, load_all_content, load_sources
from handouts.sources.locales import load_locale
from handouts.sources.look import Look, load_look
from handouts.sources.reviews import load_signatures
from tests.conftest import ROOT, TODAY

LOCALES = ("en", "es", "km")
PATIENCE = 5.0  # seconds that any one input may take
PEOPLE = "address,locale,name,handouts,layout\nann@example.org,en,Ann Roe,about-ipt,\nleila@example.org,es-MX,ليلى,,bilingual\n"
REVIEWS = """[[review]]
handout = "about-ipt"
region = "au"
kind = "language"
reviewer = "r1"
role = "accredited translator"
translators = ["t1"]
date = 2026-11-23
text = "0123456789abcdef"
"""
# A file of every kind that a person writes.
FILES: Mapping[str, str] = {
    "handout": "content/handouts/about-ipt.yaml",
    "findings": "content/handouts/references.yaml",
    "region": "content/regions/au.yaml",
    "clinic": "content/clinics/example.yaml",
    "interface": "content/interface.yaml",
    "citations": "content/citations.yaml",
    "pictures": "content/pictures/pictures.yaml",
    "references": "content/references.json",
    "glossary": "locales/glossary.yaml",
    "catalog": "locales/es/handouts.po",
    "locale": "locales/es/locale.toml",
    "reviews": "locales/es/reviews.toml",
    "tokens": "templates/tokens.toml",
    "template": "templates/text.txt",
    "people": "people.csv",
    "mail": "mail.toml",
}
ODD: tuple[str, ...] = (
    "", " ", "\n", ".", "x" * 3000, "9" * 5000, "1e999", "-1", "0", "true", "null", "~", "2026-13", "1000000000-01",
    "{number}", "{x}", "**", "[@nobody]", "[a](javascript:x)", "<b>", "&amp;", "\u202e", "\u2028", "\x85", "\x0b", "\x00",
    "\x1b[2J", "\u3164", "\u2800", "\ue000", "\ud800", "\ufdd0", "\U000e0041", "a\u0301", "e\u200d", "क्\u200dष", "../../etc/passwd",
    "#ffffff", '"', "'", "\\", "'''", "&a [*a]", "*a", "!!python/object:os.system x", "<<: 1", "? [a]", "%TAG", "---", "...",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    *ODD, None, True, 0, -1, 1.5, 10**9, 10**30, float("nan"), [], {}, [[]], [None], {"": ""}, {"text": []}, [1, "a", None],
    {"date-parts": [[10**9]]}, {"date-parts": [["2016"]]}, {"date-parts": [[2016, 2, 30]]}, {"date-parts": []},
)  # fmt: skip


def laid_out(folder: Path) -> Path:
    """Make a small project of every kind of source in a folder; return it."""
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    for tag in LOCALES:
        shutil.copytree(ROOT / "locales" / tag, folder / "locales" / tag)
    shutil.copy(ROOT / "locales/glossary.yaml", folder / "locales")
    (folder / "locales/es/reviews.toml").write_text(REVIEWS, encoding="utf-8")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    shutil.copy(ROOT / "docs/mail.example.toml", folder / "mail.toml")
    return folder


def spoilt(random: Random, file: str, data: bytes) -> bytes:
    """Return the bytes of a file after one to three changes, in its structure where it has one."""
    structured = file.endswith((".yaml", ".json")) and random.random() < 0.5
    if structured:
        return _structure(random, file, data)
    for _ in range(random.randint(1, 3)):
        data = random.choice((_bytes, _lines, _words))(random, data)
    return data


def _bytes(random: Random, data: bytes) -> bytes:
    """Return bytes with some taken out, put in or turned over."""
    at = random.randint(0, len(data))
    match random.randint(0, 4):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + data[at + random.randint(1, 40) :]
        case 2:
            return data[:at] + random.randbytes(random.randint(1, 4)) + data[at:]
        case 3:
            return (
                data[:at]
                + random.choice([b"[", b"{", b"- ", b'"', b"\\", b"\0"]) * random.choice([1, 2, 3000])
                + data[at:]
            )
        case _:
            return random.choice([b"", b"\xff\xfe" + data, b"\xef\xbb\xbf" + data, data * 2, data[::-1]])


def _lines(random: Random, data: bytes) -> bytes:
    """Return bytes with a line lost, doubled, moved, or its end changed."""
    lines = data.split(b"\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randint(0, 4):
        case 0:
            del lines[one]
        case 1:
            lines.insert(other, lines[one])
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case 3:
            lines[one] += random.choice(["\r", "\u2028", "\x85", "\x0c", " ", "\t"]).encode()
        case _:
            lines[one] = b"  " + lines[one]
    return b"\n".join(lines)


def _words(random: Random, data: bytes) -> bytes:
    """Return bytes with a word or a quoted text replaced by an odd one, or one put in."""
    text = data.decode("utf-8", "surrogateescape")
    at = random.randint(0, len(text))
    odd = random.choice(ODD)
    end = at + random.choice([0, 0, 1, 5])
    begin = text.rfind('"', 0, at) + 1 if random.random() < 0.5 else at
    if begin and begin != at:
        end = text.find('"', begin) if text.find('"', begin) > 0 else end
        at = begin
    return (text[:at] + odd + text[end:]).encode("utf-8", "surrogatepass")


def _structure(random: Random, file: str, data: bytes) -> bytes:
    """Return a YAML or JSON file with a key dropped, renamed or doubled, or a value of another kind."""
    tree = json.loads(data) if file.endswith(".json") else yaml.load(data, Loader=yaml.CSafeLoader)
    for _ in range(random.randint(1, 2)):
        places = list(_places(tree))
        if not places:
            break
        holder, key = random.choice(places)
        match random.randint(0, 3):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[str(random.choice(ODD))] = holder.pop(key)
            case 2 if isinstance(holder, list):
                holder += [holder[key]] * random.choice([1, 30])
            case _:
                holder[key] = random.choice(VALUES)
    if file.endswith(".json"):
        return json.dumps(tree, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    dumped: str = yaml.dump(tree, Dumper=yaml.SafeDumper, allow_unicode=random.random() < 0.5)
    return dumped.encode("utf-8", "surrogatepass")


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container and key of a value in it."""
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        yield tree, key
        yield from _places(tree[key])


class HangError(Exception):
    """An input took longer than it may."""


@contextmanager
def timed() -> Iterator[None]:
    """Raise HangError in what takes longer than an input may."""

    def late(*_: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    started = time.perf_counter()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    if time.perf_counter() - started > PATIENCE:
        raise HangError


@dataclass(frozen=True)
class Bench:
    """A project, and what it is made from: what is read from the disk anew takes the place of what was there."""

    root: Path
    sources: Sources = field(repr=False)  # hypothesis prints a bench with every input that fails
    look: Look = field(repr=False)

    def problems(self, kind: str, data: bytes, *, composed: bool = False) -> list[Problem]:
        """Return what is told of a file of a kind that holds these bytes.

        Where there is no error, pages may be `composed` too. Raises what none of that may raise, and HangError.
        """
        path = self.root / FILES[kind]
        whole = path.read_bytes()
        path.write_bytes(data)
        try:
            with timed():
                found, problems = READERS[kind](self)
                if composed and not any(problem.severity == "error" for problem in problems):
                    found.compose()
                return problems
        finally:
            path.write_bytes(whole)

    def compose(self) -> None:
        """Compose a page of every handout, and its text; a template that does not work as it is filled in is a problem of its own."""
        clinic = next(iter(self.sources.content.clinics))
        choice = Choice(locales=("es",), formats=("pdf", "text"), layouts=("standard",), clinics=(clinic,))
        with suppress(SourceError):
            for page in plan(Approval(self.sources, self.look), choice):
                with suppress(SourceError):
                    compose(page, self.look)


Read = tuple[Bench, list[Problem]]


def _read_content(bench: Bench) -> Read:
    """Read the content and check it, but for how hard it is to read."""
    content, _, problems = load_all_content(bench.root, bench.sources.locales)
    sources = replace(bench.sources, content=content)
    if sources.is_whole:
        prose(content.handout(next(iter(content.drafts)), next(iter(content.regions))))
        problems += [
            *check_lists(content),
            *check_blocks(sources.blocks().values(), numbers_named(content)),
        ]
        problems += check_contrast(bench.look.tokens, content.clinics.values())
    return replace(bench, sources=sources), problems


def _read_look(bench: Bench) -> Read:
    """Read templates and colours, and check them."""
    look, problems = load_look(bench.root, {})
    problems += [*check_frame(look.templates), *check_templates(look.templates), *check_colours(look)]
    return replace(bench, look=look), [*problems, *check_contrast(look.tokens, ())]


def _read_catalog(bench: Bench) -> Read:
    """Read and check one catalog, as the preview does, and bring it up to date."""
    catalog, problems = load_catalog(bench.root, "es")
    sources = replace(bench.sources, catalogs={**bench.sources.catalogs, "es": catalog})
    _, wrong = update(bench.root, [sources.locales["es"]], sources.blocks())
    return replace(bench, sources=sources), [*problems, *check_catalog(sources, "es"), *wrong]


def _read_locale(bench: Bench) -> Read:
    """Read one locale."""
    locale, problems = load_locale(bench.root, "es")
    locales = {**bench.sources.locales, "es": locale or bench.sources.locales["es"]}
    return replace(bench, sources=replace(bench.sources, locales=locales)), problems


CONTENT = ("handout", "findings", "region", "clinic", "interface", "citations", "pictures", "references")
READERS: Mapping[str, Callable[[Bench], Read]] = {
    **dict.fromkeys(CONTENT, _read_content),
    "tokens": _read_look,
    "template": _read_look,
    "locale": _read_locale,
    "catalog": _read_catalog,
    "reviews": lambda bench: (bench, load_signatures(bench.root, ["es"], TODAY)[1]),
    "glossary": lambda bench: (bench, load_glossary(bench.root)[1]),
    "people": lambda bench: (bench, read_people(bench.root / "people.csv", bench.sources)[1]),
    "mail": lambda bench: (bench, load_settings(bench.root / "mail.toml")[1]),
}


def bench(folder: Path) -> Bench:
    """Return a project laid out in a folder, with its sources."""
    root = laid_out(folder)
    sources, problems = load_sources(root, TODAY)
    look, faults = load_look(root, {})
    assert not problems
    assert not faults
    return Bench(root, sources, look)


def faulty(problems: list[Problem], root: Path) -> list[Problem]:
    """Return the problems that say no code, no place, or what a terminal cannot show."""
    return [
        problem
        for problem in problems
        if not (problem.code and problem.where and problem.what and problem.fix)
        or not (problem.file and (root / problem.file).name == Path(problem.file).name)
        or any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in str(problem))
    ]
