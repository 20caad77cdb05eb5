"""A person confirms a number: what forbids it, the row in `content/confirmed/`, and the record of what was confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from handouts.files import is_there
from handouts.model import Place
from handouts.problems import Problem, in_command
from handouts.sources.confirmations import (
    Confirmation,
    confirmation_faults,
    kept_at,
    read_confirmations,
    told_row,
)
from handouts.sources.contacts import Contact, contacts_named, contacts_of
from handouts.sources.load import Sources
from handouts.sources.names import did_you_mean_named
from handouts.sources.person_names import is_same_person
from handouts.workbench.signing import keep, single_spaced


def place_named(sources: Sources, name: str) -> tuple[Place | None, list[Problem]]:
    """Return the clinic of that slug, else the region that is called so; a problem with the names there are where there is none."""
    clinics, regions = sources.content.clinics, sources.content.regions
    slug = sources.match_clinic(name)
    if slug:
        return Place(clinics[slug].region, slug), []
    code = sources.match_region(name)
    if code:
        return Place(code), []
    known = {**{c: r.name.text for c, r in regions.items()}, **{s: c.name for s, c in clinics.items()}}
    what = f"there is no region and no clinic “{name}”."
    return None, [in_command("unknown-place", "region confirm", what, did_you_mean_named(name, known))]


def lines_named(
    sources: Sources, place: Place, names: Iterable[str]
) -> tuple[tuple[Contact, ...], list[Problem]]:
    """Return the help lines, links and numbers of a place that are called so, each once, and a problem for each other name."""
    contacts, found, problems = contacts_of(sources.content, place), {}, []
    for name in names:
        meant = contacts_named(name, contacts)
        if len(meant) == 1:
            found[meant[0].rows] = meant[0]
            continue
        what = f"“{name}” could be more than one line of {place.folder}."
        fix = f"Use one of: {', '.join(f'{each.id} ({each})' for each in meant)}."
        if not meant:
            what = f"{place.folder} has no help line, link or number “{name}”."
            fix = did_you_mean_named(name, {each.id: f"{each}" for each in contacts})
        code = "ambiguous-line" if meant else "unknown-line"
        problems.append(in_command(code, "region confirm", what, fix))
    return tuple(found.values()), problems


def new_confirmation(contact: Contact, by: str, on: date) -> Confirmation:
    """Return the confirmation of a contact as it is now."""
    return Confirmation(contact.id, single_spaced(by), on, contact.digest)


def confirming_problems(
    given: Iterable[Confirmation], contact: Contact, new: Confirmation, today: date
) -> Iterator[Problem]:
    """Yield everything that forbids a confirmation beside those given before; another day is another confirmation."""
    for fault in confirmation_faults(told_row(new), today):
        yield Problem(fault.code, "region confirm", fault.what, fault.fix)
    for earlier in given:
        if (earlier.text, earlier.on) == (new.text, new.on) and is_same_person(earlier.by, new.by):
            what = f"“{earlier.by}” confirmed {contact} on {earlier.on} already."
            fix = "Nothing more to do today: confirm it again on another day, or have another person do it."
            yield Problem("already-confirmed", contact.place, what, fix)


def add_confirmation(sources: Sources, contact: Contact, new: Confirmation, today: date) -> list[str]:
    """Add a confirmation to the file of its place, and keep what it is of; return the files written.

    The file is read anew while no one else can write it. Raises SourceError where another has given the same one
    meanwhile, or it would no longer be sound, and OSError.
    """
    kept = kept_at(sources.root, sources.content, contact.place)
    file = kept.file(contact.place)

    def refused() -> list[Problem]:
        is_first = not is_there(kept.root / file)
        given, problems = ((), []) if is_first else read_confirmations(kept, contact.place, today)
        return [*problems, *confirming_problems(given, contact, new, today)]

    files = keep(
        kept.root, kept.folder, file, "confirmed", told_row(new), contact.rows, refused, project=sources.root
    )
    is_ours = kept.root == sources.root
    return files if is_ours else [str(kept.root / each) for each in files]
