"""Personal copies: the page is laid out once, and each person's box is stamped on it, in memory alone.

    copies = Copies(look, cache)
    data = copies.stamped(job, Personal("Ana Ruiz", datetime(2026, 12, 3, 14, 30), "Dr Haddad", "Bring your card."))

Nothing of a person is kept: not in the cache, not in a name of a file, not in the metadata of the PDF. What goes wrong with
a copy is told without a word of what it says.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeVar

from handouts.characters import composed, forbidden
from handouts.library.jobs import Job
from handouts.library.make import email_of
from handouts.library.paper import make_paper
from handouts.mail.addresses import name_fault
from handouts.mail.inline import compose_for_mail
from handouts.model import Layout, Page, Personal
from handouts.page.compose import compose, compose_personal
from handouts.pdf import fonts
from handouts.pdf.make import FOLDER
from handouts.pdf.render import Typeset, collected_afterwards, typeset
from handouts.pdf.stamped import Form, form_of, stamped
from handouts.problems import Problem, refuse
from handouts.sources.look import Look

FIELDS = ("name", "appointment", "clinician", "note")
BOX = "personal"  # the class of the box; that of each paragraph in it begins so
# Lines that each part may take: what is longer is no label any more, and would push the text from the first page.
MOST_LINES: Mapping[Layout, Mapping[str, int]] = {
    "standard": {"name": 2, "appointment": 2, "clinician": 2, "note": 4},
    "bilingual": {"name": 2, "appointment": 2, "clinician": 2, "note": 4},
    "large-print": {"name": 3, "appointment": 3, "clinician": 3, "note": 6},
}
MOST_FORMS = 24  # kept at a time: a few handouts in a few languages, with boxes of a few heights
LONGEST_NOTE = 300  # characters
# Year first: 3/12/2026 is in March for some clinics, and in December for others.
TYPED_MOMENT = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)"
    r"(?:[T ] *(?P<hour>\d\d?):(?P<minute>\d\d)(?::00(?:\.0+)?)?)?"
)
FIRST_YEAR = 2000  # those of other calendars are far from it
TEXT_FIX = "Type it again, as plain text on one line."
MOST_SHOWN = 5  # letters that a problem names
Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")
LOOSE = 0.25  # of a line, by which lines of two types may stand closer to the edge of the box


class Copies:
    """Makes personal copies, and keeps the forms that they are stamped on, in memory, for the next ones."""

    def __init__(self, look: Look, cache: Path) -> None:
        self.look, self.cache = look, cache
        self.forms: OrderedDict[tuple[str, int], Form] = OrderedDict()
        self._heads: OrderedDict[str, str] = OrderedDict()

    def stamped(self, job: Job, personal: Personal) -> bytes:
        """Return the PDF of a job's page as a personal copy; the same bytes for the same input.

        Raises SourceError where the fonts lack a letter of what is said, where it does not fit, and where the page itself
        cannot be made. The place of a problem of what is said is its field in `Personal`; no sentence repeats it, but for
        letters that no font of the page has.
        """
        with collected_afterwards():
            box = self._fitting(job, personal).write()
        slot = box.slot(BOX)
        room = math.ceil(slot.height / slot.line - LOOSE)
        return stamped(self._form(job, room), box.data, [slot])

    def email(self, job: Job, personal: Personal) -> bytes:
        """Return the e-mail of a job to no one yet, with a personal copy as its PDF; the same bytes for the same input.

        What is said to the person stands in that PDF alone: not in the subject, in a name of a file, or in what is read in
        the e-mail, which says that the PDF is theirs. Raises SourceError as `stamped` does.
        """
        paper, text = job.parts
        said_to = replace(text.page, personal=personal)
        page = replace(job.page, personal=personal)
        pdf, plain = self.stamped(paper, personal), compose_for_mail(said_to, self.look)
        return email_of(page, self.look, job.characters, self.cache, pdf, plain)

    def check(self, job: Job, personal: Personal) -> None:
        """Raise SourceError for what is wrong with what a copy would say, as `stamped` does; make nothing."""
        with collected_afterwards():
            self._fitting(job, personal)

    def _fitting(self, job: Job, personal: Personal) -> Typeset:
        """Return the box of a personal copy laid out by itself. Raises SourceError where it cannot be printed whole."""
        page = replace(job.page, personal=personal)
        refuse(_missing_letters(page))
        box = self._box(job, page)
        refuse(_overfull(page, box))
        return box

    def _box(self, job: Job, page: Page) -> Typeset:
        """Return the box of a personal copy laid out by itself, on a page like the job's."""
        head = _kept(self._heads, job.key, lambda: compose(job.page, self.look).partition("<body")[0])
        return typeset(
            head + compose_personal(page, self.look), fonts.whole(page.families), self.cache / FOLDER, {}
        )

    def _form(self, job: Job, room: int) -> Form:
        """Return the form of a job's copies whose box has room for so many lines."""

        def made() -> Form:
            pdf = make_paper(job, self.look, self.cache, room)
            return form_of(pdf.data, [pdf.slot(BOX)])

        return _kept(self.forms, (job.key, room), made)


