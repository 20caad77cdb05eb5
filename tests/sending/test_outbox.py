"""A batch: who gets what, what may not go, and drafts of it as files."""

from __future__ import annotations

import stat
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from handouts.model import Place
from handouts.page.approval import Approval
from handouts.sending.outbox import Delivery, deliveries, unapproved, unoffered, write_drafts
from handouts.sending.people import Person
from handouts.sources.load import Sources
from tests.conftest import our_look
from tests.sending.samples import DRAFT, person


@pytest.fixture
def batch(sources: Sources) -> list[Delivery]:
    """Return five e-mails to five people."""
    return deliveries(Approval(sources, our_look()), map(person, range(2, 7)), Place("au"), "smtp")


def test_a_handout_in_another_layout_region_or_clinic_is_the_same_handout(sources: Sources) -> None:
    """Forgetting --clinic once sends nothing twice; a draft for the mailbox is another thing than an e-mail sent."""
    (one,) = deliveries(Approval(sources, our_look()), [person(2)], Place("au"), "smtp")
    large = Person(2, "p2@one.example", "es", "es", "", ("about-ipt",), "large-print")
    for same in (
        deliveries(Approval(sources, our_look()), [large], Place("au"), "smtp"),
        deliveries(Approval(sources, our_look()), [person(2)], Place("nz"), "smtp"),
        deliveries(Approval(sources, our_look()), [person(2)], Place("au", "example"), "smtp"),
    ):
        assert [each.key for each in same] == [one.key]
    (draft,) = deliveries(Approval(sources, our_look()), [person(2)], Place("au"), "drafts")
    assert draft.key != one.key


def test_every_handout_of_a_person_is_an_email_of_its_own(sources: Sources) -> None:
    """In the layout that the person wants."""
    reader = Person(2, "a@b.example", "ar", "ar", "", ("about-ipt", "references"), "large-print")
    made = [
        each.page.rendition
        for each in deliveries(Approval(sources, our_look()), [reader], Place("au"), "smtp")
    ]
    assert [(each.handout, each.layout, each.format) for each in made] == [
        ("about-ipt", "large-print", "eml"), ("references", "large-print", "eml"),
    ]  # fmt: skip


def test_what_is_not_approved_is_told_once_for_each_handout(batch: list[Delivery]) -> None:
    """However many people would get it."""
    (problem,) = unapproved(batch)
    assert (problem.code, problem.locale) == ("not-approved", "es")
    assert "about-ipt is not approved (draft)" in problem.what
    assert "--include-drafts" in problem.fix


def test_drafts_in_a_folder_are_named_by_line_and_for_their_owner_alone(
    tmp_path: Path, sources: Sources
) -> None:
    """A .eml each, to the person, from no one; nothing of anyone in its name."""
    reader = Person(7, "li@one.example", "ar", "ar", "李", ("about-ipt", "references"), "standard")
    batch = deliveries(
        Approval(sources, our_look()), [person(3, name="Ann Roe"), reader], Place("au"), "drafts"
    )
    assert not write_drafts(batch, {each.page.rendition.file: DRAFT for each in batch}, tmp_path / "out")
    files = sorted((tmp_path / "out").iterdir())
    assert [file.name for file in files] == ["00003-1.eml", "00007-1.eml", "00007-2.eml"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    email = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert str(email["To"]) == "Ann Roe <p3@one.example>"


def test_drafts_of_two_lists_are_not_mixed(tmp_path: Path, batch: list[Delivery]) -> None:
    """A folder with drafts of another list is refused, and they stay; the same list again is fine."""
    drafts = {each.page.rendition.file: DRAFT for each in batch}
    assert not write_drafts(batch[:2], drafts, tmp_path)
    assert not write_drafts(batch[:2], drafts, tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    (problem,) = write_drafts(batch[2:], drafts, tmp_path)
    assert (problem.code, problem.file) == ("folder-in-use", str(tmp_path))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_row_that_asks_for_what_the_clinic_does_not_offer_is_told_by_its_line(sources: Sources) -> None:
    """A row that asks for every handout gets those that there are."""
    clinic = replace(sources.content.clinics["example"], languages=("es",), handouts=("about-ipt",))
    some = replace(sources, content=replace(sources.content, clinics={"example": clinic}))
    every = tuple(sources.content.drafts)
    people = [
        person(2),
        Person(3, "p3@one.example", "ar", "ar", "", ("about-ipt",), "standard"),
        Person(4, "p4@one.example", "es", "es", "", ("about-ipt", "references"), "standard"),
        Person(5, "p5@one.example", "es", "es", "", every, "standard"),
    ]
    found = list(unoffered(some, people, Place("au", "example"), Path("people.csv")))
    expected = [("language-not-offered", 3), ("handout-not-offered", 4)]
    assert [(p.code, p.line) for p in found] == expected
    assert "one.example" not in " ".join(map(str, found))
