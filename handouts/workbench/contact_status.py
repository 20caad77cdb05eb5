"""How far the numbers and links of a region are confirmed, and those of its clinics: by whom, when, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from handouts.page.approval import Approval
from handouts.sources.confirmations import is_old
from handouts.sources.contacts import Contact, all_contacts
from handouts.sources.signed_text import changes


@dataclass(frozen=True)
class ContactStatus:
    """One help line, link or number. `by` and `on` are of the latest confirmation that counts, empty where none does.

    `changed` says what is no longer as it was confirmed once, where that is so; `is_old` that it is time to do it again.
    """

    contact: Contact
    by: str
    on: str
    changed: tuple[str, ...] = ()
    is_old: bool = False

    @property
    def page(self) -> str:
        """What is known of the page that it was read on: “read 2026-11, page of 2023-11”."""
        read = f"read {self.contact.read}" if self.contact.read else ""
        return f"{read}, page of {self.contact.dated}" if self.contact.dated else read

    @property
    def said(self) -> str:
        """Whether it is confirmed, in words."""
        if self.by:
            return f"{self.on} {self.by}{', more than 12 months ago' if self.is_old else ''}"
        return f"open: {'; '.join(self.changed)}" if self.changed else "open"


def contact_statuses(approval: Approval, region: str, today: date) -> list[ContactStatus]:
    """Return what there is to confirm in a region, then in its clinics, as it stands on that day."""
    content = approval.sources.content
    known = all_contacts(content)
    places = [region, *(c.slug for c in content.clinics.values() if c.region == region)]
    return [_status(approval, contact, today) for place in places for contact in known[place]]


def _status(approval: Approval, contact: Contact, today: date) -> ContactStatus:
    """Return the status of one of them."""
    given = approval.confirmed(contact)
    if given:
        return ContactStatus(contact, given[-1].by, given[-1].on.isoformat(), is_old=is_old(given[-1], today))
    return ContactStatus(contact, "", "", tuple(dict.fromkeys(_changed(approval, contact))))


def _changed(approval: Approval, contact: Contact) -> Iterator[str]:
    """Yield every value that has changed since somebody confirmed the contact."""
    for each in approval.sources.confirmations.get(contact.place, ()):
        if each.line == contact.id and each.record and each.text != contact.digest:
            yield from map(str, changes(each.record.rows, contact.rows))
