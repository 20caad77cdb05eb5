"""A person signs a text: what must be so before, the row in reviews.toml, and the record of what was signed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from handouts.checks.catalogs import check_catalog
from handouts.files import write_whole
from handouts.model import SOURCE_LANGUAGE
from handouts.problems import Problem, SourceError, counted, did_you_mean
from handouts.sources.load import Sources
from handouts.sources.reviews import KEYS, Signature, name_key, reviews_file, row_faults
from handouts.sources.signed_text import signed_text, signed_text_file, text_digest


@dataclass(frozen=True)
class Request:
    """Who wants to sign what: a review of a handout for a region in a locale."""

    locale: str
    handout: str
    region: str
    kind: str
    reviewer: str
    role: str
    translators: tuple[str, ...]
    date: date


def signature_of(sources: Sources, request: Request) -> Signature:
    """Return the signature of the text as it is now, with the translators that the locale names."""
    catalog = sources.catalogs.get(request.locale)
    handout = sources.content.handout(request.handout, request.region)
    named = (*request.translators, *sources.locales[request.locale].translators)
    return Signature(
        handout=request.handout,
        region=request.region,
        kind=request.kind,
        reviewer=" ".join(request.reviewer.split()),
        role=" ".join(request.role.split()),
        translators=tuple(dict.fromkeys(" ".join(name.split()) for name in named if name.strip())),
        date=request.date,
        text=text_digest(handout, catalog),
    )


def tag_problems(sources: Sources, tag: str) -> list[Problem]:
    """Return a problem unless the locale is named exactly: no one signs a text by way of another's name."""
    if tag in sources.locales:
        return []
    return [Problem("no-locale", "locale", f"“{tag}” is no locale here.", did_you_mean(tag, sources.locales))]


def signing_problems(sources: Sources, request: Request, today: date) -> list[Problem]:
    """Return everything that forbids the signature on that day."""
    signature = signature_of(sources, request)
    faults = row_faults(vars(signature) | {"translators": list(signature.translators)}, today)
    problems = [Problem(fault.code, "review sign", fault.what, fault.fix) for fault in faults]
    if name_key(signature.reviewer) in map(name_key, signature.translators):
        what = f"“{signature.reviewer}” translated this text."
        problems.append(
            Problem("translated-text", "--reviewer", what, "Have someone check it who did not write it.")
        )
    problems += _text_problems(sources, request)
    for earlier in sources.signatures.get(request.locale, ()):
        same = (earlier.handout, earlier.region, earlier.kind, earlier.text) == (
            signature.handout, signature.region, signature.kind, signature.text,
        )  # fmt: skip
        if same and name_key(earlier.reviewer) == name_key(signature.reviewer):
            what = f"“{earlier.reviewer}” has signed this very text on {earlier.date}."
            problems.append(
                Problem(
                    "signed-very-text",
                    f"locales/{request.locale}/reviews.toml",
                    what,
                    "Nothing is left to sign.",
                )
            )
    return problems


def _text_problems(sources: Sources, request: Request) -> list[Problem]:
    """Return what is wrong with the text: untranslated parts, no translator named, errors in the catalog."""
    if request.locale == SOURCE_LANGUAGE:
        return []
    file, problems = f"locales/{request.locale}/handouts.po", []
    got = sources.translation(request.handout, request.region, request.locale)
    for ids, word in ((got.missing, "not translated"), (got.fuzzy, "marked fuzzy")):
        if ids:
            what = f"of {request.handout}, {counted(len(ids), 'message')} {word}, the first is “{ids[0]}”."
            problems.append(
                Problem("first", file, what, "Have them translated first: a review is of a whole text.")
            )
    if not signature_of(sources, request).translators:
        what = "no one is named as the translator."
        problems.append(
            Problem(
                "no-one-named-translator",
                "--translator",
                what,
                "Name who translated it, or say so in locale.toml.",
            )
        )
    errors = [p for p in check_catalog(sources, request.locale) if p.severity == "error"]
    return [*problems, *errors]


def sign(sources: Sources, signature: Signature, tag: str) -> Iterable[str]:
    """Add a signature to the locale's reviews.toml, and keep the text it is of; return the files written.

    The record goes first: a signature whose text is not kept cannot say later what has changed.
    """
    handout = sources.content.handout(signature.handout, signature.region)
    kept, reviews = signed_text_file(tag, signature.text), reviews_file(tag)
    path = sources.root / reviews
    before = path.read_text(encoding="utf-8").rstrip() + "\n\n" if path.exists() else ""
    after = before + _row(signature)
    try:
        tomllib.loads(after)
    except tomllib.TOMLDecodeError as error:
        fix = "Begin each signature in it with [[review]], and nothing else."
        raise SourceError(
            [Problem("no-row-can-added", reviews, f"no row can be added to it: {error}.", fix)]
        ) from error
    write_whole(sources.root / kept, signed_text(handout, sources.catalogs.get(tag)).encode())
    write_whole(path, after.encode())
    return [reviews, kept]


def _row(signature: Signature) -> str:
    """Return a signature as reviews.toml has it; strings and lists of JSON are TOML's own."""
    values = vars(signature) | {"translators": list(signature.translators)}
    shown = {
        k: v.isoformat() if isinstance(v, date) else json.dumps(v, ensure_ascii=False)
        for k, v in values.items()
    }
    return "\n".join(["[[review]]", *(f"{key} = {shown[key]}" for key in KEYS)]) + "\n"
