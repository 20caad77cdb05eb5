"""Every value of a handout in a locale as a row with a name: what a signature covers beside the page itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from handouts.model import Block, Handout, HelpLine, Link, Locale, Picture, Reference, Region
from handouts.sources.catalogs import Catalog
from handouts.sources.signed_text import Row, kept_value

# Fields that no reader can see, each with the reason; every other one is covered, also one that is new.
LEFT_OUT: Mapping[type, Mapping[str, str]] = {
    Block: {
        "id": "its name",
        "text": "a row of its own, with its translation",
        "lang": "follows from the translation",
        "english": "follows from the state",
        "note": "said to translators alone",
        "limit": "a check: what is too long is not printed at all",
        "basis": "not printed; a changed citation is",
        "never": "a check: what it forbids is not printed at all",
    },
    HelpLine: {
        "source": "a page is read again, and what it says is what was signed",
        "read": "confirmations have days and signatures of their own",
        "dated": "the same",
    },
    Link: {"read": "the same"},
    Locale: {
        "also": "only finds the language",
        "translators": "asked when it is decided whether a signature counts",
        "fonts": "a letter stays what it is",
        "size": "within limits in which everything can be read",
        "leading": "the same",
        "closest": "the same",
        "script": "only says which fonts a new locale begins with",
    },
}
TYPE_NAMES: Mapping[type, str] = {
    Handout: "{0.slug}",
    Region: "region-{0.code}",
    Picture: "picture-{0.name}",
    Reference: "reference-{0.id}",
    Block: "{0.id}",
}


def value_rows(handout: Handout, catalog: Catalog | None, locale: Locale) -> tuple[Row, ...]:
    """Return the rows of the locale, of every message and of every other value, in order."""
    messages = catalog.messages if catalog else {}
    return (
        *_field_rows("locale", locale),
        *(
            ("message", block.id, block.text, messages[block.id].text if block.id in messages else "")
            for block in handout.blocks()
        ),
        *_rows("", handout),
    )


def said_rows(name: str, noun: HelpLine | Link) -> tuple[Row, ...]:
    """Return the rows of a help line or a link by itself: its values, and all that is said of it in English."""
    inner = (getattr(noun, field.name) for field in fields(noun))
    said = (("message", block.id, block.text) for block in inner if isinstance(block, Block))
    return (*_field_rows(name, noun), *said)


def _rows(name: str, value: Any) -> Iterator[Row]:
    """Yield the rows of a value of any kind; what has an id is known by it, wherever it stands."""
    if _is_noun(value):
        yield from _field_rows(_name(name, value), value)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            # Messages have their ids; what else is in a mapping is known by its key.
            yield from _rows(name if _is_noun(each) else f"{name}.{key}", each)
    elif isinstance(value, tuple | list):
        if all(map(_is_noun, value)):
            yield "value", name, ", ".join(_name(name, each).rpartition(".")[2] for each in value)
            for each in value:
                yield from _rows(name.rpartition(".")[0], each)
        else:
            for number, each in enumerate(value, start=1):
                yield from _rows(f"{name}.{number}", each)
    elif value is not None:
        yield "value", name, kept_value(str(value))


def _field_rows(name: str, value: Any) -> Iterator[Row]:
    """Yield the rows of the fields of a dataclass; one that is as it is by default says nothing."""
    for field in fields(value):
        inner = getattr(value, field.name)
        if field.name not in LEFT_OUT.get(type(value), {}) and not _is_default(field, inner):
            yield from _rows(f"{name}.{field.name}", inner)


def _is_noun(value: Any) -> bool:
    """Whether a value has fields and an id of its own; what has none, such as a drawing, is one value."""
    return (
        is_dataclass(value)
        and not isinstance(value, type)
        and (type(value) in TYPE_NAMES or hasattr(value, "id"))
    )


def _is_default(field: Field[Any], value: Any) -> bool:
    """Whether a field has its default value."""
    default = field.default if field.default_factory is MISSING else field.default_factory()
    return default is not MISSING and bool(value == default)


def _name(around: str, value: Any) -> str:
    """Return the name of what has an id, within what is around it where the id is its own there alone."""
    pattern = TYPE_NAMES.get(type(value), "")
    return pattern.format(value) if pattern else f"{around}.{value.id}"
