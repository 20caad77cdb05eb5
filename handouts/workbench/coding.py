"""A clinician says for which code OpenEMR offers a handout: what forbids it, the row, and the record of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from handouts.problems import Problem, did_you_mean, in_command
from handouts.sources.codes import (
    CODES_FILE,
    CODES_FOLDER,
    CODES_HEAD,
    Code,
    code_faults,
    code_rows,
    load_codes,
    told_code,
)
from handouts.sources.load import Sources
from handouts.sources.signed_text import digest_of
from handouts.workbench.signing import keep, single_spaced

WHERE = "review code"


def new_code(handout: str, codetype: str, code: str, by: str, role: str, on: date) -> Code:
    """Return the row of a code as it is signed now."""
    digest = digest_of(code_rows(handout, codetype, code))
    return Code(handout, codetype, code, single_spaced(by), single_spaced(role), on, digest)


def coding_problems(sources: Sources, new: Code, today: date) -> Iterator[Problem]:
    """Yield everything that forbids a new row: it is not sound, of no handout, or of a code that has a handout."""
    for fault in code_faults(told_code(new), today):
        yield Problem(fault.code, WHERE, fault.what, fault.fix)
    if new.handout not in sources.content.drafts:
        fix = did_you_mean(new.handout, sources.content.drafts)
        yield in_command("unknown-handout", WHERE, f"there is no handout “{new.handout}”.", fix)
    for earlier in sources.codes.rows:
        if earlier.file("") == new.file(""):
            what = f"{new.codetype} {new.code} has the handout {earlier.handout} already, signed by {earlier.by}."
            yield Problem("duplicate-code", WHERE, what, f"Take that row out of {CODES_FILE} first.")


def add_code(sources: Sources, new: Code, today: date) -> list[str]:
    """Add a row to the table, and keep what it is of; return the files written. Raises SourceError and OSError."""
    rows = code_rows(new.handout, new.codetype, new.code)

    def refused() -> list[Problem]:
        _, problems = load_codes(sources.root, sources.content.drafts, today)
        return [*problems, *coding_problems(sources, new, today)]

    return keep(sources.root, CODES_FOLDER, CODES_FILE, CODES_HEAD, told_code(new), rows, refused)
