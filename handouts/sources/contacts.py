"""What a person can confirm: a help line or a link of a region, a phone number of a clinic, and what of it is confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handouts.model import Clinic, HelpLine, Link, Place, Region
from handouts.sources.content import Content
from handouts.sources.names import folded
from handouts.sources.phones import dialled
from handouts.sources.signed_text import Row, digest_of
from handouts.sources.signed_values import said_rows


@dataclass(frozen=True)
class Contact:
    """A help line, a link or a clinic's own number.

    `place` is the code of its region or the slug of its clinic, and `id` its name there. `shown` are the numbers or the
    address as they are printed, `rows` all that a confirmation of it is of. `source` is the page that it was read on,
    `read` the month of reading, `dated` that of the page, each empty where there is none. Until every number of a place
    is confirmed, its pages are drafts; links (`is_number` is false) do not matter for that.
    """

    place: str
    id: str
    name: str
    shown: tuple[str, ...]
    rows: tuple[Row, ...]
    is_number: bool = True
    kind: str = ""
    source: str = ""
    read: str = ""
    dated: str = ""

    @property
    def digest(self) -> str:
        """The digest of what a confirmation is of; it names the place, so that none is of another one too."""
        return digest_of(self.rows)

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.shown)})" if self.shown != (self.name,) else self.name


def contacts_of(content: Content, place: Place) -> tuple[Contact, ...]:
    """Return all that there is to confirm for a place, a clinic's own numbers first; what cannot be read has none."""
    clinic, region = content.clinics.get(place.clinic), content.regions.get(place.region)
    return (*(_of_clinic(clinic) if clinic else ()), *(_of_region(region) if region else ()))


def all_contacts(content: Content) -> dict[str, tuple[Contact, ...]]:
    """Return what there is to confirm, by the region or clinic that it is of."""
    regions = {code: tuple(_of_region(region)) for code, region in content.regions.items()}
    return regions | {slug: tuple(_of_clinic(clinic)) for slug, clinic in content.clinics.items()}


def _of_region(region: Region) -> Iterator[Contact]:
    """Yield the help lines of a region, then its links; a link is called as its message is (`isipt-link`)."""
    for line in region.lines:
        yield _of_line(region.code, line)
    for link in region.links:
        yield _of_link(region.code, link)


def _of_line(code: str, line: HelpLine) -> Contact:
    """Return a help line: its numbers and all that is said of it, in English."""
    return Contact(
        place=code,
        id=line.id,
        name=line.name.text,
        shown=tuple(dict.fromkeys(filter(None, (line.call, line.text)))),
        rows=said_rows(f"region-{code}.{line.id}", line),
        kind=line.kind,
        source=line.source,
        read=line.read,
        dated=line.dated,
    )


def _of_link(code: str, link: Link) -> Contact:
    """Return a link: its address and its name."""
    key = f"{link.id}-link"
    rows = said_rows(f"region-{code}.{key}", link)
    return Contact(
        code, key, link.name.text, (link.url,), rows, is_number=False, source=link.url, read=link.read
    )


def _of_clinic(clinic: Clinic) -> Iterator[Contact]:
    """Yield the phone numbers of a clinic, also the one to book by; each is called as it is printed, wherever it stands."""
    for number in phones_of(clinic):
        rows: tuple[Row, ...] = (("value", f"clinic-{clinic.slug}.phone", number),)
        yield Contact(clinic.slug, number, clinic.name, (number,), rows, kind="phone")


def contacts_named(name: str, contacts: Sequence[Contact]) -> list[Contact]:
    """Return those that a name may mean: by id, else numbers by what is printed of them or their kind, else links by name."""
    wanted = folded(name)
    ways: tuple[Iterable[Contact], ...] = (
        (each for each in contacts if name.lower() == each.id.lower()),
        (each for each in contacts if each.is_number and wanted in _names(each)),
        (each for each in contacts if not each.is_number and wanted in _names(each)),
    )
    return next((found for found in map(list, ways) if found), []) if wanted else []


def _names(contact: Contact) -> set[str]:
    """Return what a person may call it, folded."""
    return set(map(folded, (contact.id, contact.name, contact.kind, *contact.shown)))


def phones_of(clinic: Clinic) -> tuple[str, ...]:
    """Return the phone numbers of a clinic, also the one to book by, each once."""
    booking = (clinic.booking,) if dialled(clinic.booking) else ()
    return tuple(dict.fromkeys((*clinic.phones, *booking)))
