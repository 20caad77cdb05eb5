"""The kinds of value as JSON Schema: each accepts what its reader takes, and refuses what that does not."""

from __future__ import annotations

import re

import pytest
from jsonschema import Draft202012Validator

from handouts.sources.shapes import (
    Either,
    Flag,
    Keys,
    Lines,
    Named,
    Number,
    OneOf,
    Several,
    Shape,
    Text,
    json_schema,
)

WORD = Text("A word.", re.compile("[a-z]+"))


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (Text(), "words", ""),
        (Text(), 131450, ["words"]),
        (Text(longest=3), "abc", "abcd"),
        (WORD, "abc", "abc1"),
        (WORD, "abc", 13),
        (OneOf(("", "a4", "letter")), "a4", ""),
        (Flag(), True, "yes"),
        (Number(most=12), 12, 13),
        (Number(), 1, 0),
        (Lines(), "one", {}),
        (Lines(), ["one", "two"], [[]]),
        (Several(WORD), [], ["A"]),
        (Several(WORD, least=1), ["a"], []),
        (Named(WORD), {"Any key": "a"}, {"Any key": "A"}),
        (Keys({"a": WORD}, {"b": Flag()}), {"a": "x", "b": False}, {"b": False}),
        (Keys({"a": WORD}), {"a": "x"}, {"a": "x", "c": "x"}),
        (Keys({}, {"a": WORD, "b": WORD}, either=("a", "b")), {"b": "x"}, {}),
        (Either((WORD, Flag())), True, 1.5),
    ],
)
def test_a_kind_of_value_is_told_from_others(shape: Shape, good: object, bad: object) -> None:
    """Nothing but what is meant."""
    schema = Draft202012Validator(json_schema(shape))
    assert schema.is_valid(good)
    assert not schema.is_valid(bad)


def test_what_there_is_to_say_about_a_key_is_shown_beside_it() -> None:
    """Editors print it."""
    assert json_schema(Keys({"a": WORD}))["properties"]["a"]["description"] == "A word."


def test_keys_are_given_to_their_reader_in_order() -> None:
    """Those that are needed, and those that are not."""
    shape = Keys({"a": WORD}, {"b": WORD})
    assert shape.names == (("a",), ("b",))
    assert list(shape.every) == ["a", "b"]
