"""The law of signatures: change any one value of the sources; either all texts and links stay, or the approval goes.

Values are found in the files as they are, so that one which comes later is tried too. What a page says is taken from
what is composed in a way of its own, and not as a signature reads it.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import yaml

from handouts.library.plan import Choice, plan
from handouts.model import Place
from handouts.page.approval import Approval
from handouts.page.compose import compose, compose_picture
from handouts.problems import Problem
from handouts.sources.catalogs import load_catalogs
from handouts.sources.confirmations import load_confirmations
from handouts.sources.load import load_all_content
from handouts.sources.locales import load_locales
from handouts.sources.look import load_look
from tests.signed import TODAY, approve, confirm, few_of

TAG, REGION, HANDOUTS = "es", "au", ("about-ipt", "references")
PLACES = (Place(REGION), Place(REGION, "example"))
SAYING = ("href", "src", "alt", "aria-label", "title", "content")
SPLICES = (
    " Call 1800 000 000 ",
    "<p>Call 1800 000 000</p>",
    "{# x #}",
    "\n",
    "<div hidden>",
    "{% if clinic %}x{% endif %}",
)
Change = tuple[str, str]  # what was changed, and the text of the file then


@dataclass
class Tally:
    """What became of the examples: whether the approval went, the page stayed, or nothing could be made."""

    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


class _Said(HTMLParser):
    """Collects the words of a page, and what its tags say and open."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag == "style"
        self.parts += [value or "" for name, value in attrs if name in SAYING]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def said(approval: Approval, handout: str) -> dict[str, str]:
    """Return the words and links of every page of a handout, with and without a clinic, without spaces."""
    found = {}
    for clinic in ("", "example"):
        for page in plan(
            approval,
            Choice(
                locales=(TAG,),
                handouts=(handout,),
                regions=() if clinic else (REGION,),
                clinics=(clinic,) if clinic else (),
            ),
        ):
            text = compose(page, approval.look)
            if page.rendition.format != "text":
                reader = _Said()
                reader.feed(
                    text + (compose_picture(page, approval.look) if page.rendition.format == "eml" else "")
                )
                text = " ".join(reader.parts)
            found[f"{page.rendition.file} {clinic}"] = re.sub(r"[\s\u200b\u2060]+", "", text)
    return found


class Signed:
    """A project in which every handout is approved in one locale, and what its pages say."""

    def __init__(self, sources: Path, root: Path) -> None:
        self.root = few_of(sources, root, ("en", TAG))
        for handout in HANDOUTS:
            self.approval = approve(self.root, TAG, handout=handout)
        for clinic in ("", "example"):
            self.approval = confirm(self.root, REGION, clinic)
        assert {self.approval.numbers(place).state for place in PLACES} == {"confirmed"}
        assert {self.approval.state(each, REGION, TAG) for each in HANDOUTS} == {"approved"}
        self.before = {each: said(self.approval, each) for each in HANDOUTS}
        self.tally = Tally()
        self.files = tuple(self._files())

    def _files(self) -> Iterator[Path]:
        """Yield the files that pages are made of."""
        for place in (
            "content/**/*.yaml",
            "content/*.json",
            "content/confirmed/*.toml",
            "content/confirmed/signed/*.json",
            "content/pictures/*.svg",
            "templates/*",
            "locales/*/*.*",
        ):
            for path in sorted(self.root.glob(place)):
                made = path.name.startswith(("preview", "proof", "status", "screen", "reviews"))
                if path.is_file() and "clinics" not in path.parts and not made:
                    yield path

    def try_one(self, choose: random.Random) -> None:
        """Change one value, and note what became of it; a page that says something else and is approved is kept as broken."""
        path, handout = choose.choice(self.files), choose.choice(HANDOUTS)
        what, text = changed(path, choose)
        name = f"{handout}, {path.relative_to(self.root)}: {what}"
        before = path.read_bytes()
        if text.encode() == before:
            self.tally.counts["nothing changed"] += 1
            return
        try:
            path.write_text(text, encoding="utf-8")
            self.tally.counts[self._became(path, handout, name)] += 1
        finally:
            path.write_bytes(before)

    def _became(self, path: Path, handout: str, name: str) -> str:
        """Return what became of a handout with a file changed."""
        approval, problems = self._read(path)
        if any(problem.severity == "error" for problem in problems):
            return "refused"
        try:
            numbers = {approval.numbers(place).state for place in PLACES}
            if approval.state(handout, REGION, TAG) != "approved" or numbers != {"confirmed"}:
                return "approval gone"
            now = said(approval, handout)
        except Exception:  # noqa: BLE001 - a template that cannot be composed prints nothing
            return "refused"
        if now == self.before[handout]:
            return "same words"
        self.tally.broken.append(name)
        return "BROKEN"

    def _read(self, path: Path) -> tuple[Approval, Sequence[Problem]]:
        """Return the project with that file as it is now: only the part that it belongs to is read again."""
        sources, look = self.approval.sources, self.approval.look
        match path.relative_to(self.root).parts:
            case ("content", "confirmed", *_):
                confirmations, problems = load_confirmations(self.root, sources.content, TODAY)
                return Approval(replace(sources, confirmations=confirmations), look), problems
            case ("content", *_):
                content, _, problems = load_all_content(self.root, sources.locales)
                return Approval(replace(sources, content=content), look), problems
            case ("templates", "tokens.toml"):
                look, problems = load_look(self.root, {})
                return Approval(sources, look), problems
            case ("templates", name):
                texts = {**look.templates, name: path.read_text(encoding="utf-8")}
                return Approval(replace(sources), replace(look, templates=texts)), []
            case _:
                locales, faults = load_locales(self.root)
                if TAG not in locales or "en" not in locales:
                    return self.approval, faults
                catalogs, problems = load_catalogs(self.root, locales)
                return Approval(replace(sources, locales=locales, catalogs=catalogs), look), [
                    *faults,
                    *problems,
                ]


