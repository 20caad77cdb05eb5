"""`locales/heads.toml`: what people call the columns of a list, in the languages of their spreadsheets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from handouts.files import is_there
from handouts.problems import Fault, Problem
from handouts.sources.nodes import Node
from handouts.sources.toml import read_toml

HEADS_FILE = "locales/heads.toml"


class Columns(NamedTuple):
    """The columns of a kind of list: those it may have, those it must have, and others that are no mistake and not read.

    `shown` is a first line as an example.
    """

    known: tuple[str, ...]
    needed: tuple[str, ...]
    shown: tuple[str, ...]
    passed_over: tuple[str, ...] = ()


MAIL = Columns(
    ("address", "locale", "name", "handouts", "layout"), ("address", "locale"), ("address", "locale", "name")
)
PERSONAL = Columns(
    ("name", "locale", "appointment", "clinician", "note"),
    ("name", "locale"),
    ("name", "locale", "appointment"),
    ("address", "handouts", "layout"),
)
COLUMNS = tuple(dict.fromkeys((*MAIL.known, *PERSONAL.known)))
TAKEN = Fault("head-of-two-columns", "this word names another column already.", "Keep it in one of them.")


class Heads(NamedTuple):
    """The columns by what they are called, as `plain` writes it."""

    columns: Mapping[str, str]

    def column(self, cell: str) -> str:
        """Return the column that a head names, or the head in lower case where it names none."""
        return self.columns.get(plain(cell), cell.strip().lower())


def plain(word: str) -> str:
    """Return the letters and digits of a head alone: “E-Mail Address” is “emailaddress”."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(c for c in folded if c.isalnum() or unicodedata.category(c).startswith("M"))


OWN_NAMES = Heads({plain(column): column for column in COLUMNS})


def load_heads(root: Path) -> tuple[Heads, list[Problem]]:
    """Return what the columns are called, and what is wrong in the file; without one they have their own names alone."""
    own = dict(OWN_NAMES.columns)
    if not is_there(root / HEADS_FILE):
        return OWN_NAMES, []
    document = read_toml(root / HEADS_FILE, root)
    tables = {} if document.is_missing else document.fields((), COLUMNS)
    for column, table in tables.items():
        for node in _words(table):
            if own.setdefault(plain(node.text()), column) != column:
                node.fault(TAKEN)
    return Heads(own), document.problems


def _words(table: Node) -> Iterator[Node]:
    """Yield the words of a table, whatever language they are of."""
    for _, words in () if table.is_missing else table.entries():
        yield from words.items()
