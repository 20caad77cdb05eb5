"""What people have rung or read live: the rows of `content/confirmed/PLACE.toml`, each with the record of what it is of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from shlex import quote
from typing import Any

from handouts.files import is_there
from handouts.problems import Fault, Problem, did_you_mean, in_file, located
from handouts.sources.clinics import beside_profile
from handouts.sources.contacts import Contact, all_contacts
from handouts.sources.content import Content
from handouts.sources.nodes import Node
from handouts.sources.reviews import NO_DIGEST, faults_of, load_record, name_of, reviewed_on, signed_rows
from handouts.sources.signed_text import DIGEST_DIGITS, Record, plain_row
from handouts.sources.standing import doubt

CONFIRMED_FOLDER = "content/confirmed"
CONFIRMATION_KEYS = ("line", "by", "on", "text")
WHOLE_DIGEST = re.compile(f"[0-9a-f]{{{DIGEST_DIGITS}}}")
FRESH = timedelta(days=366)  # numbers are rung again every twelve months


@dataclass(frozen=True)
class Confirmation:
    """One row: a person rang a number, or read it on the service's own page, on a day.

    `line` is the id of the help line, link or number, `text` the digest of what was confirmed of it, `record` what is
    kept of that.
    """

    line: str
    by: str
    on: date
    text: str
    record: Record | None = None


@dataclass(frozen=True)
class Kept:
    """Where the confirmations of a place are kept: in a folder below `root`, which is the project or that of a profile."""

    root: Path
    folder: str

    def file(self, place: str) -> str:
        """Return the file of a region or clinic, below `root`."""
        return f"{self.folder}/{place}.toml"


def kept_at(root: Path, content: Content, place: str) -> Kept:
    """Return where the confirmations of a region or clinic of the project at `root` are kept.

    Those of a clinic whose profile lies elsewhere lie beside it, in a folder `confirmed`.
    """
    clinic = content.clinics.get(place)
    if clinic and clinic.home:
        return Kept(Path(clinic.home), Path(CONFIRMED_FOLDER).name)
    return Kept(root, CONFIRMED_FOLDER)


def told_row(confirmation: Confirmation) -> dict[str, Any]:
    """Return a confirmation by its keys, as its file has it."""
    return {key: getattr(confirmation, key) for key in CONFIRMATION_KEYS}


def confirmation_row(confirmation: Confirmation) -> dict[str, Any]:
    """Return a confirmation by its keys, as its record keeps it."""
    return plain_row(told_row(confirmation))


def confirmation_faults(row: Mapping[str, Any], today: date) -> list[Fault]:
    """Return what is wrong with one confirmation, as its file would have it, on that day."""
    return faults_of(row, lambda node: _confirmation(node, today))


def load_confirmations(
    root: Path, content: Content, today: date
) -> tuple[dict[str, tuple[Confirmation, ...]], list[Problem]]:
    """Return the confirmations of every region and clinic, and what is wrong; a row that cannot be read does not count.

    What was confirmed last more than twelve months ago is told too; it counts.
    """
    contacts = all_contacts(content)
    found: dict[str, tuple[Confirmation, ...]] = {}
    problems: list[Problem] = []
    own = Kept(root, CONFIRMED_FOLDER)
    listed = {path.stem: own for path in sorted((root / CONFIRMED_FOLDER).glob("*.toml"))}
    away = {slug: kept_at(root, content, slug) for slug, each in content.clinics.items() if each.home}
    listed |= {slug: kept for slug, kept in away.items() if is_there(kept.root / kept.file(slug))}
    for place, kept in listed.items():
        file = kept.file(place)
        found[place], wrong = read_confirmations(kept, place, today)
        wrong += _doubts(file, place, found[place], contacts)
        wrong += _old(file, place, found[place], contacts, today)
        problems += (_touching(problem, place, content) for problem in wrong)
    return found, problems


def _touching(problem: Problem, place: str, content: Content) -> Problem:
    """Return the problem of the confirmations of a place as one that touches it, and in the file as a person finds it."""
    clinic = content.clinics.get(place)
    if clinic and clinic.home:
        return beside_profile(problem, clinic)
    touched = (place, "") if clinic else ("", place)
    return replace(problem, clinic=touched[0], region=touched[1])


def read_confirmations(kept: Kept, place: str, today: date) -> tuple[tuple[Confirmation, ...], list[Problem]]:
    """Return the confirmations of one region or clinic with their records, and what is wrong with its file."""
    found, problems = signed_rows(
        kept.root, kept.file(place), "confirmed", lambda row: _confirmation(row, today)
    )
    whole = (replace(each, record=load_record(kept.root, kept.folder, each.text)) for each in found)
    return tuple(whole), problems


def _confirmation(node: Node, today: date) -> Confirmation:
    """Return one row; what is wrong with it is noted."""
    parts = node.fields(CONFIRMATION_KEYS)
    return Confirmation(
        line=parts["line"].text(),
        by=name_of("by", parts["by"], is_person=True),
        on=reviewed_on(parts["on"], today),
        text=parts["text"].shaped(WHOLE_DIGEST, NO_DIGEST),
    )


def counting(contact: Contact, given: Iterable[Confirmation]) -> tuple[Confirmation, ...]:
    """Return the confirmations that are of a contact as it is now, and can be believed, the latest last."""
    sound = (c for c in given if c.text == contact.digest and not doubt(confirmation_row(c), c.record))
    return tuple(sorted(sound, key=lambda each: each.on))


def is_old(confirmation: Confirmation, today: date) -> bool:
    """Whether it is time to ring or to read a number again."""
    return today - confirmation.on > FRESH


def _doubts(
    file: str, place: str, given: Iterable[Confirmation], contacts: Mapping[str, Iterable[Contact]]
) -> list[Problem]:
    """Return the confirmations that are not what was confirmed, and those of what does not exist."""
    if place not in contacts:
        what = f"there is no region and no clinic “{place}”."
        fix = did_you_mean(place, contacts)
        return [in_file("unknown-place", file, what, fix, severity="warning")]
    problems, known = [], {each.id for each in contacts[place]}
    for each in given:
        fault = doubt(confirmation_row(each), each.record)
        if fault:
            problems.append(located(fault, file, item=f"{each.line} by {each.by}, {each.on}"))
        if each.line not in known:
            what = f"the confirmation of {each.on} is of “{each.line}”, and {place} has none of that name."
            fix = did_you_mean(each.line, known)
            problems.append(in_file("unknown-line", file, what, fix, severity="warning"))
    return problems


def _old(
    file: str,
    place: str,
    given: Iterable[Confirmation],
    contacts: Mapping[str, Iterable[Contact]],
    today: date,
) -> list[Problem]:
    """Return a warning for each contact that was confirmed last more than twelve months ago."""
    problems, listed = [], tuple(given)
    for contact in contacts.get(place, ()):
        (*_, latest) = counting(contact, listed) or (None,)
        if latest and is_old(latest, today):
            what = f"{contact} was confirmed last on {latest.on}, more than 12 months ago."
            fix = f"Ring it or read it live, then: python3 build.py region confirm {place} {quote(contact.id)} --by NAME"
            problems.append(in_file("confirmation-old", file, what, fix, severity="warning"))
    return problems