def personal_of(
    name: str, appointment: str = "", clinician: str = "", note: str = ""
) -> tuple[Personal | None, list[Problem]]:
    """Return what was typed for a personal copy, or None and every problem of it, placed by its field and without its text.

    White space is folded. An appointment is written year first, as in 2026-12-03 14:30 or 2026-12-03.
    """
    texts = {"name": name, "clinician": clinician, "note": note}
    texts = {field: composed(" ".join(text.split())) for field, text in texts.items()}
    when, problems = _when(appointment.strip())
    if not texts["name"]:
        problems.append(Problem("name-missing", "name", "the name is missing.", "Say whom the copy is for."))
    problems += [
        Problem("invalid-text", field, f"the {field} {fault}.", TEXT_FIX)
        for field, text in texts.items()
        for fault in [_text_fault(field, text)]
        if fault
    ]
    return (None if problems else Personal(appointment=when, **texts)), problems


def _text_fault(field: str, text: str) -> str:
    """Return what is wrong with a text, or nothing; it never repeats any of the text."""
    if field != "note":
        return name_fault(text)
    if len(text) > LONGEST_NOTE:
        return f"is longer than {LONGEST_NOTE} characters"
    return "holds a character that nobody can see" if forbidden(text) else ""


def _when(text: str) -> tuple[date | None, list[Problem]]:
    """Return the day or the moment that was typed, None where there is none, or where it is a problem."""
    found = TYPED_MOMENT.fullmatch(text)
    if not text:
        return None, []
    with suppress(ValueError):
        if found:
            day = date(*(int(found[part]) for part in ("year", "month", "day")))
            if FIRST_YEAR <= day.year < FIRST_YEAR + 100:
                hour = int(found["hour"]) if found["hour"] else 0
                return (datetime.combine(day, time(hour, int(found["minute"]))) if found["hour"] else day), []
    what = "the appointment cannot be read as a day, or as a day and a time of day."
    fix = "Write the year first, and the hours from 0 to 23, as in 2026-12-03 14:30 or 2026-12-03."
    return None, [Problem("invalid-appointment", "appointment", what, fix)]


def _kept(known: OrderedDict[Key, Thing], key: Key, make: Callable[[], Thing]) -> Thing:
    """Return what is known by a key, made now if it is not; of all that was made only the latest is kept."""
    if key not in known:
        known[key] = make()
        if len(known) > MOST_FORMS:
            known.popitem(last=False)
    known.move_to_end(key)
    return known[key]


def _missing_letters(page: Page) -> Iterator[Problem]:
    """Yield a problem for each field with letters that no font of the page has."""
    for field, text in said(page).items():
        missing = fonts.missing_glyphs(composed(text), page.families)
        if missing:
            shown = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:MOST_SHOWN])
            what = f"the {field} has letters that the fonts of this page have not: {shown}."
            fix = f"Write it in the letters of {page.locale.english_name}, or in Latin ones."
            yield Problem("missing-glyph", field, what, fix)


def _overfull(page: Page, box: Typeset) -> Iterator[Problem]:
    """Yield a problem for each field that takes more lines than there is room for, or has a word that is wider than the box."""
    layout = page.rendition.layout
    lines = {part.removeprefix(f"{BOX}-"): count for part, count in box.lines(BOX).items()}
    for field, most in MOST_LINES[layout].items():
        if lines.get(field, 0) > most:
            what = f"the {field} does not fit the box of a personal copy ({layout}): it takes {lines[field]} lines, and there is room for {most}."
            yield Problem("personal-too-long", field, what, "Write it shorter.")
    for stray in box.strays:
        field = next((f for f, text in said(page).items() if stray.word in text), "note")
        what = f"the {field} has a word that is wider than the box of a personal copy ({layout})."
        yield Problem(
            "personal-too-wide", field, what, "Part it by a space or a hyphen, or write it shorter."
        )


def said(page: Page) -> dict[str, str]:
    """Return what a personal copy says of its person, as it was typed, by its fields."""
    personal = page.personal
    if personal is None:
        return {}
    return {"name": personal.name, "clinician": personal.clinician, "note": personal.note}
