"""Texts and numbers that people have signed, for tests: in a folder of the project, or in memory."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from handouts.model import Place
from handouts.page.approval import Approval
from handouts.sources.load import load_sources
from handouts.sources.look import load_look
from handouts.sources.reviews import Signature, signature_row
from handouts.sources.signed_text import Record
from handouts.workbench import confirming, signing

DAY, TODAY = date(2026, 11, 20), date(2026, 11, 26)
TWO = (("language", "Ana R"), ("clinical", "Lan Pham"))


LEFT_OUT = ("ca", "gb", "us")  # regions: fewer are read faster


def few_of(sources: Path, root: Path, tags: Iterable[str] = ("ar", "en", "es")) -> Path:
    """Copy a few locales and regions of a project to `root`; return it."""
    for name in ("content", "templates"):
        shutil.copytree(sources / name, root / name)
    for tag in tags:
        shutil.copytree(sources / "locales" / tag, root / "locales" / tag)
    shutil.copy(sources / "locales/glossary.yaml", root / "locales")
    for code in LEFT_OUT:
        (root / f"content/regions/{code}.yaml").unlink()
    return root


def loaded(root: Path) -> Approval:
    """Return the project at `root` as it is now; nothing keeps it from being read."""
    sources, problems = load_sources(root, TODAY)
    look, faults = load_look(root, {})
    errors = [problem for problem in (*problems, *faults) if problem.severity == "error"]
    assert not errors, errors
    return Approval(sources, look)


def signature(approval: Approval, tag: str = "es", kind: str = "language", **changed: Any) -> Signature:
    """Return a signature of the first handout as it is now, but for what is changed in it."""
    fields: dict[str, Any] = {
        "handout": "about-ipt",
        "region": "au",
        "reviewer": dict(TWO).get(kind, "R. Reader"),
        "role": "reviewer",
        "translators": ("machine draft",) if tag != "en" else (),
        "date": DAY,
    }
    return signing.new_signature(approval, tag, kind=kind, **(fields | changed))


def approve(root: Path, tag: str = "es", *, english: bool = True, **changed: Any) -> Approval:
    """Have two people sign a handout of the project at `root`, and its English first; return the project as it is then."""
    for each in dict.fromkeys(("en", tag) if english else (tag,)):
        approval = loaded(root)
        for kind, reviewer in TWO:
            signed = signature(approval, each, kind, reviewer=reviewer, **changed)
            signing.add_signature(approval, each, signed, TODAY)
    return loaded(root)


def confirm(root: Path, region: str = "au", clinic: str = "", by: str = "Lan Pham") -> Approval:
    """Have a person confirm every number of a place of the project at `root`; return the project as it is then."""
    approval = loaded(root)
    for contact in approval.unconfirmed(Place(region, clinic)):
        new = confirming.new_confirmation(contact, by, DAY)
        confirming.add_confirmation(approval.sources, contact, new, TODAY)
    return loaded(root)


def with_signatures(approval: Approval, tag: str, *signatures: Signature) -> Approval:
    """Return the same with these signatures in a locale, and no others, all of them in their records.

    A signature whose text is not the one of now is of a record without rows.
    """
    rows: dict[str, Record] = {}
    for each in signatures:
        now = approval.digest(each.handout, each.region, tag) == each.text
        covered = approval.rows(each.handout, each.region, tag) if now else ()
        before = rows.get(each.text, Record(covered))
        rows[each.text] = replace(before, signatures=(*before.signatures, signature_row(each)))
    return with_records(approval, tag, signatures, rows)


def with_records(
    approval: Approval, tag: str, signatures: tuple[Signature, ...], records: Mapping[str, Record]
) -> Approval:
    """Return the same with these signatures and records in a locale."""
    sources = approval.sources
    return Approval(
        replace(
            sources,
            signatures={**sources.signatures, tag: signatures},
            records={**sources.records, tag: records},
        ),
        approval.look,
    )
