"""The nouns of the checks: a fault of a translation, what a message is held against, and what its words are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from handouts.model import Block, Locale
from handouts.problems import Severity
from handouts.sources.glossary import Glossary

WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
MARKS = re.compile(r"\{[a-z_]+\}|\[@[\w-]+\]|\]\([^)]*\)")


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


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a translation. `kind` names the check."""

    kind: str
    what: str
    fix: str
    severity: Severity = "warning"


Check = Callable[[Block, str, Setting], Iterator[Fault]]
