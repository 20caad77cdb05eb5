"""The gate: every rendition of a manifest is read back, and held against what it should say and look like."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from handouts.library.manifest import ManifestEntry
from handouts.model import Page
from handouts.problems import Problem
from handouts.sources.look import Look
from handouts.verify.access import check_fields, check_links, check_names, check_order, check_standards
from handouts.verify.layout import check_breaks, check_edges, check_lines, check_pixels, check_sizes
from handouts.verify.mails import check_clients, check_draft, check_letters
from handouts.verify.text import check_help, check_margins, check_numbers, check_sources, check_words
from handouts.verify.verdict import AGAIN, Reading, Verdict, read_rendition

GATE_CHECKS: tuple[Callable[[Verdict, Reading], None], ...] = (
    check_words,
    check_margins,
    check_standards,
    check_order,
    check_numbers,
    check_sources,
    check_help,
    check_sizes,
    check_lines,
    check_edges,
    check_breaks,
    check_links,
    check_fields,
    check_names,
    check_pixels,
)


def examine(path: Path, entry: ManifestEntry, page: Page, look: Look) -> Verdict:
    """Return the verdict on one file of a manifest; what no reader can open is a problem like any other."""
    verdict, form = Verdict(entry.rendition.file), entry.rendition.format
    try:
        check_bytes(verdict, path, entry)
        if form == "eml" and not verdict.problems:
            check_draft(verdict, path, page, look)
        elif form != "pdf" and not verdict.problems:
            check_letters(verdict, path, page, look)
            if form == "email":
                check_clients(verdict, path.read_text(encoding="utf-8"))
        elif not verdict.problems:
            reading = read_rendition(path, page, look)
            verdict.facts["pages"] = str(len(reading.outline.areas))
            verdict.facts["kB"] = f"{path.stat().st_size / 1000:.0f}"
            for check in GATE_CHECKS:
                check(verdict, reading)
    except Exception as error:  # noqa: BLE001 - a file that cannot be read must not stop the others
        what = f"it cannot be read: {type(error).__name__}: {error}."
        verdict.problems.append(Problem("file-not-readable", verdict.file, what, AGAIN))
    return verdict


def check_bytes(verdict: Verdict, path: Path, entry: ManifestEntry) -> None:
    """Check that the file is there, and is the one that was made."""
    if not path.is_file():
        verdict.problems.append(
            Problem("file-missing", verdict.file, "the file is missing.", "Build it again.")
        )
    elif hashlib.sha256(path.read_bytes()).hexdigest() != entry.sha256:
        what = "the file is not the one that was made: its checksum differs."
        verdict.problems.append(
            Problem("file-changed", verdict.file, what, "Build it again, and find out who changed it.")
        )
