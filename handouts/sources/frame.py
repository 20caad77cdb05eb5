"""The frame around every handout, the patterns of the reference list, the words of the desk: every key, and the placeholders it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handouts import markup
from handouts.model import NUMBERS_STATES, STATES, Block
from handouts.problems import Fault, did_you_mean


@dataclass(frozen=True)
class Placeholders:
    """What is put into a message: `required` must stand in its text, `allowed` may."""

    required: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()

    @property
    def known(self) -> frozenset[str]:
        """Every placeholder that is filled."""
        return frozenset((*self.required, *self.allowed))


NOTHING, NUMBER, DATE, NAME = (
    Placeholders(),
    Placeholders(("number",)),
    Placeholders(("date",)),
    Placeholders(("name",)),
)
INTERFACE: Mapping[str, Placeholders] = {
    "crisis": NOTHING,
    "crisis-call": NOTHING,
    "call": NUMBER,
    "text-message": NUMBER,
    "call-or-text": NUMBER,
    "stamp": NOTHING,
    "clinic-phone": NUMBER,
    "clinic-hours": Placeholders(("hours",)),
    "personal-name": NAME,
    "personal-appointment": DATE,
    "personal-clinician": NAME,
    "clinic-booking": Placeholders(("how",)),
    "clinic-note": NOTHING,
    "scan": Placeholders(("address",)),
    "scan-code": NOTHING,
    "other-formats": NOTHING,
    "other-formats-phone": NUMBER,
    "draft": NOTHING,
    "page": Placeholders(("page",), ("pages",)),
    "edition": Placeholders(("edition",)),
    **{f"state-{state}": NOTHING for state in STATES},
    "about-this": NOTHING,
    "imprint": Placeholders(("owner", "date")),
    "numbers-read": DATE,
    **{f"numbers-{state}": DATE if state == "confirmed" else NOTHING for state in NUMBERS_STATES},
    "not-advice": NOTHING,
    "fill-in": NOTHING,
    "fill-in-elsewhere": NOTHING,
    "mail-subject": NOTHING,
    "mail-intro": NOTHING,
    "mail-letter-read": NOTHING,
    "mail-intro-several": NOTHING,
    "mail-letter-read-several": NOTHING,
    "mail-letter-private": NOTHING,
    "mail-letter-ask": NOTHING,
    "mail-letter-ask-personal": NOTHING,
    "mail-button": NAME,
    "web-all": NOTHING,
    "web-forms": NOTHING,
    "web-standard": NOTHING,
    "web-large-print": NOTHING,
    "web-bilingual": NOTHING,
    "web-text": NOTHING,
    "web-pages": Placeholders(("pages",)),
    "web-languages": NOTHING,
    "web-speak": NOTHING,
}
WORK_PLACEHOLDERS = ("authors", "title")
CITATION: Mapping[str, Placeholders] = {
    "name": Placeholders(("family", "initials")),
    "names": Placeholders(("names", "name")),
    "others": Placeholders(("names",)),
    "editor": Placeholders(("names",)),
    "editors": Placeholders(("names",)),
    "article": Placeholders((*WORK_PLACEHOLDERS, "journal", "date", "volume", "pages"), ("online",)),
    "issue": Placeholders(("volume", "issue")),
    "pages": Placeholders(("first", "last")),
    "page": Placeholders(("first",), ("last",)),
    "book": Placeholders((*WORK_PLACEHOLDERS, "edition", "imprint", "number", "online")),
    "chapter": Placeholders(
        (*WORK_PLACEHOLDERS, "editors", "book", "edition", "imprint", "first", "last", "online")
    ),
    "title-kind": Placeholders(("title", "kind")),
    "title-online": Placeholders(("title",)),
    "edition": Placeholders(("edition",)),
    "edition-number": Placeholders(("ordinal",)),
    **{f"ordinal-{form}": NUMBER for form in ("one", "two", "few", "other")},
    "imprint": Placeholders(("place", "publisher", "date")),
    "imprint-no-place": Placeholders(("publisher", "date")),
    "report-number": NUMBER,
    "kind-number": Placeholders(("kind", "number")),
    "day": Placeholders(("year", "month", "day")),
    "month": Placeholders(("year", "month")),
    "cited": DATE,
    "doi": Placeholders(("doi",)),
    "web": Placeholders(("url",)),
}
# The front desk is no part of a handout: its words are not among what a review signs.
DESK: Mapping[str, Placeholders] = dict.fromkeys(
    (
        "title",
        "language",
        "point",
        "choose",
        "back",
        "print",
        "print-help",
        "save",
        "email",
        "email-help",
        "email-mailbox",
        "email-done",
        "basket",
        "basket-add",
        "basket-empty",
        "basket-out",
        "next",
        "wait",
        "problem",
        "draft-ask",
        "app-language",
        "sign-in",
        "sign-out",
        "password",
        "password-wrong",
        "refused",
        "gone",
        "personal",
        "personal-help",
        "personal-name",
        "personal-appointment",
        "personal-clinician",
        "personal-note",
        "personal-email-help",
        "basket-personal",
        "basket-personal-help",
        "search",
        "correct",
        "contents",
    ),
    NOTHING,
)
# Files whose messages belong to no one handout, by the first part of their ids.
FILES = {
    "interface": "content/interface.yaml",
    "citation": "content/citations.yaml",
    "desk": "content/desk.yaml",
}


def is_on_screens_alone(message: str) -> bool:
    """Whether a message, by its id, stands on web pages or at the front desk alone: no font of a PDF needs its letters."""
    return message.startswith(("interface.web-", "desk."))


def frame_faults(block: Block, given: Placeholders) -> Iterator[Fault]:
    """Yield what is wrong with the placeholders of a message: one that is required and missing, one that nothing fills."""
    found = markup.found(block.text, "placeholder")
    for name in given.required:
        if name not in found:
            what = f"the placeholder “{{{name}}}” is missing."
            yield Fault("placeholder-missing", what, f"Add {{{name}}} where the value is to stand.")
    for name in dict.fromkeys(found):
        if name not in given.known:
            fix = did_you_mean(name, given.known) if given.known else "Write it in words."
            yield Fault("unknown-placeholder", f"nothing fills the placeholder “{{{name}}}”.", fix)
        elif found.count(name) > 1:
            what = f"the placeholder “{{{name}}}” stands here twice."
            yield Fault("placeholder-twice", what, "Write it once.")
