"""What there is to confirm: every number and link of a place, each by the names a person may call it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.model import Place
from handouts.sources.contacts import all_contacts, contacts_named, contacts_of
from handouts.sources.load import Sources


def test_a_clinic_has_its_own_numbers_and_those_of_its_region(sources: Sources) -> None:
    """Its own come first; links are no numbers; what cannot be read has none."""
    found = contacts_of(sources.content, Place("au", "example"))
    assert [(each.place, each.id) for each in found] == [
        ("example", "02 5550 0100"),
        ("au", "lifeline"),
        ("au", "emergency"),
        ("au", "interpreter"),
        ("au", "isipt-link"),
        ("au", "better-access-link"),
    ]
    assert [each.is_number for each in found] == [True] * 4 + [False] * 2
    assert str(found[1]) == "Lifeline (13 11 14, 0477 13 11 14)"
    assert contacts_of(sources.content, Place("zz", "none")) == ()


def test_every_number_of_every_region_and_clinic_is_one_to_confirm(sources: Sources) -> None:
    """No number is printed that nobody can confirm, and no two are one."""
    known = [each for of in all_contacts(sources.content).values() for each in of]
    shown = {(each.place, number) for each in known for number in each.shown}
    for code, region in sources.content.regions.items():
        numbers = [number for line in region.lines for number in (line.call, line.text) if number]
        assert len(numbers) >= 2
        assert {(code, number) for number in numbers} <= shown
        assert {(code, link.url) for link in region.links} <= shown
    assert len({each.digest for each in known}) == len(known)


@pytest.mark.parametrize("part", ["call", "text", "kind", "id", "name", "about", "how"])
def test_whatever_is_said_of_a_line_is_what_was_confirmed(sources: Sources, part: str) -> None:
    """A changed digit, name or hour is another line; where it was read is not."""
    content = sources.content
    region = content.regions["us"]
    line = region.lines[0]
    old = getattr(line, part)
    new = f"{old}1" if isinstance(old, str) else replace(old, text=f"{old.text} 1")

    def digest(**changed: object) -> str:
        lines = (replace(line, **changed), *region.lines[1:])  # type: ignore[arg-type] # any field
        regions = {"us": replace(region, lines=lines)}
        return contacts_of(replace(content, regions=regions), Place("us"))[0].digest

    assert digest() != digest(**{part: new})
    assert digest() == digest(source="https://example.org", read="2020-01", dated="2019-01")


@pytest.mark.parametrize(
    ("place", "name", "ids"),
    [
        (Place("au"), "lifeline", ["lifeline"]),
        (Place("au"), "LIFELINE", ["lifeline"]),
        (Place("au"), "TIS National", ["interpreter"]),
        (Place("au"), "13 11 14", ["lifeline"]),
        (Place("au"), "0477131114", ["lifeline"]),
        (Place("au"), "interpreter", ["interpreter"]),
        (Place("nz"), "1737", ["need-to-talk"]),
        (Place("nz"), "need-to-talk-link", ["need-to-talk-link"]),
        (Place("us"), "988 Lifeline, with chat", ["lifeline-link"]),
        (Place("gb"), "crisis", ["samaritans", "shout", "nhs111"]),
        (Place("au", "example"), "phone", ["02 5550 0100"]),
        (Place("au", "example"), "(02) 5550-0100", ["02 5550 0100"]),
        (Place("au"), "lifelime", []),
        (Place("au"), "", []),
        (Place("au"), "…", []),
    ],
)
def test_a_line_is_found_by_what_a_person_calls_it(
    sources: Sources, place: Place, name: str, ids: list[str]
) -> None:
    """By id, name, kind, or number in any spacing; a number goes before a link of the same name."""
    assert [each.id for each in contacts_named(name, contacts_of(sources.content, place))] == ids
