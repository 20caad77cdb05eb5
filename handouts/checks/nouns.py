"""The nouns of the checks: what a message is held against, a check, and what words and marks are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from handouts.model import Block, Locale
from handouts.problems import Fault
from handouts.sources.glossary import Glossary

PLACEHOLDERS = re.compile(r"\{[a-z_]+\}|\[@[\w-]+\]|\]\([^)]*\)")


@dataclass(frozen=True)
class Setting:
    """What a message is checked against, beside its English: its locale, the terms, and the usual length.

    `usual` is the median of translated to English length in the catalog, 0 where it has too few messages;
    `common` are its words that stand alone time and again.
    """

    locale: Locale
    glossary: Glossary = ()
    usual: float = 0.0
    common: frozenset[str] = frozenset()


# What is wrong with a translation of a block, found in its text and its setting.
Check = Callable[[Block, str, Setting], Iterator[Fault]]


def warning(code: str, what: str, fix: str) -> Fault:
    """Return what may be right: a person must decide."""
    return Fault(code, what, fix, "warning")
