"""`locales/glossary.yaml`: terms that must not wander, and how each locale begins its words for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handouts.files import is_there
from handouts.problems import Problem
from handouts.sources.nodes import Node
from handouts.sources.written import TERM
from handouts.sources.yaml import read_yaml

GLOSSARY_FILE = "locales/glossary.yaml"


@dataclass(frozen=True)
class Term:
    """A term of the English: its words, a note on what is meant, and the stems of its words by locale.

    One of a claim (`is_claim`) is asked for nowhere: it may not stand where a block says so. One that tells of an illness
    (`is_telling`) may not stand in what a list of mail shows.
    """

    name: str
    words: re.Pattern[str]
    note: str
    stems: Mapping[str, tuple[str, ...]]
    is_claim: bool = False
    is_telling: bool = False


Glossary = tuple[Term, ...]


def load_glossary(root: Path) -> tuple[Glossary, list[Problem]]:
    """Return the terms of the glossary, none where there is no such file, and what is wrong in it."""
    if not is_there(root / GLOSSARY_FILE):
        return (), []
    document = read_yaml(root / GLOSSARY_FILE, root)
    terms = tuple(_term(name, node) for name, node in document.entries())
    return terms, document.problems


def _term(name: str, node: Node) -> Term:
    """Return one term. Its English words are its name, or those of `english`, each as the beginning of a word.

    A word that begins with one of `except` is another: “clinical” is no clinic.
    """
    parts = node.fields(*TERM.names)
    words = parts["english"].texts() or (name,)
    others = "".join(rf"(?!{re.escape(word)})" for word in parts["except"].texts())
    return Term(
        name,
        re.compile(rf"\b{others}(?:{'|'.join(map(re.escape, words))})", re.IGNORECASE),
        parts["note"].text(),
        {tag: tuple(stem.text() for stem in stems.items()) for tag, stems in parts["stems"].entries()},
        not parts["claim"].is_missing and parts["claim"].flag(),
        not parts["telling"].is_missing and parts["telling"].flag(),
    )


def missing_terms(glossary: Glossary, tag: str, source: str, text: str) -> list[Term]:
    """Return the terms that stand in the English, and of which no stem stands in the translation."""
    wanted = [
        term for term in glossary if not term.is_claim and tag in term.stems and term.words.search(source)
    ]
    if not wanted:
        return []
    folded = fold(text)
    return [term for term in wanted if not any(fold(stem) in folded for stem in term.stems[tag])]


def claims(glossary: Glossary, tag: str, never: Iterable[str], text: str) -> list[str]:
    """Return the stems of claims that stand in a translation of a block that may `never` say them in English."""
    words = tuple(never)
    if not words:
        return []
    folded = fold(text)
    terms = (term for term in glossary if term.is_claim and any(map(term.words.search, words)))
    return [stem for term in terms for stem in term.stems.get(tag, ()) if fold(stem) in folded]


def telling(glossary: Glossary, text: str, tag: str = "") -> list[str]:
    """Return the words of a text that tell of an illness: in English, and by the stems of a locale, or of all."""
    folded = fold(text)
    terms = [term for term in glossary if term.is_telling]
    found = [match[0] for term in terms if (match := term.words.search(text))]
    stems = (s for term in terms for at, each in term.stems.items() if tag in {"", at} for s in each)
    return list(dict.fromkeys([*found, *(stem for stem in stems if fold(stem) in folded)]))


@cache
def fold(text: str) -> str:
    """Return a text as it is looked through: in one case, without accents, vowel marks and joiners."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in apart if unicodedata.category(c) not in {"Mn", "Cf"})