def changed(path: Path, choose: random.Random) -> Change:
    """Return a file with one value changed: another one, none, or moved."""
    text = path.read_text(encoding="utf-8")
    match path.suffix:
        case ".yaml":
            return _in_tree(
                yaml.safe_load(text),
                choose,
                lambda data: yaml.safe_dump(data, allow_unicode=True, sort_keys=False),
            )
        case ".json":
            return _in_tree(json.loads(text), choose, lambda data: json.dumps(data, ensure_ascii=False))
        case ".po":
            return _in_catalog(text, choose)
        case _:
            return _in_text(text, choose)


def _in_tree(data: Any, choose: random.Random, written: Callable[[Any], str]) -> Change:
    """Return data with one value changed, removed, or exchanged with another."""
    places = list(_places(data))
    inside, key = choose.choice(places)
    value, way = inside[key], choose.choice(("other", "other", "gone", "swap"))
    if way == "gone":
        del inside[key]
    elif way == "swap":
        there, other = choose.choice(places)
        inside[key], there[other] = there[other], inside[key]
    else:
        inside[key] = _other(value, choose)
    try:
        return f"{way} {key} ({str(value)[:60]})", written(data)
    except (ValueError, RecursionError):  # a value that was put into itself
        return "a circle", ""


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every value in nested data by what holds it, and its key there."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield data, key
        if isinstance(value, dict | list):
            yield from _places(value)


def _other(value: Any, choose: random.Random) -> Any:
    """Return another value that may pass for one of its kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + choose.choice((1, -1, 10))
    if isinstance(value, str):
        digits = [at for at, letter in enumerate(value) if letter.isdigit()]
        if digits and choose.random() < 0.6:
            at = choose.choice(digits)
            return f"{value[:at]}{(int(value[at]) + 1) % 10}{value[at + 1 :]}"
        return choose.choice(
            (f"{value} x", value[:-1], value.replace(" ", "  ", 1), f"{value[:3]}é{value[3:]}")
        )
    return [] if isinstance(value, list) else {}


def _in_catalog(text: str, choose: random.Random) -> Change:
    """Return a PO file with one message changed."""
    catalog = polib.pofile(text)
    entry = choose.choice(list(catalog))
    way = choose.choice(("other", "none", "fuzzy", "English", "swap"))
    match way:
        case "other":
            entry.msgstr = str(_other(entry.msgstr or "x", choose))
        case "none":
            entry.msgstr = ""
        case "fuzzy":
            entry.flags.append("fuzzy")
        case "English":
            entry.msgid += "."
        case "swap":
            other = choose.choice(list(catalog))
            entry.msgstr, other.msgstr = other.msgstr, entry.msgstr
    return f"{way} {entry.msgctxt}", str(catalog)


def _in_text(text: str, choose: random.Random) -> Change:
    """Return a template, a style sheet, a drawing or a table of facts with one piece changed, taken out or put in."""
    pieces = re.split(r'(\{[{%].*?[}%]\}|<[^>]*>|[;{}\n]|"[^"\n]*")', text)
    at = choose.choice([number for number, piece in enumerate(pieces) if piece.strip()])
    piece, way = pieces[at], choose.choice(("other", "gone", "twice", "put in"))
    match way:
        case "other":
            pieces[at] = re.sub(r"\w+", lambda match: str(_other(match[0], choose)), piece, count=1)
        case "gone":
            pieces[at] = ""
        case "twice":
            pieces[at] = piece * 2
        case "put in":
            pieces[at] = piece + choose.choice(SPLICES)
    return f"{way} {piece.strip()[:60]!r}", "".join(pieces)


def counts(tally: Tally) -> Mapping[str, int]:
    """Return how many examples went which way."""
    return dict(tally.counts.most_common())
