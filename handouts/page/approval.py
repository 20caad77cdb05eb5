"""Whether a page may be printed without DRAFT: what people signed and confirmed, held against what would be printed now."""

from __future__ import annotations

from dataclasses import dataclass

from handouts.memo import memoized
from handouts.model import SOURCE_LANGUAGE, Numbers, Place, Rendition, State
from handouts.page.page_rows import page_rows
from handouts.sources.confirmations import Confirmation, counting
from handouts.sources.contacts import Contact, contacts_of
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.sources.reviews import Signature, signature_row
from handouts.sources.signed_text import Change, Row, changes, digest_of
from handouts.sources.signed_values import value_rows
from handouts.sources.standing import doubt, is_independent, missing_reviews, state_of, unsigned_state

CHANGED = "the text changed since"
SOURCE_UNSIGNED = "the two signatures of the English, without which its pages stay drafts"


@dataclass(frozen=True, eq=False)
class Approval:
    """Sources and look together, and what follows for the state of every text and page. There is one of it in a run.

    What it computes is kept; where nothing is signed, nothing is computed.
    """

    sources: Sources
    look: Look

    @memoized
    def rows(self, slug: str, region: str, tag: str) -> tuple[Row, ...]:
        """Return what a signature of a handout for a region in a locale would cover now."""
        handout, locale = self.sources.content.handout(slug, region), self.sources.locales[tag]
        values = value_rows(handout, self.sources.catalogs.get(tag), locale)
        return (*values, *page_rows(self.sources, self.look, slug, region, tag))

    @memoized
    def digest(self, slug: str, region: str, tag: str) -> str:
        """Return the digest of that, as a signature holds it."""
        return digest_of(self.rows(slug, region, tag))

    def signatures(self, slug: str, region: str, tag: str) -> tuple[Signature, ...]:
        """Return the signatures of a handout for a region in a locale, in the order of their file."""
        own = self.sources.signatures.get(tag, ())
        return tuple(each for each in own if (each.handout, each.region) == (slug, region))

    def why_not(self, signature: Signature, tag: str) -> str:
        """Return why a signature does not count today, or nothing; it says nothing of what has changed."""
        fault = doubt(signature_row(signature), self.sources.records.get(tag, {}).get(signature.text))
        if fault:
            return fault.what.rstrip(".")
        if not is_independent(signature, self.sources.locales[tag]):
            return "the reviewer translated it"
        now = self.digest(signature.handout, signature.region, tag)
        return "" if signature.text == now else CHANGED

    def changes_since(self, signature: Signature, tag: str) -> tuple[Change, ...]:
        """Return what has changed since a signature; nothing where the record of what it was of is lost."""
        record = self.sources.records.get(tag, {}).get(signature.text)
        if record is None:
            return ()
        return changes(record.rows, self.rows(signature.handout, signature.region, tag))

    @memoized
    def counting(self, slug: str, region: str, tag: str) -> tuple[Signature, ...]:
        """Return the signatures that count today."""
        return tuple(each for each in self.signatures(slug, region, tag) if not self.why_not(each, tag))

    @memoized
    def state(self, slug: str, region: str, tag: str) -> State:
        """Return the state of a handout for a region in a locale."""
        own = self.signatures(slug, region, tag)
        handout, catalog = self.sources.content.handout(slug, region), self.sources.catalogs.get(tag)
        if not own:
            return unsigned_state(handout, catalog)
        return state_of(
            handout, catalog, own, self.counting(slug, region, tag), self.digest(slug, region, tag)
        )

    def confirmed(self, contact: Contact) -> tuple[Confirmation, ...]:
        """Return the confirmations of a contact that count today, the latest last."""
        return counting(contact, self.sources.confirmations.get(contact.place, ()))

    @memoized
    def unconfirmed(self, place: Place) -> tuple[Contact, ...]:
        """Return the numbers of a place that nobody has confirmed as they are now; links are not among them."""
        contacts = contacts_of(self.sources.content, place)
        return tuple(each for each in contacts if each.is_number and not self.confirmed(each))

    @memoized
    def numbers(self, place: Place) -> Numbers:
        """Return how far the numbers of a place are confirmed; one without numbers is not."""
        known = [each for each in contacts_of(self.sources.content, place) if each.is_number]
        latest = [given[-1].on for given in map(self.confirmed, known) if given]
        if not latest:
            return Numbers()
        since = f"{min(latest):%Y-%m}"
        return Numbers("confirmed" if len(latest) == len(known) else "partly-confirmed", since)

    def page_state(self, rendition: Rendition) -> State:
        """Return the state of a page: that of its text, but not approved while a number of its place is unconfirmed.

        Nor while the English is not approved, which a translation was made from, and which stands beside it.
        """
        slug, region, tag = rendition.handout, rendition.region, rendition.locale
        state = self.state(slug, region, tag)
        if state != "approved":
            return state
        all_confirmed = self.numbers(rendition.place).state == "confirmed"
        return "approved" if all_confirmed and self.is_source_approved(slug, region) else "reviewed"

    def is_source_approved(self, slug: str, region: str) -> bool:
        """Whether the English of a handout for a region is approved."""
        return self.state(slug, region, SOURCE_LANGUAGE) == "approved"

    def still_missing(self, slug: str, region: str, tag: str) -> tuple[str, ...]:
        """Return who must still sign before a text is approved, as in “a clinician other than Lan Pham”; then, who the English."""
        counting = self.counting(slug, region, tag)
        missing = missing_reviews(counting, translated=tag != SOURCE_LANGUAGE)
        if missing or tag == SOURCE_LANGUAGE or self.is_source_approved(slug, region):
            return missing
        return (SOURCE_UNSIGNED,)
