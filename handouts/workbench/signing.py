"""A person signs a text: what forbids it, the signature in reviews.toml, and the record of what was signed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from datetime import date
from typing import Any

from handouts.checks.catalogs import check_catalog
from handouts.files import is_there, read_text, write_whole
from handouts.model import SOURCE_LANGUAGE
from handouts.problems import Problem, SourceError, counted, did_you_mean, in_file, refuse
from handouts.sources.catalogs import catalog_file
from handouts.sources.load import Sources
from handouts.sources.reviews import KEYS, Signature, name_key, reviews_file, row_faults
from handouts.sources.signed_text import signed_text, signed_text_file, text_digest


def new_signature(
    sources: Sources,
    tag: str,
    *,
    handout: str,
    region: str,
    kind: str,
    reviewer: str,
    role: str,
    translators: Iterable[str],
    date: date,
) -> Signature:
    """Return a signature of the text as it is now; the translators that the locale names are added to those given."""
    named = (*translators, *sources.locales[tag].translators)
    return Signature(
        handout=handout,
        region=region,
        kind=kind,
        reviewer=_single_spaced(reviewer),
        role=_single_spaced(role),
        translators=tuple(dict.fromkeys(_single_spaced(name) for name in named if name.strip())),
        date=date,
        text=text_digest(sources.content.handout(handout, region), sources.catalogs.get(tag)),
    )


def _single_spaced(text: str) -> str:
    """Return a name as it is kept: without spaces around it, and with single ones in it."""
    return " ".join(text.split())


def inexact_tag_problems(sources: Sources, tag: str) -> list[Problem]:
    """Return a problem unless there is a locale of exactly this tag: a signature never falls back on a near one."""
    if tag in sources.locales:
        return []
    what, fix = f"there is no locale “{tag}”.", did_you_mean(tag, sources.locales)
    return [Problem("unknown-locale", "locale", what, fix)]


def signing_problems(sources: Sources, tag: str, signature: Signature, today: date) -> list[Problem]:
    """Return everything that forbids a signature in a locale on that day."""
    faults = row_faults(_row(signature), today)
    return [
        *(Problem(fault.code, "review sign", fault.what, fault.fix) for fault in faults),
        *_own_text_problems(signature),
        *_text_problems(sources, tag, signature),
        *_repeated_problems(sources, tag, signature),
    ]


def _own_text_problems(signature: Signature) -> list[Problem]:
    """Return a problem where the reviewer is one of the translators."""
    if name_key(signature.reviewer) not in map(name_key, signature.translators):
        return []
    what = f"“{signature.reviewer}” translated this text."
    fix = "Have someone check it who did not translate it."
    return [Problem("reviewer-is-translator", "--reviewer", what, fix)]


def _repeated_problems(sources: Sources, tag: str, signature: Signature) -> list[Problem]:
    """Return a problem where the same person has given the same signature before."""

    def signed(by: Signature) -> tuple[str, ...]:
        return by.handout, by.region, by.kind, by.text, name_key(by.reviewer)

    file, fix = reviews_file(tag), "There is nothing left to sign."
    return [
        in_file("already-signed", file, f"“{earlier.reviewer}” signed this very text on {earlier.date}.", fix)
        for earlier in sources.signatures.get(tag, ())
        if signed(earlier) == signed(signature)
    ]


def _text_problems(sources: Sources, tag: str, signature: Signature) -> list[Problem]:
    """Return what is wrong with a translation: untranslated messages, no translator named, errors in the catalog."""
    if tag == SOURCE_LANGUAGE:
        return []
    problems = []
    translation = sources.translation(signature.handout, signature.region, tag)
    for ids, lack in ((translation.missing, "not translated"), (translation.fuzzy, "marked fuzzy")):
        if ids:
            what = f"of {signature.handout}, {counted(len(ids), 'message')} {lack}, the first is “{ids[0]}”."
            fix = "Have them translated first: a review is of a whole text."
            problems.append(in_file("not-fully-translated", catalog_file(tag), what, fix))
    if not signature.translators:
        what = "no one is named as the translator."
        fix = "Name who translated it, or say so in locale.toml."
        problems.append(Problem("missing-translator", "--translator", what, fix))
    return [*problems, *(p for p in check_catalog(sources, tag) if p.severity == "error")]


def add_signature(sources: Sources, tag: str, signature: Signature) -> Iterable[str]:
    """Add a signature to the locale's reviews.toml, and keep the text it is of; return the files written.

    Raises SourceError where reviews.toml would no longer be TOML with it, and OSError.
    """
    handout = sources.content.handout(signature.handout, signature.region)
    kept, reviews = signed_text_file(tag, signature.text), reviews_file(tag)
    path = sources.root / reviews
    before, problems = read_text(path, sources.root) if is_there(path) else ("", [])
    refuse(problems)
    after = f"{(before or '').rstrip()}\n\n".lstrip() + _review_toml(signature)
    try:
        tomllib.loads(after)
    except tomllib.TOMLDecodeError as error:
        what = f"the signature cannot be added: {error}."
        fix = "Begin each signature in this file with [[review]], and write nothing else into it."
        raise SourceError([in_file("invalid-toml", reviews, what, fix)]) from error
    # The record goes first: a signature whose text is not kept cannot say later what has changed.
    write_whole(sources.root / kept, signed_text(handout, sources.catalogs.get(tag)).encode())
    write_whole(path, after.encode())
    return [reviews, kept]


def _review_toml(signature: Signature) -> str:
    """Return a signature as it stands in reviews.toml."""
    values = _row(signature)
    return "\n".join(["[[review]]", *(f"{key} = {_toml_value(values[key])}" for key in KEYS)]) + "\n"


def _row(signature: Signature) -> dict[str, Any]:
    """Return a signature by its keys, as TOML knows them."""
    return vars(signature) | {"translators": list(signature.translators)}


def _toml_value(value: str | list[str] | date) -> str:
    """Return a value as TOML writes it: strings and lists as JSON does, dates bare."""
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
