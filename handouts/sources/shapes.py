"""The kinds of value that a YAML file may hold, as data: readers take their keys from them, and JSON Schemas are made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

DRAFT = "https://json-schema.org/draft/2020-12/schema"
# What stands without quotes in YAML may be a number to an editor; to our reader all of it is text.
WRITTEN_TEXT = ["string", "number"]


@dataclass(frozen=True)
class Text:
    """A text on one line; of a shape where there is a `pattern`, of at most `longest` characters where that is not 0."""

    about: str = ""
    pattern: re.Pattern[str] | None = None
    longest: int = 0


@dataclass(frozen=True)
class OneOf:
    """One of some words."""

    options: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True)
class Flag:
    """True or false."""

    about: str = ""


@dataclass(frozen=True)
class Number:
    """A whole number from 1, to `most` where that is not 0."""

    about: str = ""
    most: int = 0


@dataclass(frozen=True)
class Lines:
    """One text or several: as a list, or as the lines of one text."""

    about: str = ""


@dataclass(frozen=True)
class Several:
    """A list of values of one kind, of at least so many."""

    of: Shape
    about: str = ""
    least: int = 0


@dataclass(frozen=True)
class Named:
    """Values of one kind, each under a key of the writer's own choice."""

    of: Shape
    about: str = ""


@dataclass(frozen=True)
class Keys:
    """Keys that are known, each with its kind of value; those in `required` must be there, and one of `either` where it names some."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)
    about: str = ""
    either: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The keys that must be there, and those that may."""
        return tuple(self.required), tuple(self.optional)

    @property
    def every(self) -> Mapping[str, Shape]:
        """All keys with their kinds of value, in order."""
        return {**self.required, **self.optional}


@dataclass(frozen=True)
class Either:
    """A value of one of some kinds."""

    of: tuple[Shape, ...]
    about: str = ""


Shape: TypeAlias = Text | OneOf | Flag | Number | Lines | Several | Named | Keys | Either


def json_schema(shape: Shape) -> dict[str, Any]:
    """Return the JSON Schema of a kind of value, with what there is to say about it as its description."""
    said = {"description": shape.about} if shape.about else {}
    return {**said, **_schema(shape)}


def _schema(shape: Shape) -> dict[str, Any]:
    """Return what a JSON Schema asks of a value."""
    asked: dict[str, Any]
    match shape:
        case Text():
            asked = _text_schema(shape)
        case OneOf():
            asked = {"enum": [option for option in shape.options if option]}
        case Flag():
            asked = {"type": "boolean"}
        case Number():
            asked = {"type": "integer", "minimum": 1, **({"maximum": shape.most} if shape.most else {})}
        case Lines():
            one = {"type": WRITTEN_TEXT, "minLength": 1}
            asked = {"anyOf": [one, {"type": "array", "items": one}]}
        case Several():
            least = {"minItems": shape.least} if shape.least else {}
            asked = {"type": "array", "items": json_schema(shape.of), **least}
        case Named():
            asked = {"type": "object", "additionalProperties": json_schema(shape.of)}
        case Keys():
            asked = _keys_schema(shape)
        case Either():
            asked = {"anyOf": [json_schema(each) for each in shape.of]}
    return asked


def _text_schema(shape: Text) -> dict[str, Any]:
    """Return what is asked of a text. Where it has a shape a number is refused: it would be read as another text."""
    if shape.pattern:
        return {"type": "string", "pattern": f"^(?:{shape.pattern.pattern})$"}
    return {
        "type": WRITTEN_TEXT,
        "minLength": 1,
        **({"maxLength": shape.longest} if shape.longest else {}),
    }


def _keys_schema(shape: Keys) -> dict[str, Any]:
    """Return what is asked of keys: all that are needed, and none that is not known."""
    return {
        "type": "object",
        "required": list(shape.required),
        "additionalProperties": False,
        **({"anyOf": [{"required": [key]} for key in shape.either]} if shape.either else {}),
        "properties": {key: json_schema(each) for key, each in shape.every.items()},
    }
