"""The table of what people may write: whole, and with a word for whoever fills it in."""

from __future__ import annotations

from dataclasses import fields

from handouts.model import Clinic
from handouts.sources.shapes import Keys
from handouts.sources.written import CLINIC, WRITTEN

# Where a key of a profile is called otherwise than the field that it fills; what is found out, and no one writes.
RENAMED = {"phone": "phones"}
FOUND_OUT = {"slug", "file", "home", "logo_file"}


def test_a_profile_has_a_key_for_every_field_of_a_clinic() -> None:
    """And none that leads nowhere."""
    known = {RENAMED.get(key, key) for key in CLINIC.every}
    assert known == {each.name for each in fields(Clinic)} - FOUND_OUT


def test_every_key_of_a_profile_says_what_it_is_for() -> None:
    """An editor and a new profile show it."""
    assert [key for key, shape in CLINIC.every.items() if not shape.about.endswith(".")] == []


def test_every_kind_of_file_says_where_it_lies() -> None:
    """Each has keys, of its own or of the writer's choice."""
    assert all(pattern.endswith(".yaml") for pattern, _ in WRITTEN.values())
    assert {type(shape) for _, shape in WRITTEN.values() if isinstance(shape, Keys)} == {Keys}
