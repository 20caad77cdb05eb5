"""Whom to write to: a table as clinics have it; every row is a person, or a problem with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

from handouts.mail.addresses import ADDRESS_FIX, DISPLAY_NAME_FIX, address_fault, addresses_in, name_fault
from handouts.model import LAYOUTS, SOURCE_LANGUAGE, Layout
from handouts.problems import Problem, did_you_mean
from handouts.sending.lists import LONGEST_COMPARED, Row, locale_of, read_list
from handouts.sources.heads import MAIL
from handouts.sources.load import Sources


@dataclass(frozen=True)
class Person:
    """One row that can be sent to.

    `line` is that of the row in its file, from 1. `address` and `name` are as typed, `name` may be
    empty; neither is in the repr, which may get into a log. `locale` is one of the project and
    `asked` the tag that was typed (`es-MX`). `handouts` are slugs, each once and at least one.
    """

    line: int
    address: str = field(repr=False)
    locale: str
    asked: str
    name: str = field(repr=False)
    handouts: tuple[str, ...]
    layout: Layout


def read_people(path: Path, sources: Sources) -> tuple[list[Person], list[Problem]]:
    """Return the people of a CSV file in the order of its rows, and a problem with its line for every other row.

    What the file may be is told at `read_list`. A row without handouts gets all of them. Problems never name what is in a
    cell, but for two addresses in one. Raises nothing.
    """
    seen: dict[tuple[str, str, str], int] = {}
    return read_list(path, sources.heads, MAIL, lambda row: _person(row, sources, seen))


def _person(row: Row, sources: Sources, seen: dict[tuple[str, str, str], int]) -> Person | None:
    """Return the person of a row, or None after adding everything that is wrong with it."""
    before = len(row.problems)
    address, name = _address(row), _name(row)
    locale = locale_of(row, sources)
    handouts = _handouts(row, sources)
    layout = _layout(row, locale)
    _check_repeats(row, address, handouts, locale, seen)
    if len(row.problems) > before:
        return None
    return Person(row.line, address, locale, row.cell("locale"), name, handouts, layout)


def _address(row: Row) -> str:
    """Return the address, nothing after a problem. Two in one cell are named: somebody has to part them."""
    text = row.cell("address")
    fault = address_fault(text)
    several = addresses_in(text)
    if fault and len(several) > 1:
        what = f"one cell holds {len(several)} addresses: {' and '.join(several)}."
        row.add_problem("several-addresses", what, "Write a row for each person, with one address.")
    elif fault:
        row.add_problem("invalid-address", f"the row's address {fault}.", ADDRESS_FIX)
    return "" if fault else text


def _name(row: Row) -> str:
    """Return the name, which may be empty."""
    fault = name_fault(row.cell("name"))
    if fault:
        row.add_problem("invalid-name", f"the row's name {fault}.", DISPLAY_NAME_FIX)
    return row.cell("name")


def _handouts(row: Row, sources: Sources) -> tuple[str, ...]:
    """Return the slugs of a row, all of them where it names none; unknown ones are problems."""
    known = sources.content.drafts
    slugs = [slug for slug in re.split(r"[\s|,;]+", row.cell("handouts")) if slug]
    for slug in dict.fromkeys(slugs):
        if slug not in known:
            near = partial(did_you_mean, slug[:LONGEST_COMPARED], known)
            row.add_problem("unknown-handout", "a handout of this row does not exist.", near)
    return tuple(dict.fromkeys(slug for slug in slugs or known if slug in known))


def _layout(row: Row, locale: str) -> Layout:
    """Return the layout, `standard` where none is given."""
    layout = row.cell("layout").lower() or LAYOUTS[0]
    if layout not in LAYOUTS:
        near = partial(did_you_mean, layout[:LONGEST_COMPARED], LAYOUTS)
        row.add_problem("unknown-layout", "the layout of this row does not exist.", near)
    if layout == "bilingual" and locale == SOURCE_LANGUAGE:
        what = "the row's layout is bilingual, and there is no translation to print beside the English."
        row.add_problem("layout-not-made", what, "Write standard or large-print as the layout.")
    return cast("Layout", layout)


def _check_repeats(
    row: Row, address: str, handouts: Iterable[str], locale: str, seen: dict[tuple[str, str, str], int]
) -> None:
    """Add a problem for every handout that an earlier row sends to the same address in the same language.

    In whatever case the address is typed. A family has one address and reads two languages: that is two e-mails.
    """
    for slug in handouts if address else ():
        line = seen.setdefault((address.lower(), slug, locale), row.line)
        if line != row.line:
            what = f"the row's address gets the handout “{slug}” in this language by line {line} already."
            fix = "Keep one of the two rows, or name other handouts in one of them."
            row.add_problem("duplicate-handout", what, fix)
