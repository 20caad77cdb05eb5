"""Every value of a handout is a row with a name that a person understands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from handouts.model import Block, Handout, HelpLine, Locale, Region
from handouts.sources.catalogs import Catalog
from handouts.sources.load import Sources
from handouts.sources.signed_text import Row
from handouts.sources.signed_values import LEFT_OUT, value_rows

Made = Callable[..., Catalog]


@pytest.fixture(scope="module")
def rows(handout: Handout, sources: Sources) -> dict[str, str]:
    """Return what the rows of the first handout in English say, by their names."""
    found = value_rows(handout, None, sources.source)
    return {name: values[-1] for kind, name, *values in found if kind == "value"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region-au.lifeline.call", "13 11 14"),
        ("region-au.lifeline.text", "0477 13 11 14"),
        ("region-au.emergency.kind", "emergency"),
        ("region-au.lines", "lifeline, emergency, interpreter"),
        ("region-au.isipt.url", "https://interpersonalpsychotherapy.org"),
        ("about-ipt.edition", "2026-11"),
        ("about-ipt.review_by", "2027-11"),
        ("about-ipt.where.insert", "access"),
        ("about-ipt.area-death.icon", "area-death"),
        ("interface.crisis.safety", "True"),
        ("reference-cuijpers2016.item.DOI", "10.1176/appi.ajp.2015.15091141"),
        ("reference-cuijpers2016.item.author.1.family", "Cuijpers"),
        ("locale.direction", "ltr"),
    ],
)
def test_a_value_has_a_name_that_is_understood(rows: dict[str, str], name: str, value: str) -> None:
    """As it stands in the file that a person would look into."""
    assert rows[name] == value


def test_a_long_value_is_known_by_its_digest(rows: dict[str, str]) -> None:
    """A drawing would fill the record."""
    assert rows["picture-mood.drawing"].startswith("sha256 ")


def test_every_message_is_a_row_with_english_and_translation(
    handout: Handout, catalog_of: Made, sources: Sources
) -> None:
    """In their order, also those that are empty."""
    found = value_rows(handout, catalog_of(handout), sources.locales["es"])
    messages = [row[1:] for row in found if row[0] == "message"]
    assert [row[0] for row in messages] == [block.id for block in handout.blocks()]
    assert ("about-ipt.title", handout.title.text, f"x {handout.title.text}") in messages


def test_what_a_handout_will_say_one_day_is_covered_too(handout: Handout, sources: Sources) -> None:
    """A field that is new is a row without anyone thinking of it."""

    @dataclass(frozen=True)
    class Line(HelpLine):
        fax: str = ""

    region = handout.region
    faxed = Line(**vars(region.lines[0]), fax="13 11 16")
    changed = replace(handout, region=replace(region, lines=(faxed, *region.lines[1:])))
    assert ("value", "region-au.lifeline.fax", "13 11 16") in value_rows(changed, None, sources.source)


def test_what_is_left_out_has_a_reason_and_is_there() -> None:
    """A field that is gone needs no excuse."""
    for kind, names in LEFT_OUT.items():
        assert set(names) <= {field.name for field in fields(kind)}
        assert all(names.values())


def test_a_note_to_translators_unsigns_nothing(handout: Handout, sources: Sources) -> None:
    """Nor do the names of translators, which are asked when it is decided whether a signature counts."""
    before = value_rows(handout, None, sources.source)
    noted = handout.map_text(lambda block: replace(block, note="new"))
    other = replace(sources.source, translators=("T",))
    assert value_rows(noted, None, other) == before


def _changed(value: Any) -> Any:
    """Return another value of the same kind."""
    return (not value) if isinstance(value, bool) else f"{value}1"


@pytest.mark.parametrize("kind", [Region, HelpLine, Block, Locale, Handout])
def test_every_field_of_a_noun_is_covered_or_left_out_by_name(
    kind: type, handout: Handout, sources: Sources
) -> None:
    """Changing any one of them changes the rows."""
    made: dict[type, Any] = {
        Region: handout.region,
        HelpLine: handout.region.lines[0],
        Block: handout.lead,
        Locale: sources.source,
        Handout: handout,
    }
    plain = [f.name for f in fields(kind) if isinstance(getattr(made[kind], f.name), str | bool)]
    seen = [name for name in plain if name not in LEFT_OUT.get(kind, {})]
    assert len(seen) >= 2

    def rows_with(other: Any) -> tuple[Row, ...]:
        if kind is Locale:
            return value_rows(handout, None, other)
        parts: dict[type, Handout] = {}
        if kind is Region:
            parts[kind] = replace(handout, region=other)
        elif kind is HelpLine:
            lines = (other, *handout.region.lines[1:])
            parts[kind] = replace(handout, region=replace(handout.region, lines=lines))
        elif kind is Block:
            parts[kind] = replace(handout, lead=other)
        return value_rows(parts.get(kind, other), None, sources.source)

    before = rows_with(made[kind])
    for name in seen:
        assert rows_with(replace(made[kind], **{name: _changed(getattr(made[kind], name))})) != before, name
