"""A batch of e-mails: who gets what, what may not go, and drafts of it as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from handouts.library.deliver import deliver
from handouts.library.plan import Choice, chosen_places, is_offered, plan
from handouts.mail.message import Headers, addressed
from handouts.model import Page, Place
from handouts.page.approval import Approval
from handouts.problems import Problem, in_command, in_file
from handouts.sending.ledger import key_of
from handouts.sending.people import Person
from handouts.sources.load import Sources


@dataclass(frozen=True)
class Delivery:
    """One e-mail that is to go: to whom, and the page that it brings. `key` is what the ledger knows it by."""

    person: Person
    page: Page
    what: str
    key: str


def place_problems(sources: Sources, choice: Choice) -> list[Problem]:
    """Return what keeps a choice from saying where a batch is for: one clinic, or one region, and never by default.

    The help lines of another country would go to a person by name.
    """
    named = choice.clinics or choice.regions
    if named and len(chosen_places(sources, choice)) <= 1:
        return []
    option = "--clinic" if choice.clinics or not named else "--region"
    what = (
        "a batch is for one clinic or one region."
        if named
        else "it is not said which clinic or region this is for."
    )
    known = f"--clinic {' | '.join(sources.content.clinics)}" if sources.content.clinics else ""
    regions = f"--region {' | '.join(sources.content.regions)}"
    fix = f"Name one, as its help lines are printed: {' or '.join(filter(None, (known, regions)))}."
    return [in_command("place-not-named", option, what, fix)]


def deliveries(approval: Approval, people: Iterable[Person], place: Place, transport: str) -> list[Delivery]:
    """Return the e-mails of a batch for a place, a person's handouts each by itself, in the order of the file."""
    found = []
    for person in people:
        choice = Choice(
            locales=(person.locale,),
            handouts=person.handouts,
            formats=("eml",),
            layouts=(person.layout,),
            regions=() if place.clinic else (place.region,),
            clinics=(place.clinic,) if place.clinic else (),
        )
        for page in plan(approval, choice):
            made = page.rendition
            of = (made.handout, made.locale, made.layout, page.handout.edition, place.region, place.clinic)
            what = " ".join(filter(None, of))
            key = key_of(person.address, made.handout, made.locale, page.handout.edition, transport)
            found.append(Delivery(person, page, what, key))
    return found


def unoffered(sources: Sources, people: Iterable[Person], place: Place, file: Path) -> Iterator[Problem]:
    """Yield a problem for every row of a list that asks for what the clinic does not offer; it names the line alone.

    A row that asks for every handout gets those that there are.
    """
    every = frozenset(sources.content.drafts)
    for person in people:
        offered = {slug for slug in person.handouts if is_offered(sources, place, person.locale, slug)}
        if not offered:
            what = "the clinic does not offer that in the language of this row."
            fix = "Name another language or handout, or add it to the clinic’s profile."
            yield in_file("language-not-offered", str(file), what, fix, line=person.line)
        elif offered != set(person.handouts) and set(person.handouts) != every:
            what = "the clinic does not offer every handout of this row."
            fix = "Name those it offers, or add the others to the clinic’s profile."
            yield in_file("handout-not-offered", str(file), what, fix, line=person.line)


def unapproved(batch: Iterable[Delivery]) -> list[Problem]:
    """Return a problem for every handout in the batch that has not been approved, each once."""
    pages = {
        (each.page.rendition.handout, each.page.rendition.locale): each.page
        for each in batch
        if each.page.is_draft
    }
    fix = "Have it checked and signed, and its numbers confirmed, or send it with --include-drafts: then it says DRAFT on top."
    return [
        Problem("not-approved", f"locales/{tag}", f"{slug} is not approved ({page.state}).", fix, locale=tag)
        for (slug, tag), page in pages.items()
    ]


def write_drafts(
    batch: Iterable[Delivery], drafts: Mapping[str, bytes], out: Path, prefix: str = ""
) -> list[Problem]:
    """Write an e-mail for every delivery, named by the line of its person; return what went wrong.

    `drafts` are the e-mails without an address, by the file of their rendition; `prefix` stands before their subjects. The
    names say nothing of anyone; no one else on this machine can read the files.
    """
    wanted = {f"{each.person.line:05}-{number}.eml": each for number, each in _numbered(batch)}

    def email(each: Delivery) -> bytes:
        return addressed(
            drafts[each.page.rendition.file], Headers(each.person.address, each.person.name, prefix=prefix)
        )

    there = {path.name: path for path in out.glob("*.eml")} if out.is_dir() else {}
    if any(name not in wanted or path.read_bytes() != email(wanted[name]) for name, path in there.items()):
        what, fix = (
            "drafts of another list are in it.",
            "Send or remove them first, or choose another folder with --out.",
        )
        return [in_file("folder-in-use", str(out), what, fix)]
    problems: list[Problem] = []
    for name, each in wanted.items():
        problems += deliver(out, name, email(each), private=True)
        if problems:
            break  # the next would fail in the same way
    return problems


def _numbered(batch: Iterable[Delivery]) -> Iterator[tuple[int, Delivery]]:
    """Yield every delivery with its number among those of its person, from 1."""
    numbers: dict[int, int] = {}
    for each in batch:
        numbers[each.person.line] = numbers.get(each.person.line, 0) + 1
        yield numbers[each.person.line], each
