"""Confirming: a person is found by what they say, nothing is confirmed twice a day, and two at once both count."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from handouts.model import Place
from handouts.problems import SourceError
from handouts.sources.confirmations import CONFIRMED_FOLDER
from handouts.sources.contacts import Contact
from handouts.sources.load import Sources
from handouts.workbench.confirming import (
    add_confirmation,
    confirming_problems,
    lines_named,
    new_confirmation,
    place_named,
)
from tests.signed import DAY, TODAY, few_of, loaded

AU = Place("au")


@pytest.fixture
def root(tmp_path: Path, small: Path) -> Path:
    """Return a small project in which nothing is confirmed."""
    return few_of(small, tmp_path / "project", ("en",))


def contact(sources: Sources, name: str = "lifeline") -> Contact:
    """Return a help line of Australia."""
    ((found,), problems) = lines_named(sources, AU, [name])
    assert problems == []
    return found


def test_a_place_is_a_clinic_or_a_region(sources: Sources) -> None:
    """By slug, code or name; one that is unknown is told with those there are."""
    assert place_named(sources, "example") == (Place("au", "example"), [])
    assert place_named(sources, "Australia") == (AU, [])
    assert place_named(sources, "uk") == (Place("gb"), [])
    none, (problem,) = place_named(sources, "austria")
    assert none is None
    assert (problem.code, problem.fix) == ("unknown-place", "Did you mean “au” (Australia)?")
    _, (far,) = place_named(sources, "zzz")
    assert "au (Australia)" in far.fix
    assert "example (Example Clinic)" in far.fix


def test_every_name_that_is_unknown_is_told_with_those_there_are(sources: Sources) -> None:
    """All at once; one that several have, with which."""
    found, problems = lines_named(sources, AU, ["lifelime", "000", "zzz", "Emergency"])
    assert [each.id for each in found] == ["emergency"]
    assert problems[0].fix == ("Did you mean “lifeline” (Lifeline (13 11 14, 0477 13 11 14))?")
    assert "interpreter (TIS National (131 450))" in problems[1].fix
    _, (several,) = lines_named(sources, Place("gb"), ["crisis"])
    assert several.code == "ambiguous-line"
    assert "samaritans (Samaritans (116 123))" in several.fix


def test_the_same_person_confirms_once_a_day(sources: Sources) -> None:
    """On another day it is another confirmation, and so is that of another person."""
    line = contact(sources)
    first = new_confirmation(line, "Lan Pham", DAY)
    assert list(confirming_problems([first], line, new_confirmation(line, "Ann Lee", DAY), TODAY)) == []
    later = new_confirmation(line, "Lan Pham", DAY + timedelta(days=1))
    assert list(confirming_problems([first], line, later, TODAY)) == []
    (again,) = confirming_problems([first], line, new_confirmation(line, "lan  pham", DAY), TODAY)
    assert again.code == "already-confirmed"
    assert "Lifeline (13 11 14, 0477 13 11 14)" in again.what


def test_a_name_and_a_day_are_checked_before_they_are_written(sources: Sources) -> None:
    """As a signature of a text is."""
    line = contact(sources)
    wrong = new_confirmation(line, "…", TODAY + timedelta(days=9))
    codes = {problem.code for problem in confirming_problems([], line, wrong, TODAY)}
    assert codes == {"invalid-name", "date-in-future"}


def test_two_people_at_once_both_count(root: Path) -> None:
    """Each reads anew what the other has written; the record of one number holds both."""
    sources = loaded(root).sources
    line, other = contact(sources), contact(sources, "emergency")

    def sign(by: str) -> None:
        for each in (line, other):
            add_confirmation(sources, each, new_confirmation(each, by, DAY), TODAY)

    people = [Thread(target=sign, args=(by,)) for by in ("Lan Pham", "Ann Lee")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    approval = loaded(root)
    for each in (line, other):
        assert {given.by for given in approval.confirmed(each)} == {"Lan Pham", "Ann Lee"}
    assert [each.id for each in approval.unconfirmed(AU)] == ["interpreter"]
    text = (root / f"{CONFIRMED_FOLDER}/au.toml").read_text(encoding="utf-8")
    assert len(tomllib.loads(text)["confirmed"]) == 4


def test_a_file_that_is_not_sound_is_not_written(root: Path) -> None:
    """It stays as it is, and what is wrong in it is told."""
    sources = loaded(root).sources
    line, file = contact(sources), root / f"{CONFIRMED_FOLDER}/au.toml"
    file.parent.mkdir()
    file.write_text("[[confirmed]\n", encoding="utf-8")
    with pytest.raises(SourceError, match="not valid TOML"):
        add_confirmation(sources, line, new_confirmation(line, "Lan Pham", DAY), TODAY)
    assert file.read_text(encoding="utf-8") == "[[confirmed]\n"
    assert not (file.parent / "signed").exists()
