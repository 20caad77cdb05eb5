"""A person signs a text: what forbids it, the signature in reviews.toml, and the record of what was signed.

Whatever is signed is kept by `keep`: `workbench/confirming.py` does so for numbers.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from handouts.checks.catalogs import check_catalog
from handouts.files import is_there, locked_in, read_text, write_whole
from handouts.model import SOURCE_LANGUAGE
from handouts.page.approval import Approval
from handouts.problems import Problem, SourceError, counted, did_you_mean, in_command, in_file, refuse
from handouts.sources.catalogs import catalog_file
from handouts.sources.load import Sources
from handouts.sources.person_names import is_same_person
from handouts.sources.reviews import (
    Signature,
    load_record,
    load_signatures,
    locale_folder,
    reviews_file,
    row_faults,
    signature_row,
)
from handouts.sources.signed_text import Record, Row, plain_row, record_file

SIGNING_LOCK = "reviews"  # two people may sign at once


def new_signature(
    approval: Approval,
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
    named = (*translators, *approval.sources.locales[tag].translators)
    return Signature(
        handout=handout,
        region=region,
        kind=kind,
        reviewer=single_spaced(reviewer),
        role=single_spaced(role),
        translators=tuple(dict.fromkeys(single_spaced(name) for name in named if name.strip())),
        date=date,
        text=approval.digest(handout, region, tag),
    )


def single_spaced(text: str) -> str:
    """Return a name as it is kept: without spaces around it, and with single ones in it."""
    return " ".join(text.split())


def inexact_tag_problems(sources: Sources, tag: str) -> list[Problem]:
    """Return a problem unless there is a locale of exactly this tag: a signature never falls back on a near one."""
    if tag in sources.locales:
        return []
    what, fix = f"there is no locale “{tag}”.", did_you_mean(tag, sources.locales)
    return [in_command("unknown-locale", "locale", what, fix)]


def signing_problems(sources: Sources, tag: str, signature: Signature, today: date) -> list[Problem]:
    """Return everything that forbids a signature in a locale on that day."""
    is_translation = tag != SOURCE_LANGUAGE
    faults = row_faults(_row(signature), today, is_translation=is_translation)
    return [
        *(Problem(fault.code, "review sign", fault.what, fault.fix) for fault in faults),
        *_own_text_problems(signature),
        *_early_problems(sources, signature),
        *(_text_problems(sources, tag, signature) if is_translation else ()),
        *_repeated_problems(sources.signatures.get(tag, ()), tag, signature),
    ]


def _own_text_problems(signature: Signature) -> Iterator[Problem]:
    """Yield a problem where the reviewer is one of the translators."""
    same = next((name for name in signature.translators if is_same_person(name, signature.reviewer)), "")
    if same:
        named = "" if same == signature.reviewer else f" (“{same}”)"
        what = f"“{signature.reviewer}” translated this text{named}."
        fix = "Have someone check it who did not translate it."
        yield Problem("reviewer-is-translator", "--reviewer", what, fix)


def _early_problems(sources: Sources, signature: Signature) -> Iterator[Problem]:
    """Yield a problem where the review is said to be older than the edition."""
    edition = sources.content.drafts[signature.handout].edition
    if f"{signature.date:%Y-%m}" < edition:
        what = f"{signature.date} lies before the edition of this handout, {edition}."
        yield Problem("date-before-edition", "--date", what, "Give the day on which this edition was read.")


def _repeated_problems(given: Iterable[Signature], tag: str, signature: Signature) -> Iterator[Problem]:
    """Yield a problem where the same person has given the same signature before."""

    def signed(by: Signature) -> tuple[str, ...]:
        return by.handout, by.region, by.kind, by.text

    for earlier in given:
        if signed(earlier) == signed(signature) and is_same_person(earlier.reviewer, signature.reviewer):
            what = f"“{earlier.reviewer}” signed this very text on {earlier.date}."
            fix = "One signature is enough; the next one is for another person, or of another kind."
            yield in_file("already-signed", reviews_file(tag), what, fix)


def _text_problems(sources: Sources, tag: str, signature: Signature) -> Iterator[Problem]:
    """Yield what is wrong with a translation: messages that are not translated, errors in the catalog."""
    translation = sources.translation(signature.handout, signature.region, tag)
    for ids, lack in ((translation.missing, "not translated"), (translation.fuzzy, "marked fuzzy")):
        if ids:
            what = f"of {signature.handout}, {counted(len(ids), 'message')} {lack}, the first is “{ids[0]}”."
            fix = "Have them translated first: a review is of a whole text."
            yield in_file("not-fully-translated", catalog_file(tag), what, fix)
    yield from (p for p in check_catalog(sources, tag) if p.severity == "error")


def add_signature(approval: Approval, tag: str, signature: Signature, today: date) -> list[str]:
    """Add a signature to the locale's reviews.toml, and keep what it is of; return the files written.

    Both are read anew while no one else can write them. Raises SourceError where another has given the same signature
    meanwhile, or reviews.toml would no longer be sound with it, and OSError.
    """
    root = approval.sources.root

    def refused() -> list[Problem]:
        given, problems = load_signatures(root, [tag], today)
        return [*problems, *_repeated_problems(given[tag], tag, signature)]

    rows = approval.rows(signature.handout, signature.region, tag)
    return keep(root, locale_folder(tag), reviews_file(tag), "review", _row(signature), rows, refused)


def keep(
    root: Path,
    folder: str,
    file: str,
    head: str,
    row: Mapping[str, Any],
    rows: tuple[Row, ...],
    refused: Callable[[], Iterable[Problem]],
    *,
    project: Path | None = None,
) -> list[str]:
    """Add a signed row to a TOML file under `[[head]]`, and keep what it is of in a record beside it; return the files written.

    Both lie below `root`, and the lock in the project, which is another folder where one is named. `row["text"]` is the digest of `rows`. What `refused` says is asked while no one else can write. Raises SourceError
    where it names an error, or the file would no longer be sound, and OSError.
    """
    with locked_in(project or root, SIGNING_LOCK):
        refuse(refused())
        path = root / file
        before, unread = read_text(path, root) if is_there(path) else ("", [])
        refuse(unread)
        after = _checked(f"{(before or '').rstrip()}\n\n".lstrip() + toml_row(head, row), file, head)
        # The record goes first: a signature without it does not count.
        kept = record_file(folder, row["text"])
        record = load_record(root, folder, row["text"]) or Record(rows)
        signed = replace(record, signatures=(*record.signatures, plain_row(row)))
        write_whole(root / kept, signed.text().encode())
        write_whole(path, after.encode())
    return [file, kept]


def _checked(text: str, file: str, head: str) -> str:
    """Return the text of a file of signatures. Raises SourceError where it is not TOML."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what = f"the signature cannot be added: {error}."
        fix = f"Begin each signature in this file with [[{head}]], and write nothing else into it."
        raise SourceError([in_file("invalid-toml", file, what, fix)]) from error
    return text


def toml_row(head: str, row: Mapping[str, Any]) -> str:
    """Return a signed row as it stands in its file."""
    return "\n".join([f"[[{head}]]", *(f"{key} = {_toml_value(each)}" for key, each in row.items())]) + "\n"


def _row(signature: Signature) -> dict[str, Any]:
    """Return a signature by its keys, as TOML knows them."""
    return signature_row(signature) | {"date": signature.date}


def _toml_value(value: str | list[str] | date) -> str:
    """Return a value as TOML writes it: strings and lists as JSON does, dates bare."""
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
